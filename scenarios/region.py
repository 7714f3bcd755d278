"""The region as the model sees it: cells, people, communities and towns, read from the tables in ``conf/region``."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenarios.travel import Travel, travel_cost
from sim.axes import Count, Index, Key, Real, check_axes
from sim.streams import stable_key
from sim.world import Cells

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth."""

NEIGHBOURS = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
"""Rows and columns to the nine slots: the cell itself, then north, north-east and on clockwise."""

_COLUMNS = 720
"""Cells of PRIO-GRID around a circle of latitude."""


class Town(NamedTuple):
    """A populated place. People is 0 where its size is not known."""

    name: str
    region: str  # in which it lies; the cell's region may differ near a border
    lat: float
    lon: float
    people: int
    kind: str  # capital, regional seat, town
    cell: int


class Peoples(NamedTuple):
    """The people of one ethnic group in one cell, sorted by cell."""

    key: Key["community"]
    cell: Index["community"]
    group: Index["community"]
    people: Count["community"]
    kin: Index["community"]  # network: same group, same region
    first: Index["cell+1"]  # communities of cell c are first[c] to first[c + 1] - 1


@dataclass(frozen=True)
class Region:
    """Places and people. Order in the tuples of names is the order of the axes."""

    cells: Cells
    people: Count["cell"]
    communities: Peoples
    towns: tuple[Town, ...]
    countries: tuple[str, ...]  # ISO 3166 alpha-3
    capitals: tuple[str, ...]
    regions: tuple[str, ...]  # "MLI/Gao"
    groups: tuple[str, ...]

    @cached_property
    def _cells_by_gid(self) -> dict[int, int]:
        return {int(gid): cell for cell, gid in enumerate(self.cells.gid)}

    @cached_property
    def _towns_by_name(self) -> dict[str, Town]:
        """The largest town of each name; towns are sorted from large to small."""
        return {town.name.casefold(): town for town in reversed(self.towns)}

    def cell_of_gid(self, gid: int) -> int:
        """Index of the cell with a PRIO-GRID id. Raises ValueError for a cell outside the region."""
        if gid not in self._cells_by_gid:
            nearest = self.cells.gid[self.cell_at(*centre_of(gid))]
            raise ValueError(f"cell {gid} is not in the region, the nearest that is: {nearest}")
        return self._cells_by_gid[gid]

    def cell_at(self, lat: float, lon: float) -> int:
        """Index of the cell that holds a point, or else of the cell whose centre is nearest."""
        cell = self._cells_by_gid.get(gid_at(lat, lon))
        return int(np.argmin(great_circle_km(lat, lon, self.cells.lat, self.cells.lon))) if cell is None else cell

    def region_index(self, name: str) -> int:
        """Index of an admin-1 region such as "MLI/Gao". Raises ValueError with the nearest names."""
        return _position(name, self.regions, "region")

    def group_index(self, name: str) -> int:
        """Index of an ethnic group. Raises ValueError with the nearest names."""
        return _position(name, self.groups, "group")

    def country_index(self, iso3: str) -> int:
        """Index of a country by its ISO 3166 alpha-3 code. Raises ValueError with the nearest codes."""
        return _position(iso3, self.countries, "country")

    def town(self, name: str) -> Town:
        """The largest town of that name, whatever the case. Raises ValueError with the nearest names."""
        found = self._towns_by_name.get(name.casefold())
        if found is None:
            raise ValueError(_unknown(name, [town.name for town in self.towns], "town"))
        return found

    def distance_km(self, cell_a: ArrayLike, cell_b: ArrayLike) -> NDArray[np.float64]:
        """Great-circle distance between the centres of cells; indices broadcast."""
        a, b = np.asarray(cell_a), np.asarray(cell_b)
        return great_circle_km(self.cells.lat[a], self.cells.lon[a], self.cells.lat[b], self.cells.lon[b])


def gid_at(lat: float, lon: float) -> int:
    """PRIO-GRID id of the cell that holds a point (Tollefsen, Strand and Buhaug 2012).

    >>> gid_at(16.27, -0.04)
    153000
    """
    return math.floor((lat + 90) * 2) * _COLUMNS + math.floor((lon + 180) * 2) + 1


def centre_of(gid: int) -> tuple[float, float]:
    """Latitude and longitude of the centre of a PRIO-GRID cell.

    >>> centre_of(153000)
    (16.25, -0.25)
    """
    row, column = divmod(gid - 1, _COLUMNS)
    return row / 2 - 90 + 0.25, column / 2 - 180 + 0.25


def great_circle_km(lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike) -> NDArray[np.float64]:
    """Great-circle distance between points in degrees (haversine formula); arguments broadcast."""
    phi_a, lambda_a, phi_b, lambda_b = (
        np.radians(np.asarray(x, dtype=np.float64)) for x in (lat_a, lon_a, lat_b, lon_b)
    )
    chord = np.sin((phi_b - phi_a) / 2) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin((lambda_b - lambda_a) / 2) ** 2
    km: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    return km


def load_region(folder: Path, travel: Travel | None = None) -> Region:
    """Read the tables of the region.

    Args:
        folder: holds cells.csv, links.csv, communities.csv, towns.csv and figures/countries.csv.
        travel: how ground, roads and rivers make a move dear; the defaults if None.

    Raises:
        ValueError: a table or a column is missing, or a number cannot be read, in one line.
    """
    states = _table(folder / "figures" / "countries.csv", "iso3", "capital", "lat", "lon")
    rows = _table(
        folder / "cells.csv", "gid", "lat", "lon", "iso3", "region", "area_km2", "rain_mm", "people", "town_people"
    )
    countries, regions = (
        tuple(states["iso3"]),
        tuple(dict.fromkeys(sorted(rows["region"], key=_by_country(states["iso3"])))),
    )
    cells = _cells(rows, states, regions, folder / "links.csv", travel or Travel())
    communities, groups = _communities(_table(folder / "communities.csv", "gid", "group", "people"), cells)
    check_axes(cells, check_axes(communities, {"cell": len(cells.gid), "cell+1": len(cells.gid) + 1}))
    return Region(
        cells=cells,
        people=_whole(rows["people"]),
        communities=communities,
        towns=_towns(_table(folder / "towns.csv", "name", "region", "lat", "lon", "gid", "people", "kind"), cells),
        countries=countries,
        capitals=tuple(states["capital"]),
        regions=regions,
        groups=groups,
    )


def _cells(
    rows: dict[str, list[str]], states: dict[str, list[str]], regions: Sequence[str], links: Path, travel: Travel
) -> Cells:
    gid, lat, lon, rain = _whole(rows["gid"]), _real(rows["lat"]), _real(rows["lon"]), _real(rows["rain_mm"])
    neighbour = _neighbours(gid)
    there = np.maximum(neighbour, 0)
    km = great_circle_km(lat[:, None], lon[:, None], lat[there], lon[there])
    road, river = _links(_table(links, "gid_a", "gid_b", "road", "river"), gid, neighbour)
    return Cells(
        gid=gid,
        lat=lat,
        lon=lon,
        country=_indices(rows["iso3"], states["iso3"]),
        region=_indices(rows["region"], regions),
        area=_real(rows["area_km2"]),
        rain=rain,
        town=_whole(rows["town_people"]),
        neighbour=neighbour,
        travel=np.where(neighbour < 0, np.inf, travel_cost(km, (rain[:, None] + rain[there]) / 2, road, river, travel)),
        capital=great_circle_km(lat[:, None], lon[:, None], _real(states["lat"]), _real(states["lon"])),
    )


def _neighbours(gid: NDArray[np.int64]) -> NDArray[np.int32]:
    """Index of the cell in each of the nine slots, -1 beyond the edge, (cell, 9)."""
    wanted = gid[:, None] + np.array([row * _COLUMNS + column for row, column in NEIGHBOURS])
    found = np.minimum(np.searchsorted(gid, wanted), len(gid) - 1)
    return np.where(gid[found] == wanted, found, -1).astype(np.int32)


def _links(
    rows: dict[str, list[str]], gid: NDArray[np.int64], neighbour: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Quality of the road to each neighbour in [0, 1], and whether a great river lies between, (cell, 9)."""
    road, river = np.zeros(neighbour.shape), np.zeros(neighbour.shape, dtype=np.bool_)
    a, b = _whole(rows["gid_a"]), _whole(rows["gid_b"])
    for here, there in ((a, b), (b, a)):
        cell = np.searchsorted(gid, here)
        slot = np.argmax(gid[neighbour[cell]] == there[:, None], axis=1)
        road[cell, slot] = _real(rows["road"])
        river[cell, slot] = _whole(rows["river"]) == 1
    return road, river


def _communities(rows: dict[str, list[str]], cells: Cells) -> tuple[Peoples, tuple[str, ...]]:
    gid, groups = _whole(rows["gid"]), tuple(sorted(set(rows["group"])))
    group, cell = _indices(rows["group"], groups), np.searchsorted(cells.gid, gid).astype(np.int32)
    _, kin = np.unique(cells.region[cell].astype(np.int64) * len(groups) + group, return_inverse=True)
    communities = Peoples(
        key=np.array(
            [stable_key(f"{g}/{name}") for g, name in zip(rows["gid"], rows["group"], strict=True)], dtype=np.uint64
        ),
        cell=cell,
        group=group,
        people=_whole(rows["people"]),
        kin=kin.astype(np.int32),
        first=np.searchsorted(cell, np.arange(len(cells.gid) + 1)).astype(np.int32),
    )
    return communities, groups


def _towns(rows: dict[str, list[str]], cells: Cells) -> tuple[Town, ...]:
    """Towns from large to small."""
    people, cell = _whole(rows["people"]), np.searchsorted(cells.gid, _whole(rows["gid"]))
    lat, lon = _real(rows["lat"]), _real(rows["lon"])
    found = [
        Town(name, region, float(lat[i]), float(lon[i]), int(people[i]), kind, int(cell[i]))
        for i, (name, region, kind) in enumerate(zip(rows["name"], rows["region"], rows["kind"], strict=True))
    ]
    return tuple(sorted(found, key=lambda town: (-town.people, town.name)))


def _table(path: Path, *columns: str) -> dict[str, list[str]]:
    """Columns of a CSV table. Raises ValueError if the file or a column is missing."""
    if not path.is_file():
        raise ValueError(f"{path}: the table is missing")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    missing = [column for column in columns if column not in header]
    if missing:
        raise ValueError(f"{path}: column {missing[0]} is missing, got {', '.join(header)}")
    short = next((line for line, row in enumerate(rows, start=2) if len(row) != len(header)), None)
    if short is not None:
        raise ValueError(f"{path}: line {short} has {len(rows[short - 2])} fields, expected {len(header)}")
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def _whole(texts: list[str]) -> NDArray[np.int64]:
    return np.array(texts, dtype=np.int64)


def _real(texts: list[str]) -> NDArray[np.float64]:
    return np.array(texts, dtype=np.float64)


def _indices(values: Iterable[str], names: Sequence[str]) -> NDArray[np.int32]:
    position = {name: i for i, name in enumerate(names)}
    return np.array([position[value] for value in values], dtype=np.int32)


def _by_country(countries: Sequence[str]) -> Any:
    return lambda region: (countries.index(region.partition("/")[0]), region)


def _position(name: str, names: Sequence[str], kind: str) -> int:
    if name not in names:
        raise ValueError(_unknown(name, names, kind))
    return names.index(name)


def _unknown(name: str, names: Sequence[str], kind: str) -> str:
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"unknown {kind} {name!r}" + (f", nearest: {', '.join(near)}" if near else "")
