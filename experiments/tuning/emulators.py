"""Emulators: each recorded number as a straight line in the steps of all parameters.

    y = start + w z + e

A number is put on a scale on which effects add up and its median or mean can be read off a line:

- a fact: log(value + c) with c a tenth of its band's upper end, or the value itself where it can be negative;
- a fact that is a day or a count of few events: whether it lies at or above the lower end of its band, and whether at
  or below the upper one, each 0 or 1, so that the median is inside where either share of draws is a half or more;
- deaths: log(deaths + 5);
- a sign: the lead of a pair over its standard deviation.

`start` is the median (of facts) or mean over the draws that have the defaults: far from them, what is curved shifts
the mean of all draws. Slopes and their t values come from ridge regression (Hoerl & Kennard 1970, Technometrics 12)
with the penalty that generalised cross-validation prefers (Golub, Heath & Wahba 1979, Technometrics 21). A penalty
shrinks strong effects with weak ones, so those that are clear are fitted once more, alone and with next to no penalty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibration.targets import Targets
from experiments.facts.reading import Part
from experiments.tuning.design import Tuning
from experiments.tuning.recording import FACT, LEVEL

RIDGES = tuple(10.0 ** (power / 2) for power in range(2, 11))
"""Penalties of squared slopes that are tried, from 10 to 100 000."""

LIGHT = 1.0
"""Penalty where only clear effects are fitted."""

FEW = 0.1
"""A number is a count of few where so many draws share one value."""

DEATHS = 5.0
"""Added to deaths before logarithms."""

VALUE, LOWER, UPPER = "value", "at or above", "at or below"
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Number:
    """A recorded number on the scale of its line, and where it should lie there.

    Attributes:
        name: kind and name, as recorded.
        what: `VALUE`; `LOWER` or `UPPER` of a share of draws on that side of an end of the band.
        y: (draw,); nan where a draw says nothing.
        low: lower end of where it should lie; minus infinite without one.
        high: upper end; infinite without one.
        offset: c of a logarithm; nan without one.
    """

    name: str
    what: str
    y: Values
    low: float = -np.inf
    high: float = np.inf
    offset: float = np.nan

    @property
    def kind(self) -> str:
        """Fact, level or sign."""
        return self.name.partition(" ")[0]

    def told(self, value: float) -> float:
        """A value of the scale as people read it."""
        return value if np.isnan(self.offset) or np.isinf(value) else float(np.exp(value) - self.offset)


@dataclass(frozen=True)
class Lines:
    """Numbers by parameters.

    Attributes:
        start: at the defaults, (number,).
        slopes: by step, (number, parameter).
        t: slopes over their standard errors, (number, parameter).
        clear: slopes of effects that are clear, fitted alone; 0 for all others, (number, parameter).
        spread: standard deviation of a single draw around its line, (number,).
    """

    start: Values
    slopes: Values
    t: Values
    clear: Values
    spread: Values


def numbers(made: Targets, parts: Mapping[str, Part], observed: Mapping[str, float], tuning: Tuning) -> list[Number]:
    """Everything recorded on its scale; what most draws say nothing of is left out.

    Args:
        made: as recorded.
        parts: facts by name.
        observed: recorded deaths by the name of a level.
        tuning: how far levels and signs may go.
    """
    found: list[Number] = []
    for name, values in zip(made.names, made.values.T, strict=True):
        kind, _, short = name.partition(" ")
        if np.isnan(values).mean() > 0.5 or (kind == LEVEL and not observed.get(name)):
            continue
        if kind == FACT:
            found += of_fact(name, values, parts[short])
        elif kind == LEVEL:
            middle, far = np.log(observed[name] + DEATHS), np.log(tuning.level_factor)
            found.append(Number(name, VALUE, np.log(values + DEATHS), middle - far, middle + far, DEATHS))
        else:
            found.append(Number(name, VALUE, values / (values.std() or 1.0), tuning.least_lead))
    return found


def of_fact(name: str, values: Values, part: Part) -> list[Number]:
    """A fact as one number, or as two where it is a day or a count of few events."""
    low, high = part.band
    if part.unit or np.isinf(values).any() or _commonest(values) > FEW:
        known = ~np.isnan(values)
        sides = ((LOWER, values >= low), (UPPER, values <= high))
        return [Number(name, what, np.where(known, inside, np.nan), 0.5) for what, inside in sides if not inside.all()]
    if np.nanmin(values) < 0.0:
        return [Number(name, VALUE, values, low, high)]
    c = 0.1 * high
    return [Number(name, VALUE, np.log(values + c), np.log(low + c) if low > 0.0 else -np.inf, np.log(high + c), c)]


def lines(z: Values, every: list[Number], clear: float) -> Lines:
    """The line of each number.

    Args:
        z: steps, (draw, parameter); some draws have the defaults.
        every: numbers of these draws.
        clear: least |t| of an effect that is clear.
    """
    defaults = ~z.any(axis=1)
    start = np.array([_start(number, defaults) for number in every], np.float64)
    slopes, t, alone = (np.zeros((len(every), z.shape[1])) for _ in range(3))
    spread = np.zeros(len(every))
    for at, number in enumerate(every):
        known = np.isfinite(number.y)
        a, b = z[known] - z[known].mean(axis=0), number.y[known] - number.y[known].mean()
        slopes[at], t[at], spread[at] = ridge(a, b)
        chosen = np.abs(t[at]) >= clear
        alone[at, chosen] = ridge(a[:, chosen], b, (LIGHT,))[0]
    return Lines(start, slopes, t, alone, spread)


def ridge(a: Values, b: Values, penalties: tuple[float, ...] = RIDGES) -> tuple[Values, Values, float]:
    """Slopes by ridge regression, their t values, and the standard deviation of what is left over.

    With a'a = v q v', penalty p and c = v'a'b: w = v c / (q + p), var w = s2 v q / (q + p)^2 v'. Of the penalties that
    one is taken which makes n RSS / (n - f)^2 least, with f = 1 + sum q / (q + p) degrees of freedom; s2 is
    RSS / (n - f). One that spends more than half of the draws on slopes is not looked at, unless it is the only one.

    Args:
        a: centred steps, (draw, parameter).
        b: centred numbers, (draw,).
        penalties: that are tried.
    """
    q, v = np.linalg.eigh(a.T @ a)
    q, c = np.maximum(q, 0.0), v.T @ (a.T @ b)
    scores, spreads = np.array([_fit(q, c, float(b @ b), len(b), p) for p in penalties]).T
    best = int(scores.argmin())
    spread, weight = float(spreads[best]), 1.0 / (q + penalties[best])
    slopes, error = v @ (weight * c), spread * np.sqrt((v**2) @ (weight**2 * q))
    return slopes, np.divide(slopes, error, out=np.zeros_like(slopes), where=error > 1e-12), spread


def _fit(q: Values, c: Values, total: float, n: int, penalty: float) -> tuple[float, float]:
    """Score of generalised cross-validation, and s, for a penalty."""
    weight = 1.0 / (q + penalty)
    left = max(total - float((weight * (2.0 - q * weight)) @ c**2), 0.0)
    free = max(n - 1.0 - float((q * weight).sum()), 1e-9)
    return np.inf if free < n / 2 else n * left / free**2, float(np.sqrt(left / free))


def effects(every: list[Number], found: Lines, names: tuple[str, ...], most: int = 10) -> pd.DataFrame:
    """One row for each number and parameter of those that move it most.

    Columns: kind, name, what, low, high, at_defaults, log, parameter, step, t. Where log is true, step is a change of
    the logarithm.
    """
    rows = []
    for at, number in enumerate(every):
        about: dict[str, Any] = {"kind": number.kind, "name": number.name.partition(" ")[2], "what": number.what}
        ends = {"low": number.told(number.low), "high": number.told(number.high)}
        about |= ends | {"at_defaults": number.told(found.start[at]), "log": not np.isnan(number.offset)}
        ranked = np.argsort(-np.abs(found.t[at]), kind="stable")[:most]
        rows += [about | {"parameter": names[p], "step": found.slopes[at, p], "t": found.t[at, p]} for p in ranked]
    return pd.DataFrame(rows)


def _start(number: Number, defaults: NDArray[np.bool_]) -> float:
    known = number.y[defaults & np.isfinite(number.y)]
    if not len(known):  # none of few draws with the defaults says anything
        known = number.y[np.isfinite(number.y)]
    if number.kind == LEVEL:
        return float(np.log(np.exp(known).mean()))
    if number.kind == FACT and number.what == VALUE:
        return float(np.quantile(known, 0.5, method="inverted_cdf"))
    return float(known.mean())


def _commonest(values: Values) -> float:
    """Share of draws that have the commonest value."""
    return float(np.unique(values[np.isfinite(values)], return_counts=True)[1].max(initial=0) / len(values))
