"""The record alone: futures without a simulation, in which every month is like the months before the origin.

Scored with the same correction as simulated futures, they tell how much of the skill is that of the record and of the
correction, and what the simulation adds to it or takes from it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

PAST = 24
"""Months whose recorded events happen again, each as often as not in any of them."""

BEFORE = 6
"""Months before the origin that are made too, for the correction compares them."""

STREAM = 2009
"""Tells this chance from other chance of the same seed."""


def steady(known: pd.DataFrame, span: tuple[int, int], draws: int, seed: int) -> pd.DataFrame:
    """Futures in which each recorded event of the last `PAST` months happens in any month with chance 1 / `PAST`.

    Args:
        known: recorded events, see `panel.shared_out`; those after the origin are left out.
        span: first month ahead, and how many.
        draws: futures.
        seed: of chance.

    Returns:
        The columns of `known` and the draw, of `BEFORE` months before the origin and all ahead.
    """
    first, count = span
    recent = known[known["month"].between(first - PAST, first - 1) & (known["deaths"] > 0)].reset_index(drop=True)
    chance = np.random.Generator(np.random.Philox(key=[seed, STREAM]))
    months = BEFORE + count
    number = chance.poisson(len(recent) * months / PAST, draws)
    draw = np.repeat(np.arange(draws), number)
    event = chance.integers(0, max(len(recent), 1), len(draw))
    month = chance.integers(first - BEFORE, first + count, len(draw))
    return recent.iloc[event].assign(draw=draw, month=month).reset_index(drop=True)
