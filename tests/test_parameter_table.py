"""Draws of parameters: which replicate takes which, what goes before them, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.composing import composed
from experiments.evidence.observation import RECORDED_ALL, Observation, observations, observed_by
from experiments.manifest import data_hashes
from experiments.parameter_file import read_table, write_table
from scenarios.build import Arm, Case, build
from scenarios.parameter_table import ParameterTable
from scenarios.week import WEEK

NAMES = (("encounters", "rate"), ("encounters", "kill"), ("observation", "near"))
VALUES = np.array([[0.1, 0.01, 0.3], [0.2, 0.02, 0.4], [0.4, 0.04, 0.6]])


def table(weights=(1.0, 1.0, 2.0)):
    return ParameterTable(NAMES, VALUES, np.array(weights))


@pytest.fixture(scope="module")
def setup():
    return build(Case(histories=("historical",), weeks=2, table=table()))


def lanes(setup, replicates, process="encounters"):
    return setup.lanes(replicates)[1][process]


def test_draws_are_used_in_proportion_to_their_weights():
    taken = [table().draw(1, r) for r in range(40)]
    assert np.abs(np.bincount(taken) - [10, 10, 20]).max() <= 1
    assert taken != [table().draw(2, r) for r in range(40)]
    assert {table((0.0, 1.0, 0.0)).draw(1, r) for r in range(50)} == {1}


def test_the_choice_is_frozen():
    """Results depend on it: replicates of a run that is resumed years later take the same draws."""
    even = ParameterTable(NAMES[:1], np.linspace(0.1, 0.2, 100)[:, None], np.ones(100))
    assert [even.draw(1, r) for r in (0, 1, 2, 1000)] == [1, 62, 24, 4]


def test_each_replicate_has_its_draw_whatever_the_block(setup):
    whole = lanes(setup, range(8)).rate
    assert whole.tolist() == [VALUES[table().draw(1, r), 0] for r in range(8)]
    assert lanes(setup, range(5, 8)).rate.tolist() == whole[5:].tolist()
    assert len(set(whole)) == 3


def test_scenario_and_counterfactual_share_the_draw():
    both = build(Case(histories=("issp_jnim_truce", "no_truce"), weeks=2, table=table()))
    found = lanes(both, range(6)).kill.reshape(2, 6)
    assert (found[0] == found[1]).all()


def test_what_is_set_goes_before_the_table():
    case = Case(histories=("historical",), weeks=2, table=table(), parameters={"encounters": {"rate": 0.3}})
    case = replace(case, arms=(Arm("a", "historical"), Arm("b", "historical", {"encounters": {"kill": 0.0}})))
    found = lanes(build(case), range(3))
    assert set(found.rate) == {0.3}
    assert found.kill[3:].tolist() == [0.0] * 3
    assert found.kill[:3].tolist() == [VALUES[table().draw(1, r), 1] for r in range(3)]


def test_the_table_goes_before_what_is_drawn():
    setup = build(Case(histories=("historical",), weeks=2, table=table(), draws="all"))
    found = lanes(setup, range(4))
    assert set(found.rate) <= {0.1, 0.2, 0.4}
    assert len(set(found.rivals)) == 4


def test_events_are_recorded_as_their_draw_says():
    replicates = np.array([0, 0, 1, 5], np.int32)
    each = observed_by(Observation(), table(), 1, replicates)
    assert each.near.tolist() == [VALUES[table().draw(1, r), 2] for r in replicates]
    assert set(each.far) == {Observation().far}
    assert observed_by(RECORDED_ALL, table(), 1, replicates) == RECORDED_ALL
    assert observed_by(Observation(), None, 1, replicates) == Observation()


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("neer", 0.5, "unknown parameter 'observation.neer', expected one of: near, far"),
        ("near", 3.0, "parameter observation.near is 3.0, expected between 0.05 and 1.0"),
    ],
)
def test_mistakes_about_the_observation_give_one_line(name, value, line):
    wrong = ParameterTable((("observation", name),), np.array([[value]]), np.ones(1))
    with pytest.raises(ValueError, match=line):
        observations(wrong, [0])


def test_a_file_comes_back_as_it_was(tmp_path):
    frame = pd.DataFrame({"weight": [1.0, 3.0], "encounters.rate": [0.1, 0.123456], "observation.near": [0.5, 0.6]})
    write_table(frame, tmp_path / "own.csv")
    frame.to_parquet(tmp_path / "own.parquet")
    for name in ("own.csv", "own.parquet"):
        read = read_table(tmp_path / name)
        assert read.names == (("encounters", "rate"), ("observation", "near"))
        assert read.values.tolist() == [[0.1, 0.5], [0.123456, 0.6]]
        assert read.weights.tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("encounters.rate\n", "own.csv: the table of parameters is empty, expected a row for each draw"),
        ("rate\n1\n", "own.csv has a column 'rate', expected PROCESS.PARAMETER such as encounters.rate"),
        ("a.b\nx\n", "own.csv: column 'a.b' holds what is no number, expected one in every row"),
        ("encounters.rat\n1\n", "parameter 'rat' is not known; nearest: 'rate'"),
        ("encounters.rate\n1\n9\n", "draw 2.encounters: parameter encounters.rate is 9.0, expected between"),
        ("weight,encounters.rate\n-1,0.1\n", "expected numbers from 0 on, not all 0"),
        ("encounters.massing\n1\n", "draw 1.encounters: parameter"),
    ],
)
def test_mistakes_give_one_line(tmp_path, text, line):
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(ValueError, match=r".") as caught:
        read_table(tmp_path / "own.csv")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_line_takes_a_table(tmp_path):
    plain, shipped = composed(["weeks=2"]), composed(["weeks=2", "parameters=posterior"])
    assert plain.table is None
    assert "table" not in plain.results
    assert shipped.hash != plain.hash
    own = tmp_path / "own.csv"
    own.write_bytes(shipped.table.path.read_bytes())
    assert composed(["weeks=2", f"parameters={own}"]).hash == shipped.hash
    both = composed(["weeks=2", "parameters=posterior", "parameters.encounters.rate=0.1"])
    assert both.parameters == {"encounters": {"rate": 0.1}}
    assert both.hash != shipped.hash
    with pytest.raises(
        ValueError, match=r"^parameters is 'postrior', expected posterior, none or a CSV .*'posterior'\?$"
    ):
        composed(["parameters=postrior"])


def test_the_posterior_that_ships_can_be_run_with():
    read = read_table(composed(["parameters=posterior"]).table.path)
    assert len(read.values) >= 100
    observations(read, range(len(read.values)))
    processes = {process.name for process in WEEK}
    assert {process for process, _ in read.names} <= processes | {"observation"}
    assert not any("posterior" in name for name in data_hashes()), "a new posterior makes no other run stale"
