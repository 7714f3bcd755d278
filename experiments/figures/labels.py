"""Placing names beside points so that none covers another: largest first, eight places to try."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

# Offset in points and the side of the name that is tied to the point, in order of preference
# (right, left, above right, below right, above left, below left, above, below; after Imhof 1962).
_PLACES = (
    (5, 0, "left"),
    (-5, 0, "right"),
    (4, 6, "left"),
    (4, -6, "left"),
    (-4, 6, "right"),
    (-4, -6, "right"),
    (0, 9, "center"),
    (0, -9, "center"),
)


class Label(NamedTuple):
    """A rectangle of the page in pixels, and how its text hangs on its point."""

    box: tuple[float, float, float, float]  # left, bottom, right, top
    offset: tuple[float, float] = (0.0, 0.0)  # points
    side: str = "left"

    @classmethod
    def of(cls, axes: Axes, text: Text, pad: float = 0.0) -> Label:
        """The space that a text takes, `pad` pixels more on each side."""
        box = text.get_window_extent(renderer_of(axes))
        return cls((box.x0 - pad, box.y0 - pad, box.x1 + pad, box.y1 + pad))

    def inside(self, axes: Axes) -> bool:
        """Whether the rectangle lies wholly inside the axes."""
        left, bottom, right, top = self.box
        frame = axes.bbox
        return bool(left > frame.x0 and right < frame.x1 and bottom > frame.y0 and top < frame.y1)

    def overlaps(self, other: Label) -> bool:
        """Whether two rectangles share a point."""
        a, b = self.box, other.box
        return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place(
    axes: Axes, points: list[tuple[str, float, float]], taken: list[Label], large: frozenset[str] = frozenset()
) -> dict[str, Label]:
    """Labels for named points (name, x, y) in order of importance, as many as find room.

    Names in `large` are set in bold beside a larger mark.

    A label stays inside the axes and off `taken` rectangles, earlier labels and earlier marks.
    A name that finds no place is absent from the result.
    """
    sizes = _sizes(axes, [name for name, _, _ in points], large)
    spots = axes.transData.transform(np.array([(x, y) for _, x, y in points]).reshape(-1, 2))
    placed: dict[str, Label] = {}
    used = list(taken)
    for (name, _, _), spot in zip(points, spots, strict=True):
        label = None if name in placed else _free_place(axes, spot, sizes[name], used, 1.6 if name in large else 1.0)
        if label is not None:
            placed[name] = label
            used += [label, _mark(spot, _pixels(axes) * 3.5)]
    return placed


def _free_place(
    axes: Axes, spot: np.ndarray, size: tuple[float, float], used: list[Label], away: float
) -> Label | None:
    if any(_mark(spot, _pixels(axes) * 2.5).overlaps(other) for other in used):
        return None
    for label in _candidates(spot, size, _pixels(axes), away):
        if label.inside(axes) and not any(map(label.overlaps, used)):
            return label
    return None


def _candidates(spot: np.ndarray, size: tuple[float, float], pixels: float, away: float) -> list[Label]:
    width, height = size
    shift = {"left": 0.0, "right": -width, "center": -width / 2}
    made = []
    for right, up, side in ((away * x, away**0.5 * y, side) for x, y, side in _PLACES):
        left, middle = spot[0] + right * pixels + shift[side], spot[1] + up * pixels
        made.append(Label((left, middle - height / 2, left + width, middle + height / 2), (right, up), side))
    return made


def _mark(spot: np.ndarray, half: float) -> Label:
    return Label((spot[0] - half, spot[1] - half, spot[0] + half, spot[1] + half))


def mark_at(spot: np.ndarray, axes: Axes) -> Label:
    """The space that a town's mark takes at a place of the page in pixels."""
    return _mark(spot, _pixels(axes) * 3.5)


def _sizes(axes: Axes, names: list[str], large: frozenset[str]) -> dict[str, tuple[float, float]]:
    renderer = renderer_of(axes)
    probe = axes.text(0, 0, "", size=8.0)
    sizes = {}
    for name in names:
        probe.set_text(name)
        probe.set_fontweight("bold" if name in large else "normal")
        box = probe.get_window_extent(renderer)
        sizes[name] = (box.width, box.height)
    probe.remove()
    return sizes


def _pixels(axes: Axes) -> float:
    return float(axes.figure.dpi) / 72


def renderer_of(axes: Axes) -> RendererBase:
    """What measures text on the page of `axes`."""
    canvas = axes.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg), "pages are drawn with Agg"
    return canvas.get_renderer()  # type: ignore[no-untyped-call,no-any-return]
