"""A week in which an event rests is one in which it would have changed nothing; and it does rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import small
from events_alone import COUP, DIRECTORY, HALT, START, WITHDRAW
from twins.comparing import arrays_of, copied

from scenarios.directory import Moment
from scenarios.events import read_event

THREAT = {
    "kind": "threaten",
    "by": "abroad",
    "against": "army",
    "from": "2022-01-10",
    "to": "2022-02-14",
    "mobile": 0.5,
}
LEGS = WITHDRAW | {"by_place": {"Edge": {"drawdown": ["2022-03-07", "2022-03-21"]}}, "share": 0.5}
EVENTS = {"withdrawal": WITHDRAW, "place by place": LEGS, "coup": COUP | {"weeks": 6}, "threat": THREAT,
          "halt": HALT | {"to": "2022-02-14"}}  # fmt: skip
WEEKS = 14


@pytest.mark.parametrize("came", EVENTS.values(), ids=EVENTS)
def test_an_event_rests_only_where_it_would_change_nothing(came: dict[str, Any]) -> None:
    event, state, rested, acted = read_event(came), small.state(), 0, 0
    for week in range(START, START + WEEKS):
        moment = Moment(np.arange(1), START, START, DIRECTORY, state, small.streams(week, 1))
        if not moment.at(event.first) <= week <= moment.at(event.last or event.first):
            continue
        before = arrays_of(copied(state))
        event.act(moment)
        if event.rests(moment):
            rested += 1
            assert [name for name, a in arrays_of(state).items() if not np.array_equal(a, before[name])] == [], week
        else:
            acted += 1
    assert acted > 0
    assert rested > 0
