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

from dataclasses import dataclass

import numpy as np

from agents.choice import PLACES, ask, most_worth
from agents.outlook import LOG10_E, ROWS, converge, list_rooted, look_around, weigh
from agents.posture import lean, posture, take_posture
from sim.chain import Link
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import size_up
from sim.streams import Stream, compiled, draw_all, kernel, uniform, words_all
from sim.world import Role


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


BATCH = 32
"""Units that are decided on together: what they see stays at hand."""


@compiled
def destinations(world, state, p, streams, lane, units, goal, pictures, rooms):  # type: ignore[no-untyped-def]
    """Fill `goal` with the cells that some units go to: the most worth, noise included.

    `units` = (which, whether each is rallied); `pictures` and the rows of the outlook, the first of `rooms`, as in
    `look_around`; the others as in `ask` and `words_all`.
    """
    (who, rallied), (outlook, asked, where, words) = units, rooms
    cell, neighbours, count = state.units.cell[lane], world.cells.neighbour, 0
    for j in range(who.shape[0]):
        together = look_around(world, state, p, (lane, who[j]), PLACES * j, pictures, outlook)
        if rallied[j]:
            converge(outlook, PLACES * j, p.target[lane], together)
        mine = where[PLACES * j : PLACES * (j + 1)]
        count = ask(world.units.key[who[j]], world.cells.gid, neighbours[cell[who[j]]], asked, count, mine)
    weigh(p, lane, outlook, PLACES * who.shape[0])
    words_all(streams, lane, Stream.MOVE, (asked[0][:count], asked[1][:count]), words)
    for j in range(who.shape[0]):
        mine = slice(PLACES * j, PLACES * (j + 1))
        goal[j] = neighbours[cell[who[j]], most_worth(outlook[0][mine], where[mine], words)]


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
def choose_cells(world, state, p, streams, lane, units, pictures, rooms):  # type: ignore[no-untyped-def]
    """Fill `goal` with the cell that each unit goes to, and `rallied`; `pictures` and `rooms` as in `destinations`.

    `units` = (who fights, their wish to move, goal, rallied; room for those who move: place in the list, who,
    whether rallied, goal; calls by organisation and region).
    """
    who, wish, goal, rallied, (place, mover, called_up, to), calls = units
    calls[:] = -1.0
    count, mobility, owner = 0, world.organisations.mobility, world.units.organisation
    for i in range(who.shape[0]):
        u = who[i]
        goal[i], rallied[i] = state.units.cell[lane, u], called(world, state, p, streams, (lane, u), calls)
        if rallied[i] or wish[i] < mobility[owner[u]]:
            place[count], mover[count], called_up[count] = i, u, rallied[i]
            count += 1
    for begin in range(0, count, BATCH):
        end = min(begin + BATCH, count)
        batch = (mover[begin:end], called_up[begin:end])
        destinations(world, state, p, streams, lane, batch, to[begin:end], pictures, rooms)
    for m in range(count):
        goal[place[m]] = to[m]


@compiled
def choose(world, state, p, streams, lane, pictures, rooms):  # type: ignore[no-untyped-def]
    """Every unit of a lane chooses its cell and its posture; `pictures` as in `look_around`.

    `rooms` = (units that fight: who, key, goal, whether rallied; draws and odds; those who move, and calls, as in
    `choose_cells`; room of `destinations`; what `lean` knows).
    """
    (fighting, keys, goal, rallied), (wish, mood, odds), (movers, calls), around, known = rooms
    count = list_fighters(world, state, lane, fighting, keys)
    who = fighting[:count]
    draw_all(streams, lane, Stream.MOVE_WISH, keys[:count], wish)
    draw_all(streams, lane, Stream.POSTURE, keys[:count], mood)
    choose_cells(world, state, p, streams, lane, (who, wish, goal, rallied, movers, calls), pictures, around)
    lean(world, state, p, lane, who, rallied, odds[:, :count], known)
    for i in range(count):
        take_posture(state, (lane, who[i]), posture(mood[i], odds[0, i], odds[1, i]))
        state.units.cell[lane, who[i]] = goal[i]


@kernel
def armed_groups_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `armed_groups`."""
    cells, units, organisations = world.cells.gid.shape[0], world.units.key.shape[0], world.organisations.kind.shape[0]
    people, rooted = np.empty(cells, np.float32), np.empty((organisations, world.cells.capital.shape[1]), np.bool_)
    list_rooted(world, rooted)
    places, known = BATCH * PLACES, (np.empty(cells, np.int32), np.empty((cells, 2), np.float32))
    asked, words = (np.empty(places, np.uint64), np.empty(places, np.uint64)), np.empty((4, places), np.uint32)
    row = np.zeros((ROWS, places), np.float32)
    outlook = (row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10], row[11])
    around = (outlook, asked, np.zeros(places, np.int32), words)
    fighting = (
        np.empty(units, np.int32),
        np.empty(units, np.uint64),
        np.empty(units, np.int32),
        np.empty(units, np.bool_),
    )
    movers = (
        np.empty(units, np.int32),
        np.empty(units, np.int32),
        np.empty(units, np.bool_),
        np.empty(units, np.int32),
    )
    draws = (np.empty(units), np.empty(units), np.empty((2, units), np.float32))
    calls = np.empty((organisations, state.organisations.effort.shape[2]))
    for lane in range(state.units.fighters.shape[0]):
        size_up(world, state, lane, LOG10_E, people)
        rooms = (fighting, draws, (movers, calls), around, known)
        choose(world, state, p, streams, lane, (people, rooted), rooms)


armed_groups = Link(armed_groups_kernel)
"""Every unit of every armed group chooses its cell and its posture."""
