"""Scoring: forecasts side by side, by unit and month, and what it comes to by level, country and dyad family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.evidence.areas import Areas
from experiments.evidence.panel import month_name
from experiments.evidence.scores import SCORES, covered, pit

SIMULATOR = "simulator"
UNCORRECTED = "uncorrected"
"""The simulator without the correction, where there is one."""

ALONE = "record_alone"
"""Steady futures with the same correction: what is left of skill without the simulation."""

POOL = "pool"
"""Simulator and both conflictologies as one sample."""

RIVALS = ("conflictology_12", "conflictology_36")
"""The better of the two is what a forecast has to beat."""

NEAR = 0.005
"""Share within which two scores are called equal."""


def scored(
    forecasts: Mapping[str, NDArray[Any]], seen: NDArray[np.float64], names: tuple[str, ...], first: int
) -> pd.DataFrame:
    """One row for each model, unit and month: observed, mean, the scores, covered, pit_low, pit_high.

    Args:
        forecasts: draws by model, (draw, unit, month).
        seen: what happened, (unit, month).
        names: of the units.
        first: the first month.
    """
    months = [month_name(first + ahead) for ahead in range(seen.shape[1])]
    return pd.concat([_of_model(model, draws, seen, names, months) for model, draws in forecasts.items()])


def _of_model(
    model: str, draws: NDArray[Any], seen: NDArray[np.float64], names: tuple[str, ...], months: list[str]
) -> pd.DataFrame:
    values: dict[str, NDArray[Any]] = {name: score(draws, seen) for name, score in SCORES.items()}
    low, high = pit(draws, seen)
    values |= {"covered": covered(draws, seen), "pit_low": low, "pit_high": high}
    table = {"model": model, "unit": np.repeat(names, len(months)), "month": months * len(names)}
    columns = {"observed": seen, "mean": draws.mean(axis=0, dtype=np.float64)} | values
    return pd.DataFrame(table | {name: np.ravel(array) for name, array in columns.items()})


def summary(table: pd.DataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Mean scores and coverage by model, and CRPS against the better of `RIVALS`.

    Args:
        table: from `scored`, perhaps with further columns.
        by: further columns to keep apart.

    Returns:
        Columns `by`, model, observed, mean, the scores, covered, against (CRPS over that of the better rival, less 1)
        and verdict (better, worse or equal).
    """
    keys = [*by, "model"]
    means = table.groupby(keys, sort=False)[["observed", "mean", *SCORES, "covered"]].mean().reset_index()
    rivals = means[means["model"].isin(RIVALS)]
    least = rivals.groupby(list(by))["crps"].min() if by else rivals["crps"].min()
    best = means[list(by)].merge(least.reset_index(), on=list(by), how="left")["crps"].to_numpy() if by else least
    with np.errstate(divide="ignore", invalid="ignore"):
        against = means["crps"].to_numpy() / best - 1.0
    return means.assign(against=against, verdict=[verdict(number) for number in against])


def verdict(against: float) -> str:
    """What a relative difference of a score says.

    >>> verdict(-0.12), verdict(0.03), verdict(0.001)
    ('better', 'worse', 'equal')
    """
    if np.isnan(against) or abs(against) <= NEAR:
        return "equal"
    return "better" if against < 0 else "worse"


def by_unit(table: pd.DataFrame) -> pd.DataFrame:
    """CRPS of the simulator less that of the better rival over all units, mean by unit: negative where it wins."""
    means = table.groupby(["model", "unit"], sort=False)["crps"].mean().unstack("model")
    rival = means[list(RIVALS)].mean().idxmin()
    found = means[SIMULATOR] - means[rival]
    return found.rename("difference").reset_index().assign(rival=str(rival))


def by_family(table: pd.DataFrame) -> pd.DataFrame:
    """The simulator by dyad family and country, and in all countries.

    Args:
        table: from `scored`, of country-months, with a column violence that names the family.

    Returns:
        Columns family, unit, observed (deaths a month) and against, as in `summary`.
    """
    whole = pd.concat([table, table.assign(unit="all")]).rename(columns={"violence": "family"})
    found = summary(whole, ("family", "unit"))
    return found.loc[found["model"] == SIMULATOR, ["family", "unit", "observed", "against"]].reset_index(drop=True)


def country_of(unit: str, where: Areas) -> str:
    """Country of a unit of any level."""
    if not unit.isdigit():
        return unit[:3]
    return str(where.country[np.searchsorted(where.gid, int(unit))])
