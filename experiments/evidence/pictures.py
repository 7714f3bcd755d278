"""Pictures of a hindcast: is it calibrated, and where and against whom does it win and lose?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, SymLogNorm
from numpy.typing import NDArray
from xarray import Dataset

from experiments.evidence.areas import Areas
from experiments.evidence.panel import ALL, STATE_BASED
from experiments.evidence.scores import pit_histogram
from experiments.evidence.scoring import SIMULATOR, UNCORRECTED
from experiments.figures import basemap, placenames, style
from experiments.figures.cells import fill_cells
from experiments.figures.maps import DIVERGING
from experiments.figures.style import Plate
from experiments.language import number, tr

LOOKS = {
    SIMULATOR: (style.SLATE, "-"), UNCORRECTED: ("#8A8F98", "-."), "conflictology_12": ("#CC4420", "--"),
    "conflictology_36": ("#14509B", ":"),
}  # fmt: skip
"""Models that are drawn, where they are scored."""

SIZES = np.linspace(0.05, 0.95, 19)
FLOOR = 100.0
"""The scale of a map is straight below this part of its end, and logarithmic above."""

MUCH = 0.5
"""Relative difference at which the colour of a family ends."""


def caption() -> str:
    """What stands below every picture."""
    return tr("Events: UCDP GED (CC BY 4.0). Model output, scored after the fact; not a forecast to act on.")


def told(level: str, violence: str, origin: str) -> str:
    """What a picture is of, in words.

    >>> told("admin1", "state_based", "2020-12-31")
    'regions by month after 2020-12-31, state-based violence'
    """
    units = {"country": tr("countries"), "admin1": tr("regions"), "cell": tr("cells")}[level]
    kinds = {ALL: tr("all violence"), STATE_BASED: tr("state-based violence")}
    return tr("{units} by month after {origin}, {violence}", units=units, origin=origin, violence=kinds[violence])


def named(model: str) -> str:
    """A model's name in words."""
    words = {SIMULATOR: tr("simulator"), UNCORRECTED: tr("simulator, uncorrected")}
    return words.get(model) or tr("the last {months} months", months=model.rpartition("_")[2])


FAR = 3.0
"""Relative difference above which no number is told: the rival was as good as exact."""


@style.styled
def calibration(table: pd.DataFrame, title: str, width: float = style.SLIDE) -> Plate:
    """Histogram of the probability integral transform, and how often central intervals of each size held the outcome.

    Args:
        table: from `scoring.scored`, of one origin, level and type of violence.
        title: what it is of.
        width: inches.
    """
    note = tr(
        "Left: flat is calibrated; high ends mean too narrow. Right: on the diagonal is calibrated, above is too wide."
    )
    plate, room = style.page((width, 4.4), tr("Calibration: {title}", title=title), note, caption())
    wide = (room.right - room.left) / 2 - 0.75
    tall = room.top - room.bottom - 0.65
    left = plate.area(room.left + 0.5, room.bottom + 0.45, wide, tall)
    right = plate.area(room.left + wide + 1.3, room.bottom + 0.45, wide, tall)
    left.axhline(0.1, color=style.RULE, linewidth=0.8)
    right.plot([0, 1], [0, 1], color=style.RULE, linewidth=0.8)
    for model in (model for model in LOOKS if (table["model"] == model).any()):
        own = table[table["model"] == model]
        _draw_model(left, right, model, own["pit_low"].to_numpy(), own["pit_high"].to_numpy())
    left.set(xlabel=tr("probability integral transform"), ylabel=tr("share of outcomes"), ylim=(0, None), xlim=(0, 1))
    right.set(xlabel=tr("size of the central interval"), ylabel=tr("share of outcomes inside"))
    right.set(xlim=(0, 1), ylim=(0, 1))
    right.legend(loc="upper left")
    return plate


def _draw_model(left: Axes, right: Axes, model: str, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
    colour, line = LOOKS[model]
    look: dict[str, Any] = {"color": colour, "linestyle": line, "label": named(model)}
    left.stairs(pit_histogram(low, high), np.linspace(0, 1, 11), baseline=None, **look)
    right.plot(SIZES, [central(low, high, size) for size in SIZES], **look)


def central(low: NDArray[np.float64], high: NDArray[np.float64], size: float) -> float:
    """Share of the transform that lies in the central part of [0, 1] of a size.

    >>> central(np.array([0.0]), np.array([1.0]), 0.5)
    0.5
    """
    width = np.maximum(high - low, 1e-9)
    lower, upper = (np.clip((edge - low) / width, 0.0, 1.0) for edge in ((1.0 - size) / 2.0, (1.0 + size) / 2.0))
    return float((upper - lower).mean())


@style.styled
def wins_and_losses(found: pd.DataFrame, where: Areas, title: str, width: float = style.SLIDE) -> Plate:
    """Map of the simulator's CRPS less that of its rival: purple where the simulator is better.

    Args:
        found: from `scoring.by_unit`.
        where: the areas that are scored.
        title: what it is of.
        width: inches.
    """
    extent = basemap.extent_of(where.lon, where.lat)
    note = tr(
        "CRPS of the simulator less that of {rival} as a sample, mean over months: purple is better, orange is worse.",
        rival=named(str(found["rival"].iloc[0])),
    )
    tall = (width - 1.3) * basemap.height_over_width(extent)
    headline = tr("Where it wins and loses: {title}", title=title)
    plate, room = style.page((width, tall + 1.3), headline, note, caption())
    axes = plate.area(room.left, room.bottom, width - 1.3, room.top - room.bottom)
    basemap.draw_ground(axes, extent, set(where.country))
    values = _by_cell(found, where)
    limit = max(float(np.abs(values).max()), 1e-6)
    colours = ScalarMappable(SymLogNorm(limit / FLOOR, vmin=-limit, vmax=limit, base=10), DIVERGING)
    fill_cells(axes, Dataset(coords={"lon": ("cell", where.lon), "lat": ("cell", where.lat)}), colours.to_rgba(values))
    basemap.draw_borders(axes)
    placenames.draw_towns(axes, basemap.draw_scale(axes))
    bar = plate.area(room.right - 0.75, room.bottom + 0.3, 0.16, room.top - room.bottom - 0.6)
    ticks = signed_ticks(limit)
    scale = plate.colorbar(colours, cax=bar, label=tr("deaths a month"))
    scale.set_ticks(ticks, labels=[f"{tick:+g}" if tick else "0" for tick in ticks])
    scale.minorticks_off()
    return plate


def signed_ticks(limit: float) -> list[float]:
    """Powers of ten on both sides of 0 that fit a scale.

    >>> signed_ticks(2.0)
    [-1.0, -0.1, 0.0, 0.1, 1.0]
    """
    top = int(np.floor(np.log10(limit) + 1e-9))
    powers = [float(f"1e{power}") for power in (top - 1, top)]
    return [*(-power for power in reversed(powers)), 0.0, *powers]


def _by_cell(found: pd.DataFrame, where: Areas) -> NDArray[np.float64]:
    """A number for each cell: its own, or that of the region or country it lies in."""
    known = dict(zip(found["unit"].astype(str), found["difference"], strict=True))
    own = zip(where.gid.tolist(), where.region, where.country, strict=True)
    return np.array([next((known[u] for u in map(str, units) if u in known), 0.0) for units in own])


@style.styled
def wins_by_family(found: pd.DataFrame, origin: str, width: float = style.SLIDE) -> Plate:
    """Table in colours: the simulator's CRPS over that of the better conflictology by dyad family and country.

    Args:
        found: from `scoring.by_family`: family, unit, against, observed (deaths a month).
        origin: last day that was known.
        width: inches.
    """
    rows, columns = (list(dict.fromkeys(found[key])) for key in ("family", "unit"))
    note = tr(
        "CRPS against the better of the last 12 and 36 months, and deaths a month that were recorded: "
        "purple is better, orange is worse."
    )
    headline = tr("Against whom it wins and loses, after {origin}", origin=origin)
    plate, room = style.page((width, 0.34 * len(rows) + 1.7), headline, note, caption())
    axes = plate.area(room.left + 2.2, room.bottom + 0.1, room.right - room.left - 2.3, room.top - room.bottom - 0.5)
    against = found.pivot_table(index="family", columns="unit", values="against", sort=False, dropna=False)
    shades = ScalarMappable(Normalize(-MUCH, MUCH), DIVERGING)
    axes.imshow(shades.to_rgba(np.nan_to_num(against.to_numpy(np.float64), posinf=0.0)), aspect="auto")
    for unit, family, worth, deaths in found[["unit", "family", "against", "observed"]].to_numpy(object):
        dark = bool(np.isfinite(worth) and abs(worth) > 0.6 * MUCH)
        at, colour = (columns.index(unit), rows.index(family)), "white" if dark else style.INK
        axes.text(*at, _worth(worth, deaths), ha="center", va="center", color=colour)
    axes.set_xticks(range(len(columns)), [tr("together") if unit == ALL else unit for unit in columns])
    axes.set_yticks(range(len(rows)), [dyad(row) for row in rows])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    return plate


def _worth(against: float, observed: float) -> str:
    """What stands in a cell; where there was nothing, the last months can't be beaten."""
    if not np.isfinite(against):
        return tr("none, and worse") if against > 0 else tr("none")
    return tr("{share} ({deaths} a month)", share=_share(against), deaths=number(observed, 2))


def _share(against: float) -> str:
    """A relative difference in percent; what is far off the scale is only said to be."""
    if against > FAR:
        return f"> {100 * FAR:+.0f} %"
    return "0 %" if abs(against) < 0.005 else f"{100 * against:+.0f} %"


def dyad(family: str) -> str:
    """A dyad family in words.

    >>> dyad("jnim-state")
    'JNIM and states'
    """
    words = {
        "jnim": "JNIM", "issp": "ISSP", "state": tr("states"), "armed": tr("other armed groups"),
        "civilians": tr("civilians"),
    }  # fmt: skip
    if family not in words and "-" not in family:
        return tr("all violence")
    a, b = (words[part] for part in family.split("-"))
    return tr("{a} and {b}", a=a, b=b)
