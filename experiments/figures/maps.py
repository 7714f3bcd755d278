"""Maps of a run: control of terrain, difference from the counterfactual, chance of a zone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, Normalize, to_rgba
from numpy.typing import NDArray

from experiments.figures import basemap, style, words
from experiments.figures.cells import (
    LOWER_RIGHT,
    UPPER_LEFT,
    attack_look,
    control_look,
    draw_cells,
    draw_diagonals,
    fill_cells,
    support_look,
)
from experiments.figures.legend import Pen, Swatch, draw_swatches, draw_zone_legend
from experiments.figures.reading import NotARunError, Run, at_date
from experiments.figures.style import Margins, Plate
from experiments.figures.zones import NOBODY, Picture, picture

LEGEND_WIDE = 2.75
"""Inches kept for the legend beside the map on wide pages; on narrow ones it goes below."""

SIGNED = 0.5
"""Percentage points of mean change from which a cell carries its sign."""

BANDS = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
"""Edges of probability classes; those of common estimative language, rounded."""

DIVERGING = LinearSegmentedColormap.from_list(
    "difference", ["#2D1E5F", "#6B5AA8", "#B5A9D6", "#F7F5F2", "#F3B968", "#C9750F", "#7A3E02"]
)
"""Purple to orange: told apart by all common kinds of colour blindness."""


UNSURE_LOOK: dict[str, Any] = {"facecolor": "none", "hatch": "////", "edgecolor": "#8A867E"}
"""Hatch of cells whose 90 % interval holds zero."""


class Place(NamedTuple):
    """The map's axes with the parts of the page around it."""

    plate: Plate
    axes: Axes
    legend: Axes
    extent: basemap.Extent


@style.styled
def control_of_terrain(run: Run, date: pd.Timestamp, history: str, width: float = style.SLIDE) -> Plate:
    """The most probable zone of each cell at a date in a history, `width` inches wide.

    Colour tells the coalition, tint and hatch the zone: solid is control, tinted with light lines
    a support zone, coloured lines alone an attack zone, a split cell contested ground. States are
    shown in one neutral colour as state-held ground.
    """
    grid = at_date(run.grid, date).sel(history=history)
    shown = picture(grid)
    headline = f"Control of terrain, {_day(grid)}: {run.named(history)}"
    note = f"Most probable zone of each half-degree cell over {run.manifest['replicates']} replicates."
    spot = _map_page(run, (headline, note, run.caption(_HOW_TO_READ, _SOURCES)), width, 1.75)
    _draw_picture(spot.axes, grid, shown, run.coalitions)
    _finish(spot, grid)
    draw_zone_legend(spot.legend, _families(run.coalitions), low=width < style.WIDE)
    return spot.plate


@style.styled
def difference_map(run: Run, date: pd.Timestamp, coalition: str, width: float = style.SLIDE) -> Plate:
    """Mean paired difference in a coalition's share of control, scenario minus counterfactual.

    Hatched where the middle 90 % of the paired differences hold zero; a plus or minus stands where
    they don't, so that the sign survives greyscale print.

    Raises:
        NotARunError: if the run has no counterfactual or lacks the coalition.
    """
    if not run.paired:
        raise NotARunError(f"run folder {run.folder} has one history; a difference map needs a counterfactual")
    grid = at_date(run.grid, date).sel(coalition=_known(run, coalition))
    mean, low, high = _difference(grid)
    scenario, other = run.histories[:2]
    name = words.coalition(coalition)
    headline = f"{name}: change in share of control, {_day(grid)}"
    note = f"{run.named(scenario)} minus {run.named(other).lower()}, mean of paired differences, percentage points."
    spot = _map_page(run, (headline, note, run.caption(_SOURCES)), width, 1.2)
    limit = _round_limit(mean)
    colours = ScalarMappable(Normalize(-limit, limit), DIVERGING)
    fill_cells(spot.axes, grid, colours.to_rgba(mean))
    _draw_doubt(spot.axes, grid, (mean, low, high))
    _finish(spot, grid)
    _difference_legend(spot, colours, width)
    return spot.plate


@style.styled
def probability_map(
    run: Run,
    date: pd.Timestamp,
    history: str,
    coalition: str,
    zones: Sequence[str] = ("support", "control"),
    width: float = style.SLIDE,
) -> Plate:
    """Share of replicates in which a coalition has one of `zones` in a cell at a date.

    Raises:
        NotARunError: if the run lacks the coalition.
    """
    grid = at_date(run.grid, date).sel(history=history, coalition=_known(run, coalition))
    chance = grid["zone_probability"].sel(zone=list(zones)).sum("zone").values
    named = " or ".join(_ZONE_WORDS[zone] for zone in zones)
    headline = f"Chance that {words.coalition(coalition)} has {named}, {_day(grid)}"
    note = f"{run.named(history)}; share of {run.manifest['replicates']} replicates, by half-degree cell."
    spot = _map_page(run, (headline, note, run.caption(_SOURCES)), width, 0.8)
    ramp = _ramp(style.actor(coalition).ink)
    colours = ScalarMappable(BoundaryNorm(BANDS, ramp.N), ramp)
    fill_cells(spot.axes, grid, colours.to_rgba(chance))
    _finish(spot, grid)
    labels = [f"{100 * low:.0f} to {100 * high:.0f} %" for low, high in pairwise(BANDS)]
    middles = [(low + high) / 2 for low, high in pairwise(BANDS)]
    looks = [{"facecolor": colour} for colour in colours.to_rgba(np.array(middles))]
    entries = [Swatch(label, look) for label, look in zip(labels, looks, strict=True)]
    columns = 1 if width >= style.WIDE else 4
    draw_swatches(Pen(spot.legend), "Share of replicates", entries[::-1], columns, (0.02, 0.12))
    return spot.plate


_HOW_TO_READ = (
    "An attack zone lies over whoever holds the ground. A dot marks cells where fewer than half of the "
    "replicates agree with the class shown."
)
_SOURCES = "Borders: Natural Earth. Towns: GeoNames."
_ZONE_WORDS = {
    "attack": "an attack zone",
    "support": "a support zone",
    "contested": "contested ground",
    "control": "control",
}


def _map_page(run: Run, texts: tuple[str, str, str], width: float, low: float) -> Place:
    cells = run.grid
    extent = basemap.extent_of(cells["lon"].values, cells["lat"].values)
    beside, below = (LEGEND_WIDE, 0.0) if width >= style.WIDE else (0.0, low)
    across = width - 0.24 - beside
    high = across * basemap.height_over_width(extent)
    head, foot = style.head_height(texts[0], texts[1], width), style.foot_height(texts[2], width)
    plate, room = style.page((width, head + high + below + foot + 0.12), *texts)
    axes = plate.area(room.left, room.bottom + below + 0.06, across, high)
    legend = plate.area(*_legend_box(room, across, high, below))
    basemap.draw_ground(axes, extent, _core(cells))
    return Place(plate, axes, legend, extent)


def _legend_box(room: Margins, across: float, high: float, low: float) -> tuple[float, float, float, float]:
    if low:
        return (room.left, room.bottom, across, low - 0.04)
    return (room.left + across + 0.14, room.bottom + 0.06, LEGEND_WIDE - 0.14, high)


def _core(grid: xr.Dataset) -> set[str]:
    return {str(region).split("/")[0] for region in grid["region"].values}


def _finish(spot: Place, grid: xr.Dataset) -> None:
    basemap.draw_borders(spot.axes)
    taken = basemap.draw_scale(spot.axes, spot.extent)
    basemap.draw_towns(spot.axes, basemap.draw_names(spot.axes, _core(grid), taken))


def _draw_picture(axes: Axes, grid: xr.Dataset, shown: Picture, names: list[str]) -> None:
    families = [style.family(name) for name in names]
    for family in dict.fromkeys(families):
        rows = [row for row, other in enumerate(families) if other == family]
        mine, rival = np.isin(shown.holder, rows), np.isin(shown.rival, rows)
        contested, solid = mine & (shown.zone == "contested"), control_look(family)
        draw_cells(axes, grid, mine & (shown.zone == "control"), **solid)
        draw_cells(axes, grid, mine & (shown.zone == "support"), **support_look(family))
        draw_cells(axes, grid, contested, UPPER_LEFT, **solid)
        draw_cells(axes, grid, rival, LOWER_RIGHT, **solid)
        draw_cells(axes, grid, np.isin(shown.attacker, rows), zorder=1.5, **attack_look(family))
    draw_diagonals(axes, grid, shown.zone == "contested")
    unsure = (shown.holder != NOBODY) & (shown.chance < 0.5)
    lon, lat = grid["lon"].values[unsure], grid["lat"].values[unsure]
    axes.plot(lon, lat, "o", ms=2.6, mfc=style.INK, mec="white", mew=0.5, zorder=3)


def _difference(grid: xr.Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    quantiles = 100 * grid["share_difference_quantile"]
    low, high = (quantiles.sel(quantile=q, method="nearest").values.astype(np.float64) for q in (0.05, 0.95))
    return 100 * grid["share_difference_mean"].values.astype(np.float64), low, high


def _draw_doubt(axes: Axes, grid: xr.Dataset, band: tuple[NDArray[np.float64], ...]) -> None:
    mean, low, high = band
    unsure = holds_zero(low, high) & (high > low)
    draw_cells(axes, grid, unsure, zorder=1.5, **UNSURE_LOOK)
    large = np.abs(mean) >= SIGNED
    for sign, sure in (("+", large & (low > 0)), ("_", large & (high < 0))):
        lon, lat = grid["lon"].values[sure], grid["lat"].values[sure]
        axes.plot(lon, lat, sign, ms=4.5, mew=1.0, color="white", zorder=3)
        axes.plot(lon, lat, sign, ms=4.0, mew=0.7, color=style.INK, zorder=3)


def holds_zero(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the interval from `low` to `high` holds zero."""
    return (low <= 0) & (high >= 0)


def _difference_legend(spot: Place, colours: ScalarMappable, width: float) -> None:
    pen, wide = Pen(spot.legend), width >= style.WIDE
    pen.write(0.02, 0.12, "Percentage points of control", weight="bold")
    box = (0.05, 0.30, 0.20, 1.75) if wide else (0.10, 0.34, 2.6, 0.18)
    bar = spot.legend.inset_axes((box[0], box[1], box[2], box[3]), transform=spot.legend.transData)
    spot.plate.colorbar(colours, cax=bar, orientation="vertical" if wide else "horizontal")
    bar.grid(visible=False)
    entries = [
        Swatch("90 % interval holds zero", UNSURE_LOOK),
        Swatch("Rise, interval above zero", {"facecolor": DIVERGING(0.75)}, "+"),
        Swatch("Fall, interval below zero", {"facecolor": DIVERGING(0.25)}, "_"),
        Swatch("No change in 90 % of pairs", {"facecolor": DIVERGING(0.5)}),
    ]
    corner = (0.02, 2.35) if wide else (3.4, 0.12)
    draw_swatches(pen, "How sure the change is", entries, 1, corner)


def _ramp(colour: str) -> Colormap:
    steps = ["#FFFFFF", style.blend(colour, 0.35), colour, style.blend(colour, 0.55, "#000000")]
    ramp = LinearSegmentedColormap.from_list("chance", [to_rgba(step) for step in steps])
    return ramp.resampled(len(BANDS) - 1)


def _round_limit(values: NDArray[np.float64]) -> float:
    # The largest change, rounded up to a number that ticks divide well; at least one point.
    largest = float(np.max(np.abs(values), initial=1.0))
    return next(float(step) for step in (1, 2, 5, 10, 20, 30, 40, 60, 80, 100) if step >= largest * 0.999)


def _families(coalitions: list[str]) -> list[str]:
    present = {style.family(name) for name in coalitions}
    order = ("jnim", "issp", "csp", "platform", "militia", "other")
    return [name for name in order if name in present]


def _known(run: Run, coalition: str) -> str:
    if coalition not in run.coalitions:
        raise NotARunError(f"the run has no coalition {coalition!r}; it has {', '.join(run.coalitions)}")
    return coalition


def _day(grid: xr.Dataset) -> str:
    day = pd.Timestamp(grid["date"].item())
    return f"{day.day} {day:%B %Y}"
