"""Aftermath: what follows a disaster, and what follows the fall of a base.

An overrun base is lost: survivors withdraw to the nearest base of their own, the victors take
materiel and prestige, and garrisons around are confined to their bases for weeks (CTP December
2023: patrols stopped after large ambushes; eight bases lost in northern Mali in autumn 2023). The
army comes back when the balance around the place allows it. The parameters are those of `bases`.
"""

from __future__ import annotations

import numpy as np

from sim.processes.distance import degrees_apart
from sim.streams import Stream, compiled, inlined, uniform

LOST = -1
"""Value of `state.bases.open` for a base that fell; 0 is one closed by decision, 1 one held."""


@compiled
def confine(world, state, at, o, weeks):  # type: ignore[no-untyped-def]
    """Shut the garrisons of o in the cell and around it into their bases for some weeks."""
    lane, c = at
    for b in range(world.bases.cell.shape[0]):
        if world.bases.organisation[b] == o:
            for k in range(9):
                if world.cells.neighbour[c, k] == world.bases.cell[b]:
                    state.bases.confined[lane, b] = max(state.bases.confined[lane, b], np.int32(weeks))


@compiled
def nearest_base(world, state, lane, b):  # type: ignore[no-untyped-def]
    """The nearest other open base of the same organisation, or -1."""
    d, here = world.bases.organisation[b], world.bases.cell[b]
    best, found = 1e18, -1
    for k in range(world.bases.cell.shape[0]):
        if k != b and state.bases.open[lane, k] == 1 and world.bases.organisation[k] == d:
            far = degrees_apart(world, world.bases.cell[k], here)
            if far < best:
                best, found = far, k
    return found


@compiled
def withdraw_survivors(world, state, lane, b):  # type: ignore[no-untyped-def]
    """Move what is left of the garrison to the nearest base of its own; without one it stays put.

    The muster still lists it where it was: it arrives with the next one.
    """
    to = nearest_base(world, state, lane, b)
    if to < 0:
        return
    here, there, d = world.bases.cell[b], world.bases.cell[to], world.bases.organisation[b]
    for u in range(world.units.first[d], world.units.first[d + 1]):
        if world.units.base[u] == b and state.units.fighters[lane, u] > 0 and state.units.cell[lane, u] == here:
            state.units.cell[lane, u] = there


@compiled
def fall(world, state, p, lane, b, a):  # type: ignore[no-untyped-def]
    """What follows when a base falls."""
    d = world.bases.organisation[b]
    state.bases.open[lane, b] = LOST
    state.ledger.overrun[lane, d] += 1
    state.organisations.prestige[lane, a] = min(1.0, state.organisations.prestige[lane, a] + p.prestige[lane])
    state.organisations.treasury[lane, a] += p.materiel[lane]
    confine(world, state, (lane, world.bases.cell[b]), d, p.confinement[lane])
    withdraw_survivors(world, state, lane, b)


@inlined
def troops_around(world, state, lane, c, d):  # type: ignore[no-untyped-def]
    """Troops of d in the 8 cells around c: those who could come to the rescue."""
    total = 0.0
    for k in range(1, 9):
        n = world.cells.neighbour[c, k]
        if n >= 0:
            total += state.cells.presence[lane, n, d]
    return total


@compiled
def return_of_the_army(world, state, p, streams, lane, b):  # type: ignore[no-untyped-def]
    """A lost base is retaken when own troops around outweigh the enemies in the cell."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    enemies = 0.0
    for o in range(world.organisations.kind.shape[0]):
        hostility = state.relations.hostility[lane, d, o, world.cells.region[c]]
        enemies += hostility * state.cells.presence[lane, c, o]
    friends = troops_around(world, state, lane, c, d) + 50.0
    chance = p.reoccupy[lane] * friends / (friends + enemies)
    if uniform(streams, lane, Stream.REOCCUPY, world.bases.key[b], 0) < chance:
        state.bases.open[lane, b] = 1
