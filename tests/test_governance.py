"""Governance on numbers that one can check in the head."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.governance import Governance, GovernanceColumns, governance
from sim.processes.muster import muster
from sim.state import Posture, equal, take
from tests import small

ARMY, GROUP = 0, 1
EDGE, WEEK = 3, 3  # cell 3 is in region 1, which has its turn in week 3
PLAIN = {"build": 0.05, "half": 60.0, "consent": 0.0, "hunted": 0.0, "rule": 0.0, "wither": 0.01, "contest": 0.1}


def place(hostility=0.0, group=60, army=0):
    """A state with a band of the group, at courts, and a garrison of the army at Edge."""
    world, state = small.world(), small.state()
    state.relations.hostility[:] = hostility * (1.0 - np.eye(3)[:, :, None])
    state.units.fighters[:] = 0
    state.units.fighters[0, 4], state.units.posture[0, 4] = group, Posture.GOVERN
    state.units.fighters[0, 2] = army
    muster(world, state, None, None)
    return world, state


def later(state, organisation=GROUP, **values):
    """Governance at Edge after a review."""
    governance(small.world(), state, stack([Governance(**(PLAIN | values))], GovernanceColumns), small.streams(WEEK))
    return float(state.cells.governance[0, EDGE, organisation])


def test_it_grows_where_fighters_are_left_alone():
    _, state = place()
    assert later(state) == pytest.approx(4 * 0.05 * 0.5)  # four weeks at half of `build`


def test_consent_is_what_courts_grow_by():
    _, state = place()
    assert later(state, consent=1.0) == 0.0
    state.cells.welcome[0, EDGE, GROUP] = 0.2
    assert later(state, consent=1.0, consent_half=0.2) == pytest.approx(0.05)
    _, state = place()
    assert later(state, consent=1.0, rise="coercion") == pytest.approx(0.1)


def test_a_truce_lets_it_grow():
    grown = [later(place(hostility, army=60)[1]) for hostility in (1.0, 0.0)]
    assert grown == pytest.approx([4 * 0.05 * 0.5 * (1 - 60 / 180), 0.1])


def test_pressure_and_rivals_count_as_enemies():
    _, state = place()
    state.cells.pressure[0, EDGE, GROUP] = 1.0
    assert later(state, hunted=60.0) == pytest.approx(0.1 * (1 - 60 / 180))
    _, state = place(hostility=1.0)
    state.cells.governance[0, EDGE, ARMY] = 1.0
    assert later(state, rule=60.0) == pytest.approx(0.1 * (1 - 60 / 180))


def test_courts_wither_when_nobody_holds_them():
    _, state = place(group=0)
    state.cells.governance[0, EDGE, GROUP] = 0.5
    assert later(state) == pytest.approx(0.5 * (1 - 4 * 0.01))


def test_a_state_withers_where_its_troops_are_shut_in():
    _, state = place(group=0, army=60)
    state.cells.governance[0, EDGE, ARMY] = 0.5
    state.units.posture[0, 2] = Posture.CONFINED
    assert later(state, ARMY) == pytest.approx(0.5 * (1 - 4 * 0.01))


def test_a_state_stays_without_troops_until_enemies_come():
    _, state = place(group=0)
    state.cells.governance[0, EDGE, ARMY] = 0.5
    assert later(state, ARMY) == 0.5
    _, state = place(hostility=1.0, group=60)
    state.cells.governance[0, EDGE, ARMY] = 0.5
    assert later(state, ARMY) == pytest.approx(0.5 * (1 - 4 * (0.01 + 0.1 * 0.5)))


def test_governing_pays_for_four_weeks():
    _, state = place()
    state.cells.governance[0, EDGE, GROUP], state.organisations.treasury[:] = 1.0, 0.0
    later(state, yield_=0.01)
    assert state.organisations.treasury[0, GROUP] == pytest.approx(4 * 0.01 * 2000 / 1000)


def test_off_changes_nothing():
    _, state = place(hostility=1.0, army=60)
    state.cells.governance[:] = 0.5
    before = take(state, 0)
    later(state, rise="off", yield_=0.01)
    assert equal(state, before)
