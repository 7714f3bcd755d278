"""State and international forces: who stays in, who patrols, where columns go.

A garrison patrols with probability patrol * tempo (never while confined), into the cell around its
base that most calls for it:

    U(c') = w_alarm * log(1 + recent attacks by enemies) - w_threat * log(1 + enemies / own) - w_cost * travel

A column goes where enemies have been active, tied to its base by a cost that grows with distance
(loss of strength with distance: Boulding 1962; Buhaug 2010), and stays where it is when its base is closed.
Peacekeepers patrol too, but hunt nobody: their aggression is a fact of the order of battle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from agents.armed_group import take_posture
from agents.choice import chosen
from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped, held
from sim.state import Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform
from sim.world import Role


@dataclass(frozen=True)
class StateForces(Parameters):
    """Parameters of garrisons, patrols and columns."""

    patrol: float = quantity(
        0.35, unit="probability", low=0.0, high=1.0, source="judgement: a garrison is out one week in three"
    )
    alarm: float = quantity(0.8, unit="1", low=0.0, high=4.0, source="judgement")
    threat: float = quantity(0.4, unit="1", low=0.0, high=3.0, source="judgement: outnumbered patrols turn back")
    cost: float = quantity(0.6, unit="per day of travel", low=0.0, high=3.0, source="judgement")
    hunt: float = quantity(0.6, unit="1", low=0.0, high=3.0, source="judgement: columns seek enemies")
    front: float = quantity(3.0, unit="1", low=0.0, high=15.0, source="judgement: headquarters' will")
    tether: float = quantity(0.5, unit="per degree from base", low=0.0, high=3.0, source="Boulding 1962; judgement")


StateForcesColumns = columns(StateForces, __name__)


@compiled
def alarm(attacks, hostility, r):  # type: ignore[no-untyped-def]
    """Recent attacks in a cell of region r by those hostile to a force.

    `attacks` (organisation,) of the cell; `hostility` (organisation, region) of the force.
    """
    heard = 0.0
    for o in range(attacks.shape[0]):
        if attacks[o] > 0.05:
            heard += hostility[o, r] * attacks[o]
    return heard


@inlined
def degrees_from_base(world, c, b):  # type: ignore[no-untyped-def]
    """Distance in degrees (of latitude) between a cell and a base."""
    home = world.bases.cell[b]
    north, east = world.cells.lat[c] - world.cells.lat[home], (world.cells.lon[c] - world.cells.lon[home]) * 0.97
    return math.sqrt(north * north + east * east)


@inlined
def call(p, lane, heard, hostile, own):  # type: ignore[no-untyped-def]
    """How much a cell calls for troops: recent attacks, less the odds against `own`."""
    value = p.alarm[lane] * math.log(1.0 + heard) if heard > 0.0 else 0.0
    return value - p.threat[lane] * math.log(1.0 + hostile / own) if hostile > 0.0 else value


@inlined
def chase(world, p, lane, c, b, hostile, effort):  # type: ignore[no-untyped-def]
    """What a column adds: enemies to find, the front's weight, and the rope to its base."""
    value = p.front[lane] * effort - p.tether[lane] * degrees_from_base(world, c, b)
    return value + p.hunt[lane] * math.log(1.0 + hostile / 50.0) if hostile > 0.0 else value


@compiled
def destination(world, state, p, streams, unit, value):  # type: ignore[no-untyped-def]
    """The neighbouring cell (or the present one) that a patrol or column goes to; `value` (9,) is scratch."""
    lane, u = unit
    o, b = world.units.organisation[u], world.units.base[u]
    column, strength = world.units.role[u] == Role.MOBILE, float(state.units.fighters[lane, u])
    start = state.units.cell[lane, u] if column else world.bases.cell[b]
    neighbour, travel, region = world.cells.neighbour[start], world.cells.travel[start], world.cells.region
    presence, enemies, effort = (
        state.cells.presence[lane],
        state.cells.enemies[lane],
        state.organisations.effort[lane, o],
    )
    attacks, hostility = state.cells.attacks[lane], state.relations.hostility[lane, o]
    for k in range(9):
        c = neighbour[k]
        if c >= 0:
            own = max(presence[c, o], strength)
            heard = alarm(attacks[c], hostility, region[c])
            value[k] = call(p, lane, heard, enemies[c, o], own) - p.cost[lane] * travel[k]
            if column:
                value[k] += chase(world, p, lane, c, b, enemies[c, o], effort[region[c]])
    return chosen(streams, lane, Stream.MOVE, world.units.key[u], world.cells.gid, neighbour, value)


@compiled
def garrison(world, state, p, streams, unit, value):  # type: ignore[no-untyped-def]
    """Orders of a garrison unit: (cell, posture)."""
    lane, u = unit
    b = world.units.base[u]
    home = world.bases.cell[b]
    if state.bases.open[lane, b] != 1:
        return state.units.cell[lane, u], Posture.GARRISON
    if state.bases.confined[lane, b] > 0:
        return home, Posture.CONFINED
    tempo = state.organisations.tempo[lane, world.units.organisation[u], world.cells.region[home]]
    wish = uniform(streams, lane, Stream.MOVE_WISH, world.units.key[u], 0)
    if wish < clipped(p.patrol[lane] * tempo, 0.0, 0.95):
        return destination(world, state, p, streams, unit, value), Posture.PATROL
    return home, Posture.GARRISON


@compiled
def column(world, state, p, streams, unit, value):  # type: ignore[no-untyped-def]
    """Orders of a mobile unit: (cell, posture). In a week of low tempo it stays at its base."""
    lane, u = unit
    o, b = world.units.organisation[u], world.units.base[u]
    home = world.bases.cell[b]
    if state.bases.open[lane, b] != 1:
        return state.units.cell[lane, u], Posture.GARRISON
    wish = uniform(streams, lane, Stream.MOVE_WISH, world.units.key[u], 0)
    tempo = state.organisations.tempo[lane, o, world.cells.region[home]]
    if wish >= clipped(world.organisations.mobility[o] * tempo, 0.0, 1.0):
        return home, Posture.GARRISON
    return destination(world, state, p, streams, unit, value), Posture.COLUMN


@kernel
def state_forces_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `state_forces`."""
    units, value = world.units.organisation.shape[0], np.empty(9)
    goal, stance = np.empty(units, np.int32), np.empty(units, np.int32)
    for lane in range(state.units.fighters.shape[0]):
        for u in range(units):
            goal[u], stance[u] = state.units.cell[lane, u], state.units.posture[lane, u]
            if state.units.fighters[lane, u] > 0:
                if world.units.role[u] == Role.GARRISON:
                    goal[u], stance[u] = garrison(world, state, p, streams, (lane, u), value)
                elif world.units.role[u] == Role.MOBILE:
                    goal[u], stance[u] = column(world, state, p, streams, (lane, u), value)
        for u in range(units):
            if world.units.role[u] != Role.FIGHTERS:
                state.units.cell[lane, u] = goal[u]
                take_posture(state, (lane, u), stance[u])


def state_forces(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Every garrison and column gets its orders for the week."""
    state_forces_kernel(bound(world), bound(state), held(parameters), streams)
