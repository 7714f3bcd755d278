"""The state: all that changes in a run, as arrays whose first axis is the lane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.axes import Code, Count, Index, Real, Table


class Posture(IntEnum):
    """What a unit does this week."""

    REST = 0  # armed group: dispersed among the people, or away
    GOVERN = 1  # armed group: holds courts, taxes, escorts traders
    MASS = 2  # armed group: gathered for a large attack, visible from the air
    GARRISON = 3  # inside the base, moving about its own cell
    PATROL = 4  # out of the base, in its own or a neighbouring cell
    CONFINED = 5  # inside the base and not moving
    COLUMN = 6  # mobile force on operations


class Zone(IntEnum):
    """Class of a cell for a coalition, in the words of control-of-terrain maps."""

    NONE = 0
    ATTACK = 1  # attacked here in the last quarter, without a support zone
    SUPPORT = 2  # present, governing or welcome, little disturbed in the last quarter
    CONTESTED = 3  # a real share of control, and so has a rival
    CONTROL = 4  # share at least 0.6 and no rival above 0.2


class EventKind(IntEnum):
    """How an event came about."""

    IED = 0
    AMBUSH = 1
    CLASH = 2
    RAID = 3
    ASSAULT = 4
    VEHICLE_BOMB = 5
    STRIKE = 6
    CIVILIANS = 7


class Field(IntEnum):
    """Columns of an event row."""

    CELL = 0
    SIDE_A = 1  # organisation that began it
    SIDE_B = 2  # organisation attacked; -1 for civilians
    KIND = 3
    VIOLENCE = 4  # UCDP: 1 state-based, 2 non-state, 3 one-sided
    DEATHS_A = 5
    DEATHS_B = 6
    CIVILIANS = 7
    COMMUNITY = 8  # whose people suffered; -1 for none
    BASE = 9  # assaulted base; -1 for none
    OVERRUN = 10  # 1 if the base fell
    COMMITTED = 11  # fighters that side A brought


EVENT_FIELDS = len(Field)
EVENT_ROOM = 512
"""Events that a lane can hold in one week; a week with more stops the run with an error."""


class UnitState(NamedTuple):
    """Units: bodies of fighters or troops."""

    fighters: Count["lane unit"]
    establishment: Count["lane unit"]  # troops that replacement fills a garrison or column up to
    cell: Index["lane unit"]
    posture: Index["lane unit"]
    weeks: Index["lane unit"]  # in this posture


class CellState(NamedTuple):
    """Cells: what is there, who is welcome, who governs and controls."""

    presence: Table["lane cell organisation"]  # fighters
    enemies: Table["lane cell organisation"]  # fighters hostile to it at the muster, by hostility and worth
    welcome: Table["lane cell organisation"]  # allegiance of the cell's people, mean over people
    governance: Table["lane cell organisation"]  # in [0, 1]
    share: Table["lane cell organisation"]  # of control; the rest up to 1 is nobody's
    pressure: Table["lane cell organisation"]  # counter-terrorism pressure felt by an organisation
    attacks: Table["lane cell organisation"]  # begun by it, decaying over a quarter
    deterrence: Real["lane cell"]  # share of violence that peacekeepers prevent here this week, in [0, 1)
    zone: Code["lane cell coalition"]
    due: Index["lane cell"]  # 1 where control is renewed this week in any case, see `control`
    first: Index["lane cell+1"]  # muster: members of cell c are first[c] to first[c + 1] - 1
    member: Index["lane unit"]  # units with fighters, sorted by cell


class CommunityState(NamedTuple):
    """Communities: the people of one group in one cell, and what they think."""

    people: Count["lane community"]
    attitude: Table["lane community organisation"]
    allegiance: Table["lane community organisation"]  # shares; the rest up to 1 is to nobody
    harm: Table["lane community organisation"]  # remembered deaths per thousand people, decaying
    fear: Real["lane community"]  # in [0, 1]
    protector: Index["lane community"]  # organisation; -1 for none
    displaced: Count["lane community"]  # of its people, how many live in its refuge (and are counted there)
    refuge: Index["lane community"]  # community that took them in; -1 for none


class OrganisationState(NamedTuple):
    """Organisations: skills, mood, means and attention."""

    skill: Real["lane organisation 4"]  # see Skill
    cohesion: Real["lane organisation"]  # in [0, 1]; leaders lost lower it, time heals
    treasury: Real["lane organisation"]  # in thousand fighter-weeks of pay
    prestige: Real["lane organisation"]  # in [0, 1]
    discipline: Real["lane organisation"]
    replacement: Real["lane organisation"]  # troops a week that the state or sender can send
    effort: Real["lane organisation region"]  # attention by front, sums to 1
    tempo: Real["lane organisation region"]  # readiness to patrol and operate, 1 is normal
    losses: Real["lane organisation region"]  # recent losses, decaying over a quarter
    tied: Real["lane organisation region"]  # share of its fighters there whom rivals keep busy, in [0, 1]
    links: Real["lane organisation"]  # external money and men, in [0, 1]
    intent: Real["lane organisation"]  # will to strike abroad, in [0, 1]
    legitimacy: Real["lane organisation"]  # of a state's government, in [0, 1]; 1 for all others
    junta: Index["lane organisation"]  # weeks since a junta took power; -1 for none
    talks: Real["lane organisation"]  # prospect of talks between an armed group and states, in [0, 1]


class Relations(NamedTuple):
    """Pairs of organisations: hostility by region, and support."""

    hostility: Table["lane organisation organisation region"]  # in [0, 1], symmetric
    rest: Table["lane organisation organisation region"]  # what hostility drifts back to
    ceiling: Table["lane organisation organisation region"]  # a truce holds hostility below this; 1 is none
    support: Real["lane organisation organisation"]  # air cover and rescue that a gives b, in [0, 1]
    accord: Real["lane organisation organisation"]  # how far a peace accord of a and b is carried out, in [0, 1]
    passage: Real["lane organisation country"]  # 1 where its troops may operate, 0 where they may not


class BaseState(NamedTuple):
    """Bases: held or not, aircraft, confinement."""

    open: Index["lane base"]  # 1 if held by its organisation
    strike: Real["lane base"]  # aircraft and armed drones based there, in two-ship equivalents
    confined: Index["lane base"]  # weeks of confinement left


class Ledger(NamedTuple):
    """What came and went since the start, to the person: start + joined - killed - left = now."""

    joined: Count["lane organisation"]
    killed: Count["lane organisation"]
    left: Count["lane organisation"]
    civilians_killed: Count["lane community"]
    recruited: Count["lane community"]  # joined an armed group
    returned: Count["lane community"]  # left an armed group for home
    leaders: Count["lane organisation"]  # leaders killed or captured
    overrun: Count["lane organisation"]  # bases lost to assault
    defected: Count["lane organisation"]  # fighters who left it for a rival (also in left, and joined there)
    exchanged: Count["lane organisation"]  # fighters returned by exchanges (also in joined)
    coups: Count["lane organisation"]  # changes of government by force
    capitals: Count["lane organisation"]  # weeks in which its capital was taken
    fled: Count["lane community"]  # people who fled from home
    came_home: Count["lane community"]  # people who returned home
    enlisted: Count["lane organisation region group"]  # recruits by where and of whom


class Events(NamedTuple):
    """The week's events; emptied when a week begins."""

    count: Index["lane"]  # type: ignore[assignment]
    rows: Index["lane event field"]


class Policies(NamedTuple):
    """What governments and aid do in a region beside fighting; set by events, read by processes."""

    investment: Real["lane region"]  # early investment and mediation of local disputes, in [0, 1]
    repression: Real["lane region"]  # harassment of communities held to be the enemy's, in [0, 1]
    access: Real["lane region"]  # humanitarian access, in [0, 1]; 1 is unhindered


class TimelineState(NamedTuple):
    """Rules of the histories: when they fired."""

    fired: Index["lane rule"]  # week number in which a rule of the history fired; -1 if it has not


class _StateParts(NamedTuple):
    units: UnitState
    cells: CellState
    communities: CommunityState
    organisations: OrganisationState
    relations: Relations
    bases: BaseState
    ledger: Ledger
    policies: Policies
    events: Events
    timeline: TimelineState


class State(_StateParts):
    """All changing arrays of a batch of lanes."""


def lanes(state: State) -> int:
    """Number of lanes in a batch."""
    return int(state.units.fighters.shape[0])


def repeat(start: State, times: int) -> State:
    """`start`, a state of one lane, copied into `times` lanes of its own memory."""
    return _mapped(start, lambda a: np.ascontiguousarray(np.repeat(a, times, axis=0)))


def take(state: State, lane: int) -> State:
    """One lane of a batch as a state of its own (a copy)."""
    return _mapped(state, lambda a: a[lane : lane + 1].copy())


def equal(a: State, b: State) -> bool:
    """Whether two states are equal to the bit."""
    return all(np.array_equal(x, y) for x, y in zip(_arrays(a), _arrays(b), strict=True))


def _arrays(state: State) -> Iterator[NDArray[np.generic]]:
    for part in state:
        yield from part


def _mapped(state: State, change: Callable[[NDArray[Any]], NDArray[Any]]) -> State:
    return State._make(type(part)._make(change(a) for a in part) for part in state)
