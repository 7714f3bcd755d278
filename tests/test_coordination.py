"""Coordination: rebels answer the attacks of jihadists with whom they are at peace, in the same week and place."""

import numpy as np
import pytest

from scenarios.week import WEEK
from sim.handles import bound, held
from sim.processes.coordination import attuned, openings
from sim.processes.encounters import encounters
from sim.processes.muster import muster
from sim.state import EventKind, Field, Posture, repeat, take
from tests.worlds import defaults, random_state, random_world, streams

JIHADIST, REBEL, ARMY = 0, 2, 4
LANES = 500


def place(world, state, o, cell, n=200):
    slot = world.units.first[o]
    state.units.fighters[:, slot], state.units.cell[:, slot] = n, cell
    state.units.posture[:, slot] = Posture.MASS if o < ARMY else Posture.PATROL


def scene(lanes=LANES, peace=0.0):
    """Rebels and soldiers in cell 5; an attack of jihadists on the army has just happened in cell 6."""
    world = random_world(0)
    state = repeat(take(random_state(world, 0), 0), lanes)
    state.units.fighters[:] = 0
    place(world, state, REBEL, 5)
    place(world, state, ARMY, 5)
    state.relations.hostility[:] = 1.0
    state.relations.hostility[:, [JIHADIST, REBEL], [REBEL, JIHADIST]] = peace
    state.cells.pressure[:] = state.cells.deterrence[:] = 0.0
    state.organisations.skill[:] = 1.0
    state.events.count[:] = 1
    row = {Field.CELL: 6, Field.SIDE_A: JIHADIST, Field.SIDE_B: ARMY, Field.KIND: EventKind.AMBUSH}
    for field, value in row.items():
        state.events.rows[:, 0, field] = value
    muster(world, state, None, streams(lanes))
    return world, state


def begun_by_rebels(world, state, **changes):
    lanes = len(state.events.count)
    given = defaults(tuple(p for p in WEEK if p.name == "encounters"), lanes, encounters=changes)["encounters"]
    encounters(world, state, given, streams(lanes))
    rows = np.concatenate([state.events.rows[lane, 1 : state.events.count[lane]] for lane in range(lanes)])
    return int((rows[:, Field.SIDE_A] == REBEL).sum()) / lanes


@pytest.mark.parametrize("peace", [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.7])
def test_hostility_of_just_the_bound_is_peace(peace):
    world, state = scene(lanes=1, peace=peace)
    p = defaults(tuple(p for p in WEEK if p.name == "encounters"), 1, encounters={"peace": peace})["encounters"]
    at = ((0, 5), JIHADIST, REBEL)
    assert attuned.py_func(world, state, p, *at)
    state.relations.hostility[:] *= 1.001
    assert not attuned.py_func(world, state, p, *at)


def test_an_attack_near_by_is_an_opening_for_those_at_peace_with_the_attacker():
    world, state = scene(lanes=1)
    p = defaults(tuple(p for p in WEEK if p.name == "encounters"), 1)["encounters"]
    assert attuned.py_func(world, state, p, (0, 5), JIHADIST, REBEL)
    assert not attuned.py_func(world, state, p, (0, 5), JIHADIST, 1)  # two jihadists are rivals, not attuned
    seen = bound(world), bound(state), held(p)  # as a kernel sees them
    assert openings(*seen, (0, 5), (REBEL, ARMY), 1) == (1, 0)
    assert openings(*seen, (0, 5), (REBEL, 5), 1)[0] == 0  # another enemy
    assert openings(*seen, (0, 15), (REBEL, ARMY), 1)[0] == 0  # another place


def test_rebels_answer_and_the_more_the_stronger_the_timing():
    alone = begun_by_rebels(*scene(), rate=0.05, timing="off")
    with_them = begun_by_rebels(*scene(), rate=0.05, answer=6.0)
    # Rebels begin h * beta * contact * their own initiative alone, and answer with 6 times that once.
    assert with_them / alone == pytest.approx(7.0, rel=0.3)


def test_rebels_at_war_with_the_jihadists_do_not_answer():
    off = begun_by_rebels(*scene(peace=1.0), rate=0.05, timing="off")
    assert begun_by_rebels(*scene(peace=1.0), rate=0.05) == off
