"""Control: when shares and zones are renewed; what they come to is held against its twin."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.control import Control, ControlColumns, control
from sim.processes.turns import TURNS
from tests.worlds import random_state, random_world, streams

COLUMNS = stack([Control()], ControlColumns)


@pytest.fixture
def scene():
    """A world in which fighters stand in the first cell alone, and shares that nobody has reckoned."""
    world = random_world(0)
    state = random_state(world, 0, lanes=1)
    state.units.cell[:] = 0
    state.cells.share[:] = 0.01
    state.cells.due[:] = 0
    return world, state


def renewed(world, state, week):
    """The cells whose shares changed in a week."""
    before = state.cells.share[0].copy()
    control(world, state, COLUMNS, streams(1, week))
    return set(np.flatnonzero((state.cells.share[0] != before).any(axis=1)).tolist())


def test_empty_cells_wait_for_the_turn_of_their_region(scene):
    world, state = scene
    turn = np.flatnonzero((world.cells.region + 1120) % TURNS == 0).tolist()
    assert renewed(world, state, 1120) == {0, *turn}


def test_within_four_weeks_every_cell_has_had_its_turn(scene):
    world, state = scene
    weeks = [renewed(world, state, 1120 + week) for week in range(TURNS)]
    assert set().union(*weeks) == set(range(len(world.cells.gid)))


def test_a_cell_that_fighters_have_left_is_renewed_once_more(scene):
    world, state = scene
    waits = [all((r + week) % TURNS for week in (1121, 1122)) for r in world.cells.region.tolist()]
    quiet = int(np.flatnonzero(waits)[-1])
    state.units.cell[:] = quiet
    control(world, state, COLUMNS, streams(1, 1120))
    state.units.cell[:] = 0
    left = state.cells.share[0, quiet].copy()
    control(world, state, COLUMNS, streams(1, 1121))
    after = state.cells.share[0, quiet].copy()
    assert after.sum() < left.sum()
    state.cells.governance[0, quiet] = 0.0
    control(world, state, COLUMNS, streams(1, 1122))
    assert state.cells.share[0, quiet].tolist() == after.tolist()
