"""Deterrence: peacekeepers make violence around them less likely, and hunt nobody.

With n the peacekeepers in a cell and around it, ready by their tempo and not shut in,

    D = most * n / (n + half),   half = per_people * people / 1000 + per_area * km2 / 1000

is the share of violence in the cell that does not happen. A mission that has announced its exit has
a lower tempo and deters less. More troops always help, each a little less than the one before: there
is no cliff at 20 per 1000 people (Friedman 2011, Journal of Conflict Resolution 55, 556). The rival
form, `threshold`, has that cliff, at twice `per_people`. Where missions are larger, fewer civilians and
fewer fighters die (Hultman, Kathman and Shannon 2013, AJPS 57, 875; 2014, APSR 108, 737).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.handles import bound, held
from sim.parameters import Parameters, columns, form, quantity
from sim.state import Posture
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

SMOOTH, THRESHOLD, OFF = 0, 1, 2


@dataclass(frozen=True)
class Deterrence(Parameters):
    """Parameters of deterrence by peacekeepers."""

    density: str = form("smooth", "threshold", "off", source="Friedman 2011 against the rule of 20 per 1000")
    most: float = quantity(
        0.9, unit="share", low=0.0, high=1.0, source="Hultman, Kathman and Shannon 2013: large missions, few deaths"
    )
    per_people: float = quantity(
        6.0, unit="troops per 1000 people", low=1.0, high=40.0, source="judgement: half effect below the old rule of 20"
    )
    per_area: float = quantity(
        60.0, unit="troops per 1000 km2", low=0.0, high=500.0, source="judgement: half effect in an empty cell at 180"
    )
    around: float = quantity(
        0.15, unit="share", low=0.0, high=1.0, source="judgement: patrols reach the cells around a camp"
    )


DeterrenceColumns = columns(Deterrence, __name__)


@inlined
def deterred(p, lane, troops, people, area):  # type: ignore[no-untyped-def]
    """Share of violence that does not happen in a cell with `troops`, `people` and `area` in km2."""
    if p.density[lane] == THRESHOLD:
        return p.most[lane] if troops >= 2.0 * p.per_people[lane] * people / 1000.0 else 0.0
    half = p.per_people[lane] * people / 1000.0 + p.per_area[lane] * area / 1000.0
    return p.most[lane] * troops / (troops + half)


@compiled
def ready(world, state, p, lane, troops):  # type: ignore[no-untyped-def]
    """Fill `troops` (cell,): peacekeepers who deter there, from the cell itself and from around it."""
    troops[:] = 0.0
    for o in range(world.organisations.kind.shape[0]):
        if world.organisations.kind[o] == Kind.PEACEKEEPER:
            for u in range(world.units.first[o], world.units.first[o + 1]):
                if state.units.fighters[lane, u] > 0 and state.units.posture[lane, u] != Posture.CONFINED:
                    c = state.units.cell[lane, u]
                    n = state.units.fighters[lane, u] * state.organisations.tempo[lane, o, world.cells.region[c]]
                    spread(world, p, lane, c, n, troops)


@inlined
def spread(world, p, lane, c, n, troops):  # type: ignore[no-untyped-def]
    """Add n troops to their own cell, and a share of them to each cell around."""
    troops[c] += n
    for k in range(1, 9):
        near = world.cells.neighbour[c, k]
        if near >= 0:
            troops[near] += p.around[lane] * n


@inlined
def people_of(world, state, lane, c):  # type: ignore[no-untyped-def]
    """People who live in a cell."""
    total = 0
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        total += state.communities.people[lane, k]
    return total


@kernel
def deterrence_kernel(world, state, p):  # type: ignore[no-untyped-def]
    """Compiled `deterrence`."""
    troops = np.zeros(world.cells.gid.shape[0])
    for lane in range(state.units.fighters.shape[0]):
        if p.density[lane] != OFF:
            ready(world, state, p, lane, troops)
        else:
            troops[:] = 0.0
        for c in range(troops.shape[0]):
            value = 0.0
            if troops[c] > 0.0:
                value = deterred(p, lane, troops[c], people_of(world, state, lane, c), world.cells.area[c])
            state.cells.deterrence[lane, c] = value


def deterrence(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """How much violence peacekeepers prevent in each cell this week."""
    deterrence_kernel(bound(world), bound(state), held(parameters))
