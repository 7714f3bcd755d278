"""Measuring words: how wide a text is in print, and how it breaks into lines that fit."""

from __future__ import annotations

import functools
import re

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


@functools.cache
def _renderer() -> RendererAgg:
    return RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call]
