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

from agents.choice import PLACES, chosen
from agents.posture import lean, match, posture, take_posture
from sim.elementary import log_all, logarithm
from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import count_people, held
from sim.streams import Stream, compiled, draw_all, inlined, kernel, uniform, vectored
from sim.world import Kind, Role


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


@inlined
def homely(world, state, p, lane, o, c, people):  # type: ignore[no-untyped-def]
    """What cell c is worth to o for its people: their welcome, their number, a homeland, rule over them."""
    welcome, governance = state.cells.welcome[lane, c, o], state.cells.governance[lane, c, o]
    value = p.welcome[lane] * welcome + p.home[lane] * world.organisations.home[o, c]
    return value + p.people[lane] * people[c] + p.govern[lane] * governance


@compiled
def look_around(world, state, p, unit, pictures, outlook):  # type: ignore[no-untyped-def]
    """Fill the rows of `outlook` for the unit's own cell and the 8 around; returns fighters of its own in all nine.

    `pictures` = (scale of the people of each cell, where each organisation is rooted); `outlook` = (worth but for
    fighters, own fighters, enemies, weight of crowding, share that peacekeepers leave).
    """
    people, rooted = pictures
    value, own, enemies, crowding, calm = outlook
    lane, u = unit
    o, here, strength = world.units.organisation[u], state.units.cell[lane, u], state.units.fighters[lane, u]
    neighbour, travel, effort = world.cells.neighbour[here], world.cells.travel[here], state.organisations.effort
    together = 0.0
    for k in range(9):
        c = neighbour[k]
        if c >= 0:
            present, pressure = state.cells.presence[lane, c, o], state.cells.pressure[lane, c, o]
            together += present
            own[k] = present + (strength if k > 0 else 0)
            enemies[k] = state.cells.enemies[lane, c, o]
            crowding[k] = p.spacing[lane] + p.crowd[lane] * pressure
            calm[k] = 1.0 - state.cells.deterrence[lane, c]
            value[k] = homely(world, state, p, lane, o, c, people) - p.cost[lane] * travel[k]
            value[k] += p.front[lane] * effort[lane, o, world.cells.region[c]]
            if not rooted[o, world.cells.country[c]]:
                value[k] += p.probe[lane] * math.exp(-pressure) * reception(world, state, lane, c, o)
    return together


@vectored
def weigh(outlook, prey_weight, threat, size):  # type: ignore[no-untyped-def]
    """Add to the worth of each cell what its fighters and enemies make of it."""
    value, own, enemies, crowding, _ = outlook
    for k in range(PLACES):
        firm = max(own[k], 1.0)
        fear, crowd = logarithm(1.0 + enemies[k] / firm), logarithm(1.0 + own[k] / size)
        value[k] += prey_weight * match(enemies[k], firm) - threat * fear - crowding[k] * crowd


@vectored
def converge(outlook, target, together):  # type: ignore[no-untyped-def]
    """Add to the worth of each cell what a rallied unit gains by making for an enemy whom all in reach can match."""
    value, _, enemies, _, calm = outlook
    for k in range(PLACES):
        value[k] += target * match(enemies[k], together) * calm[k]


@compiled
def destination(world, state, p, streams, unit, rallied, pictures, outlook):  # type: ignore[no-untyped-def]
    """The cell that the unit goes to: the most worth, noise included."""
    lane, u = unit
    together = look_around(world, state, p, unit, pictures, outlook)
    weigh(outlook, p.prey[lane], p.threat[lane], world.organisations.unit_size[world.units.organisation[u]])
    if rallied:
        converge(outlook, p.target[lane], max(together, 1.0))
    neighbour = world.cells.neighbour[state.units.cell[lane, u]]
    return chosen(streams, lane, Stream.MOVE, world.units.key[u], world.cells.gid, neighbour, outlook[0])


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
def population_scale(world, state, lane, people):  # type: ignore[no-untyped-def]
    """Fill `people` (cell,) with log10(1 + people / 1000)."""
    count_people(world, state, lane, people)
    for c in range(people.shape[0]):
        people[c] = 1.0 + people[c] / 1000.0
    log_all(people)
    for c in range(people.shape[0]):
        people[c] *= LOG10_E


@compiled
def list_fighters(world, state, lane, who, key):  # type: ignore[no-untyped-def]
    """List the units of armed groups that have fighters, and their keys; returns how many."""
    count = 0
    for u in range(world.units.role.shape[0]):
        if world.units.role[u] == Role.FIGHTERS and state.units.fighters[lane, u] > 0:
            who[count], key[count] = u, world.units.key[u]
            count += 1
    return count


@compiled
def choose(world, state, p, streams, lane, pictures, outlook, rooms):  # type: ignore[no-untyped-def]
    """Every unit of a lane chooses its cell and its posture; `pictures` and `outlook` as in `look_around`.

    `rooms` = (units that fight: who, key, goal, whether rallied; draws and odds; calls by organisation and region;
    what `lean` knows).
    """
    units, draws, calls, known = rooms
    (fighting, keys, goal, rallied), (wish, mood, odds) = units, draws
    calls[:] = -1.0
    count = list_fighters(world, state, lane, fighting, keys)
    who = fighting[:count]
    draw_all(streams, lane, Stream.MOVE_WISH, keys[:count], wish)
    draw_all(streams, lane, Stream.POSTURE, keys[:count], mood)
    for i in range(count):
        u = who[i]
        goal[i], rallied[i] = state.units.cell[lane, u], called(world, state, p, streams, (lane, u), calls)
        if rallied[i] or wish[i] < world.organisations.mobility[world.units.organisation[u]]:
            goal[i] = destination(world, state, p, streams, (lane, u), rallied[i], pictures, outlook)
    lean(world, state, p, lane, who, rallied, odds[:, :count], known)
    for i in range(count):
        take_posture(state, (lane, who[i]), posture(mood[i], odds[0, i], odds[1, i]))
        state.units.cell[lane, who[i]] = goal[i]


@kernel
def armed_groups_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `armed_groups`."""
    cells, units, organisations = world.cells.gid.shape[0], world.units.key.shape[0], world.organisations.kind.shape[0]
    people, rooted = np.empty(cells), np.empty((organisations, world.cells.capital.shape[1]), np.bool_)
    list_rooted(world, rooted)
    rows, known = np.zeros((5, PLACES)), (np.empty(cells, np.int32), np.empty((cells, 2)))
    outlook = (rows[0], rows[1], rows[2], rows[3], rows[4])
    listed = (
        np.empty(units, np.int32),
        np.empty(units, np.uint64),
        np.empty(units, np.int32),
        np.empty(units, np.bool_),
    )
    draws = (np.empty(units), np.empty(units), np.empty((2, units)))
    calls = np.empty((organisations, state.organisations.effort.shape[2]))
    for lane in range(state.units.fighters.shape[0]):
        population_scale(world, state, lane, people)
        choose(world, state, p, streams, lane, (people, rooted), outlook, (listed, draws, calls, known))


def armed_groups(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Every unit of every armed group chooses its cell and its posture."""
    armed_groups_kernel(bound(world), bound(state), held(parameters), streams)
