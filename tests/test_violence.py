"""Violence against civilians: what attackers know, whom they protect, and how many they kill."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.civilians import Civilians, CiviliansColumns, civilians, knowledge, reasons, zone_risk
from sim.processes.muster import muster
from sim.state import Field, equal, repeat, take
from tests.worlds import random_state, random_world, streams

LANES = 400


def columns(lanes=1, **changes):
    return stack([Civilians(**changes)] * lanes, CiviliansColumns)


def test_knowledge_rises_with_control():
    p = columns(known=0.4)
    assert knowledge.py_func(p, 0, 0.0) == 0.0
    assert knowledge.py_func(p, 0, 0.4) == 0.5
    assert knowledge.py_func(p, 0, 0.8) == pytest.approx(0.8)


def test_risk_peaks_where_control_is_contested_and_the_flat_form_does_not_care():
    p, flat = columns(worst_control=0.35), columns(control="flat")
    assert zone_risk.py_func(p, 0, 0.35) == 1.0
    assert zone_risk.py_func(p, 0, 0.9) < 0.2
    assert zone_risk.py_func(flat, 0, 0.1) == zone_risk.py_func(flat, 0, 0.9)


def test_reasons_by_hand():
    p = columns(retaliation=2.0, punishment=1.0, blur=0.2)
    # Half known, will 1, 30 lost: selective 0.5 * 0.5 * (1 + 6), the rest 0.5 * (1 + 3 * (0.2 + 0.8 * 0.5)).
    assert reasons.py_func(p, 0, 0.5, 1.0, 3.0, 0.5) == pytest.approx((1.75, 0.5 * 2.8))
    assert reasons.py_func(p, 0, 1.0, 1.0, 0.0, 0.0) == (0.0, 0.0)  # who knows leaves the loyal alone


def week(prepare=None, **changes):
    """One week of violence in many lanes of one random world: (deaths by event, state)."""
    world = random_world(3)
    state = repeat(take(random_state(world, 3), 0), LANES)
    state.organisations.discipline[:] = 0.0
    state.cells.deterrence[:] = 0.0
    if prepare:
        prepare(world, state)
    muster(world, state, None, streams(LANES))
    civilians(world, state, columns(LANES, **({"rate": 0.1} | changes)), streams(LANES))
    rows = [state.events.rows[lane, : state.events.count[lane]] for lane in range(LANES)]
    return np.concatenate(rows)[:, Field.CIVILIANS], state


def shares(value):
    return lambda _world, state: state.cells.share.fill(value)


def test_selective_violence_kills_fewer_at_a_time():
    rule, _ = week(shares(1.0), known=0.05, control="flat", tail=3.5)
    contest, _ = week(shares(0.01), known=1.0, control="flat", tail=3.5)
    assert np.mean(rule) == pytest.approx(3.0, rel=0.15)
    assert np.mean(contest) == pytest.approx(11.0, rel=0.15)


def test_nobody_attacks_those_whom_it_protects():
    def protect(world, state):
        state.communities.protector[:] = 0

    _, state = week(protect, rate=0.3)
    rows = [state.events.rows[lane, : state.events.count[lane]] for lane in range(LANES)]
    assert 0 not in np.concatenate(rows)[:, Field.SIDE_A]
    assert len(np.concatenate(rows)) > 100


def test_a_mission_prevents_its_share():
    def shielded(world, state):
        state.cells.deterrence[:] = 0.75

    free, _ = week(rate=0.02)
    kept, _ = week(shielded, rate=0.02)
    assert len(kept) / len(free) == pytest.approx(0.25, rel=0.25)


def test_switched_off_nothing_changes():
    world = random_world(3)
    state = random_state(world, 3)
    muster(world, state, None, streams())
    before = repeat(state, 1)
    civilians(world, state, columns(2, control="off", rate=0.3), streams())
    assert equal(before, state)
