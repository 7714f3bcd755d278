"""Pairs: how much common random numbers are worth, as variance of unpaired over paired differences."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.bench_measures import BLOCK, Row, setup_of
from experiments.outcomes import OUTCOMES, Outcome
from experiments.store import first_difference
from scenarios.build import Setup

CHANGES = (
    ("french_withdrawal", "french_stay"),
    ("minusma_exit", "minusma_stays"),
    ("issp_jnim_truce", "no_truce"),
)
"""Scenarios and their counterfactuals."""

MAIN = (
    "deaths", "attacks_jnim", "attacks_issp", "people_jnim", "area_jnim", "people_issp", "area_issp", "people_mali",
    "area_mali",
)  # fmt: skip
"""Names of the main outcomes, see `experiments.outcomes`."""

AFTER = 26
"""Weeks after the change."""

SHIFTS = 10
"""Unpaired differences are means over this many shifts of the replicate number."""

Values = NDArray[np.float64]


def common_random_numbers(names: tuple[str, str], pairs: int) -> list[Row]:
    """The ratio of variances of each main outcome, in the `AFTER` weeks from the first week that differs."""
    change = parting(names)
    if change is None:
        return [Row("the histories never differ", "-", "above 4", False)]
    setup = setup_of(*names, weeks=change + AFTER)
    found = values(setup, pairs, change)
    ratios = {outcome.label: ratio(*found[outcome.name]) for outcome in OUTCOMES if outcome.name in MAIN}
    rows = [_row(label, r) for label, r in ratios.items()]
    middle = float(np.nanmedian(list(ratios.values())))
    return [*rows, _row(f"median of these (change: {setup.mondays[change]})", middle)]


def parting(names: tuple[str, str], replicates: int = BLOCK) -> int | None:
    """First week in which two histories differ in any of some replicates."""
    return first_difference(setup_of(*names).block(0, replicates).arrays)


def values(setup: Setup, pairs: int, change: int) -> dict[str, tuple[Values, Values]]:
    """Main outcomes of both histories after the change, each (replicate,)."""
    from experiments.building import coordinates

    axes, window = coordinates(setup), slice(change, setup.weeks)
    chosen = [outcome for outcome in OUTCOMES if outcome.name in MAIN]

    def made(first: int) -> Values:
        arrays = setup.block(first, min(BLOCK, pairs - first)).arrays
        return np.array([[_value(o, arrays[o.array][h], axes, window) for h in (0, 1)] for o in chosen])

    starts = range(0, pairs, BLOCK)
    with ThreadPoolExecutor(2) as pool:
        blocks = list(tqdm(pool.map(made, starts), total=len(starts), unit=" blocks", delay=2, file=sys.stderr))
    joined = np.concatenate(blocks, axis=2)
    return {outcome.name: (joined[i, 0], joined[i, 1]) for i, outcome in enumerate(chosen)}


def ratio(scenario: Values, baseline: Values) -> float:
    """Variance of differences between unlike replicates over that between like ones; nan if nothing differs."""
    paired = float((scenario - baseline).var(ddof=1))
    shifts = range(1, min(SHIFTS, len(scenario) - 1) + 1)
    unpaired = float(np.mean([(scenario - np.roll(baseline, shift)).var(ddof=1) for shift in shifts]))
    return unpaired / paired if paired > 0 else float("nan")


def _row(label: str, found: float) -> Row:
    if np.isnan(found):
        return Row(label, "-", "above 4")
    return Row(label, f"{found:.1f}", "above 4", found > 4)


def _value(outcome: Outcome, array: NDArray[np.float64], axes: object, window: slice) -> Values:
    return outcome.value(outcome.series(array, axes), window)  # type: ignore[arg-type]
