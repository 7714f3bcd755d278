"""Riches: what armed groups can live on beside the people, by cell, from the cited tables of sites, markets and routes.

A site or market gives its weight to the cell that holds it; a market also gives `NEAR` of it to the
cells around, whose herds it sells. A route gives its weight to every cell that a straight line between
two of its places crosses. Each of the three columns is divided by its largest value.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scenarios.region_tables import Table, read_table
from sim.axes import Index, Real
from sim.world import Riches

NEAR = 0.3
"""Share of a market's weight that each of the eight cells around it has (judgement)."""

STEP = 0.1
"""Degrees between two points of a route: a fifth of a cell."""

GOLD, MARKETS, ROUTES = "gold_sites.csv", "livestock_markets.csv", "trade_routes.csv"


def riches_of(figures: Path, gid: NDArray[np.int64], neighbour: Index["cell 9"]) -> Real["cell 3"]:
    """Gold, cattle and trade of each cell, each in [0, 1]; zero where a table is missing.

    Args:
        figures: folder of the three tables.
        gid: PRIO-GRID ids, ascending (cell,).
        neighbour: index of the cell in each of nine slots, -1 beyond the edge.

    Raises:
        ValueError: a column is missing or a number cannot be read, in one line.
    """
    made = np.zeros((len(gid), len(Riches)))
    _add_points(made[:, Riches.GOLD], _table(figures / GOLD), gid)
    herds = np.zeros(len(gid))
    _add_points(herds, _table(figures / MARKETS), gid)
    around = np.where(neighbour[:, 1:] >= 0, herds[neighbour[:, 1:]], 0.0)
    made[:, Riches.CATTLE] = herds + NEAR * around.sum(axis=1)
    _add_routes(made[:, Riches.TRADE], _table(figures / ROUTES, "flow"), gid)
    return made / np.maximum(made.max(axis=0, initial=0.0), 1e-12)


def _table(path: Path, *more: str) -> Table | None:
    """A table of points with weights, or None: small regions made by hand have none."""
    return read_table(path, "lat", "lon", "weight", *more) if path.is_file() else None


def _add_points(column: NDArray[np.float64], table: Table | None, gid: NDArray[np.int64]) -> None:
    if table is not None:
        for lat, lon, weight in zip(table.real("lat"), table.real("lon"), table.real("weight"), strict=True):
            _add(column, _ids(np.array([lat]), np.array([lon])), weight, gid)


def _add_routes(column: NDArray[np.float64], table: Table | None, gid: NDArray[np.int64]) -> None:
    """Each leg of a route, from one line of the table to the next of the same flow; a cell counts once a flow."""
    if table is None:
        return
    lat, lon, weight, flow = table.real("lat"), table.real("lon"), table.real("weight"), table.text("flow")
    for name in dict.fromkeys(flow):
        lines = [i for i, mine in enumerate(flow) if mine == name]
        crossed = [np.empty(0, np.int64)]
        for a, b in zip(lines, lines[1:], strict=False):
            points = np.linspace(0.0, 1.0, 2 + int(np.hypot(lat[b] - lat[a], lon[b] - lon[a]) / STEP))
            crossed.append(_ids(lat[a] + points * (lat[b] - lat[a]), lon[a] + points * (lon[b] - lon[a])))
        _add(column, np.unique(np.concatenate(crossed)), weight[lines[0]], gid)


def _ids(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.int64]:
    """PRIO-GRID ids of the cells that hold points (Tollefsen, Strand and Buhaug 2012)."""
    row, column = np.floor((lat + 90) * 2), np.floor((lon + 180) * 2)
    return (row * (720) + column + 1).astype(np.int64)


def _add(column: NDArray[np.float64], ids: NDArray[np.int64], weight: float, gid: NDArray[np.int64]) -> None:
    """Add `weight` to the cells of the region among `ids`; what lies outside is somebody else's."""
    column[np.isin(gid, ids)] += weight
