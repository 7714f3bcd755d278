"""Recruitment and attrition of units: who joins, who goes home, who is replaced.

An armed group present in a cell recruits N ~ Poisson(rho * sum over communities of people *
allegiance * (1 + omega * grievance)) * recruitment * pay, with grievance the remembered harm by
those hostile to it, in deaths per thousand, saturating at `grievance_half` (abuses feed
recruitment: CTC Sentinel 2025; AFPC 2021). Fighters leave at a weekly rate that cohesion and
nearness to home lower.
States and senders replace losses of their garrisons up to `establishment`. People are moved
between communities and units one by one: nobody appears from nowhere but foreign fighters and
troops, whom the ledger counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import held, is_insurgent, poisson, rounded
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms


@dataclass(frozen=True)
class Recruitment(Parameters):
    """Parameters of recruitment, desertion and replacement."""

    rate: float = quantity(
        27.0,
        unit="recruits a week per million allegiant people",
        low=0.0,
        high=100.0,
        source="scaled to JNIM 2,000 (2018) to 5,000 (2022): GITOC 2023",
    )
    grievance: float = quantity(2.0, unit="1", low=0.0, high=6.0, source="AFPC 2021; CTC Sentinel 2025: abuses recruit")
    grievance_half: float = quantity(0.3, unit="deaths per thousand", low=0.01, high=5.0, source="judgement")
    pay_weeks: float = quantity(8.0, unit="weeks of pay in hand", low=1.0, high=52.0, source="judgement")
    foreign: float = quantity(
        6.0, unit="fighters a week", low=0.0, high=10.0, source="judgement: links abroad times this"
    )
    leave: float = quantity(
        0.008, unit="per week", low=0.0, high=0.05, source="judgement: a third a year of those far from home"
    )
    attachment: float = quantity(0.8, unit="share", low=0.0, high=1.0, source="judgement: men in their homeland stay")
    disunity: float = quantity(1.5, unit="1", low=0.0, high=5.0, source="judgement: desertion when cohesion falls")
    heal: float = quantity(0.02, unit="per week", low=0.0, high=0.2, source="judgement: cohesion returns within a year")
    replace: float = quantity(0.04, unit="share of the gap a week", low=0.0, high=0.5, source="judgement")


RecruitmentColumns = columns(Recruitment, __name__)


@inlined
def draw_of(state, p, lane, k, o, hostility):  # type: ignore[no-untyped-def]
    """How strongly community k feeds organisation o: allegiant people, more if its enemies harmed them."""
    followers = state.communities.people[lane, k] * state.communities.allegiance[lane, k, o]
    if followers < 0.5:
        return 0.0
    harm, done = 0.0, state.communities.harm[lane, k]
    for e in range(done.shape[0]):
        if done[e] > 0.0:
            harm += hostility[e] * done[e]
    return followers * (1.0 + p.grievance[lane] * harm / (harm + p.grievance_half[lane]))


@inlined
def pay(state, p, lane, o, fighters):  # type: ignore[no-untyped-def]
    """From 0.25 for a group without money to 1.25 for one with `pay_weeks` in hand or more."""
    weeks = 1000.0 * state.organisations.treasury[lane, o] / max(fighters, 1)
    return 0.25 + min(weeks / p.pay_weeks[lane], 1.0)


@compiled
def place_in_unit(world, state, lane, c, o, recruits):  # type: ignore[no-untyped-def]
    """Add recruits to the smallest unit of o in cell c; returns 0 if there is none."""
    best, found = np.int64(1) << 60, -1
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        n = state.units.fighters[lane, u]
        if world.units.organisation[u] == o and 0 < n < best:
            best, found = n, u
    if found < 0:
        return np.int64(0)
    state.units.fighters[lane, found] += recruits
    state.cells.presence[lane, c, o] += recruits
    state.ledger.joined[lane, o] += recruits
    return recruits


@compiled
def enlist(world, state, p, streams, at, o, paid):  # type: ignore[no-untyped-def]
    """Recruits of organisation o in one cell this week, taken from its communities."""
    lane, c = at
    total, hostility = 0.0, state.relations.hostility[lane, o, :, world.cells.region[c]]
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        total += draw_of(state, p, lane, k, o, hostility)
    if total <= 0.0:
        return
    mean = p.rate[lane] * 1e-6 * total * world.organisations.recruitment[o] * paid
    count, which, _, _ = uniforms(streams, lane, Stream.RECRUIT, world.cells.gid[c], world.organisations.key[o])
    wanted, mark = poisson(mean, count), which * total
    if wanted == 0:
        return
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        mark -= draw_of(state, p, lane, k, o, hostility)
        if mark <= 0.0:
            joined = place_in_unit(world, state, lane, c, o, min(wanted, state.communities.people[lane, k]))
            state.communities.people[lane, k] -= joined
            state.ledger.recruited[lane, k] += joined
            return


@compiled
def foreign_fighters(world, state, p, streams, lane, o):  # type: ignore[no-untyped-def]
    """Fighters from abroad join the organisation's largest unit."""
    unit = uniform(streams, lane, Stream.RECRUIT_WHERE, world.organisations.key[o], 0)
    arrivals = poisson(p.foreign[lane] * state.organisations.links[lane, o], unit)
    best, found = np.int64(0), -1
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if state.units.fighters[lane, u] > best:
            best, found = state.units.fighters[lane, u], u
    if found >= 0:
        state.units.fighters[lane, found] += arrivals
        state.cells.presence[lane, state.units.cell[lane, found], o] += arrivals
        state.ledger.joined[lane, o] += arrivals


@compiled
def go_home(world, state, p, streams, lane, u):  # type: ignore[no-untyped-def]
    """Fighters of a unit who leave this week; they return to the people of the cell, if any live there."""
    o, c = world.units.organisation[u], state.units.cell[lane, u]
    away = 1.0 - p.attachment[lane] * world.organisations.home[o, c]
    rate = p.leave[lane] * away * (1.0 + p.disunity[lane] * (1.0 - state.organisations.cohesion[lane, o]))
    unit = uniform(streams, lane, Stream.DESERT, world.units.key[u], 0)
    gone = min(rounded(rate * state.units.fighters[lane, u], unit), state.units.fighters[lane, u])
    state.units.fighters[lane, u] -= gone
    state.cells.presence[lane, c, o] -= gone
    state.ledger.left[lane, o] += gone
    k = world.communities.first[c]
    if gone > 0 and k < world.communities.first[c + 1]:
        state.communities.people[lane, k] += gone
        state.ledger.returned[lane, k] += gone


@compiled
def free_slot(world, state, lane, o):  # type: ignore[no-untyped-def]
    """An empty slot of the organisation, or -1."""
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if state.units.fighters[lane, u] == 0:
            return u
    return -1


@compiled
def reorganise(world, state, lane, o):  # type: ignore[no-untyped-def]
    """Units of an armed group that have doubled divide; remnants join the next unit in their cell."""
    size = world.organisations.unit_size[o]
    for u in range(world.units.first[o], world.units.first[o + 1]):
        n = state.units.fighters[lane, u]
        if n >= 2 * size:
            new = free_slot(world, state, lane, o)
            if new >= 0:
                half = n // 2
                state.units.fighters[lane, u] -= half
                state.units.fighters[lane, new] = half
                state.units.cell[lane, new] = state.units.cell[lane, u]
                state.units.posture[lane, new] = state.units.posture[lane, u]
                state.units.weeks[lane, new] = 0
        elif 0 < n < size // 4:
            merge(world, state, lane, u)


@compiled
def merge(world, state, lane, u):  # type: ignore[no-untyped-def]
    """A remnant joins another unit of its organisation in the same cell that has room."""
    o, size = world.units.organisation[u], world.organisations.unit_size[world.units.organisation[u]]
    for v in range(world.units.first[o], world.units.first[o + 1]):
        n = state.units.fighters[lane, v]
        if v != u and 0 < n < size and state.units.cell[lane, v] == state.units.cell[lane, u]:
            state.units.fighters[lane, v] += state.units.fighters[lane, u]
            state.units.fighters[lane, u] = 0
            return


@inlined
def can_fill(world, state, lane, u):  # type: ignore[no-untyped-def]
    """Whether replacements can reach the unit: its base is held."""
    b = world.units.base[u]
    return b < 0 or state.bases.open[lane, b] == 1


@compiled
def replenish(world, state, p, lane, o):  # type: ignore[no-untyped-def]
    """Replace losses of garrisons and columns, no more a week than the sender can send."""
    budget = np.int64(state.organisations.replacement[lane, o])
    for u in range(world.units.first[o], world.units.first[o + 1]):
        gap = state.units.establishment[lane, u] - state.units.fighters[lane, u]
        if gap > 0 and budget > 0 and can_fill(world, state, lane, u):
            if state.units.fighters[lane, u] == 0 and world.units.base[u] >= 0:
                state.units.cell[lane, u] = world.bases.cell[world.units.base[u]]
            sent = min(np.int64(math.ceil(p.replace[lane] * gap)), budget)
            state.units.fighters[lane, u] += sent
            state.cells.presence[lane, state.units.cell[lane, u], o] += sent
            state.ledger.joined[lane, o] += sent
            budget -= sent


@compiled
def enlist_everywhere(world, state, p, streams, side, visited):  # type: ignore[no-untyped-def]
    """Recruits in every cell where the organisation has fighters. `side` = (lane, organisation, pay).

    `visited` (cell,) has the organisation that was last seen to in a cell, so that it recruits once.
    """
    lane, o, paid = side
    cell, fighters, presence = state.units.cell[lane], state.units.fighters[lane], state.cells.presence[lane]
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if fighters[u] > 0 and visited[cell[u]] != o and presence[cell[u], o] > 0.0:
            visited[cell[u]] = o
            enlist(world, state, p, streams, (lane, cell[u]), o, paid)


@compiled
def armed_group(world, state, p, streams, side, visited):  # type: ignore[no-untyped-def]
    """A week of joining and leaving in one armed group; `side` = (lane, organisation)."""
    lane, o = side
    fighters = 0
    for u in range(world.units.first[o], world.units.first[o + 1]):
        fighters += state.units.fighters[lane, u]
    paid = pay(state, p, lane, o, fighters)
    enlist_everywhere(world, state, p, streams, (lane, o, paid), visited)
    foreign_fighters(world, state, p, streams, lane, o)
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if state.units.fighters[lane, u] > 0:
            go_home(world, state, p, streams, lane, u)
    reorganise(world, state, lane, o)


@kernel
def recruitment_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `recruitment`."""
    visited = np.empty(world.cells.gid.shape[0], np.int32)
    for lane in range(state.units.fighters.shape[0]):
        visited[:] = -1
        for o in range(world.organisations.kind.shape[0]):
            healed = 1.0 - state.organisations.cohesion[lane, o]
            state.organisations.cohesion[lane, o] += p.heal[lane] * healed
            if is_insurgent(world.organisations.kind[o]):
                armed_group(world, state, p, streams, (lane, o), visited)
            if state.organisations.replacement[lane, o] > 0.0:
                replenish(world, state, p, lane, o)


def recruitment(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Recruit, desert, divide, merge and replace, organisation by organisation."""
    recruitment_kernel(bound(world), bound(state), held(parameters), streams)
