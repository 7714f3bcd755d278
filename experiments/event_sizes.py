"""Event sizes: the tail of deaths per event as a discrete power law, P(x) ~ x^-a for x >= smallest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import zeta

SMALLEST = 10
"""Deaths from which on the tail is fitted."""


def tail_exponent(sizes: ArrayLike, smallest: int = SMALLEST) -> tuple[float, float]:
    """Maximum-likelihood exponent and its standard error (Clauset, Shalizi & Newman 2009, SIAM Review 51, eq. 3.5-3.6).

    Args:
        sizes: deaths of each event.
        smallest: events with fewer deaths are left out.

    Returns:
        (nan, nan) where fewer than ten events are left.
    """
    tail = np.asarray(sizes, np.float64)
    tail = tail[tail >= smallest]
    if len(tail) < 10:
        return float("nan"), float("nan")
    logs = float(np.log(tail).mean())
    best = minimize_scalar(lambda a: np.log(zeta(a, smallest)) + a * logs, bounds=(1.01, 8.0), method="bounded")
    return float(best.x), _error(float(best.x), smallest, len(tail))


def _error(a: float, smallest: int, n: int) -> float:
    """Square root of the inverse of Fisher's information, with derivatives of log zeta by central differences."""
    step = 1e-3
    low, middle, high = (float(np.log(zeta(x, smallest))) for x in (a - step, a, a + step))
    return float(1.0 / np.sqrt(n * (low - 2 * middle + high) / step**2))
