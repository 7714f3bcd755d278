"""The briefing: the command, bad input, poor runs, several runs, and evidence beside the run."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.brief import main, requested
from experiments.briefing import evidence, pictures
from experiments.briefing.findings import CLEAR, NONE, findings, window_of
from experiments.briefing.histories import histories
from experiments.briefing.reproducing import command
from experiments.figures import places
from experiments.figures.reading import Run, open_run
from tests.briefed_run import CHANGE, page_text, write_briefed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_briefed(tmp_path_factory.mktemp("briefed") / "run")


def test_findings_are_those_of_the_table(folder: Path) -> None:
    run = open_run(folder)
    found = {f.outcome: f for f in findings(run)}
    assert window_of(run.table("differences")) == CHANGE
    niger, mali = found["deaths_ner"], found["deaths_mli"]
    assert (niger.agree, niger.verdict) == (0.97, CLEAR)
    assert niger.difference == pytest.approx(0.97 * 200 - 0.03 * 50)
    assert mali.verdict == NONE


def test_only_what_differs_is_told_of_a_history(folder: Path) -> None:
    scenario, other = histories(folder)
    assert [line.text[:20] for line in scenario.beside(other)] == ["From 15 April 2023, "]
    assert other.beside(scenario) == ()


def test_a_command_makes_the_run_again(folder: Path, tmp_path: Path) -> None:
    assert command(folder) == "python -m experiments.run scenario=issp_jnim_truce replicates=100 seed=1"
    (tmp_path / "config.yaml").write_text(
        "scenario: minusma_exit\nreplicates: 8\nseed: 3\ndraws: none\nweeks: 20\nstart: null\n"
        "dates: ['2023-10-02']\nevents: [truce_menaka]\nmechanisms: {rebels: off}\n"
        "parameters: {encounters: {rate: 0.5}}\ncase: {counterfactual: null}\n"
    )
    assert command(tmp_path) == (
        "python -m experiments.run scenario=minusma_exit replicates=8 seed=3 draws=none weeks=20 'dates=[2023-10-02]' "
        "'events=[truce_menaka]' mechanism/rebels=False parameters.encounters.rate=0.5 scenario.counterfactual=null"
    )


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["run=nowhere"], "does not exist"),
        ([], "expected either run=FOLDER"),
        (["run=a", "runs=[a,b]"], "expected either"),
        (["runs=[a]"], "at least two"),
        (["run=a", "language=de"], "expected one of: en, fr"),
        (["run=a", "langage=fr"], "did you mean 'language'"),
        (["run=a", "workers=0"], "from 1 to 64"),
    ],
)
def test_a_mistake_gives_one_line_and_code_2(words: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert part in said
    assert said.count("\n") == 1


def test_an_unfinished_run_and_missing_evidence_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"run={tmp_path}"]) == 2
    assert "not a finished run" in capsys.readouterr().err
    assert main([f"run={folder}", f"scorecard={tmp_path}", f"output={tmp_path / 'b'}"]) == 2
    assert "holds no facts.csv" in capsys.readouterr().err


def test_output_goes_into_the_run_folder_unless_said() -> None:
    assert requested(["run=runs/a"]).output == Path("runs/a/briefing")
    assert requested(["run=runs/a", "output=b"]).output == Path("b")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ({"paired": False}, "This run holds one history"),
        ({"pairs": 1}, "too few to say how likely"),
        ({"zero": True}, "Never happens in either history"),
    ],
)
def test_poor_runs_give_a_page_that_says_so(
    kind: dict[str, bool], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_briefed(tmp_path / "run", **kind)  # type: ignore[arg-type]
    monkeypatch.setattr(pictures, "drawings", lambda _: [])
    monkeypatch.setattr(pictures, "_frame", lambda step: _blank(tmp_path / f"{step}.webp"))
    assert main([f"run={folder}", "workers=1"]) == 0
    assert says in page_text(folder / "briefing")


def _blank(path: Path) -> Path:
    from PIL import Image

    Image.new("RGB", (4, 3), "white").save(path)
    return path


def test_several_runs_are_compared(folder: Path, tmp_path: Path) -> None:
    few_pairs = write_briefed(tmp_path / "few", pairs=8)
    output = tmp_path / "many"
    assert main([f"runs=[{folder},{few_pairs}]", f"output={output}"]) == 0
    said = page_text(output)
    assert "too few pairs (8)" in said
    assert "deaths in Niger: up, almost certain (97\xa0% of pairs" in said
    with (output / "tables" / "standardised.csv").open(encoding="utf-8") as stream:
        rows = {row[0]: row[1:] for row in csv.reader(stream)}
    deviation = float(np.std(1000.0 + 10.0 * (np.arange(100) % 7), ddof=1))
    assert float(rows["Deaths in Niger"][0]) == pytest.approx(192.5 / deviation)


def test_an_actor_that_is_absent_has_no_picture(folder: Path) -> None:
    run = open_run(folder)
    without = Run(run.folder, run.manifest, run.grid.sel(coalition=[c for c in run.coalitions if c != "csp"]))
    assert not any("csp" in d.name for d in places.drawings(without))


def test_evidence_that_is_there_is_told(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    absent = evidence.record(run, evidence.Given())
    assert [b.text.split(" was")[0] for b in absent] == ["No scorecard of recorded facts", "No hindcast"]  # type: ignore[union-attr]
    (run / "scorecard").mkdir()
    # A fact of two parts lies in its band if both do.
    facts = pd.DataFrame({"id": ["a", "b", "c", "c"], "status": ["in band", "outside", "in band", "not covered"]})
    facts.to_csv(run / "scorecard" / "facts.csv")
    pd.DataFrame({"id": ["x", "y"], "holds": [True, False]}).to_csv(run / "scorecard" / "signs.csv")
    past = tmp_path / "hindcast-2021"
    past.mkdir()
    (past / "hindcast.json").write_text('{"origin": "2021-12-31"}')
    scores = {"level": ["country"], "violence": ["all"], "model": ["simulator"], "against": [-0.12], "covered": [0.78]}
    pd.DataFrame(scores).to_csv(past / "summary.csv", index=False)
    said = " ".join(b.text for b in evidence.record(run, evidence.Given()) if hasattr(b, "text"))
    assert "1 of 3 recorded facts" in said
    assert "1 of 2 expected signs hold" in said
    assert "12\xa0% better, and 78\xa0% of outcomes lie inside" in said
