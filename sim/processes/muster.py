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
def clear(presence, enemies, first, due):  # type: ignore[no-untyped-def]
    """Empty the tables where units were at the last muster, or when control was renewed: most cells hold nobody."""
    for c in range(presence.shape[0]):
        if first[c + 1] > first[c] or due[c] == 1:
            enemies[c, :] = 0.0
            presence[c, :] = 0.0


@compiled
def list_units(world, state, lane, place):  # type: ignore[no-untyped-def]
    """Sort units with fighters by cell (a counting sort) and add up presence."""
    owner, where, fighters = world.units.organisation, state.units.cell[lane], state.units.fighters[lane]
    first, member, presence = state.cells.first[lane], state.cells.member[lane], state.cells.presence[lane]
    clear(presence, state.cells.enemies[lane], first, state.cells.due[lane])
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
def side_by_side(hostility, r, row):  # type: ignore[no-untyped-def]
    """Fill `row` (organisation,) with how hostile others are in region r; `hostility` (organisation, region)."""
    for e in range(row.shape[0]):
        row[e] = hostility[e, r]


@compiled
def face(world, state, lane, stance, known):  # type: ignore[no-untyped-def]
    """What every organisation would find against it: fighters by hostility and worth of a fighter.

    `stance` (region, organisation, organisation) is room for hostilities, each row fetched once: `known` (region,
    organisation) has the lane for which it was. In single precision, as it is kept.
    """
    presence, enemies, first = state.cells.presence[lane], state.cells.enemies[lane], state.cells.first[lane]
    hostility, quality, region = state.relations.hostility[lane], world.organisations.quality, world.cells.region
    for c in range(presence.shape[0]):
        if first[c + 1] > first[c]:
            faced, r = enemies[c], region[c]
            for o in range(quality.shape[0]):
                if presence[c, o] > 0.0:
                    if known[r, o] != lane:
                        side_by_side(hostility[o], r, stance[r, o])
                        known[r, o] = lane
                    worth, row = np.float32(presence[c, o] * quality[o]), stance[r, o]
                    for e in range(faced.shape[0]):
                        faced[e] += row[e] * worth


@kernel
def muster_kernel(world, state):  # type: ignore[no-untyped-def]
    """Compiled `muster`."""
    place = np.empty(world.cells.gid.shape[0] + 1, np.int32)
    organisations, regions = world.organisations.kind.shape[0], state.relations.hostility.shape[3]
    stance = np.empty((regions, organisations, organisations), np.float32)
    known = np.full((regions, organisations), -1, np.int32)
    for lane in range(state.units.fighters.shape[0]):
        list_units(world, state, lane, place)
        face(world, state, lane, stance, known)


def muster(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """List the units of each cell, their strength and what they face; no parameters, no chance."""
    muster_kernel(bound(world), bound(state))
