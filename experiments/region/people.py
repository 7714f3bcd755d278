"""People by cell: the cited total of each region, spread over its towns and a rural surface.

rural density = rain term * (1 + river * exp(-d_river / reach)) * (1 + town * nearness of towns) * (1 + road * road)

The rain term rises as a power of rain up to `wet` mm and falls slowly beyond it. Towns draw people
around them: nearness is the sum of (people / 10,000)^0.5 * exp(-d / reach). All parameters are few,
the same everywhere, and were tuned once for the rank correlation with WorldPop 2020 over the cells
of Mali, Niger and Burkina Faso; no cell was fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.region.ground import Ground
from experiments.region.packages import Place
from scenarios.region import great_circle_km
from sim.parameters import Parameters, quantity

_TUNED = "tuned on the rank correlation with WorldPop 2020"
UNKNOWN_PEOPLE = 2500
"""People that a town of unknown size draws in the surface. Judgement; it is not added to its cell."""


@dataclass(frozen=True)
class Surface(Parameters):
    """Shape of the rural surface."""

    rise: float = quantity(0.65, unit="power of rain", low=0.5, high=4.0, source=_TUNED)
    wet: float = quantity(500.0, unit="mm a year", low=400.0, high=1000.0, source=_TUNED)
    fall: float = quantity(0.5, unit="power of rain beyond wet", low=0.0, high=3.0, source=_TUNED)
    river: float = quantity(1.0, unit="times", low=0.0, high=10.0, source=_TUNED)
    river_reach: float = quantity(20.0, unit="km", low=10.0, high=80.0, source=_TUNED)
    town: float = quantity(15.0, unit="times", low=0.0, high=20.0, source=_TUNED)
    town_reach: float = quantity(50.0, unit="km", low=10.0, high=120.0, source=_TUNED)
    road: float = quantity(0.35, unit="times", low=0.0, high=4.0, source=_TUNED)
    urban: float = quantity(
        0.8, unit="share of a region's people in towns", low=0.5, high=0.95, source="judgement: a bound"
    )


def whole(shares: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """`total` as whole numbers in proportion to `shares`: the largest remainders get the rest.

    Raises:
        ValueError: no share is positive although there is something to share out.
    """
    if total and not shares.sum() > 0:
        raise ValueError(f"{total} people cannot be spread over shares that are all zero")
    exact = shares * (total / shares.sum()) if total else np.zeros_like(shares)
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def town_people(ground: Ground, towns: list[tuple[Place, int]]) -> NDArray[np.float64]:
    """People of known towns by cell, (cell,). `towns` come with the position of their cell."""
    people = np.zeros(len(ground.gid))
    for place, cell in towns:
        people[cell] += place.people
    return people


def rural_density(ground: Ground, towns: list[tuple[Place, int]], surface: Surface) -> NDArray[np.float64]:
    """Relative density of rural people, (cell,)."""
    wetness = np.minimum(ground.rain / surface.wet, 1.0) ** surface.rise
    wetness *= np.maximum(ground.rain / surface.wet, 1.0) ** -surface.fall
    river = 1 + surface.river * np.exp(-ground.river_km / surface.river_reach)
    return wetness * river * (1 + surface.town * _pull(ground, towns, surface)) * (1 + surface.road * ground.road)


def _pull(ground: Ground, towns: list[tuple[Place, int]], surface: Surface) -> NDArray[np.float64]:
    """Nearness of towns; a town of 10,000 people at the centre of a cell alone gives 1."""
    pull = np.zeros(len(ground.gid))
    for place, _ in towns:
        km = great_circle_km(place.lat, place.lon, ground.lat, ground.lon)
        pull += np.sqrt((place.people or UNKNOWN_PEOPLE) / 10_000) * np.exp(-km / surface.town_reach)
    return pull


def spread(
    ground: Ground, area: NDArray[np.float64], towns: list[tuple[Place, int]], totals: dict[str, int], surface: Surface
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """People, and people in towns, by cell; the people of a region add up exactly to its total.

    Known towns that hold more than the share `urban` of their region are scaled down to it, unless
    the region is one cell.
    """
    known, rural = town_people(ground, towns), rural_density(ground, towns, surface) * area
    people, urban = np.zeros(len(area), dtype=np.int64), np.zeros(len(area), dtype=np.int64)
    for region, total in totals.items():
        here = np.flatnonzero(ground.region == region)
        if len(here) == 0:
            continue
        in_towns = known[here] * min(1.0, surface.urban * total / max(known[here].sum(), 1.0))
        outside = (total - in_towns.sum()) * rural[here] / rural[here].sum()
        people[here] = whole(in_towns + outside, total)
        urban[here] = np.minimum(np.floor(in_towns).astype(np.int64), people[here])
    return people, urban
