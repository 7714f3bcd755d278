"""Capability: vehicle bombs, drones, roadside bombs and massing are learnt in sanctuaries, and spread.

Every fourth week the skill S of an armed group in each craft s grows by logistic learning where it is left
alone and can pay, and through its coalition, and is lost where sanctuaries are gone:

    S <- S + 4 * (learn_s * Q * M * (S + seed * links) * (1 - S)
                  + spread * cohesion * (most able of its coalition - S) - forget * (1 - Q) * S)
    Q = q / (q + q_half),  q = sum over the cells where it is of governance * exp(-pressure)
    M = (links + W / (W + W_half)) / 2,  W = weeks of pay in hand

Skill feeds on skill and needs a first hint from abroad, so a craft is rare for years and then
spreads; the most able sub-group is the testing ground of its coalition and the others follow with a
delay of 1 / spread weeks (Horowitz 2010 on the diffusion of suicide bombing;
CTP December 2023 on vehicle bombs in the north). In the rival form `alone` nothing passes between sub-groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.bands import fighters_of, weeks_of_pay
from sim.processes.common import clipped, is_insurgent
from sim.streams import compiled, inlined, kernel
from sim.world import Skill

EVERY = 4
"""Weeks between two reviews."""

ALONE, OFF = 1, 2
"""Forms of `Capability.diffusion`; 0 is learning with spread inside a coalition."""


@dataclass(frozen=True)
class Capability(Parameters):
    """Parameters of learning, spread and loss of skills."""

    diffusion: str = form("coalition", "alone", "off", source="Horowitz 2010: what is learnt travels along alliances")
    ied: float = quantity(0.01, unit="per week", low=0.0, high=0.1, source="judgement: mature in the region by 2021")
    vehicle_bomb: float = quantity(
        0.03,
        unit="per week",
        low=0.0,
        high=0.1,
        source="judgement: vehicle bombs are back in the north by late 2023 (CTP December 2023)",
    )
    drone: float = quantity(
        0.06,
        unit="per week",
        low=0.0,
        high=0.2,
        source="judgement: rare in 2021, in use some years later (CTC Sentinel 2025)",
    )
    massing: float = quantity(0.015, unit="per week", low=0.0, high=0.1, source="judgement")
    seed: float = quantity(0.05, unit="1", low=0.0, high=0.5, source="judgement: instructors and manuals from abroad")
    spread: float = quantity(0.004, unit="per week", low=0.0, high=0.1, source="judgement: a delay of some years")
    forget: float = quantity(
        0.0015, unit="per week", low=0.0, high=0.05, source="judgement: makers die, depots are found"
    )
    sanctuary: float = quantity(3.0, unit="governed cells", low=0.5, high=50.0, source="judgement")
    pay_weeks: float = quantity(8.0, unit="weeks of pay in hand", low=1.0, high=52.0, source="judgement")


CapabilityColumns = columns(Capability, __name__)


@compiled
def quiet_cells(world, state, lane, o, visited):  # type: ignore[no-untyped-def]
    """Cells that o governs and where it has fighters, each weighted by governance and by exp(-pressure).

    `visited` (cell,) has the organisation that was last seen to in a cell.
    """
    total, cell, fighters = 0.0, state.units.cell[lane], state.units.fighters[lane]
    for u in range(world.units.first[o], world.units.first[o + 1]):
        c = cell[u]
        if fighters[u] > 0 and visited[c] != o:
            visited[c] = o
            if state.cells.governance[lane, c, o] > 0.0:
                total += state.cells.governance[lane, c, o] * math.exp(-state.cells.pressure[lane, c, o])
    return total


@inlined
def means(state, p, lane, o, fighters):  # type: ignore[no-untyped-def]
    """What o has to learn with, in [0, 1]: links abroad and money."""
    weeks = weeks_of_pay(state, lane, o, fighters)
    return 0.5 * (state.organisations.links[lane, o] + weeks / (weeks + p.pay_weeks[lane]))


@inlined
def learning(p, lane, s):  # type: ignore[no-untyped-def]
    """How fast craft s is learnt."""
    if s == Skill.IED:
        return p.ied[lane]
    if s == Skill.VEHICLE_BOMB:
        return p.vehicle_bomb[lane]
    return p.drone[lane] if s == Skill.DRONE else p.massing[lane]


@compiled
def most_able(world, state, lane, best):  # type: ignore[no-untyped-def]
    """Fill `best` (coalition, skill) with the highest skill of each coalition's armed groups before the review."""
    best[:] = 0.0
    for o in range(world.organisations.kind.shape[0]):
        if is_insurgent(world.organisations.kind[o]):
            top = best[world.organisations.coalition[o]]
            for s in range(top.shape[0]):
                top[s] = max(top[s], state.organisations.skill[lane, o, s])


@compiled
def review(state, p, lane, o, standing, best):  # type: ignore[no-untyped-def]
    """Renew the skills of one armed group. `standing` = (sanctuary Q, means M); `best` (skill,) of its coalition."""
    quiet, able = standing
    skill, seed = state.organisations.skill[lane, o], p.seed[lane] * state.organisations.links[lane, o]
    taught = p.spread[lane] * state.organisations.cohesion[lane, o] if p.diffusion[lane] != ALONE else 0.0
    for s in range(skill.shape[0]):
        now = skill[s]
        change = learning(p, lane, s) * quiet * able * (now + seed) * (1.0 - now)
        change += taught * (best[s] - now) - p.forget[lane] * (1.0 - quiet) * now
        skill[s] = clipped(now + EVERY * change, 0.0, 1.0)


@kernel
def capability_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `capability`."""
    if streams.week % EVERY != 1:
        return
    kind, side = world.organisations.kind, world.organisations.coalition
    visited = np.empty(world.cells.gid.shape[0], np.int32)
    best = np.empty((side.max() + 1, state.organisations.skill.shape[2]))
    for lane in range(state.units.fighters.shape[0]):
        if p.diffusion[lane] == OFF:
            continue
        visited[:] = -1
        most_able(world, state, lane, best)
        for o in range(kind.shape[0]):
            fighters = fighters_of(world, state, lane, o)
            if is_insurgent(kind[o]) and fighters > 0:
                quiet = quiet_cells(world, state, lane, o, visited)
                standing = (quiet / (quiet + p.sanctuary[lane]), means(state, p, lane, o, fighters))
                review(state, p, lane, o, standing, best[side[o]])


capability = Link(capability_kernel)
"""Every fourth week: armed groups learn, teach each other, and forget."""
