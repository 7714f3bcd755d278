"""Where violence is dense and where it clusters: a map in the style of the SCDi, see `experiments.scdi`."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments import scdi
from experiments.figures import sheets, style
from experiments.figures.cells import draw_cells
from experiments.figures.legend import Block, Swatch, swatches
from experiments.figures.reading import NotARunError, Run
from experiments.figures.sheets import Texts
from experiments.figures.style import Plate
from experiments.language import day, number, tr
from experiments.scdi import Cells, Kind

LOOKS: dict[Kind, dict[str, Any]] = {
    Kind.CLUSTERED_HIGH: {"facecolor": "#8C1D18", "hatch": "////", "edgecolor": "white"},
    Kind.DISPERSED_HIGH: {"facecolor": "#E0703A"},
    Kind.CLUSTERED_LOW: {"facecolor": "#9FC3DF", "hatch": "////", "edgecolor": "#24506F"},
    Kind.DISPERSED_LOW: {"facecolor": "#DCE9F2"},
}
"""Red is dense, blue thin, hatched clustered: the four types stay apart in greyscale."""

NAMES = {
    Kind.CLUSTERED_HIGH: "clustered, high intensity",
    Kind.DISPERSED_HIGH: "dispersed, high intensity",
    Kind.CLUSTERED_LOW: "clustered, low intensity",
    Kind.DISPERSED_LOW: "dispersed, low intensity",
}

_FORM = (
    "After the Spatial Conflict Dynamics indicator (Walther et al. 2021): intensity is deadly events in a cell, high "
    "from {threshold} a year per 1000 km2, the mean of cells with events; clustered is a nearest neighbour ratio "
    "below 1 in the three by three cells around."
)


@style.styled
def concentration_map(run: Run, width: float = style.SLIDE) -> Plate:
    """The four types of spatial conflict by cell over a year, from the event tables of the run.

    A run with a counterfactual shows the last year in both histories, another one its first and last year.

    Raises:
        NotARunError: if no history has an event table with events in a whole year.
    """
    panels, threshold, tables = found(run)
    note = tr("Deadly events of a year; from {tables}.", tables=_tables(tables))
    foot = (tr(_FORM, threshold=number(1000 * threshold, 2)),)
    texts = Texts(tr("Where violence is dense, and where it clusters"), note, list(panels), foot)
    made = sheets.sheet(run, texts, _key, width)
    for axes, kind in zip(made.maps, panels.values(), strict=True):
        for member, look in LOOKS.items():
            draw_cells(axes, run.grid, kind == member, **look)
        sheets.finish(axes, run.grid)
    return made.plate


def found(run: Run) -> tuple[dict[str, NDArray[np.int64]], float, int]:
    """The kinds of cells by the title of their map, events a year and km2 from which intensity is high, and tables.

    Raises:
        NotARunError: if no history has an event table with events in a whole year.
    """
    cells = Cells(run.grid["gid"].values, run.grid["lat"].values, run.grid["lon"].values)
    counted = {history: _counted(run, history, cells) for history in run.histories}
    if not all(counted.values()) or int(run.manifest.get("weeks", 0)) < scdi.YEAR:
        raise NotARunError(f"run folder {run.folder} has no event tables of a year; run it with event_tables=[0,1,2]")
    threshold = scdi.mean_intensity([part for some in counted.values() for part in some], cells)
    kinds = {title: scdi.kinds(some, cells, threshold) for title, some in _panels(run, counted).items()}
    if not any((kind != Kind.NONE).any() for kind in kinds.values()):
        raise NotARunError(f"the event tables of run folder {run.folder} hold no deadly events in the years to map")
    return kinds, threshold, len(counted[run.histories[0]])


def event_tables(run: Run, history: str) -> list[pd.DataFrame]:
    """The event tables of a history, by replicate."""
    paths = sorted((run.folder / "events").glob(f"{history}-*.csv"))
    named = [path for path in paths if re.fullmatch(rf"{re.escape(history)}-\d+", path.stem)]
    return [pd.read_csv(path, usecols=["date_start", "priogrid_gid"]) for path in named]


def _counted(run: Run, history: str, cells: Cells) -> list[NDArray[np.float64]]:
    if "start" not in run.manifest:
        return []
    start, weeks = pd.Timestamp(run.manifest["start"]), int(run.manifest["weeks"])
    # Whole steps counted back from the end, so that the last year is complete.
    first = start + pd.Timedelta(weeks=weeks % scdi.STEP)
    return [scdi.counts(table, cells, first, weeks - weeks % scdi.STEP) for table in event_tables(run, history)]


def _panels(run: Run, counted: dict[str, list[NDArray[np.float64]]]) -> dict[str, list[NDArray[np.float64]]]:
    # By title: the last year in both histories, or the first and the last year of one.
    size, weeks = scdi.YEAR // scdi.STEP, int(run.manifest["weeks"])
    first = pd.Timestamp(run.manifest["start"]) + pd.Timedelta(weeks=weeks % scdi.STEP)
    last = pd.Timestamp(run.manifest["start"]) + pd.Timedelta(weeks=weeks - scdi.YEAR)
    if len(run.histories) > 1 or weeks < 2 * scdi.YEAR:
        return {
            tr("{title}: {days}", title=run.named(history), days=_year(last)): [part[-size:] for part in some]
            for history, some in counted.items()
        }
    (some,) = counted.values()
    years = {_year(first): [part[:size] for part in some], _year(last): [part[-size:] for part in some]}
    return {days[:1].upper() + days[1:]: parts for days, parts in years.items()}


def _year(start: pd.Timestamp) -> str:
    last = start + pd.Timedelta(weeks=scdi.YEAR) - pd.Timedelta(days=1)
    return tr("{first} to {last}", first=day(start), last=day(last))


def _tables(count: int) -> str:
    if count == 1:
        return tr("one replicate, so one of many possible courses")
    return tr("{count} replicates with event tables", count=count)


def _key(room: float) -> list[Block]:
    entries = [Swatch(tr(NAMES[kind]), look) for kind, look in LOOKS.items()]
    entries.append(Swatch(tr("fewer than one event a year"), {"facecolor": style.GROUND}))
    return [swatches(tr("Violence"), entries, room, 1 if room < sheets.LEAST else 3)]
