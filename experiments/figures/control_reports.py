"""Reported control: a map of statements, and beside it the share of replicates in which each of them holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from experiments.figures import basemap, style
from experiments.figures.lettering import Rows, rows_of
from experiments.figures.style import Plate
from experiments.language import share, tr
from experiments.settings import Settings

ROW, MAP = 0.19, 5.4
"""Inches of a line of the list, and of the width of the map on a slide."""

LIST = 0.84
"""Share of the list's width that words take."""

CORE = {"MLI", "NER", "BFA", "BEN", "TGO", "GHA", "CIV"}
EXTENT = (-9.5, 6.5, 9.0, 21.5)
"""West, east, south and north of the map, in degrees."""

APART = 0.62
"""Degrees between the numbers of two statements."""

GOOD, BAD = "#14509B", "#B03A2E"


@style.styled
def control_plate(control: pd.DataFrame, settings: Settings, width: float = style.SLIDE) -> Plate:
    """Numbers of statements where they speak of, filled where they pass, and the list with shares.

    Args:
        control: rows of `experiments.facts.control.control`.
        settings: of the run.
        width: inches.
    """
    rows: list[dict[str, Any]] = control.to_dict("records")  # type: ignore[assignment]
    passed = sum(row["status"] == "passes" for row in rows)
    headline = tr("What was reported of control: {passed} of {all} statements hold", passed=passed, all=len(rows))
    note = tr("Share of replicates in which a statement holds; filled: at least half of them, so that it passes.")
    caption = f"{tr(style.DISCLAIMER)} " + tr(
        "{scenario}, {count} replicates, seed {seed}, config {hash}. Towns are half-degree cells.",
        scenario=settings.scenario, count=settings.replicates, seed=settings.seed, hash=settings.hash[:8],
    )  # fmt: skip
    texts = [f"{i}. {tr(row['text'])}" for i, row in enumerate(rows, 1)]
    told = rows_of(texts, LIST * ((width - 2 * style.EDGE) / 2 - 0.1), style.SMALL)
    deep = ROW * told.height
    tall = max(deep, (width / 2 - 0.2) * basemap.height_over_width(EXTENT)) + 0.2
    frames = style.head_height(headline, note, width) + style.foot_height(caption, width)
    plate, room = style.page((width, frames + tall), headline, note, caption)
    wide = (room.right - room.left) / 2 - 0.1
    high = wide * basemap.height_over_width(EXTENT)
    ground = plate.area(room.left, room.top - high - 0.1, wide, high)
    basemap.draw_ground(ground, EXTENT, CORE)
    basemap.draw_borders(ground)
    _draw_numbers(ground, rows)
    listed = plate.area(room.left + wide + 0.2, room.top - deep - 0.1, wide, deep)
    _draw_list(listed, rows, told)
    return plate


def spread(points: NDArray[np.float64], apart: float = APART) -> NDArray[np.float64]:
    """Points moved from each other until every two are `apart`, or as far as 200 rounds bring them."""
    placed = points + 1e-3 * np.column_stack([np.cos(np.arange(len(points))), np.sin(np.arange(len(points)))])
    for _ in range(200):
        gap = placed[:, None, :] - placed[None]
        distance = np.hypot(gap[..., 0], gap[..., 1]) + np.eye(len(placed)) * apart
        push = np.clip(apart - distance, 0, None) / 2
        if push.max() < 1e-3:
            break
        placed = placed + (gap / distance[..., None] * push[..., None]).sum(axis=1) * 0.5
    return np.asarray(placed)


def _draw_numbers(axes: Axes, rows: Sequence[dict[str, Any]]) -> None:
    home = np.array([(row["lon"], row["lat"]) for row in rows])
    for number, (place, spot, row) in enumerate(zip(home, spread(home), rows, strict=True), 1):
        colour, passes = _look(row)
        axes.plot([place[0], spot[0]], [place[1], spot[1]], color=colour, lw=0.6, zorder=5)
        axes.plot(*spot, "o", ms=12.5, mfc=colour if passes else "white", mec=colour, mew=1.2, zorder=6)
        ink = "white" if passes else colour
        axes.text(spot[0], spot[1], str(number), size=style.SMALL, color=ink, ha="center", va="center", zorder=7)


def _draw_list(axes: Axes, rows: Sequence[dict[str, Any]], told: Rows) -> None:
    for y, text, row in zip(told.middles, told.texts, rows, strict=True):
        colour, passes = _look(row)
        held = "-" if np.isnan(row["share"]) else share(row["share"])
        axes.plot(0.02, y, "o", ms=6, mfc=colour if passes else "white", mec=colour, mew=1.2)
        axes.text(0.05, y, text, size=style.SMALL, va="center", parse_math=False)
        axes.text(1.0, y, held, size=style.SMALL, va="center", ha="right", color=colour)
    axes.set(xlim=(0, 1), ylim=(told.height - 0.5, -0.5))
    axes.axis("off")


def _look(row: dict[str, Any]) -> tuple[str, bool]:
    passes = row["status"] == "passes"
    return (style.FAINT if row["status"] == "not covered" else GOOD if passes else BAD), passes
