"""A finished run folder, opened for drawing."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from experiments.figures import style, words
from experiments.layout import check_layout

NEEDED = ("manifest.json", "grid.nc", "tables")


class NotARunError(ValueError):
    """The folder is not a finished run; the message is one clear line."""


@dataclass(frozen=True)
class Run:
    """What the figures read of a run: its manifest, gridded outcomes and tables."""

    folder: Path
    manifest: dict[str, Any]
    grid: xr.Dataset

    @property
    def histories(self) -> list[str]:
        """Names of the histories: the scenario, and its counterfactual if the run has one."""
        return [str(name) for name in self.grid["history"].values]

    @property
    def paired(self) -> bool:
        """Whether the run holds a scenario beside its counterfactual."""
        return len(self.histories) > 1 and "share_difference_mean" in self.grid

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates of the maps."""
        return pd.DatetimeIndex(self.grid["date"].values)

    @property
    def coalitions(self) -> list[str]:
        """Coalition ids, in the order of the grid."""
        return [str(name) for name in self.grid["coalition"].values]

    @cached_property
    def stamp(self) -> str:
        """What made the run: configuration, commit, seed, replicates and versions."""
        about = self.manifest
        dirty = " with uncommitted changes" if about.get("dirty") else ""
        versions = about.get("versions") or {}
        made_with = ", ".join(f"{name} {versions[name]}" for name in _shown(versions))
        parts = [
            f"Config {str(about['config_hash'])[:12]}",
            f"commit {str(about['commit'] or 'unknown')[:10]}{dirty}",
            f"seed {about['seed']}",
            f"{about['replicates']} replicates",
            made_with,
        ]
        return "; ".join(part for part in parts if part)

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run by its name without ending; dates are timestamps.

        Raises:
            NotARunError: if the run folder lacks the table.
        """
        path = self.folder / "tables" / f"{name}.parquet"
        if not path.is_file():
            raise NotARunError(f"run folder {self.folder} lacks tables/{name}.parquet; expected a finished run")
        frame = pd.read_parquet(path)
        if "date" in frame:
            frame["date"] = pd.to_datetime(frame["date"])
        return frame

    def caption(self, *notes: str) -> str:
        """The foot of a figure: notes on reading it, the disclaimer and the stamp."""
        return " ".join((*notes, style.DISCLAIMER, self.stamp + "."))

    def events(self, history: str) -> list[tuple[pd.Timestamp, str]]:
        """Dated events of a history as the manifest tells them, in order of time; may be none."""
        listed = (self.manifest.get("events") or {}).get(history, [])
        return sorted((pd.Timestamp(event["date"]), str(event["text"])) for event in listed)

    @property
    def versus(self) -> str:
        """Names of scenario and counterfactual for a headline."""
        first, *others = (self.named(history) for history in self.histories[:2])
        return " against ".join([first, *(name[:1].lower() + name[1:] for name in others)])

    def named(self, history: str) -> str:
        """The history's name for people."""
        return words.plain(history)


def open_run(folder: Path) -> Run:
    """Open a finished run folder.

    Raises:
        NotARunError: if the folder is absent or not a finished run; names what is missing or near.
    """
    if not folder.is_dir():
        raise NotARunError(f"run folder {folder} does not exist{_nearest(folder)}")
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if missing:
        raise NotARunError(f"{folder} is not a finished run folder: it lacks {', '.join(missing)}")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    lacking = [key for key in ("config_hash", "commit", "seed", "replicates") if key not in manifest]
    if lacking:
        raise NotARunError(f"{folder / 'manifest.json'} lacks {', '.join(lacking)}; expected the manifest of a run")
    try:
        check_layout(manifest)
    except ValueError as older:
        raise NotARunError(f"{folder}: {older}") from None
    with xr.open_dataset(folder / "grid.nc", engine="h5netcdf") as grid:
        return Run(folder, manifest, grid.load())


def at_date(grid: xr.Dataset, date: pd.Timestamp) -> xr.Dataset:
    """The grid at the date nearest to `date`.

    Raises:
        NotARunError: if the nearest date is more than 31 days away; names the dates that there are.
    """
    dates = pd.DatetimeIndex(grid["date"].values)
    nearest = int(np.argmin(np.abs(dates - date)))
    if abs(dates[nearest] - date) > pd.Timedelta(days=31):
        known = ", ".join(str(day.date()) for day in dates)
        raise NotARunError(f"no map for {date.date()}; the run has maps for {known}")
    return grid.isel(date=nearest)


def _shown(versions: dict[str, str]) -> list[str]:
    return [name for name in ("project", "python", "numpy", "numba", "mesa") if name in versions]


def _nearest(folder: Path) -> str:
    beside = folder.parent if folder.parent.is_dir() else Path()
    names = [path.name for path in beside.iterdir() if path.is_dir()]
    near = difflib.get_close_matches(folder.name, names, n=1)
    return f"; did you mean {beside / near[0]}?" if near else ""
