"""Layout: which arrays a run records, what their axes are called, and the names along each axis."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MEASURES, REFUGES, TRAITS
from sim.ties import STANCES

Array = NDArray[Any]

LAYOUT = 3
"""Version of what a run folder holds; a folder of another one is refused."""

AXES: dict[str, tuple[str, ...]] = {name: measure.axes for name, measure in MEASURES.items()}
"""Axes of each recorded array after (history, replicate)."""

PIECE = {"week": 28, "month": 28, "date": 1, "end": 1}
"""Steps of time that are stored and read together; 28 weeks are seven steps of four weeks."""

VIOLENCE = ("1", "2", "3")
"""UCDP type_of_violence: state-based, non-state, one-sided."""

TIMES = ("week", "month", "date", "end")
"""Axes whose names are Mondays."""


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
    month: tuple[date, ...]  # Mondays of the weeks whose stocks are kept
    end: tuple[date, ...]  # Monday of the last week
    date: tuple[date, ...]  # Mondays of the weeks whose maps are kept
    coalition: tuple[str, ...]
    region: tuple[str, ...]
    country: tuple[str, ...]
    dyad: tuple[str, ...]
    threat: tuple[str, ...]
    organisation: tuple[str, ...]
    group: tuple[str, ...]  # ethnic groups
    cell: tuple[int, ...]  # PRIO-GRID gid
    lat: tuple[float, ...]  # degrees, of cell centres
    lon: tuple[float, ...]
    cell_region: tuple[str, ...]
    cell_people: tuple[float, ...]  # at the start
    violence: tuple[str, ...] = VIOLENCE
    refuge: tuple[str, ...] = REFUGES
    trait: tuple[str, ...] = tuple(TRAITS)
    pair: tuple[str, ...] = ()  # every two coalitions, such as jnim-issp
    stance: tuple[str, ...] = tuple(STANCES)

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
        """Where names along an axis match any of the shell-style patterns, and none of those that begin with ``!``."""
        wanted, unwanted = [p for p in patterns if p[0] != "!"] or ["*"], [p[1:] for p in patterns if p[0] == "!"]
        names = [str(name) for name in self.names(axis)]
        found = [i for i, name in enumerate(names) if _fits(name, wanted) and not _fits(name, unwanted)]
        return np.array(found, np.intp)

    def steps(self, array: str, start: int, stop: int) -> NDArray[np.intp]:
        """Steps of time of an array that lie in the weeks `start` to `stop - 1` of the run."""
        days = self.names(AXES[array][0])
        return np.array([i for i, day in enumerate(days) if self.week[start] <= day <= self.week[stop - 1]], np.intp)

    def months(self, piece: slice) -> list[Any]:
        """First Mondays of the whole four-week steps inside a piece of weeks."""
        return [self.week[w] for w in range(piece.start, piece.stop - 3, 4)]

    def to_json(self) -> dict[str, Any]:
        """As plain lists and the version of the layout; dates in ISO form."""
        names = {key: [_plain(v) for v in values] for key, values in dataclasses.asdict(self).items()}
        return {"layout": LAYOUT} | names

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Coordinates:
        """The inverse of `to_json`.

        Raises:
            ValueError: if the layout is another one; one line.
        """
        check_layout(plain)
        made = {key: tuple(values) for key, values in plain.items() if key != "layout"}
        for axis in TIMES:
            made[axis] = tuple(date.fromisoformat(day) for day in made[axis])
        return cls(**made)


def check_layout(plain: Mapping[str, Any]) -> None:
    """Refuse what was written by another version of the project.

    Raises:
        ValueError: one line.
    """
    came = plain.get("layout", 1)
    if came != LAYOUT:
        raise ValueError(f"the run folder has layout {came}, expected {LAYOUT}; run the same command again to renew it")


def mondays(start: date, weeks: int) -> tuple[date, ...]:
    """Mondays of `weeks` weeks from `start`."""
    return tuple(start + timedelta(weeks=w) for w in range(weeks))


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value
