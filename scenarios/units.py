"""Units: slots for bands, garrisons and columns, and where they stand at the start.

A slot's key is made of its organisation, its home and its number there, so that it never depends on
what else an experiment holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.apportionment import apportion_within, divided
from scenarios.atlas import Values
from scenarios.roster import Profile, Roster
from scenarios.stations import Station
from sim.parameters import Parameters, quantity
from sim.state import Posture
from sim.streams import stable_key
from sim.world import Role, Units


@dataclass(frozen=True)
class Organising(Parameters):
    """How troops and fighters are divided into units."""

    large: float = quantity(300, unit="troops", low=100, high=1000, source="judgement: a base that can spare a column")
    bodies: float = quantity(4, unit="units", low=1, high=12, source="convention: most units of one garrison")
    bands: float = quantity(
        200, unit="bands", low=50, high=1000, source="convention: most bands of one group at the start"
    )
    courts: float = quantity(0.3, unit="governance", low=0, high=1, source="judgement: where bands govern at the start")


class Slot(NamedTuple):
    """One unit slot at the start."""

    key: str
    role: Role
    base: int
    fighters: int
    cell: int
    posture: Posture


@dataclass(frozen=True)
class Deployment:
    """All slots with their start, (unit,); `establishment` is 0 for bands and empty slots."""

    units: Units
    fighters: NDArray[np.int64]
    establishment: NDArray[np.int64]
    cell: NDArray[np.int32]
    posture: NDArray[np.int32]


class Fielded(NamedTuple):
    """What places the bands of an organisation: one row of each array."""

    fighters: int
    room: int  # for bands that events bring
    draw: Values  # (cell,) how much a cell attracts bands at the start
    governance: Values  # (cell,)
    strongholds: list[Station]


def deployment(
    roster: Roster,
    stations: Sequence[Station],
    fielded: Sequence[Fielded],
    regions: Sequence[str],
    organising: Organising,
) -> Deployment:
    """Slots of all organisations, sorted by organisation.

    Args:
        roster: the organisations.
        stations: all bases, in the order of the base axis.
        fielded: for each organisation, what places its bands.
        regions: name of the region of each cell.
        organising: how troops are divided.
    """
    slots: list[list[Slot]] = []
    for o, profile in enumerate(roster.profiles):
        own = [(b, station) for b, station in enumerate(stations) if station.organisation == o]
        based = [slot for b, station in own for slot in _based(profile, b, station, organising)]
        slots.append(based + _bands(profile, fielded[o], regions, organising))
    return _arrays(slots)


def _arrays(slots: list[list[Slot]]) -> Deployment:
    every = [slot for own in slots for slot in own]
    counts = [len(own) for own in slots]
    fighters = np.array([s.fighters for s in every], dtype=np.int64)
    units = Units(
        key=np.array([stable_key(s.key) for s in every], dtype=np.uint64),
        organisation=np.repeat(np.arange(len(slots), dtype=np.int32), counts),
        role=np.array([s.role for s in every], dtype=np.int32),
        base=np.array([s.base for s in every], dtype=np.int32),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
    )
    return Deployment(
        units=units,
        fighters=fighters,
        establishment=np.where(units.role == Role.FIGHTERS, 0, fighters),
        cell=np.array([s.cell for s in every], dtype=np.int32),
        posture=np.array([s.posture for s in every], dtype=np.int32),
    )


def mobile_share(profile: Profile, station: Station, organising: Organising) -> float:
    """Share of a base's troops in columns: as its row says, or the organisation's habit at large bases."""
    if station.role == "column":
        return 1.0
    if not math.isnan(station.columns):
        return station.columns
    return profile.numbers["columns"] if station.capacity >= organising.large else 0.0


def _based(profile: Profile, base: int, station: Station, organising: Organising) -> list[Slot]:
    """Garrison and columns of a base, with empty slots up to the most troops that it ever has."""
    share = mobile_share(profile, station, organising)
    columns = round(station.troops * share)
    most = station.capacity - round(station.capacity * share)
    garrison = _bodies(profile, (Role.GARRISON, base, station), (station.troops - columns, most), organising)
    most = round(station.capacity * share)
    return garrison + _bodies(profile, (Role.MOBILE, base, station), (columns, most), organising)


def _bodies(
    profile: Profile, post: tuple[Role, int, Station], troops: tuple[int, int], organising: Organising
) -> list[Slot]:
    role, base, station = post
    here, most = troops
    size = profile.numbers["unit_size"]
    cap = int(organising.bodies)
    now, ever = (min(cap, math.ceil(n / size)) for n in (here, most))
    sizes = divided(here, now) if now else []
    posture = Posture.COLUMN if role == Role.MOBILE else Posture.GARRISON
    home = f"{profile.id}/{station.place}" + ("/column" if role == Role.MOBILE else "")
    sizes += [0] * (ever - now)
    return [Slot(f"{home}/{i}", role, base, n, station.cell, posture) for i, n in enumerate(sizes)]


def _bands(profile: Profile, fielded: Fielded, regions: Sequence[str], organising: Organising) -> list[Slot]:
    """Bands by cell, and empty slots for growth."""
    if not profile.roams:
        return []
    size = max(profile.numbers["unit_size"], fielded.fighters / organising.bands)
    held = {place.cell: 0 for place in fielded.strongholds}
    for held_place in fielded.strongholds:
        held[held_place.cell] += held_place.troops
    fixed = min(1.0, fielded.fighters / max(sum(held.values()), 1))
    bands: list[Slot] = []
    numbers: dict[str, int] = {}
    placed = [(c, math.floor(n * fixed)) for c, n in held.items()]
    for cell, fighters in placed + _roaming(fielded, fielded.fighters - sum(n for _, n in placed), size, regions):
        posture = Posture.GOVERN if fielded.governance[cell] >= organising.courts else Posture.REST
        for part in divided(fighters, max(1, round(fighters / size))):
            ordinal = numbers[regions[cell]] = numbers.get(regions[cell], -1) + 1
            bands.append(Slot(f"{profile.id}/{regions[cell]}/{ordinal}", Role.FIGHTERS, -1, part, cell, posture))
    return bands + _reserve(profile, fielded, len(bands))


def _roaming(fielded: Fielded, fighters: int, size: float, regions: Sequence[str]) -> list[tuple[int, int]]:
    """(cell, fighters) of bands that no stronghold holds: whole bands, shared by region, then by cell."""
    bands = max(1, round(fighters / size)) if fighters > 0 else 0
    share = apportion_within(bands, fielded.draw, regions)
    sizes = divided(fighters, bands) if bands else []
    ends = np.concatenate([[0], np.cumsum(share)])
    return [(int(c), sum(sizes[ends[c] : ends[c + 1]])) for c in np.flatnonzero(share)]


def _reserve(profile: Profile, fielded: Fielded, taken: int) -> list[Slot]:
    """Empty slots: room to grow and for bands that events bring, in the cell that draws most."""
    size, cell = profile.numbers["unit_size"], int(np.argmax(fielded.draw))
    room = math.ceil(taken * (profile.numbers["growth"] - 1)) + math.ceil(fielded.room / size)
    return [Slot(f"{profile.id}/reserve/{i}", Role.FIGHTERS, -1, 0, cell, Posture.REST) for i in range(room)]
