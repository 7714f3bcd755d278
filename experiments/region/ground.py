"""Cells, their regions, rain, rivers and roads."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.region.geometry import Points, crosses, inside, km_to_line
from experiments.region.packages import Row, Unit
from scenarios.region import centre_of, gid_at
from sim.world import NEIGHBOURS

BOX = (-12.5, 7.0, 16.5, 25.5)
"""West, south, east, north of the ground that is searched for cells."""
SURFACES = {"paved": 1.0, "unpaved": 0.6, "track": 0.3}
"""Quality of a road by its surface: how much of a paved road's advantage it gives. Judgement."""
DRIEST_MM = 5.0


class Ground(NamedTuple):
    """Cells sorted by gid; all arrays (cell,)."""

    gid: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    region: NDArray[np.str_]  # "MLI/Gao"
    rain: NDArray[np.float64]  # mm a year
    river_km: NDArray[np.float64]  # to the nearest great river or wetland
    road: NDArray[np.float64]  # quality of the best road, in [0, 1]


class Naming(NamedTuple):
    """How polygons of the source become regions."""

    names: dict[str, str]  # "MLI/Timbuktu" to "MLI/Tombouctou"
    splits: list[Row]  # parts of a polygon that are regions of their own; the first that fits counts
    cells: dict[int, str]  # cells that belong to a capital region whatever polygon holds their centre


def region_of(unit: str, lat: float, lon: float, naming: Naming) -> str:
    """Region id of a point in the polygon `unit`, such as "MLI/Gao"."""
    for row in naming.splits:
        if unit == f"{row['iso3']}/{row['polygon']}" and _within(row, "lat", lat) and _within(row, "lon", lon):
            return f"{row['iso3']}/{row['region']}"
    return naming.names.get(unit, unit)


def _within(row: Row, axis: str, value: float) -> bool:
    return float(row[f"{axis}_min"] or -180) <= value <= float(row[f"{axis}_max"] or 180)


def cells(units: list[Unit], naming: Naming, wanted: set[str]) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """PRIO-GRID ids, sorted, and region ids of all cells whose centre lies in a `wanted` region."""
    west, south, east, north = BOX
    lon, lat = np.meshgrid(np.arange(west + 0.25, east, 0.5), np.arange(south + 0.25, north, 0.5))
    centres = np.stack([lon.ravel(), lat.ravel()], axis=1)
    found = dict(naming.cells)
    for unit in units:
        for x, y in centres[inside(unit.rings, centres)]:
            found.setdefault(gid_at(y, x), region_of(f"{unit.iso3}/{unit.name}", y, x, naming))
    kept = sorted(gid for gid, region in found.items() if region in wanted)
    return np.array(kept), np.array([found[gid] for gid in kept])


def rainfall(stations: list[Row], lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean annual rain in mm: least squares of its log on latitude, its square, and longitude.

    The square lets rain fall off faster toward the desert; longitude lets isohyets lie further
    north in the west, as they do. Values below `DRIEST_MM` are raised to it.
    """
    at = np.array([[float(row["lat"]), float(row["lon"])] for row in stations])
    mm = np.array([float(row["annual_mm"]) for row in stations])
    weights, *_ = np.linalg.lstsq(_terms(at[:, 0], at[:, 1]), np.log(mm))
    return np.maximum(np.exp(_terms(lat, lon) @ weights), DRIEST_MM)


def _terms(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    north = lat - 14.0
    return np.stack([np.ones_like(north), north, north**2, lon], axis=1)


def lines(rivers: list[Row], shape: str) -> list[Points]:
    """Rivers ("line") or wetlands ("outline", closed) as points of longitude and latitude."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rivers:
        if row["shape"] == shape:
            found[row["feature"]].append((float(row["lon"]), float(row["lat"])))
    closing = [points + points[:1] if shape == "outline" else points for points in found.values()]
    return [np.array(points) for points in closing]


def river_km(rivers: list[Row], lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance to the nearest great river or wetland, 0 inside a wetland, (cell,)."""
    points = np.stack([lon, lat], axis=1)
    wetlands = lines(rivers, "outline")
    distances = [km_to_line(line, points) for line in lines(rivers, "line") + wetlands]
    nearest: NDArray[np.float64] = np.stack(distances).min(axis=0)
    for outline in wetlands:
        nearest[inside([outline], points)] = 0.0
    return nearest


def road_links(roads: list[Row]) -> tuple[dict[tuple[int, int], float], dict[int, float]]:
    """Best road between neighbouring cells and within cells, as straight lines between its ends.

    Returns:
        Quality by pair of gids (smaller first), and quality by gid.
    """
    between: dict[tuple[int, int], float] = {}
    within: dict[int, float] = {}
    for row in roads:
        quality, passed = SURFACES[row["surface"]], _passed(row)
        for gid in passed:
            within[gid] = max(within.get(gid, 0.0), quality)
        for a, b in zip(passed[:-1], passed[1:], strict=True):
            pair = (min(a, b), max(a, b))
            between[pair] = max(between.get(pair, 0.0), quality)
    return between, within


def _passed(row: Row) -> list[int]:
    """Cells along a road, in order, sampled about every 500 m."""
    start, end = (np.array([float(row[f"{side}_lat"]), float(row[f"{side}_lon"])]) for side in ("from", "to"))
    steps = max(2, int(np.hypot(*(end - start)) / 0.005))
    gids = [gid_at(lat, lon) for lat, lon in np.linspace(start, end, steps)]
    return [gid for i, gid in enumerate(gids) if i == 0 or gid != gids[i - 1]]


def river_links(rivers: list[Row], gids: set[int]) -> set[tuple[int, int]]:
    """Pairs of neighbouring cells (smaller gid first) whose centres lie on two banks of a great river."""
    pairs = [
        (gid, gid + rows * 720 + columns)
        for gid in sorted(gids)
        for rows, columns in NEIGHBOURS[1:]
        if rows * 720 + columns > 0 and gid + rows * 720 + columns in gids
    ]
    starts, ends = (np.array([centre_of(pair[side])[::-1] for pair in pairs]) for side in (0, 1))
    hit = np.any([crosses(starts, ends, line) for line in lines(rivers, "line")], axis=0)
    return {pair for pair, over in zip(pairs, hit, strict=True) if over}
