"""Simulations: draws of parameters run through the windows that are compared, as targets.

A draw is run twice: from `Question.start` to `Question.until` for recorded events, and through `historical` for the
facts. Both begin as `start_of` says; every draw has chance of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from experiments.building import case_of
from experiments.calibration import facts
from experiments.calibration.priors import Priors
from experiments.calibration.targets import Span, Targets, joined, targets
from experiments.evidence.draws import as_recorded
from experiments.evidence.observation import Observation, observed_by, recorded, town_distance
from experiments.settings import Settings
from scenarios.build import Case, Setup, build
from scenarios.event_log import EventLog, event_log
from sim.calendar import week_of

BLOCK = 16
"""Draws that are simulated together."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """What is simulated and compared.

    Attributes:
        settings: scenario, seed, workers, mechanisms and parameters that are not drawn.
        priors: of the parameters that are.
        span: months of recorded events.
        offsets: of targets, by group.
        start: first day.
        until: last day of events that are looked at.
        facts: whether facts are targets too.
    """

    settings: Settings
    priors: Priors
    span: Span
    offsets: dict[str, float]
    start: date
    until: date
    facts: bool


def start_of(question: Question) -> Case:
    """What is built for recorded events: with only what was known by the last day."""
    weeks = week_of(question.until) - week_of(question.start) + 1
    case = case_of(question.settings)
    return replace(case, start=question.start, weeks=weeks, known=question.until, map_dates=None)


def simulated(question: Question, z: Values, first: int = 0) -> Targets:
    """Targets of draws with standardised parameters `z`.

    Args:
        question: what is compared.
        z: (draw, parameter).
        first: number of the first draw; decides its chance.
    """
    table = question.priors.table(z, first)
    setup = build(replace(start_of(question), table=table))
    log = event_log(setup, first, len(z))
    found = [targets(parts_of(setup, log, first), len(z), question.span, question.offsets)]
    if question.facts:
        case = replace(case_of(question.settings), table=table, map_dates=None)
        found.append(facts.simulated(build(case), first, len(z)))
    return joined(found)


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
