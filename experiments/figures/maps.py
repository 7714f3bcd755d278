"""Maps of differences from the counterfactual, and of the chance that an actor has a zone in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, ListedColormap, to_rgba
from numpy.typing import NDArray

from experiments.figures import sheets, style, words
from experiments.figures.cells import draw_cells, fill_cells
from experiments.figures.legend import Block, Swatch, swatches
from experiments.figures.reading import NotARunError, Run, at_date
from experiments.figures.sheets import Texts
from experiments.figures.style import Plate
from experiments.language import day, number, tr

SMALL_CHANGE = 0.5
"""Percentage points below which a change counts as none."""

STEPS = (0.5, 2.0, 5.0, 10.0, 25.0)
"""Percentage points that part the classes of a change, the same on every map so that maps compare."""

BANDS = (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)
"""Edges of probability classes; those of common estimative language, rounded."""

DIVERGING = LinearSegmentedColormap.from_list(
    "difference", ["#2D1E5F", "#6B5AA8", "#B5A9D6", "#FFFFFF", "#F3B968", "#C9750F", "#7A3E02"]
)
"""Purple to orange: told apart by all common kinds of colour blindness."""

CLASSES = DIVERGING.resampled(2 * len(STEPS) + 1)
"""The colours of the classes of a change, largest fall first."""

HATCHES = {"rise": "////", "fall": "\\\\\\\\", "flat": "----"}
"""Hatches of cells whose 90 % interval holds zero, by the mean change: up, down, or hardly any."""


@style.styled
def difference_map(run: Run, date: pd.Timestamp, coalition: str, width: float = style.SLIDE) -> Plate:
    """Mean paired difference in a coalition's share of control, scenario minus counterfactual.

    Hatched where the middle 90 % of the paired differences hold zero and reach beyond
    `SMALL_CHANGE`, upwards for a rise and downwards for a fall; a plus or minus stands where they
    don't hold zero. So the sign survives greyscale print.

    Raises:
        NotARunError: if the run has no counterfactual or lacks the coalition.
    """
    if not run.paired:
        raise NotARunError(f"run folder {run.folder} has one history; a difference map needs a counterfactual")
    grid = at_date(run.grid, date).sel(coalition=_known(run, coalition))
    headline = tr("{actor}: change in share of control, {day}", actor=words.coalition(coalition), day=_day(grid))
    scenario, other = run.histories[:2]
    note = tr(
        "{scenario} minus {other}: mean of paired differences, percentage points of each cell, {counted}.",
        scenario=run.named(scenario), other=words.inside(other), counted=run.counted,
    )  # fmt: skip
    made = sheets.sheet(run, Texts(headline, note), _difference_key, width)
    (axes,) = made.maps
    change = changes(grid)
    classes = BoundaryNorm([-100, *(-step for step in STEPS[::-1]), *STEPS, 100], CLASSES.N)
    fill_cells(axes, grid, CLASSES(classes(change[0])))
    _draw_doubt(axes, grid, change)
    sheets.finish(axes, grid)
    return made.plate


@style.styled
def probability_map(
    run: Run,
    date: pd.Timestamp,
    coalition: str,
    zones: Sequence[str] = ("support", "control"),
    histories: Sequence[str] | None = None,
    width: float = style.SLIDE,
) -> Plate:
    """Share of replicates in which a coalition has one of `zones` in a cell at a date.

    The histories, all of the run if None, stand side by side, or below each other where the page is narrow.

    Raises:
        NotARunError: if the run lacks the coalition.
    """
    chosen = list(histories or run.histories)
    grid = at_date(run.grid, date).sel(coalition=_known(run, coalition))
    headline = tr(
        "Chance that {actor} has {zones}, {day}",
        actor=words.coalition(coalition), zones=tr(" or ").join(map(words.zone, zones)), day=_day(grid),
    )  # fmt: skip
    note = tr("Share of {counted}, by half-degree cell.", counted=run.counted)
    titles = [run.named(history) for history in chosen]
    ramp = chance_ramp(style.actor(coalition).ink)
    made = sheets.sheet(run, Texts(headline, note, titles), lambda room: [_chance_key(ramp, room)], width)
    for axes, history in zip(made.maps, chosen, strict=True):
        shown = grid.sel(history=history)
        fill_cells(axes, shown, ramp(BoundaryNorm(BANDS, ramp.N)(chances(shown, zones))))
        sheets.finish(axes, shown)
    return made.plate


def chances(grid: xr.Dataset, zones: Sequence[str]) -> NDArray[np.float64]:
    """Share of replicates in which a cell has one of `zones`, of a grid of one date, history and coalition."""
    total = grid["zone_probability"].sel(zone=list(zones)).sum("zone").values
    return np.clip(np.asarray(total, dtype=np.float64), 0, 1)


def changes(grid: xr.Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean, 5 % and 95 % quantile of the paired difference in percentage points, for one date and coalition."""
    quantiles = 100 * grid["share_difference_quantile"]
    low, high = (quantiles.sel(quantile=q, method="nearest").values.astype(np.float64) for q in (0.05, 0.95))
    return 100 * grid["share_difference_mean"].values.astype(np.float64), low, high


def holds_zero(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the interval from `low` to `high` holds zero."""
    return (low <= 0) & (high >= 0)


def unsure(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the interval holds zero and a change that is not small: cells to hatch."""
    return holds_zero(low, high) & (np.maximum(-low, high) >= SMALL_CHANGE)


def chance_ramp(colour: str) -> Colormap:
    """A ramp of the probability classes from white through `colour`, in equal steps of lightness."""
    path = LinearSegmentedColormap.from_list("chance", [to_rgba(c) for c in ("#FFFFFF", colour, "#160A12")])(
        np.linspace(0, 1, 400)
    )
    lightness = np.array([style.lightness(style.hexadecimal(step)) for step in path])
    wanted = np.linspace(100, min(24.0, style.lightness(colour)), len(BANDS) - 1)
    return ListedColormap([path[np.abs(lightness - level).argmin()] for level in wanted], "chance")


def _draw_doubt(axes: Axes, grid: xr.Dataset, change: tuple[NDArray[np.float64], ...]) -> None:
    mean, low, high = change
    large = np.abs(mean) >= SMALL_CHANGE
    for sign, cells in (("rise", large & (mean > 0)), ("fall", large & (mean < 0)), ("flat", ~large)):
        draw_cells(axes, grid, unsure(low, high) & cells, zorder=1.5, **_hatched(sign))
    for sign, sure in (("+", large & (low > 0)), ("_", large & (high < 0))):
        lon, lat = grid["lon"].values[sure], grid["lat"].values[sure]
        axes.plot(lon, lat, sign, ms=5.0, mew=2.2, color="white", zorder=3)
        axes.plot(lon, lat, sign, ms=4.0, mew=0.9, color=style.INK, zorder=3)


def _difference_key(room: float) -> list[Block]:
    edges = [*STEPS, 100]
    spans = [
        tr("{low} to {high}", low=_plain(a), high=_plain(b)) if b < 100 else tr("over {low}", low=_plain(a))
        for a, b in pairwise(edges)
    ]
    half = len(STEPS)
    rises = [Swatch("+ " + span, {"facecolor": CLASSES(half + 1 + i)}) for i, span in enumerate(spans)]
    falls = [Swatch("\N{MINUS SIGN} " + span, {"facecolor": CLASSES(half - 1 - i)}) for i, span in enumerate(spans)]
    none = Swatch(tr("under {high}", high=_plain(STEPS[0])), {"facecolor": CLASSES(half)})
    doubt = [
        Swatch(tr("sure rise: above zero"), {"facecolor": CLASSES(half + 3)}, "+"),
        Swatch(tr("rise, holds zero"), {**_hatched("rise"), "facecolor": CLASSES(half + 2)}),
        Swatch(tr("under {high}, holds zero", high=_plain(STEPS[0])), _hatched("flat")),
        Swatch(tr("fall, holds zero"), {**_hatched("fall"), "facecolor": CLASSES(half - 2)}),
        Swatch(tr("sure fall: below zero"), {"facecolor": CLASSES(half - 3)}, "_"),
    ]
    return [
        swatches(tr("Change, percentage points"), [*rises[::-1], none, *falls], room, 1 if room < sheets.LEAST else 2),
        swatches(tr("90 % interval"), doubt, room, 1),
    ]


def _hatched(sign: str) -> dict[str, Any]:
    edge = "#B5B2AB" if sign == "flat" else "#77736A"
    return {"facecolor": "none", "hatch": HATCHES[sign], "edgecolor": edge}


def _plain(value: float) -> str:
    return number(value, 1 if value < 10 else 2)


def _chance_key(ramp: Colormap, room: float) -> Block:
    spans = [tr("{low} to {high} %", low=f"{100 * a:.0f}", high=f"{100 * b:.0f}") for a, b in pairwise(BANDS)]
    entries = [Swatch(span, {"facecolor": ramp(i)}) for i, span in enumerate(spans)]
    return swatches(tr("Share of replicates"), entries[::-1], room, 1 if room < sheets.LEAST else 0)


def _known(run: Run, coalition: str) -> str:
    if coalition not in run.coalitions:
        raise NotARunError(f"the run has no coalition {coalition!r}; it has {', '.join(run.coalitions)}")
    return coalition


def _day(grid: xr.Dataset) -> str:
    return day(pd.Timestamp(grid["date"].item()))
