"""Priors: what is believed of each parameter before events are looked at, and the scale on which it is searched.

Every parameter has a standardised value z with a standard normal prior, cut off where the parameter leaves its
admissible range:

    factor:  x = m exp(z log(factor) / 1.645),    share:  x = m + z share (high - low) / 1.645

with m the default of the model, so that 90 % of the prior lie within a factor, or within a share of the range.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.stats import qmc, truncnorm

from experiments.evidence.observation import Observation
from experiments.values import CONF, nearest
from scenarios.parameter_table import OBSERVATION, ParameterTable

QUESTION = CONF / "evidence" / "calibration.yaml"
NINETY = 1.6448536
"""Standard normal quantile of 95 %."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """Prior of one parameter.

    Attributes:
        name: process and parameter, joined by a dot.
        median: the default.
        step: standard deviation of log(x), or of x.
        logs: whether it is of log(x).
        low: end of the admissible range.
        high: end of the admissible range.
    """

    name: str
    median: float
    step: float
    logs: bool
    low: float
    high: float

    def value(self, z: Values) -> Values:
        """Values of the parameter at standardised values."""
        x = self.median * np.exp(self.step * z) if self.logs else self.median + self.step * z
        return np.asarray(np.clip(x, self.low, self.high))

    @property
    def ends(self) -> tuple[float, float]:
        """Standardised values at which the range ends."""
        if not self.logs:
            return (self.low - self.median) / self.step, (self.high - self.median) / self.step
        low = np.log(max(self.low, 1e-12 * self.median) / self.median) / self.step
        return float(low), float(np.log(self.high / self.median) / self.step)


@dataclass(frozen=True)
class Priors:
    """Priors of all parameters, in order."""

    each: tuple[Prior, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(prior.name for prior in self.each)

    @cached_property
    def ends(self) -> Values:
        """Standardised ends of the ranges, (2, parameter)."""
        return np.array([prior.ends for prior in self.each]).T

    def values(self, z: Values) -> Values:
        """Values of the parameters at standardised values, (draw, parameter)."""
        return np.column_stack([prior.value(z[:, at]) for at, prior in enumerate(self.each)])

    def sample(self, count: int, seed: int) -> Values:
        """Standardised values spread evenly over the prior (scrambled Sobol points), (draw, parameter)."""
        points = qmc.Sobol(len(self.each), rng=seed).random(1 << max(count - 1, 1).bit_length())[:count]
        return np.asarray(truncnorm.ppf(np.clip(points, 1e-9, 1 - 1e-9), *self.ends))

    def table(self, z: Values, first: int = 0) -> ParameterTable:
        """The values as a table of parameters, of which replicate `first` takes the first row, the next the second."""
        names = tuple((a, b) for a, _, b in (name.partition(".") for name in self.names))
        return InOrder(names, self.values(z), np.ones(len(z)), first)


@dataclass(frozen=True, eq=False)
class InOrder(ParameterTable):
    """Draws of which each replicate takes the one of its own number, counted from `first`."""

    first: int = 0

    def draw(self, seed: int, replicate: int) -> int:
        """Row of the draw that a replicate takes."""
        return replicate - self.first


def read_question(path: Path = QUESTION) -> dict[str, Any]:
    """The file that says what is asked."""
    question: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return question


def priors_of(asked: Mapping[str, Mapping[str, float]]) -> Priors:
    """Priors from parameters and how far each may go.

    Raises:
        ValueError: a parameter does not exist, or nothing says how far; one line.
    """
    from scenarios.week import WEEK

    known: dict[str, type] = {p.name: p.parameters for p in WEEK if p.parameters is not None}
    return Priors(tuple(_prior(name, how, known | {OBSERVATION: Observation}) for name, how in asked.items()))


def _prior(name: str, how: Mapping[str, float], known: Mapping[str, type]) -> Prior:
    process, _, parameter = name.partition(".")
    fields = {f.name: f for f in dataclasses.fields(known[process])} if process in known else {}
    if parameter not in fields:
        listed = [f"{p}.{f.name}" for p, kind in known.items() for f in dataclasses.fields(kind)]
        raise ValueError(f"unknown parameter '{name}'{nearest(name, listed)}")
    if not set(how) <= {"factor", "share"} or len(how) != 1:
        raise ValueError(f"{name} has {dict(how)}, expected factor or share, such as {{factor: 3}}")
    field = fields[parameter]
    low, high, logs = field.metadata["low"], field.metadata["high"], "factor" in how
    step = np.log(how["factor"]) if logs else how["share"] * (high - low)
    median: Any = field.default
    return Prior(name, float(median), float(step) / NINETY, logs, low, high)
