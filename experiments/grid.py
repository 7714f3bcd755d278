"""Grid: zones and shares of control by cell, as probabilities, means and quantiles in ``grid.nc``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from experiments.layout import Array
from experiments.spread import OUTER, long, quantiles
from experiments.store import ROOM, Store
from sim.state import Zone

ZONES = tuple(zone.name.lower() for zone in Zone)
LEVELS = tuple(OUTER.values())


BY_CELL = ("coalition", "cell")

ABOUT = {
    "Conventions": "CF-1.11",
    "title": "Zones and shares of control by PRIO-GRID cell",
    "source": "agent-based simulation; model output, not a forecast",
}


def grid(store: Store, replicates: int) -> xr.Dataset:
    """Zone probabilities and shares of control on the maps' dates, and paired differences of shares."""
    dates = [_date(store, replicates, piece) for piece in store.coordinates.pieces("share")]
    joined = {name: np.stack([date[name] for date in dates]).astype(np.float32) for name in dates[0]}
    variables = {name: (("date", *VARIABLES[name][0]), array, _about(name)) for name, array in joined.items()}
    data = xr.Dataset(variables, _coordinates(store), ABOUT)
    return data.transpose("history", "date", ...)


def write_grid(data: xr.Dataset, path: Path) -> None:
    """Write the grid as netCDF, whole or not at all."""
    partial = path.with_suffix(".partial")
    packed = {name: {"zlib": True, "complevel": 1} for name in data.data_vars}
    data.to_netcdf(partial, engine="h5netcdf", encoding=packed)
    partial.replace(path)


def zones(data: xr.Dataset, store: Store) -> pd.DataFrame:
    """Mean number of cells, and of people living in them, by zone class in each region.

    People are those of the start of the run.
    """
    c = store.coordinates
    inside = np.array([[region == own for region in c.region] for own in c.cell_region], np.float64)
    probability = data["zone_probability"].transpose("history", "date", "coalition", "zone", "cell").to_numpy()
    counts = {"cells": probability @ inside, "people": probability @ (inside * np.array(c.cell_people)[:, None])}
    axes = {"history": c.history, "date": c.date, "region": c.region, "coalition": c.coalition, "zone": ZONES}
    return long(axes, {name: np.moveaxis(count, -1, 2) for name, count in counts.items()})


VARIABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "zone_probability": (("history", "coalition", "zone", "cell"), "share of replicates in which a cell is in a zone"),
    "share_mean": (("history", *BY_CELL), "share of control, mean over replicates"),
    "share_quantile": (("history", "quantile", *BY_CELL), "share of control, quantile over replicates"),
    "share_difference_mean": (BY_CELL, "share of control, scenario minus counterfactual, mean over replicates"),
    "share_difference_quantile": (
        ("quantile", *BY_CELL),
        "share of control, scenario minus counterfactual, quantile over replicates",
    ),
}
"""Axes after the date, and the long name, of each variable."""


def _date(store: Store, replicates: int, piece: slice) -> dict[str, Array]:
    """The variables of one date, by as many coalitions at a time as fit into memory."""
    coalitions, cells = store.coordinates.shape("share")[1:]
    step = max(1, ROOM // (replicates * cells))
    parts = [_part(store, replicates, piece, slice(q, q + step)) for q in range(0, coalitions, step)]
    axes = {name: VARIABLES[name][0].index("coalition") for name in parts[0]}
    return {name: np.concatenate([part[name] for part in parts], axis=axis) for name, axis in axes.items()}


def _part(store: Store, replicates: int, piece: slice, coalitions: slice) -> dict[str, Array]:
    histories = range(len(store.coordinates.history))

    def load(array: str, history: int) -> Array:
        return store.load(array, history, piece, replicates, lambda values: values[:, 0, coalitions])

    shares = [load("share", h) for h in histories]
    found: dict[str, Array] = {
        "zone_probability": np.stack([_probability(load("zone", h)) for h in histories]),
        "share_mean": np.stack([share.mean(axis=0, dtype=np.float64) for share in shares]),
        "share_quantile": np.stack([quantiles(share, LEVELS) for share in shares]),
    }
    if len(shares) > 1:
        difference = shares[0] - shares[1]
        found["share_difference_mean"] = difference.mean(axis=0, dtype=np.float64)
        found["share_difference_quantile"] = quantiles(difference, LEVELS)
    return found


def _probability(zone: Array) -> NDArray[np.float64]:
    """Share of replicates in each zone, (coalition, zone, cell), from codes (replicate, coalition, cell)."""
    return np.stack([(zone == code).mean(axis=0) for code in range(len(ZONES))], axis=1)


def _coordinates(store: Store) -> dict[str, Any]:
    c = store.coordinates
    days = np.array(c.date, "datetime64[D]").astype("datetime64[ns]")
    return {
        "history": ("history", list(c.history), {"long_name": "scenario first, then its counterfactual"}),
        "date": ("date", days, {"long_name": "Monday of the week", "standard_name": "time"}),
        "coalition": ("coalition", list(c.coalition), {"long_name": "coalition of organisations"}),
        "zone": ("zone", list(ZONES), {"long_name": "zone class of a cell for a coalition"}),
        "quantile": ("quantile", list(LEVELS), {"long_name": "level of the quantile", "units": "1"}),
        "cell": ("cell", np.array(c.cell, np.int64), {"long_name": "PRIO-GRID cell id"}),
        "gid": ("cell", np.array(c.cell, np.int64), {"long_name": "PRIO-GRID cell id"}),
        "lat": ("cell", list(c.lat), {"units": "degrees_north", "standard_name": "latitude"}),
        "lon": ("cell", list(c.lon), {"units": "degrees_east", "standard_name": "longitude"}),
        "region": ("cell", list(c.cell_region), {"long_name": "country and first-order unit"}),
    }


def _about(name: str) -> dict[str, str]:
    return {"long_name": VARIABLES[name][1], "units": "1"}
