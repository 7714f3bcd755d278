"""Comparison: headline outcomes of every replicate, and the paired difference of scenario and counterfactual.

Scenario and counterfactual share their draws of chance, replicate by replicate. So the difference
is taken within each replicate, and its spread is that of what the scenario changes:

    difference_r   = outcome(scenario, r) - outcome(counterfactual, r)
    variance ratio = (var(scenario) + var(counterfactual)) / var(difference)

The ratio says how many times as many independent runs would be needed for the same precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.layout import Array
from experiments.outcomes import OUTCOMES, Outcome, Window, known, windows
from experiments.spread import OUTER, quantiles
from experiments.store import Store

Values = NDArray[np.float64]


def outcomes(store: Store, replicates: int, change: int | None) -> pd.DataFrame:
    """One row for each outcome, window, history and replicate: outcome, window, history, replicate, value."""
    spans = windows(len(store.coordinates.week), change)
    frames = [
        _rows(outcome, window, history, outcome.value(series, steps))
        for outcome, history, series in stepwise(store, replicates)
        for window in spans
        if len(steps := window.steps(outcome.array, store.coordinates))
    ]
    joined = pd.concat(frames, ignore_index=True)
    return joined.astype(dict.fromkeys(("outcome", "window", "history"), "category"))


def stepwise(store: Store, replicates: int) -> Iterator[tuple[Outcome, str, Values]]:
    """Each outcome, history and its values by step of time, (replicate, step); one array after the other."""
    listed = known(store.coordinates)
    for array in dict.fromkeys(outcome.array for outcome in listed):
        group = [outcome for outcome in listed if outcome.array == array]
        for h, history in enumerate(store.coordinates.history):
            joined = series(store, replicates, group, h)
            yield from ((outcome, history, joined[:, :, i]) for i, outcome in enumerate(group))


def differences(values: pd.DataFrame, histories: tuple[str, ...]) -> pd.DataFrame:
    """Paired differences of history 0 from history 1, one row for each outcome and window.

    Args:
        values: table made by `outcomes`.
        histories: scenario and counterfactual.
    """
    found = dict(iter(values.groupby(["outcome", "window"], sort=False, observed=True)))
    rows = []
    for outcome in OUTCOMES:
        for window in values["window"].unique():
            if (outcome.name, window) in found:
                part = found[outcome.name, window]
                scenario, baseline = (part.loc[part["history"] == h, "value"].to_numpy() for h in histories[:2])
                about = {"outcome": outcome.name, "label": outcome.label, "unit": outcome.unit, "window": window}
                rows.append(about | paired(scenario, baseline))
    return pd.DataFrame(rows)


def paired(scenario: Values, baseline: Values) -> dict[str, float]:
    """What the paired difference of two histories looks like over replicates.

    Args:
        scenario: one value per replicate.
        baseline: the same replicates of the counterfactual.

    Returns:
        ``baseline_mean``, ``scenario_mean``, ``mean_difference``, ``q05``, ``q50``, ``q95``,
        ``share_positive``, ``share_negative``, ``standard_error`` (nan for one replicate),
        ``variance_ratio`` (nan where the difference does not vary), ``n``.
    """
    difference = scenario - baseline
    n = len(difference)
    spread = difference.var(ddof=1) if n > 1 else np.nan
    apart = scenario.var(ddof=1) + baseline.var(ddof=1) if n > 1 else np.nan
    return {
        "baseline_mean": float(baseline.mean()),
        "scenario_mean": float(scenario.mean()),
        "mean_difference": float(difference.mean()),
        **dict(zip(OUTER, quantiles(difference, list(OUTER.values())).tolist(), strict=True)),
        "share_positive": float((difference > 0).mean()),
        "share_negative": float((difference < 0).mean()),
        "standard_error": float(np.sqrt(spread / n)),
        "variance_ratio": float(apart / spread) if spread > 0 else np.nan,
        "n": n,
    }


def series(store: Store, replicates: int, group: Sequence[Outcome], history: int) -> Values:
    """Values of outcomes from one recorded array by step of time, (replicate, step, outcome)."""
    array = group[0].array

    def reduce(values: Array) -> Array:
        return np.stack([outcome.series(values, store.coordinates) for outcome in group], axis=2)

    pieces = store.coordinates.pieces(array)
    return np.concatenate([store.load(array, history, piece, replicates, reduce) for piece in pieces], axis=1)


def _rows(outcome: Outcome, window: Window, history: str, values: Values) -> pd.DataFrame:
    named = {"outcome": outcome.name, "window": window.label, "history": history}
    return pd.DataFrame(named | {"replicate": np.arange(len(values)), "value": values})
