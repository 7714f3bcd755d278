"""Stretching: how much wider than said the noise has to be for known parameters to lie where they should.

Noise of simulations is not quite normal, not the same everywhere, and the emulator is not quite right; each makes a
posterior too sure. So a fifth of the recent simulations is held back and taken for observed, one after the other. The
noise of the emulator of all others is multiplied by `k` until the mean distance of the known parameters from those
found, in units of the posterior, is what it should be:

    mean (z - found)' S^-1 (z - found) = number of parameters,   S from k V

with S from a normal approximation at the mode (Gauss-Newton; Tarantola 2005, ch. 3). k is at least 1. Checking a
posterior on data that the model made is simulation-based calibration (Talts et al. 2018, arXiv 1804.06788).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.emulator import Emulator, fitted

Values = NDArray[np.float64]

HELD_BACK = 5
"""Every fifth recent simulation is held back."""

STEPS, ROUNDS, ENOUGH = 6, 12, 0.02
"""Gauss-Newton steps to a mode; times that k is corrected; and when it is near enough."""

NUDGE = 1e-4


def stretch(z: Values, y: Values, recent: NDArray[np.bool_]) -> float:
    """The factor k of the noise.

    Args:
        z: standardised parameters, (draw, parameter).
        y: targets that are looked at, (draw, target).
        recent: draws of the last round, (draw,).
    """
    held = np.zeros(len(z), bool)
    held[np.flatnonzero(recent)[::HELD_BACK]] = True
    emulator = fitted(z[~held], y[~held], recent[~held])
    truths, before = z[held], (z[recent].mean(axis=0), np.linalg.inv(np.cov(z[recent].T).reshape((z.shape[1],) * 2)))
    precision = np.linalg.inv(emulator.noise)
    k = 1.0
    for _ in range(ROUNDS):
        off = np.mean([_distance(emulator, precision / k, before, *one) for one in zip(truths, y[held], strict=True)])
        k = max(1.0, k * float(off))
        if abs(off - 1.0) < ENOUGH or k == 1.0:
            break
    return k


def _distance(
    emulator: Emulator, precision: Values, before: tuple[Values, Values], truth: Values, observed: Values
) -> float:
    """Squared distance of the truth from the mode, in units of the posterior, over the number of parameters."""
    mean, prior = before
    z = mean
    for _ in range(STEPS):
        slope = _slope(emulator, z)
        whole = slope @ precision @ slope.T + prior
        pull = slope @ precision @ (observed - emulator.mean(z[None])[0]) - prior @ (z - mean)
        z = z + np.clip(np.linalg.solve(whole, pull), -1.0, 1.0)
    return float((truth - z) @ whole @ (truth - z)) / len(z)


def _slope(emulator: Emulator, z: Values) -> Values:
    """Derivatives of the targets, (parameter, target)."""
    steps = NUDGE * np.eye(len(z))
    return (emulator.mean(z + steps) - emulator.mean(z - steps)) / (2.0 * NUDGE)
