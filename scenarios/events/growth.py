"""Events that make an organisation larger, better armed, better known, or leaderless for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Moment, Positions
from scenarios.events.base import Context, Event, Post, base_problems, entry, later, number, text, texts, when, whole
from scenarios.events.forces import MOST_TROOPS
from scenarios.words import Labels, When, listed, name, on, percent, regions_of, since, unknown, weeks
from sim.world import Skill

SKILLS = {skill.name.lower(): int(skill) for skill in Skill}


def takers(moment: Moment, organisation: str, places: tuple[str, ...], regions: tuple[str, ...]) -> Positions:
    """Unit slots that newcomers may join: bands where the organisation roams, else its bases."""
    directory = moment.directory
    bands = directory.slots_of(organisation)
    bands = bands[directory.world.units.base[bands] < 0]
    if bands.size and places == ("all",):
        return bands
    return directory.slots(directory.bases(organisation, places, regions))


@dataclass(frozen=True, kw_only=True)
class Reinforce(Event):
    """An army's establishment grows at its held bases, or a militia enlists people where it is."""

    kind: ClassVar[str] = "reinforce"

    organisation: str = entry(text, names="organisation")
    troops: int = entry(whole, low=1, high=MOST_TROOPS)
    begin: When = entry(when, key="from")
    weeks: int = entry(whole, low=1, high=260)
    places: tuple[str, ...] = entry(texts, default=("all",))
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))

    @property
    def first(self) -> When:
        """Week in which growth begins."""
        return self.begin

    @property
    def last(self) -> When:
        """Last week of growth."""
        return later(self.begin, self.weeks - 1)

    def act(self, moment: Moment) -> None:
        """Let a part of the growth happen each week, in equal parts over units."""
        slots = takers(moment, self.organisation, self.places, self.regions)
        troops.arrive(moment, slots, self.regions, self.troops, (moment.at(self.begin), self.weeks))

    def says(self, labels: Labels) -> str:
        """Who grows by how much, where and how fast."""
        where = regions_of(self.regions) if self.places == ("all",) else f"at {listed(self.places)}"
        who = name(self.organisation, labels)
        return f"{since(self.begin)}, {who} grows by {self.troops} over {weeks(self.weeks)} {where}."

    def posts(self) -> tuple[Post, ...]:
        """Room for the newcomers: at the named places, or wherever the organisation is."""
        places = ("",) if self.places == ("all",) else self.places
        return tuple(Post(self.organisation, p, None, None, -(-self.troops // len(places)), 0.0) for p in places)

    def contradictions(self, context: Context) -> Iterator[str]:
        """Named places have to be bases of the organisation."""
        yield from base_problems(self.organisation, self.places, context)


@dataclass(frozen=True, kw_only=True)
class Equip(Event):
    """An organisation gets aircraft or armed drones at a base, or learns a skill."""

    kind: ClassVar[str] = "equip"

    organisation: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    place: str = entry(text, default="")
    strike: float = entry(number, high=20, default=0.0)
    skill: str = entry(text, default="")
    level: float = entry(number, default=0.0)

    @property
    def first(self) -> When:
        """Day from which it can be used."""
        return self.begin

    def act(self, moment: Moment) -> None:
        """Add strike power to the base, or raise the skill to its level."""
        if self.place:
            base = moment.directory.base(self.organisation, self.place)
            moment.state.bases.strike[moment.lanes, base] += self.strike
        if self.skill:
            skill, o = SKILLS[self.skill], moment.directory.organisation(self.organisation)
            column = moment.state.organisations.skill
            column[moment.lanes, o, skill] = np.maximum(column[moment.lanes, o, skill], self.level)

    def says(self, labels: Labels) -> str:
        """What is got, and where."""
        what = [f"has {self.strike:g} two-ship equivalents more at {self.place}"] if self.place else []
        what += [f"reaches at least {self.level:g} in {self.skill.replace('_', ' ')}"] if self.skill else []
        return f"{since(self.begin)}, {name(self.organisation, labels)} {listed(what)}."

    def posts(self) -> tuple[Post, ...]:
        """The base, so that its reach allows for the aircraft."""
        return (Post(self.organisation, self.place, None, None, 0, self.strike),) if self.place else ()

    def contradictions(self, context: Context) -> Iterator[str]:
        """It has to bring something that is known."""
        if self.skill and self.skill not in SKILLS:
            yield unknown("skill", self.skill, SKILLS)
        if not (self.place and self.strike) and not (self.skill and self.level):
            yield "neither place and strike nor skill and level came, expected one of these pairs"


@dataclass(frozen=True, kw_only=True)
class LeaderLoss(Event):
    """An organisation loses a leader by an act that the model does not produce itself."""

    kind: ClassVar[str] = "leader_loss"
    begins: ClassVar[str] = "date"

    organisation: str = entry(text, names="organisation")
    date: When = entry(when)
    shock: float = entry(number)

    @property
    def first(self) -> When:
        """Day of the loss."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Lower cohesion by the shock and count the leader."""
        o = moment.directory.organisation(self.organisation)
        moment.state.organisations.cohesion[moment.lanes, o] *= 1.0 - self.shock
        moment.state.ledger.leaders[moment.lanes, o] += 1

    def says(self, labels: Labels) -> str:
        """Who loses a leader, and how hard it is hit."""
        who = name(self.organisation, labels)
        return f"{on(self.date)}, {who} loses a leader and its cohesion falls by {percent(self.shock)}."


@dataclass(frozen=True, kw_only=True)
class Recognise(Event):
    """A larger movement or a state lends an organisation its name, and perhaps its money."""

    kind: ClassVar[str] = "recognise"
    begins: ClassVar[str] = "date"

    organisation: str = entry(text, names="organisation")
    by: str = entry(text)
    date: When = entry(when)
    prestige: float = entry(number, default=0.0)
    treasury: float = entry(number, high=100.0, default=0.0)

    @property
    def first(self) -> When:
        """Day of recognition."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Raise prestige (never above 1) and treasury (thousand fighter-weeks of pay)."""
        o, organisations = moment.directory.organisation(self.organisation), moment.state.organisations
        raised = organisations.prestige[moment.lanes, o] + self.prestige
        organisations.prestige[moment.lanes, o] = np.minimum(raised, 1.0)
        organisations.treasury[moment.lanes, o] += self.treasury

    def says(self, labels: Labels) -> str:
        """Who recognises whom, and what it brings."""
        brings = [f"its prestige rises by {self.prestige:g}"] if self.prestige else []
        brings += [f"it gets {self.treasury:g} thousand fighter-weeks of pay"] if self.treasury else []
        return f"{on(self.date)}, {self.by} recognises {name(self.organisation, labels)}; {listed(brings)}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It has to bring something."""
        if not self.prestige and not self.treasury:
            yield "neither prestige nor treasury came, expected at least one above 0"
