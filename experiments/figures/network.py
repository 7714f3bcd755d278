"""Network of relations: who fights, spares or covers whom at a date, with every actor in its fixed place."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from numpy.typing import NDArray

from experiments.figures import style, words
from experiments.figures.keys import Entry, key_of
from experiments.figures.panels import Panel, Shape, Texts, narrow, panel_page
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate
from experiments.language import day, tr

PLACES: dict[str, tuple[float, float]] = {
    "jnim": (0.37, 0.50), "issp": (0.67, 0.58), "csp": (0.30, 0.88), "platform": (0.60, 0.86),
    "un": (0.06, 0.98), "russia": (0.02, 0.80), "france": (0.86, 0.98), "us": (1.00, 0.78),
    "mali": (0.07, 0.62), "dozo": (0.02, 0.40), "dan_na_ambassagou": (0.13, 0.25), "niger": (0.97, 0.42),
    "burkina": (0.58, 0.25), "vdp": (0.38, 0.22), "koglweogo": (0.35, 0.06), "cote_divoire": (0.10, 0.02),
    "ghana": (0.56, 0.02), "togo": (0.74, 0.06), "benin": (0.88, 0.16), "ecowas": (0.99, 0.25),
}  # fmt: skip
"""Where actors stand, in the unit square: armed groups in the middle, states and partners around them."""

SPARE = ((0.55, 0.97), (0.98, 0.02), (0.20, 0.97), (0.75, 0.97), (0.0, 0.95))
"""Places for coalitions that were added as data."""

SHORT = {
    "mali": "Mali", "niger": "Niger", "burkina": "Burkina Faso", "benin": "Benin", "togo": "Togo", "ghana": "Ghana",
    "cote_divoire": "Côte d'Ivoire", "france": "France", "un": "MINUSMA", "us": "United States", "russia": "Russia",
    "ecowas": "ECOWAS", "csp": "CSP", "platform": "Platform", "dozo": "Dozo", "dan_na_ambassagou": "Dan Na Ambassagou",
}  # fmt: skip

STANCES: dict[str, tuple[str, dict[str, Any]]] = {
    "war": ("at war", {"color": "#111111", "lw": 2.0}),
    "rivalry": ("rivalry", {"color": "#555555", "lw": 1.1, "ls": (0, (6, 2))}),
    "truce": ("truce", {"color": "#1B7837", "lw": 3.6}),
    "coexistence": ("coexistence", {"color": "#1B7837", "lw": 1.4, "ls": (0, (3, 1.5, 1, 1.5))}),
    "peace": ("non-aggression", {"color": "#1B7837", "lw": 1.4, "ls": (0, (1, 1.6))}),
}
"""Words and line of each stance; a truce has a white core."""

COVER: tuple[str, dict[str, Any]] = ("covers (air, rescue)", {"color": "#2166AC", "lw": 1.3})

LEAST, SURE = 0.1, 0.8
"""Cover from which an arrow is drawn, and share of replicates below which a line carries it in words."""


class Tie(NamedTuple):
    """A line between two coalitions."""

    a: str
    b: str
    stance: str
    share: float  # of replicates


@style.styled
def network(run: Run, date: pd.Timestamp, width: float = style.SLIDE) -> Plate:
    """Relations of coalitions on the map date nearest to `date`, a network for each history.

    A line is the stance that most replicates have where the two meet; the number on it is their
    share where it is below `SURE`. Circles grow with fighters. Peace is drawn between armed groups
    alone, for nearly all states are at peace.

    Raises:
        NotARunError: if the run folder has no relations, or no two coalitions meet.
    """
    dates = pd.DatetimeIndex(run.table("relations")["date"].unique())
    if not len(dates):
        raise NotARunError(f"run folder {run.folder} has no relations: it has no maps")
    nearest = dates[int(np.argmin(np.abs(dates - date)))]
    found = {history: (ties(run, nearest, history), covers(run, nearest, history)) for history in run.histories}
    if not any(lines for lines, _ in found.values()):
        raise NotARunError(f"run folder {run.folder} has nothing to draw: no two coalitions meet on {nearest.date()}")
    sizes = {history: fighters(run, nearest, history) for history in run.histories}
    present = {s for lines, _ in found.values() for *_, s, _ in lines}
    entries = [Entry(tr(text), look) for stance, (text, look) in STANCES.items() if stance in present]
    entries += [Entry(tr(COVER[0]), COVER[1])] if any(arrows for _, arrows in found.values()) else []
    across = 1 if narrow(width) else len(run.histories)
    tall = (width / across - 0.3) * (0.8 if width >= style.WIDE else 1.1)
    panels = [
        Panel(run.named(history), "", partial(_draw, *found[history], sizes[history])) for history in run.histories
    ]
    title = tr("Who fights, spares and covers whom, {day}", day=day(nearest))
    note = tr("The stance of most replicates where two sides meet; a number is their share where it is below 80 %.")
    caption = run.caption(tr("Circles grow with fighters and troops. Places in the figure are no places on a map."))
    shape = Shape(across, tall=min(tall, 6.0), left=0.1, below=0.05, right=0.1)
    return panel_page(Texts(title, note, caption), panels, shape, width, key_of([entries], [], width - 2 * style.EDGE))


def ties(run: Run, date: pd.Timestamp, history: str) -> list[Tie]:
    """The stance of most replicates of each two coalitions that meet in most replicates."""
    table = run.table("relations")
    rows = table[(table["date"] == date) & (table["history"] == history)].sort_values("share", ascending=False)
    most = rows.drop_duplicates(["a", "b"])
    listed = [Tie(str(r.a), str(r.b), str(r.stance), float(str(r.share))) for r in most.itertuples()]
    return [tie for tie in listed if tie.stance in STANCES and (tie.stance != "peace" or _armed(tie.a, tie.b))]


def covers(run: Run, date: pd.Timestamp, history: str) -> list[tuple[str, str, float]]:
    """Giver, receiver and mean of the cover that is at least `LEAST`."""
    table = run.table("support")
    rows = table[(table["date"] == date) & (table["history"] == history) & (table["mean"] >= LEAST)]
    return [(str(r.giver), str(r.receiver), float(str(r.mean))) for r in rows.itertuples()]


def fighters(run: Run, date: pd.Timestamp, history: str) -> pd.Series[float]:
    """Mean fighters and troops of each coalition in the month nearest to `date`."""
    table = run.table("ground")
    rows = table[(table["history"] == history) & (table["measure"] == "fighters")]
    months = pd.DatetimeIndex(rows["date"].unique())
    nearest = months[int(np.argmin(np.abs(months - date)))]
    return rows[rows["date"] == nearest].groupby("coalition", observed=True)["mean"].sum()


def _armed(a: str, b: str) -> bool:
    """Whether both are armed groups, and not two militias."""
    families = {style.family(a), style.family(b)}
    return not families & {"state", "foreign"} and families != {"militia"}


def _draw(lines: list[Tie], arrows: list[tuple[str, str, float]], sizes: pd.Series[float], axes: Axes) -> None:
    axes.set(xlim=(-0.12, 1.14), ylim=(-0.1, 1.06))
    axes.set_axis_off()
    at = places(lines, arrows)
    for line in lines:
        _line(axes, at, line)
    _shares(axes, at, [line for line in lines if line.share < SURE])
    for giver, receiver, _ in arrows:
        arrow = FancyArrowPatch(at[giver], at[receiver], arrowstyle="-|>", mutation_scale=9, shrinkA=8, shrinkB=10,
                                connectionstyle="arc3,rad=0.18", zorder=2, **COVER[1])  # fmt: skip
        axes.add_patch(arrow)
    wide = style.inches(axes)[0]
    for name, (x, y) in at.items():
        size = (6 + 12 * np.sqrt(min(float(sizes.get(name, 0.0)), 30_000) / 30_000)) * min(1.0, wide / 3.6)
        actor = style.actor(name)
        axes.plot(x, y, "o", ms=size, mfc=actor.colour, mec=style.INK, mew=0.7, zorder=4)
        below: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "top", "parse_math": False}
        text = axes.annotate(label(name), (x, y), (0, -size / 2 - 1.5), size=style.SMALL, zorder=6, **below)
        text.set_path_effects([patheffects.withStroke(linewidth=2.2, foreground="white")])


def places(lines: list[Tie], arrows: list[tuple[str, str, float]]) -> dict[str, tuple[float, float]]:
    """The fixed place of every coalition that has a line or an arrow."""
    named = {name for tie in lines for name in (tie.a, tie.b)} | {name for arrow in arrows for name in arrow[:2]}
    known = {name: place for name, place in PLACES.items() if name in named}
    return known | dict(zip(sorted(named - set(PLACES)), SPARE, strict=False))


def label(name: str) -> str:
    """A short name that fits below a circle."""
    return tr(SHORT[name]) if name in SHORT else words.coalition(name)


def _line(axes: Axes, at: dict[str, tuple[float, float]], tie: Tie) -> None:
    if tie.a not in at or tie.b not in at:
        return
    xs, ys = zip(at[tie.a], at[tie.b], strict=True)
    axes.add_line(Line2D(xs, ys, zorder=1.5 if tie.stance == "war" else 1.8, **STANCES[tie.stance][1]))
    if tie.stance == "truce":
        axes.add_line(Line2D(xs, ys, color="white", lw=1.2, zorder=1.9))


def _shares(axes: Axes, at: dict[str, tuple[float, float]], unsure: list[Tie]) -> None:
    """The share of replicates on each line that few of them agree on, where along the line there is room."""
    wide, tall = style.inches(axes)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    scale = np.array([wide / (right - left), tall / (high - low)])
    # Half of the width and height of what must stay free, in inches: names below circles, then other shares.
    taken = [(np.array(place) * scale - (0, 0.12), 0.35, 0.15) for place in at.values()]
    for tie in (tie for tie in unsure if tie.a in at and tie.b in at):
        ends = np.array([at[tie.a], at[tie.b]])
        spots = [ends[0] + part * (ends[1] - ends[0]) for part in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)]
        free = [s for s in spots if not any(_meet(s * scale, other) for other in taken)]
        spot = (free or spots)[0]
        taken.append((spot * scale, 0.19, 0.1))
        box = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none"}
        axes.text(
            spot[0], spot[1], f"{100 * tie.share:.0f} %", size=style.SMALL, ha="center", va="center", zorder=3, bbox=box
        )


def _meet(spot: NDArray[np.float64], other: tuple[NDArray[np.float64], float, float]) -> bool:
    place, wide, tall = other
    apart = np.abs(spot - place)
    return bool(apart[0] < wide + 0.19 and apart[1] < tall + 0.09)
