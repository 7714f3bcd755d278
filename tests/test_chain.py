"""Kernels in a chain do what they do one by one, in the same order, and an error in one of them comes through."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numba import config

from scenarios.week import WEEK
from sim.chain import Link, run
from sim.engine import Process, replaced, run_week
from sim.streams import Streams, kernel
from tests.twins.comparing import arrays_of, copied
from tests.worlds import defaults, random_state, random_world, streams


def alone(process):
    """The same process, but for the engine no more than something to call."""
    return replace(process, resolve=partial(process.resolve))


def after(week, seed, weeks=5, lanes=3):
    world, state = random_world(seed), random_state(random_world(seed), seed, lanes=lanes)
    for number in range(1120, 1120 + weeks):
        run_week(week, world, state, defaults(WEEK, lanes), streams(lanes, number, seed))
    return state


@pytest.mark.parametrize("seed", [1, 2])
def test_a_chain_does_what_its_kernels_do_one_by_one(seed):
    single = arrays_of(after(tuple(alone(process) for process in WEEK), seed))
    assert [name for name, a in arrays_of(after(WEEK, seed)).items() if not np.array_equal(a, single[name])] == []


def test_most_of_the_week_is_chained_each_process_by_its_own_kernel():
    chained = {p.name: p.resolve.kernel.__name__ for p in WEEK if isinstance(p.resolve, Link)}
    assert len(chained) > 20
    assert chained == {name: f"{name}_kernel" for name in chained}


def test_chance_that_lies_otherwise_in_memory_is_the_same_chance():
    def moved(key):
        state = random_state(world, 1)
        run([(armed_groups, given)], world, state, Streams(key, 1120))
        return state.units.cell

    world, (armed_groups, given) = random_world(1), link_of("armed_groups", 2)
    key = np.array([[7, 0], [7, 1]], np.uint64)
    apart = np.zeros((2, 4), np.uint64)
    apart[:, ::2] = key
    assert np.array_equal(moved(key), moved(apart[:, ::2]))


def link_of(name, lanes):
    """A process of the week and its parameters."""
    return next(p for p in WEEK if p.name == name).resolve, defaults(WEEK, lanes)[name]


def test_a_process_that_is_exchanged_breaks_the_chain_and_is_called_in_its_place():
    seen = []
    mine = Process("governance", lambda world, state, parameters, streams: seen.append(streams.week))
    after(replaced(WEEK, mine), 1, weeks=2)
    assert seen == [1120, 1121]


@kernel
def breaks_kernel(world, state, p, streams):
    if state.units.fighters[0, 0] >= 0:
        raise ValueError("broken on purpose")


@pytest.mark.skipif(config.DISABLE_JIT, reason="nothing is compiled, so nothing is chained")
def test_an_error_in_a_chained_kernel_reaches_the_caller_and_those_after_it_do_not_run():
    world, (control, given) = random_world(1), link_of("control", 1)
    state = random_state(world, 1, lanes=1)
    before = copied(state)
    with pytest.raises(ValueError, match="broken on purpose"):
        run([(Link(breaks_kernel), given), (control, given)], world, state, streams(1, 1120, 1))
    assert np.array_equal(state.cells.share, before.cells.share)
