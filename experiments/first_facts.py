"""First facts: the short list in ``conf/evidence/first_facts.yaml``, and what the records of a run say to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from experiments.event_sizes import tail_exponent
from experiments.layout import AXES
from experiments.outcomes import Outcome
from experiments.settings import CONF, nearest
from experiments.store import Store
from scenarios.build import EventRow, Setup
from sim.outcomes import MEASURES, STOCK
from sim.state import EventKind, Field

FACTS = CONF / "evidence" / "first_facts.yaml"
DAYS = {"month": 30.44, "quarter": 91.31}
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes:
        id: short name.
        text: what is measured.
        source: key or name of the publication.
        observed: number or words.
        band: where the median over replicates has to lie; None where the source gives no measure of it.
        measure: how it comes from the records; empty if it does not.
        missing: why it is not covered.
    """

    id: str
    text: str
    source: str
    observed: Any
    band: tuple[float, float] | None = None
    measure: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""

    def met(self, median: float) -> bool | None:
        """Whether the median lies in the band; None where one of them is missing."""
        if self.band is None or np.isnan(median):
            return None
        return bool(self.band[0] <= median <= self.band[1])


@dataclass(frozen=True)
class Records:
    """What facts are computed from.

    Attributes:
        setup: the run's world and names.
        store: block files of the run.
        replicates: how many are read.
        sample: all events of some replicates, each a list of rows.
    """

    setup: Setup
    store: Store
    replicates: int
    sample: Sequence[Sequence[EventRow]]

    def weekly(self, array: str, where: Mapping[str, Sequence[str]]) -> Values:
        """A recorded array of the first history, summed where names match, (replicate, week).

        Raises:
            ValueError: an unknown array, axis or name; one line.
        """
        if array not in AXES:
            raise ValueError(f"unknown array '{array}', expected one of: {', '.join(AXES)}{nearest(array, AXES)}")
        chosen = Outcome(array, array, "", array, where={axis: tuple(names) for axis, names in where.items()})
        if not set(where) <= set(AXES[array]) or not chosen.exists(self.store.coordinates):
            raise ValueError(f"the run has no {array} with {dict(where)}, axes are {', '.join(AXES[array])}")
        return np.concatenate(
            [
                self.store.load(array, 0, piece, self.replicates, lambda v: chosen.series(v, self.store.coordinates))
                for piece in self.store.coordinates.pieces(array)
            ],
            axis=1,
        )

    def span(self, begin: date, end: date) -> NDArray[np.bool_]:
        """Weeks whose Monday lies between two days, both included, (week)."""
        return np.array([begin <= monday <= end for monday in self.store.coordinates.week])

    def covers(self, end: date) -> bool:
        """Whether the run goes on until the week of a day."""
        return (end - self.store.coordinates.week[-1]).days < 7


def read_facts(path: Path = FACTS) -> list[Fact]:
    """All facts of the list."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Fact(**row | {"band": tuple(row["band"]) if row["band"] else None}) for row in rows]


def value(fact: Fact, records: Records) -> Values:
    """The fact's number in each replicate that says something about it; empty where the records do not reach."""
    how = fact.measure
    if "start" in how:
        return np.array([_stock(records.setup, how)])
    if "tail" in how:
        sizes = np.concatenate([deaths(replicate) for replicate in records.sample])
        return np.array([tail_exponent(sizes, int(how["tail"]))[0]])
    if not how or not records.covers(how["to"]):
        return np.empty(0)
    series = _counted(records, how["events"]) if "events" in how else records.weekly(how["array"], how["where"])
    found = _rate(series, records, how, how.get("per"))
    if "ratio" in how:
        found = _ratio(series, records, how)
    found = found * float(how.get("scale", 1.0))
    return np.asarray(found[~np.isnan(found)])


def middle(values: Values) -> tuple[float, float, float]:
    """5 %, median and 95 % of values that may be infinite; nan without values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95], method="inverted_cdf")
    return float(low), float(median), float(high)


def deaths(rows: Sequence[EventRow]) -> NDArray[np.int64]:
    """Deaths of each event."""
    return np.array([row.values[[Field.DEATHS_A, Field.DEATHS_B, Field.CIVILIANS]].sum() for row in rows], np.int64)


def _rate(series: Values, records: Records, span: Mapping[str, date], per: str | None) -> Values:
    """Total of a span of weeks, or its mean a month or a quarter, (replicate)."""
    inside = records.span(span["from"], span["to"])
    total = np.asarray(series[:, inside].sum(axis=1))
    return total if per is None else total * (DAYS[per] / (7 * max(1, int(inside.sum()))))


def _ratio(series: Values, records: Records, how: Mapping[str, Any]) -> Values:
    """The rate of a span of weeks over that of an earlier one, (replicate).

    A half is added to both counts, so that no replicate is without a ratio where it has no earlier event, and a
    ratio of few events is drawn toward 1 (Haldane 1956; Anscombe 1956). Nothing is added to what there is at a
    moment; a replicate with nothing earlier then says nothing.
    """
    counts = "events" in how or MEASURES[how["array"]].kind != STOCK
    late, early = (_rate(series, records, span, None) + 0.5 * counts for span in (how, how["ratio"]))
    weeks = [int(records.span(span["from"], span["to"]).sum()) for span in (how, how["ratio"])]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (late / weeks[0]) / (early / weeks[1])
    return np.where(early > 0, found, np.nan)


def _counted(records: Records, wanted: Mapping[str, Any]) -> Values:
    """Events of the wanted kind by replicate of the sample and week."""
    weeks = {monday: w for w, monday in enumerate(records.store.coordinates.week)}
    counts = np.zeros((len(records.sample), len(weeks)))
    for r, rows in enumerate(records.sample):
        for row in rows:
            counts[r, weeks[row.monday]] += _fits(records.setup, row.values, wanted)
    return counts


def _fits(setup: Setup, values: NDArray[np.int32], wanted: Mapping[str, Any]) -> bool:
    """Whether one event is of the wanted kind."""
    names, world = setup.names, setup.world
    region = names.regions[world.cells.region[values[Field.CELL]]]
    sides = {"side_a": int(values[Field.SIDE_A]), "side_b": int(values[Field.SIDE_B])}
    coalition = {k: names.coalitions[world.organisations.coalition[o]] if o >= 0 else "" for k, o in sides.items()}
    return (
        all(coalition[k] in wanted[k] for k in sides if k in wanted)
        and any(fnmatchcase(region, pattern) for pattern in wanted.get("region", ("*",)))
        and values[Field.DEATHS_B] >= wanted.get("deaths_b", 0)
        and values[Field.OVERRUN] >= wanted.get("overrun", 0)
        and values[Field.VIOLENCE] == wanted.get("violence", values[Field.VIOLENCE])
        and values[Field.KIND] == EventKind[wanted.get("kind", EventKind(values[Field.KIND]).name)]
    )


def _stock(setup: Setup, how: Mapping[str, Any]) -> float:
    """Fighters of coalitions, or the share of regions in the people or land of others, at the start."""
    world, names = setup.world, setup.names
    if how["start"] == "fighters":
        coalition = [names.coalitions[q] for q in world.organisations.coalition[world.units.organisation]]
        return float(setup.start.units.fighters[0, [q in how["of"] for q in coalition]].sum())
    people = np.bincount(world.communities.cell, setup.start.communities.people[0], len(world.cells.gid))
    what = people if how["start"] == "people" else world.cells.area
    part, whole = (what[_in_regions(setup, how[key])].sum() for key in ("of", "within"))
    return float(part / whole)


def _in_regions(setup: Setup, patterns: Sequence[str]) -> NDArray[np.bool_]:
    fits = np.array([any(fnmatchcase(name, pattern) for pattern in patterns) for name in setup.names.regions])
    return np.asarray(fits[setup.world.cells.region])
