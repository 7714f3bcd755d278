"""A small world by hand: six cells in a row, two regions, an army, a jihadist group and a foreign force.

Cells 0-2 are the region AAA/West with the capital in cell 0, cells 3-5 the region AAA/East. The army
has garrisons at Home (cell 0, 200 troops and a column of 100) and Edge (cell 3, 100), the foreign
force a camp at Edge (cell 3, 300 in two units, strike 2) and one at Far (cell 5, 90); ``army/Far`` and
``foreign/Home`` are bases that nobody holds yet. The jihadist group has bands of 60, 40 and 20.
"""

from __future__ import annotations

import numpy as np

from sim.axes import as_declared, check_axes
from sim.state import (
    EVENT_FIELDS,
    EVENT_ROOM,
    BaseState,
    CellState,
    CommunityState,
    Events,
    Ledger,
    OrganisationState,
    Policies,
    Posture,
    Relations,
    State,
    TimelineState,
    UnitState,
)
from sim.streams import Streams, stable_key
from sim.world import Bases, Cells, Communities, Kind, Names, Organisations, Role, Units, World

NAMES = Names(
    countries=("AAA",),
    capitals=("Capital",),
    regions=("AAA/West", "AAA/East"),
    groups=("people",),
    organisations=("army", "group", "foreign"),
    labels=("The army", "The group", "The force"),
    coalitions=("state", "jihad", "abroad"),
    bases=("army/Home", "army/Edge", "army/Far", "foreign/Edge", "foreign/Far", "foreign/Home"),
)
BASE_CELL, BASE_OWNER = [0, 3, 5, 3, 5, 0], [0, 0, 0, 2, 2, 2]
#        army: Home, Home's column, Edge, Far | group | foreign: Edge twice, Far, Home
OWNER = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
BASE = [0, 0, 1, 2, -1, -1, -1, -1, 3, 3, 4, 5]
CELL = [0, 0, 3, 5, 3, 4, 1, 4, 3, 3, 5, 0]
TROOPS = [200, 100, 100, 0, 60, 40, 20, 0, 150, 150, 90, 0]


def world() -> World:
    """The static arrays."""
    made = as_declared(World(_cells(), _organisations(), _units(), _communities(), _bases()))
    check_axes(made, {})
    return made


def _cells() -> Cells:
    neighbour = np.full((6, 9), -1, dtype=np.int32)
    for c in range(6):
        around = [d for d in (c, c - 1, c + 1) if 0 <= d < 6]
        neighbour[c, : len(around)] = around
    return Cells(
        gid=np.arange(100, 106), lat=np.full(6, 15.0), lon=np.arange(6) * 0.5, country=np.zeros(6, np.int32),
        region=np.array([0, 0, 0, 1, 1, 1], np.int32), area=np.full(6, 3000.0), rain=np.full(6, 400.0),
        town=np.zeros(6, np.int64), neighbour=neighbour, travel=np.ones((6, 9)),
        capital=np.arange(6.0)[:, None] * 60.0, riches=np.zeros((6, 3)),
    )  # fmt: skip


def _organisations() -> Organisations:
    ones = np.ones(3)
    return Organisations(
        key=np.array([stable_key(name) for name in NAMES.organisations], np.uint64),
        kind=np.array([Kind.ARMY, Kind.JIHADIST, Kind.COUNTER_TERRORISM], np.int32),
        coalition=np.array([0, 1, 2], np.int32), country=np.array([0, -1, -1], np.int32),
        host=np.array([-1, -1, 0], np.int32), unit_size=np.array([100, 40, 150]), mobility=ones * 0.3, quality=ones,
        discipline=ones * 0.5, aggression=ones, recruitment=np.array([0.0, 1.0, 0.0]), home=np.ones((3, 6)),
        kin=np.zeros((3, 3)),
    )  # fmt: skip


def _units() -> Units:
    role = [Role.FIGHTERS if base < 0 else Role.GARRISON for base in BASE]
    role[1] = role[9] = Role.MOBILE
    return Units(
        key=np.array([stable_key(f"unit {u}") for u in range(len(OWNER))], np.uint64),
        organisation=np.array(OWNER, np.int32), role=np.array(role, np.int32), base=np.array(BASE, np.int32),
        first=np.array([0, 4, 8, 12], np.int32),
    )  # fmt: skip


def _communities() -> Communities:
    cell = np.array([0, 0, 1, 2, 3, 3, 4, 5], np.int32)
    return Communities(
        key=np.array([stable_key(f"community {k}") for k in range(8)], np.uint64), cell=cell,
        group=np.zeros(8, np.int32), kin=np.where(cell < 3, 0, 1).astype(np.int32), prior=np.zeros((8, 3)),
        herders=np.zeros(8), havens=np.full((8, 12), -1, np.int32),
        first=np.searchsorted(cell, np.arange(7)).astype(np.int32),
    )  # fmt: skip


def _bases() -> Bases:
    return Bases(
        key=np.array([stable_key(name) for name in NAMES.bases], np.uint64), cell=np.array(BASE_CELL, np.int32),
        organisation=np.array(BASE_OWNER, np.int32), walls=np.ones(6), reach=np.ones((6, 6)),
    )  # fmt: skip


def state(lanes: int = 1, rules: int = 1) -> State:
    """The state at the start, the same in every lane."""
    made = State(
        _unit_state(lanes), _cell_state(lanes), _community_state(lanes), _organisation_state(lanes),
        Relations(np.ones((lanes, 3, 3, 2)) * 0.5, np.ones((lanes, 3, 3, 2)) * 0.5, np.ones((lanes, 3, 3, 2)),
                  np.ones((lanes, 3, 3)) * 0.6, np.zeros((lanes, 3, 3)), np.ones((lanes, 3, 1))),
        BaseState(np.tile(np.array([1, 1, 0, 1, 1, 0], np.int32), (lanes, 1)),
                  np.tile([0.5, 0.0, 0.0, 2.0, 0.0, 0.0], (lanes, 1)), np.zeros((lanes, 6), np.int32)),
        Ledger(**{name: np.zeros((lanes, *LEDGER.get(name, (3,))), np.int64) for name in Ledger._fields}),
        Policies(np.zeros((lanes, 2)), np.zeros((lanes, 2)), np.ones((lanes, 2))),
        Events(np.zeros(lanes, np.int32), np.zeros((lanes, EVENT_ROOM, EVENT_FIELDS), np.int32)),
        TimelineState(np.full((lanes, rules), -1, np.int32)),
    )  # fmt: skip
    made = as_declared(made)
    check_axes(made, {"lane": lanes, "cell": 6, "cell+1": 7, "event": EVENT_ROOM})
    return made


OF_PEOPLE = ("civilians_killed", "recruited", "returned", "fled", "came_home")
LEDGER = dict.fromkeys(OF_PEOPLE, (8,)) | {"enlisted": (3, 2, 1)}


def _unit_state(lanes: int) -> UnitState:
    troops, base = np.array(TROOPS), np.array(BASE)
    return UnitState(
        np.tile(troops, (lanes, 1)), np.tile(np.where(base >= 0, troops, 0), (lanes, 1)),
        np.tile(np.array(CELL, np.int32), (lanes, 1)),
        np.tile(np.where(base >= 0, Posture.GARRISON, Posture.REST).astype(np.int32), (lanes, 1)),
        np.zeros((lanes, 12), np.int32),
    )  # fmt: skip


def _cell_state(lanes: int) -> CellState:
    field = np.zeros((lanes, 6, 3))
    share = field.copy()
    share[:, :, 0] = 0.5
    codes = np.zeros((lanes, 6, 3), np.int32)
    return CellState(
        presence=field.copy(), enemies=field.copy(), welcome=field.copy(), governance=field.copy(), share=share,
        pressure=field.copy(), attacks=field.copy(), deterrence=np.zeros((lanes, 6)),
        zone=codes, due=np.ones((lanes, 6), np.int32),
        first=np.zeros((lanes, 7), np.int32), member=np.zeros((lanes, 12), np.int32),
    )  # fmt: skip


def _community_state(lanes: int) -> CommunityState:
    field = np.zeros((lanes, 8, 3))
    return CommunityState(
        np.full((lanes, 8), 1000, np.int64), field.copy(), field.copy(), field.copy(), np.zeros((lanes, 8)),
        np.full((lanes, 8), -1, np.int32), np.zeros((lanes, 8), np.int64), np.full((lanes, 8), -1, np.int32),
    )  # fmt: skip


def _organisation_state(lanes: int) -> OrganisationState:
    half = np.full((lanes, 3), 0.5)
    return OrganisationState(
        np.full((lanes, 3, 4), 0.2), np.ones((lanes, 3)), half.copy(), half.copy(), half.copy(), np.zeros((lanes, 3)),
        np.full((lanes, 3, 2), 0.5), np.ones((lanes, 3, 2)), np.zeros((lanes, 3, 2)),
        np.zeros((lanes, 3, 2)), np.full((lanes, 3), 0.2), np.full((lanes, 3), 0.1), np.ones((lanes, 3)),
        np.full((lanes, 3), -1, np.int32),
        np.zeros((lanes, 3)),
    )  # fmt: skip


def streams(week: int, lanes: int = 1, seed: int = 7) -> Streams:
    """Chance for one week; lane i is replicate i."""
    key = np.column_stack([np.full(lanes, seed), np.arange(lanes)]).astype(np.uint64)
    return Streams(key, week)


def troops_of(now: State, organisation: str) -> np.ndarray:
    """Fighters of an organisation in each lane."""
    mine = np.array(OWNER) == NAMES.organisations.index(organisation)
    return np.asarray(now.units.fighters[:, mine].sum(axis=1))
