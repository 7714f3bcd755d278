"""Sensitivity: which assumptions are changed, by how much, and what that does to the answer."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from synthetic import Setup, coordinates

from experiments import sensitivity
from experiments.figures import tornado
from experiments.outcomes import OUTCOMES
from experiments.parameters import listed
from experiments.store import Store
from scenarios.build import CONF
from scenarios.mechanisms import check_parameters, mechanisms
from sim.processes.encounters import Encounters

ROWS = {f"{row.process}.{row.name}": row for row in listed()}
ARMS = tuple(f"{mark}: {history}" for mark in ("as it is", "encounters.rate=low") for history in ("leave", "stay"))


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0.2, 0.0, 2.0, (0.1, 0.4)),
        (0.75, 0.0, 1.0, (0.375, 1.0)),
        (-0.2, -1.0, 1.0, (-0.7, 0.3)),
        (0.0, 0.0, 8.0, (0, 2)),
    ],
)
def test_low_and_high_are_half_and_twice_within_the_range(value, low, high, expected):
    row = ROWS["encounters.rate"]._replace(value=value, low=low, high=high)
    assert sensitivity.ends(row) == pytest.approx(expected)


def test_every_lever_is_a_number_that_may_take_both_values():
    assert set(sensitivity.LEVERS) <= set(ROWS)
    assert set(sensitivity.OFF) == set(mechanisms(CONF))
    found = sensitivity.changes()
    assert len(found) == 2 * len(sensitivity.LEVERS) + len(sensitivity.OFF)
    for change in found:
        check_parameters(change.parameters)
        assert change.setting in tornado.LOOKS


def test_only_some_are_changed_where_they_are_named():
    found = sensitivity.changes(["pressure", "encounters.kill"])
    assert [(c.name, c.setting) for c in found] == [
        ("encounters.kill", "low"), ("encounters.kill", "high"), ("pressure", "off"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"unknown 'encounter.rate', expected .* did you mean 'encounters.rate'"):
        sensitivity.changes(["encounter.rate"])
    with pytest.raises(ValueError, match=r"relations\.rule is a form, expected a number"):
        sensitivity.changes(["relations.rule"])


def test_a_folder_that_is_no_run_is_refused(tmp_path, capsys):
    assert sensitivity.main([f"run={tmp_path}"]) == 2
    assert "has no config.yaml, expected the folder of a finished run" in capsys.readouterr().err


def test_settings_of_a_run_are_read_back(tmp_path):
    (tmp_path / "config.yaml").write_text(
        "scenario: minusma_exit\nseed: 7\ndraws: none\nweeks: 60\nstart: null\nmechanisms: {rivalry: off_}\n"
        "parameters: {encounters: {rate: 0.3}}\nevents: [niger_coup]\n"
    )
    assert sensitivity.words_of(tmp_path) == [
        "scenario=minusma_exit", "seed=7", "draws=none", "weeks=60", "mechanism/rivalry=off_",
        "parameters.encounters.rate=0.3", "+events=[niger_coup]",
    ]  # fmt: skip


def test_the_shift_is_the_difference_of_paired_differences(tmp_path, monkeypatch):
    """As it is the scenario adds 1 to everything from week 10 on, under the change nothing."""
    names = dataclasses.replace(coordinates(), history=ARMS)
    store = Store(tmp_path, names, "abc")
    store.write(0, Setup(names).block(0, 4).arrays)
    monkeypatch.setattr(sensitivity, "stored", lambda ready: store)
    change = sensitivity.changes(["encounters.rate"])[0]
    ready = SimpleNamespace(
        settings=SimpleNamespace(replicates=4), changes=(change,), histories=("leave", "stay"), week=10
    )
    frame = sensitivity.effects(ready)
    whole = frame[frame["window"] == "whole run"].set_index("outcome")
    attacks = whole.loc["attacks_jnim"]
    assert (attacks["base"], attacks["answer"], attacks["change"]) == (22 * 3, 0.0, -66.0)  # weeks times regions
    assert (attacks["standard_error"], attacks["n"]) == (0.0, 4)
    assert attacks["label"] == next(o.label for o in OUTCOMES if o.name == "attacks_jnim")
    text = tornado.page_of(frame, "minusma_exit", "stamp")
    assert f"| How often armed sides meet (`encounters.rate`) | low: {Encounters().rate / 2:.2g} |" in text
    assert isinstance(frame, pd.DataFrame)
    assert np.isfinite(frame["change"]).all()
