"""Threat panel: small multiples of the threat measures with their paired difference."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import fans, style, words
from experiments.figures.reading import Run
from experiments.figures.style import Margins, Plate
from sim.outcomes import ORDINAL

HEADLINE = (
    "complex_attacks_capitals",
    "littoral_attacks",
    "bases_overrun",
    "civilians_killed",
    "transnational_jnim",
    "transnational_issp",
)
"""Measures of the first panel."""

COMPONENTS = tuple(
    f"{part}_{group}" for group in ("jnim", "issp") for part in ("sanctuary", "capability", "links", "intent")
)
"""Components of the two transnational indices."""

PLACES = (
    "capital_attacks_bamako",
    "capital_attacks_niamey",
    "capital_attacks_ouagadougou",
    "littoral_support_cells",
    "leaders_lost",
    "large_attacks",
    "coups",
    "displaced",
    "displaced_abroad",
)
"""Measures that say where, and what is counted beside the first panel."""

PANEL, DOWN = 1.25, 0.8
"""Height of a panel and the inches between panels for title, unit and dates."""

STRIP = 0.62
"""Inches kept at the right of a panel for the paired difference."""

_HOW_TO_READ = (
    "Four-week running means of weekly quantiles. An ordinal index ranks histories and dates; "
    "it is not a probability and its steps are not equal."
)
_DIFFERENCE = (
    "Grey strips: paired difference ({window}; totals of counts, means of indices), median and 90 % interval about "
    "the zero line; the dot is filled where the interval leaves out zero."
)
_TITLES = {
    HEADLINE: "Threat measures",
    COMPONENTS: "Components of the transnational indices",
    PLACES: "Threat by place, and what else is counted",
}


@style.styled
def threat_panel(run: Run, measures: tuple[str, ...] = HEADLINE, width: float = style.SLIDE) -> Plate:
    """Small multiples of threat `measures`: fans over time, and the paired difference beside them.

    Measures that the run lacks are left out. Ordinal numbers share a scale and say in their unit
    that they are ordinal.
    """
    table = run.table("threat")
    known = [name for name in measures if (table["threat"] == name).any()]
    columns = _columns(len(known), width)
    title = f"{_TITLES.get(measures, 'Threat measures')}: {run.versus}"
    body = max(1, -(-len(known) // columns)) * (PANEL + DOWN)
    compared = run.paired and any(_difference(run, name) for name in known)
    plate, room = _page(run, (title, _DIFFERENCE.format(window=_window(run)) if compared else ""), body, width)
    across = (room.right - room.left) / columns
    for index, name in enumerate(known):
        corner = (room.left + (index % columns) * across, room.top - (1 + index // columns) * (PANEL + DOWN) + 0.32)
        _draw_measure(run, table[table["threat"] == name], name, (plate, corner, across))
    return plate


def _columns(panels: int, width: float) -> int:
    if width < style.WIDE:
        return 2
    return 4 if panels > 6 else 3


def _page(run: Run, texts: tuple[str, str], body: float, width: float) -> tuple[Plate, Margins]:
    key = fans.key_of(run, style.SLATE, fans.marks(run), width)
    caption = run.caption(_HOW_TO_READ)
    frame = style.head_height(*texts, width) + style.foot_height(caption, width) + key.height
    plate, room = style.page((width, frame + body + 0.1), *texts, caption)
    fans.draw_key(plate, key, room.bottom)
    return plate, room


def _draw_measure(run: Run, table: pd.DataFrame, name: str, where: tuple[Plate, tuple[float, float], float]) -> None:
    plate, (left, bottom), across = where
    difference = _difference(run, name) if run.paired else None
    strip = 0.0 if difference is None else STRIP
    axes = plate.area(left + 0.36, bottom, across - 0.56 - strip, PANEL)
    title, unit = words.threat(name)
    fans.draw_fan(axes, [table[table["history"] == history] for history in run.histories], style.SLATE)
    fans.dress(axes, title, unit, _TOPS.get(unit))
    fans.draw_marks(axes, fans.marks(run))
    if difference is not None:
        _draw_difference(plate.area(left + across - 0.1 - strip, bottom, strip - 0.1, PANEL), difference)


def _draw_difference(axes: Axes, interval: tuple[float, float, float]) -> None:
    # A dot and a bar on a scale of its own: what matters is the side of zero and the distance from it.
    low, middle, high = interval
    reach = 1.9 * max(abs(low), abs(high), 1e-9)
    axes.set(xticks=[], yticks=[], xlim=(-1, 1), ylim=(-reach, reach), facecolor="#F6F5F2")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.axhline(0, color=style.INK, lw=0.8)
    sure = low > 0 or high < 0
    axes.plot([0, 0], [low, high], color=style.SLATE, lw=2.0, solid_capstyle="butt")
    axes.plot(0, middle, "o", ms=6, mfc=style.SLATE if sure else "white", mec=style.SLATE, mew=1.3)
    small: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "size": style.SMALL}
    axes.text(0.5, 0.97, signed(middle), va="top", weight="bold" if sure else "normal", **small)
    axes.text(0.5, 0.02, f"{signed(low)}\n{signed(high)}", va="bottom", linespacing=1.05, color=style.FAINT, **small)


def signed(value: float) -> str:
    """A difference with its sign and at most three figures; zero has no sign.

    >>> signed(3.14159), signed(-0.04), signed(123.4), signed(0.0)
    ('+3.1', '−0.04', '+123', '0')
    """
    size = abs(value)
    digits = 0 if size >= 10 or size == 0 else (1 if size >= 1 else 2)
    text = f"{size:.{digits}f}"
    if float(text) == 0:
        return "0"
    return ("+" if value > 0 else "−") + text


def _window(run: Run) -> str:
    # The longest window after the change that fits into the run, else the whole run.
    windows = list(run.table("differences")["window"].unique())
    after = [window for window in windows if window.startswith("first")]
    return str((after or windows or ["whole run"])[-1])


def _difference(run: Run, name: str) -> tuple[float, float, float] | None:
    table = run.table("differences")
    rows = table[(table["outcome"] == _OUTCOME.get(name, name)) & (table["window"] == _window(run))]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return float(row["q05"]), float(row["q50"]), float(row["q95"])


_TOPS = {ORDINAL: 100.0, "ordinal, 0 to 1": 1.0}
"""Ends of the scales of ordinal numbers, by unit."""

_OUTCOME = {"civilians_killed": "civilians"}
"""Outcomes that the table of differences calls otherwise."""
