"""Displaced: who had fled by the start, from which communities, and with whom they live.

The table ``displaced.csv`` has persons by region of origin and of refuge. They are counted where they live,
so no community grows or shrinks by it; what is set is where they are from. A community has one refuge, so
the communities of an origin are shared out among its rows: those nearest to a refuge send
people there, in proportion to their people and to how far armed groups govern them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.apportionment import apportion
from scenarios.region import Flight, Region, great_circle_km

SAFE = 0.02
"""Governance by armed groups that makes people flee where there is none (judgement: few do)."""

MOST = 0.8
"""Share of a host community that may be newcomers at the start (judgement)."""

type Values = NDArray[np.float64]


class Displaced(NamedTuple):
    """How many people of each community live elsewhere at the start, and with which community."""

    persons: NDArray[np.int64]
    refuge: NDArray[np.int32]


def displaced(region: Region, danger: Values) -> Displaced:
    """Spread the flights of the region over communities.

    Args:
        region: places, people, and flights by region.
        danger: how far armed groups govern each cell, (cell,), in [0, 1].

    Raises:
        ValueError: a flight has no communities left to flee from or to, in one line.
    """
    peoples = region.communities
    weight = peoples.people * (SAFE + danger[peoples.cell])
    found = Displaced(np.zeros(len(peoples.key), np.int64), np.full(len(peoples.key), -1, np.int32))
    room = (MOST * peoples.people).astype(np.int64)
    for origin in dict.fromkeys(flight.origin for flight in region.flights):
        flights = sorted((f for f in region.flights if f.origin == origin), key=lambda f: f.persons)
        _empty(region, flights, weight, room, found)
    return found


def _empty(region: Region, flights: list[Flight], weight: Values, room: NDArray[np.int64], found: Displaced) -> None:
    """Share the communities of one origin among its flights, the smallest first; the largest takes the rest."""
    free = np.flatnonzero(_region_of(region) == flights[0].origin)
    total, people = weight[free].sum(), sum(f.persons for f in flights)
    for flight in flights:
        km = _km_to(region, free, flight.refuge)
        order = free[np.argsort(km, kind="stable")]
        reached = np.cumsum(weight[order]) / total
        count = len(order) if flight is flights[-1] else 1 + int(np.searchsorted(reached, flight.persons / people))
        chosen, free = order[:count], np.sort(order[count:])
        if not len(chosen):
            raise ValueError(f"displaced.csv: no communities of {region.regions[flight.origin]} are left for {flight}")
        _settle(region, flight, chosen, apportion(flight.persons, weight[chosen]), (room, found))


def _settle(
    region: Region,
    flight: Flight,
    chosen: NDArray[np.int64],
    parts: NDArray[np.int64],
    books: tuple[NDArray[np.int64], Displaced],
) -> None:
    """Find a host for the part of each community; whom no host has room for is counted with the next community."""
    (room, found), left = books, 0
    for k, part in sorted(zip(chosen.tolist(), parts.tolist(), strict=True), key=lambda pair: -pair[1]):
        wanted = part + left
        if wanted > 0:
            host = _host(region, k, flight.refuge, np.minimum(room, wanted))
            taken = min(wanted, int(room[host]))
            left = wanted - taken
            found.persons[k], found.refuge[k] = taken, host if taken > 0 else -1
            room[host] -= taken


def _region_of(region: Region) -> NDArray[np.int32]:
    where: NDArray[np.int32] = region.cells.region[region.communities.cell]
    return where


def _km_to(region: Region, communities: NDArray[np.int64], refuge: int) -> Values:
    """Kilometres from each community to the nearest town cell of a region (any cell if it has no town)."""
    cells = region.cells
    there = np.flatnonzero((cells.region == refuge) & (cells.town > 0))
    there = there if len(there) else np.flatnonzero(cells.region == refuge)
    here = region.communities.cell[communities]
    km = great_circle_km(cells.lat[here][:, None], cells.lon[here][:, None], cells.lat[there], cells.lon[there])
    nearest: Values = km.min(axis=1)
    return nearest


def _host(region: Region, k: int, refuge: int, room: NDArray[np.int64]) -> int:
    """The community of the refuge that takes in people of k: with room for them, near, of a town, of their group."""
    peoples, cells = region.communities, region.cells
    there = np.flatnonzero((_region_of(region) == refuge) & (peoples.cell != peoples.cell[k]))
    a, b = peoples.cell[k], peoples.cell[there]
    km = great_circle_km(cells.lat[a], cells.lon[a], cells.lat[b], cells.lon[b])
    worth = 3.0 * np.log10(1.0 + room[there]) + np.log10(1.0 + cells.town[b] / 1000.0)
    worth += (peoples.group[there] == peoples.group[k]) - km / 100.0
    return int(there[np.argmax(worth)])
