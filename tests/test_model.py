"""The object model: the same numbers as the engine, seen through Mesa."""

import numpy as np
import pytest
from mesa.discrete_space import OrthogonalMooreGrid

from agents.view import ArmedGroup, Community, InternationalForce, StateForce
from scenarios.build import Case, build
from scenarios.notebook import model_of, open_model
from sim.engine import Process, run_week
from sim.state import take


@pytest.fixture(scope="module")
def setup():
    return build(Case(histories=("french_withdrawal", "french_stay"), seed=5))


def test_it_equals_the_lane_of_the_ensemble_to_the_bit(setup):
    state, columns = setup.lanes([0, 1, 2])
    model = model_of(setup, history=1, replicate=2)
    for position in range(30):
        run_week(setup.week, setup.world, state, columns, setup._streams([0, 1, 2], position))
        model.step()
    lane = take(state, 5)  # history by history: the second history's third replicate; rules are numbered by setup
    for part, mine in zip(lane[:-1], model.state[:-1], strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(part, mine, strict=True))


def test_agents_are_seen_as_a_mesa_user_expects(setup):
    model = model_of(setup)
    groups, communities = model.agents_by_type[ArmedGroup], model.agents_by_type[Community]
    assert isinstance(model.grid, OrthogonalMooreGrid)
    assert len(communities) == len(setup.world.communities.key)
    assert {type(a) for a in model.agents} == {ArmedGroup, StateForce, InternationalForce, Community}
    strong = groups.select(lambda unit: unit.strength > 40)
    assert 0 < len(strong) < len(groups)
    by_organisation = groups.groupby("organisation")
    counts = {name: sum(unit.strength for unit in units) for name, units in by_organisation}
    fighters = model.fighters()
    assert all(counts[name] == fighters[name] for name in counts)
    shares = next(iter(communities)).allegiance
    assert sum(shares.values()) == pytest.approx(1.0)
    assert "none" in shares


def test_agents_follow_the_state_as_weeks_pass(setup):
    model = model_of(setup)
    assert model.time == 0
    start = model.date
    for _ in range(6):
        model.step()
    assert model.time == 6
    assert (model.date - start).days == 35
    shown = {
        unit.row: unit for kind in (ArmedGroup, StateForce, InternationalForce) for unit in model.agents_by_type[kind]
    }
    fighters, where = model.state.units.fighters[0], model.state.units.cell[0]
    assert set(shown) == set(np.flatnonzero(fighters > 0).tolist())
    lat, lon = setup.world.cells.lat, setup.world.cells.lon
    for row, unit in shown.items():
        x, y = unit.cell.coordinate
        assert (x / 2 + lon.min(), y / 2 + lat.min()) == (lon[where[row]], lat[where[row]])
    collected = model.datacollector.get_model_vars_dataframe()
    assert len(collected) == 7
    assert collected["deaths_so_far"].is_monotonic_increasing


def test_agents_show_what_changed_about_them(setup):
    model = model_of(setup)
    army = next(iter(model.agents_by_type[StateForce].select(lambda unit: unit.organisation == "fama")))
    row = setup.names.organisations.index("fama")
    model.state.organisations.legitimacy[0, row], model.state.organisations.junta[0, row] = 0.4, 12
    assert (army.legitimacy, army.junta, model.legitimacy()["fama"]) == (0.4, 12, 0.4)
    group = next(iter(model.agents_by_type[ArmedGroup]))
    model.state.organisations.talks[0, group._organisation] = 0.3
    assert (group.talks, group.of_organisation["talks"], group.junta) == (0.3, 0.3, None)
    first, other = list(model.agents_by_type[Community])[:2]
    model.state.communities.displaced[0, first.row], model.state.communities.refuge[0, first.row] = 70, other.row
    assert (first.displaced, first.refuge) == (70, other.name)
    assert 0.0 <= first.herders <= 1.0


def test_a_rule_can_be_exchanged(setup):
    quiet = [
        Process(name, lambda world, state, parameters, streams: None)
        for name in ("encounters", "base_assaults", "civilians")
    ]
    model = model_of(setup, rules=quiet)
    for _ in range(4):
        model.step()
    strikes = model.state.events.count[0]
    assert model.state.ledger.civilians_killed.sum() == 0
    assert strikes == 0 or model.state.events.rows[0, 0, 3] == 6


def test_unknown_names_are_refused_in_a_line():
    with pytest.raises(ValueError, match="historical"):
        open_model("historicl")
    with pytest.raises(ValueError, match="no process 'encounter'"):
        open_model("historical", rules=[Process("encounter", lambda *_: None)])
