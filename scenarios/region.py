"""The region as the model sees it: cells, people, communities and towns, read from the tables in ``conf/region``."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenarios.livelihoods import HERDERS, herding
from scenarios.region_tables import Table, read_table
from scenarios.riches import riches_of
from scenarios.travel import Travel, travel_cost
from sim.axes import Count, Index, Key, Real, check_axes
from sim.streams import stable_key
from sim.world import NEIGHBOURS, Cells

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth."""

_COLUMNS = 720
"""Cells of PRIO-GRID around a circle of latitude."""
_CELLS = ("gid", "lat", "lon", "iso3", "region", "area_km2", "rain_mm", "people", "town_people")
_TOWNS = ("name", "region", "lat", "lon", "gid", "people", "kind")


class Town(NamedTuple):
    """A populated place. People is 0 where its size is not known."""

    name: str
    region: str  # in which it lies; the cell's region may differ near a border
    lat: float
    lon: float
    people: int
    kind: str  # capital, regional seat, town
    cell: int


class Flight(NamedTuple):
    """People who had fled from one region to another, or within it, by the start."""

    origin: int  # region
    refuge: int  # region
    persons: int


class Peoples(NamedTuple):
    """The people of one ethnic group in one cell, sorted by cell."""

    key: Key["community"]
    cell: Index["community"]
    group: Index["community"]
    people: Count["community"]
    kin: Index["community"]  # network: same group, same region
    herders: Real["community"]  # share of its people who live on herding
    first: Index["cell+1"]  # communities of cell c are first[c] to first[c + 1] - 1


@dataclass(frozen=True)
class Region:
    """Places and people. Order in the tuples of names is the order of the axes."""

    cells: Cells
    people: Count["cell"]
    communities: Peoples
    towns: tuple[Town, ...]
    flights: tuple[Flight, ...]
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
        folder: holds cells.csv, links.csv, communities.csv and towns.csv, and countries.csv, herders.csv and
            displaced.csv in figures.
        travel: how ground, roads and rivers make a move dear; the defaults if None.

    Raises:
        ValueError: a table or a column is missing, or a number cannot be read, in one line.
    """
    states = read_table(folder / "figures" / "countries.csv", "iso3", "capital", "lat", "lon")
    table = read_table(folder / "cells.csv", *_CELLS)
    regions = _regions(table.text("region"), states.text("iso3"))
    links = read_table(folder / "links.csv", "gid_a", "gid_b", "road", "river")
    cells = _cells(table, states, regions, links, travel or Travel())
    cells = cells._replace(riches=riches_of(folder / "figures", cells.gid, cells.neighbour))
    peoples, herders = (
        read_table(folder / "communities.csv", "gid", "group", "people"),
        folder / "figures" / "herders.csv",
    )
    communities, groups = _communities(peoples, read_table(herders, *HERDERS), cells)
    check_axes(cells, check_axes(communities, {"cell": len(cells.gid), "cell+1": len(cells.gid) + 1}))
    return Region(
        cells=cells,
        people=table.whole("people"),
        communities=communities,
        towns=_towns(read_table(folder / "towns.csv", *_TOWNS), cells),
        flights=_flights(
            read_table(folder / "figures" / "displaced.csv", "origin", "refuge", "persons", "source"), regions
        ),
        countries=tuple(states.text("iso3")),
        capitals=tuple(states.text("capital")),
        regions=regions,
        groups=groups,
    )


def _regions(names: list[str], countries: list[str]) -> tuple[str, ...]:
    """Names of regions, once each, by country in the order of `countries` and then by name."""
    position = {iso3: i for i, iso3 in enumerate(countries)}
    return tuple(sorted(set(names), key=lambda name: (position.get(name.partition("/")[0], len(position)), name)))


def _cells(table: Table, states: Table, regions: tuple[str, ...], links: Table, travel: Travel) -> Cells:
    gid = table.ascending("gid", strictly=True)
    lat, lon, rain = table.real("lat"), table.real("lon"), table.real("rain_mm")
    neighbour = _neighbours(gid)
    there = np.maximum(neighbour, 0)
    km = great_circle_km(lat[:, None], lon[:, None], lat[there], lon[there])
    road, river = _links(links, gid, neighbour)
    cost = travel_cost(km, (rain[:, None] + rain[there]) / 2, road, river, travel)
    return Cells(
        gid=gid,
        lat=lat,
        lon=lon,
        country=table.codes("iso3", states.text("iso3")),
        region=table.codes("region", regions),
        area=table.real("area_km2"),
        rain=rain,
        town=table.whole("town_people"),
        neighbour=neighbour,
        travel=np.where(neighbour < 0, np.inf, cost),
        capital=great_circle_km(lat[:, None], lon[:, None], states.real("lat"), states.real("lon")),
        riches=np.zeros((len(gid), 3)),
    )


def _neighbours(gid: NDArray[np.int64]) -> NDArray[np.int32]:
    """Index of the cell in each of the nine slots, -1 beyond the edge, (cell, 9)."""
    wanted = gid[:, None] + np.array([row * _COLUMNS + column for row, column in NEIGHBOURS])
    found = np.minimum(np.searchsorted(gid, wanted), len(gid) - 1)
    return np.where(gid[found] == wanted, found, -1).astype(np.int32)


def _links(
    links: Table, gid: NDArray[np.int64], neighbour: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Quality of the road to each neighbour in [0, 1], and whether a great river lies between, (cell, 9)."""
    road, river = np.zeros(neighbour.shape), np.zeros(neighbour.shape, dtype=np.bool_)
    a, b = links.cell("gid_a", gid), links.cell("gid_b", gid)
    for here, there in ((a, b), (b, a)):
        slot = np.argmax(neighbour[here] == there[:, None], axis=1)
        apart = np.flatnonzero(neighbour[here, slot] != there)
        if len(apart):
            raise ValueError(f"{links.path}: line {int(apart[0]) + 2}: the two cells are not neighbours")
        road[here, slot] = links.real("road")
        river[here, slot] = links.whole("river") == 1
    return road, river


def _communities(table: Table, herders: Table, cells: Cells) -> tuple[Peoples, tuple[str, ...]]:
    table.ascending("gid", strictly=False)
    names, cell = table.text("group"), table.cell("gid", cells.gid)
    groups = tuple(sorted(set(names)))
    group = table.codes("group", groups)
    _, kin = np.unique(cells.region[cell].astype(np.int64) * len(groups) + group, return_inverse=True)
    keys = [stable_key(f"{gid}/{name}") for gid, name in zip(table.text("gid"), names, strict=True)]
    communities = Peoples(
        key=np.array(keys, dtype=np.uint64),
        cell=cell,
        group=group,
        people=table.whole("people"),
        kin=kin.astype(np.int32),
        herders=herding(herders, groups, group, cells.rain[cell]),
        first=np.searchsorted(cell, np.arange(len(cells.gid) + 1)).astype(np.int32),
    )
    return communities, groups


def _flights(table: Table, regions: tuple[str, ...]) -> tuple[Flight, ...]:
    origin, refuge = table.codes("origin", regions).tolist(), table.codes("refuge", regions).tolist()
    return tuple(Flight(*row) for row in zip(origin, refuge, table.whole("persons").tolist(), strict=True))


def _towns(table: Table, cells: Cells) -> tuple[Town, ...]:
    """Towns from large to small."""
    columns = (
        table.text("name"),
        table.text("region"),
        table.real("lat").tolist(),
        table.real("lon").tolist(),
        table.whole("people").tolist(),
        table.text("kind"),
        table.cell("gid", cells.gid).tolist(),
    )
    towns = [Town(*row) for row in zip(*columns, strict=True)]
    return tuple(sorted(towns, key=lambda town: (-town.people, town.name)))


def _position(name: str, names: Sequence[str], kind: str) -> int:
    if name not in names:
        raise ValueError(_unknown(name, names, kind))
    return names.index(name)


def _unknown(name: str, names: Sequence[str], kind: str) -> str:
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"unknown {kind} {name!r}" + (f", nearest: {', '.join(near)}" if near else "")
