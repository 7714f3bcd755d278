"""Events between states and their partners across borders: passage, joint operations, and arms for militias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Moment, Positions
from scenarios.events.base import (
    Context,
    Event,
    Post,
    entry,
    later,
    number,
    order_problems,
    text,
    texts,
    truth,
    when,
    whole,
)
from scenarios.events.conduct import change_tempo
from scenarios.events.forces import MOST_TROOPS
from scenarios.events.growth import takers
from scenarios.events.stances import lend
from scenarios.words import Labels, When, day, listed, name, percent, regions_of, since, weeks


def let_pass(moment: Moment, organisation: str, countries: Positions, value: float) -> None:
    """Open (1) or close (0) countries to an organisation's troops; its own country is never closed."""
    o = moment.directory.organisation(organisation)
    abroad = countries[countries != moment.directory.world.organisations.country[o]]
    moment.state.relations.passage[np.ix_(moment.lanes, [o], abroad)] = value


@dataclass(frozen=True, kw_only=True)
class GrantPassage(Event):
    """A state's troops may operate in other countries."""

    kind: ClassVar[str] = "grant_passage"
    standing: ClassVar[bool] = True

    organisation: str = entry(text, names="organisation")
    countries: tuple[str, ...] = entry(texts, names="country")
    begin: When = entry(when, key="from")

    @property
    def first(self) -> When:
        """Day from which they may."""
        return self.begin

    def act(self, moment: Moment) -> None:
        """Open the countries."""
        let_pass(moment, self.organisation, moment.directory.countries(self.countries), 1.0)

    def says(self, labels: Labels) -> str:
        """Who may go where."""
        return f"{since(self.begin)}, {name(self.organisation, labels)} may operate in {listed(self.countries)}."


@dataclass(frozen=True, kw_only=True)
class EndPassage(GrantPassage):
    """A state's troops may no longer operate in other countries."""

    kind: ClassVar[str] = "end_passage"

    def act(self, moment: Moment) -> None:
        """Close the countries."""
        let_pass(moment, self.organisation, moment.directory.countries(self.countries), 0.0)

    def says(self, labels: Labels) -> str:
        """Who may no longer go where."""
        who, where = name(self.organisation, labels), listed(self.countries)
        return f"{since(self.begin)}, {who} may no longer operate in {where}."


@dataclass(frozen=True, kw_only=True)
class JointOperation(Event):
    """Some forces operate together in some regions, on either side of a border, for a time.

    Their tempo there is multiplied, and they may cross into the countries of the regions. The right
    to cross ends with the operation unless `lasting` says that a pact gives it for good.
    """

    kind: ClassVar[str] = "joint_operation"

    organisations: tuple[str, ...] = entry(texts, names="organisation")
    regions: tuple[str, ...] = entry(texts, names="region")
    begin: When = entry(when, key="from")
    end: When = entry(when, key="to")
    tempo: float = entry(number, low=0.05, high=3.0, default=1.5)
    lasting: bool = entry(truth, default=False)

    @property
    def first(self) -> When:
        """First day."""
        return self.begin

    @property
    def last(self) -> When:
        """Last day."""
        return self.end

    def act(self, moment: Moment) -> None:
        """Open the border and raise the tempo, and undo both at the end."""
        directory = moment.directory
        regions = directory.regions(self.regions)
        countries = directory.countries(sorted({region.partition("/")[0] for region in self.regions}))
        for organisation in self.organisations:
            change_tempo(moment, organisation, regions, self.tempo, (self.begin, self.end))
            if moment.is_week_of(self.begin):
                let_pass(moment, organisation, countries, 1.0)
            elif moment.is_week_of(self.end) and not self.lasting:
                let_pass(moment, organisation, countries, 0.0)

    def says(self, labels: Labels) -> str:
        """Who operates where, how long and how hard."""
        who = listed(name(organisation, labels) for organisation in self.organisations)
        ends = "may cross borders for good" if self.lasting else "may cross borders as long"
        where = f"operate together {regions_of(self.regions)} until {day(self.end)}"
        return f"{since(self.begin)}, {who} {where}, at {percent(self.tempo)} of their tempo there, and {ends}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It cannot end before it begins, takes two, and has regions."""
        yield from order_problems([("from", self.begin), ("to", self.end)])
        if len(set(self.organisations)) < 2:
            yield f"organisations is {listed(self.organisations)}, expected at least two"
        if self.regions == ("all",):
            yield "regions is all, expected the regions of the operation"


@dataclass(frozen=True, kw_only=True)
class Arm(Event):
    """A state arms and pays a militia, which enlists men and can call on the state's support."""

    kind: ClassVar[str] = "arm"

    state: str = entry(text, names="organisation")
    militia: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    weeks: int = entry(whole, low=1, high=260, default=26)
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))
    troops: int = entry(whole, high=MOST_TROOPS, default=0)
    money: float = entry(number, high=100.0, default=0.0)
    level: float = entry(number, default=0.3)

    @property
    def first(self) -> When:
        """Week in which arms begin to come."""
        return self.begin

    @property
    def last(self) -> When:
        """Week in which the last men enlist."""
        return later(self.begin, self.weeks - 1)

    def act(self, moment: Moment) -> None:
        """Lend support when it begins; let a part of the men and the money come each week."""
        directory = moment.directory
        if moment.is_week_of(self.begin):
            lend(moment, self.state, self.militia, self.level)
        moment.state.organisations.treasury[moment.lanes, directory.organisation(self.militia)] += (
            self.money / self.weeks
        )
        slots = takers(moment, self.militia, ("all",), self.regions)
        troops.arrive(moment, slots, self.regions, self.troops, (moment.at(self.begin), self.weeks))

    def says(self, labels: Labels) -> str:
        """Who arms whom, with what."""
        state, militia = name(self.state, labels), name(self.militia, labels)
        gets = [f"{self.troops} men"] if self.troops else []
        gets += [f"{self.money:g} thousand fighter-weeks of pay"] if self.money else []
        gains = f"it gains {listed(gets)} over {weeks(self.weeks)}" if gets else "it gains nothing else"
        where = f"arms {militia} {regions_of(self.regions)} and gives it a support of {self.level:g}"
        return f"{since(self.begin)}, {state} {where}; {gains}."

    def posts(self) -> tuple[Post, ...]:
        """Room for the men."""
        return (Post(self.militia, "", None, None, self.troops, 0.0),) if self.troops else ()

    def contradictions(self, context: Context) -> Iterator[str]:
        """It takes two."""
        if self.state == self.militia:
            yield f"state and militia are both {self.state!r}, expected two organisations"
