from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import small
from events_alone import START, assert_conserved, check, run

from scenarios.events import read_event
from sim.calendar import date_of
from sim.state import equal, take

DAY = date_of(START).isoformat()
TWO_LATER = date_of(START + 2).isoformat()


def test_exchange_gives_men_money_and_standing_and_costs_the_state() -> None:
    event = read_event({"kind": "prisoner_exchange", "group": "jihad", "state": "army", "mediator": "foreign",
                        "date": DAY, "fighters": 7, "money": 3, "prestige": 0.2, "thanks": 0.3, "bitterness": 0.1,
                        "regions": "AAA/East"})  # fmt: skip
    state = run(event, 2)
    # Bands of 60 and 40 are in the east, the one of 20 is not: seven men in two parts, three and four.
    assert state.units.fighters[0, 4:8].tolist() == [63, 44, 20, 0]
    assert (state.ledger.joined[0, 1], state.ledger.exchanged[0, 1]) == (7, 7)
    assert state.organisations.treasury[0].tolist() == [0.5, 3.5, 0.5]
    assert state.organisations.prestige[0].tolist() == [0.5, 0.7, 0.7]
    assert state.organisations.legitimacy[0].tolist() == [0.9, 1.0, 1.0]
    assert state.communities.attitude[0, :4].tolist() == np.zeros((4, 3)).tolist()
    assert state.communities.attitude[0, 4:] == pytest.approx(np.array([[0.0, 0.3, 0.3]] * 4))
    assert state.communities.people.sum() == 8000
    assert_conserved(state)


def test_nobody_comes_back_where_no_unit_is_left() -> None:
    state = small.state()
    state.units.cell[0, 4:8] = 0
    run(read_event({"kind": "prisoner_exchange", "group": "group", "state": "army", "date": DAY, "fighters": 7,
                    "regions": "AAA/East"}), 1, state)  # fmt: skip
    assert state.ledger.joined.sum() == 0


def test_thanks_never_lower_an_attitude() -> None:
    state = small.state()
    state.communities.attitude[0, :, 1] = [1.9, 2.5, 0, 0, 0, 0, 0, 0]
    run(
        read_event({"kind": "prisoner_exchange", "group": "group", "state": "army", "date": DAY, "thanks": 0.3}),
        1,
        state,
    )
    assert state.communities.attitude[0, :3, 1].tolist() == pytest.approx([2.0, 2.5, 0.3])


TALKS = {"kind": "talks", "between": ["jihad", "army"], "from": DAY, "to": TWO_LATER, "level": 0.4, "hostility": 0.2,
         "regions": "AAA/East"}  # fmt: skip


def test_talks_hold_hostility_down_until_they_break_off() -> None:
    state = run(read_event(TALKS), 1)
    assert state.organisations.talks[0].tolist() == [0.0, 0.4, 0.0]
    assert state.relations.hostility[0, 0, 1].tolist() == pytest.approx([0.5, 0.2])
    assert state.relations.hostility[0, 1, 0].tolist() == pytest.approx([0.5, 0.2])
    broken = run(read_event(TALKS), 3)
    assert broken.organisations.talks.max() == 0.0
    assert broken.relations.ceiling.min() == 1.0


def test_an_accord_is_the_same_both_ways() -> None:
    accord = run(read_event({"kind": "accord", "between": ["army", "jihad"], "date": DAY, "level": 0.5}), 1).relations
    assert (accord.accord[0, 0, 1], accord.accord[0, 1, 0], accord.accord.sum()) == (0.5, 0.5, 1.0)


def test_leaving_a_network_costs_links_and_cohesion_and_opens_talks() -> None:
    event = read_event({"kind": "leave_network", "group": "jihad", "network": "them", "date": DAY, "links": 0.5,
                        "intent": 0.2, "cohesion": 0.7, "talks": 0.3})  # fmt: skip
    made = run(event, 1).organisations
    assert made.links[0] == pytest.approx([0.2, 0.1, 0.2])
    assert made.intent[0] == pytest.approx([0.1, 0.02, 0.1])
    assert made.cohesion[0] == pytest.approx([1.0, 0.7, 1.0])
    assert made.talks[0] == pytest.approx([0.0, 0.3, 0.0])


INVEST = {"kind": "invest", "regions": "AAA/East", "from": DAY, "weeks": 4, "level": 0.8}


def test_policies_rise_and_fall_in_a_straight_line() -> None:
    risen = [run(read_event(INVEST), weeks).policies.investment[0] for weeks in (1, 2, 4, 9)]
    assert [value[1] for value in risen] == pytest.approx([0.2, 0.4, 0.8, 0.8])
    assert risen[3][0] == 0.0
    state = small.state()
    state.policies.repression[0] = 0.5
    run(read_event(INVEST | {"kind": "repress", "level": 0.1}), 2, state)
    assert state.policies.repression[0] == pytest.approx([0.5, 0.3])


def test_access_is_set() -> None:
    event = read_event({"kind": "grant_access", "regions": "AAA/West", "from": DAY, "level": 0.3})
    assert run(event, 1).policies.access[0].tolist() == [0.3, 1.0]


def test_an_armed_militia_gets_men_money_and_support() -> None:
    event = read_event({"kind": "arm", "state": "army", "militia": "group", "from": DAY, "weeks": 4, "troops": 90,
                        "money": 2, "level": 0.4})  # fmt: skip
    state = run(event, 5)
    assert state.relations.support[0, 0, 1] == 0.4
    assert state.organisations.treasury[0, 1] == pytest.approx(2.5)
    assert small.troops_of(state, "group")[0] == 120 + 90
    assert state.communities.people.sum() == 8000 - 90
    assert event.posts() == (("group", "", None, None, 90, 0.0),)
    assert_conserved(state)


def test_passage_is_given_and_taken_but_never_at_home() -> None:
    state = small.state()
    run(read_event({"kind": "end_passage", "organisation": "foreign", "countries": "AAA", "from": DAY}), 1, state)
    run(read_event({"kind": "end_passage", "organisation": "army", "countries": "AAA", "from": DAY}), 1, state)
    assert state.relations.passage[0, :, 0].tolist() == [1.0, 1.0, 0.0]
    run(read_event({"kind": "grant_passage", "organisation": "foreign", "countries": "AAA", "from": DAY}), 1, state)
    assert state.relations.passage[0, :, 0].tolist() == [1.0, 1.0, 1.0]


JOINT = {"kind": "joint_operation", "organisations": ["army", "foreign"], "regions": "AAA/East", "from": DAY,
         "to": TWO_LATER, "tempo": 2.0}  # fmt: skip


@pytest.mark.parametrize(("lasting", "after"), [(False, 0.0), (True, 1.0)])
def test_a_joint_operation_opens_the_border_and_raises_the_tempo_while_it_lasts(lasting: bool, after: float) -> None:
    state = small.state()
    state.relations.passage[0, 2, 0] = 0.0
    event = read_event(JOINT | {"lasting": lasting})
    run(event, 2, state)
    assert state.organisations.tempo[0].tolist() == [[1.0, 2.0], [1.0, 1.0], [1.0, 2.0]]
    assert state.relations.passage[0, :, 0].tolist() == [1.0, 1.0, 1.0]
    done = run(event, 3)
    assert done.organisations.tempo.max() == 1.0
    assert done.relations.passage[0, :, 0].tolist() == [1.0, 1.0, after]


THREAT = {"kind": "threaten", "by": "foreign", "against": "army", "from": DAY, "to": TWO_LATER, "tempo": 0.5,
          "mobile": 1.0, "garrisons": 0.1}  # fmt: skip


def test_a_threat_draws_forces_to_the_capital_and_bares_the_border_for_a_time() -> None:
    state = small.state()
    state.units.cell[0, 1] = 4  # the column is out
    run(read_event(THREAT), 1, state)
    assert state.units.cell[0, 1] == 0
    assert state.units.fighters[0, :4].tolist() == [205, 105, 90, 0]
    assert state.organisations.tempo[0, 0].tolist() == [1.0, 0.5]
    assert state.ledger.coups.sum() == 0
    assert run(read_event(THREAT), 3).organisations.tempo.min() == 1.0
    assert_conserved(state)


OFFENSIVE = {"kind": "offensive", "by": "jihad", "regions": "AAA/East", "from": DAY, "to": TWO_LATER, "share": 0.8}


def test_an_offensive_takes_effort_from_elsewhere() -> None:
    state = run(read_event(OFFENSIVE), 2)
    assert state.organisations.effort[0].tolist() == pytest.approx(np.array([[0.5, 0.5], [0.2, 0.8], [0.5, 0.5]]))
    state.organisations.effort[0, 1] = [0.1, 0.9]
    run(read_event(OFFENSIVE), 1, state)
    assert state.organisations.effort[0, 1].tolist() == [0.1, 0.9]
    for before in ([1.0, 0.0], [0.0, 1.0]):
        state.organisations.effort[0, 1] = before
        run(read_event(OFFENSIVE), 1, state)
        assert state.organisations.effort[0, 1].sum() == pytest.approx(1.0)
        assert state.organisations.effort[0, 1, 1] >= 0.8


@pytest.mark.parametrize("came", [TALKS, INVEST, JOINT, THREAT, OFFENSIVE])
def test_other_lanes_are_left_alone(came: dict[str, Any]) -> None:
    state = small.state(2)
    run(read_event(came), 2, state, lanes=1)
    assert equal(take(state, 1), small.state())
    assert not equal(take(state, 0), small.state())


@pytest.mark.parametrize(
    ("came", "said"),
    [
        ({"kind": "prisoner_exchange", "group": "group", "state": "army", "mediator": "foreign", "date": "2022-01-10",
          "fighters": 70, "money": 6, "prestige": 0.1, "thanks": 0.3, "bitterness": 0.05},
         ("On 10 January 2022, army frees 70 prisoners of group through foreign; group gets 6 thousand fighter-weeks "
          "of pay; the prestige of group and foreign rises by 0.1; attitudes toward group and foreign everywhere rise "
          "by 0.3; the legitimacy of army falls by 5 %.")),
        (TALKS, ("From 3 January 2022, jihad and army talk until 17 January 2022; the prospect of talks is 0.4, and "
                 "hostility in East is held at or below 0.2.")),
        ({"kind": "accord", "between": ["army", "group"], "date": "2022-01-10", "level": 0},
         "On 10 January 2022, the accord of army and group is dropped."),
        ({"kind": "accord", "between": ["army", "group"], "date": "2022-01-10", "level": 0.5},
         "On 10 January 2022, the accord of army and group stands at 50 % of what was signed."),
        ({"kind": "leave_network", "group": "jihad", "network": "them", "date": "2022-01-10", "talks": 0.2},
         ("On 10 January 2022, jihad breaks with them and keeps 50 % of its links abroad, 50 % of its will to strike "
          "abroad and 80 % of its cohesion; the prospect of talks rises by 0.2.")),
        (INVEST, "From 3 January 2022, investment and mediation of local disputes in East go to 80 % over 4 weeks."),
        (INVEST | {"kind": "repress"},
         "From 3 January 2022, arrests and harassment of suspected communities in East go to 80 % over 4 weeks."),
        ({"kind": "grant_access", "regions": "AAA/East", "from": "2022-01-10", "level": 0.5},
         "From 10 January 2022, humanitarian access in East is 50 % of unhindered."),
        ({"kind": "arm", "state": "army", "militia": "group", "from": "2022-01-10", "troops": 9, "money": 2},
         ("From 10 January 2022, army arms group everywhere and gives it a support of 0.3; it gains 9 men and 2 "
          "thousand fighter-weeks of pay over 26 weeks.")),
        ({"kind": "grant_passage", "organisation": "army", "countries": ["AAA"], "from": "2022-01-10"},
         "From 10 January 2022, army may operate in AAA."),
        ({"kind": "end_passage", "organisation": "army", "countries": ["AAA"], "from": "2022-01-10"},
         "From 10 January 2022, army may no longer operate in AAA."),
        (JOINT, ("From 3 January 2022, army and foreign operate together in East until 17 January 2022, at 200 % of "
                 "their tempo there, and may cross borders as long.")),
        (THREAT, ("From 3 January 2022, foreign threatens army until 17 January 2022; 100 % of its columns and 10 % of "
                  "its outer garrisons move to the capital; its tempo away from the capital is 50 % until then.")),
        (OFFENSIVE, ("From 3 January 2022, jihad turns at least 80 % of its attention to operations in East until 17 "
                     "January 2022.")),
    ],
)  # fmt: skip
def test_events_say_what_they_do(came: dict[str, Any], said: str) -> None:
    assert read_event(came).sentence() == said


@pytest.mark.parametrize(
    ("came", "line"),
    [
        (TALKS | {"between": ["army", "army"]}, "between names 'army' twice, expected two sides"),
        (TALKS | {"to": "2021-12-27"}, "to is 2021-12-27, expected no earlier than from (2022-01-03)"),
        ({"kind": "prisoner_exchange", "group": "group", "state": "army", "mediator": "army", "date": DAY},
         "mediator is 'army', expected neither the group nor the state"),
        (INVEST | {"level": 1.2}, "level is 1.2, expected between 0 and 1"),
        ({"kind": "arm", "state": "army", "militia": "army", "from": DAY},
         "state and militia are both 'army', expected two organisations"),
        ({"kind": "grant_passage", "organisation": "army", "countries": "AAB", "from": DAY},
         "country 'AAB' is not known; nearest: 'AAA'"),
        (JOINT | {"organisations": ["army"]}, "organisations is army, expected at least two"),
        (JOINT | {"regions": "all"}, "regions is all, expected the regions of the operation"),
        (THREAT | {"by": "army"}, "by and against are both 'army', expected two sides"),
        (THREAT | {"to": "2021-12-27"}, "to is 2021-12-27, expected no earlier than from (2022-01-03)"),
        (OFFENSIVE | {"regions": "all"}, "regions is all, expected the regions that the offensive is aimed at"),
    ],
)  # fmt: skip
def test_impossible_events_are_refused_in_one_line(came: dict[str, Any], line: str) -> None:
    assert check(came) == [line]


def test_lasting_needs_yes_or_no() -> None:
    with pytest.raises(ValueError, match="lasting is 'maybe', expected true or false"):
        read_event(JOINT | {"lasting": "maybe"})
