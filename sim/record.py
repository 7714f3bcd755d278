"""Recording: what to keep of a run is an object that is handed in; stepping knows nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import empty_tally, scheme, tally_week, threat_names
from sim.state import State, lanes
from sim.world import Names, World

Array = NDArray[np.generic]

DYADS = (
    ("jnim", "issp"),
    ("jnim", "mali"),
    ("jnim", "burkina"),
    ("jnim", "niger"),
    ("issp", "mali"),
    ("issp", "burkina"),
    ("issp", "niger"),
    ("csp", "mali"),
    ("platform", "issp"),
    ("dozo", "jnim"),
)
"""Pairs of coalitions whose clashes are recorded by region; those that an order of battle lacks are left out."""


@dataclass(frozen=True)
class Recording:
    """What to keep.

    Attributes:
        weeks: how many weeks the run has.
        maps: positions of the weeks whose zones and shares of control are kept for every cell.
    """

    weeks: int
    maps: tuple[int, ...]


class Recorder:
    """Keeps the outcomes of a batch, week by week. Arrays are (lane, week, ...) or (lane, map, ...)."""

    def __init__(self, world: World, names: Names, recording: Recording, lane_count: int) -> None:
        self.world, self.names, self.recording = world, names, recording
        self.dyads = tuple(d for d in DYADS if d[0] in names.coalitions and d[1] in names.coalitions)
        self.scheme = scheme(world, names, self.dyads)
        self.tally = empty_tally(lane_count, world, names, self.scheme)
        self.arrays = self._room(lane_count)

    def _kept(self) -> list[tuple[str, Array]]:
        """The weekly tallies, by name; the running count of leaders is the tally's own."""
        return [(name, part) for name, part in self.tally._asdict().items() if name != "leaders"]

    def _room(self, lane_count: int) -> dict[str, Array]:
        """Empty arrays of the whole run."""
        weekly = {
            name: np.zeros((lane_count, self.recording.weeks, *part.shape[1:]), _kept(part.dtype))
            for name, part in self._kept()
        }
        maps = (lane_count, len(self.recording.maps), len(self.names.coalitions), len(self.world.cells.gid))
        return weekly | {"zone": np.zeros(maps, np.int8), "share": np.zeros(maps, np.float32)}

    def keep(self, state: State, position: int) -> None:
        """Tally the week at `position` of the run and keep it."""
        tally_week(self.world, state, self.tally, self.scheme)
        for name, part in self._kept():
            self.arrays[name][:, position] = part
        if position in self.recording.maps:
            at = self.recording.maps.index(position)
            self.arrays["zone"][:, at] = state.cells.zone.transpose(0, 2, 1)
            self.arrays["share"][:, at] = coalition_shares(self.world, state, len(self.names.coalitions))

    def coordinates(self) -> Mapping[str, tuple[str, ...]]:
        """Names along the axes that this recorder knows."""
        return {
            "coalition": self.names.coalitions,
            "region": self.names.regions,
            "country": self.names.countries,
            "dyad": tuple("-".join(d) for d in self.dyads),
            "threat": threat_names(self.world, self.names),
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
