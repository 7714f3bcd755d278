"""Posture: whether a unit of an armed group gathers, governs or rests, by logit; see `armed_group` for the formula."""

from __future__ import annotations

from sim.elementary import exp_all
from sim.state import Posture
from sim.streams import compiled, inlined
from sim.world import Skill


@inlined
def match(enemies, own):  # type: ignore[no-untyped-def]
    """How well forces match, in [0, 1]; 0 where there is no enemy."""
    return min(enemies, own) / max(enemies, own)


@compiled
def leaning(world, state, p, lane, o, c):  # type: ignore[no-untyped-def]
    """Log-odds of o's units in cell c for gathering, without a rally, and for governing."""
    neighbour, enemies, nearest = world.cells.neighbour[c], state.cells.enemies[lane], 0.0
    for k in range(9):
        if neighbour[k] >= 0:
            nearest = max(nearest, enemies[neighbour[k], o])
    prey = match(nearest, max(state.cells.presence[lane, c, o], 1.0))
    gather = p.gather[lane] + p.gather_prey[lane] * prey - p.gather_pressure[lane] * state.cells.pressure[lane, c, o]
    return gather, p.settle[lane] + p.settle_welcome[lane] * state.cells.welcome[lane, c, o]


@compiled
def lean(world, state, p, lane, who, rallied, odds, known):  # type: ignore[no-untyped-def]
    """Fill `odds` (2, units of `who`): of gathering and of governing against resting.

    `known` = (mark (cell,), the two log-odds (cell, 2)): units of an organisation in one cell lean alike.
    """
    mark, at = known
    mark[:] = -1
    for i in range(who.shape[0]):
        o, c = world.units.organisation[who[i]], state.units.cell[lane, who[i]]
        if mark[c] != o:
            at[c, 0], at[c, 1] = leaning(world, state, p, lane, o, c)
            mark[c] = o
        odds[0, i], odds[1, i] = at[c, 0] + (p.rally[lane] if rallied[i] else 0.0), at[c, 1]
    exp_all(odds[0])
    exp_all(odds[1])
    for i in range(who.shape[0]):
        odds[0, i] *= state.organisations.skill[lane, world.units.organisation[who[i]], Skill.MASSING]


@inlined
def posture(unit, mass, govern):  # type: ignore[no-untyped-def]
    """Gather, govern or rest, by their odds and a uniform number."""
    x = unit * (1.0 + mass + govern)
    if x < mass:
        return Posture.MASS
    return Posture.GOVERN if x < mass + govern else Posture.REST


@compiled
def take_posture(state, unit, new):  # type: ignore[no-untyped-def]
    """Record a posture, and for how many weeks it has been held."""
    lane, u = unit
    held = state.units.posture[lane, u] == new
    state.units.weeks[lane, u] = state.units.weeks[lane, u] + 1 if held else 0
    state.units.posture[lane, u] = new
