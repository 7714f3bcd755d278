"""Turns: what changes slowly is renewed in a quarter of the regions each week.

A region is renewed as a whole, so that a network of kin (one group in one region) is renewed at once
and each of its members answers to the same picture of the others.
"""

from __future__ import annotations

from sim.streams import compiled, inlined

TURNS = 4
"""Weeks between two renewals of a region."""


@inlined
def has_turn(region, week):  # type: ignore[no-untyped-def]
    """Whether it is the turn of a region."""
    return (region + week) % TURNS == 0


@compiled
def list_turn(world, week, cells):  # type: ignore[no-untyped-def]
    """List in `cells` those of the regions that are renewed this week; returns how many."""
    count, region = 0, world.cells.region
    for c in range(region.shape[0]):
        if has_turn(region[c], week):
            cells[count] = c
            count += 1
    return count
