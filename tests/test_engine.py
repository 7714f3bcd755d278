"""The engine: invariants that hold whatever the world, and independence of how lanes are batched."""

import dataclasses
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.directory import Directory, Moment
from scenarios.mechanisms import chosen_parameters, mechanisms
from scenarios.troops import take_back
from scenarios.week import WEEK
from sim.engine import Process, replaced, run_week
from sim.state import EVENT_ROOM, Field, equal, take
from sim.world import Kind
from tests.invariants import assert_conserved, assert_sound
from tests.twins.comparing import LIVELY, NAMES, copied
from tests.worlds import REGIONS, defaults, random_state, random_world, streams

FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONF = Path(__file__).parents[1] / "conf"
MECHANISMS = mechanisms(CONF)
NOTHING = chosen_parameters(dict.fromkeys(MECHANISMS, "off"), CONF)
"""Parameters of a week in which every mechanism is switched off."""

SOME = st.sampled_from(({}, LIVELY, NOTHING))


def exchange(world, state, parameters, streams):
    """Three freed men a week come back to the bands of the first jihadists and of the rebels."""
    lanes, regions = np.arange(len(state.units.fighters)), np.arange(REGIONS)
    moment = Moment(lanes, streams.week, streams.week, Directory(world, NAMES), state, streams)
    take_back(moment, np.array([0, 2]), regions, 3)


EXCHANGING = (Process("exchange", exchange), *WEEK)


def run(world, state, weeks=8, week=WEEK, **changes):
    columns = defaults(WEEK, len(state.units.fighters), **changes)
    for number in range(weeks):
        run_week(week, world, state, columns, streams(len(state.units.fighters), 1122 + number))
    return state


@FUZZ
@given(st.integers(0, 10_000), SOME)
def test_fighters_and_people_are_conserved_to_the_person(seed, changes):
    world = random_world(seed)
    start = random_state(world, seed)
    assert_conserved(world, start, run(world, copied(start), week=EXCHANGING, **changes))


@FUZZ
@given(st.integers(0, 10_000), SOME)
def test_shares_are_shares_and_nothing_is_negative_or_not_a_number(seed, changes):
    world = random_world(seed)
    assert_sound(world, run(world, random_state(world, seed), **changes))


def test_what_is_conserved_was_on_the_move():
    moved, seen = ("defected", "exchanged", "fled", "came_home", "recruited", "returned", "civilians_killed"), Counter()
    for seed in range(8):
        world = random_world(seed)
        ledger = run(world, random_state(world, seed), week=EXCHANGING, **LIVELY).ledger
        seen += Counter({name: int(getattr(ledger, name).sum()) for name in moved})
    assert [name for name in moved if seen[name] == 0] == []


def test_worlds_hold_every_kind_of_organisation():
    assert set(random_world(1).organisations.kind) == set(Kind)


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
