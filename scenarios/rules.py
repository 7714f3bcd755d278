"""Rules: when some conditions hold in a lane, events follow in that lane, once.

A rule fires in the first week in which all its conditions hold; the week is kept in
`state.timeline.fired`, and its events count their weeks from there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.conditions import Condition, read_condition
from scenarios.directory import Moment
from scenarios.events.base import Context, Event, Post, text
from scenarios.events.reading import KINDS, read_event
from scenarios.words import Labels, listed, unknown


@dataclass(frozen=True)
class Rule:
    """Events that follow when all conditions hold, once in each lane.

    Attributes:
        name: unique in a history.
        conditions: all have to hold in the same week.
        events: their dates are numbers of weeks after the rule fires.
        note: why it is there.
    """

    name: str
    conditions: tuple[Condition, ...]
    events: tuple[Event, ...]
    note: str = ""

    @cached_property
    def span(self) -> tuple[float, float]:
        """First and last number of weeks after it fires in which an event of it may act."""
        firsts = [e.first for e in self.events]
        lasts = [e.last for e in self.events]
        if not all(isinstance(when, int) for when in (*firsts, *lasts)):
            return 0.0, math.inf  # an event that acts for ever, or by dates
        return float(min(firsts, default=0)), float(max(lasts, default=0))  # type: ignore[arg-type, type-var]

    def holds(self, moment: Moment) -> NDArray[np.bool_]:
        """In which lanes of the moment all conditions hold."""
        holding = np.ones(moment.lanes.size, dtype=np.bool_)
        for condition in self.conditions:  # cheap ones first: the rest is measured only where they hold
            if not holding.any():
                break
            left = moment._replace(lanes=moment.lanes[holding])
            holding[holding] = condition.holds(left)
        return holding

    def sentence(self, labels: Labels) -> str:
        """The rule in one sentence."""
        conditions = listed(condition.says(labels) for condition in self.conditions)
        return f"When {conditions} for the first time: " + " ".join(event.sentence(labels) for event in self.events)

    def posts(self) -> tuple[Post, ...]:
        """Room for troops that its events need."""
        return tuple(post for event in self.events for post in event.posts())

    def check(self, context: Context) -> Iterator[str]:
        """What is wrong with it."""
        for number_of, condition in enumerate(self.conditions, 1):
            yield from (f"condition {number_of} ({condition.measure}): {p}" for p in condition.check(context))
        for number_of, event in enumerate(self.events, 1):
            yield from (f"event {number_of} ({event.kind}): {p}" for p in event.check(context))


def read_rule(came: Any) -> Rule:
    """A rule from a mapping with name, when (conditions) and then (events).

    Raises:
        ValueError: with one line that says what came and what was expected.
    """
    if not isinstance(came, Mapping):
        raise ValueError(f"{came!r} came, expected a mapping with name, when and then")
    keys = ("name", "when", "then", "note")
    for key in came:
        if key not in keys:
            raise ValueError(unknown("key", key, keys))
    for key in keys[:3]:
        if not came.get(key):
            raise ValueError(f"key {key!r} is missing")
    conditions = tuple(_numbered("condition", i, read_condition, item) for i, item in enumerate(came["when"], 1))
    events = tuple(_numbered("event", i, _read_relative, item) for i, item in enumerate(came["then"], 1))
    return Rule(text(came["name"]), conditions, events, came.get("note", ""))


def _read_relative(came: Any) -> Event:
    """An event of a rule: `after_weeks` stands for the date on which its kind begins, 0 where left out."""
    if not isinstance(came, Mapping) or came.get("kind") not in KINDS:
        return read_event(came, relative=True)
    begins = KINDS[came["kind"]].begins
    if begins in came:
        return read_event(came, relative=True)
    rest = {key: value for key, value in came.items() if key != "after_weeks"}
    return read_event({**rest, begins: came.get("after_weeks", 0)}, relative=True)


def _numbered(what: str, position: int, read: Any, came: Any) -> Any:
    try:
        return read(came)
    except ValueError as error:
        raise ValueError(f"{what} {position}: {error}") from None
