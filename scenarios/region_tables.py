"""Tables of the region as columns, with errors that name the file, the line and what was expected."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Table(NamedTuple):
    """A CSV table by column. Every method raises ValueError in one line for a value that does not fit."""

    path: Path
    columns: dict[str, list[str]]

    def text(self, column: str) -> list[str]:
        """A column as it stands."""
        return self.columns[column]

    def whole(self, column: str) -> NDArray[np.int64]:
        """A column of whole numbers."""
        return np.array(self._parsed(column, int, "a whole number"), dtype=np.int64)

    def real(self, column: str) -> NDArray[np.float64]:
        """A column of numbers."""
        return np.array(self._parsed(column, float, "a number"), dtype=np.float64)

    def ascending(self, column: str, strictly: bool) -> NDArray[np.int64]:
        """A column of whole numbers that must not fall from line to line, nor stay where `strictly`."""
        numbers = self.whole(column)
        wrong = np.flatnonzero(np.diff(numbers) < int(strictly))
        if len(wrong):
            line = int(wrong[0]) + 3
            raise ValueError(
                f"{self.path}: line {line}: {column} {numbers[line - 2]} is out of order, expected ascending"
            )
        return numbers

    def codes(self, column: str, names: Sequence[str]) -> NDArray[np.int32]:
        """Position of each value in `names`."""
        position = {name: i for i, name in enumerate(names)}
        return np.array(self._parsed(column, position.__getitem__, f"one of {len(names)} known names"), dtype=np.int32)

    def cell(self, column: str, gid: NDArray[np.int64]) -> NDArray[np.int32]:
        """Position in `gid` (ascending) of each cell id in a column."""
        numbers = self.whole(column)
        found = np.minimum(np.searchsorted(gid, numbers), len(gid) - 1)
        strange = np.flatnonzero(gid[found] != numbers)
        if len(strange):
            line = int(strange[0]) + 2
            raise ValueError(f"{self.path}: line {line}: {column} is {numbers[line - 2]}, expected a cell of cells.csv")
        return found.astype(np.int32)

    def _parsed(self, column: str, parse: Callable[[str], Any], expected: str) -> list[Any]:
        found = []
        for line, value in enumerate(self.columns[column], start=2):
            try:
                found.append(parse(value))
            except (ValueError, KeyError):
                raise ValueError(f"{self.path}: line {line}: {column} is {value!r}, expected {expected}") from None
        return found


def read_table(path: Path, *columns: str) -> Table:
    """Read a CSV table that has at least these columns.

    Raises:
        ValueError: the file or a column is missing, or a line has too few or too many fields.
    """
    if not path.is_file():
        raise ValueError(f"{path}: the table is missing")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise ValueError(f"{path}: column {missing[0]} is missing, got {', '.join(header) or 'nothing'}")
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ValueError(f"{path}: line {line} has {len(row)} fields, expected {len(header)}")
    return Table(path, {name: [row[i] for row in rows] for i, name in enumerate(header)})
