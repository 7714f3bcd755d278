"""Fans: a median with its 50 and 90 % bands, one history filled and its counterfactual in outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.figures import style
from experiments.figures.reading import Run
from experiments.figures.style import Plate

SMOOTH = 4
"""Weeks of the running mean; it looks back only, so that no effect shows before its cause."""

MOST_EVENTS = 6
"""Events marked on a figure; more would bury the data."""

BANDS = ("q05", "q25", "q50", "q75", "q95")
OTHER = "#111111"
"""Colour of the counterfactual's lines."""


class Mark(NamedTuple):
    """An event on the time axis."""

    number: int
    date: pd.Timestamp
    text: str


def smoothed(frame: pd.DataFrame) -> pd.DataFrame:
    """Running means over `SMOOTH` weeks of the quantiles in `frame`, indexed by date."""
    ordered = frame.set_index("date").sort_index()
    return ordered.loc[:, list(BANDS)].rolling(SMOOTH, min_periods=1).mean()


def draw_fan(axes: Axes, histories: Sequence[pd.DataFrame], colour: str) -> None:
    """Draw the first history as filled bands and the second, if there is one, as lines.

    Each frame has columns ``date`` and `BANDS`.
    """
    shown = smoothed(histories[0])
    axes.fill_between(shown.index, shown["q05"], shown["q95"], color=colour, alpha=0.22, lw=0)
    axes.fill_between(shown.index, shown["q25"], shown["q75"], color=colour, alpha=0.42, lw=0)
    axes.plot(shown.index, shown["q50"], color=colour, lw=1.7)
    for frame in histories[1:2]:
        other = smoothed(frame)
        axes.plot(other.index, other["q50"], color=OTHER, lw=1.1, ls=(0, (4, 2)))
        for edge in ("q05", "q95"):
            axes.plot(other.index, other[edge], color=OTHER, lw=0.7, ls=(0, (1, 1.5)))


def dress(axes: Axes, title: str, unit: str, top: float | None = None) -> None:
    """Title, unit and time axis of a small panel; `top` fixes the vertical scale, else it starts at 0."""
    axes.set_title(title, pad=16 if unit else 5)
    axes.text(0, 1.03, unit, transform=axes.transAxes, size=style.SMALL, color=style.FAINT)
    ticks = mdates.AutoDateLocator(minticks=3, maxticks=5)
    axes.xaxis.set_major_locator(ticks)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(ticks, show_offset=False))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=axes.get_ylim()[1] > 4, min_n_ticks=2))
    axes.set_ylim(0, top or max(axes.get_ylim()[1], 1e-3))
    axes.margins(x=0)
    axes.tick_params(length=2.5, pad=2)


def marks(run: Run) -> list[Mark]:
    """Events to mark: those that the two histories don't share, or all of a single history."""
    histories = run.histories
    events = run.events(histories[0])
    if len(histories) > 1:
        others = run.events(histories[1])
        events = [e for e in events if e not in others] + [e for e in others if e not in events]
    chosen = sorted(events)[:MOST_EVENTS]
    return [Mark(number, day, text) for number, (day, text) in enumerate(chosen, start=1)]


def draw_marks(axes: Axes, events: Sequence[Mark]) -> None:
    """Numbered lines at the dates of events that fall inside the time shown."""
    low, high = (mdates.num2date(edge).replace(tzinfo=None) for edge in axes.get_xlim())
    for mark in (mark for mark in events if low <= mark.date <= high):
        axes.axvline(mark.date, color=style.FAINT, lw=0.8, ls=(0, (2, 2)), zorder=0.9)
        box = {"boxstyle": "circle,pad=0.12", "fc": "white", "ec": style.FAINT, "lw": 0.7}
        place = {"xycoords": ("data", "axes fraction"), "va": "center", "ha": "center"}
        axes.annotate(str(mark.number), (mdates.date2num(mark.date), 0.97), size=style.SMALL, bbox=box, **place)


def key_height(events: Sequence[Mark]) -> float:
    """Inches that the key of a fan figure takes."""
    return 0.32 + 0.16 * len(events)


def draw_key(plate: Plate, run: Run, colour: str, events: Sequence[Mark], bottom: float) -> None:
    """The key below the panels: bands, lines, and the numbered events."""
    wide, high = plate.get_size_inches()
    top = bottom + key_height(events)
    handles: list[Patch | Line2D] = [
        Line2D([], [], color=colour, lw=1.7, label=f"{run.named(run.histories[0])}: median"),
        Patch(facecolor=colour, alpha=0.55, label="middle 50 %"),
        Patch(facecolor=colour, alpha=0.22, label="middle 90 %"),
    ]
    if len(run.histories) > 1:
        named = run.named(run.histories[1])
        handles += [Line2D([], [], color=OTHER, lw=1.1, ls=(0, (4, 2)), label=f"{named}: median")]
        handles += [Line2D([], [], color=OTHER, lw=0.7, ls=(0, (1, 1.5)), label="its middle 90 %")]
    where = {"loc": "upper left", "bbox_to_anchor": (0.08 / wide, top / high), "borderpad": 0.0}
    plate.legend(handles=handles, ncols=len(handles), handlelength=1.7, columnspacing=1.3, **where)
    for row, mark in enumerate(events):
        line = f"{mark.number}  {mark.date.day} {mark.date:%B %Y}: {mark.text}"
        spot = (0.12 / wide, (top - 0.3 - 0.16 * row) / high)
        plate.text(*spot, line, size=style.SMALL, va="center", parse_math=False)
