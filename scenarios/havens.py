"""Havens: where the people of each community may flee to, from near towns and kin to the next country.

A short list by a plain gravity is drawn up once; who goes where in a given week is decided by
`sim.processes.displacement`, which sees the danger of the day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.region import Region, great_circle_km

OWN, ABROAD = 8, 4
"""Havens of a community in its own country, and abroad."""

REACH = 60.0
"""Kilometres that weigh as much as one unit of the gravity (judgement, as `displacement.reach`)."""

KIN = 1.5
"""What people of one's own group are worth (judgement, as `displacement.kin`)."""


def havens(region: Region) -> NDArray[np.int32]:
    """Communities that may take in the people of each community, best first, -1 for none, (community, 12).

    The worth of a cell is log10(1 + people / 1000) + log10(1 + townspeople / 1000) - km / `REACH`, and `KIN` where
    people of the same group live. Hosts are those of the same group in the cell, else its largest community.
    """
    hosts, kin = _hosts(region)
    worth = _worth(region)
    own = region.cells.country[:, None] == region.cells.country
    np.fill_diagonal(worth, -np.inf)
    worth[:, hosts[:, 0] < 0] = -np.inf
    peoples = region.communities
    found = np.empty((len(peoples.key), OWN + ABROAD), np.int32)
    for k, (c, group) in enumerate(zip(peoples.cell, peoples.group, strict=True)):
        value = worth[c] + KIN * kin[:, group]
        cells = np.concatenate([_best(value, own[c], OWN), _best(value, ~own[c], ABROAD)])
        found[k] = np.where(cells < 0, -1, hosts[cells, group])
    return found


def _best(value: NDArray[np.float64], allowed: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """The `count` allowed cells of most value, best first; -1 where there are fewer."""
    order = np.argsort(-np.where(allowed, value, -np.inf), kind="stable")[:count]
    usable = allowed[order] & np.isfinite(value[order])
    return np.where(usable, order, -1)


def _worth(region: Region) -> NDArray[np.float64]:
    """Gravity of each cell for people of each other cell, (cell, cell)."""
    lat, lon = region.cells.lat, region.cells.lon
    size = np.log10(1 + region.people / 1000) + np.log10(1 + region.cells.town / 1000)
    km = great_circle_km(lat[:, None], lon[:, None], lat, lon)
    worth: NDArray[np.float64] = size - km / REACH
    return worth


def _hosts(region: Region) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Community of a cell that takes in people of a group, -1 for none, and whether it is their own, (cell, group)."""
    peoples = region.communities
    shape = (len(region.people), len(region.groups))
    hosts, kin = np.full(shape, -1, np.int32), np.zeros(shape, np.bool_)
    for k in np.argsort(peoples.people, kind="stable"):
        hosts[peoples.cell[k]] = k
    hosts[peoples.cell, peoples.group] = np.arange(len(peoples.key))
    kin[peoples.cell, peoples.group] = True
    return hosts, kin
