"""Facts: what other sources report, as targets.

A fact with a band from `low` to `high` is compared as

    t = (log(value + c) - middle) / half,   c = high / 10

with middle and half width of log(low + c) and log(high + c): 0 is the middle of the band, -1 and 1 its ends. What no
number can be made of (a ratio over nothing) counts as the far end, `FAR` half widths away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.building import coordinates
from experiments.calibration.targets import Targets
from experiments.facts.measures import value
from experiments.facts.reading import Part, read_facts
from experiments.facts.records import Records
from experiments.layout import Array, Coordinates
from scenarios.build import EventRow, Setup
from sim.calendar import date_of
from sim.engine import run_week
from sim.record import Recorder, Recording

FAR = 4.0
GROUP = "facts"
KINDS = ("array", "events", "fraction")
"""Measures that are targets: stocks at the start are inputs, the tail of sizes is compared with the events."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """Recorded arrays of one draw, read as a store is read.

    Attributes:
        coordinates: names along the axes.
        arrays: by name, (history, time, ...).
    """

    coordinates: Coordinates
    arrays: Mapping[str, Array]

    def load(
        self, array: str, history: int, piece: slice, replicates: int, reduce: Callable[[Array], Array] = lambda a: a
    ) -> Array:
        """A piece of time of an array, as `experiments.store.Store.load` gives it."""
        return reduce(self.arrays[array][history][None, piece])


def compared() -> list[tuple[str, Part]]:
    """Names of facts that are targets, with what is measured: one number in a band of no negative numbers."""
    alone = [(fact.id, fact.parts[0]) for fact in read_facts() if len(fact.parts) == 1]
    return [(name, part) for name, part in alone if _kind(part) in KINDS and not part.unit and part.band[0] >= 0]


def _kind(part: Part) -> str:
    return str(next(iter(part.measure), ""))


def simulated(setup: Setup, first: int, count: int) -> Targets:
    """Facts of draws `first` to `first + count - 1`."""
    names = compared()
    rows = [[_told(part, records) for _, part in names] for records in recorded(setup, first, count)]
    return Targets(tuple(f"{GROUP} {name}" for name, _ in names), np.array(rows, np.float64).reshape(count, len(names)))


def scaled(part: Part, number: float) -> float:
    """A number on the scale of its band.

    >>> part = Part("a", 1, (1.0, 9.1), {})
    >>> round(scaled(part, 9.1), 9), round(scaled(part, 1.0), 9), scaled(part, np.inf), scaled(part, np.nan)
    (1.0, -1.0, 4.0, 4.0)
    """
    if not np.isfinite(number):
        return FAR
    offset = 0.1 * part.band[1]
    low, high, own = (float(np.log(max(x, 0.0) + offset)) for x in (*part.band, number))
    return float(np.clip((2.0 * own - low - high) / (high - low), -FAR, FAR))


def _told(part: Part, records: Records) -> float:
    found = value(part.measure, records)
    return scaled(part, float(found[0])) if len(found) else FAR


def recorded(setup: Setup, first: int, count: int) -> Iterator[Records]:
    """The records of draws `first` to `first + count - 1`, one after the other."""
    names = coordinates(setup)
    arrays, events = _run(setup, range(first, first + count))
    for lane in range(count):
        held = Held(names, {name: array[None, lane] for name, array in arrays.items()})
        yield Records(setup, held, 1, [events[lane]])  # type: ignore[arg-type]


def _run(setup: Setup, replicates: Sequence[int]) -> tuple[dict[str, Array], list[list[EventRow]]]:
    """Recorded arrays and all events by lane."""
    state, columns = setup.lanes(replicates)
    recorder = Recorder(setup.world, setup.names, Recording(setup.weeks, setup.map_weeks), len(replicates))
    events: list[list[EventRow]] = [[] for _ in replicates]
    for position in range(setup.weeks):
        streams = setup._streams(replicates, position)
        run_week(setup.week, setup.world, state, columns, streams)
        recorder.keep(state, position)
        monday = date_of(streams.week)
        for lane, found in enumerate(events):
            rows = state.events.rows[lane, : state.events.count[lane]].copy()
            found += [EventRow(monday, row) for row in rows]
    return recorder.arrays, events
