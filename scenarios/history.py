"""Histories: what happens outside the model, as dated events and rules that were put together by name.

Histories that share chapters share their events to the bit. `scenarios.scenario_files` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scenarios.events import Context, Event, Post
from scenarios.rules import Rule
from scenarios.words import NO_LABELS, Labels, unknown
from sim.calendar import date_of, week_of


@dataclass(frozen=True)
class Part:
    """Events and rules of one file, each with the words that say where it stands."""

    events: tuple[Event, ...] = ()
    rules: tuple[Rule, ...] = ()
    where: tuple[str, ...] = ()  # of the events, then of the rules

    def known_on(self, day: date) -> Part:
        """The part without rules and without events that begin after a day."""
        kept = [(e, w) for e, w in self.items() if not isinstance(e, Rule) and _begins(e) <= day]
        return Part(tuple(e for e, _ in kept), (), tuple(w for _, w in kept))

    def items(self) -> Iterator[tuple[Event | Rule, str]]:
        """Each event and rule with where it stands."""
        both: tuple[Event | Rule, ...] = (*self.events, *self.rules)
        yield from zip(both, self.where, strict=True)


@dataclass(frozen=True)
class History:
    """What happens outside the model, from a start on.

    Attributes:
        name: of its file.
        title: for headings.
        question: that it helps to answer.
        start: first day of the run.
        weeks: length of the run.
        chapters: names of the chapters that it is made of.
        parts: events and rules of the chapters and of the scenario files.
        counterfactual: name of the scenario to compare it with, or None.
        change: day from which it is to differ from its counterfactual; outcomes "after the change" begin here.
        sources: keys of publications.
        map_dates: days for which maps are drawn.
        cannot_tell: what the comparison cannot answer.
    """

    name: str
    title: str = ""
    question: str = ""
    start: date = date(2021, 7, 5)
    weeks: int = 130
    chapters: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    counterfactual: str | None = None
    change: date | None = None
    sources: tuple[str, ...] = ()
    map_dates: tuple[date, ...] = ()
    cannot_tell: str = ""

    @property
    def events(self) -> tuple[Event, ...]:
        """All dated events, in the order in which those of one week act."""
        return tuple(sorted((e for part in self.parts for e in part.events), key=_order))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules."""
        return tuple(rule for part in self.parts for rule in part.rules)

    @property
    def end(self) -> date:
        """Monday of its last week."""
        return date_of(week_of(self.start) + self.weeks - 1)

    def posts(self) -> tuple[Post, ...]:
        """Room for troops that its events need."""
        return tuple(post for part in self.parts for item, _ in part.items() for post in item.posts())

    def known_on(self, day: date) -> History:
        """The history as it stood on a day: events that had begun by then, and no rules.

        A rule says what follows from what, and was written by somebody who knew how it went on. Of an event that
        had begun, the end is kept.
        """
        return replace(self, parts=tuple(part.known_on(day) for part in self.parts), map_dates=(), change=None)

    def explain(self, labels: Labels = NO_LABELS, start: date | None = None) -> list[str]:
        """One line for each event by date, then one for each rule."""
        first = week_of(start or self.start)
        lines = [_dated(event, labels, first) for event in self.events]
        return lines + [f"rule        {rule.sentence(labels)}" for rule in self.rules]


def quarterly(start: date, weeks: int) -> tuple[date, ...]:
    """Days of the maps of a run beside those that a scenario asks for: every 13 weeks from the start, and the last.

    >>> [str(day) for day in quarterly(date(2022, 8, 1), 28)]
    ['2022-08-01', '2022-10-31', '2023-01-30', '2023-02-06']
    """
    return tuple(start + timedelta(weeks=week) for week in sorted({*range(0, weeks, 13), weeks - 1}))


def _begins(event: Event) -> date:
    assert isinstance(event.first, date)
    return event.first


def _order(event: Event) -> tuple[date, str, str]:
    assert isinstance(event.first, date)
    return event.first, event.kind, event.sentence()


def _dated(event: Event, labels: Labels, first: int) -> str:
    assert isinstance(event.first, date)
    line = f"{event.first.isoformat()}  {event.sentence(labels)}"
    if week_of(event.first) >= first:
        return line
    ends = event.last is None or (isinstance(event.last, date) and week_of(event.last) >= first)
    if event.standing and not ends:
        return f"{line} (Before the start: it acts in the first week.)"
    rest = "what is left of it acts" if ends else "it does not act"
    return f"{line} (Before the start: the order of battle has it already, {rest}.)"


def first_difference(a: History, b: History) -> int | None:
    """First week in which two histories may differ; None if they are the same.

    A rule may fire in any week, so histories with different rules may differ from the start.
    """
    if set(a.rules) != set(b.rules):
        return week_of(min(a.start, b.start))
    different = set(a.events) ^ set(b.events)
    return min((week_of(e.first) for e in different if isinstance(e.first, date)), default=None)


def with_change(history: History, counterfactual: History) -> History:
    """The history with a day of change: its own, or else that of the first event that differs."""
    week = first_difference(history, counterfactual)
    if history.change is not None or week is None or set(history.rules) != set(counterfactual.rules):
        return history
    return replace(history, change=max(date_of(week), history.start))


def validate(history: History, context: Context) -> None:
    """Refuse a history that names what is not there or wants what cannot be.

    Args:
        history: as loaded.
        context: names of the order of battle and the region.

    Raises:
        ValueError: one line with file, number and kind of the first event that is wrong.
    """
    for problem in problems(history, context):
        raise ValueError(problem)


def problems(history: History, context: Context) -> Iterator[str]:
    """One line for each thing that is wrong with a history."""
    with_posts = context.with_posts(history.posts())
    for part in history.parts:
        for item, where in part.items():
            yield from (f"{where}: {problem}" for problem in item.check(with_posts))
    yield from _placeless(history, context)
    days = [("map_dates has", day) for day in history.map_dates]
    days += [("change is", history.change)] if history.change else []
    for said, day in days:
        if not 0 <= week_of(day) - week_of(history.start) < history.weeks:
            span = f"between {history.start} and {history.end}"
            yield f"scenario/{history.name}.yaml: {said} {day}, expected {span}"


def _placeless(history: History, context: Context) -> Iterator[str]:
    """Stations at places whose position nobody gives."""
    known = context.places | {p.place for p in history.posts() if p.lat is not None}
    for part in history.parts:
        for item, where in part.items():
            for post in item.posts():
                if post.place and post.place not in known:
                    yield f"{where}: {unknown('place', post.place, known)}; give lat and lon if it is new"
