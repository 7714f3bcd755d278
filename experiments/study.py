"""Study: one run from settings to its run folder. The layout of the folder is told in docs/run_folder.md."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import yaml

from experiments import comparison, summary
from experiments.ensemble import complete
from experiments.grid import grid, write_grid, zones
from experiments.layout import Coordinates, Recorded
from experiments.lock import locked
from experiments.manifest import fingerprint, manifest, write_json
from experiments.settings import Settings
from experiments.store import Store
from experiments.tables import write_table, write_tables


class Setup(Protocol):
    """A built experiment, as a study uses it."""

    def block(self, first: int, count: int) -> Recorded:
        """Replicates `first` to `first + count - 1` of all histories."""

    def explain(self) -> list[str]:
        """The histories in English, line by line."""


class Clock:
    """Wall time by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
