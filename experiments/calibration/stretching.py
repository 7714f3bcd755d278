"""Stretching: how much wider than said the noise has to be for known parameters to lie where they should.

Noise of simulations is not quite normal, not the same everywhere, and the emulator is not quite right; each makes a
posterior too sure. So every recent simulation is taken for observed once, a fifth of them at a time, with an emulator
of all others (cross-validation). The noise is multiplied by `k` until the mean distance of the known parameters from
those found, in units of the posterior, is what it should be:

    mean (z - found)' S^-1 (z - found) = number of parameters,   S from k V

with S from a normal approximation at the mode (Gauss-Newton; Tarantola 2005, ch. 3). k is at least 1. Checking a
posterior on data that the model made is simulation-based calibration (Talts et al. 2018, arXiv 1804.06788).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.emulator import Emulator, fitted

Values = NDArray[np.float64]

FOLDS = 5
"""Parts of the recent simulations, each of which is held back once."""

STEPS, ROUNDS, ENOUGH = 6, 12, 0.02
"""Gauss-Newton steps to a mode; times that k is corrected; and when it is near enough."""

NUDGE = 1e-4


class _Fold(NamedTuple):
    """Simulations that are held back, and the emulator of all others with the inverse of its noise."""

    emulator: Emulator
    precision: Values
    z: Values
    y: Values


def stretch(z: Values, y: Values, recent: NDArray[np.bool_]) -> float:
    """The factor k of the noise.

    Args:
        z: standardised parameters, (draw, parameter).
        y: targets that are looked at, (draw, target).
        recent: draws of the last round, (draw,).
    """
    before = (z[recent].mean(axis=0), np.linalg.inv(np.cov(z[recent].T).reshape((z.shape[1],) * 2)))
    folds = [_fold(z, y, recent, number) for number in range(FOLDS)]
    k = 1.0
    for _ in range(ROUNDS):
        off = np.mean(
            [
                _distance(fold.emulator, fold.precision / k, before, truth, seen)
                for fold in folds
                for truth, seen in zip(fold.z, fold.y, strict=True)
            ]
        )
        k = max(1.0, k * float(off))
        if abs(off - 1.0) < ENOUGH or k == 1.0:
            break
    return k


def _fold(z: Values, y: Values, recent: NDArray[np.bool_], number: int) -> _Fold:
    held = np.zeros(len(z), bool)
    held[np.flatnonzero(recent)[number::FOLDS]] = True
    emulator = fitted(z[~held], y[~held], recent[~held])
    return _Fold(emulator, np.linalg.inv(emulator.noise), z[held], y[held])


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
