"""Manifest: what made a run, so that somebody else can make it again. Knows of no machine, user or place."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from experiments.layout import LAYOUT
from experiments.settings import Settings
from experiments.values import digest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("mesa", "numpy", "numba", "llvmlite", "scipy", "pandas", "pyarrow", "xarray", "h5netcdf", "hydra-core")
DECIDING = ("numpy", "numba", "llvmlite")
"""Packages whose version may change a number in its last digits."""

DATA = ("*.csv", "*.yaml", "*.geojson")
LAYERS = ("sim", "agents", "scenarios")


def fingerprint(settings: Settings) -> str:
    """What a stored replicate depends on: settings, data, the model's source and the versions that decide numbers."""
    versions = {name: metadata.version(name) for name in DECIDING}
    source = hashes(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))
    return digest([settings.results, data_hashes(), source, versions])


def data_hashes() -> dict[str, str]:
    """SHA-256 of each data file under ``conf``, by its path below the project.

    The main configuration is left out: its values are in the resolved configuration of the run. So
    is ``evidence``: results are compared with it, not made from it; and ``posterior``: a run that uses it has its
    checksum in the configuration.
    """
    files = (path for pattern in DATA for path in (ROOT / "conf").rglob(pattern))
    without = [ROOT / "conf" / name for name in ("config.yaml", "evidence", "posterior")]
    return hashes(p for p in files if not any(p.is_relative_to(other) for other in without))


def hashes(files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of files by their path below the project."""
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def manifest(settings: Settings, fingerprint: str, seconds: dict[str, float], **more: Any) -> dict[str, Any]:
    """The content of ``manifest.json``.

    Args:
        settings: of the run.
        fingerprint: of its replicates.
        seconds: wall time by stage of this call; a resumed run tells only its own.
        more: what else there is to tell, such as histories.
    """
    commit, dirty = commit_of(ROOT)
    return {
        "layout": LAYOUT,
        "scenario": settings.scenario,
        **more,
        "made": today().isoformat(),
        "replicates": settings.replicates,
        "seed": settings.seed,
        "config_hash": settings.hash,
        "fingerprint": fingerprint,
        "commit": commit,
        "dirty": dirty,
        "versions": versions(),
        "data": data_hashes(),
        "seconds": {stage: round(time, 2) for stage, time in seconds.items()},
    }


def today() -> date:
    """The day (UTC), or that of ``SOURCE_DATE_EPOCH``, which makes outputs of different days equal."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(float(told) if told else time.time(), UTC).date()


def versions() -> dict[str, str]:
    """Versions of the project, of Python and of the packages that a result may depend on."""
    try:
        project = metadata.version("sahel-conflict")
    except metadata.PackageNotFoundError:
        project = "not installed"
    packages = {name: metadata.version(name) for name in PACKAGES}
    return {"project": project, "python": platform.python_version()} | packages


def commit_of(folder: Path) -> tuple[str | None, bool]:
    """The commit that is checked out and whether files differ from it; (None, False) outside a checkout."""
    commit = _git(folder, "rev-parse", "HEAD")
    return commit, bool(commit and _git(folder, "status", "--porcelain"))


def write_json(content: Any, path: Path) -> None:
    """Write plain values as JSON, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
