"""Communities: the people of each cell by ethnic group, from regional shares and homelands.

Within a region, a table of cells by groups is fitted to both of its margins, people by cell and
people by group, by iterative proportional fitting (Deming and Stephan 1940). It starts from

people of the cell * (scatter + sum over the group's homelands of weight * nearness)

with nearness exp(-(d / radius)^2), d being the distance to the centre of a homeland or to the river
it lies along. A group without a homeland in a region is spread evenly over its people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.region.ground import Ground
from experiments.region.packages import Row
from experiments.region.people import whole
from scenarios.region import great_circle_km
from sim.parameters import Parameters, quantity

ROUNDS = 200
"""Rounds of fitting; margins then agree to far less than a person where they can."""

_JUDGED = "judgement: no settlement data by cell were found"


@dataclass(frozen=True)
class Settlement(Parameters):
    """How closely groups keep to their homelands, and which communities are too small to keep."""

    scatter: float = quantity(0.05, unit="weight outside homelands", low=0.0, high=1.0, source=_JUDGED)
    least_share: float = quantity(0.08, unit="of the cell's people", low=0.0, high=0.2, source=_JUDGED)
    least_people: float = quantity(300.0, unit="people", low=0.0, high=5000.0, source=_JUDGED)
    large_people: float = quantity(8000.0, unit="people", low=1000.0, high=100000.0, source=_JUDGED)
    growth: float = quantity(1.5, unit="times", low=1.0, high=5.0, source=_JUDGED)


def shares_by_region(rows: list[Row], groups: dict[str, str]) -> dict[str, dict[str, float]]:
    """Shares of the model's groups by region id, each region scaled to sum 1 (sources are rounded)."""
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        shares = found.setdefault(f"{row['iso3']}/{row['region']}", {})
        group = groups[row["people_named"]]
        shares[group] = shares.get(group, 0.0) + float(row["share"])
    return {
        region: {group: share / sum(shares.values()) for group, share in shares.items()}
        for region, shares in found.items()
    }


def affinity(ground: Ground, group: str, region: str, homelands: list[Row], scatter: float) -> NDArray[np.float64]:
    """Relative density of a group's members among the people of each cell of a region, (cell,)."""
    here = ground.region == region
    own = [row for row in homelands if row["group"] == group and _covers(row, region)]
    if not own:
        return np.ones(int(here.sum()))
    near = sum(float(row["weight"]) * _nearness(ground, row)[here] for row in own)
    return np.asarray(scatter + near, dtype=np.float64)


def _covers(row: Row, region: str) -> bool:
    iso3, _, name = region.partition("/")
    return iso3 in row["iso3"].split(";") and name in row["region"].split(";")


def _nearness(ground: Ground, row: Row) -> NDArray[np.float64]:
    if row["shape"] == "river":
        km = ground.river_km
    else:
        km = great_circle_km(float(row["lat"]), float(row["lon"]), ground.lat, ground.lon)
    return np.exp(-((km / float(row["radius_km"])) ** 2))


def fitted(seed: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """`seed` scaled by rows and columns until both margins hold; rows hold exactly.

    Cells that are zero stay zero. A column left without support is shared out among the others.
    """
    table = seed.astype(np.float64)
    for _ in range(ROUNDS):
        table *= _ratio(columns, table.sum(axis=0))
        table *= _ratio(rows, table.sum(axis=1))[:, None]
    return table


def _ratio(wanted: NDArray[np.float64], got: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(wanted, got, out=np.zeros_like(got), where=got > 0)


def settled(
    seed: NDArray[np.float64], people: NDArray[np.int64], groups: NDArray[np.float64], settlement: Settlement
) -> NDArray[np.int64]:
    """People by cell and group in one region; every cell adds up to its people, to the person.

    Kept are communities of `least_share` of their cell and `least_people` people, those of
    `large_people` people, and the largest of each cell. The people of the others go to what is kept:
    first to communities of the same group, which may grow by the factor `growth`, then to those of
    the same cell. So no group is crowded into the few cells where it is kept.

    Args:
        seed: (cell, group), starting weights.
        people: (cell,).
        groups: (group,), people of each group in the region.
        settlement: the parameters.
    """
    table = fitted(seed, people.astype(np.float64), groups)
    table *= kept(table, settlement)
    table *= np.minimum(_ratio(groups, table.sum(axis=0)), settlement.growth)
    return np.array([whole(row, int(total)) for row, total in zip(table, people, strict=True)])


def kept(table: NDArray[np.float64], settlement: Settlement) -> NDArray[np.bool_]:
    """Which communities are large enough to keep, (cell, group). No cell loses all."""
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    large = (share >= settlement.least_share) & (table >= settlement.least_people)
    large |= table >= settlement.large_people
    large |= table == table.max(axis=1, keepdims=True)
    return np.asarray(large, dtype=np.bool_)


def communities(
    ground: Ground,
    people: NDArray[np.int64],
    shares: dict[str, dict[str, float]],
    homelands: list[Row],
    settlement: Settlement,
) -> list[tuple[int, str, int]]:
    """Rows (gid, group, people), sorted by gid and then by group."""
    found = []
    for region in dict.fromkeys(ground.region.tolist()):
        names, here = list(shares[region]), np.flatnonzero(ground.region == region)
        weights = [affinity(ground, name, region, homelands, settlement.scatter) for name in names]
        seed = np.stack(weights, axis=1) * people[here, None]
        totals = np.array([shares[region][name] for name in names]) * float(people[here].sum())
        table = settled(seed, people[here], totals, settlement)
        found += [(int(ground.gid[here[i]]), names[j], int(table[i, j])) for i, j in np.argwhere(table > 0)]
    return sorted(found)
