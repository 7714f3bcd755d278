"""Coincidence: whether two groups attack the same enemy at the same time more often than independent timing gives.

A place is a cell, a time a week. In each place of each replicate, group a attacks in n_a of T weeks, group b in n_b,
and both in n_ab of them. Were their weeks independent of each other, given where each attacks, both would be expected
in n_a n_b / T weeks. The statistic is the ratio of sums over places and replicates,

    sum n_ab / sum (n_a n_b / T),

1 under independence. That both like the same places does not raise it; that both fight more in one part of the span
than in another does. A single replicate has too few events for a ratio, so the ensemble has one, with an interval
from replicates drawn with replacement (bootstrap: Efron 1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.facts.records import Records, Values, fits
from sim.state import Field

DRAWS = 1000
"""Ensembles that are drawn for the interval."""

Attacks = set[tuple[int, int]]
"""(place, week) in which there was at least one attack."""


def counted(first: Attacks, second: Attacks, weeks: int) -> tuple[int, float]:
    """Places and weeks in which both attack, and how many independent timing would give.

    >>> counted({(7, 0), (7, 1), (8, 0)}, {(7, 1), (9, 1)}, weeks=4)
    (1, 0.5)
    """
    both = {place for place, _ in first} & {place for place, _ in second}
    expected = sum(_weeks_at(first, place) * _weeks_at(second, place) / weeks for place in both)
    return len(first & second), float(expected)


def ratios(observed: Sequence[float], expected: Sequence[float]) -> Values:
    """Ratio of sums over ensembles of replicates drawn with replacement; empty where nothing is expected at all."""
    seen, due = np.asarray(observed, np.float64), np.asarray(expected, np.float64)
    if not due.sum() > 0:
        return np.empty(0)
    chosen = np.random.default_rng(1).integers(0, len(due), (DRAWS, len(due)))
    sums = due[chosen].sum(axis=1)
    return np.asarray(seen[chosen].sum(axis=1)[sums > 0] / sums[sums > 0])


def coincidence(how: Mapping[str, Any], records: Records) -> Values:
    """The ratio of a measure with ``coincidence``, of 1000 ensembles."""
    asked = how["coincidence"]
    weeks = int(records.span(how["from"], how["to"]).sum())
    pairs = [_pair(rows, records, asked, (how["from"], how["to"])) for rows in records.sample]
    told = [counted(first, second, weeks) for first, second in pairs]
    return ratios([n for n, _ in told], [e for _, e in told])


def _pair(rows: Any, records: Records, asked: Mapping[str, Any], span: tuple[date, date]) -> tuple[Attacks, Attacks]:
    """Attacks of both groups in one replicate."""
    inside = [row for row in rows if span[0] <= row.monday <= span[1]]
    found: list[Attacks] = []
    for side in ("first", "second"):
        wanted = {"side_a": asked[side], "side_b": asked["against"], "region": asked["region"]}
        found.append({_at(row.monday, row.values) for row in inside if fits(records.setup, row.values, wanted)})
    return found[0], found[1]


def _at(monday: date, values: NDArray[np.int32]) -> tuple[int, int]:
    return int(values[Field.CELL]), monday.toordinal()


def _weeks_at(attacks: Attacks, place: int) -> int:
    return sum(cell == place for cell, _ in attacks)
