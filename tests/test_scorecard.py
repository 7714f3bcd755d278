from __future__ import annotations

import pandas as pd
import pytest

from experiments import scorecard
from experiments.facts.control import read_reports
from experiments.facts.reading import read_facts


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def folder(output):
    words = ["replicates=2", "weeks=26", "draws=none", "tables=1", f"output={output}", "expectations=none"]
    assert scorecard.main(words) == 0
    return next(output.glob("historical-*"))


def test_no_fact_is_dropped_and_what_a_short_run_does_not_reach_says_so(folder):
    facts = pd.read_csv(folder / "scorecard" / "facts.csv")
    assert set(facts["id"]) == {fact.id for fact in read_facts()}
    status = facts.groupby("id")["status"].first()
    assert status["jnim_north_attack_level"] == "not covered"
    assert status["fighters_2018_2021"] in ("in band", "outside")
    assert facts.loc[facts["status"] == "not covered", "median"].isna().all()
    assert (pd.read_csv(folder / "scorecard" / "signs.csv")["missing"] == "not computed").all()
    statements = pd.read_csv(folder / "scorecard" / "control.csv").set_index("id")
    assert set(statements.index) == {report.told["id"] for report in read_reports()}
    assert statements.loc["state_gao_timbuktu_2021", "status"] in ("passes", "fails")
    assert statements.loc["csp_aguelhok", "status"] == "not covered"


def test_it_writes_page_figures_and_a_line(folder):
    names = {path.name for path in (folder / "scorecard").iterdir()}
    assert {"facts.csv", "signs.csv", "control.csv", "scorecard.md", "line.txt", "scorecard.png",
            "control_reports.png"} == names  # fmt: skip
    line = (folder / "scorecard" / "line.txt").read_text()
    assert line.startswith("facts ")
    assert " of 25 in band, expectations 0 of 20, control " in line
    text = (folder / "scorecard" / "scorecard.md").read_text()
    assert line.strip() in text
    assert "Model output, not a forecast." in text
    assert "seed 1" in text


def test_a_demand_that_is_not_met_is_an_exit_code(folder, capsys):
    words = [f"run={folder}", "tables=1", "expectations=none", "figures=false"]
    assert scorecard.main([*words, "need=0,0"]) == 0
    assert scorecard.main([*words, "need=0,1"]) == 1
    assert "computed anew" not in capsys.readouterr().err  # the stored replicates were those of the folder


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("run=/nowhere", "expected a run folder with a config.yaml"),
        ("expectations=/nowhere", "write it with: python -m experiments.expectations"),
        ("tables=0", "tables is '0', expected a whole number"),
        ("need=all", "expected two whole numbers such as 20,18"),
        ("replicate=3", "did you mean 'replicates'?"),
        ("figures=no", "expected true or false"),
    ],
)
def test_mistakes_end_with_one_line_and_code_2(word, told, output, capsys):
    assert scorecard.main([word, f"output={output}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert told in line


def test_help_is_given_without_work(capsys):
    assert scorecard.main(["--help"]) == 0
    assert "need=FACTS,SIGNS" in capsys.readouterr().out
