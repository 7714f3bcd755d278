from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from synthetic import Setup, coordinates

from experiments import expectations
from experiments.composing import composed
from experiments.expected import read_expectations, results, values, window
from experiments.store import Store
from scenarios.build import CONF

NAMES = coordinates(weeks=60)
ROW = """
- id: {name}
  source: CTP-2023-12
  treatment: leave
  counterfactual: stay
  text: Something
  measures: [{measure}]
  mechanism: this and that
"""


def expectation(tmp_path, measure, name="one"):
    path = tmp_path / "list.yaml"
    path.write_text(ROW.format(name=name, measure=measure))
    return read_expectations(path)[0]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = Store(tmp_path_factory.mktemp("run"), NAMES, "abc")
    made.write(0, Setup(NAMES).block(0, 5).arrays)
    return made


def test_a_sign_that_one_can_check_in_the_head(tmp_path, store):
    # From week 10 on the scenario has one more attack in each of 2 regions of Mali, each week.
    measure = "{array: attacks, where: {coalition: [jnim], region: [MLI/*]}, window: {weeks: 26}, sign: '+'}"
    (row,) = results(expectation(tmp_path, measure), store, 5, 10)
    assert (row["median"], row["5 %"], row["95 %"]) == (52, 52, 52)
    assert (row["agree"], row["agree with all"], row["holds"]) == (1.0, 1.0, True)
    (row,) = results(expectation(tmp_path, measure.replace("+", "-")), store, 5, 10)
    assert (row["agree"], row["holds"]) == (0.0, False)


def test_a_window_can_begin_on_a_day(tmp_path, store):
    measure = "{array: deaths, window: {from: 2021-08-04, weeks: 8}, sign: '+'}"
    one = expectation(tmp_path, measure)
    assert window(one.measures[0], NAMES, 10) == (4, 12)  # 2 August 2021 is the Monday of week 4
    scenario, baseline = values(one.measures[0], "one", store, 5, 10)
    assert (scenario - baseline).tolist() == [2 * 6] * 5  # weeks 10 and 11, 2 countries, 3 types


def test_all_measures_of_an_expectation_have_to_agree(tmp_path, store):
    up, down = "{array: deaths, sign: '+'}", "{array: attacks, sign: '-'}"
    rows = results(expectation(tmp_path, f"{up}, {down}"), store, 5, 10)
    assert [row["agree"] for row in rows] == [1.0, 0.0]
    assert [row["agree with all"] for row in rows] == [0.0, 0.0]
    assert not rows[0]["holds"]


def test_a_bound_is_held_against_the_counterfactual_or_the_chance(tmp_path):
    above = expectation(tmp_path, "{array: large, sign: {above: 0.75}}").measures[0]
    assert above.agrees(np.array([3.0, 2.9, 0.0]), np.array([4.0, 4.0, 0.0])).tolist() == [True, False, True]
    below = expectation(tmp_path, "{array: threat, over: ever, sign: {chance_below: 0.05}}").measures[0]
    assert below.agrees(np.array([0.0, 1.0]), np.zeros(2)).tolist() == [True, False]
    assert (above.needed, below.needed) == (0.8, 0.95)


@pytest.mark.parametrize(
    ("measure", "line"),
    [
        ("{array: atacks, sign: '+'}", "unknown 'atacks', expected one of: .*did you mean 'attacks'"),
        ("{array: attacks, where: {country: [MLI]}, sign: '+'}", "unknown 'country', expected one of: week, coalition"),
        ("{array: attacks, sign: up}", "sign is 'up', expected"),
        ("{array: attacks, over: most, sign: '+'}", "unknown 'most', expected one of: total"),
    ],
)
def test_mistakes_in_the_list_give_one_line(tmp_path, measure, line):
    with pytest.raises(ValueError, match=f"expectation one: {line}"):
        expectation(tmp_path, measure)


def test_what_a_run_lacks_is_told(tmp_path, store):
    lacking = expectation(tmp_path, "{array: attacks, where: {coalition: [csp]}, sign: '+'}")
    with pytest.raises(ValueError, match="the run has no attacks with"):
        results(lacking, store, 5, 10)
    late = expectation(tmp_path, "{array: attacks, window: {weeks: 52}, sign: '+'}")
    with pytest.raises(ValueError, match="a window of weeks 10 to 61 does not fit into a run of 60 weeks"):
        results(late, store, 5, 10)


def test_the_list_holds_all_twenty_and_speaks_of_names_that_there_are():
    listed = read_expectations()
    assert len({e.id for e in listed}) == len(listed) == 20
    assert all(e.mechanism and e.text and e.source for e in listed)
    wanted = {m.begin for e in listed for m in e.measures if m.begin}
    assert all(isinstance(day, date) for day in wanted)
    known = {path.stem for path in (CONF / "scenario").glob("*.yaml")}
    assert "historical" in known


def test_the_command_tells_signs_and_what_could_not_be_run(tmp_path, capsys, monkeypatch):
    def pair(words):
        if len(words) == 3:  # the settings of the whole command
            return composed(words)
        if "scenario=french_withdrawal" not in words:
            raise ValueError("not this one")
        return composed(["scenario=historical", "replicates=5", f"output={tmp_path}"])

    made = Store(tmp_path / "x", NAMES, "abc")
    made.write(0, Setup(NAMES).block(0, 5).arrays)
    monkeypatch.setattr(
        "experiments.composing.composed", lambda words: composed(words) if len(words) == 3 else pair(words)
    )
    monkeypatch.setattr("experiments.study.simulated", lambda settings: (made, 10))
    monkeypatch.setattr(expectations, "PAGE", tmp_path / "page.md")
    words = ["only=withdrawal_frees_issp,truce_is_local", f"output={tmp_path}", "--markdown"]
    assert expectations.main(words) == 0
    told = capsys.readouterr()
    assert "0 of 2 expectations hold" in told.out  # the pretend run is too short for the window
    assert "truce_is_local is not computed: not this one" in told.err
    assert "What would have to change" in expectations.PAGE.read_text()
    frame = pd.read_parquet(tmp_path / "expectations.parquet")
    assert frame["id"].tolist() == ["withdrawal_frees_issp", "truce_is_local"]


def test_an_unknown_expectation_is_told_with_the_nearest(capsys):
    assert expectations.main(["only=truce_is_locl"]) == 2
    assert "did you mean 'truce_is_local'?" in capsys.readouterr().err
