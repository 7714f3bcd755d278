"""Restraint: capitals are pressed, not stormed.

The rate at which an armed group storms a base in the cell of a capital is multiplied by

    exp(-hostile * (1 - welcome of its coalition) - burden * log10(1 + people / 1000))

It falls with the share of people who do not want it and with the cost of governing so many (CTC
Sentinel 2025: JNIM presses Bamako and does not storm it). Where people are friendly and few, little
restraint is left. A capital is taken when a base in its cell falls to attackers who outnumber all
state forces there.
"""

from __future__ import annotations

import math

from sim.processes.common import is_state
from sim.streams import compiled, inlined
from sim.world import Kind

RESTRAINT = ("restraint", "off")
"""Names of the forms, in their order."""

RESTRAINED = 0

CAPITAL_KM = 100.0
"""A capital farther than this from the nearest cell lies outside the region."""


@compiled
def seats(world, seat):  # type: ignore[no-untyped-def]
    """Fill `seat` (cell,) with the country whose capital lies nearest to that cell, -1 elsewhere."""
    away = world.cells.capital
    seat[:] = -1
    for country in range(away.shape[1]):
        nearest = 0
        for c in range(away.shape[0]):
            if away[c, country] < away[nearest, country]:
                nearest = c
        if away[nearest, country] < CAPITAL_KM:
            seat[nearest] = country


@compiled
def willingness(world, state, p, lane, c, a):  # type: ignore[no-untyped-def]
    """The factor of the module's docstring: what is left of a's readiness to storm a base in a capital."""
    coalition, friendly, people = world.organisations.coalition, 0.0, 0
    for o in range(coalition.shape[0]):
        if coalition[o] == coalition[a]:
            friendly += state.cells.welcome[lane, c, o]
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        people += state.communities.people[lane, k]
    burden = p.burden[lane] * math.log10(1.0 + people / 1000.0)
    return math.exp(-p.hostile[lane] * (1.0 - friendly) - burden)


@inlined
def outnumbered(world, state, lane, c, n):  # type: ignore[no-untyped-def]
    """Whether n attackers are more than all state forces in the cell."""
    troops = 0.0
    for o in range(world.organisations.kind.shape[0]):
        if is_state(world.organisations.kind[o]):
            troops += state.cells.presence[lane, c, o]
    return n > troops


@compiled
def count_capital(world, state, lane, country):  # type: ignore[no-untyped-def]
    """Write into the ledger of the country's army that its capital was taken."""
    for o in range(world.organisations.kind.shape[0]):
        if world.organisations.kind[o] == Kind.ARMY and world.organisations.country[o] == country:
            state.ledger.capitals[lane, o] += 1
