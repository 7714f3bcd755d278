"""Distance: what is left of a fighter's worth away from base or home.

    worth = quality * exp(-gradient * degrees from base)          troops of a base
    worth = quality * exp(-away * (1 - homeland))                 armed groups

The loss-of-strength gradient (Boulding 1962, Conflict and Defense, ch. 12), applied to civil wars by Buhaug
(2010, Conflict Management and Peace Science 27, 107). That it holds for armed groups away from home is a judgement.
An armed group's home is where its people live.
"""

from __future__ import annotations

import math

from sim.processes.common import EXPOSURE
from sim.streams import compiled, inlined


@inlined
def degrees_apart(world, a, b):  # type: ignore[no-untyped-def]
    """Distance between two cells in degrees of latitude."""
    north, east = world.cells.lat[a] - world.cells.lat[b], (world.cells.lon[a] - world.cells.lon[b]) * 0.97
    return math.sqrt(north * north + east * east)


@inlined
def at_home(world, away, c, o):  # type: ignore[no-untyped-def]
    """What is left of an armed group's worth in cell c; `away` is the log of what is lost far from home."""
    return math.exp(-away * (1.0 - world.organisations.home[o, c]))


@compiled
def worth(world, state, p, at, o):  # type: ignore[no-untyped-def]
    """Worth of a fighter of o in the cell, the mean over those who can be met there."""
    lane, c = at
    quality, total, kept = world.organisations.quality[o], 0.0, 0.0
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        if world.units.organisation[u] == o:
            b = world.units.base[u]
            if b < 0:
                return quality * at_home(world, p.away[lane], c, o)
            met = state.units.fighters[lane, u] * EXPOSURE[state.units.posture[lane, u]]
            total += met
            kept += met * math.exp(-p.gradient[lane] * degrees_apart(world, c, world.bases.cell[b]))
    return quality * kept / total if total > 0.0 else quality
