"""Draws: simulated futures as a sample of monthly deaths by unit, in the words of the recorded ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.events_table import Sides
from experiments.evidence.areas import MERGED, Areas
from experiments.evidence.events import ISSP, family
from experiments.evidence.observation import recorded, town_distance
from experiments.evidence.panel import COLUMNS, month_of, of_violence, unit_column
from scenarios.build import Setup
from scenarios.event_log import EventLog, event_log, joined
from sim.calendar import date_of
from sim.state import Field

BLOCK = 8
"""Replicates that are simulated together."""


def simulated(setup: Setup, draws: int, workers: int) -> EventLog:
    """Deadly events of replicates 0 to `draws - 1`; the same whatever the number of workers."""
    firsts = range(0, draws, BLOCK)

    def made(first: int) -> EventLog:
        return event_log(setup, first, min(BLOCK, draws - first))

    with ThreadPoolExecutor(workers) as pool:
        return joined(list(tqdm(pool.map(made, firsts), total=len(firsts), unit=" blocks", delay=2, leave=False)))


def as_recorded(setup: Setup, log: EventLog, how: Any, seed: int) -> pd.DataFrame:
    """Simulated events as they would have been recorded, in the columns of `panel.shared_out` and the draw.

    An event belongs to the month that holds most days of its week. `how` is as for `observation.recorded`.
    """
    deaths = recorded(log, town_distance(setup.region), how, seed)
    seen, cells = deaths > 0, setup.world.cells
    values, cell = log.values[seen], log.values[seen, Field.CELL]
    regions = np.array([MERGED.get(name, name) for name in setup.names.regions], object)
    countries = np.array(setup.names.countries, object)
    return pd.DataFrame(
        {
            "draw": log.replicate[seen],
            "month": months_of(log.week[seen]),
            "country": countries[cells.country[cell]],
            "region": regions[cells.region[cell]],
            "gid": cells.gid[cell].astype(np.int64),
            "violence": values[:, Field.VIOLENCE],
            "family": families(setup, values),
            "theatre": "sahel",
            "deaths": deaths[seen].astype(np.float64),
        }
    )[["draw", *COLUMNS]]


def months_of(week: NDArray[np.int32]) -> NDArray[np.int64]:
    """Month of the Thursday of each week."""
    known, back = np.unique(week, return_inverse=True)
    months = [month_of(date_of(int(number)) + timedelta(days=3)) for number in known]
    return np.asarray(months, np.int64)[back]


def families(setup: Setup, values: NDArray[np.int32]) -> NDArray[np.object_]:
    """Dyad family of each event."""
    sides = Sides(setup.world, setup.names)
    names = [sides.side(o, 0)[0] for o in range(len(setup.names.organisations))]
    called = [ISSP if name == "IS" else name for name in names]
    keys, back = np.unique(values[:, [Field.SIDE_A, Field.SIDE_B, Field.VIOLENCE]], axis=0, return_inverse=True)
    known = [family(called[a], "" if b < 0 else called[b], v) for a, b, v in keys.tolist()]
    return np.array(known, object)[back]


def sample(
    parts: pd.DataFrame, level: str, where: Areas, span: tuple[int, int], draws: int, violence: str
) -> NDArray[np.float32]:
    """Deaths by draw, unit and month, (draw, unit, month).

    Args:
        parts: from `as_recorded`.
        level: country, admin1 or cell.
        where: the areas that are scored; what happens outside them is left out.
        span: first month, and how many.
        draws: how many there are, some of which may be without any death.
        violence: what is counted, as for `panel.panel`.
    """
    names, (first, count) = where.units(level), span
    own = parts[of_violence(parts, violence) & parts["month"].between(first, first + count - 1)]
    unit = own[unit_column(level)].astype(str).map({name: at for at, name in enumerate(names)})
    inside = unit.notna()
    values = np.zeros((draws, len(names), count), np.float32)
    at = (own["draw"][inside].to_numpy(), unit[inside].to_numpy(np.int64), own["month"][inside].to_numpy() - first)
    np.add.at(values, at, own["deaths"][inside].to_numpy(np.float32))
    return values


def long_table(values: NDArray[np.float32], names: tuple[str, ...], months: list[str], violence: str) -> pd.DataFrame:
    """The draws as a table of unit, month, draw, violence, deaths; rows of no deaths are left out."""
    draw, unit, month = np.nonzero(values)
    columns = {
        "unit": np.array(names, object)[unit],
        "month": np.array(months, object)[month],
        "draw": draw.astype(np.int32),
        "violence": violence,
        "deaths": values[draw, unit, month].astype(np.int32),
    }
    return pd.DataFrame(columns)
