"""Surroundings: whom a community sees around it, and who governs there."""

from __future__ import annotations

from sim.state import Posture
from sim.streams import compiled


@compiled
def fighters_near(world, state, share, at, near):  # type: ignore[no-untyped-def]
    """Fill `near` (organisation,): fighters in the cell, and `share` of those around it.

    Those who are shut in their bases are not met, so they neither threaten nor protect anybody.
    """
    lane, c = at
    around, owner = world.cells.neighbour[c], world.units.organisation
    first, member = state.cells.first[lane], state.cells.member[lane]
    fighters, posture = state.units.fighters[lane], state.units.posture[lane]
    near[:] = 0.0
    for slot in range(9):
        place = around[slot]
        if place >= 0:
            weight = 1.0 if slot == 0 else share
            for m in range(first[place], first[place + 1]):
                u = member[m]
                if posture[u] != Posture.CONFINED:
                    near[owner[u]] += weight * fighters[u]


@compiled
def present(near, who):  # type: ignore[no-untyped-def]
    """List in `who` the organisations with fighters near; returns how many."""
    count = 0
    for o in range(near.shape[0]):
        if near[o] > 0.0:
            who[count] = o
            count += 1
    return count


@compiled
def at_hand(near, governance, who):  # type: ignore[no-untyped-def]
    """List in `who` the organisations that have fighters near or govern here; returns how many."""
    count = 0
    for o in range(near.shape[0]):
        if near[o] + governance[o] > 0.0:  # neither is negative
            who[count] = o
            count += 1
    return count
