"""Mechanisms: what each option changes against the standard, as a dot and an interval for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import style, words
from experiments.figures.style import Plate
from experiments.settings import Settings

ROW, ACROSS, DOWN = 0.17, 3, 0.62
"""Inches of a row, panels across, and inches between panels for title, unit and scale."""

NAMES = 1.75
"""Inches at the left for the names of the options."""

_NOTE = (
    "Option minus standard, paired by replicate, over the whole run: median and 90 % of pairs; filled where the range "
    "leaves out zero. Scales differ."
)


@style.styled
def effects_plate(
    frame: pd.DataFrame, outcomes: Sequence[str], settings: Settings, width: float = style.SLIDE
) -> Plate:
    """Small multiples, one for each outcome, with one row for each option.

    Args:
        frame: one row for each option and outcome, with the columns of `experiments.mechanisms.effects`.
        outcomes: names, in the order of the panels; those that the frame lacks are left out.
        settings: of the run, for the foot.
        width: inches.
    """
    shown = [name for name in outcomes if (frame["outcome"] == name).any()]
    arms = [f"{m}={o}" for m, o in frame[["mechanism", "option"]].drop_duplicates().itertuples(index=False)]
    headline = f"What each mechanism adds: {words.plain(settings.scenario)}"
    count = f"{settings.replicates} pairs, seed {settings.seed}."
    caption = f"{style.DISCLAIMER} {count} An ordinal index is not a probability."
    rows, tall = -(-len(shown) // ACROSS), ROW * len(arms)
    frames = style.head_height(headline, _NOTE, width) + style.foot_height(caption, width)
    plate, room = style.page((width, frames + rows * (tall + DOWN) + 0.1), headline, _NOTE, caption)
    across = (room.right - room.left - NAMES) / ACROSS
    for position, name in enumerate(shown):
        column, row = position % ACROSS, position // ACROSS
        corner = (room.left + NAMES + column * across, room.top - (row + 1) * (tall + DOWN) + 0.3)
        axes = plate.area(*corner, across - 0.15, tall)
        _draw(axes, frame[frame["outcome"] == name], arms if column == 0 else [])
    return plate


def _draw(axes: Axes, rows: pd.DataFrame, names: Sequence[str]) -> None:
    for y, row in enumerate(rows.to_dict("records")):
        sure = row["q05"] > 0 or row["q95"] < 0
        face = style.SLATE if sure else "white"
        axes.plot([row["q05"], row["q95"]], [y, y], color=style.SLATE, lw=1.6, solid_capstyle="butt")
        axes.plot(row["q50"], y, "o", ms=4.5, mfc=face, mec=style.SLATE, mew=1.1)
    axes.axvline(0, color=style.INK, lw=0.8, zorder=0.9)
    first: Any = rows.iloc[0]
    axes.set_title(f"{str(first['label']).removesuffix(' (ordinal)')}\n", size=style.SMALL, pad=0)
    axes.text(0, 1.02, str(first["unit"]), transform=axes.transAxes, size=style.SMALL, color=style.FAINT)
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)), yticklabels=names or [""] * len(rows))
    if not rows[["q05", "q95"]].to_numpy().any():
        axes.set_xlim(-1, 1)  # nothing happened, so any scale will do
    axes.locator_params(axis="x", nbins=3)
    axes.tick_params(axis="both", length=0, labelsize=style.SMALL)
