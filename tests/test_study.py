from __future__ import annotations

import json

import pandas as pd
import pytest
import yaml
from synthetic import Setup, coordinates

from experiments import study
from experiments.building import Built
from experiments.events_table import COLUMNS
from experiments.settings import Settings

FILES = {
    "config.yaml", "manifest.json", "coordinates.json", "history.txt", "summary.txt", "summary.md", "grid.nc",
    "blocks", "tables", "events", ".lock",
}  # fmt: skip


@pytest.fixture
def ready(monkeypatch):
    monkeypatch.setattr(study, "is_cold", lambda: False)
    made = Built(
        setup=Setup(),
        coordinates=coordinates(),
        history=["2021-07-05  Nothing happens."],
        change=None,
        title="A test",
        about={"events": {"leave": [{"date": "2021-08-02", "text": "They leave."}]}},
        events=lambda replicate, history: pd.DataFrame([[replicate] * 49], columns=COLUMNS),
    )
    monkeypatch.setattr(study, "built", lambda settings: made)
    monkeypatch.setattr(study, "explained", lambda settings: made.history)
    return made


def settings(folder, **more):
    return Settings("test", {}, replicates=4, event_tables=(0, 2), output=folder, figures=False, **more)


def test_a_run_fills_its_folder(ready, tmp_path, capsys):
    folder = study.study(settings(tmp_path))
    assert {path.name for path in folder.iterdir()} == FILES
    assert "A test" in capsys.readouterr().out
    assert (folder / "history.txt").read_text() == "2021-07-05  Nothing happens.\n"
    assert sorted(path.name for path in (folder / "events").iterdir()) == [
        "leave-00000.csv", "leave-00002.csv", "stay-00000.csv", "stay-00002.csv",
    ]  # fmt: skip
    assert not list(folder.rglob("*.partial"))


def test_the_manifest_tells_how_to_make_it_again(ready, tmp_path):
    chosen = settings(tmp_path, seed=7)
    folder = study.study(chosen)
    about = json.loads((folder / "manifest.json").read_text())
    assert about["config_hash"] == chosen.hash
    assert (about["seed"], about["replicates"], about["computed"]) == (7, 4, 4)
    assert about["change"] == "2021-09-13"  # week 10, when the pretend histories part
    assert {"project", "python", "numpy", "numba", "mesa"} <= set(about["versions"])
    assert any(name.startswith("conf/region/") for name in about["data"])
    assert {"simulate", "tables"} <= set(about["seconds"])
    assert str(tmp_path) not in json.dumps(about)
    assert yaml.safe_load((folder / "config.yaml").read_text())["seed"] == 7


def test_running_again_computes_nothing_and_changes_no_result(ready, tmp_path):
    folder = study.study(settings(tmp_path))
    before = {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}
    study.study(settings(tmp_path, workers=1))
    assert ready.setup.asked == [(0, 2), (2, 2)]
    assert {path.name: path.read_bytes() for path in (folder / "tables").iterdir()} == before


def test_changed_code_or_data_makes_stored_replicates_stale(ready, tmp_path, monkeypatch, capsys):
    study.study(settings(tmp_path))
    monkeypatch.setattr(study, "fingerprint", lambda settings: "other")
    study.study(settings(tmp_path))
    assert "4 stored replicates are computed anew" in capsys.readouterr().err


def test_compilation_is_announced(ready, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(study, "is_cold", lambda: True)
    monkeypatch.setattr(study, "compile_ahead", lambda workers: None)
    study.study(settings(tmp_path))
    assert capsys.readouterr().err == "compiling the model, once, about half a minute\n"


def test_explain_prints_and_writes_nothing(ready, tmp_path, capsys):
    assert study.study(settings(tmp_path, explain=True)) is None
    assert capsys.readouterr().out == "2021-07-05  Nothing happens.\n"
    assert not list(tmp_path.iterdir())


def test_a_run_of_another_layout_is_refused_in_one_line(ready, tmp_path):
    folder = study.study(settings(tmp_path))
    about = json.loads((folder / "coordinates.json").read_text())
    del about["layout"]
    (folder / "coordinates.json").write_text(json.dumps(about))
    with pytest.raises(ValueError, match="the run folder has layout 1, expected 3") as refused:
        study.opened(folder)
    assert "\n" not in str(refused.value)


def test_a_finished_run_can_be_opened(ready, tmp_path):
    store, replicates = study.opened(study.study(settings(tmp_path)))
    assert replicates == 4
    assert store.coordinates == coordinates()
    assert store.missing(4, 8) == []
