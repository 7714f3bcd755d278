"""Robustness: what-ifs against variants, each cell the share of results that the variant keeps."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from experiments.figures import style, words
from experiments.figures.style import Plate
from experiments.language import tr
from experiments.settings import Settings

ROW, NAMES, FOOT = 0.27, 2.4, 1.75
"""Inches of a row, of the names at the left, and of the names of the variants below."""

SHADES = LinearSegmentedColormap.from_list("kept", ["#FFFFFF", "#9DB4D3", "#14509B"])
"""From no result kept to all of them."""


@style.styled
def robustness_plate(kept: pd.DataFrame, share: float, settings: Settings, width: float = style.SLIDE) -> Plate:
    """A heat map with a what-if for each row and a variant for each column; a red edge where a sign is turned.

    Args:
        kept: rows of `experiments.verdicts.kept`.
        share: of pairs that have to agree.
        settings: of the runs.
        width: inches.
    """
    rows, columns = list(kept["scenario"].unique()), list(kept["variant"].unique())
    note = tr(
        "Share of the clear results of each what-if (their number beside it) that keep their sign in {share} of pairs. "
        "A red edge: at least one sign is turned round.",
        share=f"{share:.0%}",
    )
    caption = f"{tr(style.DISCLAIMER)} " + tr(
        "{count} pairs each, seed {seed}.", count=settings.replicates, seed=settings.seed
    )
    headline = tr("Which results survive other parameters and structures")
    frames = style.head_height(headline, note, width) + style.foot_height(caption, width)
    plate, room = style.page((width, frames + ROW * len(rows) + FOOT), headline, note, caption)
    wide = room.right - room.left - NAMES - 0.1
    axes = plate.area(room.left + NAMES, room.bottom + FOOT - 0.05, wide, ROW * len(rows))
    _draw(axes, kept, rows, columns)
    return plate


def _draw(axes: Axes, kept: pd.DataFrame, rows: list[str], columns: list[str]) -> None:
    for row in kept.to_dict("records"):
        x, y = columns.index(row["variant"]), rows.index(row["scenario"])
        axes.add_patch(Rectangle((x, y), 1, 1, facecolor=SHADES(row["keeps"]), edgecolor="white", lw=0.8))
        if row["turns"] > 0:
            edge = Rectangle((x + 0.12, y + 0.12), 0.76, 0.76, facecolor="none", edgecolor="#B03A2E", lw=1.3)
            axes.add_patch(edge)
    results = kept.groupby("scenario", sort=False)["n"].max()
    labels = [f"{tr(words.plain(name))}  {int(results[name])}" for name in rows]
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    axes.set_yticks([y + 0.5 for y in range(len(rows))], labels)
    axes.set_xticks([x + 0.5 for x in range(len(columns))], [c.replace("=", ": ").replace("_", " ") for c in columns])
    axes.tick_params(length=0)
    axes.tick_params(axis="x", rotation=90)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
