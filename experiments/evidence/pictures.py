"""Pictures of a hindcast: is it calibrated, and where does it win and lose?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import SymLogNorm
from numpy.typing import NDArray
from xarray import Dataset

from experiments.evidence.areas import Areas
from experiments.evidence.scores import pit_histogram
from experiments.evidence.scoring import SIMULATOR
from experiments.figures import basemap, placenames, style
from experiments.figures.cells import fill_cells
from experiments.figures.maps import DIVERGING
from experiments.figures.style import Plate

SHOWN = (SIMULATOR, "conflictology_12", "conflictology_36")
LOOKS = {SIMULATOR: (style.SLATE, "-"), "conflictology_12": ("#CC4420", "--"), "conflictology_36": ("#14509B", ":")}
LEVELS = np.linspace(0.05, 0.95, 19)
CAPTION = "Events: UCDP GED (CC BY 4.0). Model output, scored after the fact; not a forecast to act on."


@style.styled
def calibration(table: pd.DataFrame, title: str, width: float = style.SLIDE) -> Plate:
    """Histogram of the probability integral transform, and how often central intervals of each size held the outcome.

    Args:
        table: from `scoring.scored`, of one origin, level and type of violence.
        title: what it is of.
        width: inches.
    """
    note = (
        "Left: flat is calibrated; high ends mean too narrow. Right: on the diagonal is calibrated, above is too wide."
    )
    plate, room = style.page((width, 4.4), f"Calibration: {title}", note, CAPTION)
    wide = (room.right - room.left) / 2 - 0.75
    tall = room.top - room.bottom - 0.65
    left = plate.area(room.left + 0.5, room.bottom + 0.45, wide, tall)
    right = plate.area(room.left + wide + 1.3, room.bottom + 0.45, wide, tall)
    for model in SHOWN:
        own = table[table["model"] == model]
        _draw_model(left, right, model, own["pit_low"].to_numpy(), own["pit_high"].to_numpy())
    left.axhline(0.1, color=style.RULE, linewidth=0.8)
    right.plot([0, 1], [0, 1], color=style.RULE, linewidth=0.8)
    left.set(xlabel="probability integral transform", ylabel="share of unit-months", ylim=(0, None), xlim=(0, 1))
    right.set(xlabel="size of the central interval", ylabel="share of outcomes inside", xlim=(0, 1), ylim=(0, 1))
    right.legend(loc="lower right")
    return plate


def _draw_model(left: Axes, right: Axes, model: str, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
    colour, line = LOOKS[model]
    look: dict[str, Any] = {"color": colour, "linestyle": line, "label": model.replace("_", " ")}
    left.stairs(pit_histogram(low, high), np.linspace(0, 1, 11), baseline=None, **look)
    right.plot(LEVELS, [central(low, high, size) for size in LEVELS], **look)


def central(low: NDArray[np.float64], high: NDArray[np.float64], size: float) -> float:
    """Share of the transform that lies in the central part of [0, 1] of a size.

    >>> central(np.array([0.0]), np.array([1.0]), 0.5)
    0.5
    """
    width = np.maximum(high - low, 1e-9)
    lower, upper = (np.clip((edge - low) / width, 0.0, 1.0) for edge in ((1.0 - size) / 2.0, (1.0 + size) / 2.0))
    return float((upper - lower).mean())


@style.styled
def wins_and_losses(found: pd.DataFrame, where: Areas, title: str, width: float = style.SLIDE) -> Plate:
    """Map of the simulator's CRPS less that of its rival: purple where the simulator is better.

    Args:
        found: from `scoring.by_unit`.
        where: the areas that are scored.
        title: what it is of.
        width: inches.
    """
    extent = basemap.extent_of(where.lon, where.lat)
    rival = str(found["rival"].iloc[0]).replace("_", " ")
    note = f"CRPS of the simulator less that of {rival}, mean over months: purple is better, orange is worse."
    tall = (width - 1.3) * basemap.height_over_width(extent)
    plate, room = style.page((width, tall + 1.3), f"Where it wins and loses: {title}", note, CAPTION)
    axes = plate.area(room.left, room.bottom, width - 1.3, room.top - room.bottom)
    basemap.draw_ground(axes, extent, set(where.country))
    values = _by_cell(found, where)
    limit = max(float(np.abs(values).max()), 1e-6)
    colours = ScalarMappable(SymLogNorm(limit / 100.0, vmin=-limit, vmax=limit, base=10), DIVERGING)
    fill_cells(axes, Dataset(coords={"lon": ("cell", where.lon), "lat": ("cell", where.lat)}), colours.to_rgba(values))
    basemap.draw_borders(axes)
    placenames.draw_towns(axes, basemap.draw_scale(axes))
    bar = plate.area(room.right - 0.75, room.bottom + 0.3, 0.16, room.top - room.bottom - 0.6)
    plate.colorbar(colours, cax=bar, label="deaths a month")
    return plate


def _by_cell(found: pd.DataFrame, where: Areas) -> NDArray[np.float64]:
    """A number for each cell: its own, or that of the region or country it lies in."""
    known = dict(zip(found["unit"].astype(str), found["difference"], strict=True))
    own = zip(where.gid.tolist(), where.region, where.country, strict=True)
    return np.array([next((known[u] for u in map(str, units) if u in known), 0.0) for units in own])
