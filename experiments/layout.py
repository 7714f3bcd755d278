"""Layout: which arrays a run records, what their axes are called, and the names along each axis."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

AXES: dict[str, tuple[str, ...]] = {
    "attacks": ("week", "coalition", "region"),
    "fallen": ("week", "coalition", "region"),
    "civilians": ("week", "coalition", "region"),
    "people": ("week", "coalition", "region"),
    "area": ("week", "coalition", "region"),
    "deaths": ("week", "country", "violence"),
    "clashes": ("week", "dyad", "region"),
    "clash_deaths": ("week", "dyad", "region"),
    "threat": ("week", "threat"),
    "zone": ("date", "coalition", "cell"),
    "share": ("date", "coalition", "cell"),
}
"""Axes of each recorded array after (history, replicate)."""

PIECE = {"week": 28, "date": 1}
"""Steps of time that are stored and read together; 28 weeks are seven steps of four weeks."""

VIOLENCE = ("1", "2", "3")
"""UCDP type_of_violence: state-based, non-state, one-sided."""


class Recorded(Protocol):
    """What the engine returns for a block of replicates."""

    @property
    def arrays(self) -> Mapping[str, Array]:
        """Arrays by name, each over (history, replicate, *AXES[name])."""


@dataclass(frozen=True)
class Coordinates:
    """Names along every axis of the recorded arrays, and what is known of each cell."""

    history: tuple[str, ...]
    week: tuple[date, ...]  # Mondays
    date: tuple[date, ...]  # Mondays of the weeks whose maps are kept
    coalition: tuple[str, ...]
    region: tuple[str, ...]
    country: tuple[str, ...]
    dyad: tuple[str, ...]
    threat: tuple[str, ...]
    cell: tuple[int, ...]  # PRIO-GRID gid
    lat: tuple[float, ...]  # degrees, of cell centres
    lon: tuple[float, ...]
    cell_region: tuple[str, ...]
    cell_people: tuple[float, ...]  # at the start
    violence: tuple[str, ...] = VIOLENCE

    def names(self, axis: str) -> tuple[Any, ...]:
        """Names along an axis."""
        return tuple(getattr(self, axis))

    def shape(self, array: str) -> tuple[int, ...]:
        """Lengths of the axes of an array after (history, replicate)."""
        return tuple(len(self.names(axis)) for axis in AXES[array])

    def pieces(self, array: str) -> Iterator[slice]:
        """The steps of time of an array that are stored together, in order."""
        step = PIECE[AXES[array][0]]
        length = self.shape(array)[0]
        return (slice(start, min(start + step, length)) for start in range(0, length, step))

    def positions(self, axis: str, patterns: tuple[str, ...]) -> NDArray[np.intp]:
        """Where names along an axis match any of the shell-style patterns."""
        names = self.names(axis)
        found = [i for i, name in enumerate(names) if any(fnmatchcase(str(name), p) for p in patterns)]
        return np.array(found, np.intp)

    def months(self, piece: slice) -> list[Any]:
        """First Mondays of the whole four-week steps inside a piece of weeks."""
        return [self.week[w] for w in range(piece.start, piece.stop - 3, 4)]

    def to_json(self) -> dict[str, Any]:
        """As plain lists; dates in ISO form."""
        return {key: [_plain(v) for v in values] for key, values in dataclasses.asdict(self).items()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Coordinates:
        """The inverse of `to_json`."""
        made = {key: tuple(values) for key, values in plain.items()}
        for axis in ("week", "date"):
            made[axis] = tuple(date.fromisoformat(day) for day in made[axis])
        return cls(**made)


def mondays(start: date, weeks: int) -> tuple[date, ...]:
    """Mondays of `weeks` weeks from `start`."""
    return tuple(start + timedelta(weeks=w) for w in range(weeks))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value
