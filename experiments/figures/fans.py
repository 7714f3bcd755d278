"""Fans: a median with its 50 and 90 % bands, one history filled and its counterfactual in outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from babel import numbers
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures import style
from experiments.figures.keys import Entry, Key, key_of
from experiments.figures.lettering import width_of
from experiments.figures.reading import Run
from experiments.figures.retelling import retold
from experiments.language import day, spoken, tr

MOST_EVENTS = 6
"""Events marked on a figure; more would bury the data."""

BANDS = ("q05", "q25", "q50", "q75", "q95")
OTHER = "#111111"
"""Colour of the counterfactual's lines."""

EPOCH = pd.Timestamp("1970-01-01")
FOUR_WEEKS = pd.Timedelta(weeks=4)

RARE = 3.0
"""Where no median passes this, the line is the mean: the median of rare events jumps between whole numbers."""

DASHED, DOTTED = (0, (4, 2)), (0, (1, 1.5))
"""Lines of the counterfactual: its middle, and the edges of its band."""


class Mark(NamedTuple):
    """An event on the time axis."""

    number: int
    date: pd.Timestamp
    text: str


def dated(frame: pd.DataFrame, *, total: bool) -> pd.DataFrame:
    """Mean and quantiles by date. Totals of four weeks stand at their end, so that no effect shows before its cause."""
    ordered = frame.set_index("date").sort_index()
    if total:
        ordered.index += FOUR_WEEKS
    return ordered.loc[:, ["mean", *BANDS]]


def rare(histories: Sequence[pd.DataFrame]) -> bool:
    """Whether the median of counts never passes `RARE` in any history."""
    return all(float(frame["q50"].max()) <= RARE for frame in histories)


def draw_fan(axes: Axes, histories: Sequence[pd.DataFrame], colour: str, *, middle: str = "q50") -> None:
    """Draw the first history as filled bands and the second, if there is one, as lines.

    Each frame is one that `dated` made; `middle` is the column of the line in the middle.
    """
    shown = histories[0]
    axes.fill_between(shown.index, shown["q05"], shown["q95"], color=colour, alpha=0.22, lw=0)
    axes.fill_between(shown.index, shown["q25"], shown["q75"], color=colour, alpha=0.42, lw=0)
    axes.plot(shown.index, shown[middle], color=colour, lw=1.7)
    for other in histories[1:2]:
        axes.plot(other.index, other[middle], color=OTHER, lw=1.1, ls=DASHED)
        for edge in ("q05", "q95"):
            axes.plot(other.index, other[edge], color=OTHER, lw=0.7, ls=DOTTED)


def dress(axes: Axes, top: float | None = None) -> None:
    """Time axis and vertical scale of a small panel: from 0 to `top`, or as high as the data ask for."""
    axes.margins(x=0)
    date_axis(axes)
    axes.set_ylim(0, top or max(1.12 * axes.get_ylim()[1], 1e-3))
    value_axis(axes)


def date_axis(axes: Axes) -> None:
    """Ticks at firsts of months or years, with room between their words."""
    first, last = axes.get_xlim()
    ticks = dict(_dates(first, last, most=max(2, int(style.inches(axes)[0] / 0.5))))
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.tick_params(length=2.5, pad=2)


def value_axis(axes: Axes) -> None:
    """Few ticks with numbers in the language in use."""
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=axes.get_ylim()[1] > 4, min_n_ticks=2))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))


def tick(value: float) -> str:
    """A number beside an axis, without needless zeros; large ones in thousands or millions.

    >>> tick(0.25), tick(45.0), tick(-1500.0), tick(4500000.0)
    ('0.25', '45', '−1,500', '4.5M')
    """
    if abs(value) >= 10_000:
        text = numbers.format_compact_decimal(value, fraction_digits=1, locale=spoken())
    else:
        text = numbers.format_decimal(value, format="#,##0.###", locale=spoken())
    return str(text).replace("-", "−")


def trimmed(value: float, digits: int = 3) -> str:
    """A number with `digits` significant digits and no needless zeros.

    >>> trimmed(-2.0), trimmed(0.0060), trimmed(82812.0)
    ('-2', '0.006', '82,800')
    """
    return str(numbers.format_decimal(float(f"{value:.{digits}g}"), format="#,##0.######", locale=spoken()))


def _dates(first: float, last: float, most: int) -> list[tuple[float, str]]:
    # Firsts of months, not many more than `most`; January carries the year.
    start, end = (EPOCH + pd.Timedelta(days=days) for days in (first, last))
    months = pd.date_range(start.normalize(), end, freq="MS")
    step = next((step for step in (1, 2, 3, 6) if len(months) <= most * step), 12)
    chosen = [month for month in months if (month.month - 1) % step == 0]
    return [(day_number(month), f"{month:%Y}" if month.month == 1 else day(month, "MMM")) for month in chosen]


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
        events = [(pd.Timestamp(run.manifest["change"]), tr("the histories part."))]
    chosen = sorted(events)[:MOST_EVENTS]
    return [Mark(number, day, text) for number, (day, text) in enumerate(chosen, start=1)]


def draw_marks(axes: Axes, events: Sequence[Mark]) -> None:
    """Numbered lines at the dates of events that fall inside the time shown; near ones step down."""
    low, high = axes.get_xlim()
    wide, tall = style.inches(axes)
    box = {"boxstyle": "round,pad=0.15,rounding_size=0.6", "fc": "white", "ec": style.FAINT, "lw": 0.7}
    ends: list[float] = []  # of the words on each level, in inches
    for date, label in _grouped([mark for mark in events if low <= day_number(mark.date) <= high]):
        at = (day_number(date) - low) / (high - low) * wide
        half = width_of(label, style.SMALL) / 2 + 0.08
        level = next((i for i, end in enumerate(ends) if end < at - half), len(ends))
        ends[level : level + 1] = [at + half]
        axes.axvline(day_number(date), color=style.FAINT, lw=0.8, ls=(0, (2, 2)), zorder=0.9)
        spot = min(max(at, half), wide - half) / wide
        text = axes.text(spot, 1 - (0.12 + 0.19 * level) / tall, label, transform=axes.transAxes, size=style.SMALL)
        text.set(ha="center", va="center", bbox=box)


def _grouped(events: Sequence[Mark]) -> list[tuple[pd.Timestamp, str]]:
    """Dates with the numbers of their events, such as ``1, 2``."""
    dates = dict.fromkeys(mark.date for mark in events)
    return [(date, ", ".join(str(mark.number) for mark in events if mark.date == date)) for date in dates]


def key_for(run: Run, colour: str, events: Sequence[Mark], width: float, *, mean: bool = False) -> Key:
    """The key of a figure `width` inches wide whose first history is drawn in `colour`.

    `mean` says that the line of rare events is the mean.
    """
    middle = tr("median (of rare events: mean)") if mean else tr("median")
    first = tr("{history}: {measure}", history=run.named(run.histories[0]), measure=middle)
    rows = [
        [
            Entry(first, {"color": colour, "lw": 1.7}),
            Entry(tr("middle 50 %"), {"facecolor": colour, "alpha": 0.55}),
            Entry(tr("middle 90 %"), {"facecolor": colour, "alpha": 0.22}),
        ]
    ]
    for history in run.histories[1:2]:
        second = tr("{history}: {measure}", history=run.named(history), measure=middle)
        dotted = Entry(tr("middle 90 %"), {"color": OTHER, "lw": 0.9, "ls": DOTTED})
        rows.append([Entry(second, {"color": OTHER, "lw": 1.1, "ls": DASHED}), dotted])
    return key_of(rows, told(events, width), width - 2 * style.EDGE)


def told(events: Sequence[Mark], width: float) -> list[str]:
    """The numbered events in lines that fit a page `width` inches wide."""
    lines: list[str] = []
    for mark in events:
        date = day(mark.date)
        sentence = retold(mark.text)
        text = sentence if date in sentence else tr("{day}: {text}", day=date, text=sentence)
        lines += style.wrapped(f"{mark.number}  {text}", width, style.SMALL)
    return lines
