"""Tuning: the command line, and a small run of the command."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from experiments.parameters import listed
from experiments.tune import main, requested
from experiments.tuning import work


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("draws=3", "draws is '3', expected a whole number from 4 to 1000000"),
        ("factor=1", "factor is '1', expected a number from 1.01 to 10.0"),
        ("factor=nan", "factor is 'nan', expected a number from 1.01 to 10.0"),
        ("share=half", "share is 'half', expected a number from 0.001 to 1.0"),
        ("pairs=yes", "pairs is 'yes', expected one of: true, false"),
        ("seeed=1", "unknown key 'seeed', expected"),
        ("scenario=baseline", "scenario is 'baseline', expected historical"),
        ("replicates=9", "replicates is set, but each draw is one replicate; expected draws=NUMBER"),
        ("parameters=posterior", "parameters is a table of draws, expected single values"),
        ("parameters.encounters.rte=1", "parameter 'rte' is not known; nearest: 'rate'"),
    ],
)
def test_mistakes_give_one_line(word, line, capsys):
    assert main([word]) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


def test_help_needs_no_slow_library():
    code = "import sys, experiments.tune as t; t.main(['--help']); print(sorted(sys.modules))"
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert "draws=1600" in done.stdout
    assert not {"numpy", "pandas", "scipy", "numba"} & set(eval(done.stdout.rsplit("\n", 2)[1]))


def test_a_small_run_writes_all_and_goes_on(tmp_path, capsys, monkeypatch):
    words = ["draws=4", "weeks=26", "workers=1", "factor=2", f"output={tmp_path}"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "no test any more" in said
    assert "4 draws are few for" in said
    (folder,) = tmp_path.glob("tuning-*")
    draws = pd.read_parquet(folder / "draws.parquet")
    assert draws["level MLI 2021H2"].nunique() == 4
    assert draws["fact issp_jnim_clash_rate"].isna().all(), "26 weeks do not reach it"
    assert draws["encounters.rate"][0] == pytest.approx(next(r.value for r in listed("encounters") if r.name == "rate"))
    assert {"level"} == set(pd.read_csv(folder / "effects.csv")["kind"])
    told = yaml.safe_load((folder / "suggestion.yaml").read_text(encoding="utf-8"))
    assert "no test any more" in told["note"]
    assert set(told["made"]) >= {"config_hash", "commit", "versions", "seed", "draws", "factor", "share"}
    assert "Config " in (folder / "effects.md").read_text(encoding="utf-8")

    def never(*_):
        raise AssertionError("what is in the folder is not simulated again")

    monkeypatch.setattr(work, "recorded", never)
    assert main(words) == 0
    assert capsys.readouterr().out.split("folder:")[1] == said.split("folder:")[1]


def test_what_the_command_line_asks():
    asked = requested(["draws=32", "share=0.3", "pairs=true", "seed=4", "parameters.encounters.rate=0.2"])
    assert (asked.draws, asked.factor, asked.share, asked.pairs) == (32, 1.6, 0.3, True)
    assert asked.rest == ("seed=4", "parameters.encounters.rate=0.2")
    ready = work.prepared(asked)
    assert [pair.scenario for pair in ready.question.pairs] == ["french_withdrawal", "issp_jnim_truce"]
    for other in ({"share": 0.2}, {"factor": 2.0}, {"pairs": False}, {"rest": ("seed=4",)}, {"rest": asked.rest[1:]}):
        assert ready.mark != work.prepared(dataclasses.replace(asked, **other)).mark, other
    assert ready.mark == work.prepared(dataclasses.replace(asked, draws=64)).mark, "more draws go on in the same folder"
