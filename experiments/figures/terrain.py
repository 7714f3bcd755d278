"""Control of terrain: who holds what at a date, and how it goes from the start to the likely end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from experiments.figures import sheets, style
from experiments.figures.cells import (
    LOWER_RIGHT,
    UPPER_LEFT,
    attack_look,
    control_look,
    draw_cells,
    draw_diagonals,
    support_look,
)
from experiments.figures.legend import Block, other_ground, zone_table
from experiments.figures.reading import Run, at_date
from experiments.figures.sheets import Texts
from experiments.figures.style import Plate
from experiments.figures.zones import NOBODY, Picture, picture
from experiments.language import day, tr

FAMILIES = ("jnim", "issp", "csp", "platform", "militia", "other", "foreign")
"""Families that the key lists, in its order; states have an entry of their own."""


@style.styled
def control_of_terrain(run: Run, date: pd.Timestamp, history: str, width: float = style.SLIDE) -> Plate:
    """The most probable zone of each cell at a date in a history, `width` inches wide.

    Colour tells the coalition, tint and hatch the zone: solid is control, tinted with light lines
    a support zone, coloured lines alone an attack zone, a split cell contested ground. States are
    shown in one neutral colour as state-held ground.

    Raises:
        NotARunError: if the run has no map near the date.
    """
    grid = at_date(run.grid, date)
    headline = tr("Control of terrain, {day}: {history}", day=_day(grid), history=run.named(history))
    return _page(run, [(grid.sel(history=history), "")], headline, (width, None))


@style.styled
def frame_of_terrain(
    run: Run, date: pd.Timestamp, history: str, families: Sequence[str], width: float = style.PAGE
) -> Plate:
    """Control of terrain as a frame of an animation: of the same size, with the same key, at every date.

    The key lists `families` of actors; `families_of` gives all that occur in the run.

    Raises:
        NotARunError: if the run has no map near the date.
    """
    grid = at_date(run.grid, date)
    headline = tr("Control of terrain: {history}", history=run.named(history))
    return _page(run, [(grid.sel(history=history), _day(grid))], headline, (width, families))


@style.styled
def course_of_terrain(run: Run, history: str, width: float = style.SLIDE) -> Plate:
    """Control of terrain now, then and likely: at the start, at the change (or half-way), and at the end.

    On pages of text and half columns the three maps stand below each other as far as needed.
    A run with maps of two dates shows two, with one date one.
    """
    headline = tr("Control of terrain, now, then and likely: {history}", history=run.named(history))
    moments = moments_of(run)
    grids = [at_date(run.grid, date).sel(history=history) for date, _ in moments]
    titles = [
        tr("{moment}: {day}", moment=moment, day=_day(grid)) for (_, moment), grid in zip(moments, grids, strict=True)
    ]
    return _page(run, list(zip(grids, titles, strict=True)), headline, (width, None))


def families_of(run: Run) -> list[str]:
    """Families of actors that hold ground or attack on any map of the run."""
    dates = [run.grid.sel(history=history, date=date) for history in run.histories for date in run.dates]
    return _families(run, [picture(grid) for grid in dates])


def moments_of(run: Run) -> list[tuple[pd.Timestamp, str]]:
    """Dates of maps that tell the course of a run, with what each is called: at most three."""
    first, last = run.dates[0], run.dates[-1]
    between = [date for date in run.dates if first < date < last]
    half = sorted(between, key=lambda date: abs(date - (first + (last - first) / 2)))[:1]
    at_change = [] if _changed(run, first) else [date for date in between if _changed(run, date)][:1]
    middle = [(date, tr("At the change")) for date in at_change] or [(date, tr("Half-way")) for date in half]
    begun = (first - pd.Timestamp(run.manifest.get("start") or first)).days < 7
    start = tr("At the change") if _changed(run, first) else tr("Start") if begun else tr("First map")
    end = tr("Likely end") if _many(run) else tr("End")
    return [(first, start), *middle, *([(last, end)] if last > first else [])]


def _changed(run: Run, date: pd.Timestamp) -> bool:
    # Whether a map shows the ground at the change; the first map of a run that begins with it is its start.
    change = run.manifest.get("change")
    if change is None or change == run.manifest.get("start"):
        return False
    return bool(0 <= (date - pd.Timestamp(change)).days <= NEAR)


NEAR = 45
"""Days after the change within which a map still shows the ground at the change."""


def _page(
    run: Run, shown: Sequence[tuple[xr.Dataset, str]], headline: str, form: tuple[float, Sequence[str] | None]
) -> Plate:
    # `form` is the width, and the families of the key or None for those shown.
    note = tr("Most probable zone of each half-degree cell over {counted}.", counted=run.counted)
    note = (
        note if _many(run) else tr("Zone of each half-degree cell in one replicate, so one of many possible courses.")
    )
    texts = Texts(headline, note, [title for _, title in shown], [tr(_HOW_TO_READ), tr(_DOT) if _many(run) else ""])
    pictures = [picture(grid) for grid, _ in shown]
    families = _families(run, pictures) if form[1] is None else form[1]
    made = sheets.sheet(run, texts, lambda room: _key(run, families, room), form[0])
    for axes, (grid, _), found in zip(made.maps, shown, pictures, strict=True):
        draw_picture(axes, grid, found, run.coalitions)
        if _many(run):
            _draw_doubt(axes, grid, found)
        sheets.finish(axes, grid)
    return made.plate


def _key(run: Run, families: Sequence[str], room: float) -> list[Block]:
    return [*([zone_table(families)] if families else []), other_ground(room, doubt=_many(run))]


def _families(run: Run, pictures: Sequence[Picture]) -> list[str]:
    rows = np.unique([[found.holder, found.rival, found.attacker] for found in pictures])
    present = {style.family(run.coalitions[row]) for row in rows if row != NOBODY}
    return [name for name in FAMILIES if name in present]


def _many(run: Run) -> bool:
    return int(run.manifest["replicates"]) > 1


_HOW_TO_READ = "An attack zone lies over whoever holds the ground."
_DOT = "A dot marks cells where fewer than half of the replicates agree with the class shown."


def draw_picture(axes: Axes, grid: xr.Dataset, shown: Picture, names: list[str]) -> None:
    """Draw the picture of a grid of one date and history whose coalitions are `names`."""
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


def _draw_doubt(axes: Axes, grid: xr.Dataset, shown: Picture) -> None:
    unsure = (shown.holder != NOBODY) & (shown.chance < 0.5)
    lon, lat = grid["lon"].values[unsure], grid["lat"].values[unsure]
    axes.plot(lon, lat, "o", ms=2.6, mfc=style.INK, mec="white", mew=0.5, zorder=3)


def _day(grid: xr.Dataset) -> str:
    return day(pd.Timestamp(grid["date"].item()))
