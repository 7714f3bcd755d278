"""Timeline: the first process of a week. It lets the events of each lane's history act.

Nothing is remembered here: whether an event is due depends on the week alone, and what a rule did
is kept in `state.timeline.fired`. So a batch, a single lane and a resumed run are equal to the bit,
and two histories are equal until the first event that only one of them has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scenarios.directory import Directory, Moment, Positions
from scenarios.events import Event
from scenarios.history import History
from scenarios.rules import Rule
from sim.parameters import Parameters, columns, quantity
from sim.state import State
from sim.streams import Streams
from sim.world import Names, World


@dataclass(frozen=True)
class TimelineParameters(Parameters):
    """Which history a lane lives through."""

    history: float = quantity(0.0, unit="position among histories", low=0.0, high=100.0, source="the experiment")


TimelineParametersColumns = columns(TimelineParameters, __name__)


class Due(NamedTuple):
    """An event and the weeks in which it may act; `last` is None for ever."""

    first: int
    last: int | None
    event: Event


class Timeline:
    """Histories of an experiment as one process: ``timeline(world, state, parameters, streams)``.

    Attributes:
        histories: `parameters.history` holds for each lane its position in this list.
        start: number of the week in which runs begin; what was decided before is in the order of battle.
        rules: all different rules of all histories; their order is that of ``state.timeline.fired``.
    """

    def __init__(self, histories: Sequence[History], world: World, names: Names, start: int) -> None:
        self.histories = tuple(histories)
        self.start = start
        self.rules = rules_of(histories)
        self._directory = Directory(world, names)
        self._calendars = [calendar(history, self._moment(np.array([0]), start)) for history in self.histories]
        self._slots = [[self.rules.index(rule) for rule in history.rules] for history in self.histories]
        self._diaries: list[dict[int, tuple[Event, ...]]] = [{} for _ in self.histories]

    def __call__(self, world: World, state: State, parameters: TimelineParameters, streams: Streams) -> None:
        """Let one week of every lane's history happen: events act, then rules fire and their events act."""
        history_of = np.asarray(parameters.history)
        for position in range(len(self.histories)):
            lanes = np.flatnonzero(history_of == position)
            if lanes.size == 0:
                continue
            moment = Moment(lanes, self.start, self.start, self._directory, state, streams)
            for event in self._today(position, moment):
                event.act(moment)
            for slot in self._slots[position]:
                _follow(self.rules[slot], slot, moment)

    def _today(self, position: int, moment: Moment) -> tuple[Event, ...]:
        """The dated events of a history that act in a week; looked up once in all blocks of an experiment."""
        diary = self._diaries[position]
        if moment.week not in diary:
            acting = (due.event for due in self._calendars[position] if _acts(due, moment))
            diary[moment.week] = tuple(event for event in acting if not event.rests(moment))
        return diary[moment.week]

    def _moment(self, lanes: Positions, week: int) -> Moment:
        """A moment without a state, in which dates can be turned into weeks."""
        streams = Streams(np.zeros((1, 2), dtype=np.uint64), week)
        return Moment(lanes, self.start, week, self._directory, None, streams)  # type: ignore[arg-type]


def rules_of(histories: Sequence[History]) -> tuple[Rule, ...]:
    """All different rules of some histories, in the order in which they are met."""
    return tuple(dict.fromkeys(rule for history in histories for rule in history.rules))


def rule_slots(histories: Sequence[History]) -> int:
    """Length of the rule axis of ``state.timeline.fired``: never 0."""
    return max(1, len(rules_of(histories)))


def calendar(history: History, moment: Moment) -> tuple[Due, ...]:
    """The dated events of a history with their weeks."""
    return tuple(_due(event, moment) for event in history.events)


def _due(event: Event, moment: Moment) -> Due:
    last = event.last
    return Due(moment.at(event.first), None if last is None else moment.at(last), event)


def _acts(due: Due, moment: Moment) -> bool:
    """Whether an event acts in the week of the moment."""
    over = due.last is not None and due.last < moment.week
    stands = due.event.standing and due.last is not None and due.last < moment.start == moment.week
    return due.first <= moment.week and (not over or stands)


def _follow(rule: Rule, slot: int, moment: Moment) -> None:
    """Fire a rule in the lanes where it holds for the first time, and let its events act where it fired."""
    fired, (first, last) = moment.state.timeline.fired, rule.span
    waiting = moment.lanes[fired[moment.lanes, slot] < 0]
    if waiting.size:
        fires = rule.holds(moment._replace(lanes=waiting))
        fired[waiting[fires], slot] = moment.week
    for week in _weeks(fired[moment.lanes, slot]):
        if not first <= moment.week - week <= last:
            continue
        since = moment._replace(lanes=moment.lanes[fired[moment.lanes, slot] == week], origin=week)
        for event in rule.events:
            if _acts(_due(event, since), since) and not event.rests(since):
                event.act(since)


def _weeks(fired: Positions) -> list[int]:
    """The different weeks in which a rule fired."""
    return sorted({week for week in fired.tolist() if week >= 0})
