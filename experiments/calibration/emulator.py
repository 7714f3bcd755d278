"""Emulator: targets as smooth functions of parameters, fitted to simulations.

Each target is a polynomial of second degree in the standardised parameters plus noise:

    y = B f(z) + e,   e ~ N(0, V)

The coefficients come from ridge regression, V from what is left over in the simulations of the last round, shrunk
towards independence (Ledoit & Wolf 2004). Wood 2010, Nature 466, calls the likelihood that follows synthetic; with a
term for what a model misses it is that of Kennedy & O'Hagan 2001, J. R. Statist. Soc. B 63.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

Values = NDArray[np.float64]

RIDGES = tuple(10.0**power for power in range(-1, 4))
"""Penalties that are tried, of squared coefficients of standardised features."""

FOLDS = 5


@dataclass(frozen=True)
class Emulator:
    """Targets by parameters.

    Attributes:
        pipeline: features and regression, from standardised parameters to standardised targets.
        centre: means of the targets, (target,).
        scale: standard deviations of the targets, (target,).
        noise: V, (target, target).
        explained: share of the variance of each target that the emulator explains of draws it has not seen, (target,).
    """

    pipeline: Pipeline
    centre: Values
    scale: Values
    noise: Values
    explained: Values

    def mean(self, z: Values) -> Values:
        """Expected targets, (draw, target)."""
        return np.asarray(self.pipeline.predict(z) * self.scale + self.centre)


def fitted(z: Values, y: Values, recent: NDArray[np.bool_]) -> Emulator:
    """An emulator of simulations.

    Args:
        z: standardised parameters, (draw, parameter).
        y: targets, (draw, target); none of them constant.
        recent: draws of the last round, whose noise counts, (draw,).
    """
    centre, scale = y.mean(axis=0), y.std(axis=0)
    standard = (y - centre) / scale
    folds = KFold(FOLDS, shuffle=True, random_state=0)
    unseen = np.asarray(cross_val_predict(_regression(), z, standard, cv=folds))
    left = (standard - unseen)[recent]
    noise = LedoitWolf().fit(left).covariance_ * np.outer(scale, scale)
    explained = 1.0 - left.var(axis=0) / standard[recent].var(axis=0)
    return Emulator(_regression().fit(z, standard), centre, scale, noise, explained)


def _regression() -> Any:
    features = PolynomialFeatures(2, include_bias=False)
    return make_pipeline(features, StandardScaler(), RidgeCV(RIDGES, alpha_per_target=True))
