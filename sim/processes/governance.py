"""Governance: courts, taxes, markets, security; slow to build, quick to wither, and it pays.

For organisation o in cell c, with s the fighters it has there to govern with (all of those who govern or
garrison, half of the others, none of those who have gathered or are shut in) and e the strength of those hostile to it,

    G <- G + build * s / (s + s_half) * (1 - e / (e + s + s_half)) * (1 - G)
           - G * (wither * absence + contest * e / (e + s + s_half))

Absence is 1 where an armed group has nobody left who governs; a state's administration stays on without
troops, but withers where armed enemies are. Rebel governance takes time unmolested (Arjona 2016,
Rebelocracy; Mampilly 2011, Rebel Rulers). Governing people pays the organisation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import chain, clipped, held, is_insurgent
from sim.state import Posture
from sim.streams import compiled, inlined, kernel
from sim.world import Kind


@dataclass(frozen=True)
class Governance(Parameters):
    """Parameters of governance."""

    build: float = quantity(
        0.02, unit="per week", low=0.0, high=0.3, source="judgement: most of a year unmolested (Arjona 2016)"
    )
    half: float = quantity(30.0, unit="fighters", low=5.0, high=200.0, source="judgement: a katiba's worth in a cell")
    wither: float = quantity(0.015, unit="per week", low=0.0, high=0.5, source="judgement")
    contest: float = quantity(0.05, unit="per week", low=0.0, high=0.3, source="judgement")
    yield_: float = quantity(
        0.002,
        unit="thousand fighter-weeks per thousand people",
        low=0.0,
        high=0.05,
        source="judgement: zakat and tolls",
    )


GovernanceColumns = columns(Governance, __name__)


@compiled
def at_work(owner, fighters, posture, chained, governing):  # type: ignore[no-untyped-def]
    """Fill `governing` (organisation,): fighters of a cell who are neither gathered for battle nor shut in.

    `chained` = (first unit of the cell, next unit by unit), see `common.chain`.
    """
    u, after = chained
    governing[:] = 0.0
    while u >= 0:
        if fighters[u] > 0 and posture[u] != Posture.MASS and posture[u] != Posture.CONFINED:
            share = 1.0 if posture[u] == Posture.GOVERN or posture[u] == Posture.GARRISON else 0.5
            governing[owner[u]] += share * fighters[u]
        u = after[u]


@inlined
def governs(kind):  # type: ignore[no-untyped-def]
    """Kinds that govern: armed groups and the state; foreign forces do not."""
    return is_insurgent(kind) or kind == Kind.ARMY


@inlined
def next_governance(p, lane, now, insurgent, governing, enemies):  # type: ignore[no-untyped-def]
    """Governance a week later; the formula of the module's docstring."""
    contest = enemies / (enemies + governing + p.half[lane])
    growth = p.build[lane] * governing / (governing + p.half[lane]) * (1.0 - contest) * (1.0 - now)
    absence = 1.0 if insurgent and governing <= 0.0 else 0.0
    return clipped(now + growth - now * (p.wither[lane] * absence + p.contest[lane] * contest), 0.0, 1.0)


@compiled
def govern_cell(p, lane, kind, rows, treasury, taxed):  # type: ignore[no-untyped-def]
    """Renew governance in one cell, and what it yields; `rows` = (governance, governing, enemies)."""
    level, governing, enemies = rows
    for o in range(level.shape[0]):
        now = level[o]
        if (now > 0.0 or governing[o] > 0.0) and governs(kind[o]):
            later = next_governance(p, lane, now, is_insurgent(kind[o]), governing[o], enemies[o])
            level[o] = later if later > 1e-4 else 0.0
            if is_insurgent(kind[o]):
                treasury[o] += p.yield_[lane] * later * taxed / 1000.0


@compiled
def govern(world, state, p, lane, scratch):  # type: ignore[no-untyped-def]
    """Renew governance in every cell, and what it yields to each organisation."""
    head, after, governing, nobody = scratch
    owner, cell, fighters = world.units.organisation, state.units.cell[lane], state.units.fighters[lane]
    level, enemies, posture = state.cells.governance[lane], state.cells.enemies[lane], state.units.posture[lane]
    first, people, treasury = (
        world.communities.first,
        state.communities.people[lane],
        state.organisations.treasury[lane],
    )
    kind = world.organisations.kind
    chain(cell, head, after)
    for c in range(head.shape[0]):
        taxed, here = 0, nobody
        for k in range(first[c], first[c + 1]):
            taxed += people[k]
        if head[c] >= 0:
            at_work(owner, fighters, posture, (head[c], after), governing)
            here = governing
        govern_cell(p, lane, kind, (level[c], here, enemies[c]), treasury, taxed)


@kernel
def governance_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `governance`."""
    head, after = np.empty(world.cells.gid.shape[0], np.int32), np.empty(world.units.key.shape[0], np.int32)
    governing, nobody = np.empty(world.organisations.kind.shape[0]), np.zeros(world.organisations.kind.shape[0])
    for lane in range(state.units.fighters.shape[0]):
        govern(world, state, p, lane, (head, after, governing, nobody))


def governance(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Build and wither governance, and collect its taxes."""
    governance_kernel(bound(world), bound(state), held(parameters), streams)
