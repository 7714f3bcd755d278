"""Emulator: targets as smooth functions of parameters, fitted to simulations.

Each target is a polynomial of second degree in the standardised parameters plus noise:

    y = B f(z) + e,   e ~ N(0, V)

The coefficients come from ridge regression, V from what is left over in the simulations of the last round, shrunk
towards independence (Ledoit & Wolf 2004). Wood 2010, Nature 466, calls the likelihood that follows synthetic; with a
term for what a model misses it is that of Kennedy & O'Hagan 2001, J. R. Statist. Soc. B 63.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.preprocessing import StandardScaler

Values = NDArray[np.float64]

RIDGES = tuple(10.0**power for power in range(-1, 4))
"""Penalties that are tried, of squared coefficients of standardised features."""

FOLDS = 5


@dataclass(frozen=True)
class Emulator:
    """Targets by parameters.

    Attributes:
        constant: (target,).
        weights: coefficients of `features`, (feature, target).
        noise: V, (target, target).
        explained: share of the variance of each target that the emulator explains of draws it has not seen, (target,).
    """

    constant: Values
    weights: Values
    noise: Values
    explained: Values

    def mean(self, z: Values) -> Values:
        """Expected targets, (draw, target)."""
        return np.asarray(features(z) @ self.weights + self.constant)

    def only(self, used: NDArray[np.bool_]) -> Emulator:
        """The emulator of some of the targets."""
        kept = self.noise[np.ix_(used, used)]
        return Emulator(self.constant[used], self.weights[:, used], kept, self.explained[used])


def features(z: Values) -> Values:
    """Parameters, and the products of two, (draw, feature).

    >>> features(np.array([[2.0, 3.0]])).tolist()
    [[2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    first, second = np.triu_indices(z.shape[1])
    return np.concatenate([z, z[:, first] * z[:, second]], axis=1)


def fitted(z: Values, y: Values, recent: NDArray[np.bool_]) -> Emulator:
    """An emulator of simulations.

    Args:
        z: standardised parameters, (draw, parameter).
        y: targets, (draw, target); one that is constant has neither weights nor noise.
        recent: draws of the last round, whose noise counts, (draw,).
    """
    scaler, scale = StandardScaler(), np.where(y.std(axis=0) > 0.0, y.std(axis=0), 1.0)
    inputs, standard = scaler.fit_transform(features(z)), (y - y.mean(axis=0)) / scale
    regression = RidgeCV(RIDGES, alpha_per_target=True)
    unseen = np.asarray(cross_val_predict(regression, inputs, standard, cv=KFold(FOLDS, shuffle=True, random_state=0)))
    explained = np.where(y.std(axis=0) > 0.0, 1.0 - ((standard - unseen) ** 2).mean(axis=0), 0.0)
    left = (standard - unseen)[recent]
    apart = np.sqrt(np.maximum((left**2).mean(axis=0), 1e-12))  # so that only correlations are shrunk
    noise = LedoitWolf(assume_centered=True).fit(left / apart).covariance_ * np.outer(apart * scale, apart * scale)
    regression.fit(inputs, standard)
    weights = regression.coef_.T / scaler.scale_[:, None] * scale
    constant = y.mean(axis=0) + regression.intercept_ * scale - scaler.mean_ @ weights
    return Emulator(constant, weights, noise, explained)
