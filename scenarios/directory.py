"""Directory: from names in events and rules to positions in the arrays, and the moment in which they act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.words import When
from sim.calendar import week_of
from sim.state import State
from sim.streams import Streams
from sim.world import Names, World

type Positions = NDArray[np.intp]
"""Positions in an axis of the arrays."""


class Directory:
    """Looks up organisations, coalitions, regions, bases and unit slots by name.

    Answers never change in a run, so those that are searched for are kept.
    """

    def __init__(self, world: World, names: Names) -> None:
        self.world = world
        self.names = names
        self._organisation = {name: o for o, name in enumerate(names.organisations)}
        self._coalition = {name: c for c, name in enumerate(names.coalitions)}
        self._region = {name: r for r, name in enumerate(names.regions)}
        self._base = {name: b for b, name in enumerate(names.bases)}
        self._found: dict[tuple[object, ...], Positions] = {}
        self._pairs: dict[tuple[object, ...], tuple[Positions, Positions]] = {}
        self._masks: dict[tuple[str, ...], NDArray[np.bool_]] = {}

    def organisation(self, name: str) -> int:
        """Position of an organisation."""
        return self._organisation[name]

    def party(self, name: str) -> Positions:
        """Positions of the organisations of a coalition, or of the one organisation of that name."""
        question = ("party", name)
        if question not in self._found:
            self._found[question] = self._members(name)
        return self._found[question]

    def _members(self, name: str) -> Positions:
        if name in self._coalition:
            return np.flatnonzero(self.world.organisations.coalition == self._coalition[name])
        return np.array([self._organisation[name]])

    def communities(self, regions: Iterable[str]) -> tuple[Positions, Positions]:
        """Positions of the cells of some regions, and of the communities that live there."""
        question = ("communities", wanted := tuple(regions))
        if question not in self._pairs:
            cells = np.flatnonzero(np.isin(self.world.cells.region, self.regions(wanted)))
            live = np.flatnonzero(np.isin(self.world.communities.cell, cells))
            self._pairs[question] = cells, live
        return self._pairs[question]

    def regions(self, names: Iterable[str]) -> Positions:
        """Positions of regions; ``all`` stands for every region."""
        wanted = tuple(names)
        return np.array(range(len(self._region)) if wanted == ("all",) else [self._region[n] for n in wanted])

    def within(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Whether each region is one of some regions."""
        wanted = tuple(names)
        if wanted not in self._masks:
            self._masks[wanted] = np.isin(np.arange(len(self._region)), self.regions(wanted))
        return self._masks[wanted]

    def countries(self, names: Iterable[str]) -> Positions:
        """Positions of countries, by their codes."""
        return np.array([self.names.countries.index(name) for name in names], dtype=np.intp)

    def base(self, organisation: str, place: str) -> int:
        """Position of the base of an organisation at a place."""
        return self._base[f"{organisation}/{place}"]

    def bases(self, organisation: str, places: Iterable[str], regions: tuple[str, ...] = ("all",)) -> Positions:
        """Positions of the named bases of an organisation, or of all of them, that lie in the regions."""
        question = ("bases", organisation, wanted := tuple(places), regions)
        if question not in self._found:
            self._found[question] = self._search(organisation, wanted, regions)
        return self._found[question]

    def _search(self, organisation: str, wanted: tuple[str, ...], regions: tuple[str, ...]) -> Positions:
        mine = np.flatnonzero(self.world.bases.organisation == self._organisation[organisation])
        found = mine if wanted == ("all",) else np.array([self.base(organisation, p) for p in wanted], dtype=np.intp)
        return found[np.isin(self.region_of_base(found), self.regions(regions))]

    def region_of_base(self, bases: Positions) -> Positions:
        """Regions in which bases lie."""
        return self.world.cells.region[self.world.bases.cell[bases]].astype(np.intp)

    def slots(self, bases: Positions | int) -> Positions:
        """Unit slots that belong to bases."""
        question = ("slots", *np.atleast_1d(bases).tolist())
        if question not in self._found:
            self._found[question] = np.flatnonzero(np.isin(self.world.units.base, bases))
        return self._found[question]

    def slots_of(self, organisation: str) -> Positions:
        """All unit slots of an organisation."""
        question = ("organisation", organisation)
        if question not in self._found:
            mine = self.world.units.organisation == self._organisation[organisation]
            self._found[question] = np.flatnonzero(mine)
        return self._found[question]

    def slots_of_party(self, name: str) -> Positions:
        """All unit slots of the organisations of a coalition, or of the one organisation of that name."""
        question = ("slots of party", name)
        if question not in self._found:
            self._found[question] = np.flatnonzero(np.isin(self.world.units.organisation, self.party(name)))
        return self._found[question]


class Moment(NamedTuple):
    """A week in which events act on some lanes of a batch."""

    lanes: Positions  # those whose history has the event
    start: int  # week in which the run began
    origin: int  # week in which the rule fired that the event belongs to; unused for dated events
    directory: Directory
    state: State
    streams: Streams

    @property
    def week(self) -> int:
        """Number of this week."""
        return self.streams.week

    def grid(self, positions: Positions) -> tuple[Positions, Positions]:
        """The index of some positions in each lane of the moment: what `np.ix_` makes in ten times the time."""
        return self.lanes[:, None], positions

    def at(self, when: When) -> int:
        """Number of the week of a day, or of a number of weeks after the rule fired."""
        return self.origin + when if isinstance(when, int) else week_of(when)

    def is_week_of(self, when: When) -> bool:
        """Whether this is the week of a day."""
        return self.week == self.at(when)

    def began_before_start(self, when: When) -> bool:
        """Whether a day lies before the run: what began then is part of the order of battle."""
        return self.at(when) < self.start
