"""State and international forces: who stays in, who patrols, where columns go.

A garrison patrols with probability patrol * readiness (never while confined), into the cell around its
base that most calls for it:

    U(c') = w_alarm * log(1 + recent attacks by enemies) - w_threat * log(1 + enemies / own) - w_cost * travel

A column goes where enemies have been active, tied to its base by a cost that grows with distance
(loss of strength with distance: Boulding 1962; Buhaug 2010), and stays where it is when its base is closed.
Peacekeepers patrol too, but hunt nobody: their aggression is a fact of the order of battle.

An army that fears for its capital accepts risk at the border (CTP December 2023):

    readiness = tempo * (1 - shield * F * away),   away = min(1, km from the capital / reach)
    F = 1 - (1 - exp(-weeks of the junta / fade)) * (1 - threat) * (1 - a / (a + a_half))

with threat the hostility of another state's force at the capital (ECOWAS in 2023) and a the attacks of
the last quarter within 200 km of it (JNIM's offensive around Bamako, CTP February 2023). A share
recall * F * away of the columns is called to the capital, and a share thin * F * away of the garrison
units of posts that have more than one.

No patrol or column enters a country in which its force may not operate, but for a few in hot pursuit.
Where a neighbour grants passage, columns based at that border go out more often and cross it; they
press the enemy there and come back, for nobody stays to hold the ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.capital import alarm, away, called, fear, list_centres, list_foes
from agents.choice import chosen
from agents.posture import take_posture
from sim.chain import Link
from sim.elementary import logarithm
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped
from sim.processes.distance import degrees_apart
from sim.processes.politics import governs_state
from sim.state import Posture
from sim.streams import Stream, compiled, inlined, kernel, uniforms
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
    shield: float = quantity(
        0.3, unit="share", low=0.0, high=1.0, source="CTP December 2023: risk accepted along the Malian border"
    )
    recall: float = quantity(0.6, unit="share of columns", low=0.0, high=1.0, source="CTP December 2023; judgement")
    thin: float = quantity(
        0.3, unit="share of second units", low=0.0, high=1.0, source="CTP December 2023: forces held around Niamey"
    )
    fade: float = quantity(
        39.0, unit="weeks", low=4.0, high=208.0, source="judgement: a junta settles in within a year"
    )
    reach: float = quantity(150.0, unit="km", low=20.0, high=1000.0, source="judgement: beyond it, the periphery")
    capital_half: float = quantity(
        100.0, unit="attacks in a quarter", low=1.0, high=500.0, source="CTP February 2023: an offensive distracts"
    )
    pursuit: float = quantity(
        0.2, unit="probability a week", low=0.0, high=0.5, source="CTP December 2023: two crossings in eight months"
    )
    joint: float = quantity(
        1.2, unit="1", low=0.0, high=6.0, source="CTP December 2023: seven operations across borders in three months"
    )
    pact: float = quantity(
        0.7, unit="share more columns", low=0.0, high=4.0, source="CTP December 2023: more, and more often combined"
    )


StateForcesColumns = columns(StateForces, __name__)


@inlined
def call(world, state, p, at, o, known):  # type: ignore[no-untyped-def]
    """How much recent attacks in cell `at` = (lane, cell) call for troops of o; each is computed once.

    `known` = (mark (cell,), number (cell,), which mark says that the number belongs to this lane and force, foes).
    """
    lane, c = at
    mark, number, turn, foes = known
    if mark[c] != turn:
        heard = alarm(state.cells.attacks[lane, c], state.relations.hostility[lane, o], world.cells.region[c], foes)
        mark[c], number[c] = turn, p.alarm[lane] * logarithm(1.0 + heard) if heard > 0.0 else 0.0
    return number[c]


@inlined
def may_enter(world, state, lane, o, c):  # type: ignore[no-untyped-def]
    """Whether o may operate in the country of cell c."""
    return state.relations.passage[lane, o, world.cells.country[c]] > 0.0


@inlined
def abroad(world, o, c):  # type: ignore[no-untyped-def]
    """Whether cell c lies outside the country of the army o; other forces are nowhere abroad."""
    return governs_state(world, o) and world.cells.country[c] != world.organisations.country[o]


@inlined
def chase(world, p, lane, o, c, b, hostile, effort):  # type: ignore[no-untyped-def]
    """What a column adds: the front's weight, the rope to its base, enemies to find, a border to cross."""
    value = p.front[lane] * effort - p.tether[lane] * degrees_apart(world, c, world.bases.cell[b])
    if abroad(world, o, c):
        value += p.joint[lane]
    return value + p.hunt[lane] * logarithm(1.0 + hostile / 50.0) if hostile > 0.0 else value


@compiled
def destination(world, state, p, streams, unit, roam, scratch):  # type: ignore[no-untyped-def]
    """The neighbouring cell (or the present one) that a patrol or column goes to.

    `roam` is whether borders are open to it this week; `scratch` = (worth (9,), allowed neighbours (9,),
    what `call` knows).
    """
    lane, u = unit
    value, allowed, known = scratch
    o, b = world.units.organisation[u], world.units.base[u]
    column, strength = world.units.role[u] == Role.MOBILE, float(state.units.fighters[lane, u])
    start = state.units.cell[lane, u] if column else world.bases.cell[b]
    neighbour, travel, region = world.cells.neighbour[start], world.cells.travel[start], world.cells.region
    presence, enemies, effort = state.cells.presence[lane], state.cells.enemies[lane], state.organisations.effort
    for k in range(9):
        c = neighbour[k]
        allowed[k] = c
        if c >= 0 and k > 0 and not roam and not may_enter(world, state, lane, o, c):
            allowed[k] = -1
        elif c >= 0:
            hostile = enemies[c, o]
            value[k] = call(world, state, p, (lane, c), o, known) - p.cost[lane] * travel[k]
            if hostile > 0.0:
                value[k] -= p.threat[lane] * logarithm(1.0 + hostile / max(presence[c, o], strength))
            if column:
                value[k] += chase(world, p, lane, o, c, b, hostile, effort[lane, o, region[c]])
    return chosen(streams, lane, Stream.MOVE, world.units.key[u], world.cells.gid, allowed, value)


@compiled
def second(world, u):  # type: ignore[no-untyped-def]
    """Whether its base has another garrison unit, listed before it."""
    for v in range(world.units.first[world.units.organisation[u]], u):
        if world.units.base[v] == world.units.base[u] and world.units.role[v] == Role.GARRISON:
            return True
    return False


@compiled
def garrison(world, state, p, streams, unit, afraid, scratch, seat):  # type: ignore[no-untyped-def]
    """Orders of a garrison unit: (cell, posture)."""
    lane, u = unit
    o, b = world.units.organisation[u], world.units.base[u]
    home = world.bases.cell[b]
    if state.bases.open[lane, b] != 1:
        return state.units.cell[lane, u], Posture.GARRISON
    if state.bases.confined[lane, b] > 0:
        return home, Posture.CONFINED
    tempo = state.organisations.tempo[lane, o, world.cells.region[home]]
    far = away(world, p, lane, o, home, afraid)
    if far > 0.0 and called(world, u, p.thin[lane] * far) and second(world, u):
        return seat[world.organisations.country[o]], Posture.GARRISON
    tempo *= 1.0 - p.shield[lane] * far
    wish, pursuit, _, _ = uniforms(streams, lane, Stream.MOVE_WISH, world.units.key[u], 0)
    if wish < clipped(p.patrol[lane] * tempo, 0.0, 0.95):
        roam = pursuit < p.pursuit[lane]
        return destination(world, state, p, streams, unit, roam, scratch), Posture.PATROL
    return home, Posture.GARRISON


@compiled
def at_open_border(world, state, lane, o, home):  # type: ignore[no-untyped-def]
    """Whether a cell lies at the border of another country in which o may operate."""
    for k in range(1, 9):
        c = world.cells.neighbour[home, k]
        if c >= 0 and abroad(world, o, c) and may_enter(world, state, lane, o, c):
            return True
    return False


@compiled
def column(world, state, p, streams, unit, afraid, scratch, seat):  # type: ignore[no-untyped-def]
    """Orders of a mobile unit: (cell, posture). In a week of low tempo it stays at its base."""
    lane, u = unit
    o, b = world.units.organisation[u], world.units.base[u]
    home = world.bases.cell[b]
    if state.bases.open[lane, b] != 1:
        return state.units.cell[lane, u], Posture.GARRISON
    far = away(world, p, lane, o, home, afraid)
    if far > 0.0 and called(world, u, p.recall[lane] * far):
        return seat[world.organisations.country[o]], Posture.GARRISON
    wish, pursuit, _, _ = uniforms(streams, lane, Stream.MOVE_WISH, world.units.key[u], 0)
    tempo = state.organisations.tempo[lane, o, world.cells.region[home]] * (1.0 - p.shield[lane] * far)
    if at_open_border(world, state, lane, o, home):
        tempo *= 1.0 + p.pact[lane]
    roam, here = pursuit < p.pursuit[lane], state.units.cell[lane, u]
    stuck = not roam and not may_enter(world, state, lane, o, here)
    if stuck or wish >= clipped(world.organisations.mobility[o] * tempo, 0.0, 1.0):
        return home, Posture.GARRISON
    return destination(world, state, p, streams, unit, roam, scratch), Posture.COLUMN


@compiled
def order(world, state, p, streams, unit, afraid, scratch, seat):  # type: ignore[no-untyped-def]
    """Give a unit with a base its orders. Orders rest on last week's picture, so none waits for another."""
    lane, u = unit
    if world.units.role[u] == Role.GARRISON:
        cell, stance = garrison(world, state, p, streams, unit, afraid, scratch, seat)
    else:
        cell, stance = column(world, state, p, streams, unit, afraid, scratch, seat)
    state.units.cell[lane, u] = cell
    take_posture(state, unit, stance)


@compiled
def posted(world, o):  # type: ignore[no-untyped-def]
    """Whether any unit of o belongs to a base."""
    found = False
    for u in range(world.units.first[o], world.units.first[o + 1]):
        found = found or world.units.role[u] != Role.FIGHTERS
    return found


@compiled
def order_all(world, state, p, streams, lane, scratch, foes, centres):  # type: ignore[no-untyped-def]
    """Orders of all units of a lane with a base; `scratch` = (worth, allowed neighbours, mark, number, turn before)."""
    value, allowed, mark, number, turn = scratch
    for o in range(world.organisations.kind.shape[0]):
        if not posted(world, o):
            continue
        turn += 1
        list_foes(state.relations.hostility[lane, o], foes)
        afraid = fear(world, state, p, lane, o, centres, foes)
        for u in range(world.units.first[o], world.units.first[o + 1]):
            if world.units.role[u] != Role.FIGHTERS and state.units.fighters[lane, u] > 0:
                known = (mark, number, turn, foes)
                order(world, state, p, streams, (lane, u), afraid, (value, allowed, known), centres[0])


@kernel
def state_forces_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `state_forces`."""
    cells, countries = world.cells.capital.shape
    seat, first = np.empty(countries, np.int32), np.empty(countries + 1, np.int32)
    near, mark = np.empty(cells * countries, np.int32), np.zeros(cells, np.int64)
    value, allowed, number = np.empty(9), np.empty(9, np.int32), np.empty(cells)
    foes = np.empty(world.organisations.kind.shape[0] + 1, np.int32)
    list_centres(world, seat, first, near)
    for lane in range(state.units.fighters.shape[0]):
        turn = lane * world.organisations.kind.shape[0]
        order_all(world, state, p, streams, lane, (value, allowed, mark, number, turn), foes, (seat, first, near))


state_forces = Link(state_forces_kernel)
"""Every garrison and column gets its orders for the week."""
