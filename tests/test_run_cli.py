from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.command_line import MistakeError, checked, help_text, rewritten
from experiments.study import COMPILING

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments, folder=ROOT):
    command = [sys.executable, "-m", "experiments.run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=100)


def test_help_tells_scenarios_and_keys_without_the_model():
    code = "import sys; sys.argv = ['run', '--help']; import experiments.run as r; r.main(); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    text, modules = done.stdout.rsplit("\n", 2)[:2]
    assert "French" in text or "french_withdrawal" in text
    assert "replicates: 200" in text
    assert not {"numba", "numpy", "pandas", "matplotlib", "xarray", "mesa"} & set(eval(modules))


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("replicate=5", "unknown key 'replicate', .*, did you mean 'replicates'?"),
        ("scenario=french_withdrawl", "unknown scenario 'french_withdrawl', .*, did you mean 'french_withdrawal'?"),
        ("scenario.week=5", "unknown key 'scenario.week' in the scenario, did you mean 'scenario.weeks'?"),
        ("seed=1,2", "'seed=1,2' lists several values, add -m"),
        ("seed", "cannot read 'seed', expected KEY=VALUE"),
        ("seed=[1", "cannot read 'seed=\\[1'"),
        ("--explian", "unknown flag '--explian', .* did you mean '--explain'"),
    ],
)
def test_mistakes_are_told_in_one_line(word, line):
    with pytest.raises(MistakeError, match=line) as caught:
        checked([word])
    assert "\n" not in str(caught.value)


def test_every_value_of_a_sweep_is_checked_before_anything_runs():
    checked(rewritten(["seed=1,2", "scenario=french_stay,no_truce", "-m"]))
    with pytest.raises(MistakeError, match="unknown scenario 'no_truse'"):
        checked(rewritten(["scenario=french_stay,no_truse", "-m"]))


def test_m_may_stand_anywhere():
    assert rewritten(["a=1", "-m", "b=2"]) == ["-m", "a=1", "b=2"]


def test_help_has_a_title_for_each_scenario():
    assert "minusma_exit" in help_text()


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("replicates=0", "error: replicates is 0, expected a whole number from 1 to 100000"),
        ("seed=abc", "error: seed is 'abc', expected a whole number"),
        ("parameters.encounter.rate=1", "encounters"),
        ("scenario.title=x", "error: scenario.title can't be set here"),
        ("+events=[truce_manaka]", "error: chapter 'truce_manaka' is not known; nearest: 'truce_menaka'"),
    ],
)
def test_a_mistake_ends_with_one_line_and_code_2(word, line, tmp_path):
    done = run(word, f"output={tmp_path}", "replicates=1") if "replicates" not in word else run(word)
    assert done.returncode == 2
    assert done.stdout == ""
    # A process or parameter is looked up while building, which may have had to compile first.
    *before, last = done.stderr.splitlines()
    assert before in ([], [COMPILING])
    assert line in last
    assert not list(tmp_path.iterdir())


def test_events_can_be_added_to_a_scenario(tmp_path):
    words = ("scenario=minusma_exit", "+events=[truce_menaka,niger_coup]", "--explain", f"output={tmp_path}")
    done = run(*words)
    assert done.returncode == 0, done.stderr
    scenario, counterfactual = done.stdout.split("minusma_stays")
    assert "a truce between" in scenario
    assert "takes power" in scenario.split("2023-07-26")[1]
    assert "2023-07-26" not in counterfactual


def test_explain_prints_the_histories(tmp_path):
    done = run("scenario=minusma_exit", "--explain", f"output={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert "minusma_exit" in done.stdout
    assert "minusma_stays" in done.stdout
    assert not list(tmp_path.iterdir())
