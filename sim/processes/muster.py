"""Muster: who is where after everybody has moved.

Units that have fighters are listed by cell, and presence is their sum: every later process of the
week reads this one list, so that all movement is simultaneous and all meetings follow it.
"""

from __future__ import annotations

import numpy as np

from sim.handles import bound
from sim.processes.common import copy_row
from sim.streams import compiled, kernel


@compiled
def list_units(world, state, lane, place):  # type: ignore[no-untyped-def]
    """Sort units with fighters by cell (a counting sort) and add up presence."""
    owner, where, fighters = world.units.organisation, state.units.cell[lane], state.units.fighters[lane]
    first, member, presence = state.cells.first[lane], state.cells.member[lane], state.cells.presence[lane]
    presence[:] = 0.0
    first[:] = 0
    for u in range(owner.shape[0]):
        if fighters[u] > 0:
            first[where[u] + 1] += 1
            presence[where[u], owner[u]] += fighters[u]
    for c in range(presence.shape[0]):
        first[c + 1] += first[c]
    copy_row(first, place)
    for u in range(owner.shape[0]):
        if fighters[u] > 0:
            member[place[where[u]]] = u
            place[where[u]] += 1


@compiled
def face(world, state, lane):  # type: ignore[no-untyped-def]
    """What every organisation would find against it: fighters by hostility and worth of a fighter."""
    presence, enemies, first = state.cells.presence[lane], state.cells.enemies[lane], state.cells.first[lane]
    hostility, quality, region = state.relations.hostility[lane], world.organisations.quality, world.cells.region
    enemies[:] = 0.0
    for c in range(presence.shape[0]):
        if first[c + 1] > first[c]:
            for o in range(quality.shape[0]):
                if presence[c, o] > 0.0:
                    worth, against, faced, r = presence[c, o] * quality[o], hostility[o], enemies[c], region[c]
                    for e in range(quality.shape[0]):
                        faced[e] += against[e, r] * worth


@kernel
def muster_kernel(world, state):  # type: ignore[no-untyped-def]
    """Compiled `muster`."""
    place = np.empty(world.cells.gid.shape[0] + 1, np.int32)
    for lane in range(state.units.fighters.shape[0]):
        list_units(world, state, lane, place)
        face(world, state, lane)


def muster(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """List the units of each cell, their strength and what they face; no parameters, no chance."""
    muster_kernel(bound(world), bound(state))
