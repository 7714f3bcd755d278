"""Observation: which simulated events UCDP would have recorded, and with how many deaths.

An event enters GED when a source tells of at least one death and of both sides (Sundberg & Melander 2013, J. Peace
Research 50(4)). Every death of an event is noticed with the same chance, which falls with the distance to the next
town, so large events are hardly missed and small ones far away often are (Weidmann 2015, J. Conflict Resolution 59(6);
Hendrix & Salehyan 2015, International Interactions 41(2)):

    q = far + (near - far) exp(-km / reach),   P(recorded) = known (1 - (1 - q)^deaths)

`known` is 1 where armed sides clash, and `attributed` where civilians are killed and nobody has to say by whom.
Sources contest some counts: with chance `contested` the count is off by a factor exp(spread * normal), at least 1.
Calibration and scoring use the same function. `RECORDED_ALL` records everything as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.event_log import DEATHS, EventLog
from scenarios.parameter_table import OBSERVATION, ParameterTable
from scenarios.region import Region, great_circle_km
from sim.parameters import Parameters, columns, quantity, stack
from sim.state import Field

TOWN = 10_000
"""People from which on a place is a town whose news gets about."""

ONE_SIDED = 3


@dataclass(frozen=True)
class Observation(Parameters):
    """Parameters of what is recorded."""

    near: float = quantity(
        0.7, unit="chance per death", low=0.05, high=1.0, source="judgement; Hendrix & Salehyan 2015: most events near"
    )
    far: float = quantity(
        0.3, unit="chance per death", low=0.0, high=1.0, source="judgement; Weidmann 2015: half as likely off the grid"
    )
    reach: float = quantity(80.0, unit="km", low=10.0, high=500.0, source="judgement: a day by road")
    attributed: float = quantity(
        0.85, unit="share", low=0.3, high=1.0, source="judgement: unidentified gunmen are common in reports"
    )
    contested: float = quantity(
        0.16, unit="share", low=0.0, high=1.0, source="GED 24.1, 2012-2022: events of 2 or more with low unlike high"
    )
    spread: float = quantity(
        0.35, unit="log deaths", low=0.0, high=1.5, source="GED 24.1, 2012-2022: half of log(high/low) of those"
    )


ObservationColumns = columns(Observation, __name__)
"""The same parameters with one value for each event."""

RECORDED_ALL = Observation(near=1.0, far=1.0, attributed=1.0, contested=0.0)


def recorded(log: EventLog, distance: NDArray[np.float64], how: Any, seed: int) -> NDArray[np.int64]:
    """Deaths that are recorded of each event, (event,); 0 where the event is missed.

    Args:
        log: simulated events, sorted by replicate.
        distance: from each cell to the next town in km, (cell,).
        how: parameters, `Observation` or, for each event its own, `ObservationColumns`.
        seed: of chance; a replicate's events are recorded alike however many replicates there are.
    """
    deaths = log.values[:, DEATHS].sum(axis=1).astype(np.int64)
    chance = noticed(deaths, distance[log.values[:, Field.CELL]], how)
    chance = np.where(log.values[:, Field.VIOLENCE] == ONE_SIDED, how.attributed, 1.0) * chance
    draw = _draws(log, seed)
    factor = np.where(draw[:, 1] < how.contested, np.exp(how.spread * _normal(draw[:, 2])), 1.0)
    told = np.maximum(np.rint(deaths * factor), 1.0).astype(np.int64)
    return np.where(draw[:, 0] < chance, told, 0)


def noticed(deaths: NDArray[np.int64], km: NDArray[np.float64], how: Any) -> NDArray[np.float64]:
    """Chance that at least one death of an event is noticed.

    >>> how = Observation(near=0.5, far=0.0)
    >>> noticed(np.array([1, 2]), np.array([0.0, 0.0]), how).tolist()
    [0.5, 0.75]
    """
    each = how.far + (how.near - how.far) * np.exp(-km / how.reach)
    return np.asarray(1.0 - (1.0 - each) ** deaths)


def town_distance(region: Region) -> NDArray[np.float64]:
    """Distance from each cell's centre to the nearest town of `TOWN` people or more, km, (cell,)."""
    towns = [town for town in region.towns if town.people >= TOWN]
    away: Any = [great_circle_km(town.lat, town.lon, region.cells.lat, region.cells.lon) for town in towns]
    return np.asarray(np.min(away, axis=0), np.float64)


def _draws(log: EventLog, seed: int) -> NDArray[np.float64]:
    """Three uniform numbers for each event, from a stream of its replicate, (event, 3)."""
    numbers, counts = np.unique(log.replicate, return_counts=True)
    streams = (np.random.Generator(np.random.Philox(key=[seed, int(number)])) for number in numbers)
    return np.concatenate([np.empty((0, 3)), *(s.random((n, 3)) for s, n in zip(streams, counts, strict=True))])


def _normal(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(uniform, 1e-12, 1.0 - 1e-12)), np.float64)


def observations(table: ParameterTable, draws: Sequence[int]) -> list[Observation]:
    """What is recorded under each draw: the table's parameters of the observation, defaults for the others.

    Raises:
        ValueError: a parameter does not exist or is out of range; one line.
    """
    known = [field.name for field in fields(Observation)]
    for process, name in table.names:
        if process == OBSERVATION and name not in known:
            raise ValueError(f"unknown parameter '{OBSERVATION}.{name}', expected one of: {', '.join(known)}")
    return [Observation(**table.values_of(OBSERVATION, draw)) for draw in draws]


def observed_by(how: Observation, table: ParameterTable | None, seed: int, replicates: NDArray[np.int32]) -> Any:
    """What is recorded of each event, by the draw of its replicate.

    Args:
        how: what is recorded where the table says nothing of it; the table only speaks in place of the standard one.
        table: of parameters, or None.
        seed: of the run.
        replicates: number of the replicate of each event, (event,).

    Returns:
        `how`, or its parameters with one value for each event.
    """
    if how != Observation() or table is None or all(process != OBSERVATION for process, _ in table.names):
        return how
    known, back = np.unique(replicates, return_inverse=True)
    each = stack(observations(table, [table.draw(seed, int(r)) for r in known]), ObservationColumns)
    return ObservationColumns(*(column[back] for column in each))
