"""Checks: what a posterior reproduces, what the data pin down, and whether known parameters are found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibration import facts
from experiments.calibration.priors import Priors
from experiments.calibration.rounds import Found
from experiments.calibration.targets import LASTING, Targets

Values = NDArray[np.float64]

QUANTILES = (0.05, 0.5, 0.95)
PINNED = 0.5
"""From this shrinkage on the data are said to pin a parameter down; below half of it they say little."""


def predictive(observed: Targets, made: dict[str, Values], used: NDArray[np.bool_]) -> pd.DataFrame:
    """Targets as observed and as simulated, one row each.

    Args:
        observed: (1, target).
        made: targets of simulations by name, such as "defaults" and "posterior", (draw, target).
        used: which targets the posterior looked at, (target,).

    Returns:
        group, window ("" where a target is of none), target, observed, used and, for each name, its quantiles
        (name_q05, name_q50, name_q95) and whether they hold what was observed (name_holds).
    """
    names = [_parts(name) for name in observed.names]
    table: dict[str, object] = {
        "group": [group for group, _, _ in names],
        "window": [window for _, window, _ in names],
        "target": [target for _, _, target in names],
        "observed": observed.values[0],
        "used": used,
    }
    for name, values in made.items():
        low, middle, high = np.quantile(values, QUANTILES, axis=0)
        table |= {f"{name}_q05": low, f"{name}_q50": middle, f"{name}_q95": high}
        table[f"{name}_holds"] = (low <= observed.values[0]) & (observed.values[0] <= high)
    return pd.DataFrame(table)


def _parts(name: str) -> tuple[str, str, str]:
    """Group, window and what it is of."""
    group, _, rest = name.partition(" ")
    window, _, target = ("", "", rest) if group in (*LASTING, facts.GROUP) else rest.partition(" ")
    return group, window, target


def identifiability(found: Found, priors: Priors) -> pd.DataFrame:
    """What the data say of each parameter.

    Returns:
        parameter, default, prior and posterior quantiles, shrinkage (1 - posterior variance / prior variance, on the
        standardised scale; 0 where nothing was learned), verdict, and the parameter it goes with most, with the
        correlation.
    """
    z = found.chain[:, : len(priors.each)]
    prior = priors.sample(4096, 0)
    shrinkage = 1.0 - z.var(axis=0) / prior.var(axis=0)
    table = pd.DataFrame({"parameter": priors.names, "default": [one.median for one in priors.each]})
    for name, values in {"prior": priors.values(prior), "posterior": priors.values(z)}.items():
        for quantile, row in zip(("q05", "q50", "q95"), np.quantile(values, QUANTILES, axis=0), strict=True):
            table[f"{name}_{quantile}"] = row
    links = correlations(found, priors).to_numpy() - np.eye(len(priors.each))
    most = np.abs(links).argmax(axis=1)
    table["shrinkage"] = shrinkage
    table["verdict"] = [verdict(one) for one in shrinkage]
    table["with"] = [priors.names[at] for at in most]
    table["correlation"] = links[np.arange(len(most)), most]
    return table


def verdict(shrinkage: float) -> str:
    """In words.

    >>> verdict(0.9), verdict(0.3), verdict(0.1)
    ('pinned down', 'narrowed', 'not pinned down')
    """
    return "pinned down" if shrinkage >= PINNED else "narrowed" if shrinkage >= PINNED / 2 else "not pinned down"


def correlations(found: Found, priors: Priors) -> pd.DataFrame:
    """Correlations of the parameters in the posterior, on the standardised scale."""
    z = found.chain[:, : len(priors.each)]
    return pd.DataFrame(np.corrcoef(z.T), priors.names, priors.names)


def recovery(truth: Values, found: Found, priors: Priors) -> pd.DataFrame:
    """Whether intervals hold the parameters that made the data.

    Args:
        truth: standardised, (parameter,).
        found: the posterior.
        priors: of the parameters.

    Returns:
        parameter, truth and posterior quantiles on the standardised scale, holds, and the width over that of the prior.
    """
    low, middle, high = np.quantile(found.chain[:, : len(truth)], QUANTILES, axis=0)
    prior = np.quantile(priors.sample(4096, 0), QUANTILES, axis=0)
    return pd.DataFrame(
        {
            "parameter": priors.names,
            "truth": truth,
            "q05": low,
            "q50": middle,
            "q95": high,
            "holds": (low <= truth) & (truth <= high),
            "width": (high - low) / (prior[2] - prior[0]),
        }
    )
