"""Measures: the number of a fact in each replicate that says something about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.event_sizes import tail_exponent
from experiments.facts.coincidence import coincidence
from experiments.facts.places import cells_of
from experiments.facts.records import Records, Values, deaths, in_regions
from sim.outcomes import MEASURES, STOCK

DAYS = {"month": 30.44, "quarter": 91.31}
MAJORITY = 0.5
"""Fraction above which most have changed sides."""

How = Mapping[str, Any]


def value(how: How, records: Records) -> Values:
    """The measure's number in each replicate that says something about it; empty where the records do not reach.

    A day that never comes is infinite, one that came before the run began is minus infinite.

    Raises:
        ValueError: the run lacks something that is measured; one line.
    """
    if "to" in how and not records.covers(_begin(how), how["to"]):
        return np.empty(0)
    found = _BY_KIND[next(iter(how))](how, records)
    return np.asarray(found[~np.isnan(found)])


def middle(values: Values) -> tuple[float, float, float]:
    """5 %, median and 95 % of values that may be infinite; nan without values."""
    if not len(values):
        return np.nan, np.nan, np.nan
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95], method="inverted_cdf")
    return float(low), float(median), float(high)


def _begin(how: How) -> Any:
    return min(span["from"] for span in (how, how.get("ratio"), how.get("minus")) if span)


def _array(how: How, records: Records) -> Values:
    series, inside = records.weekly(how["array"], how["where"]), records.span(how["from"], how["to"], how["array"])
    if how.get("over") == "mean":
        return np.asarray(series[:, inside].mean(axis=1))
    counts = MEASURES[how["array"]].kind != STOCK
    return _scaled(series, how, records, counts=counts)


def _events(how: How, records: Records) -> Values:
    return _scaled(records.counted(how["events"]), how, records, counts=True)


def _scaled(series: Values, how: How, records: Records, *, counts: bool) -> Values:
    """Total of a span of weeks, its mean a month or a quarter, or its rate over that of an earlier span."""
    if "ratio" in how:
        return _ratio(series, how, records, counts=counts)
    inside = records.span(how["from"], how["to"])
    total = np.asarray(series[:, inside].sum(axis=1)) * float(how.get("scale", 1.0))
    return total * (DAYS[how["per"]] / (7 * max(1, int(inside.sum())))) if "per" in how else total


def _ratio(series: Values, how: How, records: Records, *, counts: bool) -> Values:
    """The rate of a span of weeks over that of an earlier one, (replicate).

    A half is added to both counts, so that no replicate is without a ratio where it has no earlier event; a ratio
    of few events is so drawn toward 1 (Haldane 1956; Anscombe 1956). Nothing is added to what there is at a
    moment; a replicate with nothing earlier then says nothing.
    """
    spans = [records.span(span["from"], span["to"]) for span in (how, how["ratio"])]
    late, early = (series[:, inside].sum(axis=1) + 0.5 * counts for inside in spans)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (late / spans[0].sum()) / (early / spans[1].sum())
    return np.where(early > 0, found, np.nan)


def _fraction(how: How, records: Records) -> Values:
    """Mean of one array over mean of another in a span, less the same of an earlier span."""
    found = _mean_fraction(how, how, records)
    return found - _mean_fraction(how, how["minus"], records) if "minus" in how else found


def _mean_fraction(how: How, span: How, records: Records) -> Values:
    part, whole = how["fraction"], how["of"]
    inside = records.span(span["from"], span["to"], part["array"])
    above = records.weekly(part["array"], part.get("where") or {})[:, inside].sum(axis=1)
    below = records.weekly(whole["array"], whole.get("where") or {})[:, inside].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / np.where(below > 0, below, np.nan))


def _lost(how: How, records: Records) -> Values:
    """First day of counting on which nothing is left and none comes again; minus infinite if there never was any."""
    inside = records.span(how["from"], how["to"], how["lost"])
    held = records.weekly(how["lost"], how["where"])[:, inside] > 0
    days = _days(records, inside)
    last = held.shape[1] - 1 - held[:, ::-1].argmax(axis=1)
    return np.where(held.any(axis=1), np.append(days, np.inf)[last + 1], -np.inf)


def _gained(how: How, records: Records) -> Values:
    """First day of counting on which a fraction is above a half; infinite if it never is."""
    part, whole = how["gained"], how["of"]
    inside = records.span(how["from"], how["to"], part["array"])
    above = records.weekly(part["array"], part["where"])[:, inside]
    most = above > MAJORITY * records.weekly(whole["array"], whole["where"])[:, inside]
    return np.where(most.any(axis=1), _days(records, inside)[most.argmax(axis=1)], np.inf)


def _days(records: Records, inside: NDArray[np.bool_]) -> Values:
    """Ordinals of the days on which stocks are counted."""
    months = records.store.coordinates.month
    return np.array([day.toordinal() for day, within in zip(months, inside, strict=True) if within], np.float64)


def _tail(how: How, records: Records) -> Values:
    exponents = [tail_exponent(deaths(rows), int(how["tail"]))[0] for rows in records.sample]
    return np.array(exponents, np.float64)


def _share_at_start(how: How, records: Records) -> Values:
    """Share of some regions in the people or land of others at the start."""
    world, setup = records.setup.world, records.setup
    people = np.bincount(world.communities.cell, setup.start.communities.people[0], len(world.cells.gid))
    what = people if how["share_at_start"] == "people" else world.cells.area
    part, whole = (what[in_regions(setup, how[key])].sum() for key in ("of", "within"))
    return np.array([part / whole])


def _abroad_at_start(how: How, records: Records) -> Values:
    """People of some regions who live elsewhere on the first day: in another country, or in their own."""
    world, own = records.setup.world, records.setup.start.communities
    home, refuge = world.communities.cell, own.refuge[0]
    away = refuge >= 0
    abroad = world.cells.country[home] != world.cells.country[home[np.where(away, refuge, 0)]]
    chosen = away & (abroad == how["abroad_at_start"]) & in_regions(records.setup, how["of"])[home]
    return np.array([float(own.displaced[0, chosen].sum())])


def _zones(how: How, records: Records) -> Values:
    """Share of places and months in which an actor has one of some zones, less the same of an earlier span."""
    inside = records.span(how["from"], how["to"], "terrain")
    found = records.zones(how["zones"], how["actor"], cells_of(how, records.setup))
    later = found[:, inside].mean(axis=1)
    if "minus" not in how:
        return np.asarray(later)
    earlier = records.span(how["minus"]["from"], how["minus"]["to"], "terrain")
    return np.asarray(later - found[:, earlier].mean(axis=1))


_BY_KIND: dict[str, Callable[[How, Records], Values]] = {
    "array": _array,
    "events": _events,
    "fraction": _fraction,
    "lost": _lost,
    "gained": _gained,
    "coincidence": coincidence,
    "tail": _tail,
    "share_at_start": _share_at_start,
    "abroad_at_start": _abroad_at_start,
    "zones": _zones,
}
