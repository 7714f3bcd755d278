from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from scenarios.build import CONF, Case, build
from scenarios.scenario_files import load_history
from sim.engine import run_week

SCENARIOS = sorted(path.stem for path in (CONF / "scenario").glob("*.yaml"))
HEADS = [name for name in SCENARIOS if load_history(name, CONF).counterfactual]
ALONE = ["baseline_empty", "historical", "baseline"]


def assert_sound(name: str, start: int, others: tuple[str, ...]) -> None:
    """Two weeks from some weeks before the change on: people and fighters are conserved, nothing is negative."""
    history = load_history(name, CONF)
    day = history.start if history.change is None else history.change - timedelta(weeks=start)
    setup = build(Case((name, *others), start=day, weeks=2, draws="none"))
    state, columns = setup.lanes([0])
    before = state.units.fighters.copy()
    people = state.communities.people.sum(axis=1)
    for position in range(2):
        run_week(setup.week, setup.world, state, columns, setup._streams([0], position))
    owner, ledger = setup.world.units.organisation, state.ledger
    for o in range(len(setup.names.organisations)):
        came = before[:, owner == o].sum(axis=1) + (ledger.joined - ledger.killed - ledger.left)[:, o]
        np.testing.assert_array_equal(came, state.units.fighters[:, owner == o].sum(axis=1))
    gone = (ledger.civilians_killed + ledger.recruited - ledger.returned).sum(axis=1)
    np.testing.assert_array_equal(people - gone, state.communities.people.sum(axis=1))
    for part in state[:-2]:
        assert all(np.isfinite(column).all() for column in part)
    assert state.units.fighters.min() >= 0


@pytest.mark.parametrize("name", HEADS)
def test_what_ifs_run_through_the_week_of_their_change(name: str) -> None:
    other = load_history(name, CONF).counterfactual
    assert other is not None
    assert_sound(name, 1, (other,))


@pytest.mark.parametrize("name", ALONE)
def test_histories_run_from_their_start(name: str) -> None:
    assert_sound(name, 0, ())
