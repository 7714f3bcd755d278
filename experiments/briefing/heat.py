"""Heat map of several scenarios: standardised change of each headline outcome, with its sign in words of sureness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes

from experiments.briefing.findings import CLEAR, LEANING, Finding
from experiments.briefing.wording import signed
from experiments.figures import style
from experiments.figures.maps import DIVERGING
from experiments.figures.style import Plate
from experiments.language import tr

ROW, HEAD, LABELS = 0.24, 0.75, 2.9
"""Inches: a row, the names of scenarios above, the names of outcomes at the left."""

LIMIT = 3.0
"""Standard deviations at which the colours end."""


@style.styled
def heat_map(found: Mapping[str, Sequence[Finding]], stamp: str, width: float = style.SLIDE) -> Plate:
    """Outcomes down, scenarios across; the number is the standardised change, bold where its direction is clear."""
    outcomes = list(dict.fromkeys((f.outcome, f.label) for own in found.values() for f in own))
    note = tr("Mean paired difference in standard deviations of the counterfactual; bold: clear, plain: leans, dot: none.")
    texts = (tr("Standardised change by scenario"), note)
    caption = f"{tr(style.DISCLAIMER)} {stamp}."
    body = HEAD + ROW * len(outcomes)
    high = style.head_height(*texts, width) + style.foot_height(caption, width) + body + 0.2
    plate, room = style.page((width, high), *texts, caption)
    labels = min(LABELS, 0.42 * width)
    axes = plate.area(room.left + labels, room.bottom + 0.1, room.right - room.left - labels, ROW * len(outcomes))
    _cells(axes, found, [name for name, _ in outcomes])
    _names(axes, list(found), [tr(label) for _, label in outcomes], labels)
    return plate


def _cells(axes: Axes, found: Mapping[str, Sequence[Finding]], outcomes: Sequence[str]) -> None:
    by = [{f.outcome: f for f in own} for own in found.values()]
    values = np.array([[own[name].standardised if name in own else np.nan for own in by] for name in outcomes])
    axes.imshow(np.clip(values, -LIMIT, LIMIT), cmap=DIVERGING, vmin=-LIMIT, vmax=LIMIT, aspect="auto")
    axes.grid(visible=False)
    for row, name in enumerate(outcomes):
        for column, own in enumerate(by):
            if name in own:
                _mark(axes, (column, row), own[name])


def _mark(axes: Axes, where: tuple[int, int], finding: Finding) -> None:
    told = finding.verdict in (CLEAR, LEANING)
    text = signed(round(finding.standardised, 1) + 0.0) if told else "·"
    ink = "white" if abs(finding.standardised) > 0.6 * LIMIT else style.INK
    weight = "bold" if finding.verdict == CLEAR else "normal"
    axes.text(*where, text, ha="center", va="center", size=style.SMALL, color=ink, weight=weight)


def _names(axes: Axes, scenarios: Sequence[str], labels: Sequence[str], room: float) -> None:
    wide = style.inches(axes)[0] / max(len(scenarios), 1)
    letters = max(8, int(wide * 72 / (0.56 * style.SMALL)))
    named = ["\n".join(wrap(name, letters)[:4]) for name in scenarios]
    axes.set_xticks(range(len(scenarios)), named, size=style.SMALL)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(labels)), [_cut(label, room) for label in labels], size=style.SMALL)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _cut(label: str, room: float) -> str:
    letters = int(room * 72 / (0.56 * style.SMALL))
    return label if len(label) <= letters else label[: letters - 1] + "…"
