"""Events alone on the small world: what tests of events share."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import small

from scenarios.directory import Directory, Moment
from scenarios.events import Context, Event, read_event
from sim.calendar import week_of
from sim.state import State

START = week_of(date(2022, 1, 3))
WORLD = small.world()
DIRECTORY = Directory(WORLD, small.NAMES)
CONTEXT = Context(
    organisations=frozenset(small.NAMES.organisations),
    coalitions=frozenset(small.NAMES.coalitions),
    regions=frozenset(small.NAMES.regions),
    bases=frozenset({"army/Home", "army/Edge", "foreign/Edge", "foreign/Far"}),
    places=frozenset({"Home", "Edge", "Far"}),
)
WITHDRAW: dict[str, Any] = {
    "kind": "withdraw", "organisation": "foreign", "announced": "2022-01-10", "drawdown": ["2022-01-24", "2022-02-14"],
    "exit": "2022-02-21", "activity": 0.5,
}  # fmt: skip
DEPLOY = {"kind": "deploy", "organisation": "foreign", "place": "Home", "troops": 100, "from": "2022-01-10", "weeks": 3,
          "strike": 1.5}  # fmt: skip
TRUCE = {"kind": "truce", "between": ["jihad", "army"], "regions": "AAA/East", "from": "2022-01-10", "level": 0.1}
HALT = {"kind": "halt_patrols", "organisation": "army", "regions": "AAA/East", "from": "2022-01-10", "to": "2022-01-24",
        "tempo": 0.25}  # fmt: skip
COUP = {"kind": "coup", "organisation": "army", "date": "2022-01-03", "weeks": 2, "mobile": 1.0, "garrisons": 0.1,
        "tempo": 0.5, "cooperation_lost": "foreign"}  # fmt: skip


def run(event: Event, weeks: int, state: State | None = None, start: int = START, lanes: int = 1) -> State:
    """The event alone, week by week."""
    state = small.state(lanes) if state is None else state
    for week in range(start, start + weeks):
        moment = Moment(np.arange(lanes), start, start, DIRECTORY, state, small.streams(week, lanes))
        if moment.at(event.first) <= week and (event.last is None or week <= moment.at(event.last)):
            event.act(moment)
    return state


def check(came: dict[str, Any]) -> list[str]:
    return list(read_event(came).check(CONTEXT))


def assert_conserved(state: State) -> None:
    start, ledger = small.state(state.units.fighters.shape[0]), state.ledger
    for o, name in enumerate(small.NAMES.organisations):
        came = small.troops_of(start, name) + ledger.joined[:, o] - ledger.killed[:, o] - ledger.left[:, o]
        np.testing.assert_array_equal(came, small.troops_of(state, name))
    assert (state.units.fighters >= 0).all()
