"""Events that change how forces behave: patrols halted for a time, and coups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Directory, Moment, Positions
from scenarios.events.base import Context, Event, entry, number, order_problems, text, texts, when, whole
from scenarios.events.forces import after
from scenarios.events.stances import lend
from scenarios.words import Labels, When, day, listed, name, on, percent, regions_of, since, weeks
from sim.world import Role

CAPITAL_REACH = 100.0
"""Km from its capital within which a region counts as the centre, not as the periphery."""


@dataclass(frozen=True, kw_only=True)
class HaltPatrols(Event):
    """A force patrols and operates less (or more) in some regions between two dates."""

    kind: ClassVar[str] = "halt_patrols"

    organisation: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    end: When = entry(when, key="to")
    regions: tuple[str, ...] = entry(texts, names="region", default=("all",))
    tempo: float = entry(number, low=0.05, high=2.0, default=0.1)

    @property
    def first(self) -> When:
        """Day from which patrols halt."""
        return self.begin

    @property
    def last(self) -> When:
        """Day on which they resume."""
        return self.end

    def act(self, moment: Moment) -> None:
        """Multiply the tempo at the beginning, divide it again at the end."""
        regions = moment.directory.regions(self.regions)
        change_tempo(moment, self.organisation, regions, self.tempo, (self.begin, self.end))

    def says(self, labels: Labels) -> str:
        """Who halts patrols where and how far."""
        who, until = name(self.organisation, labels), f"until {day(self.end)}"
        tempo = f"keeps to {percent(self.tempo)} of its tempo {regions_of(self.regions)}"
        return f"{since(self.begin)}, {who} {tempo} {until}."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It cannot end before it begins."""
        yield from order_problems([("from", self.begin), ("to", self.end)])


def change_tempo(moment: Moment, who: str, regions: Positions, factor: float, span: tuple[When, When]) -> None:
    """Multiply an organisation's tempo when `span` begins and undo it when it ends."""
    begin, end = span
    grid = np.ix_(moment.lanes, [moment.directory.organisation(who)], regions)
    if moment.is_week_of(begin):
        moment.state.organisations.tempo[grid] *= factor
    # What was in force before the run began is not known here, so it is not undone either.
    if moment.is_week_of(end) and not moment.began_before_start(begin):
        moment.state.organisations.tempo[grid] /= factor


@dataclass(frozen=True, kw_only=True)
class Coup(Event):
    """A junta takes power and, in fear for the capital, concentrates its forces there."""

    kind: ClassVar[str] = "coup"
    begins: ClassVar[str] = "date"

    organisation: str = entry(text, names="organisation")
    date: When = entry(when)
    weeks: int = entry(whole, low=1, high=260, default=26)
    mobile: float = entry(number, default=0.0)
    garrisons: float = entry(number, default=0.0)
    tempo: float = entry(number, low=0.05, high=2.0, default=1.0)
    periphery: tuple[str, ...] = entry(texts, names="region", default=("all",))
    cooperation_lost: tuple[str, ...] = entry(texts, names="organisation", default=())

    @property
    def first(self) -> When:
        """Day of the coup."""
        return self.date

    @property
    def last(self) -> When:
        """Week in which the periphery is back to its tempo."""
        return after(self.date, self.weeks)

    def act(self, moment: Moment) -> None:
        """On the day, concentrate forces and lose patrons; lower the periphery's tempo for some weeks."""
        regions = self._periphery(moment.directory)
        change_tempo(moment, self.organisation, regions, self.tempo, (self.date, self.last))
        if moment.is_week_of(self.date):
            self._recall_columns(moment)
            self._shift_garrisons(moment, regions)
            for patron in self.cooperation_lost:
                lend(moment, patron, self.organisation, 0.0)

    def _periphery(self, directory: Directory) -> Positions:
        """The named regions, or all of the country whose nearest cell is far from the capital."""
        if self.periphery != ("all",):
            return directory.regions(self.periphery)
        cells = directory.world.cells
        country = directory.world.organisations.country[directory.organisation(self.organisation)]
        near = cells.capital[:, country] <= CAPITAL_REACH
        return np.setdiff1d(cells.region[cells.country == country], cells.region[near]).astype(np.intp)

    def _capital(self, directory: Directory) -> int:
        country = directory.world.organisations.country[directory.organisation(self.organisation)]
        return int(np.argmin(directory.world.cells.capital[:, country]))

    def _recall_columns(self, moment: Moment) -> None:
        """A share of the mobile units, spread evenly over the list of units, moves to the capital."""
        directory, units = moment.directory, moment.state.units
        slots = directory.slots_of(self.organisation)
        slots = slots[directory.world.units.role[slots] == Role.MOBILE]
        called = slots[np.diff(np.floor(self.mobile * np.arange(slots.size + 1))) > 0]
        grid = np.ix_(moment.lanes, called)
        units.cell[grid] = np.where(units.fighters[grid] > 0, self._capital(directory), units.cell[grid])

    def _shift_garrisons(self, moment: Moment, regions: Positions) -> None:
        """A share of the periphery's garrisons joins the base nearest to the capital, to the person."""
        directory = moment.directory
        world, bases = directory.world, directory.bases(self.organisation, ("all",))
        country = world.organisations.country[directory.organisation(self.organisation)]
        if self.garrisons == 0.0 or bases.size == 0:
            return
        centre = bases[np.argmin(world.cells.capital[world.bases.cell[bases], country])]
        outer = bases[np.isin(directory.region_of_base(bases), regions) & (bases != centre)]
        troops.regroup(moment, directory.slots(outer), directory.slots(centre), self.garrisons)

    def says(self, labels: Labels) -> str:
        """Who takes power, what moves to the capital, and what is lost."""
        shares = [(self.mobile, "of its columns"), (self.garrisons, "of its outer garrisons")]
        moved = [f"{percent(share)} {what}" for share, what in shares if share]
        parts = [f"{on(self.date)}, {name(self.organisation, labels)} takes power"]
        parts += [f"{listed(moved)} move to the capital"] if moved else []
        if self.tempo != 1.0:
            where = "away from the capital" if self.periphery == ("all",) else regions_of(self.periphery)
            parts.append(f"its tempo {where} is {percent(self.tempo)} for {weeks(self.weeks)}")
        lost = [name(patron, labels) for patron in self.cooperation_lost]
        parts += [f"support by {listed(lost)} stops"] if lost else []
        return "; ".join(parts) + "."
