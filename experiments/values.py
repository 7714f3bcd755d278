"""Plain values of a configuration: how they are read, which name was meant, and their fingerprint."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

CONF = Path(__file__).resolve().parents[1] / "conf"
"""The folder of everything that is configured."""

SHIPPED = "posterior"
"""The table of parameters that ships, by name."""

STANDARD = "standard"
"""The option of a mechanism that needs no saying."""


@dataclass(frozen=True)
class TableFile:
    """A file of draws of parameters, and what was in it when the command was read."""

    path: Path
    sha256: str


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of an error line: the known name most like `word`, if any is.

    >>> nearest("replicate", ["replicates", "seed"])
    ", did you mean 'replicates'?"
    """
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f", did you mean '{close[0]}'?" if close else ""


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


def _maybe_path(key: str, value: Any) -> Path | None:
    return None if value is None else _path(key, value)


def _table(key: str, value: Any) -> TableFile | None:
    if value in (None, "none", "defaults"):
        return None
    path = CONF / "posterior" / f"{SHIPPED}.csv" if value == SHIPPED else Path(str(value))
    if path.suffix not in (".csv", ".parquet") or not path.is_file():
        near = nearest(str(value), (SHIPPED, "none"))
        raise ValueError(f"parameters is '{value}', expected {SHIPPED}, none or a CSV or Parquet file of draws{near}")
    return TableFile(path, hashlib.sha256(path.read_bytes()).hexdigest())


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
    "table": _table,
    "events": _words,
    "event_tables": _wholes,
    "output": _path,
    "figures": _truth,
    "explain": _truth,
    "initial": _word,
    "origin": _maybe_day,
    "records": _maybe_path,
}
"""How the value of each key is read."""
