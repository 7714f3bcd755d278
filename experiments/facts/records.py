"""Records: what a run keeps, read as facts need it, by replicate and step of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.layout import AXES
from experiments.outcomes import Outcome
from experiments.store import Store
from experiments.values import nearest
from scenarios.build import EventRow, Setup
from sim.state import EventKind, Field, Zone

Values = NDArray[np.float64]


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
        """A recorded array of the first history, summed where names match, (replicate, step of time).

        Raises:
            ValueError: an unknown array, axis or name; one line.
        """
        if array not in AXES:
            raise ValueError(f"unknown array '{array}', expected one of: {', '.join(AXES)}{nearest(array, AXES)}")
        chosen = Outcome(array, array, "", array, where={axis: tuple(names) for axis, names in where.items()})
        if not set(where) <= set(AXES[array]) or not chosen.exists(self.store.coordinates):
            raise ValueError(f"the run has no {array} with {dict(where)}, axes are {', '.join(AXES[array])}")
        names = self.store.coordinates
        return self._joined(array, lambda values: chosen.series(values, names))

    def zones(self, wanted: Sequence[str], of: Sequence[str], cells: NDArray[np.intp]) -> Values:
        """Share of cells in which any of some coalitions has one of some zones, (replicate, month)."""
        codes = [Zone[name.upper()] for name in wanted]
        coalitions = self.store.coordinates.positions("coalition", tuple(of))

        def share(values: Any) -> Any:
            return np.isin(values[:, :, cells][:, :, :, coalitions], codes).any(axis=3).mean(axis=2)

        return self._joined("terrain", share)

    def span(self, begin: date, end: date, array: str = "attacks") -> NDArray[np.bool_]:
        """Steps of time of an array whose Monday lies between two days, both included."""
        days = self.store.coordinates.names(AXES[array][0])
        return np.array([begin <= monday <= end for monday in days])

    def covers(self, begin: date, end: date) -> bool:
        """Whether the run holds all weeks between two days."""
        weeks = self.store.coordinates.week
        return (weeks[0] - begin).days < 7 and (end - weeks[-1]).days < 7

    def counted(self, wanted: Mapping[str, Any]) -> Values:
        """Events of the wanted kind by replicate of the sample and week."""
        weeks = {monday: w for w, monday in enumerate(self.store.coordinates.week)}
        counts = np.zeros((len(self.sample), len(weeks)))
        for r, rows in enumerate(self.sample):
            for row in rows:
                counts[r, weeks[row.monday]] += fits(self.setup, row.values, wanted)
        return counts

    def _joined(self, array: str, reduce: Any) -> Values:
        pieces = self.store.coordinates.pieces(array)
        return np.concatenate([self.store.load(array, 0, p, self.replicates, reduce) for p in pieces], axis=1)


def deaths(rows: Sequence[EventRow]) -> NDArray[np.int64]:
    """Deaths of each event."""
    return np.array([row.values[[Field.DEATHS_A, Field.DEATHS_B, Field.CIVILIANS]].sum() for row in rows], np.int64)


def fits(setup: Setup, values: NDArray[np.int32], wanted: Mapping[str, Any]) -> bool:
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


def in_regions(setup: Setup, patterns: Sequence[str]) -> NDArray[np.bool_]:
    """Cells of the regions that match, (cell)."""
    matching = [any(fnmatchcase(name, pattern) for pattern in patterns) for name in setup.names.regions]
    return np.asarray(np.array(matching)[setup.world.cells.region])
