"""Kernels in a chain do what they do one by one, in the same order, and an error in one of them comes through."""

import numpy as np
import pytest
from numba import config

from scenarios.week import WEEK
from sim import chain
from sim.engine import Process, replaced, run_week
from sim.streams import kernel
from tests.twins.comparing import copied
from tests.worlds import defaults, random_state, random_world, streams

CHAINED = [process.name for process in WEEK if process.kernel is not None]


def alone(process):
    """The same process, but for the engine no more than something to call."""
    return Process(process.name, process.resolve, process.parameters, process.columns)


def after(week, seed, weeks=5, lanes=3):
    world, state = random_world(seed), random_state(random_world(seed), seed, lanes=lanes)
    for number in range(1120, 1120 + weeks):
        run_week(week, world, state, defaults(WEEK, lanes), streams(lanes, number, seed))
    return state


def numbers(state):
    return {f"{part}.{name}": a for part, arrays in state._asdict().items() for name, a in arrays._asdict().items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_chain_does_what_its_kernels_do_one_by_one(seed):
    single = numbers(after(tuple(alone(process) for process in WEEK), seed))
    assert [name for name, a in numbers(after(WEEK, seed)).items() if not np.array_equal(a, single[name])] == []


def test_most_of_the_week_is_chained_and_each_kernel_is_the_one_that_its_process_calls():
    assert len(CHAINED) > 20
    for process in WEEK:
        if process.kernel is not None:
            assert process.kernel.__name__ in process.resolve.__code__.co_names, process.name


def test_a_process_that_is_exchanged_breaks_the_chain_and_is_called_in_its_place():
    seen = []
    mine = Process("governance", lambda world, state, parameters, streams: seen.append(streams.week))
    after(replaced(WEEK, mine), 1, weeks=2)
    assert seen == [1120, 1121]


@kernel
def breaks(world, state, p, streams):
    if state.units.fighters[0, 0] >= 0:
        raise ValueError("broken on purpose")


@pytest.mark.skipif(config.DISABLE_JIT, reason="nothing is compiled, so nothing is chained")
def test_an_error_in_a_chained_kernel_reaches_the_caller_and_those_after_it_do_not_run():
    world, given = random_world(1), defaults(WEEK, 1)
    state = random_state(world, 1, lanes=1)
    before = copied(state)
    control = next(process for process in WEEK if process.name == "control")
    with pytest.raises(ValueError, match="broken on purpose"):
        chain.run([(breaks, given["control"]), (control.kernel, given["control"])], world, state, streams(1, 1120, 1))
    assert np.array_equal(state.cells.share, before.cells.share)
