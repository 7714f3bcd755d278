"""Encounters: who meets whom, how often, and who begins.

Hostile organisations a and b in a cell meet N ~ Poisson(lambda) times a week,

    lambda = h[a, b, region] * beta * rho * s_a**alpha * s_b**alpha * (initiative_a + initiative_b) * (1 - D)

with s the exposed strength in hundreds of fighters, rho = 1 between most, D what peacekeepers prevent between
others than themselves (see `deterrence`), and

    rho = 1 + (rivals - 1) * h * exp(-wary * pressure on both)

between jihadist rivals: at war they seek each other, less so under aircraft that would see them; under a truce
they meet by chance, like others. Initiative is

    initiative = aggression * cohesion * tempo * (half + effort / (effort + half-point)) * (1 - tied * busy)

with busy the share of its fighters in the region whom rivals keep busy (see `relations`), 0 against rivals.

The one that begins is drawn in proportion to initiative; the rest is in `fight`. Then those who time
their attacks with others answer this week's attacks (see `coordination`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.aftermath import confine
from sim.processes.common import exposed, is_state, lose, poisson, rounded, violence_type, write_event
from sim.processes.coordination import PEACE, TACIT, TIMING, openings
from sim.processes.fight import losses, manner, rivals
from sim.processes.massing import MASSING
from sim.state import EVENT_ROOM, Field
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms
from sim.world import Kind

MOST = 8
"""Meetings of two organisations in one cell in one week, at most."""


@dataclass(frozen=True)
class Encounters(Parameters):
    """Parameters of meetings and losses."""

    rate: float = quantity(
        0.12, unit="per week", low=0.0, high=2.0, source="scaled to UCDP GED 24.1 events a week, 2021-2022"
    )
    rivals: float = quantity(
        120.0,
        unit="1",
        low=1.0,
        high=200.0,
        source="AFPC 2021; CTP December 2023: jihadist rivals seek each other in the same villages",
    )
    wary: float = quantity(
        1.1,
        unit="per unit of pressure",
        low=0.0,
        high=2.0,
        source="CTP February 2023: the war grew once French pressure was gone; AFPC 2021, a common enemy",
    )
    found: float = quantity(
        3.0, unit="1", low=1.0, high=4.0, source="AFPC 2021: rivals know each other's villages; nobody hides from them"
    )
    ground: float = quantity(
        6.0,
        unit="1",
        low=1.0,
        high=20.0,
        source="UCDP GED 24.1: 14 deaths a meeting of the two in 2022; they fight over ground, in force",
    )
    contact: float = quantity(
        0.5, unit="exponent", low=0.0, high=1.0, source="judgement: between chance meeting and pursuit"
    )
    tied: float = quantity(
        1.0, unit="share", low=0.0, high=1.0, source="CTC Sentinel 2025: the war among jihadists contained both"
    )
    effort_half: float = quantity(0.08, unit="share", low=0.01, high=0.5, source="judgement")
    ied: float = quantity(
        2.0, unit="weight", low=0.0, high=5.0, source="judgement: AFPC 2021, IEDs the most common means"
    )
    ambush: float = quantity(0.8, unit="weight", low=0.0, high=5.0, source="judgement")
    clash: float = quantity(1.1, unit="weight", low=0.0, high=5.0, source="judgement")
    raid: float = quantity(1.0, unit="weight", low=0.0, high=5.0, source="judgement")
    ied_deaths: float = quantity(1.6, unit="deaths", low=0.0, high=10.0, source="judgement: one vehicle")
    kill: float = quantity(
        0.075, unit="deaths per committed fighter", low=0.0, high=0.5, source="scaled to UCDP GED 24.1 deaths per event"
    )
    surprise: float = quantity(2.0, unit="1", low=1.0, high=4.0, source="judgement: ambushes favour the attacker")
    ambush_law: float = quantity(
        0.3, unit="1", low=0.0, high=1.0, source="judgement: near the linear law (MacKay 2006)"
    )
    clash_law: float = quantity(1.0, unit="1", low=0.0, high=1.0, source="Lanchester 1916, square law")
    reference: float = quantity(50.0, unit="fighters", low=10.0, high=200.0, source="scale of a platoon to a company")
    patrol_size: float = quantity(80.0, unit="troops", low=20.0, high=200.0, source="judgement: a reinforced platoon")
    column_size: float = quantity(150.0, unit="troops", low=50.0, high=500.0, source="judgement: a company group")
    party_size: float = quantity(60.0, unit="fighters", low=10.0, high=150.0, source="judgement: an ambush party")
    mass: float = quantity(
        320.0, unit="fighters", low=100.0, high=1000.0, source="CTP December 2023: hundreds of militants gathered"
    )
    mass_pressure: float = quantity(
        0.97, unit="pressure", low=0.1, high=3.0, source="judgement: massing ends under French air cover"
    )
    massing: str = form(*MASSING, source="CTP December 2023; how safety ends is not known")
    gradient: float = quantity(
        0.2, unit="per degree from base", low=0.0, high=1.0, source="Boulding 1962; Buhaug 2010; judgement"
    )
    away: float = quantity(
        0.3,
        unit="log of worth",
        low=0.0,
        high=1.5,
        source="judgement; after Boulding 1962, applied to civil wars by Buhaug 2010",
    )
    timing: str = form(*TIMING, source="CTP December 2023: JNIM and the ex-rebels struck the same places in turn")
    peace: float = quantity(
        PEACE, unit="hostility", low=0.0, high=1.0, source="judgement: non-aggression is 0.02, rivalry 0.4"
    )
    answer: float = quantity(
        6.0, unit="1", low=0.0, high=30.0, source="CTP December 2023: attacks within days of each other"
    )
    air: float = quantity(1.8, unit="1", low=0.0, high=2.0, source="judgement: air support in a fight")
    tail: float = quantity(2.5, unit="exponent", low=2.1, high=3.5, source="Bohorquez et al. 2009; Clauset et al. 2007")
    disaster: float = quantity(
        30.0, unit="deaths", low=5.0, high=100.0, source="CTP December 2023: patrols halted after a large ambush"
    )
    confinement: float = quantity(8.0, unit="weeks", low=0.0, high=26.0, source="judgement: some weeks without patrols")


EncountersColumns = columns(Encounters, __name__)


@inlined
def initiative(world, state, p, at, o):  # type: ignore[no-untyped-def]
    """How readily organisation o begins a fight in this cell."""
    lane, c = at
    region = world.cells.region[c]
    effort = state.organisations.effort[lane, o, region]
    drive = world.organisations.aggression[o] * state.organisations.tempo[lane, o, region]
    return drive * state.organisations.cohesion[lane, o] * (0.5 + effort / (effort + p.effort_half[lane]))


@inlined
def against(world, state, p, at, o, e):  # type: ignore[no-untyped-def]
    """How readily o begins a fight with e in this cell: those whom rivals keep busy begin few with others."""
    drive = initiative(world, state, p, at, o)
    if rivals(world, o, e):
        return drive
    return drive * (1.0 - p.tied[at[0]] * state.organisations.tied[at[0], o, world.cells.region[at[1]]])


@inlined
def pair_key(world, a, b):  # type: ignore[no-untyped-def]
    """The key of a pair of organisations: the sum of their keys, so that order does not matter."""
    return world.organisations.key[a] + world.organisations.key[b]


@compiled
def meet(world, state, p, streams, at, sides, strength, number):  # type: ignore[no-untyped-def]
    """One meeting of a and b, the first to begin being drawn."""
    lane, c = at
    a, b = sides
    pair, place = pair_key(world, a, b), world.cells.gid[c] + (number << 20)
    who, how, size, first = uniforms(streams, lane, Stream.MEET_KIND, place, pair)
    drive_a, drive_b = against(world, state, p, at, a, b), against(world, state, p, at, b, a)
    if who * (drive_a + drive_b) >= drive_a:
        a, b = b, a
    fight(world, state, p, streams, at, (a, b), strength, (pair, place), (how, size, first))


@compiled
def fight(world, state, p, streams, at, sides, strength, keys, draws):  # type: ignore[no-untyped-def]
    """One fight that a begins with b: how, and what both lose; `keys` = (pair, place)."""
    lane, a, b = at[0], sides[0], sides[1]
    how, size, first = draws
    kind = manner(world, state, p, at, sides, how)
    loss_a, loss_b, n_a, n_b = losses(world, state, p, at, sides, kind, strength, size)
    if n_a < 1.0 or n_b < 1.0:
        return
    round_a, round_b, other, _ = uniforms(streams, lane, Stream.MEET_SIZE, keys[1], keys[0])
    dead_a = lose(world, state, at, a, min(rounded(loss_a, round_a), np.int64(n_a)), first)
    dead_b = lose(world, state, at, b, min(rounded(loss_b, round_b), np.int64(n_b)), other)
    strength[a] -= dead_a
    strength[b] -= dead_b
    row = write_event(state, at, sides, kind, violence_type(world, a, b))
    if row >= 0:
        values = state.events.rows[lane, row]
        values[Field.DEATHS_A], values[Field.DEATHS_B], values[Field.COMMITTED] = dead_a, dead_b, np.int32(n_a)
    if dead_b >= p.disaster[lane] and world.organisations.kind[b] == Kind.ARMY:
        confine(world, state, at, b, p.confinement[lane])


@inlined
def heat(world, state, p, at, a, b):  # type: ignore[no-untyped-def]
    """The factor rho: above 1 for two jihadists, who live among the same people and find each other."""
    lane, c = at
    if not rivals(world, a, b):
        return 1.0
    felt = 0.5 * (state.cells.pressure[lane, c, a] + state.cells.pressure[lane, c, b])
    hostility = state.relations.hostility[lane, a, b, world.cells.region[c]]
    return 1.0 + (p.rivals[lane] - 1.0) * hostility * math.exp(-p.wary[lane] * felt)


@inlined
def calm(world, state, at, a, b):  # type: ignore[no-untyped-def]
    """What peacekeepers leave of meetings in the cell; they do not keep the peace with themselves."""
    kind = world.organisations.kind
    if kind[a] == Kind.PEACEKEEPER or kind[b] == Kind.PEACEKEEPER:
        return 1.0
    return 1.0 - state.cells.deterrence[at[0], at[1]]


@inlined
def contact(world, state, p, at, sides, strength):  # type: ignore[no-untyped-def]
    """Meetings a week of a pair at war, per unit of initiative."""
    a, b = sides
    lane = at[0]
    met = p.rate[lane] * heat(world, state, p, at, a, b) * calm(world, state, at, a, b)
    return met * (strength[a] * strength[b] / 1e4) ** p.contact[lane]


@compiled
def pairs(world, state, p, streams, at, who, strength):  # type: ignore[no-untyped-def]
    """All meetings of the week in one cell, pair by pair; `who` are those in it."""
    lane, c = at
    for i in range(who.shape[0]):
        a = who[i]
        stance = state.relations.hostility[lane, a]
        for b in who[i + 1 :]:
            hostility = stance[b, world.cells.region[c]]
            if hostility > 0.0 and strength[a] > 0.0 and strength[b] > 0.0:
                drive = against(world, state, p, at, a, b) + against(world, state, p, at, b, a)
                mean = hostility * drive * contact(world, state, p, at, (a, b), strength)
                unit = uniform(streams, lane, Stream.MEET, world.cells.gid[c], pair_key(world, a, b))
                for number in range(min(poisson(mean, unit), MOST)):
                    meet(world, state, p, streams, at, (a, b), strength, number)


@compiled
def answer(world, state, p, streams, at, sides, opened, strength, who):  # type: ignore[no-untyped-def]
    """Attacks of o on e in the cell that answer the week's `opened` attacks of others on e."""
    lane, c = at
    o, e = sides
    exposed(world, state, at, who, strength)
    drive = against(world, state, p, at, o, e) * state.relations.hostility[lane, o, e, world.cells.region[c]]
    mean = p.answer[lane] * opened * drive * contact(world, state, p, at, sides, strength)
    pair = pair_key(world, o, e)
    unit = uniform(streams, lane, Stream.COORDINATE, world.cells.gid[c], pair)
    for number in range(min(poisson(mean, unit), MOST)):
        place = world.cells.gid[c] + ((MOST + number) << 20)
        _, how, size, first = uniforms(streams, lane, Stream.MEET_KIND, place, pair)
        fight(world, state, p, streams, at, sides, strength, (pair, place), (how, size, first))


@compiled
def answers(world, state, p, streams, lane, strength, who):  # type: ignore[no-untyped-def]
    """Attacks on states that answer others' attacks of this week, each pair and cell once."""
    written, kind, region = min(state.events.count[lane], EVENT_ROOM), world.organisations.kind, world.cells.region
    for row in range(written):
        values = state.events.rows[lane, row]
        near, e = world.cells.neighbour[values[Field.CELL]], values[Field.SIDE_B]
        if e < 0 or not is_state(kind[e]) or kind[values[Field.SIDE_A]] > Kind.REBEL:
            continue
        for o in range(kind.shape[0]):
            for c in near:
                if c >= 0 and kind[o] <= Kind.REBEL and both_present(state, lane, c, o, e):
                    count, first = openings(world, state, p, (lane, c), (o, e), written)
                    if count > 0 and first == row and state.relations.hostility[lane, o, e, region[c]] > 0.0:
                        answer(world, state, p, streams, (lane, c), (o, e), count, strength, who)


@inlined
def both_present(state, lane, c, o, e):  # type: ignore[no-untyped-def]
    """Whether both have fighters in the cell."""
    return state.cells.presence[lane, c, o] > 0.0 and state.cells.presence[lane, c, e] > 0.0


@compiled
def week_in_lane(world, state, p, streams, lane, who, strength):  # type: ignore[no-untyped-def]
    """All cells of a lane in which units meet; `who` and `strength` (organisation,) are room."""
    first = state.cells.first[lane]
    for c in range(world.cells.gid.shape[0]):
        if first[c + 1] - first[c] > 1:
            count = exposed(world, state, (lane, c), who, strength)
            pairs(world, state, p, streams, (lane, c), who[:count], strength)
    if p.timing[lane] == TACIT:
        answers(world, state, p, streams, lane, strength, who)


@kernel
def encounters_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `encounters`."""
    strength = np.zeros(world.organisations.kind.shape[0])
    who = np.empty(strength.shape[0], np.int32)
    for lane in range(state.units.fighters.shape[0]):
        week_in_lane(world, state, p, streams, lane, who, strength)


encounters = Link(encounters_kernel)
"""All meetings of hostile organisations in all cells, one cell after another."""
