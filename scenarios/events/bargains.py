"""Events at the table: prisoner exchanges, talks, accords, and a break with a movement abroad."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Moment, Positions
from scenarios.events.base import Context, Event, entry, number, order_problems, text, texts, when, whole
from scenarios.events.forces import MOST_TROOPS
from scenarios.events.stances import hold, pair, release, sides
from scenarios.words import Labels, When, day, listed, name, on, percent, regions_of, since
from sim.world import Kind

STRONGEST = 2.0
"""Largest attitude that an event leaves: the end of the scale of the order of battle."""


@dataclass(frozen=True, kw_only=True)
class PrisonerExchange(Event):
    """A state frees prisoners for hostages: fighters go back to a group, with money and prestige.

    The men come from prisons, which the model does not have, into units of the group in the regions.
    The people of the regions have relatives among the freed, and thank the group and the mediator.
    The state has a bitter taste: its legitimacy falls.
    """

    kind: ClassVar[str] = "prisoner_exchange"
    begins: ClassVar[str] = "date"

    group: str = entry(text, names="party")
    state: str = entry(text, names="organisation")
    date: When = entry(when)
    mediator: str = entry(text, names="organisation", default="")
    fighters: int = entry(whole, high=MOST_TROOPS, default=0)
    money: float = entry(number, high=100.0, default=0.0)
    prestige: float = entry(number, default=0.0)
    thanks: float = entry(number, default=0.0)
    bitterness: float = entry(number, default=0.0)
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))

    @property
    def first(self) -> When:
        """Day of the exchange."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Men, money and standing change hands."""
        directory, organisations = moment.directory, moment.state.organisations
        group, regions = directory.party(self.group), directory.regions(self.regions)
        troops.take_back(moment, group, regions, self.fighters)
        organisations.treasury[np.ix_(moment.lanes, group)] += self.money / group.size
        winners = self._winners(moment)
        grid = np.ix_(moment.lanes, winners)
        organisations.prestige[grid] = np.minimum(organisations.prestige[grid] + self.prestige, 1.0)
        self._thank(moment, winners, regions)
        state = directory.organisation(self.state)
        organisations.legitimacy[moment.lanes, state] *= 1.0 - self.bitterness

    def _winners(self, moment: Moment) -> Positions:
        mediator = [moment.directory.organisation(self.mediator)] if self.mediator else []
        return np.union1d(moment.directory.party(self.group), mediator).astype(np.intp)

    def _thank(self, moment: Moment, winners: Positions, regions: Positions) -> None:
        """Attitudes of the people of the regions toward those who freed their relatives."""
        world, attitude = moment.directory.world, moment.state.communities.attitude
        people = np.flatnonzero(np.isin(world.cells.region[world.communities.cell], regions))
        grid = np.ix_(moment.lanes, people, winners)
        attitude[grid] = np.maximum(attitude[grid], np.minimum(attitude[grid] + self.thanks, STRONGEST))

    def says(self, labels: Labels) -> str:
        """Who frees whom, by whose good offices, and what each side gets."""
        group, state = name(self.group, labels), name(self.state, labels)
        through = f" through {name(self.mediator, labels)}" if self.mediator else ""
        parts = [f"{on(self.date)}, {state} frees {self.fighters} prisoners of {group}{through}"]
        parts += [f"{group} gets {self.money:g} thousand fighter-weeks of pay"] if self.money else []
        winners = listed([group, *([name(self.mediator, labels)] if self.mediator else [])])
        parts += [f"the prestige of {winners} rises by {self.prestige:g}"] if self.prestige else []
        where = regions_of(self.regions)
        parts += [f"attitudes toward {winners} {where} rise by {self.thanks:g}"] if self.thanks else []
        parts += [f"the legitimacy of {state} falls by {percent(self.bitterness)}"] if self.bitterness else []
        return "; ".join(parts) + "."

    def contradictions(self, context: Context) -> Iterator[str]:
        """A mediator stands between the two."""
        yield from sides((self.group, self.state))
        if self.mediator in (self.group, self.state):
            yield f"mediator is {self.mediator!r}, expected neither the group nor the state"


@dataclass(frozen=True, kw_only=True)
class Talks(Event):
    """A group and a state talk: talks become likelier, and hostility may be held down in some regions meanwhile."""

    kind: ClassVar[str] = "talks"

    between: tuple[str, ...] = entry(pair, names="party")
    begin: When = entry(when, key="from")
    end: When | None = entry(when, key="to", default=None)
    level: float = entry(number)
    hostility: float = entry(number, default=1.0)
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))

    @property
    def first(self) -> When:
        """Day on which they begin."""
        return self.begin

    @property
    def last(self) -> When:
        """Day on which they break off, if there is one."""
        return self.begin if self.end is None else self.end

    def act(self, moment: Moment) -> None:
        """Raise the prospect of talks and hold hostility down; undo both when they break off."""
        talks = moment.state.organisations.talks
        grid = np.ix_(moment.lanes, self._armed(moment))
        if moment.is_week_of(self.begin):
            talks[grid] = np.maximum(talks[grid], self.level)
            hold(moment, self.between, self.regions, self.hostility)
        elif self.end is not None and moment.is_week_of(self.end):
            talks[grid] = 0.0
            release(moment, self.between, self.regions, self.hostility)

    def _armed(self, moment: Moment) -> Positions:
        """Armed groups among the parties: the prospect of talks is theirs."""
        parties = np.concatenate([moment.directory.party(party) for party in self.between])
        armed: Positions = parties[moment.directory.world.organisations.kind[parties] <= Kind.MILITIA]
        return armed

    def says(self, labels: Labels) -> str:
        """Who talks with whom, how seriously, and what rests meanwhile."""
        a, b = (name(party, labels) for party in self.between)
        until = f" until {day(self.end)}" if self.end is not None else ""
        held = f", and hostility {regions_of(self.regions)} is held at or below {self.hostility:g}"
        calm = held if self.hostility < 1.0 else ""
        return f"{since(self.begin)}, {a} and {b} talk{until}; the prospect of talks is {self.level:g}{calm}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """Talks have two sides, and break off after they begin."""
        yield from sides(self.between)
        yield from order_problems([("from", self.begin), ("to", self.end)])


@dataclass(frozen=True, kw_only=True)
class Accord(Event):
    """A peace accord of two parties is signed, carried out further, or dropped."""

    kind: ClassVar[str] = "accord"
    standing: ClassVar[bool] = True
    begins: ClassVar[str] = "date"

    between: tuple[str, ...] = entry(pair, names="party")
    date: When = entry(when)
    level: float = entry(number)

    @property
    def first(self) -> When:
        """Day from which it is carried out so far."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Set how far it is carried out, the same both ways round."""
        one, other = (moment.directory.party(party) for party in self.between)
        accord = moment.state.relations.accord
        accord[np.ix_(moment.lanes, one, other)] = self.level
        accord[np.ix_(moment.lanes, other, one)] = self.level

    def says(self, labels: Labels) -> str:
        """Whose accord is carried out how far."""
        a, b = (name(party, labels) for party in self.between)
        if self.level == 0.0:
            return f"{on(self.date)}, the accord of {a} and {b} is dropped."
        return f"{on(self.date)}, the accord of {a} and {b} stands at {percent(self.level)} of what was signed."

    def contradictions(self, context: Context) -> Iterator[str]:
        """An accord has two sides."""
        yield from sides(self.between)


@dataclass(frozen=True, kw_only=True)
class LeaveNetwork(Event):
    """A group breaks with the movement abroad that it belonged to.

    Its links and its will to strike abroad are multiplied, talks with it become likelier, and its
    cohesion falls: hard-liners do not follow. Whether they defect is for the model to say.
    """

    kind: ClassVar[str] = "leave_network"
    standing: ClassVar[bool] = True
    begins: ClassVar[str] = "date"

    group: str = entry(text, names="party")
    network: str = entry(text)
    date: When = entry(when)
    links: float = entry(number, default=0.5)
    intent: float = entry(number, default=0.5)
    cohesion: float = entry(number, default=0.8)
    talks: float = entry(number, default=0.0)

    @property
    def first(self) -> When:
        """Day of the break."""
        return self.date

    def act(self, moment: Moment) -> None:
        """Scale links, intent and cohesion; raise the prospect of talks."""
        organisations = moment.state.organisations
        grid = np.ix_(moment.lanes, moment.directory.party(self.group))
        for column, factor in (
            (organisations.links, self.links),
            (organisations.intent, self.intent),
            (organisations.cohesion, self.cohesion),
        ):
            column[grid] *= factor
        organisations.talks[grid] = np.minimum(organisations.talks[grid] + self.talks, 1.0)

    def says(self, labels: Labels) -> str:
        """Who leaves whom, and what is left of what."""
        left = [("links abroad", self.links), ("will to strike abroad", self.intent), ("cohesion", self.cohesion)]
        keeps = listed(f"{percent(share)} of its {what}" for what, share in left)
        more = f"; the prospect of talks rises by {self.talks:g}" if self.talks else ""
        return f"{on(self.date)}, {name(self.group, labels)} breaks with {self.network} and keeps {keeps}{more}."
