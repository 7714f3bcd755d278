"""Event log: every event of many replicates, and nothing else, to be sorted by place, month and side afterwards."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.build import Setup
from sim.engine import run_week
from sim.state import Field

DEATHS = [Field.DEATHS_A, Field.DEATHS_B, Field.CIVILIANS]


class EventLog(NamedTuple):
    """Events with at least one death, by replicate, then by week.

    Attributes:
        replicate: number of the replicate, (event,).
        week: number of the week (`sim.calendar`), (event,).
        values: columns of `sim.state.Field`, (event, field).
    """

    replicate: NDArray[np.int32]
    week: NDArray[np.int32]
    values: NDArray[np.int32]


def event_log(setup: Setup, first: int, count: int) -> EventLog:
    """Run replicates `first` to `first + count - 1` of the first arm and keep their deadly events.

    Safe to call from several threads at once; the replicates are those of `Setup.block`, to the bit.
    """
    alone = setup.only(0) if len(setup.arms) > 1 else setup
    replicates = range(first, first + count)
    state, columns = alone.lanes(replicates)
    weeks: list[EventLog] = []
    for position in range(alone.weeks):
        streams = alone._streams(replicates, position)
        run_week(alone.week, alone.world, state, columns, streams)
        lane, row = np.nonzero(np.arange(state.events.rows.shape[1]) < state.events.count[:, None])
        values = state.events.rows[lane, row]
        deadly = values[:, DEATHS].sum(axis=1) > 0
        number = (first + lane[deadly]).astype(np.int32)
        weeks.append(EventLog(number, np.full(len(number), streams.week, np.int32), values[deadly]))
    return joined(weeks)


def joined(logs: list[EventLog]) -> EventLog:
    """Several logs as one, sorted by replicate and, within it, in their order."""
    whole = EventLog(*(np.concatenate(parts) for parts in zip(*logs, strict=True)))
    order = np.argsort(whole.replicate, kind="stable")
    return EventLog(*(part[order] for part in whole))
