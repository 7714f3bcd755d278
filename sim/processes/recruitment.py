"""Recruitment and attrition of units: who joins, who goes home, who is replaced.

Every fourth week an armed group recruits in each cell where it is, N ~ Poisson(4 * rho * pay * sum over
communities of draw), the recruits coming from one community picked by its draw:

    draw  = people * allegiance * (1 + omega * grievance) * (1 + pledge if o is its protector) * fame
    grievance = H / (H + H_half),  H = sum over e of hostility(o, e) * (harm by e + kin * mean harm by e of its kin)
    fame  = 1 + prestige weight * (2 * prestige - 1)

so abuses by those whom the group fights drive the harmed, and their kin elsewhere, to the group
that they can join (Gurr 1970; CTC Sentinel 2025; AFPC 2021). The rival form `opportunity` knows pay
and control only: draw = people * share of control (Collier and Hoeffler 2004; Weinstein 2007).
Fighters leave at a rate that cohesion and nearness to home lower. States and senders replace losses
of their garrisons up to `establishment`, each week. Nobody appears from nowhere but foreign
fighters and troops, whom the ledger counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.bands import enrol, fighters_of, reorganise, smallest_unit, weeks_of_pay
from sim.processes.common import is_insurgent, poisson, rounded, some
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms

EVERY = 4
"""Weeks between two reviews of who joins and who goes home."""

GRIEVANCE, OPPORTUNITY = 0, 1
"""Forms of `Recruitment.motive`; the third, off, knows allegiance and pay alone."""


@dataclass(frozen=True)
class Recruitment(Parameters):
    """Parameters of recruitment, desertion and replacement."""

    motive: str = form(
        "grievance", "opportunity", "off", source="Gurr 1970 against Collier and Hoeffler 2004, Weinstein 2007"
    )
    rate: float = quantity(
        13.0,
        unit="recruits a week per million allegiant people",
        low=0.0,
        high=100.0,
        source="scaled to JNIM 2,000 (2018) to 5,000 (2022): GITOC 2023",
    )
    grievance: float = quantity(
        9.0, unit="1", low=0.0, high=20.0, source="AFPC 2021; CTC Sentinel 2025: abuses recruit; size: judgement"
    )
    grievance_half: float = quantity(0.5, unit="deaths per thousand", low=0.01, high=5.0, source="judgement")
    kin: float = quantity(
        0.5, unit="share", low=0.0, high=1.0, source="judgement: what is done to kin elsewhere counts"
    )
    pledge: float = quantity(
        0.5, unit="share", low=0.0, high=3.0, source="CTP February 2023: communities under protection give fighters"
    )
    prestige: float = quantity(0.5, unit="1", low=0.0, high=1.0, source="judgement: success attracts")
    fade: float = quantity(
        0.02, unit="per week", low=0.0, high=0.2, source="judgement: a victory is talked of for a year"
    )
    pay_weeks: float = quantity(16.0, unit="weeks of pay in hand", low=1.0, high=52.0, source="judgement")
    foreign: float = quantity(
        6.0, unit="fighters a week", low=0.0, high=10.0, source="judgement: links abroad times this"
    )
    leave: float = quantity(
        0.008, unit="per week", low=0.0, high=0.05, source="judgement: a third a year of those far from home"
    )
    attachment: float = quantity(0.85, unit="share", low=0.0, high=1.0, source="judgement: men in their homeland stay")
    disunity: float = quantity(1.5, unit="1", low=0.0, high=5.0, source="judgement: desertion when cohesion falls")
    heal: float = quantity(0.02, unit="per week", low=0.0, high=0.2, source="judgement: cohesion returns within a year")
    loyalty: float = quantity(
        0.5, unit="share", low=0.0, high=1.0, source="judgement: few enlist for a government that nobody trusts"
    )
    replace: float = quantity(0.04, unit="share of the gap a week", low=0.0, high=0.5, source="judgement")


RecruitmentColumns = columns(Recruitment, __name__)


@compiled
def kin_harm(world, state, lane, total, weight):  # type: ignore[no-untyped-def]
    """Fill `total` (kin, organisation) with remembered harm of each network of kin, mean over people."""
    total[:] = 0.0
    weight[:] = 0.0
    kin, people, harm = world.communities.kin, state.communities.people[lane], state.communities.harm[lane]
    for k in range(kin.shape[0]):
        living, done, sums = float(people[k]), harm[k], total[kin[k]]
        weight[kin[k]] += living
        if some(done):
            for e in range(done.shape[0]):
                sums[e] += living * done[e]
    for network in range(weight.shape[0]):
        part, sums = 1.0 / max(weight[network], 1.0), total[network]
        for e in range(sums.shape[0]):
            sums[e] *= part


@inlined
def grievance(p, lane, done, kin, hostility):  # type: ignore[no-untyped-def]
    """What those whom the organisation fights did to a community and its kin, saturating, in [0, 1)."""
    harm, share = 0.0, p.kin[lane]
    for e in range(done.shape[0]):
        if hostility[e] > 0.0:
            harm += hostility[e] * (done[e] + share * kin[e])
    return harm / (harm + p.grievance_half[lane])


@inlined
def fame(p, lane, prestige):  # type: ignore[no-untyped-def]
    """How much more an organisation attracts for its prestige; 1 at the ordinary 0.5."""
    return 1.0 + p.prestige[lane] * (2.0 * prestige - 1.0)


@compiled
def draw_of(world, state, p, lane, k, o, harmed):  # type: ignore[no-untyped-def]
    """How strongly community k feeds organisation o. `harmed` = (hostility of o (organisation,), harm of kin)."""
    people, motive = state.communities.people[lane, k], p.motive[lane]
    if motive == OPPORTUNITY:
        return people * state.cells.share[lane, world.communities.cell[k], o]
    followers = people * state.communities.allegiance[lane, k, o]
    if followers < 0.5:
        return 0.0
    if motive == GRIEVANCE:
        hostility, kin = harmed
        felt = grievance(p, lane, state.communities.harm[lane, k], kin[world.communities.kin[k]], hostility)
        pledged = p.pledge[lane] if state.communities.protector[lane, k] == o else 0.0
        followers *= (1.0 + p.grievance[lane] * felt) * (1.0 + pledged)
        followers *= fame(p, lane, state.organisations.prestige[lane, o])
    return followers


@inlined
def pay(p, lane, weeks):  # type: ignore[no-untyped-def]
    """From 0.25 for a group without money to 1.25 for one with `pay_weeks` in hand or more."""
    return 0.25 + min(weeks / p.pay_weeks[lane], 1.0)


@compiled
def enlist(world, state, p, streams, at, o, paid, scratch):  # type: ignore[no-untyped-def]
    """Recruits of organisation o in one cell, taken from its communities. `scratch` = (draws, harm of kin)."""
    lane, c = at
    draws, kin = scratch
    total, hostility = 0.0, state.relations.hostility[lane, o, :, world.cells.region[c]]
    first, end = world.communities.first[c], world.communities.first[c + 1]
    for k in range(first, end):
        draws[k - first] = draw_of(world, state, p, lane, k, o, (hostility, kin))
        total += draws[k - first]
    if total <= 0.0:
        return
    mean = EVERY * p.rate[lane] * 1e-6 * total * world.organisations.recruitment[o] * paid
    count, which, _, _ = uniforms(streams, lane, Stream.RECRUIT, world.cells.gid[c], world.organisations.key[o])
    wanted, mark = poisson(mean, count), which * total
    u = smallest_unit(world, state, lane, c, o) if wanted > 0 else -1
    for k in range(first, end):
        mark -= draws[k - first]
        if mark <= 0.0 and u >= 0:
            enrol(world, state, lane, k, u, wanted)
            return


@compiled
def foreign_fighters(world, state, p, streams, lane, o):  # type: ignore[no-untyped-def]
    """Fighters from abroad join the organisation's largest unit."""
    unit = uniform(streams, lane, Stream.RECRUIT_WHERE, world.organisations.key[o], 0)
    arrivals = poisson(EVERY * p.foreign[lane] * state.organisations.links[lane, o], unit)
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
    """Fighters of a unit who leave; they return to the people of the cell, if any live there."""
    o, c = world.units.organisation[u], state.units.cell[lane, u]
    away = 1.0 - p.attachment[lane] * world.organisations.home[o, c]
    rate = EVERY * p.leave[lane] * away * (1.0 + p.disunity[lane] * (1.0 - state.organisations.cohesion[lane, o]))
    unit = uniform(streams, lane, Stream.DESERT, world.units.key[u], 0)
    gone = min(rounded(rate * state.units.fighters[lane, u], unit), state.units.fighters[lane, u])
    state.units.fighters[lane, u] -= gone
    state.cells.presence[lane, c, o] -= gone
    state.ledger.left[lane, o] += gone
    k = world.communities.first[c]
    if gone > 0 and k < world.communities.first[c + 1]:
        state.communities.people[lane, k] += gone
        state.ledger.returned[lane, k] += gone


@inlined
def can_fill(world, state, lane, u):  # type: ignore[no-untyped-def]
    """Whether replacements can reach the unit: its base is held."""
    b = world.units.base[u]
    return b < 0 or state.bases.open[lane, b] == 1


@compiled
def replenish(world, state, p, lane, o):  # type: ignore[no-untyped-def]
    """Replace losses of garrisons and columns, no more a week than the sender can send."""
    trusted = 1.0 - p.loyalty[lane] * (1.0 - state.organisations.legitimacy[lane, o])
    budget = np.int64(state.organisations.replacement[lane, o] * trusted)
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
def armed_group(world, state, p, streams, side, scratch):  # type: ignore[no-untyped-def]
    """Four weeks of joining and leaving in one armed group; `side` = (lane, organisation).

    `scratch` = (draws, harm of kin, organisation that was last seen to in a cell (cell,)).
    """
    lane, o = side
    draws, kin, visited = scratch
    paid = pay(p, lane, weeks_of_pay(state, lane, o, fighters_of(world, state, lane, o)))
    cell, fighters, presence = state.units.cell[lane], state.units.fighters[lane], state.cells.presence[lane]
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if fighters[u] > 0 and visited[cell[u]] != o and presence[cell[u], o] > 0.0:
            visited[cell[u]] = o
            enlist(world, state, p, streams, (lane, cell[u]), o, paid, (draws, kin))
    foreign_fighters(world, state, p, streams, lane, o)
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if fighters[u] > 0:
            go_home(world, state, p, streams, lane, u)
    reorganise(world, state, lane, o)


@compiled
def recover(state, p, lane, o):  # type: ignore[no-untyped-def]
    """Cohesion heals; prestige fades, or comes back, to the ordinary 0.5."""
    state.organisations.cohesion[lane, o] += p.heal[lane] * (1.0 - state.organisations.cohesion[lane, o])
    state.organisations.prestige[lane, o] += p.fade[lane] * (0.5 - state.organisations.prestige[lane, o])


@kernel
def recruitment_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `recruitment`."""
    organisations, networks = world.organisations.kind.shape[0], world.communities.kin.max() + 1
    kin, weight = np.empty((networks, organisations)), np.empty(networks)
    draws, visited = np.empty(world.communities.kin.shape[0]), np.empty(world.cells.gid.shape[0], np.int32)
    for lane in range(state.units.fighters.shape[0]):
        if streams.week % EVERY == 0:
            visited[:] = -1
            kin_harm(world, state, lane, kin, weight)
        for o in range(organisations):
            recover(state, p, lane, o)
            if streams.week % EVERY == 0 and is_insurgent(world.organisations.kind[o]):
                armed_group(world, state, p, streams, (lane, o), (draws, kin, visited))
            if state.organisations.replacement[lane, o] > 0.0:
                replenish(world, state, p, lane, o)


recruitment = Link(recruitment_kernel)
"""Recruit, desert, divide, merge and replace, organisation by organisation."""
