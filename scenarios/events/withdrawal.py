"""Withdrawal: a force announces that it goes, thins out place by place, and is gone.

Violence often dips first and surges later: from the announcement on the force looks after itself
and patrols less (`activity` lowers its tempo), its aircraft keep up pressure until they leave, and
only the empty place lets others mass. The remaining share of a place falls in a straight line,

    remaining(t) = 1 - share * clip((t - first + 1) / (last - first + 1), 0, 1),

and each week multiplies establishment and strike power by remaining(t) / remaining(t - 1), so that
a force that fights or is reinforced in between thins out by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Moment, Positions
from scenarios.events.base import (
    EARLIEST,
    LATEST,
    Context,
    Event,
    Reader,
    base_problems,
    entry,
    moments_of,
    number,
    order_problems,
    period,
    text,
    texts,
    when,
)
from scenarios.words import Labels, When, day, listed, name, on, percent, regions_of, unknown


@dataclass(frozen=True)
class Leg:
    """How one place is left, where it differs from the rest of the withdrawal."""

    place: str
    drawdown: tuple[When, When] | None = None
    exit: When | None = None
    share: float | None = None


def legs(came: Any) -> tuple[Leg, ...]:
    """A mapping from places to what differs there."""
    if not isinstance(came, dict) or not all(isinstance(v, dict) for v in came.values()):
        raise ValueError("expected a mapping such as {Gossi: {exit: 2022-04-19}}")
    return tuple(_leg(str(place), parts) for place, parts in came.items())


def _leg(place: str, parts: dict[str, Any]) -> Leg:
    readers: dict[str, Reader] = {"drawdown": period, "exit": when, "share": number}
    for key in parts:
        if key not in readers:
            raise ValueError(unknown(f"key of {place}", key, readers))
    return Leg(place, **{key: readers[key](value) for key, value in parts.items()})


@dataclass(frozen=True, kw_only=True)
class Withdraw(Event):
    """A force leaves all or some of its bases: announcement, drawdown and exit, place by place."""

    kind: ClassVar[str] = "withdraw"
    begins: ClassVar[str] = "announced"

    organisation: str = entry(text, names="organisation")
    drawdown: tuple[When, When] = entry(period)
    places: tuple[str, ...] = entry(texts, default=("all",))
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))
    announced: When | None = entry(when, default=None)
    exit: When | None = entry(when, default=None)
    share: float = entry(number, default=1.0)
    activity: float = entry(number, low=0.05, default=1.0)
    by_place: tuple[Leg, ...] = entry(legs, default=())

    @property
    def announcement(self) -> When:
        """When it becomes known; without a date, when the drawdown begins."""
        return self.drawdown[0] if self.announced is None else self.announced

    @property
    def first(self) -> When:
        """Announcement."""
        return self.announcement

    @property
    def last(self) -> When:
        """Last exit of any place."""
        return max((self._exit(leg) for leg in (Leg(""), *self.by_place)), key=lambda w: (isinstance(w, int), w))

    def _drawdown(self, leg: Leg) -> tuple[When, When]:
        return leg.drawdown or self.drawdown

    def _exit(self, leg: Leg) -> When:
        if leg.exit is not None:
            return leg.exit
        return self.exit if self.exit is not None and leg.drawdown is None else self._drawdown(leg)[1]

    def _share(self, leg: Leg) -> float:
        return self.share if leg.share is None else leg.share

    def rests(self, moment: Moment) -> bool:
        """Before and between the drawdowns, but for the announcement and the exits."""
        legs = (Leg(""), *self.by_place)
        days = (self.announcement, *(self._exit(leg) for leg in legs))
        return not (any(map(moment.is_week_of, days)) or any(self._thins(moment, leg) for leg in legs))

    def act(self, moment: Moment) -> None:
        """Lower the tempo at the announcement, thin out during each drawdown, close at each exit."""
        parts = list(self._parts(moment))
        if moment.is_week_of(self.announcement):
            self._scale_tempo(moment, parts, self.activity)
        for leg, bases in parts:
            if self._thins(moment, leg):
                self._thin(moment, leg, bases)
            if moment.is_week_of(self._exit(leg)) and self._share(leg) == 1.0:
                troops.close(moment, bases)
        if moment.is_week_of(self.last) and self._stays() and not moment.began_before_start(self.announcement):
            self._scale_tempo(moment, parts, 1.0 / self.activity)

    def _stays(self) -> bool:
        """Whether a part of the force stays everywhere, and goes back to its business after the last exit."""
        return all(self._share(leg) < 1.0 for leg in (Leg(""), *self.by_place))

    def _parts(self, moment: Moment) -> Iterator[tuple[Leg, Positions]]:
        """Each place with dates of its own, then all others together."""
        directory, own = moment.directory, [leg.place for leg in self.by_place]
        for leg in self.by_place:
            yield leg, directory.bases(self.organisation, (leg.place,))
        rest = directory.bases(self.organisation, self.places, self.regions)
        apart = set(directory.bases(self.organisation, own).tolist())
        yield Leg(""), np.array(sorted(set(rest.tolist()) - apart), dtype=np.intp)

    def _scale_tempo(self, moment: Moment, parts: list[tuple[Leg, Positions]], factor: float) -> None:
        directory = moment.directory
        regions = directory.regions(self.regions)
        if self.regions == ("all",):
            regions = np.unique(directory.region_of_base(np.concatenate([bases for _, bases in parts])))
        o = directory.organisation(self.organisation)
        moment.state.organisations.tempo[np.ix_(moment.lanes, [o], regions)] *= factor

    def _remaining(self, moment: Moment, leg: Leg, week: int) -> float:
        first, last = (moment.at(w) for w in self._drawdown(leg))
        return 1.0 - self._share(leg) * min(max((week - first + 1) / (last - first + 1), 0.0), 1.0)

    def _thins(self, moment: Moment, leg: Leg) -> bool:
        """Whether troops of a place leave this week."""
        first, last = self._drawdown(leg)
        return self._share(leg) > 0.0 and moment.at(first) <= moment.week <= moment.at(last)

    def _thin(self, moment: Moment, leg: Leg, bases: Positions) -> None:
        """Let this week's part of the troops and aircraft of a place leave."""
        ratio = self._remaining(moment, leg, moment.week) / self._remaining(moment, leg, moment.week - 1)
        troops.shrink(moment, moment.directory.slots(bases), ratio)
        moment.state.bases.strike[moment.grid(bases)] *= ratio

    def says(self, labels: Labels) -> str:
        """What is announced, when troops go, and what differs by place."""
        who, plain = name(self.organisation, labels), Leg("")
        goes = f"{who} announces that {_much(self.share)} leave {self._whence()}"
        calm = f" and keeps to {percent(self.activity)} of its tempo" if self.activity < 1.0 else ""
        own = {leg.place for leg in self.by_place}
        parts = [f"{on(self.announcement)}, {goes}{calm}"]
        parts += [] if own >= set(self.places) else [f"it {self._leaves(plain)}"]
        parts += [f"{leg.place} {self._leaves(leg)}" for leg in self.by_place]
        return "; ".join(parts) + "."

    def _whence(self) -> str:
        places = [p for p in self.places if p != "all"]
        others = [leg.place for leg in self.by_place if leg.place not in places]
        where = listed([*places, *others]) if places else "all its bases"
        return where if self.regions == ("all",) else f"{where} {regions_of(self.regions)}"

    def _leaves(self, leg: Leg) -> str:
        first, last = (day(w) for w in self._drawdown(leg))
        if self._share(leg) < 1.0:
            return f"thins out by {percent(self._share(leg))} from {first} to {last}"
        if self._exit(leg) == self._drawdown(leg)[1]:
            return f"thins out from {first} until the exit on {last}"
        return f"thins out from {first} to {last}, exit on {day(self._exit(leg))}"

    def contradictions(self, context: Context) -> Iterator[str]:
        """Announcement, drawdown and exit follow each other at each place, and the places are its bases."""
        yield from base_problems(self.organisation, self.places, context)
        yield from base_problems(self.organisation, tuple(leg.place for leg in self.by_place), context)
        for leg in (Leg(""), *self.by_place):
            first, last = self._drawdown(leg)
            label = f"{leg.place}: " if leg.place else ""
            moments = [("announced", self.announcement), ("drawdown's start", first), ("drawdown's end", last)]
            for line in order_problems([*moments, ("exit", self._exit(leg))]):
                yield label + line
            yield from _leg_problems(leg)


def _much(share: float) -> str:
    return "its troops" if share == 1.0 else f"{percent(share)} of its troops"


def _leg_problems(leg: Leg) -> Iterator[str]:
    if leg.share is not None and not 0.0 <= leg.share <= 1.0:
        yield f"{leg.place}: share is {leg.share:g}, expected between 0 and 1"
    for field in fields(leg):
        for moment in moments_of(getattr(leg, field.name)):
            if not EARLIEST <= moment <= LATEST:  # type: ignore[operator]
                yield f"{leg.place}: {field.name} is {moment}, expected a date between {EARLIEST} and {LATEST}"
