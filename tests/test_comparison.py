from __future__ import annotations

import math

import numpy as np
import pytest
from synthetic import Setup, coordinates

from experiments import comparison
from experiments.layout import Coordinates
from experiments.outcomes import EVER, OUTCOMES, PAGE, Outcome, Window, known, main, page, windows
from experiments.store import Store
from sim.outcomes import MEASURES, ORDINAL, THREATS, TRAITS


def test_a_paired_difference_that_one_can_check_in_the_head():
    found = comparison.paired(np.array([3.0, 5.0, 1.0]), np.array([1.0, 4.0, 1.0]))
    assert (found["baseline_mean"], found["scenario_mean"], found["mean_difference"]) == (2.0, 3.0, 1.0)
    assert (found["q50"], found["n"]) == (1.0, 3)
    assert found["share_positive"] == pytest.approx(2 / 3)
    assert found["share_negative"] == 0.0
    # Differences 2, 1, 0 have variance 1; the scenario has 4, the baseline 3.
    assert found["standard_error"] == pytest.approx(1 / math.sqrt(3))
    assert found["variance_ratio"] == pytest.approx(7.0)


def test_one_replicate_or_no_difference_has_no_ratio():
    assert math.isnan(comparison.paired(np.array([1.0]), np.array([0.0]))["standard_error"])
    assert math.isnan(comparison.paired(np.array([1.0, 2.0]), np.array([1.0, 2.0]))["variance_ratio"])


def test_windows_after_the_change_must_fit():
    assert [(w.label, w.start, w.stop) for w in windows(60, 10)] == [
        ("first 26 weeks after the change", 10, 36),
        ("whole run", 0, 60),
    ]
    assert [w.label for w in windows(60, None)] == ["whole run"]


def test_differences_of_histories_that_differ_by_one_everywhere(tmp_path):
    store = Store(tmp_path, coordinates(weeks=40), "abc")
    store.write(0, Setup(coordinates(weeks=40)).block(0, 3).arrays)
    values = comparison.outcomes(store, 3, 10)
    table = comparison.differences(values, ("leave", "stay")).set_index(["outcome", "window"])
    after, whole = "first 26 weeks after the change", "whole run"
    # 2 countries, 3 types of violence, one more death a week in each.
    assert table.loc[("deaths", after), "mean_difference"] == 26 * 6
    assert table.loc[("deaths", whole), "q05"] == 30 * 6
    assert table.loc[("attacks_jnim", after), "mean_difference"] == 26 * 3
    # At the end: 3 regions with one more person each; Mali's state has 2 regions.
    assert table.loc[("people_jnim", whole), "mean_difference"] == pytest.approx(3, abs=1e-5)
    assert table.loc[("people_mali", whole), "mean_difference"] == pytest.approx(2, abs=1e-5)
    # A weekly mean: 30 of 40 weeks are one higher.
    assert table.loc[("transnational_jnim", whole), "mean_difference"] == pytest.approx(0.75)
    assert (table["share_positive"] == 1).all()


def test_stocks_are_taken_at_the_months_inside_a_window_and_sums_over_the_whole_run_alone(tmp_path):
    names = coordinates(weeks=40)
    assert [names.steps("governed", 10, 36).tolist(), names.steps("enlisted", 0, 40).tolist()] == [[*range(2, 9)], [0]]
    assert Window("after", 10, 36).steps("enlisted", names).tolist() == []
    store = Store(tmp_path, names, "abc")
    store.write(0, Setup(names).block(0, 3).arrays)
    table = comparison.differences(comparison.outcomes(store, 3, 10), ("leave", "stay")).set_index(
        ["outcome", "window"]
    )
    # 3 regions with one more in each month after the change; 7.5 of 10 months are after it.
    assert table.loc[("governed_jnim", "first 26 weeks after the change"), "mean_difference"] == pytest.approx(3)
    assert table.loc[("governed_jnim", "whole run"), "mean_difference"] == pytest.approx(3 * 0.8, rel=1e-5)


def test_what_ever_happened_counts_once():
    series = np.array([[0.0, 2.0, 1.0], [0.0, 0.0, 0.0]])
    assert Outcome("a", "a", "", "threat", EVER).value(series, slice(0, 3)).tolist() == [1.0, 0.0]


def test_names_can_be_left_out():
    names = coordinates()
    assert names.positions("region", ("!MLI/Gao",)).tolist() == [1, 2]
    assert names.positions("region", ("MLI/*", "!MLI/Gao")).tolist() == [1]
    assert not Outcome("a", "a", "", "attacks", where={"region": ("!MLI/Goa",)}).exists(names)


def test_a_run_folder_of_another_layout_is_refused_in_a_line():
    plain = coordinates().to_json()
    assert Coordinates.from_json(plain) == coordinates()
    with pytest.raises(ValueError, match="the run folder has layout 1, expected 3; run the same command again"):
        Coordinates.from_json({key: value for key, value in plain.items() if key != "layout"})


def test_the_page_of_outcomes_is_the_one_that_is_made_from_their_definitions():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m experiments.outcomes"


@pytest.mark.parametrize(("word", "code", "said"), [("--help", 0, "usage: "), ("page=x", 2, "unknown 'page=x'")])
def test_the_page_is_written_only_when_nothing_else_is_asked(word, code, said, capsys, monkeypatch):
    monkeypatch.setattr("experiments.outcomes.PAGE", None)
    assert main([word]) == code
    told = capsys.readouterr()
    assert said in told.out + told.err
    told = page()
    assert all(f"`{name}`" in told for name in (*THREATS, *MEASURES, *TRAITS, *(o.name for o in OUTCOMES)))
    assert told.count(ORDINAL) >= 2


def test_outcomes_that_a_run_lacks_are_left_out():
    names = {outcome.name for outcome in known(coordinates())}
    assert "attacks_jnim" in names
    assert not {"attacks_csp", "deaths_ner", "bases_overrun"} & names


def test_names_and_labels_of_outcomes_are_unique():
    assert len({o.name for o in OUTCOMES}) == len({o.label for o in OUTCOMES}) == len(OUTCOMES)
