"""Encounters and losses: who meets whom, how, and what it costs.

Hostile organisations a and b in a cell meet N ~ Poisson(lambda) times a week,

    lambda = h[a, b, region] * beta * rho * s_a**alpha * s_b**alpha * (initiative_a + initiative_b)

with s the exposed strength in hundreds of fighters, rho above 1 between jihadist rivals, and
initiative = aggression * cohesion * tempo * (half + effort / (effort + half-point)).
The one that begins is drawn in proportion to initiative; how it fights (IED, ambush, clash,
raid) by weights on its skills and on what it finds.

With n the committed strengths and q the worth of a fighter, the losses of a meeting are

    loss_d = k * surprise * n_a * q_a * (n_d / n_ref)**(1 - law) * X
    loss_a = k / surprise * n_d * q_d * (n_a / n_ref)**(1 - law) * X

An IED costs the defender alone. law = 1 is Lanchester's square law, law = 0 his linear law
(Lanchester 1916; MacKay 2006, Lanchester combat models). X has mean 1 and a power-law tail
(see `common.heavy`), so the law holds in the mean. An insurgent side brings no more than it can
safely gather under pressure. Jihadist rivals know each other's hiding places
(`found` times as many can be met) and fight for ground: k times `ground`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import (
    exposure,
    heavy,
    held,
    is_insurgent,
    is_state,
    lose,
    poisson,
    rounded,
    violence_type,
    write_event,
)
from sim.processes.pressure import safe_mass
from sim.state import EventKind, Field
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms
from sim.world import Kind, Skill


@dataclass(frozen=True)
class Encounters(Parameters):
    """Parameters of meetings and losses."""

    rate: float = quantity(
        0.15, unit="per week", low=0.0, high=2.0, source="scaled to UCDP GED 24.1 events a week, 2021-2022"
    )
    rivals: float = quantity(
        9.0,
        unit="1",
        low=1.0,
        high=20.0,
        source="AFPC 2021; CTP December 2023: jihadist rivals seek each other in the same villages",
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
    effort_half: float = quantity(0.08, unit="share", low=0.01, high=0.5, source="judgement")
    ied: float = quantity(
        2.0, unit="weight", low=0.0, high=5.0, source="judgement: AFPC 2021, IEDs the most common means"
    )
    ambush: float = quantity(1.0, unit="weight", low=0.0, high=5.0, source="judgement")
    clash: float = quantity(0.8, unit="weight", low=0.0, high=5.0, source="judgement")
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
    patrol_size: float = quantity(60.0, unit="troops", low=20.0, high=200.0, source="judgement: a reinforced platoon")
    column_size: float = quantity(150.0, unit="troops", low=50.0, high=500.0, source="judgement: a company group")
    party_size: float = quantity(40.0, unit="fighters", low=10.0, high=150.0, source="judgement: an ambush party")
    mass: float = quantity(
        500.0, unit="fighters", low=100.0, high=1000.0, source="CTP December 2023: hundreds of militants gathered"
    )
    mass_pressure: float = quantity(
        1.2, unit="pressure", low=0.1, high=3.0, source="judgement: massing ends under French air cover"
    )
    air: float = quantity(0.6, unit="1", low=0.0, high=2.0, source="judgement: air support in a fight")
    tail: float = quantity(2.5, unit="exponent", low=2.1, high=3.5, source="Bohorquez et al. 2009; Clauset et al. 2007")
    disaster: float = quantity(
        30.0, unit="deaths", low=5.0, high=100.0, source="CTP December 2023: patrols halted after a large ambush"
    )
    confinement: float = quantity(8.0, unit="weeks", low=0.0, high=26.0, source="judgement: some weeks without patrols")


EncountersColumns = columns(Encounters, __name__)


@inlined
def exposed(world, state, at, strength):  # type: ignore[no-untyped-def]
    """Fill `strength` (organisation,): fighters in the cell that can be met, this week."""
    lane, c = at
    strength[:] = 0.0
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        strength[world.units.organisation[u]] += state.units.fighters[lane, u] * exposure(state.units.posture[lane, u])


@inlined
def initiative(world, state, p, at, o):  # type: ignore[no-untyped-def]
    """How readily organisation o begins a fight in this cell."""
    lane, c = at
    region = world.cells.region[c]
    effort = state.organisations.effort[lane, o, region]
    drive = world.organisations.aggression[o] * state.organisations.tempo[lane, o, region]
    return drive * state.organisations.cohesion[lane, o] * (0.5 + effort / (effort + p.effort_half[lane]))


@inlined
def committed(world, state, p, at, o, cap):  # type: ignore[no-untyped-def]
    """Most fighters o brings to one meeting: `cap`, and for insurgents what can safely gather."""
    lane, c = at
    if not is_insurgent(world.organisations.kind[o]):
        return cap
    skill = state.organisations.skill[lane, o, Skill.MASSING]
    return min(cap, safe_mass(p.mass[lane], skill, state.cells.pressure[lane, c, o], p.mass_pressure[lane]))


@compiled
def manner(world, state, p, at, sides, unit):  # type: ignore[no-untyped-def]
    """How the beginner fights: an `EventKind` drawn by weight."""
    lane, a, d = at[0], sides[0], sides[1]
    if is_state(world.organisations.kind[a]):
        return EventKind.CLASH
    ied = p.ied[lane] * state.organisations.skill[lane, a, Skill.IED] * is_state(world.organisations.kind[d])
    ambush = p.ambush[lane]
    clash = p.clash[lane] * state.organisations.skill[lane, a, Skill.MASSING]
    raid = p.raid[lane] * is_insurgent(world.organisations.kind[d])
    x = unit * (ied + ambush + clash + raid)
    if x < ied:
        return EventKind.IED
    if x < ied + ambush:
        return EventKind.AMBUSH
    return EventKind.CLASH if x < ied + ambush + clash else EventKind.RAID


@inlined
def rivals(world, a, b):  # type: ignore[no-untyped-def]
    """Whether both are jihadists: they live among the same people and find each other."""
    return world.organisations.kind[a] == Kind.JIHADIST and world.organisations.kind[b] == Kind.JIHADIST


@inlined
def sizes(world, state, p, at, sides, kind, strength):  # type: ignore[no-untyped-def]
    """Committed fighters of both sides, whole numbers of what is there."""
    lane = at[0]
    a, d = sides
    cap = p.column_size[lane] if kind == EventKind.CLASH else p.party_size[lane]
    if kind == EventKind.CLASH and is_insurgent(world.organisations.kind[a]):
        cap = p.mass[lane]
    known, present = p.found[lane] if rivals(world, a, d) else 1.0, state.cells.presence[lane, at[1]]
    n_a = min(min(known * strength[a], present[a]), committed(world, state, p, at, a, cap))
    cap = p.column_size[lane] if kind == EventKind.CLASH else p.patrol_size[lane]
    n_d = min(min(known * strength[d], present[d]), committed(world, state, p, at, d, cap))
    return n_a, n_d


@inlined
def air_factor(world, state, p, at, sides):  # type: ignore[no-untyped-def]
    """How much more an insurgent side loses because its enemy's aircraft are near."""
    lane, c = at
    side, enemy = sides
    if is_state(world.organisations.kind[enemy]):
        return 1.0 + p.air[lane] * min(state.cells.pressure[lane, c, side], 2.0)
    return 1.0


@compiled
def losses(world, state, p, at, sides, kind, strength, unit):  # type: ignore[no-untyped-def]
    """Expected losses of beginner and defender in one meeting, times its size multiplier."""
    lane = at[0]
    a, d = sides
    size = heavy(p.tail[lane], unit)
    n_a, n_d = sizes(world, state, p, at, sides, kind, strength)
    if kind == EventKind.IED:
        return 0.0, p.ied_deaths[lane] * size, n_a, n_d
    law = p.clash_law[lane] if kind == EventKind.CLASH else p.ambush_law[lane]
    edge = 1.0 if kind == EventKind.CLASH else p.surprise[lane]
    q_a, q_d = world.organisations.quality[a], world.organisations.quality[d]
    scale = p.kill[lane] * size * (p.ground[lane] if rivals(world, a, d) else 1.0)
    loss_d = scale * edge * n_a * q_a * (n_d / p.reference[lane]) ** (1.0 - law)
    loss_a = scale / edge * n_d * q_d * (n_a / p.reference[lane]) ** (1.0 - law)
    loss_d *= air_factor(world, state, p, at, (d, a))
    loss_a *= air_factor(world, state, p, at, (a, d))
    return loss_a, loss_d, n_a, n_d


@compiled
def confine(world, state, at, o, weeks):  # type: ignore[no-untyped-def]
    """Shut the garrisons of o in the cell and around it into their bases for some weeks."""
    lane, c = at
    for b in range(world.bases.cell.shape[0]):
        if world.bases.organisation[b] == o:
            for k in range(9):
                if world.cells.neighbour[c, k] == world.bases.cell[b]:
                    state.bases.confined[lane, b] = max(state.bases.confined[lane, b], np.int32(weeks))


@inlined
def pair_key(world, a, b):  # type: ignore[no-untyped-def]
    """The key of a pair of organisations: the sum of their keys, so that order does not matter."""
    return world.organisations.key[a] + world.organisations.key[b]


@compiled
def meet(world, state, p, streams, at, sides, strength, number):  # type: ignore[no-untyped-def]
    """One meeting of a and b: who begins, how, and what both lose."""
    lane, c = at
    a, b = sides
    pair, place = pair_key(world, a, b), world.cells.gid[c] + (number << 20)
    who, how, size, first = uniforms(streams, lane, Stream.MEET_KIND, place, pair)
    drive_a, drive_b = initiative(world, state, p, at, a), initiative(world, state, p, at, b)
    if who * (drive_a + drive_b) >= drive_a:
        a, b = b, a
    kind = manner(world, state, p, at, (a, b), how)
    loss_a, loss_b, n_a, n_b = losses(world, state, p, at, (a, b), kind, strength, size)
    if n_a < 1.0 or n_b < 1.0:
        return
    round_a, round_b, other, _ = uniforms(streams, lane, Stream.MEET_SIZE, place, pair)
    dead_a = lose(world, state, at, a, min(rounded(loss_a, round_a), np.int64(n_a)), first)
    dead_b = lose(world, state, at, b, min(rounded(loss_b, round_b), np.int64(n_b)), other)
    strength[a] -= dead_a
    strength[b] -= dead_b
    kinds = world.organisations.kind
    row = write_event(state, at, (a, b), kind, violence_type(world, a, b))
    if row >= 0:
        values = state.events.rows[lane, row]
        values[Field.DEATHS_A], values[Field.DEATHS_B], values[Field.COMMITTED] = dead_a, dead_b, np.int32(n_a)
    if dead_b >= p.disaster[lane] and kinds[b] == Kind.ARMY:
        confine(world, state, at, b, p.confinement[lane])


@compiled
def pairs(world, state, p, streams, at, strength):  # type: ignore[no-untyped-def]
    """All meetings of the week in one cell, pair by pair."""
    lane, c = at
    organisations = strength.shape[0]
    for a in range(organisations):
        if strength[a] <= 0.0 or state.cells.presence[lane, c, a] <= 0.0:
            continue
        for b in range(a + 1, organisations):
            if strength[b] <= 0.0 or strength[a] <= 0.0:
                continue
            hostility = state.relations.hostility[lane, a, b, world.cells.region[c]]
            if hostility > 0.0:
                drive = initiative(world, state, p, at, a) + initiative(world, state, p, at, b)
                contact = (strength[a] * strength[b] / 1e4) ** p.contact[lane]
                unit = uniform(streams, lane, Stream.MEET, world.cells.gid[c], pair_key(world, a, b))
                contact *= p.rivals[lane] if rivals(world, a, b) else 1.0
                for number in range(min(poisson(hostility * p.rate[lane] * contact * drive, unit), 8)):
                    meet(world, state, p, streams, at, (a, b), strength, number)


@kernel
def encounters_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `encounters`."""
    strength = np.empty(world.organisations.kind.shape[0])
    for lane in range(state.units.fighters.shape[0]):
        for c in range(world.cells.gid.shape[0]):
            if state.cells.first[lane, c + 1] - state.cells.first[lane, c] > 1:
                exposed(world, state, (lane, c), strength)
                pairs(world, state, p, streams, (lane, c), strength)


def encounters(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """All meetings of hostile organisations in all cells, one cell after another."""
    encounters_kernel(bound(world), bound(state), held(parameters), streams)
