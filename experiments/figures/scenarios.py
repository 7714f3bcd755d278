"""Many scenarios at once: a heat map of what each changes, and small multiples of their series."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from experiments.figures import fans, style, threat, words
from experiments.figures.forest import CHIEF, labelled, spreads
from experiments.figures.keys import Entry, key_of
from experiments.figures.lettering import broken, width_of
from experiments.figures.panels import Panel, Shape, Texts, columns, framed, narrow, panel_page
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate
from experiments.language import tr

REACH = 2.0
"""Standard deviations at which the colours end."""

NUMBERS = 0.58
"""Inches from which a column holds numbers; narrower ones hold signs alone."""

RAMP = "PuOr_r"
"""Diverging and safe for the colour-blind; purple is less, orange more."""


def changes(runs: Sequence[Run], outcomes: Sequence[str] = CHIEF) -> pd.DataFrame:
    """Scenario by outcome: the paired difference of each scenario from its own counterfactual.

    Columns: scenario, counterfactual, outcome, label, unit, window, those of `differences`, and
    ``standardised``, the mean difference in standard deviations of the counterfactual.

    Raises:
        NotARunError: if no run has a counterfactual.
    """
    frames = []
    for run in (run for run in runs if run.paired):
        window = threat.window_of(run)
        table = run.table("differences")
        part = table[(table["window"] == window) & table["outcome"].isin(list(outcomes))].astype({"outcome": str})
        spread = part["outcome"].map(spreads(run, window))
        part = part.assign(standardised=part["mean_difference"].div(spread.where(spread > 0)).fillna(0.0))
        part.insert(0, "counterfactual", run.histories[1])
        part.insert(0, "scenario", run.histories[0])
        frames.append(part)
    if not frames:
        raise NotARunError("a comparison of scenarios needs runs with a counterfactual; none of these has one")
    return pd.concat(frames, ignore_index=True)


@style.styled
def compare(runs: Sequence[Run], outcomes: Sequence[str] = CHIEF, width: float = style.SLIDE) -> Plate:
    """A heat map of `changes`: outcomes down, scenarios across; the numbers are mean differences.

    Colour is the standardised change; a number in bold has a 90 % interval that leaves out zero, a
    hatched cell one that holds it. Outcomes that nothing changes are left out.

    Raises:
        NotARunError: if no run has a counterfactual, or nothing changes.
    """
    frame = changes(runs, outcomes)
    shown = [name for name in outcomes if frame.loc[frame["outcome"] == name, ["q05", "q95"]].to_numpy().any()]
    if not shown:
        raise NotARunError("nothing to draw: no scenario changes any of the outcomes")
    scenarios = list(dict.fromkeys(zip(frame["scenario"], frame["counterfactual"], strict=True)))
    labels = [_label(frame, name) for name in shown]
    room_wide = width - 2 * style.EDGE
    wide = min(2.7, 0.47 * room_wide, max(width_of(label, style.SMALL) for label in labels) + 0.12)
    step = min(1.3, (room_wide - wide) / len(scenarios))
    heads, lines = _headings(scenarios, step, width)
    rows = [broken(label, wide - 0.1, style.SMALL) for label in labels]
    heights = [0.06 + 0.15 * len(each) for each in rows]
    head = 0.06 + 0.135 * max(map(len, heads))
    entries = [
        Entry(tr("2 standard deviations less"), {"facecolor": _colour(-REACH)}),
        Entry(tr("no change"), {"facecolor": _colour(0.0), "edgecolor": style.RULE, "lw": 0.5}),
        Entry(tr("2 standard deviations more"), {"facecolor": _colour(REACH)}),
        Entry(tr("interval holds zero"), {"facecolor": "white", "hatch": "//////", "edgecolor": style.RULE, "lw": 0.5}),
    ]
    note = tr(
        "Mean paired difference of each scenario from its counterfactual; bold where 90 % of pairs leave out zero."
    )
    caption = " ".join((tr("Over the longest window after the change."), tr(style.DISCLAIMER), *map(_stamp, runs)))
    texts = Texts(tr("What each scenario changes"), note, caption)
    plate, room = framed(texts, head + sum(heights), width, key_of([entries], lines, room_wide))
    axes = plate.area(room.left, room.top - head - sum(heights), wide + step * len(scenarios), sum(heights))
    axes.set(xlim=(-wide, step * len(scenarios)), ylim=(sum(heights), 0))
    axes.set_axis_off()
    for column, lines_of in enumerate(heads):
        axes.text((column + 0.5) * step, -0.04, "\n".join(lines_of), ha="center", va="bottom", size=style.SMALL,
                  linespacing=1.05, parse_math=False)  # fmt: skip
    top = 0.0
    for name, words_of, height in zip(shown, rows, heights, strict=True):
        axes.text(-wide, top + height / 2, "\n".join(words_of), va="center", size=style.SMALL, linespacing=1.0)
        for column, (scenario, _) in enumerate(scenarios):
            found = frame[(frame["outcome"] == name) & (frame["scenario"] == scenario)]
            if len(found):
                _cell(axes, found.iloc[0], (column * step, top, step, height))
        top += height
    return plate


def _label(frame: pd.DataFrame, name: str) -> str:
    first = frame[frame["outcome"] == name].iloc[0]
    return labelled(str(first["label"]), str(first["unit"]))


def _headings(scenarios: Sequence[tuple[str, str]], step: float, width: float) -> tuple[list[list[str]], list[str]]:
    """Names above the columns where they fit, else numbers with a key; and the lines of the key."""
    named = [tr("{scenario} against {other}", scenario=words.history(a), other=words.inside(b)) for a, b in scenarios]
    heads = [broken(words.history(a), step - 0.08, style.SMALL) for a, _ in scenarios]
    fits = all(len(lines) <= 4 and max(width_of(line, style.SMALL) for line in lines) < step - 0.04 for lines in heads)
    if not fits:
        heads = [[str(at)] for at in range(1, len(named) + 1)]
        named = [f"{at}  {name}" for at, name in enumerate(named, start=1)]
        return heads, [line for name in named for line in style.wrapped(name, width, style.SMALL)]
    return heads, style.wrapped("; ".join(named) + ".", width, style.SMALL)


def _colour(change: float) -> str:
    return to_hex(mpl.colormaps[RAMP](0.5 + 0.42 * max(-1.0, min(1.0, change / REACH))))


def _cell(axes: Axes, row: pd.Series[Any], box: tuple[float, float, float, float]) -> None:
    left, top, wide, tall = box
    colour = _colour(float(row["standardised"]))
    sure = row["q05"] > 0 or row["q95"] < 0
    hatch: dict[str, Any] = {} if sure else {"hatch": "//////"}
    axes.add_patch(Rectangle((left, top), wide, tall, fc=colour, ec=style.blend(colour, 0.8, "#000000"), lw=0, **hatch))
    axes.add_patch(Rectangle((left, top), wide, tall, fc="none", ec="white", lw=1.0))
    text = threat.signed(float(row["mean_difference"]))
    if wide < NUMBERS:
        text = text[:1]
    box_of = {"boxstyle": "square,pad=0.08", "fc": colour, "ec": "none"}
    axes.text(left + wide / 2, top + tall / 2, text, ha="center", va="center", size=style.SMALL, bbox=box_of,
              weight="bold" if sure else "normal",
              color="white" if style.lightness(colour) < 50 else style.INK)  # fmt: skip


def _stamp(run: Run) -> str:
    about = run.manifest
    made = tr("config {hash}, seed {seed}, {count} replicates", hash=str(about["config_hash"])[:8], seed=about["seed"],
              count=fans.tick(about["replicates"]))  # fmt: skip
    return tr("{history}: {measure}", history=run.named(run.histories[0]), measure=made) + "."


@style.styled
def multiples(runs: Sequence[Run], measure: str = "civilians_killed", width: float = style.SLIDE) -> Plate:
    """A small panel for each scenario: four-week totals of a threat measure, with its counterfactual in outline.

    All panels share the vertical scale.

    Raises:
        NotARunError: if the measure is zero, or not counted, in all runs.
    """
    drawn = [(run, frames) for run in runs if (frames := threat.frames_of(run, measure))]
    if not drawn:
        raise NotARunError(f"nothing to draw: no run has any {measure}")
    top = 1.12 * max(float(frame["q95"].max()) for _, frames in drawn for frame in frames)
    label, _ = words.threat(measure)
    panels = [
        Panel(run.named(run.histories[0]), tr("against {other}", other=words.inside(run.histories[1]))
              if run.paired else "", partial(_fan, run, frames, top))
        for run, frames in drawn
    ]  # fmt: skip
    rows = [
        [
            Entry(tr("scenario: median"), {"color": style.SLATE, "lw": 1.7}),
            Entry(tr("middle 50 %"), {"facecolor": style.SLATE, "alpha": 0.55}),
            Entry(tr("middle 90 %"), {"facecolor": style.SLATE, "alpha": 0.22}),
        ],
        [
            Entry(tr("counterfactual: median"), {"color": fans.OTHER, "lw": 1.1, "ls": fans.DASHED}),
            Entry(tr("middle 90 %"), {"color": fans.OTHER, "lw": 0.9, "ls": fans.DOTTED}),
        ],
    ]
    caption = " ".join((tr(style.DISCLAIMER), *(_stamp(run) for run, _ in drawn)))
    note = tr("Totals of four weeks, drawn at their end; a dashed line marks the change.")
    texts = Texts(tr("{measure} by scenario", measure=label), note, caption)
    shape = Shape(columns(width, 4, len(panels)), tall=0.9 if narrow(width) else 1.2)
    return panel_page(texts, panels, shape, width, key_of(rows, [], width - 2 * style.EDGE))


def _fan(run: Run, frames: list[pd.DataFrame], top: float, axes: Axes) -> None:
    fans.draw_fan(axes, frames, style.SLATE)
    fans.dress(axes, top)
    if run.manifest.get("change"):
        day = fans.day_number(pd.Timestamp(run.manifest["change"]))
        axes.axvline(day, color=style.FAINT, lw=0.8, ls=(0, (2, 2)), zorder=0.9)
