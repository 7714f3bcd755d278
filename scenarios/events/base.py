"""What every event shares: its fields and their readers, its span of weeks, and the checks before a run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple

from scenarios.directory import Moment
from scenarios.words import NO_LABELS, Labels, When, unknown

EARLIEST, LATEST = date(2012, 1, 1), date(2030, 12, 31)
"""Dates that an event may have."""


class Post(NamedTuple):
    """Room that an event needs for troops: a station at a place, or bands that roam (`place` empty)."""

    organisation: str
    place: str
    lat: float | None  # degrees; None where the place is known from the order of battle
    lon: float | None
    troops: int  # that the event brings in all
    strike: float  # two-ship equivalents


@dataclass(frozen=True)
class Context:
    """Names that events may use.

    Attributes:
        organisations: ids.
        coalitions: ids.
        regions: ids such as ``MLI/Gao``.
        bases: ``organisation/place`` of the order of battle.
        places: places whose position is known.
    """

    organisations: frozenset[str]
    coalitions: frozenset[str]
    regions: frozenset[str]
    bases: frozenset[str]
    places: frozenset[str]

    @property
    def countries(self) -> frozenset[str]:
        """Codes of the countries whose regions are known."""
        return frozenset(region.partition("/")[0] for region in self.regions)

    def with_posts(self, posts: tuple[Post, ...]) -> Context:
        """The same context with the stations that events add."""
        stations = [p for p in posts if p.place]
        bases = self.bases | {f"{p.organisation}/{p.place}" for p in stations}
        return dataclasses.replace(self, bases=bases, places=self.places | {p.place for p in stations})

    def places_of(self, organisation: str) -> frozenset[str]:
        """Places where an organisation has a base."""
        return frozenset(b.partition("/")[2] for b in self.bases if b.partition("/")[0] == organisation)


type Reader = Callable[[Any], Any]


def text(came: Any) -> str:
    """A word or a sentence."""
    if not isinstance(came, str) or not came.strip():
        raise ValueError("expected a text")
    return came


def texts(came: Any) -> tuple[str, ...]:
    """A text or a list of texts."""
    items = [came] if isinstance(came, str) else came
    if not isinstance(items, list) or not items:
        raise ValueError("expected a text or a list of texts")
    return tuple(text(item) for item in items)


def number(came: Any) -> float:
    """A number."""
    if isinstance(came, bool) or not isinstance(came, int | float):
        raise ValueError("expected a number")
    return float(came)


def whole(came: Any) -> int:
    """A whole number."""
    if isinstance(came, bool) or not isinstance(came, int):
        raise ValueError("expected a whole number")
    return came


def truth(came: Any) -> bool:
    """Yes or no."""
    if not isinstance(came, bool):
        raise ValueError("expected true or false")
    return came


def when(came: Any) -> When:
    """A date, or a number of weeks."""
    if isinstance(came, int) and not isinstance(came, bool) and came >= 0:
        return came
    try:
        return date.fromisoformat(came)
    except (TypeError, ValueError):
        raise ValueError("expected a date such as 2022-02-17") from None


def period(came: Any) -> tuple[When, When]:
    """A first and a last date."""
    if not isinstance(came, list) or len(came) != 2:
        raise ValueError("expected two dates such as [2022-02-17, 2022-08-15]")
    return when(came[0]), when(came[1])


def entry(read: Reader, *, key: str = "", names: str = "", low: float = 0.0, high: float = 1.0, **default: Any) -> Any:
    """A field of an event.

    Args:
        read: turns what the file says into the field's value.
        key: its key in files, where that is not its name (``from`` is no name in Python).
        names: what its texts name: organisation, party, region, country, place or base.
        low: least value of a number.
        high: greatest value of a number.
        default: ``default=`` as for a dataclass field.
    """
    metadata = {"read": read, "key": key, "names": names, "low": low, "high": high}
    return dataclasses.field(metadata=metadata, **default)


def key_of(field: dataclasses.Field[Any]) -> str:
    """The key of a field in files."""
    return str(field.metadata["key"] or field.name)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that is decided outside the model and happens at a known time."""

    kind: ClassVar[str]
    begins: ClassVar[str] = "from"
    """Key of the date on which it begins; in rules, `after_weeks` may stand for it."""
    standing: ClassVar[bool] = False
    """Whether no table of the order of battle has what it sets: if it is over before the start, it acts in the first
    week of the run."""

    source: tuple[str, ...] = entry(texts, default=())
    confidence: str = entry(text, default="")
    note: str = entry(text, default="")

    @property
    def first(self) -> When:
        """When it first acts."""
        raise NotImplementedError

    @property
    def last(self) -> When | None:
        """When it last acts; None if it may act in every week from the first on."""
        return self.first

    def rests(self, moment: Moment) -> bool:
        """Whether it has nothing to do in a week of its span, whatever the state: then it is not asked to act."""
        return False

    def act(self, moment: Moment) -> None:
        """Change the state in one week of its span."""
        raise NotImplementedError

    def sentence(self, labels: Labels = NO_LABELS) -> str:
        """What it does, in one English sentence."""
        said = self.says(labels)
        return said[0].upper() + said[1:]

    def says(self, labels: Labels) -> str:
        """The sentence, before its first letter is a capital."""
        raise NotImplementedError

    def posts(self) -> tuple[Post, ...]:
        """Room for troops that it needs."""
        return ()

    def check(self, context: Context) -> Iterator[str]:
        """What is wrong with it: names, dates and sizes first, then what its parts say together."""
        for field in dataclasses.fields(self):
            yield from field_problems(field, getattr(self, field.name), context)
        yield from self.contradictions(context)

    def contradictions(self, context: Context) -> Iterator[str]:
        """What is wrong with its parts taken together."""
        yield from order_problems([("from", self.first), ("to", self.last)])


@dataclass(frozen=True, kw_only=True)
class Episode(Event):
    """What begins on one day and ends on another, and does nothing in between."""

    def rests(self, moment: Moment) -> bool:
        """Between its first and its last day."""
        return self.last is not None and not (moment.is_week_of(self.first) or moment.is_week_of(self.last))


def order_problems(moments: list[tuple[str, When | None]]) -> Iterator[str]:
    """Say which of several moments comes before the one that it should follow."""
    known = [(label, moment) for label, moment in moments if moment is not None]
    for (a, earlier), (b, later) in zip(known, known[1:], strict=False):
        if type(earlier) is type(later) and later < earlier:  # type: ignore[operator]
            yield f"{b} is {later}, expected no earlier than {a} ({earlier})"


def later(moment: When, number_of_weeks: int) -> When:
    """The moment some weeks later."""
    return moment + number_of_weeks if isinstance(moment, int) else moment + timedelta(weeks=number_of_weeks)


def moments_of(value: Any) -> Iterator[When]:
    """The dates in a field's value."""
    for item in value if isinstance(value, tuple) else (value,):
        if isinstance(item, date):
            yield item


def field_problems(field: dataclasses.Field[Any], value: Any, context: Context) -> Iterator[str]:
    """Say which number of a field is out of range, which date impossible, which name unknown."""
    key, low, high = key_of(field), field.metadata["low"], field.metadata["high"]
    if field.metadata["read"] in (number, whole) and value is not None and not low <= value <= high:
        yield f"{key} is {value:g}, expected between {low:g} and {high:g}"
    for moment in moments_of(value):
        if not EARLIEST <= moment <= LATEST:  # type: ignore[operator]
            yield f"{key} is {moment}, expected a date between {EARLIEST} and {LATEST}"
    known = _known(field.metadata["names"], context)
    for word in (value if isinstance(value, tuple) else (value,)) if known else ():
        if isinstance(word, str) and word not in known and (word,) != ("all",):
            yield unknown(field.metadata["names"], word, known)


def _known(names: str, context: Context) -> frozenset[str]:
    tables: Mapping[str, frozenset[str]] = {
        "organisation": context.organisations,
        "party": context.organisations | context.coalitions,
        "region": context.regions,
        "country": context.countries,
        "place": context.places,
        "base": context.bases,
    }
    return tables.get(names, frozenset())


def base_problems(organisation: str, places: tuple[str, ...], context: Context) -> Iterator[str]:
    """Say which places are no base of the organisation."""
    known = context.places_of(organisation)
    for place in places:
        if place != "all" and place not in known and organisation in context.organisations:
            yield unknown(f"base of {organisation} at", place, known)
