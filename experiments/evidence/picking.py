"""Picking: which events of a future stay, and members of groups by chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

type Reals = NDArray[np.float64]
type Positions = NDArray[np.intp]


class Made(NamedTuple):
    """Simulated events ahead.

    Attributes:
        cell: position, (event,).
        month: ahead, (event,).
        deaths: simulated, (event,).
        low: share of the events of its country in all futures that are smaller, (event,).
        high: share that are no larger, (event,).
    """

    cell: Positions
    month: NDArray[np.int64]
    deaths: Reals
    low: Reals
    high: Reals

    def part(self, start: int, end: int) -> Made:
        """Events from one position up to another."""
        own = slice(start, end)
        return Made(self.cell[own], self.month[own], self.deaths[own], self.low[own], self.high[own])


def copies(wanted: Reals, chance: np.random.Generator) -> Positions:
    """Positions, each as often as wanted on average."""
    return np.repeat(np.arange(len(wanted)), np.floor(wanted + chance.random(len(wanted))).astype(np.int64))


def chosen(group: Positions, group_of: Positions, weight: Reals, chance: np.random.Generator) -> Positions:
    """A member of each group named, in proportion to weight.

    Args:
        group: of which a member is wanted, (wish,).
        group_of: of each member, (member,).
        weight: of each member, (member,).
        chance: where numbers come from.
    """
    order = np.argsort(group_of, kind="stable")
    reached = np.cumsum(weight[order])
    last = np.cumsum(np.bincount(group_of, minlength=int(group_of.max()) + 1))
    high = reached[last - 1]
    low = np.append(0.0, high)[:-1]
    at = np.searchsorted(reached, low[group] + chance.random(len(group)) * (high - low)[group], side="right")
    return np.asarray(order[np.minimum(at, last[group] - 1)], np.intp)
