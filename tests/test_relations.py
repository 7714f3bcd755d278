"""Rivalry among jihadists: what raises and lowers hostility, what war ties down, and that it can be switched off."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.relations import RelationsDrift, RelationsDriftColumns, relations
from sim.state import equal, take
from tests.twins.comparing import copied, unequal
from tests.twins.relations import relations as twin
from tests.twins.scene import Scene
from tests.worlds import random_state, random_world, streams

A, B = 0, 1
"""The two jihadist organisations of the random worlds."""
REVIEW = 1124
PLAIN = {"overlap": 0.0, "harm": 0.0, "leadership": 0.0, "exhaustion": 0.0, "enemy": 0.0, "draw": 0.0, "disrupt": 0.0}


def scene(n_a=100, n_b=50, rest=0.2):
    """A and B alone, in one cell of region 0; no losses, no pressure, no kin."""
    world = random_world(1)
    state = take(random_state(world, 1), 0)
    state.units.fighters[:] = 0
    for o, n in ((A, n_a), (B, n_b)):
        slot = world.units.first[o]
        state.units.fighters[:, slot], state.units.cell[:, slot] = n, 0
    state.relations.rest[:] = state.relations.hostility[:] = rest
    state.organisations.losses[:] = state.cells.pressure[:] = 0.0
    world.organisations.kin[:] = 0.0
    return world, state


def reviewed(world, state, **changes):
    columns = stack([RelationsDrift(**(PLAIN | {"drift": 1.0} | changes))], RelationsDriftColumns)
    relations(world, state, columns, streams(1, REVIEW))
    return state.relations.hostility[0, A, B]


def test_hostility_returns_to_its_rest():
    world, state = scene(rest=0.2)
    state.relations.hostility[:] = 0.6
    assert reviewed(world, state, drift=0.5) == pytest.approx([0.4, 0.4, 0.4])  # half of the way from 0.6 to 0.2


def test_rivals_for_the_same_ground_fight():
    world, state = scene()  # 100 against 50 in region 0: overlap 1/2
    assert reviewed(world, state, overlap=1.0) == pytest.approx([0.7, 0.2, 0.2])


def test_kin_take_the_edge_off():
    world, state = scene()
    world.organisations.kin[A, B] = world.organisations.kin[B, A] = 0.5
    assert reviewed(world, state, overlap=1.0, kin=1.0)[0] == pytest.approx(0.2 + 0.5 * 0.5)


def test_harm_provokes_and_mutual_losses_tire():
    world, state = scene(rest=0.5)
    state.organisations.losses[0, A, 0], state.organisations.losses[0, B, 0] = 100, 50  # half of each
    assert reviewed(world, copied(state), harm=1.0)[0] == pytest.approx(0.5 + 0.5 * 0.5)
    assert reviewed(world, copied(state), exhaustion=0.4)[0] == pytest.approx(0.5 - 0.4 * 0.5)
    state.organisations.losses[0, B, 0] = 0
    assert reviewed(world, state, exhaustion=0.4)[0] == pytest.approx(0.5)  # who does not bleed does not tire


def test_a_common_enemy_binds():
    world, state = scene(rest=0.5)
    state.cells.pressure[:] = 1.0  # p / (p + 1) = 1/2
    assert reviewed(world, state, enemy=0.4)[0] == pytest.approx(0.3)


def test_a_truce_is_a_ceiling():
    world, state = scene()
    state.relations.ceiling[0, A, B, 0] = state.relations.ceiling[0, B, A, 0] = 0.05
    assert reviewed(world, state, overlap=1.0)[0] == 0.05


def test_war_ties_down_effort_and_breaks_up_rule_and_peace_does_not():
    world, state = scene(rest=0.5)  # A has 100 and B 50 there: 0.5 * 50 = 25 of A's 100 are engaged
    state.organisations.effort[:] = [0.2, 0.4, 0.4]
    state.cells.governance[:] = 0.4
    calm = copied(state)
    reviewed(world, state, draw=0.8, disrupt=1.0)
    assert state.organisations.effort[0, A] == pytest.approx([0.36, 0.32, 0.32])  # a fifth goes to region 0
    assert state.cells.governance[0, 0, A] == pytest.approx(0.3)
    calm.relations.rest[:] = calm.relations.hostility[:] = 0.0
    reviewed(world, calm, draw=0.8, disrupt=1.0)
    assert calm.organisations.effort[0, A] == pytest.approx([0.2, 0.4, 0.4])
    assert calm.cells.governance[0, 0, A] == 0.4


@pytest.mark.parametrize("rule", ["standard", "overlap_only", "off"])
def test_every_form_agrees_with_its_twin(rule):
    for seed in range(6):
        world = random_world(seed)
        state = take(random_state(world, seed), 0)
        plain = Scene(world, state, 0).given(RelationsDrift(rule=rule), streams(1, REVIEW), 0)
        twin(plain)
        relations(world, state, stack([RelationsDrift(rule=rule)], RelationsDriftColumns), streams(1, REVIEW))
        assert unequal(plain, state, 0) == []


def test_off_changes_nothing():
    world = random_world(2)
    state = random_state(world, 2)
    before = copied(state)
    relations(world, state, stack([RelationsDrift(rule="off")] * 2, RelationsDriftColumns), streams(2, REVIEW))
    assert equal(before, state)


def test_overlap_only_knows_no_exhaustion():
    world, state = scene(rest=0.5)
    state.organisations.losses[:] = 100.0
    assert np.allclose(reviewed(world, state, rule="overlap_only", exhaustion=3.0), [0.5, 0.5, 0.5])
