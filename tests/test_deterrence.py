"""Deterrence: half of the most at the half-way number of troops, no cliff, none without a mission."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.deterrence import Deterrence, DeterrenceColumns, deterred, deterrence
from sim.state import Posture
from sim.world import Kind
from tests.worlds import random_state, random_world, streams

MISSION = 6  # the peacekeepers of the random world


def columns(lanes=1, **changes):
    return stack([Deterrence(**changes)] * lanes, DeterrenceColumns)


def test_the_half_way_number_of_troops_deters_half_of_the_most():
    # 30 000 people need 10 per thousand, 3000 km2 need 100 per thousand: 300 + 300.
    p = columns(most=0.8, per_people=10.0, per_area=100.0)
    assert deterred.py_func(p, 0, 600.0, 30_000, 3000.0) == pytest.approx(0.4)
    assert deterred.py_func(p, 0, 1800.0, 30_000, 3000.0) == pytest.approx(0.6)
    assert deterred.py_func(p, 0, 0.0, 30_000, 3000.0) == 0.0


def test_the_smooth_form_has_no_cliff_and_its_rival_has_one_at_20_per_1000():
    smooth, rival = columns(), columns(density="threshold", per_people=10.0)
    near = [deterred.py_func(smooth, 0, n, 50_000, 3000.0) for n in (999.0, 1000.0)]
    assert near[1] - near[0] < 0.001
    assert deterred.py_func(rival, 0, 999.0, 50_000, 3000.0) == 0.0
    assert deterred.py_func(rival, 0, 1000.0, 50_000, 3000.0) == 0.9


def alone(n=600):
    """The mission's first unit alone in cell 5, with a normal tempo."""
    world, state = random_world(0), random_state(random_world(0), 0, lanes=1)
    first = world.units.first[MISSION]
    state.units.fighters[:] = 0
    state.units.fighters[:, first], state.units.cell[:, first], state.units.posture[:, first] = n, 5, Posture.GARRISON
    state.organisations.tempo[:] = 1.0
    return world, state


def test_a_mission_deters_where_it_is_less_around_it_and_less_once_its_exit_is_announced():
    world, state = alone()
    assert world.organisations.kind[MISSION] == Kind.PEACEKEEPER
    deterrence(world, state, columns(per_people=1.0, per_area=0.0), streams(1))
    before = state.cells.deterrence[0].copy()
    near = world.cells.neighbour[5]
    assert set(np.flatnonzero(before)) == {c for c in near if c >= 0}
    state.organisations.tempo[:] = 0.5
    deterrence(world, state, columns(per_people=1.0, per_area=0.0), streams(1))
    assert (state.cells.deterrence[0, near[near >= 0]] <= before[near[near >= 0]]).all()
    assert 0.0 < state.cells.deterrence[0, 5] <= before[5]


@pytest.mark.parametrize("why", ["off", "confined", "gone"])
def test_nobody_is_deterred_by_a_mission_that_is_off_or_shut_in_or_gone(why):
    world, state = alone()
    if why == "confined":
        state.units.posture[:] = Posture.CONFINED
    if why == "gone":
        state.units.fighters[:] = 0
    deterrence(world, state, columns(density="off" if why == "off" else "smooth"), streams(1))
    assert not state.cells.deterrence.any()
