"""Threat dashboard: the six outcomes and their components, as fans with their paired difference."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import fans, style, words
from experiments.figures.panels import Panel, Shape, Texts, columns, narrow, panel_page
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate
from experiments.language import tr
from sim.outcomes import FLOW, ORDINAL, SIX
from sim.outcomes import threat as told

HEADLINE = (
    "complex_attacks_capitals",
    "littoral_attacks",
    "bases_overrun",
    "coups",
    "transnational_jnim",
    "transnational_issp",
    "civilians_killed",
    "displaced",
)
"""Measures of the first panel: at least one for each of the six outcomes."""

COMPONENTS = tuple(
    f"{part}_{group}" for group in ("jnim", "issp") for part in ("sanctuary", "capability", "links", "intent")
)
"""Components of the two transnational indices."""

PLACES = (
    "capital_attacks_bamako",
    "capital_attacks_niamey",
    "capital_attacks_ouagadougou",
    "capitals_taken",
    "littoral_support_cells",
    "leaders_lost",
    "large_attacks",
    "displaced_abroad",
)
"""Components that say where, and what is counted beside the first panel."""

TALL, STRIP = 1.2, 0.6
"""Height of a panel, and inches kept at its right for the paired difference."""

_TITLES = {
    HEADLINE: "Threat: the six outcomes",
    COMPONENTS: "Components of the transnational indices",
    PLACES: "Threat by place, and what else is counted",
}


@style.styled
def threat_panel(run: Run, measures: tuple[str, ...] = HEADLINE, width: float = style.SLIDE) -> Plate:
    """Small multiples of threat `measures`: fans over time, and the paired difference beside them.

    What is counted is shown as totals of four weeks. Measures that the run lacks, or that are zero
    in every replicate, are left out. Ordinal numbers share a scale and say in their unit that they
    are ordinal.

    Raises:
        NotARunError: if none of the measures is left.
    """
    shown = {name: frames for name in measures if (frames := frames_of(run, name))}
    if not shown:
        raise NotARunError(f"run folder {run.folder} has nothing to draw: none of these threats came up")
    compared = run.paired and not narrow(width) and any(_difference(run, name) for name in shown)
    title = tr("{title}: {versus}", title=title_of(measures), versus=run.versus)
    texts = Texts(title, _note(run) if compared else "", run.caption(*_how_to_read(list(shown))))
    panels = [_panel(run, name, frames, compared=compared) for name, frames in shown.items()]
    across = columns(width, 4 if len(panels) > 6 else 3, len(panels))
    shape = Shape(across, tall=0.9 if narrow(width) else TALL, right=0.08 + (STRIP if compared else 0.0))
    mean = any(_is_rare(name, frames) for name, frames in shown.items())
    return panel_page(texts, panels, shape, width, fans.key_for(run, style.SLATE, fans.marks(run), width, mean=mean))


def title_of(measures: tuple[str, ...]) -> str:
    """What a panel of these measures is called."""
    return tr(_TITLES.get(measures, "Threat measures"))


def frames_of(run: Run, name: str) -> list[pd.DataFrame]:
    """One frame for each history; none where nothing ever happened."""
    counted = _counted(name)
    table = run.table("threat_in_4_weeks" if counted else "threat")
    rows = table[table["threat"] == name]
    if rows.empty or not rows[["mean", "q95"]].to_numpy().any():
        return []
    return [fans.dated(rows[rows["history"] == history], total=counted) for history in run.histories]


def _counted(name: str) -> bool:
    try:
        return told(name).kind == FLOW
    except KeyError:
        return False


def _is_rare(name: str, frames: list[pd.DataFrame]) -> bool:
    return _counted(name) and fans.rare(frames)


def _note(run: Run) -> str:
    return tr(
        "Grey strips: paired difference ({window}; totals of counts, means of stocks and indices), median and 90 % "
        "interval about the zero line; the dot is filled where the interval leaves out zero.",
        window=tr(window_of(run)),
    )


def _how_to_read(names: list[str]) -> list[str]:
    notes = []
    if any(_counted(name) for name in names):
        notes.append(tr("Counts are totals of four weeks, drawn at their end; vertical scales differ."))
    if any(_ordinal(name) for name in names):
        notes.append(
            tr("An ordinal index ranks histories and dates; it is not a probability and its steps are not equal.")
        )
    return notes


def _ordinal(name: str) -> bool:
    return words.threat(name)[1] in (tr(ORDINAL), tr("ordinal, 0 to 1"))


def _panel(run: Run, name: str, frames: list[pd.DataFrame], *, compared: bool) -> Panel:
    label, unit = words.threat(name)
    if _counted(name):
        unit = tr(told(name).unit.replace("a week", "in four weeks"))
        unit = tr("{unit}, mean", unit=unit) if fans.rare(frames) else unit
    outcome = SIX.get(told(name).outcome if name in known() else "", "")
    title, below = (tr(outcome), f"{label} ({unit})") if outcome and not _ordinal(name) else (label, unit)
    difference = _difference(run, name) if compared else None
    return Panel(title, below, partial(_draw, run, name, frames, difference))


def known() -> frozenset[str]:
    """Measures that the dashboards know."""
    return frozenset((*HEADLINE, *COMPONENTS, *PLACES))


def _draw(
    run: Run, name: str, frames: list[pd.DataFrame], difference: tuple[float, float, float] | None, axes: Axes
) -> None:
    fans.draw_fan(axes, frames, style.SLATE, middle="mean" if _is_rare(name, frames) else "q50")
    fans.dress(axes, _top(name))
    fans.draw_marks(axes, fans.marks(run))
    if difference is not None:
        plate, box = axes.figure, axes.get_position()
        assert isinstance(plate, Plate), "panels lie on a plate"
        wide, high = plate.get_size_inches()
        strip = plate.area(box.x1 * wide + 0.1, box.y0 * high, STRIP - 0.1, TALL)
        draw_strip(strip, difference)


def _top(name: str) -> float | None:
    if not _ordinal(name):
        return None
    return 100.0 if name.startswith("transnational") else 1.0


def draw_strip(axes: Axes, interval: tuple[float, float, float]) -> None:
    """A dot and a bar on a scale of its own: what matters is the side of zero and the distance from it."""
    low, middle, high = interval
    reach = 2.3 * max(abs(low), abs(high), 1e-9)
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
    """A difference with its sign and two or three figures; thousands as k; zero has no sign.

    >>> signed(3.14159), signed(-0.04), signed(123.4), signed(0.0), signed(-45678.0)
    ('+3.1', '−0.04', '+123', '0', '−45.7k')
    """
    size = abs(value)
    thousands = size >= 10_000
    text = fans.trimmed(size / 1000 if thousands else size, 3 if size >= 100 else 2)
    if float(f"{size:.2g}") == 0:
        return "0"
    return ("+" if value > 0 else "−") + text + ("k" if thousands else "")


def window_of(run: Run) -> str:
    """The longest window after the change that fits into the run, else the whole run."""
    windows = list(run.table("differences")["window"].unique())
    after = [window for window in windows if window.startswith("first")]
    return str((after or windows or ["whole run"])[-1])


def _difference(run: Run, name: str) -> tuple[float, float, float] | None:
    table = run.table("differences")
    rows = table[(table["outcome"] == _OUTCOME.get(name, name)) & (table["window"] == window_of(run))]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return float(row["q05"]), float(row["q50"]), float(row["q95"])


_OUTCOME = {"civilians_killed": "civilians"}
"""Outcomes that the table of differences calls otherwise."""
