"""Fans: a median with its 50 and 90 % bands, one history filled and its counterfactual in outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

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

EPOCH = pd.Timestamp("1970-01-01")


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
    axes.set_title(title, pad=17 if unit else 5)
    axes.text(0, 1.04, unit, transform=axes.transAxes, size=style.SMALL, color=style.FAINT)
    axes.margins(x=0)
    first, last = axes.get_xlim()
    ticks = dict(_dates(first, last, most=max(2, int(style.inches(axes)[0] / 0.45))))
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=axes.get_ylim()[1] > 4, min_n_ticks=2))
    axes.set_ylim(0, top or max(1.12 * axes.get_ylim()[1], 1e-3))
    axes.tick_params(length=2.5, pad=2)


def _dates(first: float, last: float, most: int) -> list[tuple[float, str]]:
    # Firsts of months, not many more than `most`; January carries the year.
    start, end = (EPOCH + pd.Timedelta(days=days) for days in (first, last))
    months = pd.date_range(start.normalize(), end, freq="MS")
    step = next((step for step in (1, 2, 3, 6) if len(months) <= most * step), 12)
    chosen = [month for month in months if (month.month - 1) % step == 0]
    return [(day_number(month), f"{month:%Y}" if month.month == 1 else f"{month:%b}") for month in chosen]


def day_number(date: pd.Timestamp) -> float:
    """Matplotlib's number of a date: days since 1970."""
    return (date - EPOCH) / pd.Timedelta(days=1)


def marks(run: Run) -> list[Mark]:
    """Events to mark: those that the two histories don't share, or all of a single history.

    Where the manifest tells of none, the day on which the histories part is marked.
    """
    histories = run.histories
    events = run.events(histories[0])
    if len(histories) > 1:
        others = run.events(histories[1])
        events = [e for e in events if e not in others] + [e for e in others if e not in events]
    if not events and run.manifest.get("change"):
        events = [(pd.Timestamp(run.manifest["change"]), "the histories part.")]
    chosen = sorted(events)[:MOST_EVENTS]
    return [Mark(number, day, text) for number, (day, text) in enumerate(chosen, start=1)]


def draw_marks(axes: Axes, events: Sequence[Mark]) -> None:
    """Numbered lines at the dates of events that fall inside the time shown."""
    low, high = axes.get_xlim()
    box = {"boxstyle": "circle,pad=0.1", "fc": "white", "ec": style.FAINT, "lw": 0.7}
    for mark in (mark for mark in events if low <= day_number(mark.date) <= high):
        axes.axvline(day_number(mark.date), color=style.FAINT, lw=0.8, ls=(0, (2, 2)), zorder=0.9)
        spot = axes.get_xaxis_transform()
        text = axes.text(day_number(mark.date), 0.93, str(mark.number), transform=spot, size=style.SMALL, bbox=box)
        text.set(ha="center", va="center")


class Key(NamedTuple):
    """The key of a fan figure, measured before the page is made."""

    rows: list[list[Patch | Line2D]]  # one row of samples for each history
    lines: list[str]  # the numbered events, wrapped

    @property
    def height(self) -> float:
        """Inches that the key takes."""
        return 0.12 + 0.2 * len(self.rows) + 0.15 * len(self.lines)


def key_of(run: Run, colour: str, events: Sequence[Mark], width: float) -> Key:
    """The key of a figure `width` inches wide whose first history is drawn in `colour`."""
    texts = [f"{mark.number}  {mark.date.day} {mark.date:%B %Y}: {mark.text}" for mark in events]
    lines = [line for text in texts for line in style.wrapped(text, width, style.SMALL)]
    rows: list[list[Patch | Line2D]] = [
        [
            Line2D([], [], color=colour, lw=1.7, label=f"{run.named(run.histories[0])}: median"),
            Patch(facecolor=colour, alpha=0.55, label="middle 50 %"),
            Patch(facecolor=colour, alpha=0.22, label="middle 90 %"),
        ]
    ]
    for history in run.histories[1:2]:
        median = Line2D([], [], color=OTHER, lw=1.1, ls=(0, (4, 2)), label=f"{run.named(history)}: median")
        rows.append([median, Line2D([], [], color=OTHER, lw=0.9, ls=(0, (1, 1.5)), label="middle 90 %")])
    return Key(rows, lines)


def draw_key(plate: Plate, key: Key, bottom: float) -> None:
    """Draw the key with its lower edge `bottom` inches above the foot of the page."""
    wide, high = plate.get_size_inches()
    top = bottom + key.height
    for number, row in enumerate(key.rows):
        where = (0.12 / wide, (top - 0.2 * number) / high)
        kind: dict[str, Any] = {"bbox_to_anchor": where, "borderpad": 0.0, "borderaxespad": 0.0}
        plate.legend(handles=row, loc="upper left", ncols=len(row), **kind)
    low = top - 0.08 - 0.2 * len(key.rows)
    words: dict[str, Any] = {"size": style.SMALL, "va": "top", "linespacing": 1.18, "parse_math": False}
    plate.text(0.12 / wide, low / high, "\n".join(key.lines), **words)
