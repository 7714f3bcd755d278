"""Armed groups: how often an organisation rallies its units, on numbers that one can check in the head."""

import numpy as np
import pytest

from agents.armed_group import called
from scenarios.week import WEEK
from sim.state import repeat, take
from tests.worlds import defaults, random_state, random_world

ONLY = tuple(p for p in WEEK if p.name == "armed_groups")


@pytest.mark.parametrize(("effort", "chance"), [(0.0, 0.0), (0.1, 0.4), (0.3, 0.6)])
def test_operations_go_where_an_organisation_sets_its_priority(effort, chance):
    """rally_chance * cohesion * e / (e + half) = 0.8 * 1 * e / (e + 0.1)."""
    world = random_world(0)
    state = repeat(take(random_state(world, 0), 0), 1)
    p = defaults(ONLY, 1, armed_groups={"rally_chance": 0.8, "rally_half": 0.1})["armed_groups"]
    state.organisations.cohesion[:] = 1.0
    state.organisations.effort[:] = effort
    unit = (0, int(world.units.first[0]))
    drawn = np.empty((len(world.organisations.kind), state.organisations.effort.shape[2]))
    answers = []
    for number in (chance - 1e-3, chance + 1e-3):
        drawn[:] = max(number, 0.0)
        answers.append(bool(called.py_func(world, state, p, None, unit, drawn)))
    assert answers == [chance > 0.0, False]
