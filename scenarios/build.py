"""Build: the one place where region, order of battle, histories, agents and processes meet.

`build` turns a `Case` into a `Setup`: the world, the state in which lanes begin, the week, and how
to run any block of replicates. It is all that experiments and notebooks need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.checks import check_arms, map_positions
from scenarios.draws import drawn_parameters, drawn_strengths
from scenarios.events import Context
from scenarios.history import History, validate, with_change
from scenarios.mechanisms import Values, check_parameters
from scenarios.order_of_battle import OrderOfBattle, load_order_of_battle, read_catalogue
from scenarios.parameter_table import ParameterTable
from scenarios.recollection import Memory, Recall, Records, memory_of, with_homes
from scenarios.region import Region, load_region
from scenarios.restart import restart
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
class Arm:
    """One of the things that an experiment puts side by side: a history under some parameters.

    Attributes:
        name: what tables and figures call it; unique in a case.
        history: name of a scenario file.
        parameters: values by process and parameter, in place of those of the case.
    """

    name: str
    history: str
    parameters: Values = field(default_factory=dict)


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
        arms: what to run side by side; empty for each history once, under the same parameters.
        known: of the histories' events, only those that had begun by this day happen, and no rules; None is all.
        records: recorded events from which lanes start, of the time before the first day; None is the order of battle.
        recall: how recorded events are weighed.
        table: draws of parameters, one for each replicate; what `parameters` or an arm sets goes before them.
        strengths: table of strengths that goes before that of the order of battle, row by row; None is no other.
    """

    histories: tuple[str, ...]
    chapters: tuple[str, ...] | None = None
    events: tuple[str, ...] = ()
    start: date | None = None
    weeks: int | None = None
    map_dates: tuple[date, ...] | None = None
    seed: int = 1
    draws: str = "strengths"
    parameters: Values = field(default_factory=dict)
    conf: Path = CONF
    arms: tuple[Arm, ...] = ()
    known: date | None = None
    records: Records | None = None
    recall: Recall = field(default_factory=Recall)
    table: ParameterTable | None = None
    strengths: Path | None = None

    @property
    def side_by_side(self) -> tuple[Arm, ...]:
        """The arms; those of the histories themselves where none are given."""
        return self.arms or tuple(Arm(history, history) for history in self.histories)


class Block(NamedTuple):
    """What was recorded of a block of replicates: arrays over (arm, replicate, ...)."""

    arrays: dict[str, Array]


class EventRow(NamedTuple):
    """One simulated event: the week's Monday and the columns of `sim.state.Field`."""

    monday: date
    values: NDArray[np.int32]


@dataclass(frozen=True)
class Setup:
    """All that it takes to run replicates of some arms side by side.

    `arms` are run; each has one of the `histories`. Where nothing else is asked for, the arms are the histories.
    """

    case: Case
    arms: tuple[Arm, ...]
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
    memory: Memory | None = None

    def block(self, first: int, count: int) -> Block:
        """Run replicates `first` to `first + count - 1` of all arms and record them.

        Lanes with the same replicate share all draws. Safe to call from several threads at once.
        """
        replicates = range(first, first + count)
        state, columns = self.lanes(replicates)
        recorder = Recorder(self.world, self.names, Recording(self.weeks, self.map_weeks), len(self.arms) * count)
        for position in range(self.weeks):
            run_week(self.week, self.world, state, columns, self._streams(replicates, position))
            recorder.keep(state, position)
        shape = (len(self.arms), count)
        return Block({name: a.reshape(shape + a.shape[1:]) for name, a in recorder.arrays.items()})

    def lanes(self, replicates: Sequence[int]) -> tuple[State, dict[str, Any]]:
        """Start states and parameters of all arms of some replicates: arm by arm."""
        state = repeat(self.start, len(self.arms) * len(replicates))
        keys = np.array([[self.case.seed, r] for r in replicates], np.uint64)
        if self.case.draws != "none":
            drawn_strengths(state, self.world, self.order.start.strength_range, np.tile(keys, (len(self.arms), 1)))
        if self.memory is not None:
            restart(state, self.world, self.memory, np.tile(keys, (len(self.arms), 1)))
        columns = {p.name: self._columns(p, keys) for p in self.week if p.parameters is not None}
        named = [history.name for history in self.histories]
        position = [float(named.index(arm.history)) for arm in self.arms]
        history = np.repeat(np.array(position), len(replicates))
        return state, columns | {"timeline": TimelineParametersColumns(history)}

    def event_rows(self, replicate: int, arm: int) -> list[EventRow]:
        """All events of one replicate of one arm, run anew."""
        alone = self.only(arm)
        state, columns = alone.lanes([replicate])
        found: list[EventRow] = []
        for position in range(self.weeks):
            streams = alone._streams([replicate], position)
            run_week(alone.week, self.world, state, columns, streams)
            rows = state.events.rows[0, : state.events.count[0]]
            found += [EventRow(date_of(streams.week), row.copy()) for row in rows]
        return found

    def only(self, arm: int) -> Setup:
        """The same setup with one arm alone; its replicates are the same to the bit."""
        alone = self.arms[arm]
        chosen = tuple(history for history in self.histories if history.name == alone.history)
        timeline = Timeline(chosen, self.world, self.names, self.first_week)
        slots = [self._timeline.rules.index(rule) for rule in timeline.rules]
        fired = self.start.timeline.fired[:, slots] if slots else np.full((1, 1), -1, np.int32)
        start = State(*self.start[:-1], self.start.timeline._replace(fired=fired))
        week = (Process("timeline", timeline, TimelineParameters, TimelineParametersColumns), *self.week[1:])
        return replace(self, arms=(alone,), histories=chosen, start=start, week=week)

    def explain(self) -> list[str]:
        """The histories in English, one line for each event."""
        labels: Labels = read_catalogue(self.case.conf / "order_of_battle").labels
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
            "history": tuple(arm.name for arm in self.arms),
            "week": self.mondays,
            "month": tuple(self.mondays[position] for position in Recording(self.weeks, ()).months),
            "date": tuple(self.mondays[position] for position in self.map_weeks),
            "end": self.mondays[-1:],
            "cell": tuple(int(gid) for gid in self.world.cells.gid),
        }

    @property
    def _timeline(self) -> Timeline:
        timeline = self.week[0].resolve
        assert isinstance(timeline, Timeline)
        return timeline

    def _columns(self, process: Process, keys: NDArray[np.uint64]) -> Any:
        """Parameters of one process, one value per lane."""
        return stack([own for arm in self.arms for own in self._of_arm(arm, process, keys)], process.columns)

    def _of_arm(self, arm: Arm, process: Process, keys: NDArray[np.uint64]) -> list[Parameters]:
        """Parameters of one process in one arm, by replicate; what the arm sets is never drawn."""
        assert process.parameters is not None
        fixed = self.case.parameters.get(process.name, {})
        best = process.parameters(**fixed)
        drawn = self.case.draws == "all"
        each = [drawn_parameters(best, process.name, key) if drawn else best for key in keys]
        if self.case.table is not None:
            each = self.case.table.put(each, process.name, keys, fixed)
        given: Mapping[str, Any] = arm.parameters.get(process.name, {})
        return [replace(own, **given) for own in each] if given else each

    def _streams(self, replicates: Sequence[int], position: int) -> Streams:
        keys = np.array([[self.case.seed, r] for r in replicates], np.uint64)
        return Streams(np.tile(keys, (len(self.arms), 1)), self.first_week + position)


def load_histories(case: Case) -> tuple[History, ...]:
    """The histories of a case, read and checked against the names of the data; nothing heavy is loaded.

    The first one knows the day from which it differs from the second.

    Raises:
        ValueError: something is unknown, impossible or out of range, in one line.
    """
    first, *others = dict.fromkeys((*case.histories, *(arm.history for arm in case.arms)))
    scenario = load_history(first, case.conf, case.chapters, added=case.events)
    counterfactuals = [load_history(name, case.conf, removed=case.events) for name in others]
    histories = (with_change(scenario, counterfactuals[0]) if others else scenario, *counterfactuals)
    if case.known is not None:
        histories = tuple(history.known_on(case.known) for history in histories)
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
    check_arms([(arm.name, arm.parameters) for arm in case.side_by_side])
    day = case.start or histories[0].start
    weeks, first_week = case.weeks or histories[0].weeks, week_of(day)
    region = load_region(case.conf / "region")
    posts = tuple(dict.fromkeys(post for history in histories for post in history.posts()))
    order = load_order_of_battle(case.conf / "order_of_battle", region, date_of(first_week), posts, case.strengths)
    world, names = world_of(region, order)
    memory = _memory(case, date_of(first_week), world, order)
    world = world if memory is None else with_homes(world, memory)
    timeline = Timeline(histories, world, names, first_week)
    week = (Process("timeline", timeline, TimelineParameters, TimelineParametersColumns), *WEEK)
    start = start_state(region, order, world, rule_slots(histories))
    days = case.map_dates or tuple(d for d in histories[0].map_dates if 0 <= week_of(d) - first_week < weeks)
    map_weeks = map_positions(days, first_week, weeks)
    arms = case.side_by_side
    return Setup(case, arms, histories, region, order, names, world, start, week, first_week, weeks, map_weeks, memory)


def _memory(case: Case, day: date, world: World, order: OrderOfBattle) -> Memory | None:
    """What is recorded of the time before the first day, if the case has records."""
    if case.records is None:
        return None
    return memory_of(case.records, day, world, order.ids, order.strength, case.recall)
