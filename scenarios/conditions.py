"""Conditions and rules: when something holds in a lane, events follow in that lane, once.

A condition measures one thing in the state of every lane and compares it with a bound. A rule fires
in the first week in which all its conditions hold; the week is kept in `state.timeline.fired`, and
its events count their weeks from there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from scenarios.directory import Moment
from scenarios.events.base import Context, Event, Post, base_problems, entry, field_problems, number, text, texts, when
from scenarios.events.reading import KINDS, read_event, read_fields
from scenarios.words import Labels, When, day, listed, name, regions_of, unknown
from sim.calendar import week_of
from sim.processes.aftermath import LOST

type Values = NDArray[np.float64]
"""One measured value per lane."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Something that holds in a lane or does not: its measure lies above or below a bound."""

    measure: ClassVar[str]
    greatest: ClassVar[float] = 1e9

    above: float | None = entry(number, high=1e9, default=None)
    below: float | None = entry(number, high=1e9, default=None)

    def values(self, moment: Moment) -> Values:
        """What is measured, in every lane of the moment."""
        raise NotImplementedError

    def holds(self, moment: Moment) -> NDArray[np.bool_]:
        """In which lanes of the moment it holds."""
        values = self.values(moment)
        low = -np.inf if self.above is None else self.above
        high = np.inf if self.below is None else self.below
        return (values > low) & (values < high)

    def says(self, labels: Labels) -> str:
        """The condition as a clause."""
        bounds = [f"above {self.above:g}"] if self.above is not None else []
        bounds += [f"below {self.below:g}"] if self.below is not None else []
        return f"{self.subject(labels)} is {listed(bounds)}"

    def subject(self, labels: Labels) -> str:
        """What is measured, in words."""
        raise NotImplementedError

    def check(self, context: Context) -> Iterator[str]:
        """What is wrong with it."""
        for field in dataclasses.fields(self):
            yield from field_problems(field, getattr(self, field.name), context)
        yield from self.contradictions(context)

    def contradictions(self, context: Context) -> Iterator[str]:
        """It needs a bound."""
        if self.above is None and self.below is None:
            yield "neither above nor below came, expected at least one"
        for key, bound in (("above", self.above), ("below", self.below)):
            if bound is not None and bound > self.greatest:
                yield f"{key} is {bound:g}, expected at most {self.greatest:g}"


@dataclass(frozen=True, kw_only=True)
class FromDate(Condition):
    """Holds from a day on."""

    measure: ClassVar[str] = "date"

    begin: When = entry(when, key="from")

    def holds(self, moment: Moment) -> NDArray[np.bool_]:
        """The same in every lane."""
        assert isinstance(self.begin, date)
        return np.full(moment.lanes.size, moment.week >= week_of(self.begin))

    def says(self, labels: Labels) -> str:
        """From which day."""
        return f"it is {day(self.begin)} or later"

    def contradictions(self, context: Context) -> Iterator[str]:
        """It has no other bound."""
        if self.above is not None or self.below is not None:
            yield "above or below came, expected only from"


@dataclass(frozen=True, kw_only=True)
class BasesOpen(Condition):
    """Number of bases that an organisation holds."""

    measure: ClassVar[str] = "bases_open"
    state: ClassVar[int] = 1

    organisation: str = entry(text, names="organisation")
    places: tuple[str, ...] = entry(texts, default=("all",))
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))

    def values(self, moment: Moment) -> Values:
        """Bases in that state."""
        bases = moment.directory.bases(self.organisation, self.places, self.regions)
        counted: NDArray[np.bool_] = moment.state.bases.open[np.ix_(moment.lanes, bases)] == self.state
        number_of: Values = counted.sum(axis=1).astype(np.float64)
        return number_of

    def subject(self, labels: Labels) -> str:
        """Whose bases where."""
        where = regions_of(self.regions) if self.places == ("all",) else "at " + listed(self.places, "or")
        return f"the number of bases that {name(self.organisation, labels)} {self.verb} {where}"

    verb: ClassVar[str] = "holds"

    def contradictions(self, context: Context) -> Iterator[str]:
        """The places have to be its bases."""
        yield from super().contradictions(context)
        yield from base_problems(self.organisation, self.places, context)


@dataclass(frozen=True, kw_only=True)
class BasesLost(BasesOpen):
    """Number of bases that fell to an assault and have not been retaken."""

    measure: ClassVar[str] = "bases_lost"
    state: ClassVar[int] = LOST
    verb: ClassVar[str] = "has lost"


@dataclass(frozen=True, kw_only=True)
class Presence(Condition):
    """Fighters of an organisation or a coalition in some regions."""

    measure: ClassVar[str] = "presence"

    of: str = entry(text, names="party")
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))

    def values(self, moment: Moment) -> Values:
        """Fighters on the ground."""
        directory, units = moment.directory, moment.state.units
        slots = np.flatnonzero(np.isin(directory.world.units.organisation, directory.party(self.of)))
        grid = np.ix_(moment.lanes, slots)
        inside = np.isin(directory.world.cells.region[units.cell[grid]], directory.regions(self.regions))
        return (units.fighters[grid] * inside).sum(axis=1).astype(np.float64)

    def subject(self, labels: Labels) -> str:
        """Whose fighters where."""
        return f"the number of fighters of {name(self.of, labels)} {regions_of(self.regions)}"


@dataclass(frozen=True, kw_only=True)
class ShareOfControl(Condition):
    """Share of the people of some regions that an organisation or a coalition controls."""

    measure: ClassVar[str] = "control"
    greatest: ClassVar[float] = 1.0

    of: str = entry(text, names="party")
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))

    def values(self, moment: Moment) -> Values:
        """Mean share of control over people; 0 where nobody lives."""
        world, state = moment.directory.world, moment.state
        where, whose = moment.directory.regions(self.regions), moment.directory.party(self.of)
        cells = np.flatnonzero(np.isin(world.cells.region, where))
        live = np.flatnonzero(np.isin(world.communities.cell, cells))
        home = np.searchsorted(cells, world.communities.cell[live])
        share = state.cells.share[np.ix_(moment.lanes, cells, whose)].sum(axis=2)
        people = state.communities.people[np.ix_(moment.lanes, live)]
        controlled: Values = (share[:, home] * people).sum(axis=1)
        mean: Values = controlled / np.maximum(people.sum(axis=1), 1)
        return mean

    def subject(self, labels: Labels) -> str:
        """Who controls whom."""
        return f"the share of people {regions_of(self.regions)} under control of {name(self.of, labels)}"


@dataclass(frozen=True, kw_only=True)
class Fallen(Condition):
    """Fighters of an organisation or a coalition killed since the start."""

    measure: ClassVar[str] = "fallen"

    of: str = entry(text, names="party")

    def values(self, moment: Moment) -> Values:
        """Killed so far."""
        killed = moment.state.ledger.killed[np.ix_(moment.lanes, moment.directory.party(self.of))]
        return killed.sum(axis=1).astype(np.float64)

    def subject(self, labels: Labels) -> str:
        """Whose dead."""
        return f"the number of fallen of {name(self.of, labels)} since the start"


MEASURES: Mapping[str, type[Condition]] = {
    c.measure: c for c in (FromDate, BasesOpen, BasesLost, Presence, ShareOfControl, Fallen)
}
"""Conditions by the word that files use."""


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

    def holds(self, moment: Moment) -> NDArray[np.bool_]:
        """In which lanes of the moment all conditions hold."""
        holding = np.ones(moment.lanes.size, dtype=np.bool_)
        for condition in self.conditions:  # cheap ones first: the rest is measured only where they hold
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


def read_condition(came: Any) -> Condition:
    """A condition from a mapping with measure and the keys of that measure."""
    if not isinstance(came, Mapping):
        raise ValueError(f"{came!r} came, expected a mapping with measure and its bounds")
    measure = str(came.get("measure"))
    if measure not in MEASURES:
        raise ValueError(unknown("measure", measure, MEASURES))
    return read_fields(MEASURES[measure], {key: value for key, value in came.items() if key != "measure"})
