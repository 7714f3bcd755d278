"""Simulations: draws of parameters run through the windows that are compared, as targets.

A draw is run once through each window for recorded events, from the events recorded before it and with the strengths of
its time, and once through `historical` for the facts. Every draw has chance of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.building import case_of
from experiments.calibration import facts
from experiments.calibration.priors import Priors
from experiments.calibration.targets import Span, Targets, joined, over_windows
from experiments.calibration.windows import Window
from experiments.evidence.draws import as_recorded
from experiments.evidence.observation import Observation, observed_by, recorded, town_distance
from experiments.settings import Settings
from experiments.values import CONF
from scenarios.build import Case, Setup, build
from scenarios.event_log import EventLog, event_log
from scenarios.parameter_table import ParameterTable
from scenarios.recollection import Records
from sim.calendar import week_of

EARLIER = CONF / "evidence" / "earlier_strengths.csv"
"""Strengths before the days of the order of battle's."""

BLOCK = 16
"""Draws that are simulated together."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """What is simulated and compared.

    Attributes:
        settings: scenario, seed, workers, mechanisms and parameters that are not drawn.
        priors: of the parameters that are.
        windows: days that are simulated for recorded events.
        spans: months of them that are compared, one for each window.
        offsets: of targets, by group.
        records: events from which windows start; None is the order of battle alone.
        facts: whether facts are targets too.
    """

    settings: Settings
    priors: Priors
    windows: tuple[Window, ...]
    spans: tuple[Span, ...]
    offsets: dict[str, float]
    records: Records | None
    facts: bool


def start_of(question: Question, window: Window) -> Case:
    """What is built for a window: of the scenario's events only those that had begun by its last day."""
    weeks = week_of(window.until) - week_of(window.start) + 1
    case = replace(case_of(question.settings), start=window.start, weeks=weeks, known=window.until, map_dates=None)
    return replace(case, records=question.records, strengths=EARLIER)


def simulated(question: Question, z: Values, first: int = 0) -> Targets:
    """Targets of draws with standardised parameters `z`.

    Args:
        question: what is compared.
        z: (draw, parameter).
        first: number of the first draw; decides its chance.
    """
    table = question.priors.table(z, first)
    parts = _windows(question, table, first, len(z))
    found = [over_windows(parts, len(z), question.spans, question.offsets)]
    if question.facts:
        case = replace(case_of(question.settings), table=table, map_dates=None)
        found.append(facts.simulated(build(case), first, len(z)))
    return joined(found)


def _windows(question: Question, table: ParameterTable, first: int, count: int) -> pd.DataFrame:
    """Simulated events of all windows, of each only the months that are compared."""
    found = []
    for window, span in zip(question.windows, question.spans, strict=True):
        setup = build(replace(start_of(question, window), table=table))
        found.append(span.own(parts_of(setup, event_log(setup, first, count), first)))
    return pd.concat(found, ignore_index=True)


def parts_of(setup: Setup, log: EventLog, first: int) -> pd.DataFrame:
    """Simulated events as they would have been recorded, with draws counted from 0."""
    seed = setup.case.seed
    how = observed_by(Observation(), setup.case.table, seed, log.replicate)
    seen = recorded(log, town_distance(setup.region), how, seed) > 0
    parts = as_recorded(setup, log, how, seed)
    return parts.assign(draw=parts["draw"] - first, week=log.week[seen])


def in_blocks(
    question: Question, z: Values, folder: Path, name: str, make: Callable[..., Targets] = simulated, first: int = 0
) -> Targets:
    """Targets of many draws on all workers; blocks that are in the folder are not simulated again.

    Args:
        question: what is compared.
        z: standardised parameters, (draw, parameter).
        folder: of block files.
        name: what the draws are for; begins the names of block files.
        make: simulates a block.
        first: number of the first draw.

    Raises:
        KeyboardInterrupt: after the blocks under way are finished and stored.
    """

    def block(own: Values, at: int) -> Targets:
        return make(question, own, first + at)

    return kept_blocks(block, z, folder, name, question.settings.workers)


def kept_blocks(make: Callable[[Values, int], Targets], z: Values, folder: Path, name: str, workers: int) -> Targets:
    """What `make` gives for many draws, in blocks; those that the folder has of the same draws are not made again.

    Args:
        make: takes the draws of a block and the position of the first of them.
        z: the draws, (draw, parameter).
        folder: of block files; they exist under their name only once they are whole.
        name: what the draws are for; begins the names of block files.
        workers: threads.

    Raises:
        KeyboardInterrupt: after the blocks under way are finished and stored.
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(z), BLOCK)
    todo = [at for at in starts if not _is_kept(_file(folder, name, at), z[at : at + BLOCK])]

    def one(at: int) -> int:
        own = z[at : at + BLOCK]
        made = make(own, at)
        _write(_file(folder, name, at), own, made)
        return len(own)

    with _progress(name, len(z), len(todo)) as bar, ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(one, at) for at in todo]
        try:
            for future in running:
                bar.update(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    parts = [_read(_file(folder, name, at)) for at in starts]
    return Targets(parts[0].names, np.concatenate([part.values for part in parts]))


@contextmanager
def _progress(name: str, total: int, blocks: int) -> Iterator[tqdm[Any]]:
    done = max(0, total - blocks * BLOCK)
    with tqdm(total=total, initial=done, desc=name, unit=" draws", delay=2, mininterval=1.0) as bar:
        yield bar


def _file(folder: Path, name: str, at: int) -> Path:
    return folder / f"{name.replace(' ', '-')}-{at:05d}.npz"


def _is_kept(path: Path, z: Values) -> bool:
    """Whether a file holds these draws and no others."""
    if not path.exists():
        return False
    with np.load(path) as content:
        return np.array_equal(content["z"], z)


def _write(path: Path, z: Values, made: Targets) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, z=z, names=np.array(made.names), values=made.values)
    partial.replace(path)


def _read(path: Path) -> Targets:
    with np.load(path) as content:
        return Targets(tuple(content["names"].tolist()), content["values"])
