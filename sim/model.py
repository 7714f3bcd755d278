"""The object model: one lane as a Mesa model, to step, look at and take apart in a notebook.

It runs the very processes of the ensemble engine on a batch of one, so that for the same seed and
replicate it gives the same numbers to the bit. Its agents are views of the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from mesa import DataCollector, Model
from mesa.discrete_space import CellAgent, OrthogonalMooreGrid

from sim.calendar import date_of
from sim.engine import Week, run_week
from sim.state import State, take
from sim.streams import Streams
from sim.world import Kind, Names, World

AgentFor = Callable[[World, int], type[CellAgent]]


@dataclass(frozen=True)
class Views:
    """Which agent class stands for what; handed in, so that the model knows no particular agent.

    Attributes:
        unit: the class for a unit, given the world and its row.
        community: the class of communities.
    """

    unit: AgentFor
    community: type[CellAgent]


@dataclass(frozen=True)
class Lane:
    """One run: where it starts, what its weeks are made of, and its parameters (one value each)."""

    world: World
    names: Names
    state: State
    week: Week
    columns: Mapping[str, Any]
    first_week: int
    replicate: int = 0


class ConflictModel(Model):  # type: ignore[type-arg]
    """A Mesa model over one lane.

    Args:
        lane: the run. Its state is copied, so that a model can be made anew from it.
        views: agent classes.
        rng: the seed, an int below 2**32; with the lane's replicate it decides every draw.

    Attributes:
        time: weeks since the start (Mesa's clock).
        date: Monday of the week that the state shows.
        agents: all units that have fighters, and all communities.
        datacollector: fighters by organisation, events, deaths, legitimacy of the governments, displaced people and
            coups, week by week.
    """

    def __init__(self, lane: Lane, views: Views, *, rng: int = 1) -> None:
        super().__init__(rng=int(rng))
        self.lane, self.views = lane, views
        self.world, self.names, self.week = lane.world, lane.names, lane.week
        self.state = take(lane.state, 0)
        self._key = np.array([[int(rng), lane.replicate]], np.uint64)
        self._weeks = 0
        self.grid = self._make_grid()
        self._cells = [self.grid[place] for place in self._places()]
        self._units: dict[int, Any] = {}
        for row in range(len(self.world.communities.cell)):
            views.community(self, row).cell = self._cells[self.world.communities.cell[row]]
        self._show_units()
        self.datacollector = DataCollector(model_reporters=_REPORTERS)
        self.datacollector.collect(self)

    @property
    def date(self) -> Any:
        """Monday of the last week that was run, or of the first week before any was."""
        return date_of(self.lane.first_week + max(self._weeks - 1, 0))

    def step(self) -> None:
        """Let one week pass."""
        streams = Streams(self._key, self.lane.first_week + self._weeks)
        run_week(self.week, self.world, self.state, self.lane.columns, streams)
        self._weeks += 1
        self._show_units()
        self.datacollector.collect(self)

    def fighters(self) -> dict[str, int]:
        """Fighters by organisation."""
        total = np.bincount(self.world.units.organisation, self.state.units.fighters[0], len(self.names.organisations))
        return {name: int(n) for name, n in zip(self.names.organisations, total, strict=True)}

    def legitimacy(self) -> dict[str, float]:
        """Legitimacy of the governments, by the organisation that is their army."""
        armies = np.flatnonzero(self.world.organisations.kind == Kind.ARMY)
        return {self.names.organisations[o]: float(self.state.organisations.legitimacy[0, o]) for o in armies}

    def _places(self) -> list[tuple[int, int]]:
        """Column and row of every cell on the grid of the model."""
        x = np.rint((self.world.cells.lon - self.world.cells.lon.min()) * 2).astype(int)
        y = np.rint((self.world.cells.lat - self.world.cells.lat.min()) * 2).astype(int)
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def _make_grid(self) -> Any:
        places = self._places()
        size = (max(x for x, _ in places) + 1, max(y for _, y in places) + 1)
        return OrthogonalMooreGrid(size, torus=False, random=self.random)

    def _show_units(self) -> None:
        """Make, move and remove unit agents so that they show the state."""
        fighters, where = self.state.units.fighters[0], self.state.units.cell[0]
        for row in np.flatnonzero(fighters > 0).tolist():
            agent = self._units.get(row)
            if agent is None:
                agent = self._units[row] = self.views.unit(self.world, row)(self, row)
            cell = self._cells[where[row]]
            if agent.cell is not cell:
                agent.cell = cell
        for row in [r for r in self._units if fighters[r] == 0]:
            self._units.pop(row).remove()


def _deaths(model: ConflictModel) -> int:
    return int(model.state.ledger.killed.sum() + model.state.ledger.civilians_killed.sum())


def _displaced(model: ConflictModel) -> int:
    return int(model.state.communities.displaced.sum())


def _coups(model: ConflictModel) -> int:
    return int(model.state.ledger.coups.sum())


_REPORTERS: dict[str, Callable[[ConflictModel], Any]] = {
    "date": lambda model: model.date,
    "events": lambda model: int(model.state.events.count[0]),
    "deaths_so_far": _deaths,
    "fighters": lambda model: model.fighters(),
    "legitimacy": lambda model: model.legitimacy(),
    "displaced": _displaced,
    "coups_so_far": _coups,
}
