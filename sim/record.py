"""Recording: what to keep of a run is an object that is handed in; stepping knows nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MEASURES
from sim.state import State, lanes
from sim.stocks import Stocks, empty_stocks, sums, tally_stocks
from sim.tally import empty_tally, scheme, tally_week, threat_names
from sim.ties import pair_names, shapes, ties
from sim.world import Names, World

Array = NDArray[np.generic]

DYADS = (
    ("jnim", "issp"),
    ("jnim", "mali"),
    ("jnim", "burkina"),
    ("jnim", "niger"),
    ("jnim", "france"),
    ("jnim", "un"),
    ("jnim", "csp"),
    ("issp", "mali"),
    ("issp", "burkina"),
    ("issp", "niger"),
    ("issp", "france"),
    ("issp", "csp"),
    ("csp", "mali"),
    ("platform", "issp"),
    ("dozo", "jnim"),
)
"""Pairs of coalitions whose clashes are recorded by region; those that an order of battle lacks are left out."""

MONTH = 4
"""Weeks from one count of what there is on the ground to the next."""


@dataclass(frozen=True)
class Recording:
    """What to keep.

    Attributes:
        weeks: how many weeks the run has.
        maps: positions of the weeks whose zones and shares of control are kept for every cell.
    """

    weeks: int
    maps: tuple[int, ...]

    @property
    def months(self) -> tuple[int, ...]:
        """Positions of the weeks whose stocks are kept: every fourth, counted back from the last."""
        return tuple(range((self.weeks - 1) % MONTH, self.weeks, MONTH))


class Recorder:
    """Keeps the outcomes of a batch, week by week."""

    def __init__(self, world: World, names: Names, recording: Recording, lane_count: int) -> None:
        self.world, self.names, self.recording = world, names, recording
        self.dyads = tuple(d for d in DYADS if d[0] in names.coalitions and d[1] in names.coalitions)
        self.scheme = scheme(world, names, self.dyads)
        self.tally = empty_tally(lane_count, world, names, self.scheme, (recording.weeks,))
        self.stocks = empty_stocks(lane_count, names, self.scheme, (len(recording.months),))
        self.rest = self._rest(lane_count)

    def _rest(self, lane_count: int) -> dict[str, Array]:
        """Room for what is neither tallied weekly nor among the stocks, over (step, lane, ...)."""
        steps = {"month": len(self.recording.months), "date": len(self.recording.maps), "end": 1}
        regions, groups = len(self.names.regions), len(self.names.groups)
        cells = (len(self.names.coalitions), len(self.world.cells.gid))
        kept: dict[str, tuple[tuple[int, ...], type[np.generic]]] = {
            "enlisted": ((len(self.names.organisations), regions, groups), np.int32),
            "victims": ((regions, groups), np.int32),
            "share": (cells, np.float32),
            "zone": (cells, np.int8),
            "terrain": (cells[::-1], np.int8),
        }
        kept |= {name: (shape, np.float32) for name, shape in shapes(self.names).items()}
        return {
            n: np.zeros((steps[MEASURES[n].axes[0]], lane_count, *shape), kind) for n, (shape, kind) in kept.items()
        }

    @property
    def arrays(self) -> dict[str, Array]:
        """What is kept so far: (lane, week, ...), (lane, month, ...) and so on, see `sim.outcomes.MEASURES`."""
        every = self.tally._asdict() | self.stocks._asdict() | self.rest
        return {name: every[name].swapaxes(0, 1) for name in MEASURES}

    def keep(self, state: State, position: int) -> None:
        """Tally the week at `position` of the run and keep it; once for each position, since tallies add up."""
        weekly = {name: part[position] for name, part in self.tally._asdict().items() if name != "before"}
        tally_week(self.world, state, self.tally._replace(**weekly), self.scheme)
        if position in self.recording.months:
            month = self.recording.months.index(position)
            tally_stocks(self.world, state, Stocks(*(part[month] for part in self.stocks)), self.scheme)
            self._put({"terrain": state.cells.zone}, month)
        if position in self.recording.maps:
            share = coalition_shares(self.world, state, len(self.names.coalitions))
            maps = {"zone": state.cells.zone.transpose(0, 2, 1), "share": share}
            self._put(maps | ties(self.world, state, self.names)._asdict(), self.recording.maps.index(position))
        if position == self.recording.weeks - 1:
            self._put(sums(self.world, state, self.names)._asdict(), 0)

    def _put(self, parts: Mapping[str, Any], step: int) -> None:
        for name, array in parts.items():
            self.rest[name][step] = array

    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        """Names along the axes that this recorder knows."""
        return {
            "coalition": self.names.coalitions,
            "region": self.names.regions,
            "country": self.names.countries,
            "group": self.names.groups,
            "jihadist": tuple(self.names.coalitions[q] for q in self.scheme.jihadist),
            "organisation": self.names.organisations,
            "dyad": tuple("-".join(d) for d in self.dyads),
            "threat": threat_names(self.world, self.names),
            "pair": pair_names(self.names),
        }


def coalition_shares(world: World, state: State, coalitions: int) -> NDArray[np.float64]:
    """Share of control by (lane, coalition, cell): the sum over its organisations."""
    shares = np.zeros((lanes(state), coalitions, len(world.cells.gid)))
    for o, q in enumerate(world.organisations.coalition):
        shares[:, q] += state.cells.share[:, :, o]
    return shares
