"""Parameter table: weighted draws of parameters, such as a posterior, of which every replicate takes one.

Replicate `r` takes the draw in which the cumulative weights pass

    u(r) = (u(0) + r / golden ratio) mod 1,   u(0) one uniform number of the seed

a sequence of low discrepancy (Kronecker; Niederreiter 1992): the first replicates of any number use the draws in
proportion to their weights, nearly without repeating one. It depends on seed and replicate alone, not on blocks,
workers or resumption, and all histories of a replicate share it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scenarios.draws import unit_draw
from scenarios.mechanisms import Value, check_parameters
from sim.parameters import Parameters

STEP = (np.sqrt(5.0) - 1.0) / 2.0
"""One over the golden ratio."""

OBSERVATION = "observation"
"""Not a process of the week: parameters of what is recorded, which only comparisons with records read."""


@dataclass(frozen=True, eq=False)
class ParameterTable:
    """Weighted draws of parameters.

    Attributes:
        names: process and parameter of each column.
        values: (draw, column).
        weights: of the draws, which sum to 1, (draw,).

    Raises:
        ValueError: there are no draws, or weights are no weights; one line.
    """

    names: tuple[tuple[str, str], ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not len(self.values) or not self.names:
            raise ValueError("the table of parameters is empty, expected a row for each draw")
        if not np.isfinite(self.weights).all() or self.weights.min() < 0.0 or self.weights.sum() <= 0.0:
            raise ValueError("weights of the table of parameters are wrong, expected numbers from 0 on, not all 0")
        for number, values in enumerate(self.values.tolist(), start=1):
            row = nested(self.names, values)
            row.pop(OBSERVATION, None)  # checked where it is read
            check_parameters(row, f"table of parameters, draw {number}")

    def draw(self, seed: int, replicate: int) -> int:
        """Row of the draw that a replicate takes."""
        start = unit_draw(np.array([seed, 0], np.uint64), "parameter table")
        bounds = np.cumsum(self.weights) / self.weights.sum()
        at = np.searchsorted(bounds, (start + replicate * STEP) % 1.0, side="right")
        return int(min(at, np.flatnonzero(self.weights)[-1]))

    def values_of(self, process: str, draw: int) -> dict[str, float]:
        """Values of the parameters of one process in one draw."""
        own = zip(self.names, self.values[draw].tolist(), strict=True)
        return {name: value for (of, name), value in own if of == process}

    def put[P: Parameters](
        self, each: Sequence[P], process: str, keys: NDArray[np.uint64], fixed: Collection[str]
    ) -> list[P]:
        """Parameters of a process with the values that the table has for them.

        Args:
            each: parameters by replicate.
            process: its name.
            keys: seed and replicate of each, (replicate, 2).
            fixed: names of parameters that somebody set, which the table leaves alone.
        """
        drawn = [self.values_of(process, self.draw(int(seed), int(replicate))) for seed, replicate in keys]
        kept = [{name: value for name, value in values.items() if name not in fixed} for values in drawn]
        return [replace(own, **values) for own, values in zip(each, kept, strict=True)]


def nested(names: Sequence[tuple[str, str]], values: Sequence[float]) -> dict[str, dict[str, Value]]:
    """Values by process and parameter.

    >>> nested([("encounters", "rate"), ("encounters", "kill")], [0.2, 0.1])
    {'encounters': {'rate': 0.2, 'kill': 0.1}}
    """
    found: dict[str, dict[str, Value]] = {}
    for (process, name), value in zip(names, values, strict=True):
        found.setdefault(process, {})[name] = value
    return found
