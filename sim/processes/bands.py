"""Bands: how bodies of fighters take in recruits, divide and merge.

Recruits join the smallest unit of their organisation in the cell, as the muster lists it. A unit
that has doubled divides while its organisation has an empty slot; a remnant, below a quarter of the
usual size, joins another unit in its cell that has room. People become fighters and fighters become
people one by one, and the ledger counts both.
"""

from __future__ import annotations

import numpy as np

from sim.streams import compiled, inlined


@inlined
def fighters_of(world, state, lane, o):  # type: ignore[no-untyped-def]
    """All fighters of organisation o."""
    total = np.int64(0)
    for u in range(world.units.first[o], world.units.first[o + 1]):
        total += state.units.fighters[lane, u]
    return total


@inlined
def weeks_of_pay(state, lane, o, fighters):  # type: ignore[no-untyped-def]
    """Weeks of pay that organisation o has in hand."""
    return 1000.0 * state.organisations.treasury[lane, o] / max(fighters, 1)


@compiled
def smallest_unit(world, state, lane, c, o):  # type: ignore[no-untyped-def]
    """The smallest unit of o in cell c that has fighters and was there at the muster, or -1."""
    best, found = np.int64(1) << 60, -1
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        n = state.units.fighters[lane, u]
        if world.units.organisation[u] == o and state.units.cell[lane, u] == c and 0 < n < best:
            best, found = n, u
    return found


@compiled
def enrol(world, state, lane, k, u, recruits):  # type: ignore[no-untyped-def]
    """Turn people of community k, as many as there are, into fighters of unit u in its cell."""
    c, o = world.communities.cell[k], world.units.organisation[u]
    joined = min(recruits, state.communities.people[lane, k])
    state.units.fighters[lane, u] += joined
    state.cells.presence[lane, c, o] += joined
    state.communities.people[lane, k] -= joined
    state.ledger.joined[lane, o] += joined
    state.ledger.recruited[lane, k] += joined
    state.ledger.enlisted[lane, o, world.cells.region[c], world.communities.group[k]] += joined


@compiled
def free_slot(world, state, lane, o):  # type: ignore[no-untyped-def]
    """An empty slot of the organisation, or -1."""
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if state.units.fighters[lane, u] == 0:
            return u
    return -1


@compiled
def split(world, state, lane, u):  # type: ignore[no-untyped-def]
    """Half of unit u goes to an empty slot in the same cell, if there is one."""
    new = free_slot(world, state, lane, world.units.organisation[u])
    if new >= 0:
        half = state.units.fighters[lane, u] // 2
        state.units.fighters[lane, u] -= half
        state.units.fighters[lane, new] = half
        state.units.cell[lane, new] = state.units.cell[lane, u]
        state.units.posture[lane, new] = state.units.posture[lane, u]
        state.units.weeks[lane, new] = 0


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


@compiled
def reorganise(world, state, lane, o):  # type: ignore[no-untyped-def]
    """Units of an armed group that have doubled divide; remnants join the next unit in their cell."""
    size = world.organisations.unit_size[o]
    for u in range(world.units.first[o], world.units.first[o + 1]):
        n = state.units.fighters[lane, u]
        if n >= 2 * size:
            split(world, state, lane, u)
        elif 0 < n < size // 4:
            merge(world, state, lane, u)
