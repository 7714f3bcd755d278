"""Keys of the maps: swatches sized in inches, and the table of zones by actor."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from experiments.figures import style
from experiments.figures.cells import LOWER_RIGHT, SQUARE, attack_look, control_look, support_look

BOX = (0.30, 0.17)
"""Width and height of a swatch in inches."""

LINE = 0.225
"""Inches from one entry to the next."""

EDGE = "#8A867E"


class Swatch(NamedTuple):
    """An entry of a key: a box in some look, perhaps with a mark on it, and its words."""

    label: str
    look: dict[str, Any]
    mark: str = ""


class Pen:
    """Writes on axes in inches from their upper left corner."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.width, self.height = style.inches(axes)
        axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        axes.set_axis_off()

    def write(self, x: float, y: float, text: str, **kind: Any) -> None:
        """Put words at (x, y), middle of the line."""
        self.axes.text(x, y, text, **{"size": style.SMALL, "va": "center", **kind})

    def box(self, x: float, y: float, look: dict[str, Any], corners: Any = SQUARE) -> None:
        """Draw a swatch whose left edge is at x and whose middle is at y."""
        ring = corners * [2, -2] * np.array(BOX) + [x + BOX[0] / 2, y]
        self.axes.add_patch(Polygon(ring, **{"linewidth": 0, **look}))
        frame = SQUARE * [2, -2] * np.array(BOX) + [x + BOX[0] / 2, y]
        self.axes.add_patch(Polygon(frame, facecolor="none", edgecolor=EDGE, linewidth=0.5))

    def entry(self, x: float, y: float, swatch: Swatch) -> None:
        """Draw a swatch with its words."""
        self.box(x, y, swatch.look)
        if swatch.mark:
            self.axes.plot(x + BOX[0] / 2, y, swatch.mark, ms=5, mew=1.0, color=style.INK)
        self.write(x + BOX[0] + 0.08, y, swatch.label)


def draw_swatches(pen: Pen, title: str, entries: list[Swatch], columns: int, corner: tuple[float, float]) -> None:
    """A key of swatches in rows of `columns` from `corner`, inches from the upper left."""
    left, top = corner
    pen.write(left, top, title, weight="bold")
    step = (pen.width - left) / columns
    for index, swatch in enumerate(entries):
        pen.entry(left + (index % columns) * step, top + LINE * (1 + index // columns), swatch)


def draw_zone_legend(axes: Axes, families: list[str], *, low: bool) -> None:
    """The key of a control-of-terrain map: a table of zones by actor, then the rest.

    `low` sets the rest beside the table for a key below the map, instead of under it.
    """
    pen = Pen(axes)
    _zone_table(pen, families)
    top = 0.42 if low else 0.42 + LINE * (len(families) + 0.6)
    _other_entries(pen, 3.75 if low else 0.0, top)


def _zone_table(pen: Pen, families: list[str]) -> None:
    columns = (("Control", control_look), ("Support\nzone", support_look), ("Attack\nzone", attack_look))
    for column, (title, look) in enumerate(columns):
        x = 0.12 + 0.46 * column
        pen.write(x + BOX[0] / 2, 0.14, title, ha="center", linespacing=1.0)
        for row, family in enumerate(families):
            pen.box(x, 0.42 + LINE * row, look(family))
    for row, family in enumerate(families):
        pen.write(0.12 + 0.46 * 3 - 0.06, 0.42 + LINE * row, style.ACTORS[family].label)


def _other_entries(pen: Pen, left: float, top: float) -> None:
    state, nobody = control_look("state"), {"facecolor": style.GROUND}
    pen.entry(left, top, Swatch("State-held", state))
    pen.entry(left, top + LINE, Swatch("Contested by the two", control_look("jnim")))
    pen.box(left, top + LINE, state, LOWER_RIGHT)
    pen.entry(left, top + 2 * LINE, Swatch("Held by nobody", nobody))
    pen.entry(left, top + 3 * LINE, Swatch("Fewer than half agree", nobody, "o"))
    pen.entry(left, top + 4 * LINE, Swatch("Outside the region", {"facecolor": style.NEIGHBOUR}))
