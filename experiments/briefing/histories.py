"""The two histories as ``history.txt`` of a run folder tells them, and what only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from experiments.figures.retelling import retold

_RULE = "rule"
_LINE = re.compile(r"(\d{4}-\d\d-\d\d|rule)\s+(.*)")
_BEFORE = re.compile(r" \(Before the start: .*\)$")


@dataclass(frozen=True)
class Line:
    """One event or rule.

    Attributes:
        when: day of the event; None for a rule.
        text: its sentence in English.
        before: whether it begins before the run, so that the order of battle has it already.
    """

    when: date | None
    text: str
    before: bool = False

    def told(self) -> str:
        """The sentence in the language in use."""
        return retold(self.text)


@dataclass(frozen=True)
class Told:
    """One history: its name, its title and its lines in order."""

    name: str
    title: str
    lines: tuple[Line, ...]

    def beside(self, other: Told) -> tuple[Line, ...]:
        """Lines that the other history does not have."""
        theirs = {(line.when, line.text) for line in other.lines}
        return tuple(line for line in self.lines if (line.when, line.text) not in theirs)


def histories(folder: Path) -> tuple[Told, ...]:
    """The histories of a run folder; none if it has no ``history.txt``."""
    path = folder / "history.txt"
    if not path.is_file():
        return ()
    parts = path.read_text(encoding="utf-8").strip().split("\n\n")
    return tuple(_history(part.splitlines()) for part in parts if part.strip())


def _history(lines: list[str]) -> Told:
    name, _, title = lines[0].partition(": ")
    return Told(name, title or name, tuple(_lines(lines[1:])))


def _lines(lines: list[str]) -> Iterator[Line]:
    for line in lines:
        found = _LINE.fullmatch(line.strip())
        if found:
            when, text = found.groups()
            day = None if when == _RULE else date.fromisoformat(when)
            yield Line(day, _BEFORE.sub("", text), bool(_BEFORE.search(text)))
