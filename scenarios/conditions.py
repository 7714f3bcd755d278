"""Conditions: what rules wait for. Each measures one thing in the state of every lane, against a bound."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from scenarios.directory import Moment
from scenarios.events.base import Context, base_problems, entry, field_problems, number, text, texts, when
from scenarios.events.reading import read_fields
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
        counted: NDArray[np.bool_] = moment.state.bases.open[moment.grid(bases)] == self.state
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
        grid = moment.grid(directory.slots_of_party(self.of))
        inside = directory.within(self.regions)[directory.world.cells.region[units.cell[grid]]]
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
        whose = moment.directory.party(self.of)
        cells, live = moment.directory.communities(self.regions)
        home = np.searchsorted(cells, world.communities.cell[live])
        share = state.cells.share[np.ix_(moment.lanes, cells, whose)].sum(axis=2, dtype=np.float64)
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
        killed = moment.state.ledger.killed[moment.grid(moment.directory.party(self.of))]
        return killed.sum(axis=1).astype(np.float64)

    def subject(self, labels: Labels) -> str:
        """Whose dead."""
        return f"the number of fallen of {name(self.of, labels)} since the start"


@dataclass(frozen=True, kw_only=True)
class Fraction(Condition):
    """Something in [0, 1] that the state keeps for an organisation."""

    greatest: ClassVar[float] = 1.0
    column: ClassVar[str]
    what: ClassVar[str]

    organisation: str = entry(text, names="organisation")

    def values(self, moment: Moment) -> Values:
        """Its value."""
        column: NDArray[np.float64] = getattr(moment.state.organisations, self.column)
        now: Values = column[moment.lanes, moment.directory.organisation(self.organisation)]
        return now

    def subject(self, labels: Labels) -> str:
        """What of whom."""
        return f"{self.what} of {name(self.organisation, labels)}"


@dataclass(frozen=True, kw_only=True)
class Legitimacy(Fraction):
    """Legitimacy of a state's government."""

    measure: ClassVar[str] = "legitimacy"
    column: ClassVar[str] = "legitimacy"
    what: ClassVar[str] = "the legitimacy of the government"


@dataclass(frozen=True, kw_only=True)
class Prospect(Fraction):
    """Prospect of talks between an armed group and states."""

    measure: ClassVar[str] = "talks"
    column: ClassVar[str] = "talks"
    what: ClassVar[str] = "the prospect of talks"


@dataclass(frozen=True, kw_only=True)
class AccordCarriedOut(Condition):
    """How far a peace accord of two organisations is carried out."""

    measure: ClassVar[str] = "accord"
    greatest: ClassVar[float] = 1.0

    a: str = entry(text, names="organisation")
    b: str = entry(text, names="organisation")

    def values(self, moment: Moment) -> Values:
        """Its implementation."""
        one, other = (moment.directory.organisation(side) for side in (self.a, self.b))
        carried_out: Values = moment.state.relations.accord[moment.lanes, one, other]
        return carried_out

    def subject(self, labels: Labels) -> str:
        """Whose accord."""
        return f"the implementation of the accord of {name(self.a, labels)} and {name(self.b, labels)}"


@dataclass(frozen=True, kw_only=True)
class Coups(Condition):
    """Changes of government by force since the start."""

    measure: ClassVar[str] = "coups"

    organisation: str = entry(text, names="organisation")

    def values(self, moment: Moment) -> Values:
        """Coups so far."""
        coups = moment.state.ledger.coups[moment.lanes, moment.directory.organisation(self.organisation)]
        number_of: Values = coups.astype(np.float64)
        return number_of

    def subject(self, labels: Labels) -> str:
        """Whose coups."""
        return f"the number of coups by {name(self.organisation, labels)} since the start"


MEASURES: Mapping[str, type[Condition]] = {
    condition.measure: condition
    for condition in (
        FromDate, BasesOpen, BasesLost, Presence, ShareOfControl, Fallen, Legitimacy, Prospect, AccordCarriedOut, Coups,
    )
}  # fmt: skip
"""Conditions by the word that files use."""


def read_condition(came: Any) -> Condition:
    """A condition from a mapping with measure and the keys of that measure."""
    if not isinstance(came, Mapping):
        raise ValueError(f"{came!r} came, expected a mapping with measure and its bounds")
    measure = str(came.get("measure"))
    if measure not in MEASURES:
        raise ValueError(unknown("measure", measure, MEASURES))
    return read_fields(MEASURES[measure], {key: value for key, value in came.items() if key != "measure"})
