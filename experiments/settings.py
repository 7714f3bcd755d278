"""Settings: the configuration of a run as a frozen dataclass that refuses what cannot be run, in one line."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.values import CONF, READERS, TableFile, canonical, digest, nearest

if TYPE_CHECKING:
    from scenarios.recollection import Records

DRAWS = ("strengths", "none", "all")
INITIAL = ("order_of_battle", "from_events")
NOT_RESULTS = ("replicates", "workers", "block", "event_tables", "output", "figures", "explain")
"""Settings on which the numbers of a replicate do not depend."""

LIMITS = {
    "replicates": (1, 100_000),
    "seed": (0, 2**32 - 1),
    "workers": (1, 256),
    "block": (1, 1000),
    "weeks": (1, 1040),
}


@dataclass(frozen=True)
class Settings:
    """One run: a scenario, how often and with what chance it is simulated, and what is written.

    Attributes:
        scenario: name of the scenario, a file in ``conf/scenario``.
        case: its content; checked where it is built.
        replicates: futures of each history.
        seed: of chance.
        workers: threads.
        block: replicates computed and stored together.
        start: first day; None is the scenario's own.
        weeks: length; None is the scenario's own.
        dates: days of the maps; None is a day every 13 weeks and the scenario's own.
        draws: what is uncertain in the order of battle.
        mechanisms: option by mechanism, where it is not the standard one.
        parameters: values by process and parameter in place of those of the mechanisms.
        table: draws of parameters, one for each replicate; None for the same parameters in all. What `parameters`
            and `mechanisms` set goes before them.
        events: chapters that the scenario has and its counterfactual has not.
        event_tables: replicates whose events are written as a table.
        output: folder of run folders.
        figures: whether to draw the figures.
        explain: whether to print the history and stop.
        initial: where replicates start from, the order of battle alone or also the events recorded before.
        origin: last day whose events are known; None is the day before the start.
        records: where recorded events are, a file or a folder of files.
        recorded: the events themselves, read by `experiments.composing`.
    """

    scenario: str
    case: Mapping[str, Any]
    replicates: int = 200
    seed: int = 1
    workers: int = 2
    block: int = 16
    start: date | None = None
    weeks: int | None = None
    dates: tuple[date, ...] | None = None
    draws: str = "strengths"
    mechanisms: Mapping[str, str] = dataclasses.field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, float | str]] = dataclasses.field(default_factory=dict)
    table: TableFile | None = None
    events: tuple[str, ...] = ()
    event_tables: tuple[int, ...] = (0,)
    output: Path = Path("runs")
    figures: bool = True
    explain: bool = False
    initial: str = "order_of_battle"
    origin: date | None = None
    records: Path | None = None
    recorded: Records | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ValueError(f"{name} is {value}, expected a whole number from {low} to {high}")
        if self.draws not in DRAWS:
            near = nearest(self.draws, DRAWS)
            raise ValueError(f"draws is '{self.draws}', expected one of: {', '.join(DRAWS)}{near}")
        self._check_initial()
        beyond = [r for r in self.event_tables if not 0 <= r < self.replicates]
        if beyond:
            last = self.replicates - 1
            raise ValueError(f"event_tables has replicate {beyond[0]}, expected numbers from 0 to {last}")

    def _check_initial(self) -> None:
        if self.initial not in INITIAL:
            near = nearest(self.initial, INITIAL)
            raise ValueError(f"initial is '{self.initial}', expected one of: {', '.join(INITIAL)}{near}")
        if self.initial == "from_events" and self.records is None:
            raise ValueError(
                "initial=from_events needs recorded events, give records=PATH (UCDP GED as CSV, or a folder)"
            )
        if self.initial == INITIAL[0] and (self.origin or self.records):
            raise ValueError("origin and records are for a start from events; add initial=from_events")
        if self.origin and self.start and self.origin >= self.start:
            raise ValueError(f"origin is {self.origin}, expected a day before the start, {self.start}")

    @property
    def results(self) -> dict[str, Any]:
        """The settings that the numbers of a replicate depend on, as plain values."""
        left_out = {*NOT_RESULTS, "records", "recorded", *(("initial", "origin") if self.recorded is None else ())}
        kept = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.name not in left_out}
        marked = {} if self.recorded is None else {"records": self.recorded.mark}
        if self.table is None:
            del kept["table"]
        else:  # what is in it counts, and not where it lies
            kept["table"] = self.table.sha256
        plain: dict[str, Any] = json.loads(canonical(kept | marked))
        return plain

    @property
    def hash(self) -> str:
        """SHA-256 of `results`: equal for runs whose replicates are interchangeable."""
        return digest(self.results)

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self.output / f"{self.scenario}-{self.hash[:8]}"


def settings_from(config: Mapping[str, Any], scenario: str) -> Settings:
    """Settings from a resolved configuration (plain values).

    Args:
        config: keys as in ``conf/config.yaml``; ``scenario`` holds the scenario's content.
        scenario: the scenario's name.

    Raises:
        ValueError: a key is unknown or a value has the wrong type or lies out of range.
    """
    given = dict(config)
    case = given.pop("scenario", {})
    known = {field.name for field in dataclasses.fields(Settings)} - {"scenario", "case"}
    for key in given:
        if key not in known:
            raise ValueError(f"unknown key '{key}'{nearest(key, known)}")
    read = {key: READERS[key](key, value) for key, value in given.items()}
    return Settings(scenario=scenario, case=case, **read)


def scenarios() -> list[str]:
    """Names of the scenarios that ship."""
    return sorted(path.stem for path in (CONF / "scenario").glob("*.yaml"))
