"""Scores: how good a sample of possible values was, given what happened; lower is better.

    CRPS      = mean_i |x_i - y| - 1/2 mean_ij |x_i - x_j|          (Gneiting & Raftery 2007, JASA 102, eq. 21)
    ignorance = -log2 p(bin of y),  p(b) = (N share(b) + 1) / (N + bins)
    interval  = (u - l) + 2/a (l - y)+ + 2/a (y - u)+                (the same, eq. 43), a = 0.1

Bins and the count of one in each of them are those of the ViEWS prediction challenge (Hegre et al. 2025, J. Peace
Research 62). There every forecast has N = 1000 draws; here a sample of any size stands for 1000, so that a small
one is not punished for its size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
"""Lower edges; the last bin is open."""

STANDS_FOR = 1000
COVERED = 0.9
Scores = NDArray[np.float64]


def crps(draws: ArrayLike, observed: ArrayLike) -> Scores:
    """Continuous ranked probability score of the empirical distribution.

    Args:
        draws: (draw, ...).
        observed: (...).

    >>> float(crps([0.0, 2.0], 1.0))
    0.5
    """
    x = np.sort(np.asarray(draws, np.float64), axis=0)
    number = len(x)
    rank = 2.0 * np.arange(1, number + 1) - number - 1.0
    spread = np.tensordot(rank, x, axes=(0, 0)) / number**2
    return np.asarray(np.abs(x - np.asarray(observed, np.float64)).mean(axis=0) - spread)


def ignorance(draws: ArrayLike, observed: ArrayLike) -> Scores:
    """Ignorance over the bins, in bits.

    Args:
        draws: (draw, ...).
        observed: (...).

    >>> round(float(ignorance([0.0] * 1000, 0.0)), 4)  # -log2(1001 / 1011)
    0.0143
    """
    bins = np.digitize(np.asarray(draws, np.float64), BINS)
    share = (bins == np.digitize(np.asarray(observed, np.float64), BINS)).mean(axis=0)
    return np.asarray(-np.log2((STANDS_FOR * share + 1.0) / (STANDS_FOR + len(BINS))))


def interval_bounds(draws: ArrayLike) -> tuple[Scores, Scores]:
    """5 % and 95 % quantiles of the draws."""
    low, high = np.quantile(np.asarray(draws, np.float64), [(1 - COVERED) / 2, (1 + COVERED) / 2], axis=0)
    return low, high


def interval_score(draws: ArrayLike, observed: ArrayLike) -> Scores:
    """Interval score of the central 90 %.

    Args:
        draws: (draw, ...).
        observed: (...).

    >>> round(float(interval_score([4.0], 5.0)), 6)
    20.0
    """
    low, high = interval_bounds(draws)
    y, worth = np.asarray(observed, np.float64), 2.0 / (1.0 - COVERED)
    missed = np.maximum(low - y, 0.0) + np.maximum(y - high, 0.0)
    return np.asarray(high - low + worth * missed)


def covered(draws: ArrayLike, observed: ArrayLike) -> NDArray[np.bool_]:
    """Whether the central 90 % holds what happened."""
    low, high = interval_bounds(draws)
    y = np.asarray(observed, np.float64)
    return np.asarray((low <= y) & (y <= high))


def pit(draws: ArrayLike, observed: ArrayLike) -> tuple[Scores, Scores]:
    """Probability that the sample gives to less than what happened, and to no more than it.

    Of counts the probability integral transform is spread evenly between the two (Czado, Gneiting & Held 2009,
    Biometrics 65).
    """
    x, y = np.asarray(draws, np.float64), np.asarray(observed, np.float64)
    return np.asarray((x < y).mean(axis=0)), np.asarray((x <= y).mean(axis=0))


def pit_histogram(low: Scores, high: Scores, bins: int = 10) -> Scores:
    """Shares of the transform by equal parts of [0, 1]; flat, at 1 / bins, where a forecast is calibrated.

    >>> pit_histogram(np.array([0.0]), np.array([1.0]), 2).tolist()
    [0.5, 0.5]
    """
    edges, least = np.linspace(0.0, 1.0, bins + 1), 1e-9
    width = np.maximum(np.ravel(high) - np.ravel(low), least)
    below = np.clip((edges[:, None] - np.minimum(np.ravel(low), 1.0 - least)) / width, 0.0, 1.0)
    return np.asarray(np.diff(below.mean(axis=1)))


SCORES = {"crps": crps, "ignorance": ignorance, "interval": interval_score}
"""All scores, by name."""
