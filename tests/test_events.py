from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.directory import Directory, Moment
from scenarios.events import KINDS, Context, Event, read_event
from sim.calendar import date_of, week_of
from sim.processes.aftermath import LOST
from sim.state import Posture, State

START = week_of(date(2022, 1, 3))
WORLD = small.world()
DIRECTORY = Directory(WORLD, small.NAMES)
CONTEXT = Context(
    organisations=frozenset(small.NAMES.organisations),
    coalitions=frozenset(small.NAMES.coalitions),
    regions=frozenset(small.NAMES.regions),
    bases=frozenset({"army/Home", "army/Edge", "foreign/Edge", "foreign/Far"}),
    places=frozenset({"Home", "Edge", "Far"}),
)
WITHDRAW: dict[str, Any] = {
    "kind": "withdraw", "organisation": "foreign", "announced": "2022-01-10", "drawdown": ["2022-01-24", "2022-02-14"],
    "exit": "2022-02-21", "activity": 0.5,
}  # fmt: skip


def run(event: Event, weeks: int, state: State | None = None, start: int = START, lanes: int = 1) -> State:
    """The event alone, week by week."""
    state = small.state(lanes) if state is None else state
    for week in range(start, start + weeks):
        moment = Moment(np.arange(lanes), start, start, DIRECTORY, state, small.streams(week, lanes))
        if moment.at(event.first) <= week and (event.last is None or week <= moment.at(event.last)):
            event.act(moment)
    return state


def check(came: dict[str, Any]) -> list[str]:
    return list(read_event(came).check(CONTEXT))


def assert_conserved(state: State) -> None:
    start, ledger = small.state(state.units.fighters.shape[0]), state.ledger
    for o, name in enumerate(small.NAMES.organisations):
        came = small.troops_of(start, name) + ledger.joined[:, o] - ledger.killed[:, o] - ledger.left[:, o]
        np.testing.assert_array_equal(came, small.troops_of(state, name))
    assert (state.units.fighters >= 0).all()


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


DEPLOY = {"kind": "deploy", "organisation": "foreign", "place": "Home", "troops": 100, "from": "2022-01-10", "weeks": 3,
          "strike": 1.5}  # fmt: skip


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
    assert state.ledger.recruited[0].sum() == 90
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


TRUCE = {"kind": "truce", "between": ["jihad", "army"], "regions": "AAA/East", "from": "2022-01-10", "level": 0.1}


def test_truce_holds_hostility_down_both_ways_in_its_region_until_it_ends() -> None:
    state = run(read_event(TRUCE), 3)
    for a, b in ((0, 1), (1, 0)):
        assert state.relations.hostility[0, a, b].tolist() == [0.5, 0.1]
        assert state.relations.ceiling[0, a, b].tolist() == [1.0, 0.1]
    end = read_event({"kind": "end_truce", "between": ["jihad", "army"], "regions": "AAA/East", "date": "2022-01-03"})
    assert run(end, 1, state).relations.ceiling.min() == 1.0


def test_truce_breaks_in_about_the_share_of_lanes_that_its_hazard_says() -> None:
    state = run(read_event(TRUCE | {"hazard": 0.1}), 12, lanes=1000)
    held = (state.relations.ceiling[:, 0, 1, 1] == 0.1).mean()
    assert held == pytest.approx(0.9**10, abs=0.05)  # 0.35: ten weeks after the one in which it began
    np.testing.assert_array_equal(state.relations.ceiling[:, 0, 1], state.relations.ceiling[:, 1, 0])


def test_broken_truce_leaves_another_ceiling_alone() -> None:
    state = small.state()
    event = read_event(TRUCE | {"hazard": 1.0})
    run(event, 2, state)
    state.relations.ceiling[0, 0, 1, 1] = 0.3
    run(event, 3, state, start=START + 2)
    assert (state.relations.ceiling[0, 0, 1, 1], state.relations.ceiling[0, 1, 0, 1]) == (0.3, 1.0)


def test_set_stance_is_symmetric_and_where_it_rests() -> None:
    event = read_event({"kind": "set_stance", "a": "army", "b": "abroad", "from": "2022-01-03", "stance": "war"})
    relations = run(event, 1).relations
    for column in (relations.hostility, relations.rest):
        assert column[0, 0, 2].tolist() == column[0, 2, 0].tolist() == [1.0, 1.0]
        assert column[0, 0, 1].tolist() == [0.5, 0.5]


def test_cooperation_stops_comes_back_and_begins() -> None:
    event = read_event({"kind": "suspend_cooperation", "patron": "foreign", "host": "army", "from": "2022-01-03",
                        "to": "2022-01-17", "restored": 0.4})  # fmt: skip
    support = [run(event, weeks).relations.support[0, 2, 0] for weeks in (1, 2, 3)]
    assert support == [0.0, 0.0, 0.4]
    begun = read_event({"kind": "cooperate", "patron": "foreign", "host": "army", "from": "2022-01-03", "level": 0.9})
    assert run(begun, 1).relations.support[0, 2, 0] == 0.9


HALT = {"kind": "halt_patrols", "organisation": "army", "regions": "AAA/East", "from": "2022-01-10", "to": "2022-01-24",
        "tempo": 0.25}  # fmt: skip


def test_halted_patrols_resume() -> None:
    tempo = [run(read_event(HALT), weeks).organisations.tempo[0, 0, 1] for weeks in (1, 2, 3, 4)]
    assert tempo == [1.0, 0.25, 0.25, 1.0]


def test_what_began_before_the_start_is_not_undone() -> None:
    assert run(read_event(HALT), 4, start=START + 2).organisations.tempo[0, 0, 1] == 1.0


COUP = {"kind": "coup", "organisation": "army", "date": "2022-01-03", "weeks": 2, "mobile": 1.0, "garrisons": 0.1,
        "tempo": 0.5, "cooperation_lost": "foreign"}  # fmt: skip


def test_coup_draws_forces_to_the_capital_and_conserves_them() -> None:
    state = small.state()
    state.units.cell[0, 1] = 4  # the column is out
    run(read_event(COUP), 1, state)
    assert state.units.cell[0, 1] == 0
    assert state.units.fighters[0, :4].tolist() == [205, 105, 90, 0]
    assert state.organisations.tempo[0, 0].tolist() == [1.0, 0.5]
    assert (state.relations.support[0, 2, 0], state.relations.support[0, 0, 2]) == (0.0, 0.6)
    assert state.ledger.left.sum() == state.ledger.joined.sum() == 0
    assert run(read_event(COUP), 3).organisations.tempo[0, 0, 1] == 1.0


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


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (WITHDRAW, ("On 10 January 2022, foreign announces that its troops leave all its bases and keeps to 50 % "
                    "of its tempo; it thins out from 24 January 2022 to 14 February 2022, exit on 21 February 2022.")),
        (DEPLOY, ("On 10 January 2022, foreign deploys 100 troops to Home over 3 weeks with 1.5 two-ship equivalents "
                  "of strike power.")),
        (TRUCE | {"hazard": 0.01}, ("From 10 January 2022, a truce between jihad and army in East holds hostility at "
                                    "or below 0.1 and breaks with a chance of 1 % a week.")),
        (COUP, ("On 3 January 2022, army takes power; 100 % of its columns and 10 % of its outer garrisons move to the "
                "capital; its tempo away from the capital is 50 % for 2 weeks; support by foreign stops.")),
    ],
)  # fmt: skip
def test_events_say_what_they_do(came: dict[str, Any], said: str) -> None:
    assert read_event(came).sentence() == said


def test_sentences_use_labels() -> None:
    labels = dict(zip(small.NAMES.organisations, small.NAMES.labels, strict=True))
    assert "The force deploys" in read_event(DEPLOY).sentence(labels)


@pytest.mark.parametrize(
    ("came", "line"),
    [
        ({"kind": "withdrew"}, "kind 'withdrew' is not known; nearest: 'withdraw'"),
        (WITHDRAW | {"organization": "foreign"}, "key 'organization' is not known; nearest: 'organisation'"),
        ({"kind": "truce", "from": "2022-01-10"}, "key 'between' is missing; got from"),
        (WITHDRAW | {"exit": "2022-02-30"}, "exit is '2022-02-30', expected a date such as 2022-02-17"),
        (WITHDRAW | {"exit": 7}, "exit is 7, expected a date such as 2022-02-17"),
        (WITHDRAW | {"share": "half"}, "share is 'half', expected a number"),
        (DEPLOY | {"troops": 10.5}, "troops is 10.5, expected a whole number"),
        (WITHDRAW | {"by_place": {"Far": {"exitt": "2022-02-21"}}},
         "by_place is {'Far': {'exitt': '2022-02-21'}}, key of Far 'exitt' is not known; nearest: 'exit'"),
        (TRUCE | {"between": ["army"]},
         "between is ['army'], expected two organisations or coalitions such as [jnim, issp]"),
    ],
)  # fmt: skip
def test_misspelt_files_are_refused_in_one_line(came: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_event(came)
    assert str(refused.value) == line


@pytest.mark.parametrize(
    ("came", "line"),
    [
        (WITHDRAW | {"organisation": "foriegn"}, "organisation 'foriegn' is not known; nearest: 'foreign'"),
        (WITHDRAW | {"places": ["Egde"]}, "base of foreign at 'Egde' is not known; nearest: 'Edge'"),
        (WITHDRAW | {"regions": "AAA/Est"}, "region 'AAA/Est' is not known; nearest: 'AAA/East'"),
        (WITHDRAW | {"share": 1.5}, "share is 1.5, expected between 0 and 1"),
        (WITHDRAW | {"exit": "2022-01-31"}, "exit is 2022-01-31, expected no earlier than drawdown's end (2022-02-14)"),
        (WITHDRAW | {"announced": "2022-01-31"},
         "drawdown's start is 2022-01-24, expected no earlier than announced (2022-01-31)"),
        (WITHDRAW | {"by_place": {"Far": {"exit": "2022-01-31"}}},
         "Far: exit is 2022-01-31, expected no earlier than drawdown's end (2022-02-14)"),
        (WITHDRAW | {"exit": "2122-01-31"}, "exit is 2122-01-31, expected a date between 2012-01-01 and 2030-12-31"),
        (DEPLOY | {"troops": 0}, "troops is 0, expected between 1 and 100000"),
        (DEPLOY | {"lat": 12.0}, "lat is 12.0 and lon is None, expected both or neither"),
        (HALT | {"to": "2022-01-03"}, "to is 2022-01-03, expected no earlier than from (2022-01-10)"),
        (TRUCE | {"between": ["army", "jihda"]}, "party 'jihda' is not known; nearest: 'jihad'"),
        (TRUCE | {"between": ["army", "army"]}, "between names 'army' twice, expected two sides"),
        ({"kind": "set_stance", "a": "army", "b": "group", "from": "2022-01-03", "stance": "was"},
         "stance 'was' is not known; nearest: 'war'"),
        ({"kind": "set_stance", "a": "army", "b": "group", "from": "2022-01-03"},
         "stance and hostility: expected exactly one of the two"),
        ({"kind": "equip", "organisation": "army", "from": "2022-01-03", "skill": "dron", "level": 0.5},
         "skill 'dron' is not known; nearest: 'drone'"),
    ],
)  # fmt: skip
def test_impossible_events_are_refused_in_one_line(came: dict[str, Any], line: str) -> None:
    assert check(came) == [line]


def test_posts_say_what_room_events_need() -> None:
    assert read_event(DEPLOY).posts() == (("foreign", "Home", None, None, 100, 1.5),)
    growth = read_event({"kind": "reinforce", "organisation": "group", "troops": 90, "from": "2022-01-03", "weeks": 3})
    assert growth.posts() == (("group", "", None, None, 90, 0.0),)


def test_every_kind_documents_what_it_does() -> None:
    assert all(event.__doc__ and event.says is not Event.says for event in KINDS.values())
