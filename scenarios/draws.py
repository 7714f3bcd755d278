"""Draws: what is uncertain about the start, drawn anew for every replicate.

A replicate draws the same values in all histories, so a paired difference is never a difference of
luck at the start. Distributions are triangular: low and high from the source, the best guess their peak.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameters
from sim.state import State
from sim.streams import Stream, Streams, kernel, stable_key, uniform
from sim.world import World

SPREAD = 0.25
"""Share of a parameter's admissible range, around its default, from which `draws=all` draws."""


@kernel
def start_units(streams, entities):  # type: ignore[no-untyped-def]
    """One uniform number in each lane for each of some things drawn at the start, (lane, entity)."""
    units = np.empty((streams.key.shape[0], entities.shape[0]))
    for lane in range(units.shape[0]):
        for i in range(units.shape[1]):
            units[lane, i] = uniform(streams, lane, Stream.START, entities[i], 0)
    return units


def unit_draw(key: NDArray[np.uint64], name: str) -> float:
    """One uniform number in [0, 1) for a name, of the chance of seed and replicate `key`."""
    return float(start_units(Streams(key[None], 0), np.array([stable_key(name)], np.uint64))[0, 0])


def triangular(unit: float, low: float, peak: float, high: float) -> float:
    """A number from a triangular distribution, from one uniform number, by inversion.

    >>> triangular(0.5, 0.0, 0.5, 1.0)
    0.5
    """
    if high <= low:
        return peak
    left = (peak - low) / (high - low)
    if unit < left:
        return low + math.sqrt(unit * (high - low) * (peak - low))
    return high - math.sqrt((1.0 - unit) * (high - low) * (high - peak))


def drawn_strengths(state: State, world: World, ranges: NDArray[np.float64], keys: NDArray[np.uint64]) -> None:
    """Scale every organisation's fighters and establishment, in place, by a draw for each lane.

    Args:
        state: start states, (lane, ...).
        world: static arrays.
        ranges: low and high over best, (organisation, 2).
        keys: seed and replicate of each lane, (lane, 2).
    """
    units = start_units(Streams(keys, 0), world.organisations.key).tolist()
    for o, (low, high) in enumerate(ranges.tolist()):
        slots = slice(world.units.first[o], world.units.first[o + 1])
        scale = np.array([triangular(unit[o], low, 1.0, high) for unit in units])
        for column in (state.units.fighters, state.units.establishment):
            column[:, slots] = _scaled(column[:, slots], scale)


def _scaled(numbers: NDArray[np.int64], scale: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers of each lane times its `scale`, with the total kept: what rounding leaves over is carried on."""
    reached = np.rint(np.cumsum(numbers, axis=1) * scale[:, None]).astype(np.int64)
    return np.diff(reached, axis=1, prepend=np.int64(0))


def drawn_parameters(best: Parameters, process: str, key: NDArray[np.uint64]) -> Parameters:
    """The parameters of a process with every one drawn within `SPREAD` of its range around the default."""
    values: dict[str, Any] = {}
    for spec in dataclasses.fields(best):
        if "forms" in spec.metadata:
            values[spec.name] = getattr(best, spec.name)
            continue
        peak, low, high = getattr(best, spec.name), spec.metadata["low"], spec.metadata["high"]
        width = SPREAD * (high - low)
        unit = unit_draw(key, f"{process}.{spec.name}")
        values[spec.name] = triangular(unit, max(low, peak - width), peak, min(high, peak + width))
    return type(best)(**values)
