"""Measuring words: how wide a text is in print, and how it breaks into lines that fit."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

FONT = "DejaVu Sans"
"""Typeface of every figure; ships with Matplotlib, so that figures look the same everywhere."""

_SPACED = re.compile(" ([;:!?%»])")
_DPI = 300.0
HINTING = "no_hinting"
"""Letters keep their widths at every resolution, so that what fits on the screen fits in print."""

_SPARE = 0.97
"""Part of a line that is filled: outside the style sheet, as in a notebook, hinting makes words a little wider."""


@functools.lru_cache(maxsize=50_000)
def width_of(text: str, points: float, *, bold: bool = False) -> float:
    """Width in inches of one line of `text` set in `points`."""
    font = FontProperties(family=FONT, size=points, weight="bold" if bold else "normal")
    with mpl.rc_context({"text.hinting": HINTING}):
        extent = _renderer().get_text_width_height_descent(text, font, ismath=False)  # type: ignore[no-untyped-call]
        return float(extent[0]) / _DPI


def broken(text: str, room: float, points: float, *, bold: bool = False) -> list[str]:
    """`text` in lines no wider than `room` inches; a word that is wider stands alone.

    No line begins with a sign that French sets after a space, nor with a per cent sign.
    """
    lines: list[str] = []
    for word in _SPACED.sub("\u00a0\\1", " ".join(text.split())).split(" ") if text else []:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, points, bold=bold) <= _SPARE * room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Rows(NamedTuple):
    """Texts under each other, each in as many lines as it needs.

    Attributes:
        texts: broken into lines.
        middles: of each row, downwards, in rows of one line; that of a first row of one line is 0.
        height: of all, in rows of one line.
    """

    texts: tuple[str, ...]
    middles: tuple[float, ...]
    height: float


def rows_of(texts: Sequence[str], room: float, points: float, further: float = 0.75) -> Rows:
    """`texts` broken to `room` inches; each line after the first adds `further` to the height of a row.

    >>> rows_of(["one", "two"], 3.0, 8.0)
    Rows(texts=('one', 'two'), middles=(0.0, 1.0), height=2.0)
    """
    lines = [broken(text, room, points) for text in texts]
    middles, top = [], 0.0
    for own in lines:
        height = 1.0 + further * (len(own) - 1)
        middles.append(top + height / 2 - 0.5)
        top += height
    return Rows(tuple("\n".join(own) for own in lines), tuple(middles), top)


@functools.cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call]
