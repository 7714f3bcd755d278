"""Armed groups: where their units go, and whether they govern, gather or rest.

Every unit decides on last week's picture; all move at once. A unit that considers moving (its
organisation's mobility) compares its own cell and the 8 around by

    U(c') = w_welcome * welcome + w_home * homeland + w_people * log10(1 + people / 1000)
            + w_prey * prey + w_front * effort of its organisation on that front
            - w_threat * log(1 + enemies / own) - w_cost * travel + w_govern * own governance
            - (w_spacing + w_crowd * pressure) * log(1 + own / unit)

In a country where it has no homeland yet a jihadist group probes: it goes, and stays, where it is little pressed
and some community would take it in:

    + w_probe * exp(-pressure) * largest sigma(2 * attitude) among the communities of the cell

prey = min(enemies, own) / max(enemies, own) is greatest where forces match. The choice is the
largest U + Gumbel noise (a multinomial logit: McFadden 1974), and the noise belongs to the
destination. Then it takes a posture, by logit: gather (*mass*) where pressure allows it and prey
is near, *govern* where it is welcome, or *rest*. Now and then an organisation rallies the units of
a region for an operation, with probability

    rally_chance * cohesion * e / (e + rally_half),   e its effort on that front

so operations go where it has set its priority. All units there consider moving, gather in the same week, and
make for an enemy whom those around could match together, where no peacekeepers deter it:

    + w_target * prey(enemies, own in the cell and the 8 around) * (1 - D)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from agents.choice import chosen
from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import held
from sim.state import Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform
from sim.world import Kind, Role, Skill


@dataclass(frozen=True)
class ArmedGroups(Parameters):
    """Parameters of the movement and posture of armed groups."""

    welcome: float = quantity(1.5, unit="1", low=0.0, high=6.0, source="Kalyvas 2006; Arjona 2016")
    home: float = quantity(2.6, unit="1", low=0.0, high=10.0, source="judgement: fighters stay near their people")
    people: float = quantity(0.3, unit="1", low=-2.0, high=3.0, source="judgement")
    prey: float = quantity(3.0, unit="1", low=0.0, high=5.0, source="judgement")
    front: float = quantity(8.5, unit="1", low=0.0, high=15.0, source="judgement: the organisation's will")
    threat: float = quantity(0.4, unit="1", low=0.0, high=3.0, source="judgement")
    cost: float = quantity(0.5, unit="per day of travel", low=0.0, high=3.0, source="judgement")
    crowd: float = quantity(0.3, unit="1", low=0.0, high=3.0, source="judgement: dispersal under aircraft")
    spacing: float = quantity(
        1.6, unit="1", low=0.0, high=3.0, source="judgement: units spread over the land they claim"
    )
    probe: float = quantity(
        6.0,
        unit="1",
        low=0.0,
        high=8.0,
        source="judgement: first attacks in northern Benin and Togo 2020-2022, UCDP GED",
    )
    govern: float = quantity(2.0, unit="1", low=0.0, high=5.0, source="judgement")
    gather: float = quantity(-1.0, unit="log-odds", low=-4.0, high=2.0, source="judgement: gathering is the exception")
    gather_prey: float = quantity(1.5, unit="log-odds", low=0.0, high=5.0, source="judgement")
    gather_pressure: float = quantity(
        1.0,
        unit="log-odds per unit of pressure",
        low=0.0,
        high=8.0,
        source="CTP February 2023: free movement once pressure is gone",
    )
    rally: float = quantity(
        3.0, unit="log-odds", low=0.0, high=8.0, source="CTP December 2023: hundreds gather for one operation"
    )
    rally_chance: float = quantity(
        0.56,
        unit="per week and region",
        low=0.0,
        high=1.0,
        source="judgement: an operation every few months on each front",
    )
    rally_half: float = quantity(
        0.1,
        unit="share of effort",
        low=0.0,
        high=0.5,
        source="CTP December 2023: operations moved to the front that was given priority; size by judgement",
    )
    target: float = quantity(
        9.0, unit="1", low=0.0, high=12.0, source="CTP December 2023: fighters converge on a base or a column"
    )
    settle: float = quantity(-0.5, unit="log-odds", low=-4.0, high=2.0, source="judgement")
    settle_welcome: float = quantity(2.0, unit="log-odds", low=0.0, high=6.0, source="Arjona 2016")


ArmedGroupsColumns = columns(ArmedGroups, __name__)

HOMELAND = 0.1
"""How much of a homeland a cell must be for the group to be rooted in its country."""

LOG10_E = 1.0 / math.log(10.0)
"""log10(x) = log(x) * LOG10_E, and the natural logarithm is the faster one."""


@inlined
def prey(enemies, own):  # type: ignore[no-untyped-def]
    """How well forces match, in [0, 1]; 0 where there is no enemy."""
    return min(enemies, own) / max(enemies, own)


@compiled
def list_rooted(world, rooted):  # type: ignore[no-untyped-def]
    """Fill `rooted` (organisation, country): whether it has a homeland there, or never probes."""
    for o in range(rooted.shape[0]):
        mine = world.organisations.home[o]
        for country in range(rooted.shape[1]):
            rooted[o, country] = world.organisations.kind[o] != Kind.JIHADIST
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
def around(world, state, lane, c, o):  # type: ignore[no-untyped-def]
    """Fighters of o in the cell and the 8 around it: those who can come together within a week."""
    total = 0.0
    for k in range(9):
        near = world.cells.neighbour[c, k]
        if near >= 0:
            total += state.cells.presence[lane, near, o]
    return total


@compiled
def converge(world, state, p, unit, value):  # type: ignore[no-untyped-def]
    """Add to `value` (9,) what a rallied unit gains by making for an enemy that can be matched together."""
    lane, u = unit
    o, here = world.units.organisation[u], state.units.cell[lane, u]
    own = around(world, state, lane, here, o)
    for k in range(9):
        c = world.cells.neighbour[here, k]
        if c >= 0:
            calm = 1.0 - state.cells.deterrence[lane, c]
            value[k] += p.target[lane] * prey(state.cells.enemies[lane, c, o], max(own, 1.0)) * calm


@compiled
def worth(world, state, p, unit, pictures):  # type: ignore[no-untyped-def]
    """Fill `value` (9,): the utility of the unit's own cell and the 8 around, without noise.

    `pictures` = (scale of the people of each cell, value, where each organisation is rooted).
    """
    people, value, rooted = pictures
    lane, u = unit
    o, here, strength = world.units.organisation[u], state.units.cell[lane, u], state.units.fighters[lane, u]
    neighbour, region, travel = world.cells.neighbour[here], world.cells.region, world.cells.travel[here]
    welcome, pressure, governance = state.cells.welcome[lane], state.cells.pressure[lane], state.cells.governance[lane]
    presence, enemies, effort = (
        state.cells.presence[lane],
        state.cells.enemies[lane],
        state.organisations.effort[lane, o],
    )
    home, size = world.organisations.home[o], world.organisations.unit_size[o]
    country = world.cells.country
    for k in range(9):
        c = neighbour[k]
        if c >= 0:
            own = presence[c, o] + (strength if k > 0 else 0)
            hostile, firm = enemies[c, o], max(own, 1.0)
            value[k] = p.welcome[lane] * welcome[c, o] + p.home[lane] * home[c] + p.people[lane] * people[c]
            value[k] += p.prey[lane] * prey(hostile, firm) + p.front[lane] * effort[region[c]]
            value[k] += p.govern[lane] * governance[c, o] - p.cost[lane] * travel[k]
            if not rooted[o, country[c]]:
                value[k] += p.probe[lane] * math.exp(-pressure[c, o]) * reception(world, state, lane, c, o)
            if hostile > 0.0:
                value[k] -= p.threat[lane] * math.log(1.0 + hostile / firm)
            if own > 0:
                dispersal = p.spacing[lane] + p.crowd[lane] * pressure[c, o]
                value[k] -= dispersal * math.log(1.0 + own / size)


@compiled
def destination(world, state, p, streams, unit, rallied, pictures):  # type: ignore[no-untyped-def]
    """The cell that the unit goes to: the most worth, noise included."""
    lane, u = unit
    value = pictures[1]
    worth(world, state, p, unit, pictures)
    if rallied:
        converge(world, state, p, unit, value)
    neighbour = world.cells.neighbour[state.units.cell[lane, u]]
    return chosen(streams, lane, Stream.MOVE, world.units.key[u], world.cells.gid, neighbour, value)


@compiled
def called(world, state, p, streams, unit, calls):  # type: ignore[no-untyped-def]
    """Whether the unit's organisation rallies its units in the region this week.

    `calls` (organisation, region) keeps the numbers drawn this week; -1 is not drawn yet.
    """
    lane, u = unit
    o, r = world.units.organisation[u], world.cells.region[state.units.cell[lane, u]]
    if calls[o, r] < 0.0:
        calls[o, r] = uniform(streams, lane, Stream.RALLY, world.organisations.key[o], r)
    effort = state.organisations.effort[lane, o, r]
    priority = effort / (effort + p.rally_half[lane]) if effort > 0.0 else 0.0
    return calls[o, r] < p.rally_chance[lane] * state.organisations.cohesion[lane, o] * priority


@compiled
def posture(world, state, p, streams, unit, rallied):  # type: ignore[no-untyped-def]
    """Gather, govern or rest, by logit."""
    lane, u = unit
    o, c = world.units.organisation[u], state.units.cell[lane, u]
    pressure, nearest = state.cells.pressure[lane, c, o], 0.0
    neighbour, enemies = world.cells.neighbour[c], state.cells.enemies[lane]
    for k in range(9):
        if neighbour[k] >= 0:
            nearest = max(nearest, enemies[neighbour[k], o])
    own = max(state.cells.presence[lane, c, o], 1.0)
    skill = state.organisations.skill[lane, o, Skill.MASSING]
    gather = p.gather[lane] + p.gather_prey[lane] * prey(nearest, own) - p.gather_pressure[lane] * pressure
    if rallied:
        gather += p.rally[lane]
    settle = p.settle[lane] + p.settle_welcome[lane] * state.cells.welcome[lane, c, o]
    mass, govern = skill * math.exp(gather), math.exp(settle)
    x = uniform(streams, lane, Stream.POSTURE, world.units.key[u], 0) * (1.0 + mass + govern)
    if x < mass:
        return Posture.MASS
    return Posture.GOVERN if x < mass + govern else Posture.REST


@compiled
def take_posture(state, unit, new):  # type: ignore[no-untyped-def]
    """Record a posture, and for how many weeks it has been held."""
    lane, u = unit
    held = state.units.posture[lane, u] == new
    state.units.weeks[lane, u] = state.units.weeks[lane, u] + 1 if held else 0
    state.units.posture[lane, u] = new


@compiled
def population_scale(world, state, lane, people):  # type: ignore[no-untyped-def]
    """Fill `people` (cell,) with log10(1 + people / 1000)."""
    for c in range(world.cells.gid.shape[0]):
        total = 0
        for k in range(world.communities.first[c], world.communities.first[c + 1]):
            total += state.communities.people[lane, k]
        people[c] = math.log(1.0 + total / 1000.0) * LOG10_E


@kernel
def armed_groups_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `armed_groups`."""
    people, value = np.empty(world.cells.gid.shape[0]), np.empty(9)
    rooted = np.empty((world.organisations.kind.shape[0], world.cells.capital.shape[1]), np.bool_)
    list_rooted(world, rooted)
    goal = np.empty(world.units.organisation.shape[0], np.int32)
    calls = np.empty((world.organisations.kind.shape[0], state.organisations.effort.shape[2]))
    for lane in range(state.units.fighters.shape[0]):
        population_scale(world, state, lane, people)
        calls[:] = -1.0
        for u in range(goal.shape[0]):
            goal[u] = state.units.cell[lane, u]
            if world.units.role[u] == Role.FIGHTERS and state.units.fighters[lane, u] > 0:
                rallied = called(world, state, p, streams, (lane, u), calls)
                wish = uniform(streams, lane, Stream.MOVE_WISH, world.units.key[u], 0)
                if rallied or wish < world.organisations.mobility[world.units.organisation[u]]:
                    goal[u] = destination(world, state, p, streams, (lane, u), rallied, (people, value, rooted))
                take_posture(state, (lane, u), posture(world, state, p, streams, (lane, u), rallied))
        state.units.cell[lane] = goal


def armed_groups(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Every unit of every armed group chooses its cell and its posture."""
    armed_groups_kernel(bound(world), bound(state), held(parameters), streams)
