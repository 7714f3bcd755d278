"""Forest plot: the paired difference of all headline outcomes, as a dot and an interval with the numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import fans, style
from experiments.figures.lettering import broken
from experiments.figures.panels import Texts, framed, narrow
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate
from experiments.language import tr
from experiments.outcomes import OUTCOMES

HEADLINE = tuple(outcome.name for outcome in OUTCOMES if outcome.headline)

CHIEF = (
    "deaths", "civilians", "displaced", "attacks_jnim", "people_jnim", "area_jnim", "attacks_issp", "people_issp",
    "area_issp", "clashes_jnim_issp", "large_attacks", "bases_overrun", "capital_attacks_bamako",
    "capital_attacks_niamey", "capital_attacks_ouagadougou", "littoral_attacks", "transnational_jnim",
    "transnational_issp", "coup_chance",
)  # fmt: skip
"""Outcomes that fit on a slide."""

REACH = 3.0
"""Standard deviations at which the axis ends at most; what goes further is drawn with an arrow."""

LINE, HEAD, FOOT = 0.17, 0.46, 0.44
"""Inches of a line of text, of the headings of the columns, and of the axis below the rows."""


class Row(NamedTuple):
    """One outcome: words, numbers in its unit, and the interval in standard deviations of the counterfactual."""

    outcome: str
    label: str
    cells: tuple[str, str, str, str, str]  # scenario, counterfactual, difference, interval, share agreeing
    interval: tuple[float, float, float]  # low, middle, high


class Columns(NamedTuple):
    """Where the parts of a row lie, in inches from the left margin; the right edges of the columns of numbers."""

    words: float  # width of the label
    left: float  # of the axis
    wide: float  # of the axis
    rights: tuple[float, ...]
    stacked: bool  # whether the label has lines of its own above the dot


@style.styled
def forest(run: Run, window: str, outcomes: Sequence[str] = HEADLINE, width: float = style.SLIDE) -> Plate:
    """Paired differences of `outcomes` over a window of the table `differences`, standardised on one axis.

    The scale is in standard deviations of the counterfactual over replicates, so that outcomes of
    different units can be compared; the numbers beside it are in their units. An outcome that is the
    same in all replicates of both histories is left out.

    Raises:
        NotARunError: if the run has no counterfactual, no such window, or nothing that varies.
    """
    rows = rows_of(run, window, outcomes)
    headings = (
        run.named(run.histories[0]),
        run.named(run.histories[1]),
        tr("difference"),
        tr("90 % of pairs"),
        tr("agree"),
    )
    columns = _columns(width)
    title = tr("What changes: {versus}", versus=run.versus)
    note = tr(
        "Paired differences, {window}: median and 90 % of pairs in standard deviations of the counterfactual; the dot "
        "is filled where the interval leaves out zero.",
        window=tr(window),
    )
    reading = tr("Difference: mean over pairs that share all chance. Agree: share of pairs with the sign of the mean.")
    caption = run.caption(reading, tr("An ordinal index ranks histories and dates and is not a probability."))
    lines = [broken(row.label, columns.words, style.SMALL) for row in rows]
    heights = [LINE * (len(each) + columns.stacked) + 0.05 for each in lines]
    plate, room = framed(Texts(title, note, caption), HEAD + sum(heights) + FOOT, width)
    top = room.top - HEAD
    axes = plate.area(room.left + columns.left, top - sum(heights), columns.wide, sum(heights))
    _head(plate, room.left, top, columns, headings)
    _scale(axes, rows, sum(heights))
    _rows(plate, axes, (room.left, top), columns, list(zip(rows, lines, heights, strict=True)))
    return plate


def rows_of(run: Run, window: str, outcomes: Sequence[str] = HEADLINE) -> list[Row]:
    """The rows of the plot, from the tables `differences` and `outcomes`.

    Raises:
        NotARunError: as `forest`.
    """
    if not run.paired:
        raise NotARunError(f"a plot of differences needs a counterfactual; {run.folder} has one history")
    table = run.table("differences")
    part = table[(table["window"] == window) & table["outcome"].isin(list(outcomes))]
    if part.empty:
        known = ", ".join(map(str, table["window"].unique()))
        raise NotARunError(f"no differences for '{window}'; the run has: {known}")
    spread = spreads(run, window)
    order = {name: at for at, name in enumerate(outcomes)}
    listed = sorted(part.to_dict("records"), key=lambda record: order[str(record["outcome"])])
    found = [_row(record, spread.get(str(record["outcome"]), 0.0)) for record in listed]
    rows = [row for row in found if row is not None]
    if not rows:
        raise NotARunError(f"run folder {run.folder} has nothing to draw: no outcome differs in any pair")
    return rows


def spreads(run: Run, window: str) -> dict[str, float]:
    """Standard deviation of each outcome over replicates: of the counterfactual, else of the scenario."""
    values = run.table("outcomes")
    values = values[values["window"] == window]
    found = values.groupby(["outcome", "history"], observed=True)["value"].std(ddof=0).unstack()
    scenario, other = (found[history] for history in run.histories[:2])
    return {str(name): float(value) for name, value in other.where(other > 0, scenario).items()}


def _row(record: dict[Any, Any], spread: float) -> Row | None:
    get = {key: float(str(record[key])) for key in _NUMBERS}
    varies = get["q05"] != 0 or get["q95"] != 0 or get["mean_difference"] != 0
    if not varies or not spread > 0:
        return None
    mean = get["mean_difference"]
    agree = get["share_positive"] if mean > 0 else get["share_negative"]
    percent = str(record["unit"]) == "probability"
    cells = (
        shown(get["scenario_mean"], percent=percent),
        shown(get["baseline_mean"], percent=percent),
        shown(mean, percent=percent, sign=True),
        tr("{low} to {high}", low=shown(get["q05"], percent=percent, sign=True),
           high=shown(get["q95"], percent=percent, sign=True)),
        f"{100 * agree:.0f} %",
    )  # fmt: skip
    interval = (get["q05"] / spread, get["q50"] / spread, get["q95"] / spread)
    return Row(str(record["outcome"]), labelled(str(record["label"]), str(record["unit"])), cells, interval)


_NUMBERS = (
    "scenario_mean",
    "baseline_mean",
    "mean_difference",
    "q05",
    "q50",
    "q95",
    "share_positive",
    "share_negative",
)


def labelled(label: str, unit: str) -> str:
    """An outcome's name with its unit where the name does not say it."""
    return f"{tr(label)} ({tr(unit)})" if unit in ("km2", "cells of half a degree") else tr(label)


def shown(value: float, *, percent: bool = False, sign: bool = False) -> str:
    """A number for a column; chances in per cent.

    >>> shown(1234.6), shown(-3.0, sign=True), shown(0.123, percent=True, sign=True), shown(0.0, sign=True)
    ('1,230', '−3', '+12.3 %', '0')
    """
    text = fans.trimmed(abs(100 * value) if percent else abs(value)) + (" %" if percent else "")
    minus = "−" if value < 0 else ""
    return ("+" if sign and value > 0 else minus) + text


def _columns(width: float) -> Columns:
    room = width - 2 * style.EDGE
    if width >= style.WIDE:
        rights = (room - 3.45, room - 2.7, room - 1.95, room - 0.5, room)
        return Columns(2.6, 2.7, room - 3.45 - 0.8 - 2.7, rights, stacked=False)
    if narrow(width):
        return Columns(room, 0.06, room - 1.95, (room,), stacked=True)
    rights = (room - 3.35, room - 2.65, room - 1.9, room - 0.45, room)
    return Columns(room, 0.06, room - 3.35 - 0.75, rights, stacked=True)


def _head(plate: Plate, left: float, top: float, columns: Columns, headings: Sequence[str]) -> None:
    """Headings of the columns of numbers."""
    if len(columns.rights) == 1:
        _write(plate, left + columns.rights[0], top + 0.02, tr("difference (90 % of pairs)"), ha="right", va="bottom",
               color=style.FAINT)  # fmt: skip
        return
    edges = (columns.left + columns.wide, *columns.rights)
    for heading, start, right in zip(headings, edges, columns.rights, strict=False):
        lines = broken(heading, right - start - 0.06, style.SMALL)
        _write(plate, left + right, top + 0.02, "\n".join(lines), ha="right", va="bottom", linespacing=1.05,
               color=style.FAINT)  # fmt: skip


def _scale(axes: Axes, rows: Sequence[Row], tall: float) -> None:
    reach = min(REACH, 1.08 * max(max(map(abs, row.interval)) for row in rows))
    axes.set(ylim=(0, tall), xlim=(-reach, reach), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    axes.set_xlabel(tr("standard deviations"), labelpad=1)
    axes.locator_params(axis="x", nbins=5 if style.inches(axes)[0] > 2 else 3)
    axes.tick_params(length=2.5, pad=2)


def _rows(
    plate: Plate,
    axes: Axes,
    corner: tuple[float, float],
    columns: Columns,
    rows: Sequence[tuple[Row, list[str], float]],
) -> None:
    left, top = corner
    whole = sum(height for *_, height in rows)
    for at, (row, lines, height) in enumerate(rows):
        if at % 2:
            axes.axhspan(whole - height, whole, color="#F6F5F2", lw=0)
        for number_of, line in enumerate(lines):
            _write(plate, left, top - LINE * (number_of + 0.5) - 0.025, line, va="center", parse_math=False)
        middle = LINE * (len(lines) + 0.5 if columns.stacked else len(lines) / 2) + 0.025
        draw_interval(axes, whole - middle, row.interval)
        cells = row.cells if len(columns.rights) > 1 else (f"{row.cells[2]} ({row.cells[3]})",)
        for cell, right in zip(cells, columns.rights, strict=True):
            _write(plate, left + right, top - middle, cell, ha="right", va="center")
        top, whole = top - height, whole - height


def draw_interval(axes: Axes, level: float, interval: tuple[float, float, float]) -> None:
    """A bar and a dot at a level; the dot is filled where zero is left out, an arrow leads out of the axis."""
    low, middle, high = interval
    reach = axes.get_xlim()[1]
    sure = low > 0 or high < 0
    axes.plot([0, 0], [level - 0.6 * LINE, level + 0.6 * LINE], color=style.INK, lw=0.8)
    axes.plot(np.clip([low, high], -reach, reach), [level, level], color=style.SLATE, lw=1.8, solid_capstyle="butt")
    for end, mark in ((low, "<"), (high, ">")):
        if abs(end) > reach:
            axes.plot(np.clip(end, -reach, reach), level, mark, ms=5, color=style.SLATE, clip_on=False)
    axes.plot(np.clip(middle, -reach, reach), level, "o", ms=5.5, mfc=style.SLATE if sure else "white",
              mec=style.SLATE, mew=1.2, clip_on=False)  # fmt: skip


def _write(plate: Plate, left: float, up: float, text: str, **kind: object) -> None:
    wide, high = plate.get_size_inches()
    plate.text(left / wide, up / high, text, size=style.SMALL, **kind)  # type: ignore[arg-type]


def windows_of(run: Run) -> list[str]:
    """Windows of the table of differences, in its order."""
    table: pd.DataFrame = run.table("differences")
    return [str(window) for window in table["window"].unique()]
