"""Histories: chapters of dated events and rules, put together by name and checked before a run.

A scenario file names the chapters that it is made of, and may leave some out of another list,
add events of its own and name the scenario that is its counterfactual. A chapter file is a named
group of events. Histories that share chapters share their events to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from scenarios.conditions import Rule, read_rule
from scenarios.events import Context, Event, Post, read_event
from scenarios.events.base import text, texts, when
from scenarios.words import NO_LABELS, Labels, unknown
from sim.calendar import date_of, week_of

SCENARIO_KEYS = (
    "title", "question", "start", "weeks", "chapters", "without", "events", "rules",
    "counterfactual", "sources", "map_dates", "cannot_tell",
)  # fmt: skip
CHAPTER_KEYS = ("title", "note", "events", "rules")


@dataclass(frozen=True)
class Part:
    """Events and rules of one file, each with the words that say where it stands."""

    events: tuple[Event, ...] = ()
    rules: tuple[Rule, ...] = ()
    where: tuple[str, ...] = ()  # of the events, then of the rules

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
        parts: events and rules of the chapters and of the scenario file itself.
        counterfactual: name of the scenario to compare it with, or None.
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

    def posts(self) -> tuple[Post, ...]:
        """Room for troops that its events need."""
        return tuple(post for part in self.parts for item, _ in part.items() for post in item.posts())

    def explain(self, labels: Labels = NO_LABELS, start: date | None = None) -> list[str]:
        """One line for each event by date, then one for each rule."""
        first = week_of(start or self.start)
        lines = [_dated(event, labels, first) for event in self.events]
        return lines + [f"rule        {rule.sentence(labels)}" for rule in self.rules]


def _order(event: Event) -> tuple[date, str, str]:
    assert isinstance(event.first, date)
    return event.first, event.kind, event.sentence()


def _dated(event: Event, labels: Labels, first: int) -> str:
    assert isinstance(event.first, date)
    line = f"{event.first.isoformat()}  {event.sentence(labels)}"
    if week_of(event.first) >= first:
        return line
    ends = event.last is None or (isinstance(event.last, date) and week_of(event.last) >= first)
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


def load_history(name: str, folder: Path, chapters: tuple[str, ...] | None = None) -> History:
    """Read a scenario and its chapters.

    Args:
        name: of a file ``scenario/<name>.yaml``.
        folder: that holds the folders ``scenario`` and ``chapter``.
        chapters: names of chapters to use in place of those of the file.

    Raises:
        ValueError: a file, key, name of a chapter or value is wrong; one line.
    """
    came = _mapping(folder, "scenario", name, SCENARIO_KEYS)
    where = f"scenario/{name}.yaml"
    names = _chapters(came, where) if chapters is None else chapters
    parts = [_part(_mapping(folder, "chapter", n, CHAPTER_KEYS), f"chapter/{n}.yaml") for n in names]
    fields = {key: read(came[key]) for key, read in _readers(where).items() if came.get(key) is not None}
    return History(name=name, chapters=names, parts=(*parts, _part(came, where)), **fields)


def _readers(where: str) -> Mapping[str, Any]:
    plain = {
        "title": text, "question": text, "start": _day, "weeks": _weeks, "counterfactual": text,
        "sources": texts, "map_dates": _days, "cannot_tell": text,
    }  # fmt: skip
    return {key: partial(_read, where, key, read) for key, read in plain.items()}


def _read(where: str, key: str, read: Any, came: Any) -> Any:
    try:
        return read(came)
    except ValueError as error:
        raise ValueError(f"{where}: {key} is {came!r}, {error}") from None


def _day(came: Any) -> date:
    day = when(came)
    if not isinstance(day, date):
        raise ValueError("expected a date such as 2021-07-05")
    return day


def _days(came: Any) -> tuple[date, ...]:
    return tuple(_day(item) for item in texts(came))


def _weeks(came: Any) -> int:
    if isinstance(came, bool) or not isinstance(came, int) or not 1 <= came <= 520:
        raise ValueError("expected a whole number between 1 and 520")
    return came


class _PlainLoader(yaml.SafeLoader):
    """Reads dates as text, so that an impossible date gives our line and not a trace."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(folder: Path, group: str, name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    path = folder / group / f"{name}.yaml"
    if not path.is_file():
        raise ValueError(unknown(group, name, [p.stem for p in sorted((folder / group).glob("*.yaml"))]))
    try:
        came = yaml.load(path.read_text(encoding="utf-8"), _PlainLoader) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{group}/{name}.yaml is no valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(came, dict):
        raise ValueError(f"{group}/{name}.yaml: expected keys and values")
    for key in came:
        if key not in keys:
            raise ValueError(f"{group}/{name}.yaml: {unknown('key', key, keys)}")
    return came


def _chapters(came: Mapping[str, Any], where: str) -> tuple[str, ...]:
    names = _read(where, "chapters", texts, came["chapters"]) if came.get("chapters") else ()
    without = _read(where, "without", texts, came["without"]) if came.get("without") else ()
    for name in without:
        if name not in names:
            raise ValueError(f"{where}: without: {unknown('chapter', name, names)}")
    return tuple(name for name in names if name not in without)


def _part(came: Mapping[str, Any], where: str) -> Part:
    found: dict[str, list[Any]] = {"events": [], "rules": []}
    places: list[str] = []
    for group, word, read in (("events", "event", read_event), ("rules", "rule", read_rule)):
        items = came.get(group) or []
        if not isinstance(items, list):
            raise ValueError(f"{where}: {group} is {items!r}, expected a list")
        for position, item in enumerate(items, 1):
            places.append(_place(where, f"{word} {position}", item))
            found[group].append(_at(places[-1], read, item))
    return Part(tuple(found["events"]), tuple(found["rules"]), tuple(places))


def _place(where: str, number: str, item: Any) -> str:
    word = (item.get("kind") or item.get("name")) if isinstance(item, Mapping) else None
    return f"{where}, {number}" + (f" ({word})" if word else "")


def _at(where: str, read: Any, came: Any) -> Any:
    try:
        return read(came)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


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
    for day in history.map_dates:
        if not 0 <= week_of(day) - week_of(history.start) < history.weeks:
            last = date_of(week_of(history.start) + history.weeks - 1)
            yield f"scenario/{history.name}.yaml: map_dates has {day}, expected between {history.start} and {last}"


def _placeless(history: History, context: Context) -> Iterator[str]:
    """Stations at places whose position nobody gives."""
    known = context.places | {p.place for p in history.posts() if p.lat is not None}
    for part in history.parts:
        for item, where in part.items():
            for post in item.posts():
                if post.place and post.place not in known:
                    yield f"{where}: {unknown('place', post.place, known)}; give lat and lon if it is new"
