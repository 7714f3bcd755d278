"""The world: all that does not change in a run. Places, organisations, and who is rooted where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sim.axes import Count, Index, Key, Real, Table

NEIGHBOURS = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
"""Rows and columns to the nine slots of a cell: itself, then north, north-east and on clockwise."""


class Kind(IntEnum):
    """What an organisation is; agents decide by kind."""

    JIHADIST = 0
    REBEL = 1
    MILITIA = 2
    ARMY = 3
    COUNTER_TERRORISM = 4
    PEACEKEEPER = 5
    PARTNER = 6
    SUPPORT = 7


class Role(IntEnum):
    """How a unit is tied to the ground."""

    FIGHTERS = 0  # armed group: roams its homelands
    GARRISON = 1  # holds a base; may patrol the cells around it
    MOBILE = 2  # column or task force of a state or an international force, based somewhere


class Skill(IntEnum):
    """What an organisation may be able to do, each in [0, 1]."""

    IED = 0
    VEHICLE_BOMB = 1
    DRONE = 2
    MASSING = 3


class Riches(IntEnum):
    """What armed groups can live on beside taxes on the people."""

    GOLD = 0  # artisanal gold mining
    CATTLE = 1  # herds and livestock markets
    TRADE = 2  # roads and smuggling routes


class Cells(NamedTuple):
    """PRIO-GRID cells of half a degree; `NEIGHBOURS` says where the nine slots lie."""

    gid: Count["cell"]
    lat: Real["cell"]  # degrees, centre
    lon: Real["cell"]
    country: Index["cell"]
    region: Index["cell"]
    area: Real["cell"]  # km2 of land
    rain: Real["cell"]  # mm a year
    town: Count["cell"]  # people in towns at the start
    neighbour: Index["cell 9"]  # -1 beyond the edge
    travel: Real["cell 9"]  # cost of a move; 1 is a day on open ground
    capital: Real["cell country"]  # km to the capital of each country
    riches: Real["cell 3"]  # see Riches; each in [0, 1], the richest cell of the region is 1


class Organisations(NamedTuple):
    """What stays true of an organisation. Its changing strength and mood are in the state."""

    key: Key["organisation"]
    kind: Index["organisation"]
    coalition: Index["organisation"]
    country: Index["organisation"]  # of a state or of the host; -1 for none
    host: Index["organisation"]  # the army it fights beside; -1 for none
    unit_size: Count["organisation"]
    mobility: Real["organisation"]  # chance that a unit considers moving in a week
    quality: Real["organisation"]  # fighting worth of one fighter, 1 is an average soldier of the region
    discipline: Real["organisation"]  # toward civilians, in [0, 1]
    aggression: Real["organisation"]  # how readily it seeks a fight, 1 is average
    recruitment: Real["organisation"]  # how much it recruits locally, 1 is average, 0 never
    home: Real["organisation cell"]  # how much of a homeland the cell is, in [0, 1]
    kin: Real["organisation organisation"]  # ties of family and people between two organisations, in [0, 1]


class Units(NamedTuple):
    """Slots for units. A slot belongs to one organisation for ever; empty slots hold nobody."""

    key: Key["unit"]
    organisation: Index["unit"]
    role: Index["unit"]
    base: Index["unit"]  # -1 for fighters of armed groups
    first: Index["organisation+1"]  # slots of organisation o are first[o] to first[o + 1] - 1


class Communities(NamedTuple):
    """The people of one ethnic group in one cell, sorted by cell."""

    key: Key["community"]
    cell: Index["community"]
    group: Index["community"]
    kin: Index["community"]  # network: same group, same region
    prior: Table["community organisation"]  # attitude that history and kinship pull back to
    herders: Real["community"]  # share of its people who live on herding
    havens: Index["community 12"]  # communities that may take its people in, best first; -1 for none
    first: Index["cell+1"]  # communities of cell c are first[c] to first[c + 1] - 1


class Bases(NamedTuple):
    """Places where troops are stationed at some time in some scenario of the experiment."""

    key: Key["base"]
    cell: Index["base"]
    organisation: Index["base"]
    walls: Real["base"]  # log-odds of protection from position and fortification
    reach: Table["base cell"]  # share of its strike power that a base brings to a cell


class _WorldParts(NamedTuple):
    cells: Cells
    organisations: Organisations
    units: Units
    communities: Communities
    bases: Bases


class World(_WorldParts):
    """All static arrays, by kind of thing."""


@dataclass(frozen=True)
class Names:
    """What the positions in the arrays are called. Order is the order of the axes."""

    countries: tuple[str, ...]  # ISO 3166 alpha-3
    capitals: tuple[str, ...]
    regions: tuple[str, ...]  # "MLI/Gao": country and admin-1 name, unique
    groups: tuple[str, ...]
    organisations: tuple[str, ...]  # ids
    labels: tuple[str, ...]  # of organisations, for people
    coalitions: tuple[str, ...]  # ids; an organisation without one is its own
    bases: tuple[str, ...]  # "fama/Kidal": organisation and place, unique
    towns: tuple[str, ...] = ()
    town_cells: tuple[int, ...] = ()
