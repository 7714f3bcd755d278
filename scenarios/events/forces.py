"""Events that bring, move or take away troops: withdrawals, deployments, closures, hand-overs, growth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Moment
from scenarios.events.base import (
    Context,
    Event,
    Post,
    base_problems,
    entry,
    later,
    number,
    text,
    when,
    whole,
)
from scenarios.words import Labels, When, name, on, weeks
from sim.processes.aftermath import LOST

MOST_TROOPS = 100_000
"""More than any force of the region; a larger size is a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Deploy(Event):
    """Troops and aircraft come to a place over some weeks and hold a base there."""

    kind: ClassVar[str] = "deploy"

    organisation: str = entry(text, names="organisation")
    place: str = entry(text)
    troops: int = entry(whole, low=1, high=MOST_TROOPS)
    begin: When = entry(when, key="from")
    weeks: int = entry(whole, low=1, high=260, default=4)
    strike: float = entry(number, high=20, default=0.0)
    lat: float | None = entry(number, low=-90, high=90, default=None)
    lon: float | None = entry(number, low=-180, high=180, default=None)

    @property
    def first(self) -> When:
        """Week of arrival."""
        return self.begin

    @property
    def last(self) -> When:
        """Week in which the last troops arrive."""
        return later(self.begin, self.weeks - 1)

    def act(self, moment: Moment) -> None:
        """Open the base at first, then let a part of the troops arrive each week."""
        occupy(moment, (self.organisation, self.place), self.strike if moment.is_week_of(self.begin) else None)
        slots = moment.directory.slots(moment.directory.base(self.organisation, self.place))
        troops.arrive(moment, slots, ("all",), self.troops, (moment.at(self.begin), self.weeks))

    def says(self, labels: Labels) -> str:
        """Who comes, how many, where and when."""
        strike = f" with {self.strike:g} two-ship equivalents of strike power" if self.strike else ""
        who = name(self.organisation, labels)
        return f"{on(self.begin)}, {who} deploys {self.troops} troops to {self.place} over {weeks(self.weeks)}{strike}."

    def posts(self) -> tuple[Post, ...]:
        """The station itself."""
        return (Post(self.organisation, self.place, self.lat, self.lon, self.troops, self.strike),)

    def contradictions(self, context: Context) -> Iterator[str]:
        """A new place needs both of its coordinates."""
        yield from position_problems(self.lat, self.lon)


def position_problems(lat: float | None, lon: float | None) -> Iterator[str]:
    """Say if one coordinate comes without the other."""
    if (lat is None) != (lon is None):
        yield f"lat is {lat} and lon is {lon}, expected both or neither"


def occupy(moment: Moment, station: tuple[str, str], strike: float | None) -> None:
    """Open a base of (organisation, place) and add its aircraft; `strike` None is a later week."""
    if strike is None:
        return
    base = moment.directory.base(*station)
    bases = moment.state.bases
    held = bases.open[moment.lanes, base]
    # A base that fell is not given back by an order: the army has to retake it.
    bases.open[moment.lanes, base] = np.where(held == LOST, LOST, 1)
    bases.strike[moment.lanes, base] += strike


@dataclass(frozen=True, kw_only=True)
class CloseBase(Event):
    """A base is given up; its troops join another of their own, or leave."""

    kind: ClassVar[str] = "close_base"
    begins: ClassVar[str] = "date"

    organisation: str = entry(text, names="organisation")
    place: str = entry(text)
    date: When = entry(when)
    troops_to: str = entry(text, default="")

    @property
    def first(self) -> When:
        """Day of closure."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Move the troops if they stay in the region, then close."""
        directory = moment.directory
        base = directory.bases(self.organisation, (self.place,))
        if self.troops_to:
            to = directory.slots(directory.base(self.organisation, self.troops_to))
            troops.regroup(moment, directory.slots(base), to, 1.0)
        troops.close(moment, base)

    def says(self, labels: Labels) -> str:
        """Which base, when, and where the troops go."""
        where = f"its troops go to {self.troops_to}" if self.troops_to else "its troops leave"
        return f"{on(self.date)}, {name(self.organisation, labels)} closes its base at {self.place}; {where}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """Both places have to be bases of the organisation, and not the same one."""
        places = (self.place, self.troops_to) if self.troops_to else (self.place,)
        yield from base_problems(self.organisation, places, context)
        if self.place == self.troops_to:
            yield f"troops_to is {self.troops_to!r}, expected another place than the closed base"


@dataclass(frozen=True, kw_only=True)
class HandOverBase(Event):
    """A base passes from one organisation to another, which may bring troops of its own."""

    kind: ClassVar[str] = "hand_over_base"
    begins: ClassVar[str] = "date"

    place: str = entry(text)
    organisation: str = entry(text, names="organisation")
    to: str = entry(text, names="organisation")
    date: When = entry(when)
    troops: int = entry(whole, high=MOST_TROOPS, default=0)
    weeks: int = entry(whole, low=1, high=52, default=2)

    @property
    def first(self) -> When:
        """Day of the hand-over."""
        return self.date

    @property
    def last(self) -> When:
        """Week in which the last of the receiver's troops arrive."""
        return later(self.date, self.weeks - 1 if self.troops else 0)

    def act(self, moment: Moment) -> None:
        """Close the giver's base; open the receiver's if it brings troops."""
        directory, arriving = moment.directory, moment.is_week_of(self.date)
        if arriving:
            troops.close(moment, directory.bases(self.organisation, (self.place,)))
        if self.troops:
            occupy(moment, (self.to, self.place), 0.0 if arriving else None)
            slots, window = directory.slots(directory.base(self.to, self.place)), (moment.at(self.date), self.weeks)
            troops.arrive(moment, slots, ("all",), self.troops, window)

    def says(self, labels: Labels) -> str:
        """Who gives which base to whom."""
        who, to = name(self.organisation, labels), name(self.to, labels)
        brings = f", which brings {self.troops} troops over {weeks(self.weeks)}" if self.troops else ""
        return f"{on(self.date)}, {who} hands over its base at {self.place} to {to}{brings}."

    def posts(self) -> tuple[Post, ...]:
        """The receiver's station, at the giver's position."""
        return (Post(self.to, self.place, None, None, self.troops, 0.0),) if self.troops else ()

    def contradictions(self, context: Context) -> Iterator[str]:
        """Only who holds a base can give it."""
        yield from base_problems(self.organisation, (self.place,), context)
        if self.to == self.organisation:
            yield f"to is {self.to!r}, expected another organisation than the giver"
