"""Variants: one pair of histories under posterior draws and rival structures, sharing the world and all chance.

Every variant of a scenario runs the same replicates with the same draws, so that signs differ by structure and
parameters alone. Only the numbers of outcomes are kept, not the recorded arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.building import case_of, change, coordinates
from experiments.expected import Expectation, window
from experiments.layout import Array, Coordinates
from experiments.manifest import fingerprint
from experiments.outcomes import OUTCOMES, Outcome
from experiments.settings import Settings
from experiments.values import CONF, digest
from scenarios.build import Setup, build
from scenarios.mechanisms import OFF, STANDARD, mechanisms

AFTER = 52
"""Weeks after the change in which outcomes are taken."""

DEFAULT, POSTERIOR, RIVAL = "default", "posterior", "rival"


@dataclass(frozen=True)
class Variant:
    """Other parameters or another structure.

    Attributes:
        name: such as ``default``, ``posterior`` or ``pressure=off``.
        kind: `DEFAULT`, `POSTERIOR` or `RIVAL`.
        settings: of the run.
    """

    name: str
    kind: str
    settings: Settings


@dataclass(frozen=True)
class Asked:
    """One number of a replicate: an outcome in weeks `start` to `stop - 1`.

    Attributes:
        name: of the outcome, or of the expectation with the number of its measure.
        outcome: how it comes from what is recorded.
        start: first week of the run.
        stop: the one after the last.
    """

    name: str
    outcome: Outcome
    start: int
    stop: int


def rivals(settings: Settings, only: Sequence[str] = (), *, off: bool = True) -> list[Variant]:
    """Every option of every mechanism but the standard, one at a time.

    Args:
        settings: of the default.
        only: mechanisms; all of them if empty.
        off: whether to take mechanisms away, too.
    """
    without = {STANDARD} if off else {STANDARD, OFF}
    named = [(m, o) for m, options in mechanisms(CONF).items() for o in options if o not in without]
    chosen = [(m, o) for m, o in named if not only or m in only]
    return [Variant(f"{m}={o}", RIVAL, replace(settings, mechanisms={**settings.mechanisms, m: o})) for m, o in chosen]


class Pair:
    """A scenario with its counterfactual, built once for all variants, run no longer than outcomes need.

    Args:
        settings: of the default.
        expectations: what sources expect of the scenario; their measures are taken too.

    Raises:
        ValueError: the scenario has no counterfactual or cannot be built; one line.
    """

    def __init__(self, settings: Settings, expectations: Sequence[Expectation]) -> None:
        case = case_of(settings)
        if len(case.histories) < 2:
            raise ValueError(f"scenario '{settings.scenario}' has no counterfactual, expected one to compare it with")
        whole = build(replace(case, map_dates=None))
        self.change = change(whole) or 0
        self.asked = _asked(coordinates(whole), self.change, expectations)
        weeks = max(asked.stop for asked in self.asked)
        self.setup = build(replace(case, weeks=weeks, map_dates=None))
        self.names = coordinates(self.setup)

    def values(self, variant: Variant, folder: Path) -> pd.DataFrame:
        """Columns name, replicate, scenario, counterfactual; read from `folder` if they were computed before."""
        path = (
            folder / f"{variant.settings.scenario}-{variant.name.replace('=', '-')}-{self._mark(variant)[:8]}.parquet"
        )
        if path.is_file():
            return pd.read_parquet(path)
        frame = self._computed(variant)
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        frame.to_parquet(partial, index=False)
        partial.replace(path)
        return frame

    def _mark(self, variant: Variant) -> str:
        asked = [[a.name, a.outcome.array, str(a.outcome.where), a.start, a.stop] for a in self.asked]
        return digest([fingerprint(variant.settings), variant.settings.replicates, asked])

    def _computed(self, variant: Variant) -> pd.DataFrame:
        case = replace(case_of(variant.settings), weeks=self.setup.weeks, map_dates=None)
        setup = replace(self.setup, case=case)
        with ThreadPoolExecutor(variant.settings.workers) as pool:
            parts = list(pool.map(lambda span: self._block(setup, *span), _blocks(variant.settings)))
        return pd.concat(parts, ignore_index=True)

    def _block(self, setup: Setup, first: int, count: int) -> pd.DataFrame:
        arrays = setup.block(first, count).arrays
        return pd.concat([self._taken(asked, arrays, first) for asked in self.asked], ignore_index=True)

    def _taken(self, asked: Asked, arrays: Mapping[str, Array], first: int) -> pd.DataFrame:
        outcome, array = asked.outcome, arrays[asked.outcome.array]
        steps = self.names.steps(outcome.array, asked.start, asked.stop)
        found: list[NDArray[np.float64]] = [
            outcome.value(outcome.series(array[h], self.names), steps) for h in range(2)
        ]
        replicates = np.arange(first, first + array.shape[1])
        return pd.DataFrame(
            {"name": asked.name, "replicate": replicates, "scenario": found[0], "counterfactual": found[1]}
        )


def _asked(names: Coordinates, at: int, expectations: Sequence[Expectation]) -> list[Asked]:
    """Headline outcomes after the change, and the measures of expectations in their own windows."""
    stop = min(at + AFTER, len(names.week))
    found = [
        Asked(o.name, o, at, stop)
        for o in OUTCOMES
        if o.headline and o.exists(names) and len(names.steps(o.array, at, stop))
    ]
    for expectation in expectations:
        for number, measure in enumerate(expectation.measures):
            begin, end = (0, stop) if measure.weeks is None else window(measure, names, at)
            found.append(Asked(f"{expectation.id}/{number}", measure.outcome, begin, end))
    return found


def _blocks(settings: Settings) -> Iterator[tuple[int, int]]:
    """First replicate and count of each block: one for each worker, none larger than a run's."""
    size = min(settings.block, -(-settings.replicates // settings.workers))
    for first in range(0, settings.replicates, size):
        yield first, min(size, settings.replicates - first)


def described(asked: Asked, expectations: Mapping[str, Expectation]) -> dict[str, Any]:
    """Label and unit of a number."""
    name, _, number = asked.name.partition("/")
    if number:
        return {"label": expectations[name].text, "expected": expectations[name].measures[int(number)].told()}
    unit = f" ({asked.outcome.unit})" if asked.outcome.unit in ("km2", "probability") else ""
    return {"label": asked.outcome.label + unit, "expected": ""}
