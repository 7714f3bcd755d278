"""Ranking of regions and towns by what the change does to who controls them: a dot and an interval each."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import placenames, style, words
from experiments.figures.lettering import broken, width_of
from experiments.figures.reading import NotARunError, Run, at_date
from experiments.figures.style import Plate
from experiments.language import day, number, tr
from experiments.layout import Coordinates
from experiments.regional import differences_by_region
from experiments.store import Store

MOST = 12
"""Rows of a panel at most."""

ROW = 0.2
"""Inches from row to row."""

HEAD, FOOT, LINE = 0.30, 0.34, 0.14
"""Inches of a panel above its first and below its last row, for title and scale, and of a line of its unit."""

NUMBERS = 1.5
"""Inches for the numbers at the right of a panel, where it is wide."""

COLUMNS = ["place", "actor", "mean", "q05", "q95"]


@style.styled
def ranking(run: Run, width: float = style.SLIDE) -> Plate:
    """Regions by change in people under an armed group, and towns by change in its share of their cell.

    Means of paired differences at the end of the run with the range of 90 % of pairs, largest first.

    Raises:
        NotARunError: if the run has no counterfactual, or nothing changed anywhere.
    """
    shown = [panel for panel in panels(run) if len(panel[1])]
    if not shown:
        raise NotARunError(f"run folder {run.folder} has no change of control by region or town to rank")
    columns = len(shown) if width >= style.WIDE else 1
    across = (width - 2 * style.EDGE) / columns
    headline = tr("Where control changes most, {day}", day=day(run.dates[-1]))
    scenario, other = run.histories[:2]
    note = tr(
        "{scenario} minus {other}: mean and 90 % of pairs, armed groups only; filled where the range leaves out zero.",
        scenario=run.named(scenario), other=words.inside(other),
    )  # fmt: skip
    caption = run.caption(tr("A town stands for its half-degree cell."))
    heights = [_head(texts, across) + FOOT + ROW * len(rows) for texts, rows in shown]
    body = max(heights) if columns > 1 else sum(heights)
    frame = style.head_height(headline, note, width) + style.foot_height(caption, width)
    plate, room = style.page((width, frame + body + 0.05), headline, note, caption)
    top = room.top
    for index, (panel, tall) in enumerate(zip(shown, heights, strict=True)):
        left = room.left + across * (index if columns > 1 else 0)
        _draw(plate, (left, top - tall, across - 0.1), *panel)
        top -= tall if columns == 1 else 0
    return plate


def regions_by_change(run: Run) -> pd.DataFrame:
    """Regions and armed groups by the size of the change in people under control at the end, in thousands."""
    table = by_region(run)
    last = table[(table["measure"] == "people") & (table["date"] == table["date"].max())]
    rows = last[[_armed(name) for name in last["coalition"]]]
    values = rows[["mean", "q05", "q95"]] / 1000
    places = [words.region(str(name)) for name in rows["region"]]
    return _largest(values.assign(place=places, actor=rows["coalition"].astype(str)), 0.05)


def towns_by_change(run: Run) -> pd.DataFrame:
    """Towns and armed groups by the size of the change in the group's share of the cell, in percentage points.

    Of several towns in a cell, the one of the highest rank stands for it.
    """
    grid = at_date(run.grid, run.dates[-1])
    gids = pd.Index(grid["gid"].values)
    first = {town.gid: town.name for town in reversed(placenames.towns()) if town.gid in gids}
    cells = gids.get_indexer(pd.Index(list(first)))
    quantiles = grid["share_difference_quantile"].transpose("quantile", "coalition", "cell")
    bands = [quantiles.sel(quantile=q, method="nearest").values[:, cells] for q in (0.05, 0.95)]
    mean = grid["share_difference_mean"].transpose("coalition", "cell").values[:, cells]
    frame = pd.DataFrame(
        {
            "place": list(first.values()) * len(mean),
            "actor": np.repeat(run.coalitions, len(first)),
            **dict(zip(("mean", "q05", "q95"), (100.0 * part.ravel() for part in (mean, *bands)), strict=True)),
        }
    )
    return _largest(frame[[_armed(name) for name in frame["actor"]]], 0.5)


def by_region(run: Run) -> pd.DataFrame:
    """The table of paired differences by region; of a folder that lacks it, made from its stored replicates.

    Raises:
        NotARunError: if there is neither.
    """
    try:
        return run.table("differences_by_region")
    except NotARunError:
        names, replicates = run.folder / "coordinates.json", int(run.manifest["replicates"])
        if not names.is_file() or not (run.folder / "blocks").is_dir():
            raise
        coordinates = Coordinates.from_json(json.loads(names.read_text(encoding="utf-8")))
        store = Store(run.folder, coordinates, run.manifest["fingerprint"])
        if store.missing(replicates, replicates):
            raise
        return differences_by_region(store, replicates)


Panel = tuple[tuple[str, str], pd.DataFrame]
"""Title and unit, and the rows."""


def panels(run: Run) -> list[Panel]:
    """Title, unit and rows of each panel that the run allows.

    Raises:
        NotARunError: if the run has no counterfactual.
    """
    if not run.paired:
        raise NotARunError(f"run folder {run.folder} has one history; a ranking by change needs a counterfactual")
    regions = (tr("Regions"), tr("change in thousand people under control"))
    towns = (tr("Towns"), tr("change in share of control, percentage points"))
    by_town = [(towns, towns_by_change(run))]
    try:
        return [(regions, regions_by_change(run)), *by_town]
    except NotARunError:  # neither the table nor the replicates are there
        return by_town


def _armed(coalition: object) -> bool:
    return style.family(str(coalition)) not in ("state", "foreign")


def _largest(frame: pd.DataFrame, least: float) -> pd.DataFrame:
    moved = frame[frame["mean"].abs() >= least]
    order = moved["mean"].abs().sort_values(ascending=False, kind="stable").index[:MOST]
    return moved.loc[order, COLUMNS].reset_index(drop=True)


def _draw(plate: Plate, box: tuple[float, float, float], texts: tuple[str, str], rows: pd.DataFrame) -> None:
    left, bottom, across = box
    names = [f"{row['place']}, {style.actor(row['actor']).label}" for row in rows.to_dict("records")]
    label = max(width_of(name, style.SMALL) for name in names) + 0.1
    numbers = NUMBERS if across >= 4 else 0.0
    axes = plate.area(left + label, bottom + FOOT, across - label - numbers - 0.1, ROW * len(rows))
    _write_head(plate, (left, bottom + FOOT + ROW * len(rows)), texts, across)
    for y, row in enumerate(rows.to_dict("records")):
        _draw_row(axes, y, row)
        if numbers:
            axes.annotate(_numbers(row), (1, y), (6, 0), ("axes fraction", "data"), "offset points", **_SMALL)
    axes.axvline(0, color=style.INK, lw=0.8, zorder=0.9)
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)), yticklabels=names)
    axes.margins(x=0.06)
    axes.locator_params(axis="x", nbins=max(3, int(style.inches(axes)[0] / 0.6)))
    axes.tick_params(axis="both", length=0)
    axes.spines["left"].set_visible(False)


def _head(texts: tuple[str, str], across: float) -> float:
    return HEAD + LINE * len(broken(texts[1], across - 0.1, style.SMALL))


def _write_head(plate: Plate, corner: tuple[float, float], texts: tuple[str, str], across: float) -> None:
    wide, high = plate.get_size_inches()
    left, bottom = corner
    lines = broken(texts[1], across, style.SMALL)
    top = (bottom + 0.09 + LINE * len(lines)) / high
    plate.text(left / wide, top, texts[0], size=style.NORMAL, weight="bold")
    plate.text(left / wide, top - 0.03 / high, "\n".join(lines), size=style.SMALL, color=style.FAINT, va="top",
               linespacing=1.15)  # fmt: skip


def _draw_row(axes: Axes, y: int, row: dict[Any, Any]) -> None:
    ink = style.actor(row["actor"]).ink
    sure = row["q05"] > 0 or row["q95"] < 0
    axes.plot([row["q05"], row["q95"]], [y, y], color=ink, lw=1.8, solid_capstyle="butt")
    axes.plot(row["mean"], y, "o", ms=5.5, mfc=ink if sure else "white", mec=ink, mew=1.3)


def _numbers(row: dict[Any, Any]) -> str:
    mean, low, high = (_signed(row[name]) for name in ("mean", "q05", "q95"))
    return tr("{mean} ({low} to {high})", mean=mean, low=low, high=high)


def _signed(value: float) -> str:
    size = abs(value)
    text = number(size, 1 if size < 1 else 2 if size < 100 else 3)
    return text if text == "0" else ("+" if value > 0 else "\N{MINUS SIGN}") + text


_SMALL: dict[str, Any] = {"size": style.SMALL, "va": "center", "color": style.FAINT, "annotation_clip": False}
