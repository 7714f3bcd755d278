"""Study: one run from settings to its run folder. The layout of the folder is told in ``docs/run_folder.md``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from experiments.building import Built, built, explained
from experiments.ensemble import complete
from experiments.layout import Coordinates
from experiments.lock import locked
from experiments.manifest import fingerprint, manifest, write_json
from experiments.regional import differences_by_region
from experiments.settings import Settings
from experiments.store import Store
from scenarios.ahead import compile_ahead
from sim.compilation import is_cold

if TYPE_CHECKING:
    import pandas as pd

    from experiments import summary

COMPILING = "compiling the model, once, about half a minute"


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


def study(settings: Settings) -> Path | None:
    """Explain, simulate, write, draw and print one run; returns its folder, or None if it only explains.

    Raises:
        ValueError: the settings cannot be run; one line.
    """
    if settings.explain:
        print("\n".join(explained(settings)))
        return None
    clock = Clock()
    if is_cold():
        explained(settings)  # refuses mistakes before anything is compiled
        compile_once(settings.workers)
    with clock.stage("build"):
        ready = built(settings)
    with locked(settings.folder):
        return run(settings, ready, clock)


def simulated(settings: Settings) -> tuple[Store, int | None]:
    """The store of a run with all its replicates, and the week of change; simulates what is missing, writes no tables.

    Raises:
        ValueError: the settings cannot be run; one line.
    """
    if is_cold():
        explained(settings)  # refuses mistakes before the compiler is started
    compile_once(settings.workers)
    ready = built(settings)
    with locked(settings.folder):
        write_inputs(settings, ready, settings.folder)
        store, _ = filled(settings, ready, fingerprint(settings))
    return store, changed(settings, ready, store)


def filled(settings: Settings, ready: Built, mark: str) -> tuple[Store, int]:
    """The store of a run with all its replicates, and how many of them were computed now."""
    store = Store(settings.folder, ready.coordinates, mark, settings.workers)
    if store.stale:
        print(f"data, code or versions changed: {store.stale} stored replicates are computed anew", file=sys.stderr)
    return store, complete(ready.setup, store, settings.replicates, settings.workers, settings.block)


def changed(settings: Settings, ready: Built, store: Store) -> int | None:
    """Week from which the histories differ: as they tell, or else as the replicates do."""
    return ready.change if ready.change is not None else store.change(settings.replicates)


def compile_once(workers: int) -> None:
    """Compile the kernels if this has not been done yet, and say so."""
    if is_cold():
        print(COMPILING, file=sys.stderr, flush=True)
        compile_ahead(workers)


def run(settings: Settings, ready: Built, clock: Clock) -> Path:
    """Simulate what is missing and write everything else anew."""
    folder, mark = settings.folder, fingerprint(settings)
    write_inputs(settings, ready, folder)
    with clock.stage("simulate"):
        store, computed = filled(settings, ready, mark)
    change = changed(settings, ready, store)
    with clock.stage("tables"):
        write_outcomes(settings, ready, store, change)

    def told() -> None:
        more = ready.span(change) | {"computed": computed} | ready.about
        write_json(manifest(settings, mark, clock.seconds, **more), folder / "manifest.json")

    told()
    print((folder / "summary.txt").read_text(encoding="utf-8"))
    if settings.figures:
        with clock.stage("figures"):
            draw(folder)
        told()
    print(f"run folder: {folder}")
    return folder


def write_inputs(settings: Settings, ready: Built, folder: Path) -> None:
    """Write the resolved configuration, the history in English and the names along the axes."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {"replicates": settings.replicates, "events": list(settings.events)}
    resolved = yaml.safe_dump(settings.results | counts, sort_keys=True, allow_unicode=True)
    (folder / "config.yaml").write_text(resolved, encoding="utf-8")
    (folder / "history.txt").write_text("\n".join(ready.history) + "\n", encoding="utf-8")
    write_json(ready.coordinates.to_json(), folder / "coordinates.json")


def write_outcomes(settings: Settings, ready: Built, store: Store, change: int | None) -> None:
    """Write tables, grid, event tables and summary."""
    from experiments import comparison, summary
    from experiments.grid import grid, write_grid, zones
    from experiments.tables import write_table, write_tables

    folder, replicates = settings.folder, settings.replicates
    tables = folder / "tables"
    write_tables(store, replicates, tables)
    data = grid(store, replicates)
    write_grid(data, folder / "grid.nc")
    write_table(zones(data, store), tables / "zones.parquet")
    if len(ready.coordinates.history) > 1:
        write_table(differences_by_region(store, replicates), tables / "differences_by_region.parquet")
    values = comparison.outcomes(store, replicates, change)
    write_table(values, tables / "outcomes.parquet")
    write_events(settings, ready, folder / "events")
    shown = summarised(ready, values, tables)
    stamp = f"Config {settings.hash[:8]}, seed {settings.seed}, {replicates} replicates."
    notes = summary.notes(stamp, paired=len(ready.coordinates.history) > 1)
    for name, markdown in (("summary.txt", False), ("summary.md", True)):
        (folder / name).write_text(summary.summary(ready.title, shown, notes, markdown=markdown), encoding="utf-8")


def summarised(ready: Built, values: pd.DataFrame, tables: Path) -> list[summary.Table]:
    """The tables of the summary; writes the paired differences on the way."""
    from experiments import comparison, summary
    from experiments.tables import write_table

    histories = ready.coordinates.history
    if len(histories) == 1:
        return [summary.outcome_table(values, histories[0])]
    differences = comparison.differences(values, histories)
    write_table(differences, tables / "differences.parquet")
    return summary.difference_tables(differences, histories)


def write_events(settings: Settings, ready: Built, folder: Path) -> None:
    """Write the event tables of the chosen replicates."""
    folder.mkdir(parents=True, exist_ok=True)
    for h, history in enumerate(ready.coordinates.history):
        for replicate in settings.event_tables:
            frame = ready.events(replicate, h)
            frame.to_csv(folder / f"{history}-{replicate:05d}.csv", index=False)


def draw(folder: Path) -> None:
    """Draw the figures of a finished run folder."""
    from experiments.figures.make import make_figures

    make_figures(folder)


def opened(folder: Path, readers: int = 2) -> tuple[Store, int]:
    """The store of a finished run folder and its number of replicates, to read in a notebook."""
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    coordinates = Coordinates.from_json(json.loads((folder / "coordinates.json").read_text(encoding="utf-8")))
    return Store(folder, coordinates, about["fingerprint"], readers), int(about["replicates"])
