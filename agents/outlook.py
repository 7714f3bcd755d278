"""Outlook: what the cells around a unit of an armed group are worth to it; see `armed_group` for the formula.

Units look around one after the other; what they see is then weighed for many of them at once, in single precision.
"""

from __future__ import annotations

import math

import numpy as np

from agents.choice import NOWHERE, PLACES
from agents.posture import match
from sim.elementary import logarithm
from sim.streams import compiled, vectored
from sim.world import Kind

ROWS = 12
"""Rows of an outlook: worth; own fighters, these by the size of a unit, enemies, pressure; welcome, homeland, people,
governance, effort, days of travel; share that peacekeepers prevent."""

HOMELAND = 0.1
"""How much of a homeland a cell must be for the group to be rooted in its country."""

LOG10_E = 1.0 / math.log(10.0)
"""log10(x) = log(x) * LOG10_E, and the natural logarithm is the faster one."""


@compiled
def list_rooted(world, rooted):  # type: ignore[no-untyped-def]
    """Fill `rooted` (organisation, country): whether it has a homeland there, or never probes."""
    for o in range(rooted.shape[0]):
        mine, probes = world.organisations.home[o], world.organisations.kind[o] == Kind.JIHADIST
        for country in range(rooted.shape[1]):
            rooted[o, country] = not probes
        if probes:
            for c in range(mine.shape[0]):
                if mine[c] > HOMELAND:
                    rooted[o, world.cells.country[c]] = True


@compiled
def reception(world, state, lane, c, o):  # type: ignore[no-untyped-def]
    """How ready the community that likes it best is to take o in, in (0, 1); 0 where nobody lives."""
    best = -1e300
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        best = max(best, state.communities.attitude[lane, k, o])
    return 1.0 / (1.0 + math.exp(-2.0 * best)) if best > -1e300 else 0.0


@compiled
def look_around(world, state, p, unit, at, pictures, outlook):  # type: ignore[no-untyped-def]
    """Fill the columns of `outlook` from `at` on for the unit's own cell and the 8 around; `weigh` adds to their worth.

    `pictures` = (scale of the people of each cell, where each organisation is rooted); `outlook` has `ROWS` rows.
    Returns fighters of its own in all nine.
    """
    people, rooted = pictures
    value, own, crowded, enemies, pressure, welcome, home, living, governance, effort, days, deterred = outlook
    lane, u = unit
    o, here, strength = world.units.organisation[u], state.units.cell[lane, u], state.units.fighters[lane, u]
    neighbour, travel, cells, together = world.cells.neighbour[here], world.cells.travel[here], state.cells, 0.0
    size = world.organisations.unit_size[o]
    for k in range(PLACES):
        c, i = neighbour[k], at + k
        value[i] = NOWHERE
        if c >= 0:
            present = cells.presence[lane, c, o]
            together += present
            own[i] = present + (strength if k > 0 else 0)
            crowded[i] = own[i] / size
            enemies[i], pressure[i] = cells.enemies[lane, c, o], cells.pressure[lane, c, o]
            deterred[i], welcome[i] = cells.deterrence[lane, c], cells.welcome[lane, c, o]
            home[i], living[i] = world.organisations.home[o, c], people[c]
            governance[i], days[i] = cells.governance[lane, c, o], travel[k]
            effort[i], value[i] = state.organisations.effort[lane, o, world.cells.region[c]], 0.0
            if not rooted[o, world.cells.country[c]]:
                value[i] = p.probe[lane] * math.exp(-pressure[i]) * reception(world, state, lane, c, o)
    return together


@vectored
def converge(outlook, at, target, together):  # type: ignore[no-untyped-def]
    """Add to the worth of the nine cells what a rallied unit gains by making for an enemy whom all there can match."""
    value, enemies, deterred = outlook[0], outlook[3], outlook[11]
    target, together, one = np.float32(target), np.float32(max(together, 1.0)), np.float32(1.0)
    for i in range(at, at + PLACES):
        value[i] += target * match(enemies[i], together) * (one - deterred[i])


@vectored
def weigh(p, lane, outlook, count):  # type: ignore[no-untyped-def]
    """Add to the worth of the first `count` columns what ground and people, fighters and enemies make of it."""
    value, own, crowded, enemies, pressure, welcome, home, living, governance, effort, days, _ = outlook
    w_welcome, w_home, w_people = np.float32(p.welcome[lane]), np.float32(p.home[lane]), np.float32(p.people[lane])
    w_govern, w_front, w_cost = np.float32(p.govern[lane]), np.float32(p.front[lane]), np.float32(p.cost[lane])
    prey, threat, one = np.float32(p.prey[lane]), np.float32(p.threat[lane]), np.float32(1.0)
    spacing, crowd = np.float32(p.spacing[lane]), np.float32(p.crowd[lane])
    for i in range(count):
        ground = w_welcome * welcome[i] + w_home * home[i] + w_people * living[i] + w_govern * governance[i]
        value[i] += ground + w_front * effort[i] - w_cost * days[i]
    for i in range(count):
        firm = max(own[i], one)
        fear, crowding = logarithm(one + enemies[i] / firm), logarithm(one + crowded[i])
        value[i] += prey * match(enemies[i], firm) - threat * fear - (spacing + crowd * pressure[i]) * crowding
