"""Keys of charts: samples with their words, set in rows that fit the page, and numbered lines below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from experiments.figures import style
from experiments.figures.lettering import broken, width_of
from experiments.figures.style import Plate

SAMPLE = 0.3
"""Inches that a sample is wide."""

INDENT = SAMPLE + 0.07
"""Inches from the left edge of a sample to its words."""

ROW, LINE, GAP = 0.19, 0.135, 0.24
"""Inches from row to row, from line to line of text, and between entries."""


class Entry(NamedTuple):
    """A sample and its words; a `look` with a face colour is a box, any other a line."""

    label: str
    look: dict[str, Any]

    @property
    def width(self) -> float:
        """Inches that sample and words take."""
        return INDENT + max(width_of(line, style.SMALL) for line in self.label.split("\n"))


class Key(NamedTuple):
    """Entries with their places, in inches from the upper left corner, and lines of text below them."""

    places: list[tuple[Entry, float, float]]
    lines: list[str]
    deep: float = 0.0  # inches that the entries take

    @property
    def height(self) -> float:
        """Inches that the key takes."""
        return 0.1 + self.deep + (0.06 if self.lines else 0.0) + LINE * len(self.lines)

    def draw(self, plate: Plate, left: float, top: float) -> None:
        """Draw the key with its upper left corner at (left, top), inches from the lower left of the page."""
        for entry, right, down in self.places:
            _sample(plate, entry.look, left + right, top - down - ROW / 2)
            for number, words in enumerate(entry.label.split("\n")):
                _write(plate, left + right + INDENT, top - down - ROW / 2 - LINE * number, words, va="center_baseline")
        low = top - self.deep - 0.06
        for number, line in enumerate(self.lines):
            _write(plate, left, low - LINE * number, line, va="top")


def key_of(rows: Sequence[Sequence[Entry]], lines: Sequence[str], room: float) -> Key:
    """A key no wider than `room` inches; each of `rows` begins on a new row and runs over where it must."""
    places: list[tuple[Entry, float, float]] = []
    top = 0.0
    for row in rows:
        left, deep = 0.0, ROW
        for entry in (_broken(entry, room) for entry in row):
            if left and left + entry.width > room:
                left, top, deep = 0.0, top + deep, ROW
            places.append((entry, left, top))
            left, deep = left + entry.width + GAP, max(deep, ROW + LINE * entry.label.count("\n"))
        top += deep
    return Key(places, list(lines), top)


def _broken(entry: Entry, room: float) -> Entry:
    return Entry("\n".join(broken(entry.label, room - INDENT, style.SMALL)), entry.look)


def _sample(plate: Plate, look: dict[str, Any], left: float, middle: float) -> None:
    wide, high = plate.get_size_inches()
    if "facecolor" in look or "fc" in look:
        corner = (left / wide, (middle - 0.055) / high)
        box = Rectangle(corner, SAMPLE / wide, 0.11 / high, transform=plate.transFigure, **{"lw": 0, **look})
        plate.add_artist(box)
    else:
        ends, level = [left / wide, (left + SAMPLE) / wide], [middle / high] * 2
        plate.add_artist(Line2D(ends, level, transform=plate.transFigure, **look))


def _write(plate: Plate, left: float, top: float, text: str, **kind: Any) -> None:
    wide, high = plate.get_size_inches()
    plate.text(left / wide, top / high, text, size=style.SMALL, parse_math=False, **kind)
