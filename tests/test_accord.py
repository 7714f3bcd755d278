"""The peace accord as a state: what frays it, what holds it, and how rebels turn with it."""

import pytest

from sim.parameters import stack
from sim.processes.accord import TRACE, Accord, AccordColumns, accord
from sim.state import equal, take
from sim.world import Kind
from tests.twins.accord import accord as twin
from tests.twins.comparing import copied, unequal
from tests.twins.scene import Scene
from tests.worlds import random_state, random_world, streams

JIHADISTS, REBELS, MILITIA, ARMY, PEACEKEEPERS = 0, 2, 3, 4, 6
REVIEW = 1124
PLAIN = {"fray": 0.0, "advance": 0.0, "clashes": 0.0, "harm": 0.0, "heal": 0.0, "guarantors": 100.0}


def scene(level=0.4, *, guards=0, troops=0, rebels=100):
    """An accord of rebels and army, all in cell 0, which is the rebels' homeland; no harm, no losses."""
    world = random_world(1)
    state = take(random_state(world, 1), 0)
    world.organisations.home[REBELS] = 0.0
    world.organisations.home[REBELS, 0] = 1.0
    world.organisations.kin[:] = 0.0
    state.units.fighters[:] = 0
    for o, n in ((REBELS, rebels), (ARMY, troops), (PEACEKEEPERS, guards)):
        slot = world.units.first[o]
        state.units.fighters[:, slot], state.units.cell[:, slot] = n, 0
    state.relations.accord[:] = 0.0
    state.relations.accord[0, REBELS, ARMY] = state.relations.accord[0, ARMY, REBELS] = level
    state.relations.rest[:] = state.relations.hostility[:] = 0.5
    state.organisations.losses[:] = state.communities.harm[:] = 0.0
    state.organisations.tempo[:] = 1.0
    return world, state


def reviewed(world, state, **changes):
    accord(world, state, stack([Accord(**(PLAIN | changes))], AccordColumns), streams(1, REVIEW))
    return state.relations.accord[0, REBELS, ARMY]


def test_without_anyone_it_frays():
    assert reviewed(*scene(), fray=0.5) == pytest.approx(0.2)  # loses half


def test_a_guarantor_shields_it():
    assert reviewed(*scene(guards=100), fray=0.5, shield=1.0) == pytest.approx(0.3)  # g = 1/2: loses a quarter


def test_a_mission_that_winds_down_guarantees_less():
    world, state = scene(guards=200)
    state.organisations.tempo[0, PEACEKEEPERS] = 0.5
    assert reviewed(world, state, fray=0.5, shield=1.0) == pytest.approx(0.3)  # as 100 at full tempo


def test_the_states_advance_frays_it():
    # 200 troops beside 100 rebels and the half of 100: e = 1/2
    assert reviewed(*scene(troops=200), advance=1.0) == pytest.approx(0.2)


def test_harm_frays_it():
    world, state = scene()
    world.communities.cell[0] = 0
    state.communities.harm[0, :, ARMY] = 0.5  # as much as harm_half
    state.communities.people[:], state.communities.allegiance[:] = 1000, 0.5
    assert reviewed(world, state, harm=1.0) == pytest.approx(0.2)


def test_clashes_fray_it():
    world, state = scene()
    state.organisations.losses[0, ARMY, 0] = 50.0  # half, at a hostility of a half: x = 1/4
    assert reviewed(world, state, clashes=1.0) == pytest.approx(0.3)


def test_quiet_heals_it_where_there_is_a_guarantor():
    assert reviewed(*scene(guards=100), heal=0.2) == pytest.approx(0.4 + 0.2 * 0.5 * 0.6)
    assert reviewed(*scene(), heal=0.2) == pytest.approx(0.4)


def test_below_the_threshold_it_is_war_where_rebels_live_and_above_it_is_not():
    world, state = scene(0.1)
    assert reviewed(world, state, turn=1.0) == pytest.approx(0.1)
    assert state.relations.hostility[0, REBELS, ARMY].tolist() == [1.0, 0.5, 0.5]
    assert state.relations.rest[0, ARMY, REBELS].tolist() == [1.0, 0.5, 0.5]
    world, state = scene(0.4)
    reviewed(world, state, turn=1.0)
    assert state.relations.hostility[0, REBELS, ARMY] == pytest.approx([0.02, 0.5, 0.5])


def test_in_war_signatories_unite_and_jihadists_of_the_same_people_are_left_alone():
    world, state = scene(0.1)
    state.relations.accord[0, MILITIA, ARMY] = state.relations.accord[0, ARMY, MILITIA] = 0.1
    world.organisations.host[MILITIA] = ARMY
    world.organisations.kin[REBELS, JIHADISTS] = world.organisations.kin[JIHADISTS, REBELS] = 1.0
    reviewed(world, state, turn=1.0)
    assert state.relations.hostility[0, REBELS, MILITIA, 0] == pytest.approx(0.02)
    assert state.relations.hostility[0, REBELS, JIHADISTS, 0] == pytest.approx(0.02)
    assert state.relations.hostility[0, REBELS, 1, 0] == 0.5  # no kin of theirs
    assert (state.relations.hostility[0, MILITIA, ARMY] == 0.5).all()  # a militia does not fight its host


def test_an_accord_that_failed_leaves_a_trace_and_none_stays_none():
    assert reviewed(*scene(0.011), fray=0.5) == TRACE
    assert reviewed(*scene(0.0), heal=0.2) == 0.0


@pytest.mark.parametrize("rule", ["standard", "no_guarantor", "off"])
def test_every_form_agrees_with_its_twin(rule):
    for seed in range(6):
        world = random_world(seed)
        world.organisations.kind[5] = Kind.PARTNER if seed % 2 else Kind.COUNTER_TERRORISM
        state = take(random_state(world, seed), 0)
        plain = Scene(world, state, 0).given(Accord(rule=rule), streams(1, REVIEW), 0)
        twin(plain)
        accord(world, state, stack([Accord(rule=rule)], AccordColumns), streams(1, REVIEW))
        assert unequal(plain, state, 0) == []


def test_off_changes_nothing():
    world = random_world(2)
    state = random_state(world, 2)
    before = copied(state)
    accord(world, state, stack([Accord(rule="off")] * 2, AccordColumns), streams(2, REVIEW))
    assert equal(before, state)


def test_no_guarantor_means_that_peacekeepers_do_not_matter():
    with_them = reviewed(*scene(guards=1000), rule="no_guarantor", fray=0.5, heal=0.1)
    assert with_them == reviewed(*scene(), rule="no_guarantor", fray=0.5, heal=0.1)
