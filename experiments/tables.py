"""Tables: from blocks of replicates to ``tables/*.parquet``, one stretch of time after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.layout import AXES, Array, Coordinates
from experiments.relations_table import relations, support
from experiments.spread import long, spread
from experiments.store import ROOM, Store
from sim.outcomes import FLOW
from sim.outcomes import threat as told


def write_tables(store: Store, replicates: int, folder: Path) -> None:
    """Write all tables of the outcomes by time and place."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in TABLES.items():
        write_table(made(store, replicates), folder / f"{name}.parquet")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table whole or not at all."""
    partial = path.with_suffix(".partial")
    frame.to_parquet(partial, index=False, compression="zstd")
    partial.replace(path)


def control_by_region(store: Store, replicates: int) -> pd.DataFrame:
    """People and area (km2) under each coalition in each region, by week."""
    return pd.concat(
        [_weekly(store, replicates, name, measure=name) for name in ("people", "area")], ignore_index=True
    ).astype({"measure": "category"})


def violence(store: Store, replicates: int) -> pd.DataFrame:
    """Deaths by country and UCDP type of violence, by week."""
    return _weekly(store, replicates, "deaths")


def threat(store: Store, replicates: int) -> pd.DataFrame:
    """Threat measures, by week."""
    return _weekly(store, replicates, "threat")


def attacks(store: Store, replicates: int) -> pd.DataFrame:
    """Attacks begun by each coalition, by week."""
    return _weekly(store, replicates, "attacks", over="region")


def attacks_by_region(store: Store, replicates: int) -> pd.DataFrame:
    """Attacks begun by each coalition in each region, by four weeks; an incomplete last step is left out."""
    return _in_4_weeks(store, replicates, "attacks")


def attacks_in_4_weeks(store: Store, replicates: int) -> pd.DataFrame:
    """Attacks begun by each coalition, by four weeks; an incomplete last step is left out."""
    return _in_4_weeks(store, replicates, "attacks", over="region")


def violence_in_4_weeks(store: Store, replicates: int) -> pd.DataFrame:
    """Deaths by country and UCDP type of violence, by four weeks; an incomplete last step is left out."""
    return _in_4_weeks(store, replicates, "deaths")


def threat_in_4_weeks(store: Store, replicates: int) -> pd.DataFrame:
    """Threat measures that are counted, by four weeks; an incomplete last step is left out."""
    frame = _in_4_weeks(store, replicates, "threat")
    counted = [name for name in store.coordinates.threat if told(name).kind == FLOW]
    return frame[frame["threat"].isin(counted)].reset_index(drop=True)


def deaths_by_actor(store: Store, replicates: int) -> pd.DataFrame:
    """Fighters of each coalition killed, and civilians killed by it, by week."""
    parts = [_weekly(store, replicates, name, over="region", measure=name) for name in ("fallen", "civilians")]
    return pd.concat(parts, ignore_index=True).astype({"measure": "category"})


def clashes(store: Store, replicates: int) -> pd.DataFrame:
    """Armed events between the coalitions of each dyad, those that the first begins, and deaths in them, by week."""
    names = {"clashes": "clashes", "begun": "begun", "clash_deaths": "deaths"}
    parts = [_weekly(store, replicates, name, over="region", measure=label) for name, label in names.items()]
    return pd.concat(parts, ignore_index=True).astype({"measure": "category"})


def ground(store: Store, replicates: int) -> pd.DataFrame:
    """Zones, towns, protection, governance, support and fighters of each coalition by region, every fourth week."""
    parts = [_weekly(store, replicates, name, measure=name) for name in GROUND]
    return pd.concat(parts, ignore_index=True).astype({"measure": "category"})


def displaced(store: Store, replicates: int) -> pd.DataFrame:
    """Displaced people by the region that they come from, in their country or abroad, every fourth week."""
    return _weekly(store, replicates, "displaced")


def organisations(store: Store, replicates: int) -> pd.DataFrame:
    """Strength, mood and means of each organisation, by week."""
    return _weekly(store, replicates, "organisations")


def recruits(store: Store, replicates: int) -> pd.DataFrame:
    """Recruits of each organisation since the start by region and group, where there are any."""
    return _where_any(_weekly(store, replicates, "enlisted"))


def victims(store: Store, replicates: int) -> pd.DataFrame:
    """Civilians killed since the start by region and group, where there are any."""
    return _where_any(_weekly(store, replicates, "victims"))


GROUND = ("held_people", "held_area", "towns", "protected", "governed", "followers", "fighters")
"""Recorded arrays of the table `ground`."""

ALL = slice(None)
"""Every row of an axis."""

TABLES: dict[str, Callable[[Store, int], pd.DataFrame]] = {
    "control_by_region": control_by_region,
    "violence": violence,
    "threat": threat,
    "attacks": attacks,
    "attacks_by_region": attacks_by_region,
    "attacks_in_4_weeks": attacks_in_4_weeks,
    "violence_in_4_weeks": violence_in_4_weeks,
    "threat_in_4_weeks": threat_in_4_weeks,
    "deaths_by_actor": deaths_by_actor,
    "clashes": clashes,
    "ground": ground,
    "displaced": displaced,
    "organisations": organisations,
    "recruits": recruits,
    "victims": victims,
    "relations": relations,
    "support": support,
}
"""Tables by the name of their file."""


def _weekly(store: Store, replicates: int, array: str, over: str = "", measure: str = "") -> pd.DataFrame:
    """Mean and quantiles of an array by step of time, summed over one of its axes if `over` names it."""
    axis = 1 + AXES[array].index(over) if over else 0

    def reduce(values: Array) -> Array:
        return values.sum(axis=axis) if over else values

    days = store.coordinates.names(AXES[array][0])
    frame = _pieced(store, replicates, array, reduce, lambda piece: list(days[piece]), over)
    if measure:
        frame.insert(int(np.argmax(frame.columns == "mean")), "measure", measure)
    return frame


def _in_4_weeks(store: Store, replicates: int, array: str, over: str = "") -> pd.DataFrame:
    """Mean and quantiles of totals of four weeks, dated by their first Monday."""
    axis = 1 + AXES[array].index(over) if over else 0

    def step(values: Array) -> Array:
        whole = values[:, : values.shape[1] // 4 * 4]
        summed = whole.reshape(len(values), -1, 4, *values.shape[2:]).sum(axis=2)
        return summed.sum(axis=axis) if over else summed

    return _pieced(store, replicates, array, step, store.coordinates.months, over)


def _pieced(
    store: Store,
    replicates: int,
    array: str,
    reduce: Callable[[Array], Array],
    dates: Callable[[slice], list[Any]],
    over: str = "",
) -> pd.DataFrame:
    rest = [axis for axis in AXES[array][1:] if axis != over]
    frames = []
    for h, piece, part, rows in _stretches(store.coordinates, array, replicates):
        span = slice(piece.start + part.start, piece.start + part.stop)
        values = store.load(array, h, piece, replicates, partial(_shortened, (part, rows), reduce))
        axes = {"history": [store.coordinates.history[h]], "date": dates(span)}
        axes |= {axis: list(store.coordinates.names(axis)) for axis in rest}
        named = axes | ({rest[0]: axes[rest[0]][rows]} if rest else {})
        frame = long(named, {name: column[None] for name, column in spread(values).items()})
        frames.append(frame.astype({axis: pd.CategoricalDtype(axes[axis]) for axis in rest[:1]}))
    return _joined(frames, store.coordinates)


def _stretches(coordinates: Coordinates, array: str, replicates: int) -> Iterator[tuple[int, slice, slice, slice]]:
    """Each history and piece of time, and parts of the piece that fit into memory.

    Parts are of whole steps of four weeks; of what is counted once, at the end, they are rows of the first axis.
    """
    length, first, *_ = shape = coordinates.shape(array)
    week = replicates * int(np.prod(shape[1:]))
    step, some = max(4, ROOM // week // 4 * 4), max(1, ROOM * first // week)
    once = length == 1 and some < first
    rows = [slice(a, min(a + some, first)) for a in range(0, first, some)] if once else [ALL]
    for h in range(len(coordinates.history)):
        for piece in coordinates.pieces(array):
            weeks = piece.stop - piece.start
            parts = (slice(a, min(a + step, weeks)) for a in range(0, weeks, step))
            yield from ((h, piece, part, own) for part in parts for own in rows)


def _shortened(parts: tuple[slice, slice], reduce: Callable[[Array], Array], values: Array) -> Array:
    return reduce(values[:, parts[0], parts[1]])


def _where_any(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows in which no replicate has anything."""
    return frame[frame["mean"] > 0].reset_index(drop=True)


def _joined(frames: list[pd.DataFrame], coordinates: Coordinates) -> pd.DataFrame:
    histories = pd.CategoricalDtype(list(coordinates.history))
    return pd.concat([frame.astype({"history": histories}) for frame in frames], ignore_index=True)
