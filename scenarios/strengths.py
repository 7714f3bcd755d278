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


def strengths_on(paths: Iterable[Path], roster: Roster, day: date) -> dict[str, Strength]:
    """Strength of each organisation (and coalition) that the tables have, straight between their dated rows.

    Before the first row and after the last their figures hold. Rows without a best figure are
    evidence for readers and take no part. Rows of a coalition are totals to compare with. A row stands in place of
    one of the same name and day in a table before its own.

    Raises:
        ValueError: a name is unknown, a day comes twice in a table, or low, best and high are out of order, in one
            line.
    """
    dated: dict[str, dict[int, Strength]] = {}
    for path in paths:
        for name, rows in _dated(path, {*roster.ids, *roster.coalitions}).items():
            dated.setdefault(name, {}).update(rows)
    return {name: _between(rows.items(), day.toordinal()) for name, rows in dated.items()}


def _dated(path: Path, known: set[str]) -> dict[str, dict[int, Strength]]:
    """Rows of one table by name and day."""
    found: dict[str, dict[int, Strength]] = {}
    for row in read_table(path, COLUMNS):
        own = found.setdefault(row.one_of("organisation", known), {})
        moment = row.day("date", date.min).toordinal()
        row.cited()
        if not row.has("best"):
            continue
        if moment in own:
            raise row.refusal(
                f"{row.text('organisation')} has a row of {row.text('date')} already, expected another day"
            )
        own[moment] = _strength(row)
    return {name: rows for name, rows in found.items() if rows}


def _strength(row: Row) -> Strength:
    row.estimate("best", 0, 1e6)
    return Strength(*(row.number(column, 0, 1e6) for column in Strength._fields))


def _between(rows: Iterable[tuple[int, Strength]], day: int) -> Strength:
    ordered = sorted(rows)
    days = [moment for moment, _ in ordered]
    return Strength(*(float(np.interp(day, days, column)) for column in zip(*(s for _, s in ordered), strict=True)))
