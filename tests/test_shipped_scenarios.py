from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from scenarios.build import CONF, Case, build
from scenarios.mechanisms import chosen_parameters, mechanisms
from scenarios.scenario_files import load_history
from sim.engine import run_week
from tests.invariants import assert_conserved, assert_sound

SCENARIOS = sorted(path.stem for path in (CONF / "scenario").glob("*.yaml"))
HEADS = [name for name in SCENARIOS if load_history(name, CONF).counterfactual]
ALONE = ["baseline_empty", "historical", "baseline"]


def run(name: str, start: int, others: tuple[str, ...], weeks: int = 2, **changes: Any) -> None:
    """Some weeks from shortly before the change on: people and fighters are conserved, shares are shares."""
    history = load_history(name, CONF)
    day = history.start if history.change is None else history.change - timedelta(weeks=start)
    setup = build(Case((name, *others), start=day, weeks=weeks, draws="none", **changes))
    state, columns = setup.lanes([0])
    before = setup.lanes([0])[0]
    for position in range(weeks):
        run_week(setup.week, setup.world, state, columns, setup._streams([0], position))
    assert_conserved(setup.world, before, state)
    assert_sound(setup.world, state)


@pytest.mark.parametrize("name", HEADS)
def test_what_ifs_run_through_the_week_of_their_change(name: str) -> None:
    other = load_history(name, CONF).counterfactual
    assert other is not None
    run(name, 1, (other,))


@pytest.mark.parametrize("name", ALONE)
def test_histories_run_from_their_start(name: str) -> None:
    run(name, 0, ())


def test_history_runs_with_every_mechanism_off() -> None:
    run("historical", 0, (), weeks=5, parameters=chosen_parameters(dict.fromkeys(mechanisms(CONF), "off"), CONF))
