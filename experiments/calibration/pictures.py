"""Pictures of a calibration: what the data say of each parameter, what is reproduced, which parameters go together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from experiments.figures import style
from experiments.figures.maps import DIVERGING
from experiments.figures.style import Plate
from experiments.language import number, tr

ROW, NAMES, LONG_NAMES = 0.2, 2.3, 2.8
"""Inches of a row, of the names of parameters at its left, and of those of targets."""

PRIOR, POSTERIOR, OBSERVED = style.RULE, "#14509B", "#CC4420"


@style.styled
def posterior(told: pd.DataFrame, stamp: str, width: float = style.SLIDE) -> Plate:
    """Prior and posterior of each parameter: median and 90 %, relative to the prior.

    Args:
        told: from `checks.identifiability`.
        stamp: what made it.
        width: inches.
    """
    note = tr(
        "Median and 90 % of each parameter: grey before, blue after events and facts were looked at. The scale is that "
        "of the prior: 0 its median, -1 and 1 the ends of its 90 %. A blue line as long as the grey one has learned "
        "nothing."
    )
    caption = f"{tr('Events: UCDP GED (CC BY 4.0).')} {stamp}"
    tall = ROW * len(told)
    height = tall + 0.75 + style.head_height("x", note, width) + style.foot_height(caption, width)
    plate, room = style.page((width, height), tr("What the data say of each parameter"), note, caption)
    axes = plate.area(room.left + NAMES, room.bottom + 0.45, room.right - room.left - NAMES - 2.0, tall)
    for y, row in enumerate(told.to_dict("records")):
        _line(axes, y, _relative(row, "prior"), PRIOR, 5.0)
        _line(axes, y, _relative(row, "posterior"), POSTERIOR, 2.0)
        words = f"{number(row['posterior_q50'])}  ({number(row['posterior_q05'])} - {number(row['posterior_q95'])})"
        axes.text(1.02, y, words, transform=axes.get_yaxis_transform(), va="center", size=style.SMALL)
    axes.set(ylim=(len(told) - 0.5, -0.5), yticks=range(len(told)), yticklabels=told["parameter"])
    axes.set_xlabel(tr("relative to the prior"))
    axes.tick_params(axis="both", length=0)
    return plate


def _relative(row: dict[Any, Any], kind: str) -> tuple[float, float, float]:
    """Quantiles on a scale on which the prior's 5, 50 and 95 % are -1, 0 and 1."""
    known = (row["prior_q05"], row["prior_q50"], row["prior_q95"])
    low, middle, high = (float(_on(row[f"{kind}_{q}"], known)) for q in ("q05", "q50", "q95"))
    return low, middle, high


def _on(value: float, known: tuple[float, float, float]) -> float:
    low, middle, high = known
    below = value < middle
    span = (middle - low) if below else (high - middle)
    return (value - middle) / span if span > 0 else 0.0


def _line(axes: Axes, y: float, points: tuple[float, float, float], colour: str, wide: float) -> None:
    axes.plot([points[0], points[2]], [y, y], color=colour, linewidth=wide, solid_capstyle="butt")
    axes.plot(points[1], y, "o", ms=4.5, mfc="white", mec=colour, mew=1.3)


@style.styled
def predictive(every: pd.DataFrame, stamp: str, width: float = style.SLIDE) -> Plate:
    """Targets as observed, with the defaults and with the posterior, in two columns.

    Args:
        every: from `checks.predictive`.
        stamp: what made it.
        width: inches.
    """
    note = tr(
        "Distance of simulations from what was observed (0): grey with default parameters, blue with the posterior; "
        "median and 90 %. Most scales are logarithms: 0.7 is twice as much. Facts: -1 and 1 are the ends of the band."
    )
    caption = f"{tr('Events: UCDP GED (CC BY 4.0).')} {stamp}"
    half = -(-len(every) // 2)
    tall = 0.155 * half
    height = tall + 0.8 + style.head_height("x", note, width) + style.foot_height(caption, width)
    plate, room = style.page((width, height), tr("What the posterior reproduces"), note, caption)
    across = (room.right - room.left) / 2
    for column, own in enumerate((every.iloc[:half], every.iloc[half:])):
        left = room.left + column * across + LONG_NAMES
        axes = plate.area(left, room.bottom + 0.4, across - LONG_NAMES - 0.15, tall)
        _distances(axes, own, half)
    return plate


def _distances(axes: Axes, own: pd.DataFrame, rows: int) -> None:
    for y, row in enumerate(own.to_dict("records")):
        for kind, colour, wide, shift in (("defaults", PRIOR, 4.0, 0.18), ("posterior", POSTERIOR, 2.0, -0.18)):
            points = [row[f"{kind}_{q}"] - row["observed"] for q in ("q05", "q50", "q95")]
            axes.plot([points[0], points[2]], [y + shift] * 2, color=colour, linewidth=wide, solid_capstyle="butt")
            axes.plot(points[1], y + shift, "o", ms=3, mfc="white", mec=colour, mew=1.0)
    axes.axvline(0.0, color=OBSERVED, linewidth=1.0)
    names = [" ".join(filter(None, row)) for row in zip(own["group"], own["window"], own["target"], strict=True)]
    names = [name.replace("_", " ") for name in names]
    axes.set(ylim=(rows - 0.5, -0.5), yticks=range(len(own)), yticklabels=names, xlim=(-4.2, 4.2))
    axes.set_xlabel(tr("simulated less observed"))
    axes.tick_params(axis="both", length=0, labelsize=style.SMALL)


@style.styled
def correlations(table: pd.DataFrame, stamp: str, width: float = style.SLIDE) -> Plate:
    """Which parameters go together in the posterior.

    Args:
        table: from `checks.correlations`, (parameter, parameter).
        stamp: what made it.
        width: inches.
    """
    note = tr(
        "Correlation of two parameters in the posterior: where it is strong, the data know what both do together, "
        "less what each does by itself."
    )
    side = 0.3 * len(table)
    height = side + NAMES + 0.2 + style.head_height("x", note, width) + style.foot_height(stamp, width)
    plate, room = style.page((width, height), tr("Which parameters the data cannot tell apart"), note, stamp)
    axes = plate.area(room.left + NAMES, room.top - side - 0.1, side, side)
    colours = ScalarMappable(Normalize(-1.0, 1.0), DIVERGING)
    values = np.where(np.eye(len(table), dtype=bool), np.nan, table.to_numpy(np.float64))
    axes.imshow(colours.to_rgba(np.nan_to_num(values)), aspect="equal")
    for row, column in zip(*np.nonzero(np.abs(np.nan_to_num(values)) >= 0.3), strict=True):
        axes.text(column, row, f"{values[row, column]:.1f}", ha="center", va="center", size=style.SMALL)
    axes.set(xticks=range(len(table)), yticks=range(len(table)), yticklabels=table.index)
    axes.set_xticklabels(table.columns, rotation=90)
    axes.grid(visible=False)
    axes.tick_params(axis="both", length=0)
    bar = plate.area(room.left + NAMES + side + 0.25, room.top - side - 0.1, 0.16, side)
    plate.colorbar(colours, cax=bar, label=tr("correlation"))
    return plate
