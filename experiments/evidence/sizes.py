"""Sizes: deaths of simulated events brought to those of recorded ones, rank for rank.

A simulated event keeps its rank among all simulated events of its country and gets the deaths that hold this rank
among recorded events: half of the weight is that of the country's own events, half that of events of all countries,
each fading with age. So a future with massacres keeps them, but they are as large as massacres were. Quantile mapping:
Panofsky & Brier 1968, Some Applications of Statistics to Meteorology; ties by chance as in the randomised probability
integral transform.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

type Reals = NDArray[np.float64]
type Positions = NDArray[np.intp]

FADES = 24.0
"""Months in which the weight of a recorded size halves (judgement)."""


class Sizes(NamedTuple):
    """Recorded deaths per event.

    Attributes:
        deaths: sorted, (event,).
        reached: share of the weight up to each, (country, event).
    """

    deaths: Reals
    reached: Reals


def sizes_of(deaths: Reals, country: Positions, age: Reals, count: int, own: float) -> Sizes:
    """The distribution of sizes in each country.

    Args:
        deaths: of recorded events, (event,).
        country: of each, (event,).
        age: of each in months, (event,).
        count: of countries.
        own: share of the weight that a country's own events have; all of them where it has none.
    """
    order = np.argsort(deaths, kind="stable")
    weight = np.exp2(-age[order] / FADES)
    theirs = weight * (country[order] == np.arange(count)[:, None])
    total = theirs.sum(axis=1, keepdims=True)
    common = weight / max(weight.sum(), 1e-300)
    alone = np.divide(theirs, total, out=np.tile(common, (count, 1)), where=total > 0)
    return Sizes(deaths[order], np.cumsum(own * alone + (1.0 - own) * common, axis=1))


def ranks(deaths: Reals, country: Positions) -> tuple[Reals, Reals]:
    """Share of the events of the same country that are smaller, and that are no larger, each (event,).

    >>> low, high = ranks(np.array([5.0, 1.0, 5.0, 9.0]), np.zeros(4, np.intp))
    >>> low.tolist(), high.tolist()
    ([0.25, 0.0, 0.25, 0.75], [0.75, 0.25, 0.75, 1.0])
    """
    low, high = np.zeros(len(deaths)), np.zeros(len(deaths))
    for own in (country == number for number in np.unique(country)):
        line = np.sort(deaths[own])
        low[own] = np.searchsorted(line, deaths[own], side="left") / len(line)
        high[own] = np.searchsorted(line, deaths[own], side="right") / len(line)
    return low, high


def resized(low: Reals, high: Reals, country: Positions, sizes: Sizes, chance: np.random.Generator) -> Reals:
    """Recorded deaths at the rank of each event, drawn between its bounds, (event,); 0 where nothing was recorded."""
    rank, found = low + chance.random(len(low)) * (high - low), np.zeros(len(low))
    if not len(sizes.deaths):
        return found
    for number, reached in enumerate(sizes.reached):
        own = country == number
        at = np.searchsorted(reached / reached[-1], rank[own], side="right")
        found[own] = sizes.deaths[np.minimum(at, len(sizes.deaths) - 1)]
    return found
