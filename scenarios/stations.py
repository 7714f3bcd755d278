"""Stations: where troops are based, as ``bases.csv`` and the events of an experiment say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scenarios.apportionment import apportion
from scenarios.atlas import Atlas
from scenarios.region import great_circle_km
from scenarios.rows import Row, read_table
from scenarios.words import unknown
from sim.parameters import Parameters, quantity
from sim.streams import stable_key
from sim.world import Bases

if TYPE_CHECKING:
    from scenarios.events.base import Post

COLUMNS = (
    "organisation place country region lat lon role troops low high columns strike range_km "
    "from to end_event source confidence note"
)
STRONGHOLD = "stronghold"
"""Role of a row that is no base: it says how many fighters of an armed group are in a place at the start."""

OUTSIDE_KM = 75.0
"""A place farther than this from the nearest cell centre of its region is misplaced."""


@dataclass(frozen=True)
class Fortification(Parameters):
    """How well places are protected, in log-odds of an assault's failure, and how far aircraft reach."""

    post: float = quantity(0.2, unit="log-odds", low=-1, high=2, source="judgement: Inata 2021, a post overrun")
    column: float = quantity(0.5, unit="log-odds", low=-1, high=2, source="judgement: a laager in the field")
    garrison: float = quantity(0.5, unit="log-odds", low=-1, high=3, source="judgement: more often held than lost")
    camp: float = quantity(2.5, unit="log-odds", low=0, high=5, source="judgement: no UN or French camp was overrun")
    air_base: float = quantity(3.0, unit="log-odds", low=0, high=6, source="judgement: no air base was overrun")
    size: float = quantity(0.35, unit="log-odds per e-fold of troops", low=0, high=1.5, source="judgement")
    typical: float = quantity(150, unit="troops", low=50, high=500, source="judgement: a company, the usual camp")
    range_km: float = quantity(100, unit="km", low=30, high=400, source="judgement: helicopters")
    jets_km: float = quantity(250, unit="km", low=100, high=1000, source="judgement: jets and armed drones of events")


@dataclass(frozen=True)
class Station:
    """A base, or a place that an experiment may make one.

    Attributes:
        organisation: position.
        place: name; with the organisation's id it is unique.
        cell: where it lies.
        role: post, garrison, column, camp or air base.
        troops: at the start; 0 where it opens later.
        spread: low and high of the troops.
        capacity: the most troops that it has at some time in the tables or the events.
        columns: share of its troops that is mobile.
        strike: two-ship equivalents at the start.
        range_km: distance at which its aircraft have half their power.
        open: whether it is held at the start.
        listed: whether the table has it; False if only an event brings it.
    """

    organisation: int
    place: str
    cell: int
    role: str
    troops: int
    spread: tuple[int, int]
    capacity: int
    columns: float
    strike: float
    range_km: float
    open: bool
    listed: bool = True


def read_stations(
    path: Path, atlas: Atlas, start: date, posts: Sequence[Post] = ()
) -> tuple[list[Station], list[Station]]:
    """Bases, and strongholds of armed groups, on the day `start`.

    Rows of one organisation and place are one base; the row that holds on the day gives its troops.
    A base that opens later, or that an event brings, is there from the start, closed and empty.

    Raises:
        ValueError: a name is unknown, a place lies outside the region, or two rows of a base hold on one day.
    """
    rows = read_table(path, COLUMNS)
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(f"{row.one_of('organisation', atlas.organisations)}/{row.text('place')}", []).append(row)
    places = {row.text("place"): _cell(row, atlas) for row in rows}
    wanted = _by_station(posts, places, atlas)
    stations = [_station(same, wanted.get(name, []), atlas, start) for name, same in by_name.items()]
    held = [s for s in stations if s.role != STRONGHOLD]
    names = {f"{atlas.organisations[s.organisation]}/{s.place}" for s in held}
    added = [_new_station(same, places, atlas) for name, same in wanted.items() if name not in names]
    order = sorted(held + added, key=lambda s: (s.organisation, s.place))
    return order, [s for s in stations if s.role == STRONGHOLD and s.open]


def within(stations: list[Station], strength: float) -> list[Station]:
    """Stations of one organisation whose troops sum to no more than its strength; each gives up its share."""
    troops = np.array([s.troops for s in stations], dtype=np.float64)
    if troops.sum() <= strength:
        return stations
    ratio = strength / troops.sum()
    kept = [(s, int(n)) for s, n in zip(stations, apportion(round(strength), troops), strict=True)]
    return [replace(s, troops=n, spread=(int(s.spread[0] * ratio), math.ceil(s.spread[1] * ratio))) for s, n in kept]


def _cell(row: Row, atlas: Atlas) -> int:
    """Cell of a row's coordinates, or across a border the nearest cell of the row's own region."""
    lat, lon, cells = row.number("lat", -90, 90), row.number("lon", -180, 180), atlas.region.cells
    cell, mine = atlas.region.cell_at(lat, lon), atlas.regions(row)[cells.region]
    km = great_circle_km(lat, lon, cells.lat, cells.lon)
    if cells.country[cell] not in cells.country[mine]:
        cell = int(np.argmin(np.where(mine, km, np.inf)))
    if km[cell] > OUTSIDE_KM:
        place, named = row.text("place"), row.text("region")
        raise row.refusal(f"{place} at {lat:g}, {lon:g} lies outside {named}, {km[cell]:.0f} km from its nearest cell")
    return cell


def _station(rows: list[Row], posts: list[Post], atlas: Atlas, start: date) -> Station:
    troops = [row.whole("troops", 0, 50_000) for row in rows]
    for row in rows:
        row.estimate("troops", 0, 50_000)
    now = [i for i, row in enumerate(rows) if row.holds_on(start)]
    if len(now) > 1:
        raise rows[now[1]].refusal(f"{rows[0].text('place')} has two rows that hold on {start}, expected one")
    row = rows[now[0]] if now else rows[0]
    later = [n for n, r in zip(troops, rows, strict=True) if r.day("from", date.min) > start]
    here = troops[now[0]] if now else 0
    return Station(
        organisation=atlas.organisations.index(row.text("organisation")),
        place=row.text("place"),
        cell=_cell(row, atlas),
        role=row.one_of("role", (*_WALLS, STRONGHOLD)),
        troops=here,
        spread=(row.whole("low", 0, 50_000), row.whole("high", 0, 50_000)) if now else (0, 0),
        capacity=max([here + sum(p.troops for p in posts), *later]),
        columns=row.number("columns", 0, 1, default=math.nan),
        strike=row.number("strike", 0, 50, default=0.0) if now else 0.0,
        range_km=max(row.number("range_km", 10, 2000, default=Fortification().range_km), _range_of(posts)),
        open=bool(now),
    )


def _range_of(posts: list[Post]) -> float:
    """Range of the aircraft that events bring: jets or armed drones."""
    return Fortification().jets_km if any(post.strike for post in posts) else 0.0


def _by_station(posts: Iterable[Post], places: dict[str, int], atlas: Atlas) -> dict[str, list[Post]]:
    """Posts with a place, by organisation and place."""
    wanted: dict[str, list[Post]] = {}
    for post in posts:
        if post.organisation not in atlas.organisations:
            raise ValueError(unknown("organisation", post.organisation, atlas.organisations))
        if post.place:
            wanted.setdefault(f"{post.organisation}/{post.place}", []).append(post)
    return wanted


def _new_station(posts: list[Post], places: dict[str, int], atlas: Atlas) -> Station:
    first = posts[0]
    return Station(
        organisation=atlas.organisations.index(first.organisation),
        place=first.place,
        cell=_place_of(posts, places, atlas),
        role="garrison",
        troops=0,
        spread=(0, 0),
        capacity=sum(post.troops for post in posts),
        columns=math.nan,
        strike=0.0,
        range_km=max(Fortification().range_km, _range_of(posts)),
        open=False,
        listed=False,
    )


def _place_of(posts: list[Post], places: dict[str, int], atlas: Atlas) -> int:
    """Cell of a new station: its coordinates, or else a base or a town of that name."""
    for post in posts:
        if post.lat is not None and post.lon is not None:
            return atlas.region.cell_at(post.lat, post.lon)
    name = posts[0].place
    towns = {town.name: town.cell for town in reversed(atlas.region.towns)}
    known = towns | places
    if name not in known:
        raise ValueError(unknown("place", name, known) + "; or give lat and lon")
    return known[name]


_WALLS = ("post", "column", "garrison", "camp", "air base")


def bases_of(stations: list[Station], names: tuple[str, ...], atlas: Atlas, form: Fortification) -> Bases:
    """The static arrays of bases.

    Walls are the log-odds of the role plus `size` for each e-fold of troops beyond the typical camp.
    Reach halves with each `range_km` from the base: 2 ** -(distance / range).
    """
    cells = atlas.region.cells
    cell = np.array([s.cell for s in stations], dtype=np.int32)
    km = great_circle_km(cells.lat[cell][:, None], cells.lon[cell][:, None], cells.lat, cells.lon)
    return Bases(
        key=np.array([stable_key(name) for name in names], dtype=np.uint64),
        cell=cell,
        organisation=np.array([s.organisation for s in stations], dtype=np.int32),
        walls=np.array([_walls(s, form) for s in stations], dtype=np.float64),
        reach=np.exp2(-km / np.array([s.range_km for s in stations])[:, None]).astype(np.float32),
    )


def _walls(station: Station, form: Fortification) -> float:
    by_role = {"post": form.post, "column": form.column, "camp": form.camp, "air base": form.air_base}
    size = math.log(max(station.capacity, 20) / form.typical)
    return float(by_role.get(station.role, form.garrison) + form.size * size)
