"""Tornado: what drives the answer, as bars from the answer as it is to the answer under a changed assumption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from experiments.figures import fans, style, words
from experiments.figures.keys import Entry, key_of
from experiments.figures.lettering import broken
from experiments.figures.panels import Texts, framed, narrow
from experiments.figures.reading import NotARunError
from experiments.figures.style import Plate
from experiments.language import tr
from experiments.outcomes import OUTCOMES
from experiments.settings import Settings

ROWS = 12
"""Assumptions shown, those that move the answer most."""

LEAST, LINE, HEAD, FOOT = 0.29, 0.125, 0.56, 0.3
"""Inches of a row at least, of a line of words, of the heading of a panel, and of the scale below."""

NORMAL_90 = 1.645
"""Standard errors to either side of a mean that hold 90 %."""

SHOWN = (
    "deaths", "civilians", "people_jnim", "people_issp", "attacks_jnim", "attacks_issp", "clashes_jnim_issp",
    "bases_overrun", "littoral_attacks", "displaced", "transnational_jnim", "transnational_issp",
)  # fmt: skip
"""Outcomes that may be shown."""

LOOKS: dict[str, dict[str, Any]] = {
    "low": {"facecolor": "#B9C4CB", "edgecolor": style.SLATE},
    "high": {"facecolor": style.SLATE, "edgecolor": style.SLATE},
    "off": {"facecolor": "white", "edgecolor": style.SLATE, "hatch": "////"},
}
_WORDS = {"low": "low (half)", "high": "high (double)", "off": "mechanism switched off"}


@style.styled
def tornado(
    frame: pd.DataFrame,
    scenario: str,
    caption: str,
    width: float = style.SLIDE,
    outcomes: Sequence[str] = (),
    window: str = "",
) -> Plate:
    """Bars for the assumptions that move the answer most, side by side for several outcomes.

    Args:
        frame: the table `sensitivity`, see `experiments.sensitivity`.
        scenario: whose answer it is.
        caption: what made it.
        width: inches.
        outcomes: names; none takes those for which the scenario makes the clearest difference.
        window: of the table; none takes the longest after the change.

    Raises:
        NotARunError: if the table has no such outcomes or window, or nothing moves them.
    """
    window = window or window_of(frame)
    across = 3 if width >= style.WIDE else (1 if narrow(width) else 2)
    part = frame[frame["window"] == window]
    chosen = [*outcomes] or telling(part, across)
    names = ranked(part, chosen)
    if not names:
        raise NotARunError(f"nothing to draw: no assumption moves {', '.join(chosen) or 'an outcome'} over '{window}'")
    title = tr("What drives the answer: {scenario}", scenario=words.history(scenario))
    note = tr(
        "The effect of the scenario ({window}) as it is (line) and with one assumption changed (bar), mean over the "
        "same pairs; whisker: 90 % interval of the shift.",
        window=tr(window),
    )
    reading = tr("Low and high: half and twice the standard value, within its range; one assumption at a time.")
    known = [Entry(tr(_WORDS[s]), {**look, "lw": 0.7}) for s, look in LOOKS.items() if (part["setting"] == s).any()]
    key = key_of([known], [], width - 2 * style.EDGE)
    texts = Texts(title, note, f"{reading} {caption}")
    names_wide = 1.45 if narrow(width) else 2.05
    labels = [broken(_named(part, name), names_wide - 0.05, style.SMALL) for name in names]
    tall = max(LEAST, 0.04 + LINE * max(map(len, labels)))
    plate, room = framed(texts, HEAD + tall * len(names) + FOOT, width, key)
    step = (room.right - room.left - names_wide) / len(chosen)
    bottom = room.top - HEAD - tall * len(names)
    for at, outcome in enumerate(chosen):
        axes = plate.area(room.left + names_wide + at * step + 0.08, bottom, step - 0.2, tall * len(names))
        _draw(axes, part[part["outcome"] == outcome], names)
    _names(plate, (room.left, room.top - HEAD), tall, labels)
    return plate


def window_of(frame: pd.DataFrame) -> str:
    """The longest window after the change in the table, else the whole run."""
    windows = [str(window) for window in frame["window"].unique()]
    after = sorted(window for window in windows if window.startswith("first"))
    return (after or windows)[-1]


def telling(part: pd.DataFrame, count: int) -> list[str]:
    """Outcomes that the scenario changes most beside their standard error, in the order of `SHOWN`."""
    moved = part[part["outcome"].isin(SHOWN) & (part["change"] != 0)]
    first = moved.groupby("outcome")[["base", "base_error"]].first()
    ratio = first["base"].abs() / first["base_error"].where(first["base_error"] > 0)
    clear = ratio.fillna(0.0).sort_values(ascending=False, kind="stable").index[:count]
    return [name for name in SHOWN if name in set(clear)]


def ranked(part: pd.DataFrame, outcomes: Sequence[str], most: int = ROWS) -> list[str]:
    """Names of assumptions that move the outcomes, the one that moves them most first; at most `most`."""
    largest = part[part["outcome"].isin(list(outcomes))].assign(size=lambda f: f["change"].abs())
    reach = largest.groupby(["name", "outcome"])["size"].max().unstack().fillna(0.0)
    relative = reach.div(reach.max().replace(0.0, np.nan)).fillna(0.0).mean(axis=1)
    return [str(name) for name in relative[relative > 0].sort_values(ascending=False, kind="stable").index[:most]]


def _named(part: pd.DataFrame, name: str) -> str:
    return tr(str(part.loc[part["name"] == name, "what"].iloc[0]))


def _names(plate: Plate, corner: tuple[float, float], tall: float, labels: Sequence[list[str]]) -> None:
    left, top = corner
    page_wide, page_high = plate.get_size_inches()
    for at, lines in enumerate(labels):
        text = "\n".join(lines)
        plate.text(left / page_wide, (top - tall * (at + 0.5)) / page_high, text, size=style.SMALL, va="center",
                   linespacing=1.0, parse_math=False)  # fmt: skip


def _draw(axes: Axes, rows: pd.DataFrame, names: Sequence[str]) -> None:
    base = float(rows["base"].iloc[0])
    axes.set(ylim=(len(names), 0), yticks=[])
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    for at, name in enumerate(names):
        mine = rows[rows["name"] == name].to_dict("records")
        for position, row in enumerate(mine):
            tall = 0.66 / len(mine) if len(mine) > 1 else 0.4
            _bar(axes, row, (at + 0.5 + (position - len(mine) / 2) * tall, tall))
    axes.axvline(base, color=style.INK, lw=1.0)
    axes.autoscale_view(scaley=False)
    if axes.get_xlim()[0] < 0 < axes.get_xlim()[1]:
        axes.axvline(0, color=style.FAINT, lw=0.9, ls=(0, (2, 2)), zorder=0.9)
    axes.locator_params(axis="x", nbins=3)
    axes.xaxis.set_major_formatter(lambda value, _: fans.tick(value))
    axes.tick_params(length=2.5, pad=2)
    _heading(axes, rows, base)


def _bar(axes: Axes, row: dict[Any, Any], where: tuple[float, float]) -> None:
    low, tall = where
    look = LOOKS.get(str(row["setting"]), LOOKS["off"])
    axes.add_patch(Rectangle((row["base"], low), row["answer"] - row["base"], tall, lw=0.7, **look))
    spread = NORMAL_90 * row["standard_error"] if np.isfinite(row["standard_error"]) else 0.0
    ends = [row["answer"] - spread, row["answer"] + spread]
    axes.plot(ends, [low + tall / 2] * 2, color=style.INK, lw=0.8, solid_capstyle="butt")


def _heading(axes: Axes, rows: pd.DataFrame, base: float) -> None:
    wide, tall = style.inches(axes)
    first: Any = rows.iloc[0]
    unit = tr("{unit}; as it is {base}", unit=tr(str(first["outcome_unit"])), base=fans.tick(float(f"{base:.3g}")))
    units = broken(unit, wide + 0.1, style.SMALL)
    titles = broken(tr(str(first["label"]).removesuffix(" (ordinal)")), wide + 0.1, style.SMALL, bold=True)
    kind: dict[str, Any] = {"transform": axes.transAxes, "size": style.SMALL, "va": "bottom", "parse_math": False}
    axes.text(0, 1 + 0.03 / tall, "\n".join(units), color=style.FAINT, linespacing=1.0, **kind)
    axes.text(0, 1 + (0.03 + LINE * len(units)) / tall, "\n".join(titles), weight="bold", linespacing=1.0, **kind)


def stamp_of(settings: Settings) -> str:
    """The foot of a figure of a command that is no run: disclaimer, configuration, seed and pairs."""
    made = tr("Config {hash}", hash=settings.hash[:12])
    pairs = tr("{pairs} pairs of replicates, seed {seed}.", pairs=settings.replicates, seed=settings.seed)
    return f"{tr(style.DISCLAIMER)} {made}; {pairs}"


def page_of(frame: pd.DataFrame, scenario: str, stamp: str) -> str:
    """A page in Markdown: the figure, and for each outcome shown the assumptions that move it most."""
    part = frame[frame["window"] == window_of(frame)]
    about = {outcome.name: outcome for outcome in OUTCOMES}
    parts = [
        f"# What drives the answer: {words.plain(scenario)}",
        stamp,
        "![Tornado of sensitivities](sensitivity.png)",
    ]
    for outcome in telling(part, 3):
        head = "| assumption | setting | answer as it is | answer then | shift | standard error |"
        rows = part[part["outcome"] == outcome].sort_values("change", key=np.abs, ascending=False).head(ROWS)
        lines = [_told(row) for row in rows.to_dict("records")]
        title = f"## {about[outcome].label} ({about[outcome].unit}), {window_of(frame)}"
        parts += [title, "\n".join((head, "| --- | --- | ---: | ---: | ---: | ---: |", *lines))]
    return "\n\n".join(parts) + "\n"


def _told(row: dict[Any, Any]) -> str:
    numbers = (f"{row[key]:.3g}" for key in ("base", "answer", "change", "standard_error"))
    return f"| {row['what']} (`{row['name']}`) | {row['setting']}: {row['value']} | {' | '.join(numbers)} |"
