"""Strengths at the start: one draw for each replicate and organisation, the same in any batch."""

from __future__ import annotations

import numpy as np
import small
from numpy.typing import NDArray

from scenarios.draws import drawn_strengths, start_units, triangular, unit_draw
from sim.state import State
from sim.streams import Streams

WORLD = small.world()
ORGANISATIONS = len(WORLD.organisations.kind)
KEYS = np.array([[1, replicate] for replicate in range(5)], np.uint64)
RANGES = np.tile([0.5, 2.0], (ORGANISATIONS, 1))


def drawn(keys: NDArray[np.uint64], ranges: NDArray[np.float64] = RANGES) -> State:
    state = small.state(len(keys))
    drawn_strengths(state, WORLD, ranges, keys)
    return state


def test_a_replicate_draws_the_same_alone_and_in_a_batch() -> None:
    together = drawn(KEYS).units
    for lane in range(len(KEYS)):
        alone = drawn(KEYS[lane : lane + 1]).units
        assert alone.fighters[0].tolist() == together.fighters[lane].tolist()
        assert alone.establishment[0].tolist() == together.establishment[lane].tolist()
    assert len({tuple(lane) for lane in together.fighters.tolist()}) == len(KEYS)


def test_an_organisation_as_a_whole_is_scaled_by_its_draw() -> None:
    before, after = small.state(1).units.fighters[0], drawn(KEYS).units.fighters
    units = start_units(Streams(KEYS, 0), WORLD.organisations.key)
    for o in range(ORGANISATIONS):
        own = slice(WORLD.units.first[o], WORLD.units.first[o + 1])
        scales = [triangular(unit, 0.5, 1.0, 2.0) for unit in units[:, o].tolist()]
        assert after[:, own].sum(axis=1).tolist() == [round(before[own].sum() * scale) for scale in scales]


def test_without_a_range_nothing_is_drawn() -> None:
    state = drawn(KEYS, np.ones((ORGANISATIONS, 2)))
    assert state.units.fighters.tolist() == small.state(len(KEYS)).units.fighters.tolist()


def test_a_name_has_its_own_draw() -> None:
    assert unit_draw(KEYS[0], "a") != unit_draw(KEYS[0], "b") != unit_draw(KEYS[1], "b")
    assert 0.0 < unit_draw(KEYS[0], "a") < 1.0
