"""The engine: a week is a list of processes, called once for a whole batch of lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sim.chain import Link, run
from sim.parameters import Parameters
from sim.state import EVENT_ROOM, State
from sim.streams import Streams
from sim.world import World

Resolve = Callable[[World, State, Any, Streams], None]


@dataclass(frozen=True)
class Process:
    """One line of the week.

    Attributes:
        name: what the process is called in the configuration and in profiles; unique in a week.
        resolve: changes the state, in place, for all lanes: `resolve(world, state, parameters, streams)`. Where it is
            a `sim.chain.Link`, it runs in one go with those that follow it.
        parameters: the dataclass of its parameters, or None if it has none.
        columns: the NamedTuple that holds them with one value per lane, as `resolve` gets them.
    """

    name: str
    resolve: Resolve
    parameters: type[Parameters] | None = None
    columns: Any = None


Week = tuple[Process, ...]


def replaced(week: Week, process: Process) -> Week:
    """The week with the process of the same name exchanged for `process`.

    Raises:
        ValueError: the week has no process of that name.
    """
    if process.name not in (known := [p.name for p in week]):
        raise ValueError(f"no process '{process.name}' in the week, expected one of: {', '.join(known)}")
    return tuple(process if p.name == process.name else p for p in week)


def _chained(process: Process) -> bool:
    return isinstance(process.resolve, Link) and process.resolve.compiled


def run_week(week: Iterable[Process], world: World, state: State, columns: Mapping[str, Any], streams: Streams) -> None:
    """Let one week pass for every lane of `state`.

    Args:
        week: the processes, in their order.
        world: what does not change.
        state: changed in place; its events are those of this week afterwards.
        columns: parameters by process name, one value per lane.
        streams: chance, with the number of this week.

    Raises:
        RuntimeError: a lane had more events than `EVENT_ROOM` in one week.
    """
    state.events.count[:] = 0
    for chained, processes in groupby(week, key=_chained):
        if chained:
            links: Any = [(process.resolve, columns[process.name]) for process in processes]
            run(links, world, state, streams)
            continue
        for process in processes:
            process.resolve(world, state, columns.get(process.name), streams)
    most = int(state.events.count.max())
    if most > EVENT_ROOM:
        raise RuntimeError(
            f"{most} events in week {streams.week} of one replicate, expected at most {EVENT_ROOM}: "
            "the parameters make violence explode; lower encounters.rate or civilians.rate"
        )
