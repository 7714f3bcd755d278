"""Pages of small panels: title and unit above each, a common key and caption below, at any width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from experiments.figures import style
from experiments.figures.keys import Key
from experiments.figures.lettering import broken
from experiments.figures.style import Margins, Plate

TITLE, UNIT = 0.155, 0.135
"""Inches of a line of a panel's title and of its unit."""


class Panel(NamedTuple):
    """One small panel: words above it, and what draws into its axes."""

    title: str
    unit: str
    draw: Callable[[Axes], None]


class Texts(NamedTuple):
    """Headline, the note below it, and the caption at the foot of a page."""

    headline: str
    note: str
    caption: str


class Shape(NamedTuple):
    """How panels are set; lengths in inches."""

    columns: int
    tall: float = 1.42
    left: float = 0.44  # for the scale
    below: float = 0.32  # for the dates
    right: float = 0.08


NO_KEY = Key([], [])


def columns(width: float, most: int, panels: int) -> int:
    """Panels across: `most` on a slide; on narrower pages two, or one where there are few in half a column."""
    if width >= style.WIDE:
        return min(most, panels)
    return 1 if narrow(width) and panels <= 3 else min(2, panels)


def narrow(width: float) -> bool:
    """Whether a page is about half a column wide."""
    return width < 5.0


def panel_page(texts: Texts, panels: Sequence[Panel], shape: Shape, width: float, key: Key = NO_KEY) -> Plate:
    """A page of panels in rows, each row as high as its longest heading asks for."""
    room = width - 2 * style.EDGE
    wide = room / shape.columns - shape.left - shape.right
    rows = [panels[i : i + shape.columns] for i in range(0, len(panels), shape.columns)]
    span = wide + shape.right - 0.1
    heads = [max(heading_height(panel, span) for panel in row) for row in rows]
    body = 0.05 + sum(heads) + len(rows) * (shape.tall + shape.below + 0.08)
    plate, margins = framed(texts, body, width, key)
    top = margins.top - 0.05
    for row, head in zip(rows, heads, strict=True):
        for column, panel in enumerate(row):
            left = margins.left + column * room / shape.columns + shape.left
            axes = plate.area(left, top - head - shape.tall, wide, shape.tall)
            write_heading(axes, panel, span)
            panel.draw(axes)
        top -= head + shape.tall + shape.below + 0.08
    return plate


def framed(texts: Texts, body: float, width: float, key: Key = NO_KEY) -> tuple[Plate, Margins]:
    """A page with `body` inches of room between its head and its key, which is drawn."""
    below = key.height if key.places or key.lines else 0.0
    frame = style.head_height(texts.headline, texts.note, width) + style.foot_height(texts.caption, width)
    plate, room = style.page((width, frame + body + below + 0.06), *texts)
    if below:
        key.draw(plate, room.left, room.bottom + below)
    return plate, Margins(room.left, room.bottom + below, room.right, room.top)


def heading_height(panel: Panel, wide: float) -> float:
    """Inches that title and unit take above a panel, broken to `wide` inches."""
    titles, units = _lines(panel, wide)
    return 0.09 + TITLE * len(titles) + UNIT * len(units)


def write_heading(axes: Axes, panel: Panel, wide: float) -> None:
    """Write title and unit above a panel, broken to `wide` inches."""
    tall = style.inches(axes)[1]
    titles, units = _lines(panel, wide)
    level = tall + 0.07
    for line in reversed(units):
        _write(axes, level / tall, line, size=style.SMALL, color=style.FAINT)
        level += UNIT
    for line in reversed(titles):
        _write(axes, level / tall, line, size=style.NORMAL, weight="bold")
        level += TITLE


def _lines(panel: Panel, wide: float) -> tuple[list[str], list[str]]:
    return broken(panel.title, wide, style.NORMAL, bold=True), broken(panel.unit, wide, style.SMALL)


def _write(axes: Axes, up: float, text: str, **kind: object) -> None:
    axes.text(0, up, text, transform=axes.transAxes, parse_math=False, va="bottom", **kind)  # type: ignore[arg-type]
