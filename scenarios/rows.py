"""Rows of tables and blocks of YAML that know where they stand, so that a refusal can say so in one line."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from scenarios.words import unknown

CONFIDENCE = ("A", "B", "C")
"""A read in a source, B inferred from class A figures, C a judgement or general knowledge."""


class Row:
    """Named values of one row or block.

    Every reader raises ValueError with one line: the place, what came, and what was expected.
    """

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        self.where = where
        self._values = values

    def refusal(self, line: str) -> ValueError:
        """The error for something wrong with this row."""
        return ValueError(f"{self.where}: {line}")

    def has(self, name: str) -> bool:
        """Whether a value is given."""
        return self._values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A text, or the default where nothing is given."""
        return str(self._values[name]).strip() if self.has(name) else default

    def one_of(self, name: str, known: Collection[str]) -> str:
        """A name out of a set of known ones."""
        came = self.text(name)
        if came not in known:
            raise self.refusal(unknown(name, came, known))
        return came

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        """A number within bounds."""
        if not self.has(name):
            if default is None:
                raise self.refusal(f"{name} is missing, expected a number between {low:g} and {high:g}")
            return default
        try:
            value = float(self._values[name])
        except (TypeError, ValueError):
            raise self.refusal(f"{name} is {self._values[name]!r}, expected a number") from None
        if not low <= value <= high:
            raise self.refusal(f"{name} is {value:g}, expected between {low:g} and {high:g}")
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.number(name, low, high)
        if value != int(value):
            raise self.refusal(f"{name} is {value:g}, expected a whole number")
        return int(value)

    def estimate(self, name: str, low: float, high: float) -> float:
        """The best guess `name` of a row that also has ``low``, ``high``, ``source`` and ``confidence``."""
        best = self.number(name, low, high)
        least, most = self.number("low", low, high), self.number("high", low, high)
        if not least <= best <= most:
            raise self.refusal(f"low {least:g}, {name} {best:g}, high {most:g}: expected low <= {name} <= high")
        self.cited()
        return best

    def cited(self) -> None:
        """Refuse a row without a source or a class of confidence."""
        if not self.has("source"):
            raise self.refusal("source is missing, expected a key of a source, or 'judgement'")
        self.one_of("confidence", CONFIDENCE)

    def day(self, name: str, default: date) -> date:
        """A day, or the default where nothing is given."""
        if not self.has(name):
            return default
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise self.refusal(f"{name} is {self.text(name)!r}, expected a date such as 2022-02-17") from None

    def holds_on(self, day: date) -> bool:
        """Whether a day lies between ``from`` and ``to``, both included; an empty bound is open."""
        first, last = self.day("from", date.min), self.day("to", date.max)
        if last < first:
            raise self.refusal(f"to is {last}, expected no earlier than from ({first})")
        return first <= day <= last

    def block(self, name: str) -> Row:
        """A block inside this one."""
        values = self._values.get(name)
        if not isinstance(values, Mapping):
            raise self.refusal(f"{name} is {values!r}, expected a block of values")
        return Row(f"{self.where}.{name}", values)

    def keys(self) -> list[str]:
        """Names of the values."""
        return [str(key) for key in self._values]

    def blocks(self, name: str) -> Iterator[tuple[str, Row]]:
        """Named blocks inside a block of this one."""
        inside = self.block(name)
        for key in inside._values:
            yield str(key), inside.block(str(key))

    def items(self, name: str) -> list[Any]:
        """A list."""
        came = self._values.get(name)
        if not isinstance(came, list):
            raise self.refusal(f"{name} is {came!r}, expected a list")
        return came

    def only(self, names: Collection[str]) -> None:
        """Refuse a key that means nothing."""
        for key in self._values:
            if key not in names:
                raise self.refusal(unknown("key", key, names))


def read_table(path: Path, columns: str) -> list[Row]:
    """Rows of a CSV table whose header has to be `columns`, words in this order.

    Raises:
        ValueError: the table is missing, or its header or a row's length is another.
    """
    if not path.is_file():
        raise ValueError(f"{path}: the table is missing")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    expected = columns.split()
    if header != expected:
        raise ValueError(f"{path.name}: the header is {','.join(header)}, expected {','.join(expected)}")
    for line, row in enumerate(rows, start=2):
        if len(row) != len(expected):
            raise ValueError(f"{path.name}, row {line}: {len(row)} values, expected {len(expected)}")
    return [Row(f"{path.name}, row {n}", dict(zip(header, row, strict=True))) for n, row in enumerate(rows, start=2)]


def read_blocks(path: Path) -> Row:
    """A YAML file as one row of blocks.

    Raises:
        ValueError: the file is missing or no YAML mapping.
    """
    if not path.is_file():
        raise ValueError(f"{path}: the file is missing")
    try:
        values = _parsed(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name}: no valid YAML ({' '.join(str(error).split())})") from None
    if not isinstance(values, Mapping):
        raise ValueError(f"{path.name}: expected named blocks")
    return Row(path.name, values)


@lru_cache(maxsize=4)
def _parsed(text: str) -> Any:
    """What YAML says. A start reads the order of battle several times; nobody changes what came of it."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
