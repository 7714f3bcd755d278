"""Settings: the configuration of a run as a frozen dataclass that refuses what cannot be run, in one line."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

DRAWS = ("strengths", "none", "all")
CONF = Path(__file__).resolve().parents[1] / "conf"
NOT_RESULTS = ("replicates", "workers", "block", "event_tables", "output", "figures", "explain")
"""Settings on which the numbers of a replicate do not depend."""

STANDARD = "standard"
"""The option of a mechanism that needs no saying."""

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
        events: chapters that the scenario has and its counterfactual has not.
        event_tables: replicates whose events are written as a table.
        output: folder of run folders.
        figures: whether to draw the figures.
        explain: whether to print the history and stop.
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
    events: tuple[str, ...] = ()
    event_tables: tuple[int, ...] = (0,)
    output: Path = Path("runs")
    figures: bool = True
    explain: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ValueError(f"{name} is {value}, expected a whole number from {low} to {high}")
        if self.draws not in DRAWS:
            near = nearest(self.draws, DRAWS)
            raise ValueError(f"draws is '{self.draws}', expected one of: {', '.join(DRAWS)}{near}")
        beyond = [r for r in self.event_tables if not 0 <= r < self.replicates]
        if beyond:
            last = self.replicates - 1
            raise ValueError(f"event_tables has replicate {beyond[0]}, expected numbers from 0 to {last}")

    @property
    def results(self) -> dict[str, Any]:
        """The settings that the numbers of a replicate depend on, as plain values."""
        plain: dict[str, Any] = json.loads(canonical(dataclasses.asdict(self)))
        return {key: value for key, value in plain.items() if key not in NOT_RESULTS}

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


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of an error line: the known name most like `word`, if any is.

    >>> nearest("replicate", ["replicates", "seed"])
    ", did you mean 'replicates'?"
    """
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f", did you mean '{close[0]}'?" if close else ""


def scenarios() -> list[str]:
    """Names of the scenarios that ship."""
    return sorted(path.stem for path in (CONF / "scenario").glob("*.yaml"))


def canonical(value: Any) -> str:
    """JSON with sorted keys; dates in ISO form. Equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of a plain value."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def _whole(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{key} is {value!r}, expected a whole number")
    return value


def _maybe_whole(key: str, value: Any) -> int | None:
    return None if value is None else _whole(key, value)


def _workers(key: str, value: Any) -> int:
    return len(os.sched_getaffinity(0)) if value is None else _whole(key, value)


def _day(key: str, value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{key} is '{value}', expected a date such as 2021-07-05") from None


def _maybe_day(key: str, value: Any) -> date | None:
    return None if value is None else _day(key, value)


def _days(key: str, value: Any) -> tuple[date, ...] | None:
    return None if value is None else tuple(_day(key, day) for day in _listed(key, value))


def _wholes(key: str, value: Any) -> tuple[int, ...]:
    return tuple(sorted({_whole(key, v) for v in _listed(key, value)}))


def _words(key: str, value: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in ([value] if isinstance(value, str) else _listed(key, value)))


def _listed(key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{key} is {value!r}, expected a list such as [0,1]")
    return value


def _options(key: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"{key} is {value!r}, expected options such as mechanism/governance=off")
    return {str(mechanism): str(option) for mechanism, option in value.items() if option != STANDARD}


def _truth(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{key} is {value!r}, expected true or false")
    return value


def _word(key: str, value: Any) -> str:
    return "none" if value is None else str(value)


def _path(key: str, value: Any) -> Path:
    return Path(str(value))


def _parameters(key: str, value: Any) -> dict[str, dict[str, float | str]]:
    if not isinstance(value, dict):
        raise ValueError(f"{key} is {value!r}, expected values such as {key}.encounters.rate=0.5")
    return {process: _values(f"{key}.{process}", values) for process, values in value.items()}


def _values(key: str, values: Any) -> dict[str, float | str]:
    if not isinstance(values, dict):
        raise ValueError(f"{key} is {values!r}, expected the name of a parameter, such as {key}.N=0.5")
    for name, number in values.items():
        if isinstance(number, bool) or not isinstance(number, int | float | str):
            raise ValueError(f"{key}.{name} is {number!r}, expected a number or the name of a form")
    return {name: number if isinstance(number, str) else float(number) for name, number in values.items()}


READERS: dict[str, Any] = {
    "replicates": _whole,
    "seed": _whole,
    "workers": _workers,
    "block": _whole,
    "start": _maybe_day,
    "weeks": _maybe_whole,
    "dates": _days,
    "draws": _word,
    "mechanisms": _options,
    "parameters": _parameters,
    "events": _words,
    "event_tables": _wholes,
    "output": _path,
    "figures": _truth,
    "explain": _truth,
}
"""How the value of each key is read."""
