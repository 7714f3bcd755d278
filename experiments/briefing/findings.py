"""Findings: what the paired differences of a run say, each with a verdict on how sure its direction is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.figures.reading import Run
from experiments.outcomes import OUTCOMES

CLEAR, LEANING, NONE, FEW = "clear", "leaning", "none", "few"
"""Verdicts on the direction of a difference."""

SURE, EVEN = 0.80, 0.55
"""Shares of pairs from which a direction is clear, and from which it leans to one side."""

ENOUGH = 20
"""Pairs below which nothing is said about likelihood: a band would be decided by one or two of them."""

NEGLIGIBLE = 0.1
"""Standard deviations of the counterfactual below which a change that is not clear is none."""

TWO_SIDED = 1.96
"""Standard errors of a 95 % interval of a mean."""

PROBABILITY, ORDINAL = "probability", "ordinal index 0-100"
"""Units of which sizes are told in a way of their own."""

HEADLINE = tuple(outcome.name for outcome in OUTCOMES if outcome.headline)
WHOLE = "whole run"


@dataclass(frozen=True)
class Finding:
    """One outcome of a scenario beside its counterfactual, in one window.

    Attributes:
        outcome: name of the outcome.
        label: its English name for people.
        unit: of the values.
        window: its English name.
        scenario: mean of the scenario.
        baseline: mean of the counterfactual.
        difference: mean of the paired differences.
        low: their quantile at 5 %.
        high: their quantile at 95 %.
        error: standard error of `difference`; nan for one pair.
        up: share of pairs in which the scenario has more.
        down: share of pairs in which it has less.
        pairs: number of pairs.
        standardised: `difference` in standard deviations of the counterfactual; 0 where that does not vary.
    """

    outcome: str
    label: str
    unit: str
    window: str
    scenario: float
    baseline: float
    difference: float
    low: float
    high: float
    error: float
    up: float
    down: float
    pairs: int
    standardised: float = 0.0

    @property
    def agree(self) -> float:
        """Share of pairs whose difference has the sign of the mean difference."""
        return self.up if self.difference > 0 else self.down if self.difference < 0 else 0.0

    @property
    def told(self) -> bool:
        """Whether the mean difference lies further from zero than chance would put it."""
        return self.difference != 0 and math.isfinite(self.error) and abs(self.difference) > TWO_SIDED * self.error

    @property
    def verdict(self) -> str:
        """One of `CLEAR`, `LEANING`, `NONE`, `FEW`.

        A chance is 0 or 1 in a replicate, so most pairs tie; it leans where its mean difference is told
        from zero, and is clear where it also is 10 percentage points or more.
        """
        if self.pairs < ENOUGH:
            return FEW
        if not self.told:
            return NONE
        if self.unit == PROBABILITY:
            return CLEAR if abs(self.difference) >= 0.1 else LEANING
        if self.agree >= SURE:
            return CLEAR
        return LEANING if self.agree >= EVEN and abs(self.standardised) >= NEGLIGIBLE else NONE

    @property
    def unsure(self) -> bool:
        """Whether the middle 90 % of the pairs hold both signs."""
        return self.low < 0 < self.high


def window_of(differences: pd.DataFrame) -> str:
    """The window that the briefing speaks of: the longest after the change that fits, else the whole run."""
    after = [str(w) for w in differences["window"].unique() if str(w) != WHOLE]
    return after[-1] if after else WHOLE


def findings(run: Run, window: str | None = None) -> list[Finding]:
    """Findings of a paired run in a window, headline outcomes only, in the order of the summary."""
    table = run.table("differences")
    chosen = table[table["window"] == (window or window_of(table))]
    spread = _spread(run)
    rows = {str(row["outcome"]): row for row in chosen.to_dict("records")}
    return [finding(rows[name], spread) for name in HEADLINE if name in rows]


def finding(row: Any, spread: pd.Series[float]) -> Finding:
    """A finding from a row of the table of differences.

    Args:
        row: with the columns of ``tables/differences.parquet``.
        spread: standard deviation of the counterfactual by (outcome, window).
    """
    deviation = float(spread.get((row["outcome"], row["window"]), np.nan))
    difference = float(row["mean_difference"])
    return Finding(
        outcome=str(row["outcome"]),
        label=str(row["label"]),
        unit=str(row["unit"]),
        window=str(row["window"]),
        scenario=float(row["scenario_mean"]),
        baseline=float(row["baseline_mean"]),
        difference=difference,
        low=float(row["q05"]),
        high=float(row["q95"]),
        error=float(row["standard_error"]),
        up=float(row["share_positive"]),
        down=float(row["share_negative"]),
        pairs=int(row["n"]),
        standardised=difference / deviation if deviation > 0 else 0.0,
    )


def strongest(found: Iterable[Finding], verdict: str = CLEAR) -> list[Finding]:
    """Findings of a verdict, the largest standardised change first."""
    return sorted((f for f in found if f.verdict == verdict), key=lambda f: -abs(f.standardised))


def about(found: Sequence[Finding], *names: str) -> list[Finding]:
    """Findings on outcomes by name, as far as the run has them."""
    return [f for name in names for f in found if f.outcome == name]


def _spread(run: Run) -> pd.Series[float]:
    """Standard deviation over replicates of the counterfactual, by (outcome, window)."""
    values = run.table("outcomes")
    baseline = values[values["history"] == run.histories[1]]
    spread: pd.Series[float] = baseline.groupby(["outcome", "window"], observed=True)["value"].std()
    return spread
