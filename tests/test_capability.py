"""Capability, on numbers for the head: skills are 0.2, links 0.2, and one cell is a sanctuary."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.capability import Capability, CapabilityColumns, capability
from sim.state import equal, take
from sim.world import Kind, Skill
from tests import small

GROUP, OTHER = 1, 2
DUE = 1121
STILL = {"ied": 0.0, "vehicle_bomb": 0.0, "drone": 0.0, "massing": 0.0, "spread": 0.0, "forget": 0.0}


def quiet(state):
    """The group governs cell 3, where it is left alone, and cell 4 under pressure; nothing in cell 1."""
    state.cells.governance[:, 3, GROUP] = 0.5
    state.cells.governance[:, 4, GROUP] = 1.0
    state.cells.pressure[:, 4, GROUP] = np.log(2)
    return state


def allied():
    """The small world with the foreign force as a second armed group in the first one's coalition."""
    world = small.world()
    kind, side = world.organisations.kind.copy(), world.organisations.coalition.copy()
    kind[OTHER], side[OTHER] = Kind.JIHADIST, side[GROUP]
    return world._replace(organisations=world.organisations._replace(kind=kind, coalition=side))


def after(state, week=DUE, world=None, **parameters):
    columns = stack([Capability(**(STILL | parameters))], CapabilityColumns)
    capability(world or small.world(), state, columns, small.streams(week))
    return state.organisations.skill[0]


def test_a_craft_is_learnt_in_sanctuaries_with_links_and_money():
    state = quiet(small.state())
    state.organisations.treasury[:] = 0.0
    # Q = (0.5 + 0.5) / (1 + 1); M = 0.2 / 2; 4 * 0.2 * 0.5 * 0.1 * (0.2 + 0.5 * 0.2) * 0.8 = 0.0096
    skill = after(state, drone=0.2, seed=0.5, sanctuary=1.0)
    assert skill[GROUP] == pytest.approx([0.2, 0.2, 0.2096, 0.2])
    assert np.all(skill[[0, OTHER]] == 0.2)


def test_money_teaches():
    state = quiet(small.state())
    state.organisations.treasury[:] = 0.96
    # 960 / 120 = 8 weeks of pay, so M = (0.2 + 8 / 16) / 2 = 0.35; 4 * 0.1 * 0.5 * 0.35 * 0.2 * 0.8 = 0.0112
    assert after(state, ied=0.1, seed=0.0, sanctuary=1.0, pay_weeks=8.0)[GROUP, Skill.IED] == pytest.approx(0.2112)


def test_without_sanctuaries_nothing_is_learnt_and_skills_are_lost():
    assert after(small.state(), drone=0.2, forget=0.01)[GROUP] == pytest.approx(0.2 - 4 * 0.01 * 0.2)


def test_skills_spread_in_a_coalition_with_delay():
    state = small.state()
    state.organisations.skill[:, OTHER, Skill.DRONE] = 0.7
    skill = after(state, world=allied(), spread=0.05)
    assert skill[GROUP] == pytest.approx([0.2, 0.2, 0.2 + 4 * 0.05 * 0.5, 0.2])
    assert skill[OTHER, Skill.DRONE] == 0.7
    for _ in range(100):
        skill = after(state, world=allied(), spread=0.05)
    assert skill[GROUP, Skill.DRONE] == pytest.approx(0.7)


def test_alone_nothing_spreads():
    state = small.state()
    state.organisations.skill[:, OTHER] = 0.7
    assert np.all(after(state, world=allied(), diffusion="alone", spread=0.05)[GROUP] == 0.2)


def test_skills_never_leave_the_unit_interval():
    state = quiet(small.state())
    state.organisations.skill[:, GROUP] = 0.99
    for _ in range(200):
        skill = after(state, drone=0.2, ied=0.1, seed=0.5, sanctuary=0.5)
    assert np.all((skill >= 0.0) & (skill <= 1.0))


@pytest.mark.parametrize(("week", "form"), [(DUE, "off"), (DUE + 1, "coalition")])
def test_off_and_other_weeks_change_nothing(week, form):
    state = quiet(small.state())
    before = take(state, 0)
    after(state, week, drone=0.2, ied=0.1, spread=0.1, forget=0.05, diffusion=form)
    assert equal(state, before)
