from __future__ import annotations

import dataclasses

import pytest

from experiments import parameters
from scenarios.week import WEEK
from sim.processes.encounters import Encounters


def test_every_parameter_of_the_week_is_listed_once():
    rows = parameters.listed()
    expected = [(p.name, f.name) for p in WEEK if p.parameters is not None for f in dataclasses.fields(p.parameters)]
    assert [(row.process, row.name) for row in rows] == expected
    assert all(row.value in row.forms if row.forms else row.low <= row.value <= row.high for row in rows)
    assert all(row.unit and row.source for row in rows)
    assert all((parameters.ROOT / row.file).is_file() for row in rows)


def test_one_process_is_listed_with_its_values():
    rows = parameters.listed("encounters")
    assert {row.process for row in rows} == {"encounters"}
    assert next(row.value for row in rows if row.name == "rate") == Encounters().rate
    assert rows[0].file == "sim/processes/encounters.py"


def test_an_unknown_process_is_told_with_the_nearest_name(capsys):
    assert parameters.main(["encounter"]) == 2
    told = capsys.readouterr().err
    assert "unknown process 'encounter'" in told
    assert told.endswith("did you mean 'encounters'?\n")


@pytest.mark.parametrize("words", [["--mardown"], ["control", "muster"], ["control", "--markdown"]])
def test_what_cannot_be_read_is_told_in_one_line(words, capsys):
    assert parameters.main(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_page_has_a_row_for_each_parameter(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(parameters, "ROOT", tmp_path)
    monkeypatch.setattr(parameters, "PAGE", tmp_path / "parameters.md")
    assert parameters.main(["--markdown"]) == 0
    page = parameters.PAGE.read_text(encoding="utf-8")
    assert sum(line.startswith("| `") for line in page.splitlines()) == len(parameters.listed())
    assert "| `reference` | 50 | fighters | 10 to 200 |" in page
    assert "written to parameters.md" in capsys.readouterr().out


def test_the_printed_list_shows_value_unit_and_range(capsys):
    assert parameters.main(["encounters"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("  reference"))
    assert line.split()[:6] == ["reference", "50", "fighters", "10", "to", "200"]
