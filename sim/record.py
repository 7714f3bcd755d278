"""Recording: what to keep of a run is an object that is handed in; stepping knows nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MEASURES
from sim.state import State, lanes
from sim.stocks import empty_stocks, sums, tally_stocks
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
    """Keeps the outcomes of a batch, week by week.

    Arrays are (lane, week, ...), (lane, month, ...), (lane, map, ...) or (lane, 1, ...), see `sim.outcomes.MEASURES`.
    """

    def __init__(self, world: World, names: Names, recording: Recording, lane_count: int) -> None:
        self.world, self.names, self.recording = world, names, recording
        self.dyads = tuple(d for d in DYADS if d[0] in names.coalitions and d[1] in names.coalitions)
        self.scheme = scheme(world, names, self.dyads)
        self.tally = empty_tally(lane_count, world, names, self.scheme)
        self.stocks = empty_stocks(lane_count, names)
        self.arrays = self._room(lane_count)

    def _room(self, lane_count: int) -> dict[str, Array]:
        """Empty arrays of the whole run."""
        steps = {"week": self.recording.weeks, "month": len(self.recording.months), "end": 1}
        steps["date"] = len(self.recording.maps)
        sample = self.tally._asdict() | self.stocks._asdict()
        regions, groups = len(self.names.regions), len(self.names.groups)
        cells = (len(self.names.coalitions), len(self.world.cells.gid))
        rest = {name: (part.shape[1:], _kept(part.dtype)) for name, part in sample.items()}
        rest |= {"enlisted": ((len(self.names.organisations), regions, groups), np.int32)}
        rest |= {"victims": ((regions, groups), np.int32), "zone": (cells, np.int8), "share": (cells, np.float32)}
        rest |= {name: (shape, np.float32) for name, shape in shapes(self.names).items()}
        return {
            name: np.zeros((lane_count, steps[measure.axes[0]], *rest[name][0]), rest[name][1])
            for name, measure in MEASURES.items()
        }

    def keep(self, state: State, position: int) -> None:
        """Tally the week at `position` of the run and keep it."""
        tally_week(self.world, state, self.tally, self.scheme)
        self._put({name: part for name, part in self.tally._asdict().items() if name != "before"}, position)
        if position in self.recording.months:
            tally_stocks(self.world, state, self.stocks, self.scheme)
            self._put(self.stocks._asdict(), self.recording.months.index(position))
        if position in self.recording.maps:
            at = self.recording.maps.index(position)
            self.arrays["zone"][:, at] = state.cells.zone.transpose(0, 2, 1)
            self.arrays["share"][:, at] = coalition_shares(self.world, state, len(self.names.coalitions))
            self._put(ties(self.world, state, self.names)._asdict(), at)
        if position == self.recording.weeks - 1:
            self._put(sums(self.world, state, self.names)._asdict(), 0)

    def _put(self, parts: Mapping[str, Any], step: int) -> None:
        for name, array in parts.items():
            self.arrays[name][:, step] = array

    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        """Names along the axes that this recorder knows."""
        return {
            "coalition": self.names.coalitions,
            "region": self.names.regions,
            "country": self.names.countries,
            "group": self.names.groups,
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


def _kept(dtype: np.dtype[np.generic]) -> type[np.generic]:
    """float32 is enough to keep; the sums themselves are float64."""
    return np.float32 if dtype == np.float64 else np.int32
