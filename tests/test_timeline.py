from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pytest
import small

from scenarios.conditions import Condition, Coups, Fallen, read_condition
from scenarios.directory import Directory, Moment
from scenarios.events import read_event
from scenarios.history import History, Part, first_difference
from scenarios.rules import read_rule
from scenarios.timeline import Timeline, rule_slots
from sim.axes import check_axes
from sim.calendar import date_of, week_of
from sim.processes.aftermath import LOST
from sim.state import State, equal, take

START = week_of(date(2022, 1, 3))
WORLD = small.world()
LEAVE = {"kind": "withdraw", "organisation": "foreign", "announced": "2022-01-24",
         "drawdown": ["2022-02-07", "2022-02-28"], "activity": 0.5}  # fmt: skip
LEADER = {"kind": "leader_loss", "organisation": "group", "date": "2022-01-10", "shock": 0.5}
TRUCE = {"kind": "truce", "between": ["jihad", "army"], "regions": "all", "from": "2022-01-10", "level": 0.1,
         "hazard": 0.1}  # fmt: skip
RULE = {
    "name": "revenge",
    "when": [{"measure": "bases_open", "organisation": "foreign", "below": 2}],
    "then": [
        {"kind": "set_stance", "a": "army", "b": "group", "stance": "war"},
        {"kind": "leader_loss", "after_weeks": 2, "organisation": "army", "shock": 0.5},
    ],
}


class Columns(NamedTuple):
    history: np.ndarray


def history(name: str, *events: dict[str, Any], rules: tuple[dict[str, Any], ...] = ()) -> History:
    part = Part(tuple(read_event(e) for e in events), tuple(read_rule(r) for r in rules))
    return History(name, start=date(2022, 1, 3), weeks=20, parts=(part,))


def run(histories: list[History], of_lane: list[int], weeks: int, key: int = 7) -> State:
    timeline = Timeline(histories, WORLD, small.NAMES, START)
    state = small.state(len(of_lane), rule_slots(histories))
    for week in range(START, START + weeks):
        timeline(WORLD, state, Columns(np.array(of_lane, float)), small.streams(week, len(of_lane), key))  # type: ignore[arg-type]
    return state


def test_lanes_live_through_their_own_history() -> None:
    state = run([history("a", LEAVE), history("b")], [0, 1, 0], 10)
    assert small.troops_of(state, "foreign").tolist() == [0, 390, 0]


def test_histories_are_equal_until_the_first_event_that_differs() -> None:
    scenario, counterfactual = history("a", LEADER, TRUCE, LEAVE), history("b", TRUCE, LEADER)
    week = first_difference(scenario, counterfactual)
    assert week == week_of(date(2022, 1, 24))
    differs = []
    for weeks in range(1, 10):
        both = run([scenario, counterfactual], [0, 0, 1, 1], weeks)
        # lanes 0 and 1 are replicates 0 and 1 of the scenario; a run of its own gives the counterfactual's
        alone = run([counterfactual], [0, 0, 0, 0], weeks)
        differs.append(not all(equal(take(both, lane), take(alone, lane)) for lane in (0, 1)))
        assert equal(take(both, 2), take(alone, 2))
    assert week is not None
    assert differs == [START + weeks > week for weeks in range(1, 10)]


def test_the_order_of_events_in_files_does_not_matter() -> None:
    assert equal(run([history("a", LEADER, TRUCE, LEAVE)], [0], 9), run([history("a", LEAVE, LEADER, TRUCE)], [0], 9))


def test_nothing_is_remembered_outside_the_state() -> None:
    histories, state = [history("a", LEAVE, TRUCE, rules=(RULE,))], small.state(1)
    for week in range(START, START + 14):
        fresh = Timeline(histories, WORLD, small.NAMES, START)
        fresh(WORLD, state, Columns(np.zeros(1)), small.streams(week))  # type: ignore[arg-type]
    assert equal(state, run(histories, [0], 14))


def test_empty_history_changes_nothing() -> None:
    assert equal(run([history("a")], [0, 0], 20), small.state(2))


def test_events_before_the_start_do_not_act_and_say_so() -> None:
    early = history("a", LEADER | {"date": "2021-12-27"}, HALT | {"from": "2021-12-06"})
    assert equal(run([early], [0], 12), small.state())
    assert "(Before the start: the order of battle has it already, what is left of it acts.)" in early.explain()[0]
    assert "(Before the start: the order of battle has it already, it does not act.)" in early.explain()[1]


INVEST = {"kind": "invest", "regions": "AAA/East", "from": "2021-11-01", "weeks": 4, "level": 0.8}
ACCORD = {"kind": "accord", "between": ["army", "group"], "level": 0.5}


def test_what_no_table_has_acts_in_the_first_week_if_it_is_over_before_the_start() -> None:
    accords = (ACCORD | {"date": "2021-11-01", "level": 0.9}, ACCORD | {"date": "2021-12-01"})
    early = history("a", INVEST, *accords)
    state = run([early], [0], 6)
    assert state.policies.investment[0].tolist() == pytest.approx([0.0, 0.8])
    assert state.relations.accord[0, 0, 1] == 0.5
    assert all(line.endswith("(Before the start: it acts in the first week.)") for line in early.explain())


HALT = {"kind": "halt_patrols", "organisation": "army", "from": "2022-01-10", "to": "2022-01-24", "tempo": 0.25}


def test_rules_fire_once_in_each_lane_and_count_weeks_from_there() -> None:
    rule = {"name": "once", "when": [{"measure": "fallen", "of": "army", "above": 9}],
            "then": [{"kind": "leader_loss", "after_weeks": 2, "organisation": "army", "shock": 0.5}]}  # fmt: skip
    timeline = Timeline([history("a", rules=(rule,))], WORLD, small.NAMES, START)
    state = small.state(3)
    for week in range(START, START + 8):
        state.ledger.killed[0, 0] += 10
        state.ledger.killed[1, 0] += 3
        timeline(WORLD, state, Columns(np.zeros(3)), small.streams(week, 3))  # type: ignore[arg-type]
    assert state.timeline.fired[:, 0].tolist() == [START, START + 3, -1]
    assert state.organisations.cohesion[:, 0].tolist() == [0.5, 0.5, 1.0]


def test_what_a_rule_waits_for_is_measured_only_where_all_before_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"name": "last", "then": [{"kind": "leader_loss", "organisation": "army", "shock": 0.5}], "when": [
        {"measure": "date", "from": "2022-01-10"},
        {"measure": "fallen", "of": "army", "above": 9},
        {"measure": "coups", "organisation": "army", "below": 9},
    ]}  # fmt: skip
    state = small.state(3)
    asked: list[tuple[str, list[int]]] = []

    def listens(kind: type[Condition]) -> None:
        def holds(condition: Condition, moment: Moment) -> Any:
            asked.append((kind.measure, moment.lanes.tolist()))
            return Condition.holds(condition, moment)

        monkeypatch.setattr(kind, "holds", holds)

    listens(Fallen)
    listens(Coups)
    state.ledger.killed[1:, 0] = 10
    lanes, directory = np.arange(3), Directory(WORLD, small.NAMES)
    moments = [Moment(lanes, START, START, directory, state, small.streams(START + week, 3)) for week in range(2)]
    holds = [read_rule(rule).holds(moment).tolist() for moment in moments]
    assert holds == [[False, False, False], [False, True, True]]
    assert asked == [("fallen", [0, 1, 2]), ("coups", [1, 2])]


def test_rule_follows_an_event_of_the_same_week() -> None:
    state = run([history("a", LEAVE, rules=(RULE,)), history("b", rules=(RULE,))], [0, 1], 12)
    assert state.timeline.fired[:, 0].tolist() == [week_of(date(2022, 2, 28)), -1]
    assert state.relations.hostility[:, 0, 1, 0].tolist() == [1.0, 0.5]
    assert state.organisations.cohesion[:, 0].tolist() == [0.5, 1.0]


def test_rules_of_several_histories_share_a_slot_when_they_are_the_same() -> None:
    other = RULE | {"name": "other"}
    histories = [history("a", rules=(RULE, other)), history("b", rules=(other,))]
    assert rule_slots(histories) == 2
    assert rule_slots([history("c")]) == 1
    check_axes(small.state(1, 2).timeline, {"rule": 2})


CONDITIONS: list[tuple[dict[str, Any], bool]] = [
    ({"measure": "date", "from": "2022-01-03"}, True),
    ({"measure": "date", "from": "2022-01-10"}, False),
    ({"measure": "bases_open", "organisation": "army", "above": 1}, True),
    ({"measure": "bases_open", "organisation": "army", "places": ["Edge"], "below": 1}, True),
    ({"measure": "bases_lost", "organisation": "army", "above": 0, "regions": "AAA/East"}, False),
    ({"measure": "bases_lost", "organisation": "foreign", "above": 0}, True),
    ({"measure": "presence", "of": "jihad", "regions": "AAA/East", "above": 99, "below": 101}, True),
    ({"measure": "control", "of": "army", "regions": "AAA/West", "above": 0.49, "below": 0.51}, True),
    ({"measure": "fallen", "of": "state", "above": 0}, False),
    ({"measure": "legitimacy", "organisation": "army", "below": 0.4}, True),
    ({"measure": "talks", "organisation": "group", "above": 0.4}, False),
    ({"measure": "accord", "a": "army", "b": "group", "above": 0.1, "below": 0.3}, True),
    ({"measure": "coups", "organisation": "army", "above": 0}, True),
]


@pytest.mark.parametrize(("came", "holds"), CONDITIONS)
def test_conditions_measure_the_state(came: dict[str, Any], holds: bool) -> None:
    state = small.state()
    state.bases.open[0, :5] = [1, 0, 1, 1, LOST]
    state.organisations.legitimacy[0, 0] = 0.3
    state.relations.accord[0, 0, 1] = 0.2
    state.ledger.coups[0, 0] = 1
    moment = Moment(np.array([0]), START, START, Directory(WORLD, small.NAMES), state, small.streams(START))
    condition = read_condition(came)
    assert condition.holds(moment).tolist() == [holds]
    assert condition.says({})


@pytest.mark.parametrize(
    ("came", "line"),
    [
        ({}, "key 'name' is missing"),
        (RULE | {"wen": []}, "key 'wen' is not known; nearest: 'when'"),
        (RULE | {"when": [{"measure": "presense"}]},
         "condition 1: measure 'presense' is not known; nearest: 'presence'"),
        (RULE | {"then": [LEADER]}, "event 1: date is 2022-01-10, expected a number of weeks after the rule fires"),
    ],
)  # fmt: skip
def test_misspelt_rules_are_refused_in_one_line(came: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_rule(came)
    assert str(refused.value) == line


def test_weeks_are_mondays() -> None:
    assert (week_of(date(2000, 1, 3)), date_of(0), week_of(date(2021, 7, 11))) == (0, date(2000, 1, 3), 1122)
    assert date_of(1122) == date(2021, 7, 5)
