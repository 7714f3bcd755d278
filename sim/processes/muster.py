"""Muster: who is where after everybody has moved.

Units that have fighters are listed by cell, and presence is their sum: every later process of the
week reads this one list, so that all movement is simultaneous and all meetings follow it.
"""

from __future__ import annotations

import numpy as np

from sim.streams import compiled


@compiled
def muster_kernel(world, state):  # type: ignore[no-untyped-def]
    units = world.units.organisation.shape[0]
    cells = world.cells.gid.shape[0]
    place = np.empty(cells + 1, np.int32)
    for lane in range(state.units.fighters.shape[0]):
        first, member = state.cells.first[lane], state.cells.member[lane]
        presence, where, fighters = state.cells.presence[lane], state.units.cell[lane], state.units.fighters[lane]
        presence[:] = 0.0
        first[:] = 0
        for u in range(units):
            if fighters[u] > 0:
                first[where[u] + 1] += 1
                presence[where[u], world.units.organisation[u]] += fighters[u]
        for c in range(cells):
            first[c + 1] += first[c]
        place[:] = first
        for u in range(units):
            if fighters[u] > 0:
                member[place[where[u]]] = u
                place[where[u]] += 1


def muster(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """List the units of each cell and add up presence; `parameters` and `streams` are not needed."""
    muster_kernel(world.handle, state.handle)
