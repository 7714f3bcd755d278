"""Spatial concentration of violence in the style of the Spatial Conflict Dynamics indicator (SCDi).

The indicator of OECD/SWAC (Walther, Radil, Russell and Trémolières 2021, "Introducing the Spatial
Conflict Dynamics indicator of political violence", Terrorism and Political Violence 35(3);
OECD/SWAC 2020, "The Geography of Conflict in North and West Africa") divides the land into cells
of 50 by 50 km and tells of each cell with violent events

- *intensity*: events per km2, high from the mean of all cells with events over a generation;
- *concentration*: the average nearest neighbour ratio (Clark and Evans 1954, Ecology 35(4)), the
  mean distance of events to the next over that expected of as many events strewn at random,
  clustered below 1, dispersed from 1 or where there is one event only.

Simulated events know their half-degree cell (about 55 km) and their week, and nothing finer. So the
intensity is that of the cell itself, against the mean over the cells with events, all years and
histories of the run, while the concentration is that of events of the same four weeks in the square
of three by three cells around it (about 165 km). The expectation is of events strewn over the
centres of those cells, not over a plane, for events in one cell are at distance 0: with n events,
K cells and the distances d_1 <= ... <= d_K of cell i from all cells (d_1 = 0),

    E[distance of an event in i to the next of n - 1 others] = sum_k (d_k - d_(k-1)) ((K - k + 1) / K)^(n - 1)

averaged over i. Sums over the steps of both distances are compared, so that busy weeks count more.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

STEP = 4
"""Weeks in which events count as of the same time."""

YEAR = 52
"""Weeks over which a cell is judged."""

Real = NDArray[np.float64]


class Kind(IntEnum):
    """The four types of the indicator, and cells without an event."""

    NONE = 0
    CLUSTERED_HIGH = 1
    DISPERSED_HIGH = 2
    CLUSTERED_LOW = 3
    DISPERSED_LOW = 4


class Cells(NamedTuple):
    """Cells of the grid: PRIO-GRID number, centre in degrees, and area in km2."""

    gid: NDArray[np.int64]
    lat: Real
    lon: Real

    @property
    def area(self) -> Real:
        """Square kilometres of each half-degree cell on a sphere of 6371 km."""
        high = np.sin(np.radians(self.lat + 0.25)) - np.sin(np.radians(self.lat - 0.25))
        return np.asarray(6371.0**2 * np.radians(0.5) * high, dtype=np.float64)


def counts(events: pd.DataFrame, cells: Cells, start: pd.Timestamp, weeks: int) -> Real:
    """Events by step of four weeks and cell, (step, cell), from an event table; an incomplete last step is left out."""
    steps = weeks // STEP
    step = (pd.to_datetime(events["date_start"]) - start).dt.days.to_numpy() // (7 * STEP)
    place = pd.Index(cells.gid).get_indexer(pd.Index(events["priogrid_gid"]))
    kept = (step >= 0) & (step < steps) & (place >= 0)
    found = np.zeros((steps, len(cells.gid)))
    np.add.at(found, (step[kept], place[kept]), 1.0)
    return found


def mean_intensity(counted: list[Real], cells: Cells) -> float:
    """Events per km2 and year, mean over the cells and years with events: above it intensity is high."""
    per_year = YEAR // STEP
    years = [part for found in counted for part in _years(found, per_year)]
    densities = np.concatenate([part.sum(axis=0)[part.sum(axis=0) > 0] / cells.area[part.sum(axis=0) > 0]
                                for part in years])  # fmt: skip
    return float(densities.mean()) if len(densities) else 0.0


def kinds(counted: list[Real], cells: Cells, threshold: float) -> NDArray[np.int64]:
    """The type of each cell from the counts (step, cell) of one year in each of some replicates.

    Intensity is the mean over the replicates; distances are summed over them. A cell counts as one
    with events where there is at least one a replicate on average.
    """
    density = np.mean([found.sum(axis=0) for found in counted], axis=0)
    near, expected = np.sum([distances(found, cells) for found in counted], axis=0)
    clustered = (expected > 0) & (near < expected)
    high = density / cells.area >= threshold
    low_kind = np.where(clustered, Kind.CLUSTERED_LOW, Kind.DISPERSED_LOW)
    kind = np.where(high, np.where(clustered, Kind.CLUSTERED_HIGH, Kind.DISPERSED_HIGH), low_kind)
    return np.where(density >= 1, kind, Kind.NONE)


def distances(found: Real, cells: Cells) -> Real:
    """Sums over events of the distance to the next, observed and expected, in km: (2, cell).

    Only steps with two events or more in the square around a cell count.
    """
    around = _squares(cells)
    return np.array([_sums(found[:, square], _between(cells, square)) for square in around]).T


def expected_distance(between: Real, events: NDArray[np.float64]) -> Real:
    """Mean distance to the next of `events` strewn at random over cells with distances `between`, by step, in km."""
    size = len(between)
    gaps = np.diff(np.sort(between, axis=1), axis=1)  # from the k-th nearest cell to the next
    beyond = (size - np.arange(1, size)) / size  # chance that one other event lies beyond the k-th
    none_nearer = beyond[None, :] ** (events[:, None] - 1)  # (step, k)
    return np.asarray((none_nearer @ gaps.T).mean(axis=1), dtype=np.float64)


def nearest_distance(found: Real, between: Real) -> Real:
    """Sum over the events of each step of the distance to the next, in km; `found` is (step, cell)."""
    away = np.where(np.eye(len(between), dtype=bool), np.inf, between)
    to_other = np.where(found[:, None, :] > 0, away[None], np.inf).min(axis=2)  # (step, cell)
    own = np.where(found >= 2, 0.0, to_other)
    return np.asarray(np.where(found > 0, found * np.where(found > 0, own, 0.0), 0.0).sum(axis=1), dtype=np.float64)


def _sums(found: Real, between: Real) -> tuple[float, float]:
    total = found.sum(axis=1)
    several = total >= 2
    if not several.any() or len(between) < 2:
        return 0.0, 0.0
    expected = total[several] * expected_distance(between, total[several])
    return float(nearest_distance(found[several], between).sum()), float(expected.sum())


def _squares(cells: Cells) -> list[NDArray[np.int64]]:
    # Positions of the cells of the square of three by three around each cell, itself among them.
    row, column = np.floor(cells.lat * 2).astype(int), np.floor(cells.lon * 2).astype(int)
    at = {place: i for i, place in enumerate(zip(row.tolist(), column.tolist(), strict=True))}
    steps = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    places = zip(row.tolist(), column.tolist(), strict=True)
    return [np.array([at[r + y, c + x] for y, x in steps if (r + y, c + x) in at], np.int64) for r, c in places]


def _between(cells: Cells, square: NDArray[np.int64]) -> Real:
    # Distances in km on the plane that touches the earth there.
    lat, lon = cells.lat[square], cells.lon[square]
    y = 111.2 * (lat[:, None] - lat[None])
    x = 111.2 * np.cos(np.radians(lat.mean())) * (lon[:, None] - lon[None])
    return np.asarray(np.hypot(y, x), dtype=np.float64)


def _years(found: Real, per_year: int) -> list[Real]:
    whole = len(found) // per_year
    return [found[i * per_year : (i + 1) * per_year] for i in range(whole)] or [found]
