"""Paired differences by region: what the change does to the people and the land that each coalition controls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.spread import long, spread
from experiments.store import Store

EVERY = 26
"""Weeks between the dates, counted back from the last week."""

MEASURES = ("people", "area")


def differences_by_region(store: Store, replicates: int) -> pd.DataFrame:
    """Control of people and area (km2) by coalition and region, scenario minus counterfactual, paired by replicate.

    One row for each date, coalition, region and measure, with mean and quantiles over the pairs.
    """
    c = store.coordinates
    weeks = range(len(c.week) - 1, -1, -EVERY)
    parts = [_at(store, replicates, week, measure) for week in sorted(weeks) for measure in MEASURES]
    return pd.concat(parts, ignore_index=True).astype({"measure": "category"})


def _at(store: Store, replicates: int, week: int, measure: str) -> pd.DataFrame:
    c = store.coordinates
    piece = next(piece for piece in c.pieces(measure) if piece.start <= week < piece.stop)
    first, second = (
        store.load(measure, h, piece, replicates, lambda values: values[:, week - piece.start : week - piece.start + 1])
        for h in (0, 1)
    )
    axes: dict[str, Sequence[Any]] = {"date": [c.week[week]], "coalition": list(c.coalition), "region": list(c.region)}
    frame = long(axes, spread(first - second))
    frame.insert(3, "measure", measure)
    return frame
