"""Keys of the maps: blocks of swatches, each measured before the page is made, set in rows that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from experiments.figures import style
from experiments.figures.cells import LOWER_RIGHT, SQUARE, attack_look, control_look, support_look
from experiments.figures.lettering import width_of
from experiments.language import tr

BOX = (0.30, 0.17)
"""Width and height of a swatch in inches."""

LINE = 0.195
"""Inches from one entry to the next."""

GAP = 0.28
"""Inches between columns and between blocks."""

INDENT = BOX[0] + 0.08
"""Inches from the left edge of a swatch to its words."""

EDGE = "#8A867E"


class Swatch(NamedTuple):
    """An entry of a key: a box in some look, perhaps with a mark on it, and its words."""

    label: str
    look: dict[str, Any]
    mark: str = ""
    half: dict[str, Any] | None = None  # look of the lower right half

    @property
    def width(self) -> float:
        """Inches that box and words take."""
        return INDENT + width_of(self.label, style.SMALL)


class Pen:
    """Writes on axes in inches from their upper left corner."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.width, self.height = style.inches(axes)
        axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        axes.set_axis_off()

    def write(self, x: float, y: float, text: str, **kind: Any) -> None:
        """Put words at (x, y), middle of the line."""
        self.axes.text(x, y, text, **{"size": style.SMALL, "va": "center", "parse_math": False, **kind})

    def box(self, x: float, y: float, look: dict[str, Any], corners: Any = SQUARE) -> None:
        """Draw a swatch whose left edge is at x and whose middle is at y."""
        ring = corners * [2, -2] * np.array(BOX) + [x + BOX[0] / 2, y]
        self.axes.add_artist(Polygon(ring, **{"linewidth": 0, **look}))
        frame = SQUARE * [2, -2] * np.array(BOX) + [x + BOX[0] / 2, y]
        self.axes.add_artist(Polygon(frame, facecolor="none", edgecolor=EDGE, linewidth=0.5))

    def entry(self, x: float, y: float, swatch: Swatch) -> None:
        """Draw a swatch with its words."""
        self.box(x, y, swatch.look)
        if swatch.half:
            self.box(x, y, swatch.half, LOWER_RIGHT)
        if swatch.mark:
            self.axes.plot(x + BOX[0] / 2, y, swatch.mark, ms=5, mew=1.0, color=style.INK)
        self.write(x + INDENT, y, swatch.label)


class Block(NamedTuple):
    """A part of a key that stays together; sizes in inches."""

    width: float
    height: float
    draw: Callable[[Pen, float, float], None]  # at the left and upper edge


class Key(NamedTuple):
    """Blocks with the place (left, top) of each, in inches from the upper left corner."""

    blocks: list[tuple[Block, float, float]]
    height: float

    def draw(self, axes: Axes) -> None:
        """Draw all blocks on axes as wide as the key was set for."""
        pen = Pen(axes)
        for block, left, top in self.blocks:
            block.draw(pen, left, top)


def key_of(blocks: Sequence[Block], room: float) -> Key:
    """Set blocks in rows no wider than `room` inches."""
    placed: list[tuple[Block, float, float]] = []
    left = top = tall = 0.0
    for block in blocks:
        if left and left + block.width > room:
            left, top, tall = 0.0, top + tall + 0.1, 0.0
        placed.append((block, left, top))
        left, tall = left + block.width + GAP, max(tall, block.height)
    return Key(placed, top + tall)


def swatches(title: str, entries: Sequence[Swatch], room: float, columns: int = 0) -> Block:
    """A titled list of swatches, in as many columns as `room` inches hold, up to `columns` (0: five)."""
    wide = max(entry.width for entry in entries) + GAP
    columns = max(1, min(columns or 5, len(entries), int((room + GAP) / wide)))
    rows = -(-len(entries) // columns)
    head = LINE if title else 0.0

    def draw(pen: Pen, left: float, top: float) -> None:
        pen.write(left, top + 0.1, title, weight="bold")
        for index, swatch in enumerate(entries):
            column, row = divmod(index, rows)
            pen.entry(left + column * wide, top + 0.1 + head + LINE * row, swatch)

    width = max(columns * wide - GAP, width_of(title, style.SMALL, bold=True))
    return Block(width, head + LINE * rows, draw)


def zone_table(families: Sequence[str]) -> Block:
    """The key of control-of-terrain maps: a table of zones by actor."""
    columns = ((tr("Control"), control_look), (tr("Support\nzone"), support_look), (tr("Attack\nzone"), attack_look))
    steps = [max([BOX[0], *(width_of(line, style.SMALL) for line in title.split("\n"))]) for title, _ in columns]
    edges = np.cumsum([0, *(step + 0.1 for step in steps)])
    names = [style.ACTORS[family].label for family in families]

    def draw(pen: Pen, left: float, top: float) -> None:
        for (title, look), edge, step in zip(columns, edges, steps, strict=False):
            pen.write(left + edge + step / 2, top + 0.14, title, ha="center", linespacing=1.0)
            for row, family in enumerate(families):
                pen.box(left + edge + (step - BOX[0]) / 2, top + 0.40 + LINE * row, look(family))
        for row, name in enumerate(names):
            pen.write(left + edges[-1], top + 0.40 + LINE * row, name)

    width = float(edges[-1]) + max((width_of(name, style.SMALL) for name in names), default=0.0)
    return Block(width, 0.32 + LINE * len(families), draw)


def other_ground(room: float, *, doubt: bool = True) -> Block:
    """The rest of the key of control-of-terrain maps; `doubt` adds the dot of cells on which few replicates agree."""
    state, nobody = control_look("state"), {"facecolor": style.GROUND}
    entries = [
        Swatch(tr("State-held"), state),
        Swatch(tr("Contested by the two"), control_look("jnim"), half=state),
        Swatch(tr("Held by nobody"), nobody),
        *([Swatch(tr("Fewer than half agree"), nobody, "o")] if doubt else []),
        Swatch(tr("Outside the region"), {"facecolor": style.NEIGHBOUR}),
    ]
    return swatches("", entries, room, columns=1)
