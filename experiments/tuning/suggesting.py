"""Suggesting: the sparse change of parameters that brings most facts into their bands.

Each end of where a number should lie is a goal. On its line, in margins of it, it is at

    a(z) = +-(start + w z - end) / (margin spread),

inside from 0 and safe from 1 on. The change minimises

    sum of weight cost(1 - a(z)) + penalty sum |z|,    cost(u) = log(1 + e^(2u)) / 2

with |z| held within some steps and within the range. The cost of a fact levels off, so that one that is out of reach
does not pull at everything; those of levels and signs do not, and weigh more. |z| as a cost leaves most parameters
where they are (lasso: Tibshirani 1996, J. R. Statist. Soc. B 58); z is split into what is up and what is down, so that
all is smooth (L-BFGS-B: Byrd et al. 1995, SIAM J. Sci. Comput. 16). The search starts from the defaults, and again from
where it ends if no cost levels off; the better end counts. Only clear slopes do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from experiments.calibration.priors import Priors
from experiments.parameters import listed
from experiments.tuning.design import Tuning
from experiments.tuning.emulators import VALUE, Lines, Number
from experiments.tuning.recording import FACT

CAP = 6.0
"""Cost at which that of a fact levels off."""

WEIGHT = 4.0
"""Of levels and signs."""

LEAST = 0.1
"""Smaller steps are not suggested."""

DIGITS = 3
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Goals:
    """Ends of where numbers should lie.

    Attributes:
        at: a at the defaults, (goal,).
        slopes: of a by step, (goal, parameter).
        weight: (goal,).
        capped: whether the cost levels off, (goal,).
    """

    at: Values
    slopes: Values
    weight: Values
    capped: NDArray[np.bool_]


def goals(every: list[Number], found: Lines, tuning: Tuning) -> Goals:
    """The goals of all numbers that a suggestion aims at."""
    at, sides, kinds = [], [], []
    for n, number in enumerate(every):
        if number.kind == FACT and number.name.partition(" ")[2].partition(":")[0] in tuning.effects_only:
            continue
        margin = max(tuning.margin * found.spread[n], 1e-9)
        for end, sign in ((number.low, 1.0), (number.high, -1.0)):
            if np.isfinite(end):
                at.append(sign * (found.start[n] - end) / margin)
                sides.append(sign * found.clear[n] / margin)
                kinds.append(number.kind)
    capped = np.array([kind == FACT for kind in kinds], np.bool_)
    matrix = np.array(sides).reshape(len(at), found.clear.shape[1])
    return Goals(np.array(at), matrix, np.where(capped, 1.0, WEIGHT), capped)


def suggested(own: Goals, ends: Values, tuning: Tuning) -> Values:
    """Steps of all parameters, most of them 0, (parameter,).

    Args:
        own: what is to be reached.
        ends: steps at which ranges end, (2, parameter).
        tuning: penalty, and how far.
    """
    everything = replace(own, capped=np.zeros_like(own.capped))
    near = _least(own, ends, tuning, np.zeros(ends.shape[1]))
    far = _least(own, ends, tuning, _least(everything, ends, tuning, near[1])[1])
    z = min(near, far, key=lambda found: found[0])[1]
    return np.where(np.abs(z) >= LEAST, z, 0.0)


def _least(own: Goals, ends: Values, tuning: Tuning, start: Values) -> tuple[float, Values]:
    """The least cost that can be found from a start, and the steps that have it."""
    size = len(start)
    up, down = (np.clip(side, 0.0, tuning.furthest) for side in (ends[1], -ends[0]))

    def cost(both: Values) -> tuple[float, Values]:
        value, slope = costs(own, both[:size] - both[size:])
        return value + tuning.penalty * float(both.sum()), np.concatenate([slope, -slope]) + tuning.penalty

    bounds = [(0.0, float(end)) for end in (*up, *down)]
    first = np.concatenate([np.maximum(start, 0.0), np.maximum(-start, 0.0)])
    best = minimize(cost, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return float(best.fun), np.asarray(best.x[:size] - best.x[size:])


def costs(own: Goals, z: Values) -> tuple[float, Values]:
    """Cost of all goals, without the penalty, and its slopes by parameter."""
    short = 2.0 * (1.0 - own.at - own.slopes @ z)
    each, slope = np.logaddexp(0.0, short) / 2.0, expit(short)
    level = np.where(own.capped, np.exp(-each / CAP), 1.0)
    value = np.where(own.capped, CAP * (1.0 - level), each)
    return float(own.weight @ value), -(own.weight * slope * level) @ own.slopes


def changes(priors: Priors, z: Values) -> pd.DataFrame:
    """One row for each parameter that moves, the farthest first.

    Columns: parameter, default, suggested, steps, low, high, source.
    """
    told = {f"{row.process}.{row.name}": row for row in listed()}
    values = priors.values(z[None, :])[0]
    rows = []
    for at in np.flatnonzero(z)[np.argsort(-np.abs(z[np.flatnonzero(z)]), kind="stable")]:
        prior = priors.each[at]
        value = min(max(float(f"{values[at]:.{DIGITS}g}"), prior.low), prior.high)
        about = {"low": prior.low, "high": prior.high, "source": told[prior.name].source if prior.name in told else ""}
        rows.append({"parameter": prior.name, "default": prior.median, "suggested": value, "steps": z[at]} | about)
    return pd.DataFrame(rows, columns=["parameter", "default", "suggested", "steps", "low", "high", "source"])


def predictions(every: list[Number], found: Lines, z: Values) -> pd.DataFrame:
    """One row for each number: kind, name, what, low, high, before, after, and whether it lies where it should."""
    after = found.start + found.clear @ z
    rows = []
    for at, number in enumerate(every):
        row: dict[str, Any] = {"kind": number.kind, "name": number.name.partition(" ")[2], "what": number.what}
        row |= {"low": number.told(number.low), "high": number.told(number.high)}
        for when, value in (("before", found.start[at]), ("after", after[at])):
            shown = number.told(value if number.what == VALUE else min(max(value, 0.0), 1.0))
            row |= {when: shown, f"inside_{when}": bool(number.low <= value <= number.high)}
        rows.append(row)
    return pd.DataFrame(rows)
