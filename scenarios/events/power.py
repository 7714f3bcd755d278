"""Events about who rules: coups, and threats from abroad. Both draw forces to the capital."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scenarios import troops
from scenarios.directory import Directory, Moment, Positions
from scenarios.events.base import Context, Episode, entry, later, number, order_problems, text, texts, when, whole
from scenarios.events.conduct import change_tempo
from scenarios.events.stances import lend
from scenarios.words import Labels, When, day, listed, name, on, percent, regions_of, since, weeks
from sim.world import Role

CAPITAL_REACH = 100.0
"""Km from its capital within which a region counts as the centre, not as the periphery."""


def periphery_of(directory: Directory, organisation: str, named: tuple[str, ...]) -> Positions:
    """The named regions, or all of the country whose nearest cell is far from the capital."""
    if named != ("all",):
        return directory.regions(named)
    cells = directory.world.cells
    country = directory.world.organisations.country[directory.organisation(organisation)]
    near = cells.capital[:, country] <= CAPITAL_REACH
    return np.setdiff1d(cells.region[cells.country == country], cells.region[near]).astype(np.intp)


def recall_columns(moment: Moment, organisation: str, share: float) -> None:
    """A share of the mobile units, spread evenly over the list of units, moves to the capital."""
    directory, units = moment.directory, moment.state.units
    country = directory.world.organisations.country[directory.organisation(organisation)]
    slots = directory.slots_of(organisation)
    slots = slots[directory.world.units.role[slots] == Role.MOBILE]
    called = slots[np.diff(np.floor(share * np.arange(slots.size + 1))) > 0]
    grid = np.ix_(moment.lanes, called)
    capital = np.argmin(directory.world.cells.capital[:, country])
    units.cell[grid] = np.where(units.fighters[grid] > 0, capital, units.cell[grid])


def shift_garrisons(moment: Moment, organisation: str, regions: Positions, share: float) -> None:
    """A share of the garrisons in some regions joins the base nearest to the capital, to the person."""
    directory = moment.directory
    world, bases = directory.world, directory.bases(organisation, ("all",))
    if share == 0.0 or bases.size == 0:
        return
    country = world.organisations.country[directory.organisation(organisation)]
    centre = bases[np.argmin(world.cells.capital[world.bases.cell[bases], country])]
    outer = bases[np.isin(directory.region_of_base(bases), regions) & (bases != centre)]
    troops.regroup(moment, directory.slots(outer), directory.slots(centre), share)


def moves(mobile: float, garrisons: float) -> list[str]:
    """What goes to the capital, as a clause or none."""
    shares = [(mobile, "of its columns"), (garrisons, "of its outer garrisons")]
    moved = [f"{percent(share)} {what}" for share, what in shares if share]
    return [f"{listed(moved)} move to the capital"] if moved else []


def _where(periphery: tuple[str, ...]) -> str:
    return "away from the capital" if periphery == ("all",) else regions_of(periphery)


@dataclass(frozen=True, kw_only=True)
class Coup(Episode):
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
    legitimacy: float = entry(number, default=0.5)

    @property
    def first(self) -> When:
        """Day of the coup."""
        return self.date

    @property
    def last(self) -> When:
        """Week in which the periphery is back to its tempo."""
        return later(self.date, self.weeks)

    def act(self, moment: Moment) -> None:
        """On the day, power changes hands and forces concentrate; the periphery's tempo is low for some weeks."""
        regions = periphery_of(moment.directory, self.organisation, self.periphery)
        change_tempo(moment, self.organisation, regions, self.tempo, (self.date, self.last))
        if moment.is_week_of(self.date):
            self._take_power(moment)
            recall_columns(moment, self.organisation, self.mobile)
            shift_garrisons(moment, self.organisation, regions, self.garrisons)
            for patron in self.cooperation_lost:
                lend(moment, patron, self.organisation, 0.0)

    def _take_power(self, moment: Moment) -> None:
        """A junta is new, its government as legitimate as the event says, and the coup is counted."""
        o, organisations = moment.directory.organisation(self.organisation), moment.state.organisations
        organisations.junta[moment.lanes, o] = 0
        organisations.legitimacy[moment.lanes, o] = self.legitimacy
        moment.state.ledger.coups[moment.lanes, o] += 1

    def says(self, labels: Labels) -> str:
        """Who takes power, what moves to the capital, and what is lost."""
        takes = f"{name(self.organisation, labels)} takes power, with a legitimacy of {self.legitimacy:g}"
        parts = [f"{on(self.date)}, {takes}", *moves(self.mobile, self.garrisons)]
        if self.tempo != 1.0:
            parts.append(f"its tempo {_where(self.periphery)} is {percent(self.tempo)} for {weeks(self.weeks)}")
        lost = [name(patron, labels) for patron in self.cooperation_lost]
        parts += [f"support by {listed(lost)} stops"] if lost else []
        return "; ".join(parts) + "."


@dataclass(frozen=True, kw_only=True)
class Threaten(Episode):
    """A power abroad threatens a state, which draws forces to its capital and neglects its periphery for a time.

    The tempo comes back when the threat ends; troops that moved stay where they went until they are
    ordered or reinforced.
    """

    kind: ClassVar[str] = "threaten"

    by: str = entry(text, names="party")
    against: str = entry(text, names="organisation")
    begin: When = entry(when, key="from")
    end: When = entry(when, key="to")
    tempo: float = entry(number, low=0.05, high=2.0, default=0.8)
    mobile: float = entry(number, default=0.0)
    garrisons: float = entry(number, default=0.0)
    periphery: tuple[str, ...] = entry(texts, names="region", default=("all",))

    @property
    def first(self) -> When:
        """Day on which the threat is made."""
        return self.begin

    @property
    def last(self) -> When:
        """Day on which it is withdrawn."""
        return self.end

    def act(self, moment: Moment) -> None:
        """Draw forces to the capital when it is made; keep the periphery's tempo low until it is withdrawn."""
        regions = periphery_of(moment.directory, self.against, self.periphery)
        change_tempo(moment, self.against, regions, self.tempo, (self.begin, self.end))
        if moment.is_week_of(self.begin):
            recall_columns(moment, self.against, self.mobile)
            shift_garrisons(moment, self.against, regions, self.garrisons)

    def says(self, labels: Labels) -> str:
        """Who threatens whom, until when, and what follows."""
        who, whom = name(self.by, labels), name(self.against, labels)
        parts = [
            f"{since(self.begin)}, {who} threatens {whom} until {day(self.end)}",
            *moves(self.mobile, self.garrisons),
        ]
        return "; ".join([*parts, f"its tempo {_where(self.periphery)} is {percent(self.tempo)} until then"]) + "."

    def contradictions(self, context: Context) -> Iterator[str]:
        """It cannot end before it begins, and nobody threatens itself."""
        yield from order_problems([("from", self.begin), ("to", self.end)])
        if self.by == self.against:
            yield f"by and against are both {self.by!r}, expected two sides"
