"""Build: the one place where region, order of battle, histories, agents and processes meet.

`build` turns a `Case` into a `Setup`: the world, the state in which lanes begin, the week, and how
to run any block of replicates. It is all that experiments and notebooks need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.draws import drawn_parameters, drawn_strengths
from scenarios.events import Context
from scenarios.history import History, validate, with_change
from scenarios.mechanisms import check_parameters
from scenarios.order_of_battle import OrderOfBattle, load_order_of_battle, read_catalogue
from scenarios.region import Region, load_region
from scenarios.scenario_files import load_history
from scenarios.start import start_state, world_of
from scenarios.timeline import Timeline, TimelineParameters, TimelineParametersColumns, rule_slots
from scenarios.week import WEEK
from scenarios.words import Labels
from sim.calendar import date_of, week_of
from sim.engine import Process, Week, run_week
from sim.parameters import Parameters, stack
from sim.record import Array, Recorder, Recording
from sim.state import State, repeat
from sim.streams import Streams
from sim.world import Names, World

CONF = Path(__file__).resolve().parents[1] / "conf"
"""The data that ship with the project."""


@dataclass(frozen=True)
class Case:
    """What to build.

    Attributes:
        histories: names of scenario files; the first is the scenario, a second its counterfactual.
        chapters: chapters in place of those of the first history's file, or None.
        events: chapters that the first history has, and its counterfactual has not, whatever their files say.
        start: first day; None is the first history's own.
        weeks: length; None is the first history's own.
        map_dates: days of maps; None is the first history's own.
        seed: of chance, below 2**32.
        draws: "none"; "strengths" draws strengths within their ranges; "all" also every parameter.
        parameters: values by process and parameter, in place of the defaults.
        conf: folder of the data.
    """

    histories: tuple[str, ...]
    chapters: tuple[str, ...] | None = None
    events: tuple[str, ...] = ()
    start: date | None = None
    weeks: int | None = None
    map_dates: tuple[date, ...] | None = None
    seed: int = 1
    draws: str = "strengths"
    parameters: Mapping[str, Mapping[str, float | str]] = field(default_factory=dict)
    conf: Path = CONF


class Block(NamedTuple):
    """What was recorded of a block of replicates: arrays over (history, replicate, ...)."""

    arrays: dict[str, Array]


class EventRow(NamedTuple):
    """One simulated event: the week's Monday and the columns of `sim.state.Field`."""

    monday: date
    values: NDArray[np.int32]


@dataclass(frozen=True)
class Setup:
    """All that it takes to run replicates of some histories side by side."""

    case: Case
    histories: tuple[History, ...]
    region: Region
    order: OrderOfBattle
    names: Names
    world: World
    start: State
    week: Week
    first_week: int
    weeks: int
    map_weeks: tuple[int, ...]

    def block(self, first: int, count: int) -> Block:
        """Run replicates `first` to `first + count - 1` of all histories and record them.

        Lanes with the same replicate share all draws. Safe to call from several threads at once.
        """
        replicates = range(first, first + count)
        state, columns = self.lanes(replicates)
        recorder = Recorder(self.world, self.names, Recording(self.weeks, self.map_weeks), len(self.histories) * count)
        for position in range(self.weeks):
            run_week(self.week, self.world, state, columns, self._streams(replicates, position))
            recorder.keep(state, position)
        shape = (len(self.histories), count)
        return Block({name: a.reshape(shape + a.shape[1:]) for name, a in recorder.arrays.items()})

    def lanes(self, replicates: Sequence[int]) -> tuple[State, dict[str, Any]]:
        """Start states and parameters of all histories of some replicates: history by history."""
        state = repeat(self.start, len(self.histories) * len(replicates))
        keys = np.array([[self.case.seed, r] for r in replicates], np.uint64)
        if self.case.draws != "none":
            drawn_strengths(state, self.world, self.order.start.strength_range, np.tile(keys, (len(self.histories), 1)))
        columns = {p.name: self._columns(p, keys) for p in self.week if p.parameters is not None}
        history = np.repeat(np.arange(len(self.histories), dtype=np.float64), len(replicates))
        return state, columns | {"timeline": TimelineParametersColumns(history)}

    def event_rows(self, replicate: int, history: int) -> list[EventRow]:
        """All events of one replicate of one history, run anew."""
        alone = self.only(history)
        state, columns = alone.lanes([replicate])
        found: list[EventRow] = []
        for position in range(self.weeks):
            streams = alone._streams([replicate], position)
            run_week(alone.week, self.world, state, columns, streams)
            rows = state.events.rows[0, : state.events.count[0]]
            found += [EventRow(date_of(streams.week), row.copy()) for row in rows]
        return found

    def only(self, history: int) -> Setup:
        """The same setup with one history alone; its replicates are the same to the bit."""
        chosen = (self.histories[history],)
        timeline = Timeline(chosen, self.world, self.names, self.first_week)
        slots = [self._timeline.rules.index(rule) for rule in timeline.rules]
        fired = self.start.timeline.fired[:, slots] if slots else np.full((1, 1), -1, np.int32)
        start = State(*self.start[:-1], self.start.timeline._replace(fired=fired))
        week = (Process("timeline", timeline, TimelineParameters, TimelineParametersColumns), *self.week[1:])
        return Setup(
            self.case, chosen, self.region, self.order, self.names, self.world, start, week,
            self.first_week, self.weeks, self.map_weeks,
        )  # fmt: skip

    def explain(self) -> list[str]:
        """The histories in English, one line for each event."""
        labels: Labels = dict(zip(self.names.organisations, self.names.labels, strict=True))
        first = date_of(self.first_week)
        lines: list[str] = []
        for history in self.histories:
            lines += [f"{history.name}: {history.title}", *history.explain(labels, first), ""]
        return lines

    @property
    def mondays(self) -> tuple[date, ...]:
        """Mondays of the weeks of the run."""
        return tuple(date_of(self.first_week + position) for position in range(self.weeks))

    @cached_property
    def coordinates(self) -> dict[str, tuple[Any, ...]]:
        """Names along the axes of the recorded arrays."""
        recorder = Recorder(self.world, self.names, Recording(1, ()), 1)
        return dict(recorder.coordinates()) | {
            "history": tuple(h.name for h in self.histories),
            "week": self.mondays,
            "date": tuple(self.mondays[position] for position in self.map_weeks),
            "cell": tuple(int(gid) for gid in self.world.cells.gid),
        }

    @property
    def _timeline(self) -> Timeline:
        timeline = self.week[0].resolve
        assert isinstance(timeline, Timeline)
        return timeline

    def _columns(self, process: Process, keys: NDArray[np.uint64]) -> Any:
        """Parameters of one process, one value per lane."""
        assert process.parameters is not None
        best = process.parameters(**self.case.parameters.get(process.name, {}))
        each: list[Parameters] = [best] * len(keys)
        if self.case.draws == "all":
            each = [drawn_parameters(best, process.name, key) for key in keys]
        return stack(each * len(self.histories), process.columns)

    def _streams(self, replicates: Sequence[int], position: int) -> Streams:
        keys = np.array([[self.case.seed, r] for r in replicates], np.uint64)
        return Streams(np.tile(keys, (len(self.histories), 1)), self.first_week + position)


def load_histories(case: Case) -> tuple[History, ...]:
    """The histories of a case, read and checked against the names of the data; nothing heavy is loaded.

    The first one knows the day from which it differs from the second.

    Raises:
        ValueError: something is unknown, impossible or out of range, in one line.
    """
    first, *others = case.histories
    scenario = load_history(first, case.conf, case.chapters, added=case.events)
    counterfactuals = [load_history(name, case.conf, removed=case.events) for name in others]
    histories = (with_change(scenario, counterfactuals[0]) if others else scenario, *counterfactuals)
    catalogue = read_catalogue(case.conf / "order_of_battle")
    regions = load_region(case.conf / "region")
    places = catalogue.places | {town.name for town in regions.towns}
    context = Context(
        catalogue.organisations, catalogue.coalitions, frozenset(regions.regions), catalogue.bases, frozenset(places)
    )
    for history in histories:
        validate(history, context)
    return histories


def build(case: Case) -> Setup:
    """Put everything together.

    Raises:
        ValueError: something in the case or in the data is unknown, impossible or out of range, in one line.
    """
    histories = load_histories(case)
    check_parameters(case.parameters)
    day = case.start or histories[0].start
    weeks, first_week = case.weeks or histories[0].weeks, week_of(day)
    region = load_region(case.conf / "region")
    posts = tuple(dict.fromkeys(post for history in histories for post in history.posts()))
    order = load_order_of_battle(case.conf / "order_of_battle", region, date_of(first_week), posts)
    world, names = world_of(region, order)
    timeline = Timeline(histories, world, names, first_week)
    week = (Process("timeline", timeline, TimelineParameters, TimelineParametersColumns), *WEEK)
    start = start_state(region, order, world, rule_slots(histories))
    days = case.map_dates or tuple(d for d in histories[0].map_dates if 0 <= week_of(d) - first_week < weeks)
    map_weeks = _map_weeks(days, first_week, weeks)
    return Setup(case, histories, region, order, names, world, start, week, first_week, weeks, map_weeks)


def _map_weeks(days: Sequence[date], first_week: int, weeks: int) -> tuple[int, ...]:
    """Positions of the weeks of maps; the first and the last week of the run if no day is given."""
    wanted = sorted({week_of(day) - first_week for day in days} or {0, weeks - 1})
    for position in wanted:
        if not 0 <= position < weeks:
            span = f"{date_of(first_week)} and {date_of(first_week + weeks - 1)}"
            raise ValueError(f"map date {date_of(first_week + position)} is outside the run, expected between {span}")
    return tuple(wanted)
