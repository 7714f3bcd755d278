"""The engine: invariants that hold whatever the world, and independence of how lanes are batched."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.week import WEEK
from sim.engine import Process, replaced, run_week
from sim.state import EVENT_ROOM, Field, equal, take
from tests.worlds import defaults, random_state, random_world, streams

FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def run(world, state, weeks=8, **changes):
    columns = defaults(WEEK, len(state.units.fighters), **changes)
    for week in range(weeks):
        run_week(WEEK, world, state, columns, streams(len(state.units.fighters), 1122 + week))
    return state


@FUZZ
@given(st.integers(0, 10_000))
def test_fighters_and_people_are_conserved_to_the_person(seed):
    world = random_world(seed)
    state = random_state(world, seed)
    fighters, people = by_organisation(world, state), state.communities.people.copy()
    run(world, state)
    ledger = state.ledger
    assert np.array_equal(by_organisation(world, state), fighters + ledger.joined - ledger.killed - ledger.left)
    expected = people - ledger.civilians_killed - ledger.recruited + ledger.returned
    assert np.array_equal(state.communities.people.sum(axis=1), expected.sum(axis=1))


@FUZZ
@given(st.integers(0, 10_000))
def test_shares_sum_to_one_and_nothing_is_negative_or_not_a_number(seed):
    world = random_world(seed)
    state = run(world, random_state(world, seed))
    for part in state:
        for name, array in part._asdict().items():
            assert np.isfinite(array).all(), name
            if name not in ("attitude", "protector", "open", "fired", "rows", "refuge", "junta"):
                assert (array >= 0).all(), name
    for shares in (state.cells.share, state.communities.allegiance, state.cells.welcome):
        assert (shares.sum(axis=2) <= 1 + 1e-12).all()
    assert np.allclose(state.organisations.effort.sum(axis=2), 1.0)
    for bounded in (
        state.cells.governance,
        state.communities.fear,
        state.organisations.cohesion,
        state.relations.hostility,
    ):
        assert bounded.max() <= 1.0


@FUZZ
@given(st.integers(0, 10_000))
def test_no_event_without_both_sides(seed):
    world = random_world(seed)
    state = random_state(world, seed)
    columns = defaults(WEEK, 2, encounters={"rate": 2.0})
    muster = [p.name for p in WEEK].index("muster") + 1
    run_week(WEEK[:muster], world, state, columns, streams())
    before = state.cells.presence.copy()
    run_week(WEEK[muster:], world, state, columns, streams())
    for lane in range(2):
        for row in state.events.rows[lane, : state.events.count[lane]]:
            if row[Field.SIDE_B] >= 0:
                assert before[lane, row[Field.CELL], row[Field.SIDE_B]] >= max(1, row[Field.DEATHS_B])
            else:
                assert row[Field.COMMUNITY] >= 0
                assert row[Field.CIVILIANS] >= 1


@FUZZ
@given(st.integers(0, 10_000))
def test_a_lane_alone_equals_the_lane_in_a_batch(seed):
    world = random_world(seed)
    batch, alone = random_state(world, seed), take(random_state(world, seed), 1)
    run(world, batch)
    columns = defaults(WEEK, 1)
    for week in range(8):
        only = streams(2, 1122 + week)
        run_week(WEEK, world, alone, columns, only._replace(key=only.key[1:]))
    assert equal(take(batch, 1), alone)


def test_every_lane_reads_its_own_parameters():
    world = random_world(3)
    state = random_state(world, 3)
    for part in state:
        for array in part:
            array[1] = array[0]
    columns = defaults(WEEK, 2)
    columns["encounters"].rate[1] = 0.0
    same = np.array([[1, 5], [1, 5]], np.uint64)
    for week in range(12):
        run_week(WEEK, world, state, columns, streams(2, 1122 + week)._replace(key=same))
    assert state.ledger.killed[0].sum() > state.ledger.killed[1].sum()


def test_a_week_with_too_many_events_is_refused_in_plain_words():
    world = random_world(1)
    state = random_state(world, 1)

    def flood(world, state, parameters, streams):
        state.events.count[:] = EVENT_ROOM + 1

    with pytest.raises(RuntimeError, match=r"513 events in week 1122.*expected at most 512"):
        run_week((Process("flood", flood),), world, state, {}, streams())


def test_a_rule_is_exchanged_by_name():
    quiet = Process("encounters", lambda world, state, parameters, streams: None)
    week = replaced(WEEK, quiet)
    assert [p.name for p in week] == [p.name for p in WEEK]
    assert quiet in week
    with pytest.raises(ValueError, match="no process 'encounter' in the week, expected one of: strategy, "):
        replaced(WEEK, dataclasses.replace(quiet, name="encounter"))


def by_organisation(world, state):
    total = np.zeros((len(state.units.fighters), len(world.organisations.key)), np.int64)
    for u, o in enumerate(world.units.organisation):
        total[:, o] += state.units.fighters[:, u]
    return total
