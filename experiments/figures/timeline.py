"""Timeline: population and area under each actor, stacked, week by week, both histories side by side.

States hold most of both. They stand in words above the stack of all others, which they would press flat.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import fans, style
from experiments.figures.keys import Entry, key_of
from experiments.figures.panels import Panel, Shape, Texts, narrow, panel_page
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate
from experiments.language import tr

ORDER = ("issp", "jnim", "csp", "other", "platform", "militia", "foreign")
"""Families but the states, from the bottom of the stack to its top."""

SHARE = 0.003
"""Families that never hold this share of the stack are left out."""

MEASURES = {"people": ("People under each actor", "people"), "area": ("Land under each actor", "km2")}
"""Title and unit of each measure of the table."""

STATE = "state"

LABEL = 1.12
"""Inches at the right of a panel for the numbers at the end, on wide pages."""

NAMED = {"issp": "ISSP", "jnim": "JNIM", "csp": "CSP"}
"""Outcomes at the end of the run that tell how sure the last value is, by family."""


@style.styled
def control_timeline(run: Run, width: float = style.SLIDE) -> Plate:
    """People and land under each family of actors, stacked: means over replicates, by week.

    Each history has a column. Beside the last week stand mean and middle 90 % of the armed groups
    for which the table of outcomes has them.

    Raises:
        NotARunError: if nobody holds anything.
    """
    stacks = {(measure, history): stack(run, measure, history) for measure in MEASURES for history in run.histories}
    families = present(run)
    if not families:
        raise NotARunError(f"run folder {run.folder} has nothing to draw: no coalition holds people or land")
    events = fans.marks(run)
    tops = {m: max(float(stacks[m, h][families].sum(axis=1).max()) for h in run.histories) for m in MEASURES}
    panels = [
        _panel(run, (measure, history), stacks[measure, history][[*families, STATE]], tops[measure], events)
        for measure in MEASURES
        for history in run.histories
    ]
    title = tr("Who holds people and land: {versus}", versus=run.versus)
    note = tr("Mali, Niger, Burkina Faso and the northern littoral; shares of control times people or land.")
    ends = tr("Numbers: mean at the end and 90 % of replicates.")
    caption = run.caption(tr("Means over replicates; what nobody holds is left out."), ends)
    key = key_of([[Entry(style.ACTORS[f].label, look(f)) for f in families[::-1]]], fans.told(events, width),
                 width - 2 * style.EDGE)  # fmt: skip
    across = len(run.histories) if not narrow(width) else 1
    shape = Shape(across, tall=1.7 if width >= style.WIDE else 1.35, right=LABEL)
    return panel_page(Texts(title, note, caption), panels, shape, width, key)


def stack(run: Run, measure: str, history: str) -> pd.DataFrame:
    """Means over replicates by date (rows) and family (columns: `ORDER`, then states), summed over the whole region."""
    table = run.table("control_by_region")
    rows = table[(table["history"] == history) & (table["measure"] == measure)]
    summed = rows.groupby(["date", "coalition"], observed=True)["mean"].sum().unstack().fillna(0.0)
    families = summed.T.groupby([style.family(str(name)) for name in summed.columns]).sum().T
    return families.reindex(columns=[*ORDER, STATE], fill_value=0.0)


def present(run: Run) -> list[str]:
    """Families with a part in the stack of people or of land in any history."""
    stacks = [[stack(run, measure, history) for history in run.histories] for measure in MEASURES]
    found = {family for frames in stacks for family in _present(frames)}
    return [family for family in ORDER if family in found]


def look(family: str) -> dict[str, Any]:
    """How a family's part of a stack is filled."""
    drawn = style.ACTORS[family]
    line = "white" if style.lightness(drawn.colour) < 60 else style.blend(drawn.colour, 0.6, "#000000")
    return {"facecolor": drawn.colour, "hatch": drawn.hatch, "edgecolor": line}


def _present(stacks: list[pd.DataFrame]) -> list[str]:
    whole = max(float(frame[list(ORDER)].sum(axis=1).max()) for frame in stacks)
    return [f for f in ORDER if max(float(frame[f].max()) for frame in stacks) > SHARE * whole > 0]


def _panel(run: Run, which: tuple[str, str], stacked: pd.DataFrame, top: float, events: list[fans.Mark]) -> Panel:
    measure, history = which
    title, unit = MEASURES[measure]
    heading = tr("{title}: {history}", title=tr(title), history=run.named(history)) if run.paired else tr(title)
    first, last = (fans.tick(_rounded(stacked[STATE].iloc[at])) for at in (0, -1))
    below = tr("{unit}; states: {first} at the start, {last} at the end", unit=tr(unit), first=first, last=last)
    return Panel(heading, below, partial(_draw, stacked.drop(columns=STATE), top, ends(run, which, stacked), events))


def ends(run: Run, which: tuple[str, str], stacked: pd.DataFrame) -> dict[str, str]:
    """What stands beside the last week, by family: its name, mean, and the middle 90 % where it is known."""
    measure, history = which
    values = run.table("outcomes")
    values = values[(values["history"] == history) & (values["window"] == "whole run")]
    told = {}
    for family in stacked.columns:
        found = values[values["outcome"] == f"{measure}_{family}"]["value"]
        if family in NAMED and len(found):
            low, high = np.quantile(found, [0.05, 0.95])
            span = tr("{low} to {high}", low=fans.tick(_rounded(low)), high=fans.tick(_rounded(high)))
            told[family] = f"{fans.tick(_rounded(float(found.mean())))}\n({span})"
    return told


def _rounded(value: float) -> float:
    return float(f"{value:.3g}") if value >= 1e7 else float(f"{value:.2g}")


def _draw(stacked: pd.DataFrame, top: float, told: dict[str, str], events: list[fans.Mark], axes: Axes) -> None:
    low = np.zeros(len(stacked))
    middles = {}
    for family in stacked.columns:
        high = low + stacked[family].to_numpy()
        axes.fill_between(stacked.index, low, high, lw=0, **look(family))
        axes.plot(stacked.index, high, color="white", lw=0.6)
        middles[family] = (low[-1] + high[-1]) / 2
        low = high
    fans.dress(axes, 1.12 * top)
    fans.draw_marks(axes, events)
    _label(axes, {family: middles[family] for family in told}, told)


def _label(axes: Axes, middles: dict[str, float], told: dict[str, str]) -> None:
    """Words at the right of the stack, pushed apart upwards where they would meet."""
    tall, top = style.inches(axes)[1], axes.get_ylim()[1]
    floor = -0.05
    for family, middle in sorted(middles.items(), key=lambda item: item[1]):
        lines = f"{NAMED[family]} {told[family]}".split("\n")
        up = max(middle / top * tall - 0.13, floor)
        for number_of, line in enumerate(reversed(lines)):
            axes.text(1.02, (up + 0.13 * number_of) / tall, line, transform=axes.transAxes, size=style.SMALL,
                      color=style.ACTORS[family].ink, va="bottom", parse_math=False)  # fmt: skip
        floor = up + 0.13 * len(lines) + 0.03
