"""Hindcasting: what the simulator would have said on a day in the past, and how it would have scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.building import case_of
from experiments.evidence.alone import steady
from experiments.evidence.areas import Areas
from experiments.evidence.baselines import BASELINES, pooled
from experiments.evidence.correction import Correcting, corrected
from experiments.evidence.draws import as_recorded, sample, simulated
from experiments.evidence.observation import Observation, observed_by
from experiments.evidence.panel import ALL, STATE_BASED, month_of, panel
from experiments.evidence.scoring import ALONE, POOL, RIVALS, SIMULATOR, UNCORRECTED, scored
from experiments.manifest import fingerprint
from experiments.settings import Settings
from experiments.values import digest
from scenarios.build import Case, Setup, build
from scenarios.event_log import EventLog
from scenarios.recollection import Records
from sim.calendar import week_of
from sim.state import Field

VIOLENCE = (ALL, STATE_BASED)
FAMILIES = (
    "jnim-state", "issp-state", "issp-jnim", "armed-jnim", "armed-issp", "armed-state",
    "jnim-civilians", "issp-civilians", "state-civilians", "armed-civilians",
)  # fmt: skip
"""Dyad families that are scored apart."""


@dataclass(frozen=True)
class Question:
    """What is asked of the simulator.

    Attributes:
        origin: last day that is known, the end of a month.
        horizon: months ahead.
        draws: futures.
        spinup: weeks that are simulated before the origin.
        settings: scenario, parameters, mechanisms, seed, workers.
        observation: what would have been recorded.
        told: in a word, how events are read and recorded; names the folder of scores.
        records: events to start from; None is the order of battle alone.
        correcting: how futures are corrected by what was recorded before the origin; None is not at all.
    """

    origin: date
    horizon: int
    draws: int
    spinup: int
    settings: Settings
    observation: Observation
    told: str = "standard"
    records: Records | None = None
    correcting: Correcting | None = None

    @property
    def span(self) -> tuple[int, int]:
        """The first month ahead, and how many."""
        return month_of(self.origin) + 1, self.horizon

    @property
    def case(self) -> Case:
        """What is to be built: from `spinup` weeks before the Monday after the origin to the end of the horizon."""
        start = self.origin + timedelta(days=7 - self.origin.weekday(), weeks=-self.spinup)
        month = month_of(self.origin) + 1 + self.horizon
        end = date(month // 12, month % 12 + 1, 1) - timedelta(days=1)
        weeks = week_of(end) - week_of(start) + 1
        case = replace(case_of(self.settings), start=start, weeks=weeks, known=self.origin, map_dates=None)
        return replace(case, records=self.records)

    @property
    def mark(self) -> str:
        """What the simulated futures depend on, but for their number."""
        own: tuple[Any, ...] = (self.origin, self.horizon, self.spinup, self.settings.draws)
        own += () if self.records is None else (self.records.mark,)
        return digest([fingerprint(self.settings), [str(part) for part in own]])

    @property
    def folder(self) -> Path:
        """Where its futures are kept."""
        return self.settings.output / f"hindcast-{self.origin}-{self.mark[:8]}"

    @property
    def results(self) -> Path:
        """Where draws, scores and pictures go."""
        return self.folder / self.told


def futures(question: Question) -> tuple[Setup, EventLog]:
    """The setup and the deadly events of all draws; simulated, or read where that was done before."""
    setup, file = build(question.case), question.folder / "simulated_events.parquet"
    stored = _stored(file, question.draws)
    if stored is None:
        stored = simulated(setup, question.draws, question.settings.workers)
        _store(stored, file, question.draws)
    return setup, stored


def future_of(question: Question) -> pd.DataFrame:
    """The events of all draws as they would have been recorded."""
    setup, log = futures(question)
    how = observed_by(question.observation, setup.case.table, question.settings.seed, log.replicate)
    return as_recorded(setup, log, how, question.settings.seed)


class Told(NamedTuple):
    """What the simulator says of the months ahead.

    Attributes:
        future: events of all draws, as they would have been recorded, with correction if there is one.
        uncorrected: the same without it; None where nothing was corrected.
        alone: steady futures from the record with the same correction, see `alone.steady`; None likewise.
    """

    future: pd.DataFrame
    uncorrected: pd.DataFrame | None
    alone: pd.DataFrame | None = None


@dataclass(frozen=True)
class Scoring:
    """What forecasts are scored on.

    Attributes:
        shares: parts of recorded events, from `panel.shared_out`.
        coded: the same as coded, from which corrections learn.
        where: the areas that are scored.
        until: the last month of the records.
    """

    shares: pd.DataFrame
    coded: pd.DataFrame
    where: Areas
    until: int

    def knows(self, question: Question) -> bool:
        """Whether the records reach to the end of the horizon."""
        return month_of(question.origin) + question.horizon <= self.until

    def told(self, question: Question) -> Told:
        """What the simulator says, corrected if the question asks for it."""
        raw, how = future_of(question), question.correcting
        if how is None:
            return Told(raw, None)
        seed = question.settings.seed
        material = (raw, steady(self.coded, question.span, question.draws, seed))
        own, alone = (corrected(part, self.coded, self.where, question.span, how, seed) for part in material)
        return Told(own, raw, alone)

    def score(self, question: Question, told: Told, level: str, violence: str) -> pd.DataFrame:
        """Simulator and baselines by unit and month, see `scoring.scored`."""
        known, (first, count) = panel(self.shares, level, self.where, violence, self.until), question.span

        def drawn(future: pd.DataFrame) -> NDArray[Any]:
            return sample(future, level, self.where, question.span, question.draws, violence)

        forecasts: dict[str, NDArray[Any]] = {SIMULATOR: drawn(told.future)}
        forecasts |= {} if told.uncorrected is None else {UNCORRECTED: drawn(told.uncorrected)}
        forecasts |= {} if told.alone is None else {ALONE: drawn(told.alone)}
        forecasts |= {name: ahead(known, first - 1, count) for name, ahead in BASELINES.items()}
        forecasts[POOL] = pooled(forecasts[SIMULATOR], [forecasts[name] for name in RIVALS])
        table = scored(forecasts, known.months(first, count), known.names, first)
        return table.assign(origin=str(question.origin), level=level, violence=violence)

    def families(self, question: Question, told: Told) -> Iterator[pd.DataFrame]:
        """Scores by dyad family, country by country."""
        for family in FAMILIES:
            yield self.score(question, told, "country", family)


def _store(log: EventLog, file: Path, draws: int) -> None:
    names = [field.name.lower() for field in Field]
    columns = {"replicate": log.replicate, "week": log.week} | dict(zip(names, log.values.T, strict=True))
    file.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table(columns).replace_schema_metadata({"draws": str(draws)})
    partial = file.with_suffix(".partial")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(file)


def _stored(file: Path, draws: int) -> EventLog | None:
    """What is stored of the first `draws` futures; None where there are fewer."""
    if not file.is_file():
        return None
    table = pq.read_table(file)
    if int(table.schema.metadata[b"draws"]) < draws:
        return None
    columns = [table.column(name).to_numpy() for name in table.column_names]
    wanted = columns[0] < draws
    values = np.column_stack([column[wanted] for column in columns[2:]])
    return EventLog(columns[0][wanted], columns[1][wanted], values)
