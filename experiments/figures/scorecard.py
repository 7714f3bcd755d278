"""Scorecard: intervals of facts against their bands, and shares of pairs that agree on expected signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.evidence_texts import text_of
from experiments.figures import style
from experiments.figures.lettering import Rows, rows_of
from experiments.figures.style import Plate
from experiments.language import share, tr
from experiments.settings import Settings

ROW, GAP = 0.2, 0.45
"""Inches of a row, and between the two parts."""

WORDS = 0.52
"""Share of the width that words take."""

BEYOND = 1.0
"""Widths of the band that are shown on either side of it; what lies farther out is an arrow."""

_NOTE = (
    "Above: median and 90 % of replicates, each fact scaled so that its band (grey) has the same width; filled: median "
    "in band. Below: share of pairs that agree with the sign; the line is at 80 %."
)

GOOD, BAD = "#14509B", "#B03A2E"
"""Colours of what is inside and outside; filled and hollow marks say the same in grey."""


@style.styled
def scorecard_plate(
    facts: pd.DataFrame, signs: pd.DataFrame, line: str, settings: Settings, width: float = style.SLIDE
) -> Plate:
    """All facts, each on a scale on which its band is of one width, above all expected signs.

    Args:
        facts: rows of `experiments.facts.card.facts_frame`.
        signs: rows of `experiments.facts.card.signs_frame`.
        line: the result in words.
        settings: of the run.
        width: inches.
    """
    rows = _grouped(facts)
    chosen: list[dict[str, Any]] = signs.drop_duplicates("id").to_dict("records")  # type: ignore[assignment]
    note = tr(_NOTE)
    caption = f"{tr(style.DISCLAIMER)} " + tr(
        "{scenario}, {count} replicates, seed {seed}, config {hash}.",
        scenario=settings.scenario, count=settings.replicates, seed=settings.seed, hash=settings.hash[:8],
    )  # fmt: skip
    headline = tr("Scorecard: {line}", line=line)
    words = WORDS * (width - 2 * style.EDGE) - 0.15
    facts_rows = rows_of([_told(row) for row in rows], words, style.SMALL)
    signs_rows = rows_of([_told(row) for row in chosen], words, style.SMALL)
    tall = [ROW * facts_rows.height, ROW * signs_rows.height]
    frames = style.head_height(headline, note, width) + style.foot_height(caption, width)
    plate, room = style.page((width, frames + sum(tall) + 2 * GAP), headline, note, caption)
    left, right = room.left + WORDS * (room.right - room.left), room.right - 0.15
    first = plate.area(left, room.top - tall[0] - 0.1, right - left, tall[0])
    second = plate.area(left, room.bottom + 0.3, right - left, tall[1])
    _draw_facts(first, rows, facts_rows)
    _draw_signs(second, chosen, signs_rows)
    return plate


def _grouped(facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by group, each group under a row with its name."""
    found: list[dict[str, Any]] = []
    for group, part in facts.groupby("group", sort=False):
        found += [{"heading": str(group)}, *part.to_dict("records")]  # type: ignore[list-item]
    return found


def _told(row: dict[str, Any]) -> str:
    """What stands at a row: the name of a group, a fact or an expected sign."""
    return tr(row["heading"]) if "heading" in row else text_of(row.get("label", row["text"]))


def _draw_facts(axes: Axes, rows: Sequence[dict[str, Any]], told: Rows) -> None:
    axes.axvspan(0, 1, color="#E2DFD8", lw=0, zorder=0)
    for y, text, row in zip(told.middles, told.texts, rows, strict=True):
        if "heading" in row:
            _word(axes, y, text, weight="bold")
            continue
        _word(axes, y, text)
        if row["status"] == "not covered":
            axes.text(0.5, y, tr("not covered"), size=style.SMALL, va="center", ha="center", color=style.FAINT)
        else:
            _interval(axes, y, row)
    axes.set(xlim=(-BEYOND, 1 + BEYOND), ylim=(told.height - 0.5, -0.5), xticks=[0, 1], yticks=[])
    axes.set_xticklabels([tr("lower bound"), tr("upper bound")])
    axes.tick_params(length=0)


def _interval(axes: Axes, y: float, row: dict[str, Any]) -> None:
    low, middle, high = (_scaled(row[name], row) for name in ("5 %", "median", "95 %"))
    inside = row["status"] == "in band"
    colour = GOOD if inside else BAD
    edges = np.clip([low, high], -BEYOND + 0.04, 1 + BEYOND - 0.04)
    axes.plot(edges, [y, y], color=colour, lw=1.6, solid_capstyle="butt")
    for end, mark in ((low, "<"), (high, ">")):
        if not -BEYOND <= end <= 1 + BEYOND:
            axes.plot(np.clip(end, -BEYOND + 0.04, 1 + BEYOND - 0.04), y, mark, ms=5, color=colour, mew=0)
    place = np.clip(middle, -BEYOND + 0.04, 1 + BEYOND - 0.04)
    axes.plot(place, y, "o", ms=5.5, mfc=colour if inside else "white", mec=colour, mew=1.3)


def _scaled(value: float, row: dict[str, Any]) -> float:
    return float((value - row["band low"]) / (row["band high"] - row["band low"]))


def _draw_signs(axes: Axes, rows: Sequence[dict[str, Any]], told: Rows) -> None:
    axes.axvline(0.8, color=style.INK, lw=0.8, zorder=0.9)
    for y, text, row in zip(told.middles, told.texts, rows, strict=True):
        _word(axes, y, text)
        if row["missing"]:
            axes.text(0.5, y, tr("not computed"), size=style.SMALL, va="center", ha="center", color=style.FAINT)
            continue
        colour, agree = GOOD if row["holds"] else BAD, row["agree with all"]
        axes.plot([0, agree], [y, y], color=colour, lw=1.6, solid_capstyle="butt")
        axes.plot(agree, y, "o", ms=5.5, mfc=colour if row["holds"] else "white", mec=colour, mew=1.3, clip_on=False)
    axes.set(xlim=(0, 1), ylim=(told.height - 0.5, -0.5), yticks=[], xticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_xticklabels([share(tick) for tick in (0, 0.2, 0.4, 0.6, 0.8, 1)])
    axes.tick_params(length=0)


def _word(axes: Axes, y: float, text: str, weight: str = "normal") -> None:
    """A row's words, left of the axes."""
    kind: dict[str, Any] = {"size": style.SMALL, "va": "center", "ha": "left", "weight": weight}
    box, page = axes.get_position(), axes.get_figure(root=True)
    assert page is not None, "the axes lie on a page"
    left = (0.12 / page.get_size_inches()[0] - box.x0) / box.width
    axes.text(left, y, text, transform=axes.get_yaxis_transform(), parse_math=False, **kind)
