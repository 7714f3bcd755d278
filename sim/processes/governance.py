"""Governance: courts, taxes, markets, water, security; slow to build, quick to wither, and it pays.

For organisation o in cell c, with s the fighters it has there to govern with (all of those who govern or
garrison, half of the others, none of those who have gathered or are shut in), e the strength of those
hostile to it, P the counter-terrorism pressure that it feels, H the sum over rivals of hostility times
their governance, and W its welcome among the people, each week

    E = e + hunted * P + rule * H,  C = E / (E + s + s_half)
    G <- G + build * s / (s + s_half) * (1 - C) * consent(W) * (1 - G) - G * (wither * absence + contest * C)

Absence is 1 where an armed group has nobody left who governs. A state's administration stays on
without troops, but not where its troops are shut in or armed enemies are about. Rebel governance
takes time unmolested (Arjona 2016, Rebelocracy; Mampilly 2011, Rebel Rulers), so a truce lets it
grow. Forms: *consent*, consent(W) = 1 - w + w * W / (W + half): courts need people who bring their
cases (Arjona 2016); *coercion*, consent = 1: force suffices (Olson 1993, APSR 87, the stationary bandit;
Tilly 1985); *off*. Governing people pays the organisation, and `attitudes` turns it into support.
A quarter of the regions is renewed each week (`turns`), for the four weeks that have passed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import clipped, is_insurgent
from sim.processes.turns import TURNS, list_turn
from sim.state import Posture
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

COERCION, STILL = 1, 2


@dataclass(frozen=True)
class Governance(Parameters):
    """Parameters of governance."""

    rise: str = form("consent", "coercion", "off", source="Arjona 2016, Mampilly 2011; coercion: Olson 1993")
    build: float = quantity(
        0.04, unit="per week", low=0.0, high=0.3, source="judgement: most of a year unmolested (Arjona 2016)"
    )
    half: float = quantity(30.0, unit="fighters", low=5.0, high=200.0, source="judgement: a katiba's worth in a cell")
    consent: float = quantity(0.7, unit="share", low=0.0, high=1.0, source="Arjona 2016: rule rests on cooperation")
    consent_half: float = quantity(0.2, unit="share of allegiance", low=0.01, high=1.0, source="judgement")
    hunted: float = quantity(
        15.0,
        unit="fighters per unit of pressure",
        low=0.0,
        high=500.0,
        source="CTP February 2023: pressure kept groups from governing",
    )
    rule: float = quantity(
        6.0, unit="fighters per rival's governance", low=0.0, high=200.0, source="judgement: two cannot rule one place"
    )
    wither: float = quantity(0.008, unit="per week", low=0.0, high=0.25, source="judgement")
    contest: float = quantity(0.014, unit="per week", low=0.0, high=0.25, source="judgement")
    yield_: float = quantity(
        0.002,
        unit="thousand fighter-weeks per thousand people",
        low=0.0,
        high=0.05,
        source="judgement: zakat and tolls",
    )


GovernanceColumns = columns(Governance, __name__)


@compiled
def at_work(world, state, at, governing):  # type: ignore[no-untyped-def]
    """Fill `governing` (organisation,): fighters of a cell who are neither gathered for battle nor shut in."""
    lane, c = at
    governing[:] = 0.0
    fighters, posture, cell = state.units.fighters[lane], state.units.posture[lane], state.units.cell[lane]
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        if cell[u] == c and posture[u] != Posture.MASS and posture[u] != Posture.CONFINED:
            share = 1.0 if posture[u] == Posture.GOVERN or posture[u] == Posture.GARRISON else 0.5
            governing[world.units.organisation[u]] += share * fighters[u]


@inlined
def governs(kind):  # type: ignore[no-untyped-def]
    """Kinds that govern: armed groups and the state; foreign forces do not."""
    return is_insurgent(kind) or kind == Kind.ARMY


@compiled
def list_rulers(kind, level, governing, rulers):  # type: ignore[no-untyped-def]
    """List in `rulers` who governs the cell or could begin to; returns how many."""
    count = 0
    for o in range(kind.shape[0]):
        if (level[o] > 0.0 or governing[o] > 0.0) and governs(kind[o]):
            rulers[count] = o
            count += 1
    return count


@inlined
def rival_rule(hostility, o, r, rulers, before):  # type: ignore[no-untyped-def]
    """Governance of others in the cell, by their hostility to o."""
    total = 0.0
    for x in rulers:
        if before[x] > 0.0:
            total += hostility[o, x, r] * before[x]
    return total


@inlined
def agreed(p, lane, welcome):  # type: ignore[no-untyped-def]
    """What the people's consent lets grow, in [0, 1]."""
    if p.rise[lane] == COERCION:
        return 1.0
    return 1.0 - p.consent[lane] + p.consent[lane] * welcome / (welcome + p.consent_half[lane])


@inlined
def next_governance(p, lane, now, ours, trouble):  # type: ignore[no-untyped-def]
    """Governance `TURNS` weeks later: the formula of the module's docstring.

    `ours` = (fighters at work, welcome), `trouble` = (strength against it, whether nobody governs).
    """
    governing, welcome = ours
    against, absent = trouble
    contest = against / (against + governing + p.half[lane])
    growth = p.build[lane] * governing / (governing + p.half[lane]) * (1.0 - contest) * agreed(p, lane, welcome)
    loss = p.wither[lane] * (1.0 if absent else 0.0) + p.contest[lane] * contest
    return clipped(now + TURNS * (growth * (1.0 - now) - loss * now), 0.0, 1.0)


@inlined
def is_absent(insurgent, governing, present, enemies):  # type: ignore[no-untyped-def]
    """Whether nobody is left to govern: no fighters, or for a state troops shut in or enemies about."""
    return governing <= 0.0 and (insurgent or present > 0.0 or enemies > 0.0)


@compiled
def govern_cell(world, state, p, at, rulers, rows):  # type: ignore[no-untyped-def]
    """Renew governance in one cell; `rows` = (fighters at work, governance before), by organisation."""
    lane, c = at
    governing, before = rows
    level, enemies, presence = state.cells.governance[lane, c], state.cells.enemies[lane, c], state.cells.presence
    for o in rulers:
        before[o] = level[o]
    for o in rulers:
        rival = 0.0
        if rulers.shape[0] > 1:
            rival = rival_rule(state.relations.hostility[lane], o, world.cells.region[c], rulers, before)
        against = enemies[o] + p.hunted[lane] * state.cells.pressure[lane, c, o] + p.rule[lane] * rival
        insurgent = is_insurgent(world.organisations.kind[o])
        absent = is_absent(insurgent, governing[o], presence[lane, c, o], enemies[o])
        ours = (governing[o], state.cells.welcome[lane, c, o])
        later = next_governance(p, lane, before[o], ours, (against, absent))
        level[o] = later if later > 1e-4 else 0.0


@compiled
def tax(world, state, p, at, rulers):  # type: ignore[no-untyped-def]
    """What governing a cell pays to armed groups for `TURNS` weeks."""
    lane, c = at
    people, treasury, level = 0, state.organisations.treasury, state.cells.governance
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        people += state.communities.people[lane, k]
    for o in rulers:
        if is_insurgent(world.organisations.kind[o]):
            treasury[lane, o] += p.yield_[lane] * TURNS * level[lane, c, o] * people / 1000.0


@compiled
def govern(world, state, p, lane, cells, scratch):  # type: ignore[no-untyped-def]
    """Renew governance in `cells`, and what it yields to each organisation."""
    governing, before, rulers = scratch
    for c in cells:
        at_work(world, state, (lane, c), governing)
        count = list_rulers(world.organisations.kind, state.cells.governance[lane, c], governing, rulers)
        govern_cell(world, state, p, (lane, c), rulers[:count], (governing, before))
        tax(world, state, p, (lane, c), rulers[:count])


@kernel
def governance_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `governance`."""
    organisations = world.organisations.kind.shape[0]
    scratch = (np.empty(organisations), np.empty(organisations), np.empty(organisations, np.int32))
    turn = np.empty_like(world.cells.region)
    cells = turn[: list_turn(world, streams.week, turn)]
    for lane in range(state.units.fighters.shape[0]):
        if p.rise[lane] != STILL:
            govern(world, state, p, lane, cells, scratch)


governance = Link(governance_kernel)
"""Build and wither governance in a quarter of the regions, and collect its taxes."""
