"""What a move from one cell to the next costs.

cost = km / 55 * terrain * (1 - saving * road) + ferry * river

with km between the centres of the cells; terrain rising from 1 in the savanna, where the mean rain
of the two cells is at least `wet`, to `desert` where there is none; road in [0, 1] for the best road
that leads from one cell into the other; river 1 if the Niger, Bani or Senegal lies between. The unit
is the side of a cell (55 km) over open savanna, about a day for a band that moves with its supplies.
All numbers are judgements, with their range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameters, quantity

KM_PER_DAY = 55.0
"""The side of a half-degree cell near the equator: one unit of cost on open ground."""

_SOURCE = "judgement: no measured travel times of armed groups were found"


@dataclass(frozen=True)
class Travel(Parameters):
    """How ground, roads and rivers make a move dear."""

    desert: float = quantity(1.8, unit="times savanna", low=1.0, high=3.0, source=_SOURCE)
    wet: float = quantity(350.0, unit="mm a year", low=200.0, high=500.0, source=_SOURCE)
    saving: float = quantity(0.5, unit="share saved on a paved road", low=0.0, high=0.8, source=_SOURCE)
    ferry: float = quantity(0.3, unit="days", low=0.0, high=1.0, source=_SOURCE)


def travel_cost(
    km: NDArray[np.float64],
    rain: NDArray[np.float64],
    road: NDArray[np.float64],
    river: NDArray[np.bool_],
    travel: Travel,
) -> NDArray[np.float64]:
    """Cost of each move; the arrays broadcast. A move of 0 km costs nothing.

    Args:
        km: distance between the centres.
        rain: mean of the two cells, mm a year.
        road: quality of the best road between them, in [0, 1].
        river: whether a great river lies between.
        travel: the parameters of the formula.
    """
    dryness = np.clip(1 - rain / travel.wet, 0.0, 1.0)
    terrain = 1 + (travel.desert - 1) * dryness
    return km / KM_PER_DAY * terrain * (1 - travel.saving * road) + travel.ferry * river
