from __future__ import annotations

import numpy as np
import pytest
import small
from events_alone import DEPLOY, DIRECTORY, START, WITHDRAW, assert_conserved, run
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.directory import Moment
from scenarios.events import read_event
from sim.calendar import date_of
from sim.processes.aftermath import LOST
from sim.state import Posture


def test_withdrawal_falls_in_a_straight_line_and_ends_at_the_exit() -> None:
    event = read_event(WITHDRAW)
    counts = [int(small.troops_of(run(event, weeks), "foreign")[0]) for weeks in range(1, 9)]
    # units of 150, 150 and 90 lose a quarter a week: 112, 112 and 68, then 75, 75 and 45, then 38, 38 and 22
    assert counts == [390, 390, 390, 292, 195, 98, 0, 0]
    assert_conserved(run(event, 8))


def test_withdrawal_takes_strike_power_down_in_proportion_and_closes_the_base() -> None:
    event = read_event(WITHDRAW)
    half = run(event, 5)
    assert half.bases.strike[0, 3] == pytest.approx(1.0)
    assert half.bases.open[0].tolist() == [1, 1, 0, 1, 1, 0]
    gone = run(event, 8)
    assert gone.bases.strike[0, 3] == 0.0
    assert gone.bases.open[0].tolist() == [1, 1, 0, 0, 0, 0]
    assert gone.units.establishment[0, 8:].sum() == 0
    assert gone.ledger.left[0].tolist() == [0, 0, 390]


def test_withdrawal_lowers_tempo_once_where_the_bases_are() -> None:
    state = run(read_event(WITHDRAW | {"places": ["Edge", "Far"]}), 8)
    assert state.organisations.tempo[0, 2].tolist() == [1.0, 0.5]
    assert state.organisations.tempo[0, :2].min() == 1.0


def test_units_on_patrol_leave_too() -> None:
    state = small.state()
    state.units.cell[0, 8] = 1
    assert small.troops_of(run(read_event(WITHDRAW), 8, state), "foreign")[0] == 0


def test_withdrawal_leaves_unequal_traces_by_place() -> None:
    event = read_event(WITHDRAW | {"by_place": {"Far": {"drawdown": ["2022-02-07", "2022-02-21"], "share": 0.5}}})
    state = run(event, 10)
    assert state.units.fighters[0, 8:11].tolist() == [0, 0, 45]
    assert state.bases.open[0, 3:5].tolist() == [0, 1]


def test_partial_withdrawal_goes_back_to_its_tempo_after_the_last_exit() -> None:
    event = read_event(WITHDRAW | {"share": 0.5})
    assert run(event, 7).organisations.tempo[0, 2, 1] == 0.5
    assert run(event, 8).organisations.tempo[0, 2, 1] == 1.0


def test_withdrawal_by_region_leaves_other_bases_alone() -> None:
    state = run(read_event(WITHDRAW | {"organisation": "army", "regions": "AAA/East"}), 8)
    assert state.units.fighters[0, :3].tolist() == [200, 100, 0]


def test_deployment_arrives_in_equal_parts_at_an_opened_base() -> None:
    event = read_event(DEPLOY)
    counts = [int(run(event, weeks).units.fighters[0, 11]) for weeks in range(1, 6)]
    assert counts == [0, 33, 66, 100, 100]
    state = run(event, 5)
    assert (state.bases.open[0, 5], state.bases.strike[0, 5], state.units.establishment[0, 11]) == (1, 1.5, 100)
    assert (state.units.cell[0, 11], state.units.posture[0, 11]) == (0, Posture.GARRISON)
    assert state.ledger.joined[0].tolist() == [0, 0, 100]
    assert_conserved(state)


def test_nobody_arrives_at_a_base_that_fell() -> None:
    state = small.state()
    state.bases.open[0, 5] = LOST
    run(read_event(DEPLOY), 5, state)
    assert (state.bases.open[0, 5], state.units.fighters[0, 11]) == (LOST, 0)


def test_close_base_moves_its_troops_to_the_person() -> None:
    event = read_event({"kind": "close_base", "organisation": "army", "place": "Edge", "date": "2022-01-03",
                        "troops_to": "Home"})  # fmt: skip
    state = run(event, 1)
    assert state.units.fighters[0, :4].tolist() == [250, 150, 0, 0]
    assert state.bases.open[0, 1] == 0
    assert state.ledger.left.sum() == 0


def test_closed_base_without_another_place_sends_its_troops_away() -> None:
    state = run(read_event({"kind": "close_base", "organisation": "army", "place": "Edge", "date": "2022-01-03"}), 1)
    assert state.ledger.left[0, 0] == 100
    assert_conserved(state)


def test_hand_over_closes_one_base_and_fills_the_other() -> None:
    event = read_event({"kind": "hand_over_base", "organisation": "foreign", "place": "Far", "to": "army",
                        "date": "2022-01-03", "troops": 60, "weeks": 2})  # fmt: skip
    state = run(event, 3)
    assert state.bases.open[0].tolist() == [1, 1, 1, 1, 0, 0]
    assert (state.units.fighters[0, 3], state.units.fighters[0, 10], state.units.cell[0, 3]) == (60, 0, 5)
    assert_conserved(state)


def test_militia_grows_out_of_the_people_where_it_is() -> None:
    event = read_event({"kind": "reinforce", "organisation": "group", "troops": 90, "from": "2022-01-03", "weeks": 3,
                        "regions": "AAA/East"})  # fmt: skip
    state = run(event, 4)
    assert state.units.fighters[0, 4:8].tolist() == [105, 85, 20, 0]
    assert state.communities.people[0].sum() == 8000 - 90
    assert state.ledger.recruited[0].sum() == state.ledger.enlisted[0].sum() == 90
    assert_conserved(state)


def test_army_grows_only_at_bases_that_it_holds() -> None:
    event = read_event({"kind": "reinforce", "organisation": "army", "troops": 90, "from": "2022-01-03", "weeks": 1})
    state = run(event, 2)
    assert state.units.fighters[0, :4].tolist() == [230, 130, 130, 0]
    assert state.units.establishment[0, :4].tolist() == [230, 130, 130, 0]


def test_equip_leader_loss_and_recognition() -> None:
    state = small.state()
    for came in (
        {"kind": "equip", "organisation": "army", "place": "Home", "strike": 1, "from": "2022-01-03"},
        {"kind": "equip", "organisation": "army", "skill": "drone", "level": 0.5, "from": "2022-01-03"},
        {"kind": "leader_loss", "organisation": "group", "date": "2022-01-03", "shock": 0.25},
        {"kind": "recognise", "organisation": "group", "by": "them", "date": "2022-01-03", "prestige": 0.7},
    ):
        run(read_event(came), 1, state)
    assert (state.bases.strike[0, 0], state.organisations.skill[0, 0, 2]) == (1.5, 0.5)
    assert (state.organisations.cohesion[0, 1], state.ledger.leaders[0, 1]) == (0.75, 1)
    assert state.organisations.prestige[0, 1] == 1.0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6), st.integers(0, 8), st.floats(0, 1), st.integers(1, 500), st.integers(0, 99))
def test_troops_are_conserved(lead: int, length: int, share: float, troops: int, seed: int) -> None:
    first, last = (date_of(START + lead + w).isoformat() for w in (0, length))
    state = small.state(2)
    rng = np.random.default_rng(seed)
    killed = rng.integers(0, state.units.fighters[1] + 1)
    state.units.fighters[1] -= killed
    np.add.at(state.ledger.killed[1], np.array(small.OWNER), killed)
    leave = {"kind": "withdraw", "organisation": "foreign", "drawdown": [first, last], "share": share}
    come = {"kind": "reinforce", "organisation": "foreign", "troops": troops, "from": first, "weeks": length + 1}
    for week in range(START, START + 16):
        for event in map(read_event, (leave, come)):
            moment = Moment(np.arange(2), START, START, DIRECTORY, state, small.streams(week, 2))
            if moment.at(event.first) <= week <= moment.at(event.last or event.first):
                event.act(moment)
    assert_conserved(state)
