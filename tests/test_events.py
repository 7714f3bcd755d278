from __future__ import annotations

from typing import Any

import pytest
import small
from events_alone import COUP, DEPLOY, HALT, TRUCE, WITHDRAW, check

from scenarios.events import KINDS, Event, read_event


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (WITHDRAW, ("On 10 January 2022, foreign announces that its troops leave all its bases and keeps to 50 % "
                    "of its tempo; it thins out from 24 January 2022 to 14 February 2022, exit on 21 February 2022.")),
        (DEPLOY, ("On 10 January 2022, foreign deploys 100 troops to Home over 3 weeks with 1.5 two-ship equivalents "
                  "of strike power.")),
        (TRUCE | {"hazard": 0.01}, ("From 10 January 2022, a truce between jihad and army in East holds hostility at "
                                    "or below 0.1 and breaks with a chance of 1 % a week.")),
        (COUP, ("On 3 January 2022, army takes power, with a legitimacy of 0.5; 100 % of its columns and 10 % of "
                "its outer garrisons move to the capital; its tempo away from the capital is 50 % for 2 weeks; "
                "support by foreign stops.")),
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
