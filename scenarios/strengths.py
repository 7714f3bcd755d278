"""Strengths on a day, interpolated between the dated estimates of ``strengths.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scenarios.roster import Roster
from scenarios.rows import Row, read_table

COLUMNS = "organisation date low best high source confidence note"


class Strength(NamedTuple):
    """Fighters or troops of an organisation or a coalition."""

    low: float
    best: float
    high: float


def strengths_on(path: Path, roster: Roster, day: date) -> dict[str, Strength]:
    """Strength of each organisation (and coalition) that the table has, straight between its dated rows.

    Before the first row and after the last their figures hold. Rows without a best figure are
    evidence for readers and take no part. Rows of a coalition are totals to compare with.

    Raises:
        ValueError: a name is unknown, or low, best and high are out of order, in one line.
    """
    known = {*roster.ids, *roster.coalitions}
    dated: dict[str, list[tuple[int, Strength]]] = {}
    for row in read_table(path, COLUMNS):
        name = row.one_of("organisation", known)
        moment = row.day("date", date.min).toordinal()
        row.cited()
        if row.has("best"):
            dated.setdefault(name, []).append((moment, _strength(row)))
    return {name: _between(rows, day.toordinal()) for name, rows in dated.items()}


def _strength(row: Row) -> Strength:
    row.estimate("best", 0, 1e6)
    return Strength(*(row.number(column, 0, 1e6) for column in Strength._fields))


def _between(rows: Iterable[tuple[int, Strength]], day: int) -> Strength:
    ordered = sorted(rows)
    days = [moment for moment, _ in ordered]
    return Strength(*(float(np.interp(day, days, column)) for column in zip(*(s for _, s in ordered), strict=True)))
