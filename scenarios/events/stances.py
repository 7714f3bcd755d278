"""Events between organisations: truces and their end, stances, cooperation withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from scenarios.directory import Moment, Positions
from scenarios.events.base import Context, Event, entry, number, order_problems, text, texts, when
from scenarios.words import Labels, When, day, name, on, percent, regions_of, since, unknown
from sim.streams import Stream, kernel, stable_key, uniform

STANCES = {"allied": 0.0, "neutral": 0.0, "non-aggression": 0.02, "tacit": 0.07, "rivalry": 0.4, "war": 1.0}
"""Hostility of a stance, on the scale of the order of battle (a judgement; the words are ordinal)."""

STANDING = {
    "allied": "are allied", "neutral": "are neutral", "non-aggression": "hold to non-aggression",
    "tacit": "hold to a tacit understanding", "rivalry": "are rivals", "war": "are at war",
    "": "take a new stance",
}  # fmt: skip
"""The same in a sentence."""


def pair(came: Any) -> tuple[str, ...]:
    """Two texts."""
    if not isinstance(came, list) or len(came) != 2:
        raise ValueError("expected two organisations or coalitions such as [jnim, issp]")
    return texts(came)


def corners(moment: Moment, between: tuple[str, ...], regions: tuple[str, ...]) -> Iterator[tuple[Positions, ...]]:
    """Where the relations of two parties lie in the arrays, both ways round."""
    one, other = (moment.directory.party(party) for party in between)
    where = moment.directory.regions(regions)
    yield np.ix_(moment.lanes, one, other, where)
    yield np.ix_(moment.lanes, other, one, where)


def hold(moment: Moment, between: tuple[str, ...], regions: tuple[str, ...], level: float) -> None:
    """Hold hostility of two parties at or below a level."""
    relations = moment.state.relations
    for corner in corners(moment, between, regions):
        relations.ceiling[corner] = level
        relations.hostility[corner] = np.minimum(relations.hostility[corner], level)


def release(moment: Moment, between: tuple[str, ...], regions: tuple[str, ...], level: float) -> None:
    """Lift a ceiling, but only the one that was set: another decision may have set its own since."""
    ceiling = moment.state.relations.ceiling
    for corner in corners(moment, between, regions):
        ceiling[corner] = np.where(ceiling[corner] == level, 1.0, ceiling[corner])


@kernel
def _broken(streams, lanes, key, hazard):  # type: ignore[no-untyped-def]
    """Which lanes see a truce break this week."""
    breaks = np.empty(lanes.size, np.bool_)
    for i in range(lanes.size):
        breaks[i] = uniform(streams, lanes[i], Stream.TRUCE, key, 0) < hazard
    return breaks


@dataclass(frozen=True, kw_only=True)
class Truce(Event):
    """Two sides stop most of their fighting in some regions, until it breaks or is ended.

    `hazard` is the chance that it breaks in a week; a broken truce no longer holds hostility down,
    which then drifts back in the process of relations.
    """

    kind: ClassVar[str] = "truce"

    between: tuple[str, ...] = entry(pair, names="party")
    regions: tuple[str, ...] = entry(texts, names="region")
    begin: When = entry(when, key="from")
    level: float = entry(number, default=0.05)
    hazard: float = entry(number, default=0.0)

    @property
    def first(self) -> When:
        """Day from which it holds."""
        return self.begin

    @property
    def last(self) -> When | None:
        """It may break in any week after it began."""
        return None if self.hazard > 0.0 else self.begin

    @property
    def key(self) -> int:
        """Key of its draws: the same for the same sides and regions, whenever it begins."""
        return stable_key("truce " + " ".join((*sorted(self.between), *sorted(self.regions))))

    def act(self, moment: Moment) -> None:
        """Hold hostility down when it begins; later, lift the ceiling where it breaks."""
        if moment.is_week_of(self.begin):
            hold(moment, self.between, self.regions, self.level)
        elif self.hazard > 0.0:
            breaks = _broken(moment.streams, moment.lanes, self.key, self.hazard)
            release(moment._replace(lanes=moment.lanes[breaks]), self.between, self.regions, self.level)

    def says(self, labels: Labels) -> str:
        """Between whom, where, from when, how deep and how brittle."""
        a, b = (name(party, labels) for party in self.between)
        breaks = f" and breaks with a chance of {percent(self.hazard)} a week" if self.hazard else ""
        holds = f"holds hostility at or below {self.level:g}{breaks}"
        return f"{since(self.begin)}, a truce between {a} and {b} {regions_of(self.regions)} {holds}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """A truce needs two sides, and a ceiling below 1."""
        yield from sides(self.between)
        if self.level >= 1.0:
            yield "level is 1, expected below 1 (1 is no truce)"


def sides(between: tuple[str, ...]) -> Iterator[str]:
    """Say if both sides are the same."""
    if len(set(between)) != 2:
        yield f"between names {between[0]!r} twice, expected two sides"


@dataclass(frozen=True, kw_only=True)
class EndTruce(Event):
    """A truce no longer holds hostility down."""

    kind: ClassVar[str] = "end_truce"
    begins: ClassVar[str] = "date"

    between: tuple[str, ...] = entry(pair, names="party")
    regions: tuple[str, ...] = entry(texts, names="region")
    date: When = entry(when)

    @property
    def first(self) -> When:
        """Day on which it ends."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Lift the ceiling."""
        for corner in corners(moment, self.between, self.regions):
            moment.state.relations.ceiling[corner] = 1.0

    def says(self, labels: Labels) -> str:
        """Whose truce ends where."""
        a, b = (name(party, labels) for party in self.between)
        return f"{on(self.date)}, the truce between {a} and {b} {regions_of(self.regions)} ends."

    def contradictions(self, context: Context) -> Iterator[str]:
        """A truce has two sides."""
        yield from sides(self.between)


@dataclass(frozen=True, kw_only=True)
class SetStance(Event):
    """The stance of two sides is declared anew; it may drift from there, up to `ceiling`."""

    kind: ClassVar[str] = "set_stance"

    a: str = entry(text, names="party")
    b: str = entry(text, names="party")
    begin: When = entry(when, key="from")
    stance: str = entry(text, default="")
    hostility: float | None = entry(number, default=None)
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))
    ceiling: float = entry(number, default=1.0)

    @property
    def first(self) -> When:
        """Day of the declaration."""
        return self.begin

    @property
    def value(self) -> float:
        """Hostility that is set."""
        return STANCES[self.stance] if self.hostility is None else self.hostility

    def act(self, moment: Moment) -> None:
        """Set hostility, the same both ways, where it rests, and what may hold it down."""
        relations = moment.state.relations
        for corner in corners(moment, (self.a, self.b), self.regions):
            relations.hostility[corner] = min(self.value, self.ceiling)
            relations.rest[corner] = self.value
            relations.ceiling[corner] = self.ceiling

    def says(self, labels: Labels) -> str:
        """Who stands how toward whom."""
        a, b = name(self.a, labels), name(self.b, labels)
        held = f", held at or below {self.ceiling:g}" if self.ceiling < 1.0 else ""
        stand = f"{a} and {b} {STANDING[self.stance]} {regions_of(self.regions)}"
        return f"{since(self.begin)}, {stand} (hostility {self.value:g}{held})."

    def contradictions(self, context: Context) -> Iterator[str]:
        """Either a word or a number, and two sides."""
        yield from sides((self.a, self.b))
        if self.stance and self.stance not in STANCES:
            yield unknown("stance", self.stance, STANCES)
        if bool(self.stance) == (self.hostility is not None):
            yield "stance and hostility: expected exactly one of the two"


@dataclass(frozen=True, kw_only=True)
class SuspendCooperation(Event):
    """A patron lends a host less of its aircraft and rescue (or none), for a time or for good."""

    kind: ClassVar[str] = "suspend_cooperation"

    patron: str = entry(text, names="organisation")
    host: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    end: When | None = entry(when, key="to", default=None)
    level: float = entry(number, default=0.0)
    restored: float = entry(number, default=1.0)

    @property
    def first(self) -> When:
        """Day of suspension."""
        return self.begin

    @property
    def last(self) -> When:
        """Day of resumption, if there is one."""
        return self.begin if self.end is None else self.end

    def act(self, moment: Moment) -> None:
        """Lower support to `level`, and restore it to `restored` at the end."""
        if moment.is_week_of(self.begin):
            lend(moment, self.patron, self.host, self.level)
        elif self.end is not None and moment.is_week_of(self.end):
            lend(moment, self.patron, self.host, self.restored)

    def says(self, labels: Labels) -> str:
        """Who suspends cooperation with whom, and until when."""
        until = f" until {day(self.end)}, when it returns to {self.restored:g}" if self.end is not None else ""
        support = f"a support of only {self.level:g}" if self.level else "no support"
        patron, host = name(self.patron, labels), name(self.host, labels)
        return f"{since(self.begin)}, {patron} gives {host} {support}{until}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It cannot end before it begins."""
        yield from order_problems([("from", self.begin), ("to", self.end)])


@dataclass(frozen=True, kw_only=True)
class Cooperate(Event):
    """A patron begins to lend a host its aircraft and rescue."""

    kind: ClassVar[str] = "cooperate"

    patron: str = entry(text, names="organisation")
    host: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    level: float = entry(number)

    @property
    def first(self) -> When:
        """Day from which it lends support."""
        return self.begin

    def act(self, moment: Moment) -> None:
        """Set support."""
        lend(moment, self.patron, self.host, self.level)

    def says(self, labels: Labels) -> str:
        """Who supports whom how much."""
        patron, host = name(self.patron, labels), name(self.host, labels)
        return f"{since(self.begin)}, {patron} gives {host} a support of {self.level:g}."


def lend(moment: Moment, patron: str, host: str, level: float) -> None:
    """Set the support that a patron gives a host."""
    a, b = moment.directory.organisation(patron), moment.directory.organisation(host)
    support: NDArray[np.float64] = moment.state.relations.support
    support[moment.lanes, a, b] = level
