"""Paired: whether one forecast scores better than another, or only happened to.

Scores of the same units and months are subtracted. Units of one month are not independent, nor are months that
follow each other, so months are drawn anew in blocks with all their units (circular block bootstrap; Politis &
Romano 1992), and the mean over units is tested over months with a variance that knows of neighbours (Diebold &
Mariano 1995, JBES 13; weights of Newey & West 1987; small samples as Harvey, Leybourne & Newbold 1997). With the
twelve months of one origin both tests are weak.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

BLOCK = 3
"""Months drawn together."""

RESAMPLES = 4000
KEY = 1992


class Paired(NamedTuple):
    """The mean difference of two scores; negative where the first is better.

    Attributes:
        difference: mean over units and months.
        low: 5 % quantile of its bootstrap.
        high: 95 % quantile.
        chance: two-sided chance of so large a difference by the bootstrap, were there none.
        statistic: of Diebold and Mariano.
        p: two-sided chance of it.
    """

    difference: float
    low: float
    high: float
    chance: float
    statistic: float
    p: float


def paired(own: NDArray[np.float64], other: NDArray[np.float64]) -> Paired:
    """Compare the scores of two forecasts, each (unit, month)."""
    monthly = (own - other).mean(axis=0)
    means = block_means(monthly)
    low, high = np.quantile(means, [0.05, 0.95])
    beyond = float(((np.abs(means - monthly.mean()) >= abs(monthly.mean())).sum() + 1) / (RESAMPLES + 1))
    statistic, p = diebold_mariano(monthly)
    return Paired(float(monthly.mean()), float(low), float(high), beyond, statistic, p)


def block_means(monthly: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of `RESAMPLES` samples of months drawn in blocks, around the year's end too."""
    number = len(monthly)
    chance = np.random.Generator(np.random.Philox(KEY))
    starts = chance.integers(0, number, (RESAMPLES, -(-number // BLOCK)))
    drawn = (starts[:, :, None] + np.arange(BLOCK)).reshape(RESAMPLES, -1)[:, :number] % number
    return np.asarray(monthly[drawn].mean(axis=1))


def diebold_mariano(monthly: NDArray[np.float64], lags: int = BLOCK - 1) -> tuple[float, float]:
    """Statistic and two-sided p of no difference in the mean; (0, 1) where nothing differs.

    >>> diebold_mariano(np.array([1.0, -1.0, 1.0, -1.0]), lags=0)
    (0.0, 1.0)
    """
    number, apart = len(monthly), monthly - monthly.mean()
    weights = 1.0 - np.arange(1, lags + 1) / (lags + 1.0)
    ties = [2.0 * w * (apart[k:] * apart[:-k]).sum() / number for k, w in enumerate(weights, 1)]
    variance = ((apart**2).sum() / number + sum(ties)) / number
    if variance <= 0.0:
        return 0.0, 1.0
    ahead = lags + 1
    small = np.sqrt(max(number + 1 - 2 * ahead + ahead * (ahead - 1) / number, 1.0) / number)
    statistic = float(small * monthly.mean() / np.sqrt(variance))
    return statistic, float(2.0 * student.sf(abs(statistic), number - 1))
