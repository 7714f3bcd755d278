"""Mechanisms in the week: each option makes a difference, and with all of them off nothing of theirs happens."""

import functools

import numpy as np
import pytest

from scenarios.build import CONF
from scenarios.mechanisms import OFF, STANDARD, chosen_parameters, joined, mechanisms
from scenarios.week import WEEK
from sim.engine import run_week
from sim.parameters import stack
from sim.state import repeat
from sim.streams import Streams
from tests.invariants import assert_conserved, assert_sound
from tests.test_parameters import LIVELY, WEEKS, ally, differs, lively_start
from tests.worlds import random_world

CHOICES = [{mechanism: option} for mechanism, options in mechanisms(CONF).items() for option in options]
CHOICES = [choice for choice in CHOICES if STANDARD not in choice.values()]
NAMES = [f"{mechanism}={option}" for choice in CHOICES for mechanism, option in choice.items()]
ALL_OFF = dict.fromkeys(mechanisms(CONF), OFF)
SEEDS = range(1, 13)
OFTEN = joined(LIVELY, {"politics": {"trap": 0.0, "steep": 6.0}})
"""What is rare happens often; the coup trap is left to the option that sets it."""


def given(choice):
    """Parameters of the week under a choice of options."""
    values = joined(OFTEN, chosen_parameters(choice, CONF))
    return {p.name: p.parameters(**values.get(p.name, {})) for p in WEEK if p.parameters}


@functools.cache
def lanes_of(seed):
    """World, start and end of a dozen weeks: first as they are, then under each option alone, then with all off."""
    world = random_world(seed)
    ally(world, seed)
    each = [given(choice) for choice in ({}, *CHOICES, ALL_OFF)]
    columns = {p.name: stack([one[p.name] for one in each], p.columns) for p in WEEK if p.parameters}
    start = repeat(lively_start(world, seed), len(each))
    state = repeat(lively_start(world, seed), len(each))
    for week in WEEKS:
        run_week(WEEK, world, state, columns, Streams(np.array([[seed, 0]] * len(each), np.uint64), week))
    return world, start, state


@pytest.mark.parametrize("name", NAMES)
def test_an_option_changes_the_run(name):
    lane = 1 + NAMES.index(name)
    assert any(differs(lanes_of(seed)[2], lane) for seed in SEEDS), "nothing differs from standard in any world"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_always_holds_holds_under_every_option(seed):
    world, start, state = lanes_of(seed)
    assert_conserved(world, start, state)
    assert_sound(world, state)


@pytest.mark.parametrize("seed", SEEDS)
def test_with_all_off_nobody_does_what_mechanisms_do(seed):
    _, start, state = lanes_of(seed)
    for name in ("fled", "came_home", "defected", "coups"):
        assert getattr(state.ledger, name)[-1].sum() == 0, name
    for part, name in (
        ("organisations", "legitimacy"), ("organisations", "talks"), ("organisations", "links"),
        ("organisations", "skill"), ("relations", "accord"), ("relations", "rest"), ("relations", "hostility"),
        ("policies", "access"), ("cells", "governance"), ("communities", "displaced"), ("communities", "refuge"),
        ("communities", "protector"),
    ):  # fmt: skip
        before, after = (np.asarray(getattr(getattr(s, part), name)[-1]) for s in (start, state))
        assert np.array_equal(before, after), name
    assert state.cells.deterrence[-1].max() == 0.0


def test_all_that_is_off_above_happens_under_standard():
    state = [lanes_of(seed)[2] for seed in SEEDS]
    for name in ("fled", "came_home", "defected", "coups"):
        assert sum(getattr(one.ledger, name)[0].sum() for one in state) > 0, name
