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
from experiments.language import day, number, tr
from experiments.layout import check_layout

NEEDED = ("manifest.json", "grid.nc", "tables")
VERSIONS = ("project", "python", "numpy", "numba", "mesa")
"""Whose versions the stamp tells."""


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

    @property
    def stamp(self) -> str:
        """What made the run: configuration, commit, seed, replicates, data cut-off, day and versions."""
        about = self.manifest
        commit = str(about["commit"] or tr("unknown"))[:10] + (tr(" with uncommitted changes") if self._dirty else "")
        versions = about.get("versions") or {}
        parts = [
            tr("Config {hash}", hash=str(about["config_hash"])[:12]),
            tr("commit {commit}", commit=commit),
            tr("seed {seed}", seed=about["seed"]),
            self.counted,
            tr("dated events to {day}", day=day(self.record)) if self.record else "",
            tr("made {day}", day=day(self.made)),
            ", ".join(f"{name} {versions[name]}" for name in VERSIONS if name in versions),
        ]
        return "; ".join(part for part in parts if part)

    @property
    def counted(self) -> str:
        """The number of replicates in words."""
        count = int(self.manifest["replicates"])
        return tr("1 replicate") if count == 1 else tr("{count} replicates", count=number(count, len(str(count))))

    @property
    def record(self) -> pd.Timestamp | None:
        """Data cut-off: the day of the last dated event that the histories are given; None without events."""
        told = [event["date"] for events in (self.manifest.get("events") or {}).values() for event in events]
        return pd.Timestamp(self.manifest.get("known") or max(told)) if told or self.manifest.get("known") else None

    @cached_property
    def made(self) -> pd.Timestamp:
        """The day on which the run was made; of an older folder, the day on which its manifest was written."""
        written = (self.folder / "manifest.json").stat().st_mtime
        return pd.Timestamp(self.manifest.get("made") or pd.Timestamp(written, unit="s").normalize())

    @property
    def _dirty(self) -> bool:
        return bool(self.manifest.get("dirty"))

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
        return " ".join((*notes, tr(style.DISCLAIMER), self.stamp + "."))

    def events(self, history: str) -> list[tuple[pd.Timestamp, str]]:
        """Dated events of a history as the manifest tells them, in order of time; may be none."""
        listed = (self.manifest.get("events") or {}).get(history, [])
        return sorted((pd.Timestamp(event["date"]), str(event["text"])) for event in listed)

    @property
    def versus(self) -> str:
        """Names of scenario and counterfactual for a headline."""
        first, *others = self.histories[:2]
        if not others:
            return self.named(first)
        return tr("{scenario} against {other}", scenario=self.named(first), other=words.inside(others[0]))

    def named(self, history: str) -> str:
        """The history's name for people."""
        return words.history(history)


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


def _nearest(folder: Path) -> str:
    beside = folder.parent if folder.parent.is_dir() else Path()
    names = [path.name for path in beside.iterdir() if path.is_dir()]
    near = difflib.get_close_matches(folder.name, names, n=1)
    return f"; did you mean {beside / near[0]}?" if near else ""
