"""Building: from settings to an experiment that is ready to run. Only this file knows how scenarios are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from experiments.ensemble import Simulates
from experiments.layout import Coordinates
from experiments.parameter_file import read_table
from experiments.settings import Settings
from experiments.values import CONF
from scenarios.build import Case, Setup, build, load_histories
from scenarios.history import History, first_difference, quarterly
from scenarios.mechanisms import chosen_parameters, joined
from scenarios.order_of_battle import read_catalogue
from sim.calendar import week_of

if TYPE_CHECKING:
    import pandas as pd

SETTABLE = ("chapters", "counterfactual", "start", "weeks", "map_dates")
"""Keys of a scenario that the command line may change; the rest is told by its file."""


@dataclass(frozen=True)
class Built:
    """An experiment that is ready to run.

    Attributes:
        setup: computes blocks of replicates.
        coordinates: names along the axes of what it records.
        history: the histories in English, line by line.
        change: week from which the histories are told differently; None to see it from the results.
        title: for headings.
        about: more for the manifest, as plain values.
        events: the event table of a replicate and the position of a history.
    """

    setup: Simulates
    coordinates: Coordinates
    history: Sequence[str]
    change: int | None
    title: str
    about: dict[str, Any]
    events: Callable[[int, int], pd.DataFrame]

    def span(self, change: int | None) -> dict[str, Any]:
        """Names of the histories and the time they cover, for the manifest."""
        weeks = self.coordinates.week
        return {
            "histories": list(self.coordinates.history),
            "start": weeks[0].isoformat(),
            "weeks": len(weeks),
            "change": None if change is None else weeks[change].isoformat(),
        }


def built(settings: Settings) -> Built:
    """Build the scenario of a run and its counterfactual.

    Raises:
        ValueError: something in the scenario, the data or the settings is unknown or out of range, in one line.
    """
    setup = build(case_of(settings))
    first = setup.histories[0]
    return Built(
        setup=setup,
        coordinates=coordinates(setup),
        history=setup.explain(),
        change=change(setup),
        title=first.title or settings.scenario,
        about=about(setup) | recorded(settings),
        events=partial(events, setup),
    )


def explained(settings: Settings) -> list[str]:
    """The histories in English, line by line, without building anything.

    Raises:
        ValueError: something in the scenario is unknown, impossible or out of range, in one line.
    """
    case = case_of(settings)
    labels = read_catalogue(case.conf / "order_of_battle").labels
    told = [(f"{h.name}: {h.title}", *h.explain(labels, case.start), "") for h in load_histories(case)]
    return [line for lines in told for line in lines]


def case_of(settings: Settings) -> Case:
    """What is to be built: the scenario's file with what the command line sets in place of it."""
    case = dict(settings.case)
    written = yaml.load((CONF / "scenario" / f"{settings.scenario}.yaml").read_text("utf-8"), yaml.BaseLoader) or {}
    for key, value in case.items():
        if key not in SETTABLE and _as_text(value) != _as_text(written.get(key)):
            can = ", ".join(SETTABLE)
            raise ValueError(f"scenario.{key} can't be set here, only {can}; write a file in conf/scenario")
    counterfactual = case.get("counterfactual")
    return Case(
        histories=(settings.scenario, *([str(counterfactual)] if counterfactual else [])),
        chapters=tuple(case["chapters"]) if "chapters" in case else None,
        events=settings.events,
        start=first_day(settings, case),
        weeks=settings.weeks or case.get("weeks"),
        map_dates=_map_dates(settings, case),
        seed=settings.seed,
        draws=settings.draws,
        parameters=joined(chosen_parameters(settings.mechanisms, CONF), settings.parameters),
        records=settings.recorded,
        table=read_table(settings.table.path) if settings.table else None,
    )


def first_day(settings: Settings, case: Mapping[str, Any]) -> date | None:
    """The day asked for, else the Monday after the last day whose events are known, else the scenario's own."""
    if settings.start is None and settings.origin is not None:
        return settings.origin + timedelta(days=7 - settings.origin.weekday())
    return settings.start or _day(case, "start")


def coordinates(setup: Setup) -> Coordinates:
    """Names along the axes of what a setup records."""
    cells, names = setup.world.cells, setup.names
    return Coordinates(
        **{axis: tuple(values) for axis, values in setup.coordinates.items()},
        lat=tuple(cells.lat.tolist()),
        lon=tuple(cells.lon.tolist()),
        cell_region=tuple(names.regions[r] for r in cells.region),
        cell_people=tuple(cells_people(setup).tolist()),
    )


def cells_people(setup: Setup) -> np.ndarray[Any, np.dtype[np.float64]]:
    """People of each cell at the start."""
    people = setup.start.communities.people[0].astype(np.float64)
    return np.bincount(setup.world.communities.cell, people, len(setup.world.cells.gid))


def change(setup: Setup) -> int | None:
    """Week of the run in which what is studied changes: the day that the scenario gives, else the first difference.

    None where rules or nothing differ, to see it from the results.
    """
    if len(setup.histories) < 2:
        return None
    told = setup.histories[0].change
    if told is None and set(setup.histories[0].rules) != set(setup.histories[1].rules):
        return None
    week = first_difference(*setup.histories[:2]) if told is None else week_of(told)
    return None if week is None else min(max(week - setup.first_week, 0), setup.weeks - 1)


def about(setup: Setup) -> dict[str, Any]:
    """What the manifest tells of the histories."""
    labels = read_catalogue(setup.case.conf / "order_of_battle").labels
    return {
        "title": setup.histories[0].title,
        "question": setup.histories[0].question,
        "cannot_tell": setup.histories[0].cannot_tell,
        "events": {history.name: _told(history, setup.mondays, labels) for history in setup.histories},
    }


def recorded(settings: Settings) -> dict[str, Any]:
    """What the manifest tells of the events that replicates start from."""
    if settings.recorded is None:
        return {"initial": settings.initial}
    known = None if settings.origin is None else settings.origin.isoformat()
    return {"initial": settings.initial, "origin": known, "records": settings.recorded.mark}


def events(setup: Setup, replicate: int, history: int) -> pd.DataFrame:
    """The event table of one replicate of one history, in UCDP GED's columns."""
    from experiments.events_table import Sides, ged_table

    return ged_table(setup.event_rows(replicate, history), Sides(setup.world, setup.names))


def _told(history: History, mondays: tuple[date, ...], labels: Mapping[str, str]) -> list[dict[str, str]]:
    inside = [e for e in history.events if isinstance(e.first, date) and mondays[0] <= e.first <= mondays[-1]]
    return [{"date": str(event.first), "text": event.sentence(labels)} for event in inside]


def _map_dates(settings: Settings, case: dict[str, Any]) -> tuple[date, ...] | None:
    """Dates asked for; else a date every quarter and those of the scenario's own that lie inside the run."""
    if settings.dates is not None:
        return settings.dates
    own = tuple(date.fromisoformat(str(day)) for day in case.get("map_dates") or ())
    start, weeks = first_day(settings, case), settings.weeks or case.get("weeks")
    if start is None or weeks is None:
        return own or None
    inside = {day for day in own if 0 <= (day - start).days < 7 * weeks}
    return tuple(sorted(inside | set(quarterly(start, weeks))))


def _day(case: Mapping[str, Any], key: str) -> date | None:
    value = case.get(key)
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"scenario.{key} is '{value}', expected a date such as 2021-07-05") from None


def _as_text(value: Any) -> Any:
    """Scalars as text, so that a file read as text compares with the same file read as values."""
    if isinstance(value, dict):
        return {key: _as_text(v) for key, v in value.items()}
    return [_as_text(v) for v in value] if isinstance(value, list) else str(value).lower()
