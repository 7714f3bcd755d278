"""Coalitions: what sub-groups share, how they split, and how fighters leave one for another, to the man."""

import pytest

from sim.parameters import stack
from sim.processes.coalitions import Coalitions, CoalitionsColumns, coalitions
from sim.state import equal, take
from tests.twins.coalitions import coalitions as twin
from tests.twins.comparing import copied, unequal
from tests.twins.scene import Scene
from tests.worlds import random_state, random_world, streams

A, RIVAL, FELLOW = 0, 1, 2
"""Jihadists, their jihadist rival, and the rebels who are in a coalition with A in this world."""
REVIEW = 1124
PLAIN = {"share": 0.0, "reinforce": 0.0, "split": 0.0, "mend": 0.0, "leave": 0.0, "zeal": 0.0, "remnant": 0.0}


def scene(n_a=100, n_rival=300, n_fellow=100):
    """Three armed groups in cell 0, at peace inside the coalition, all of one mind."""
    world = random_world(3)
    assert world.organisations.coalition[A] == world.organisations.coalition[FELLOW]
    state = take(random_state(world, 3), 0)
    state.units.fighters[:], state.cells.presence[:] = 0, 0.0
    for o, n in ((A, n_a), (RIVAL, n_rival), (FELLOW, n_fellow)):
        slot = world.units.first[o]
        state.units.fighters[:, slot], state.units.cell[:, slot], state.cells.presence[:, 0, o] = n, 0, n
    state.relations.hostility[:] = state.relations.rest[:] = 0.0
    own = state.organisations
    own.cohesion[:], own.losses[:], own.links[:], own.intent[:] = 1.0, 0.0, 0.5, 0.5
    return world, state


def reviewed(world, state, **changes):
    before = state.units.fighters.sum()
    coalitions(world, state, stack([Coalitions(**(PLAIN | changes))], CoalitionsColumns), streams(1, REVIEW))
    assert state.units.fighters.sum() == before
    assert state.ledger.joined.sum() == state.ledger.left.sum()
    return state


def test_a_common_purse_and_name():
    world, state = scene(n_a=100, n_fellow=300)
    state.organisations.treasury[0, [A, FELLOW]] = 4.0, 0.0
    state.organisations.prestige[0, [A, FELLOW]] = 0.8, 0.4
    reviewed(world, state, share=1.0)  # by fighters, 1 to 3
    assert state.organisations.treasury[0, [A, FELLOW]] == pytest.approx([1.0, 3.0])
    assert state.organisations.prestige[0, [A, FELLOW]] == pytest.approx([0.6, 0.6])


def test_a_quarrel_ends_the_sharing():
    world, state = scene()
    state.organisations.treasury[0, [A, FELLOW]] = 4.0, 0.0
    state.relations.hostility[0, A, FELLOW] = state.relations.hostility[0, FELLOW, A] = 1.0
    reviewed(world, state, share=1.0)
    assert state.organisations.treasury[0, [A, FELLOW]].tolist() == [4.0, 0.0]


def test_effort_follows_a_fellow_in_trouble():
    world, state = scene()
    state.organisations.losses[0, FELLOW, 2] = 30.0
    state.organisations.effort[0, A] = [0.5, 0.5, 0.0]
    reviewed(world, state, reinforce=0.2)
    assert state.organisations.effort[0, A] == pytest.approx([0.4, 0.4, 0.2])


def test_a_split_is_hostility_inside():
    world, state = scene()
    state.organisations.cohesion[0, [A, FELLOW]] = 0.0
    world.organisations.kin[:] = 0.0
    quarrels = 0
    for seed in range(40):
        mine = copied(state)
        given = stack([Coalitions(**(PLAIN | {"split": 0.5, "rift": 0.3}))], CoalitionsColumns)
        coalitions(world, mine, given, streams(1, REVIEW, seed))
        quarrels += (mine.relations.rest[0, A, FELLOW] >= 0.3).all()
    assert 20 <= quarrels <= 38  # each of two splits with a chance of 1/2: three in four


def test_fighters_defect_to_the_stronger_and_every_man_is_counted():
    world, state = scene(n_a=100, n_rival=300)
    state.organisations.cohesion[0, A] = 0.0
    reviewed(world, state, leave=0.4)  # 0.4 * 300 / 400 of 100
    assert state.ledger.defected[0, A] == state.ledger.left[0, A] == state.ledger.joined[0, RIVAL] == 30
    assert state.ledger.defected[0, RIVAL] == 0  # nobody leaves the stronger


def test_hard_liners_leave_a_group_that_cuts_its_ties():
    world, state = scene()
    assert reviewed(world, copied(state), zeal=1.0).ledger.defected.sum() == 0
    state.organisations.links[0, A] = state.organisations.intent[0, A] = 0.1  # a gap of 0.4
    gone = reviewed(world, state, zeal=5.0).ledger.defected[0, A]
    assert gone == pytest.approx(5.0 * 0.4**2 * 0.75 * 100, abs=1)


def test_a_remnant_joins_its_fellows():
    world, state = scene(n_a=20)
    reviewed(world, state, remnant=50.0)
    assert state.units.fighters[0, world.units.first[A]] == 0
    assert state.units.fighters[0, world.units.first[FELLOW]] == 120
    assert state.ledger.defected.sum() == 0


@pytest.mark.parametrize("rule", ["standard", "loose", "off"])
def test_every_form_agrees_with_its_twin(rule):
    given = Coalitions(rule=rule, split=0.5, leave=0.5, remnant=100.0)
    for seed in range(6):
        world = random_world(3 * seed)
        state = take(random_state(world, seed), 0)
        plain = Scene(world, state, 0).given(given, streams(1, REVIEW), 0)
        twin(plain)
        coalitions(world, state, stack([given], CoalitionsColumns), streams(1, REVIEW))
        assert unequal(plain, state, 0) == []


def test_off_changes_nothing_and_loose_shares_nothing():
    world, state = scene(n_a=20)
    before = copied(state)
    assert equal(before, reviewed(world, state, rule="off", share=1.0, remnant=100.0, leave=0.5))
    reviewed(world, state, rule="loose", share=1.0, reinforce=1.0)
    assert state.organisations.treasury.tolist() == before.organisations.treasury.tolist()
