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
from experiments.first_facts import Fact, Records, read_facts, value
from experiments.layout import Array, Coordinates
from scenarios.build import EventRow, Setup
from sim.calendar import date_of
from sim.engine import run_week
from sim.record import Recorder, Recording

FAR = 4.0
GROUP = "facts"
SIZE = {"start", "tail"}
"""Measures that are no targets: stocks at the start are inputs, and the tail of sizes is compared with the events."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """Recorded arrays of one draw, read as a store is read.

    Attributes:
        coordinates: names along the axes.
        arrays: by name, (time, ...).
    """

    coordinates: Coordinates
    arrays: Mapping[str, Array]

    def load(
        self, array: str, history: int, piece: slice, replicates: int, reduce: Callable[[Array], Array] = lambda a: a
    ) -> Array:
        """A piece of time of an array, as `experiments.store.Store.load` gives it."""
        return reduce(self.arrays[array][None, piece])


def compared() -> list[Fact]:
    """Facts that are targets: those with a band and a measure."""
    return [fact for fact in read_facts() if fact.band is not None and fact.measure and not SIZE & set(fact.measure)]


def simulated(setup: Setup, first: int, count: int) -> Targets:
    """Facts of draws `first` to `first + count - 1`."""
    names = compared()
    rows = [[_told(fact, records) for fact in names] for records in _records(setup, first, count)]
    return Targets(tuple(f"{GROUP} {fact.id}" for fact in names), np.array(rows, np.float64).reshape(count, len(names)))


def scaled(fact: Fact, number: float) -> float:
    """A number on the scale of its band.

    >>> fact = Fact("a", "", "", 1, (1.0, 9.1))
    >>> round(scaled(fact, 9.1), 9), round(scaled(fact, 1.0), 9), scaled(fact, np.inf), scaled(fact, np.nan)
    (1.0, -1.0, 4.0, 4.0)
    """
    assert fact.band is not None, "only facts with a band are compared"
    if not np.isfinite(number):
        return FAR
    offset = 0.1 * fact.band[1]
    low, high, own = (float(np.log(max(x, 0.0) + offset)) for x in (*fact.band, number))
    return float(np.clip((2.0 * own - low - high) / (high - low), -FAR, FAR))


def _told(fact: Fact, records: Records) -> float:
    found = value(fact, records)
    return scaled(fact, float(found[0])) if len(found) else FAR


def _records(setup: Setup, first: int, count: int) -> Iterator[Records]:
    """The records of each draw."""
    names = coordinates(setup)
    arrays, events = _run(setup, range(first, first + count))
    for lane in range(count):
        held = Held(names, {name: array[lane] for name, array in arrays.items()})
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
