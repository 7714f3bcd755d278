"""Tuning: which draws are made, what is recorded of each, and mistakes in its file."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import yaml

from experiments.calibration.simulations import kept_blocks
from experiments.calibration.targets import Targets
from experiments.composing import composed
from experiments.expected import Expected
from experiments.outcomes import Outcome
from experiments.parameters import listed
from experiments.tuning.design import EVERY, TUNING, design, read_tuning
from experiments.tuning.recording import case_with, lead, observed_levels, parts_of
from tests.tuned import ENDS, SHIPPED, varied


@pytest.fixture(scope="module")
def priors():
    return varied()


def test_draws_stay_in_ranges_and_move_a_share(priors):
    z = design(priors.ends, 80, 0.15, 1)
    values = priors.values(z)
    low, high, default = (np.array([getattr(p, name) for p in priors.each]) for name in ("low", "high", "median"))
    assert ((values >= low) & (values <= high)).all()
    assert ((z >= priors.ends[0]) & (z <= priors.ends[1])).all(), (
        "a step that is cut short counts as what is left of it"
    )
    assert not z[::EVERY].any()
    assert np.allclose(values[0], default)
    moved = np.delete(z, np.s_[::EVERY], axis=0) != 0
    assert 0.12 < moved.mean() < 0.17
    assert moved.any(axis=0).mean() > 0.99


def test_a_design_is_the_start_of_a_longer_one_and_hangs_on_the_seed(priors):
    short, long, other = (design(priors.ends, n, 0.15, seed) for n, seed in ((20, 1), (50, 1), (20, 2)))
    assert np.array_equal(short, long[:20])
    assert not np.array_equal(short, other)


def test_what_is_varied_and_by_how_much(priors):
    names, own = set(priors.names), {prior.name: prior for prior in priors.each}
    assert not names & {"encounters.tail", "control.control_share", "displacement.form", "encounters.kill"}
    assert own["encounters.rate"].value(np.array([1.0, -1.0])) == pytest.approx([0.32, 0.125])
    assert own["armed_groups.gather"].value(np.array([1.0])) == pytest.approx([-1.0 + 0.12 * 6.0])  # range: -4 to 2
    assert own["politics.trap"].ends[0] == 0.0  # its default is the lower end of its range
    numeric = [row for row in listed() if not row.forms]
    assert 0.9 * len(numeric) < len(names) < len(numeric)


@pytest.mark.parametrize(
    ("key", "content", "line"),
    [
        ("shfit", 1.0, "tuning.yaml: unknown 'shfit', expected .*, did you mean 'shift'?"),
        ("margin", None, "tuning.yaml: no 'margin', expected "),
        (
            "leave_out",
            {"encounters.tial": "-"},
            "leave_out has 'encounters.tial', which fits no parameter, did you mean",
        ),
    ],
)
def test_mistakes_in_the_file_are_told_in_one_line(key, content, line, tmp_path):
    told = yaml.safe_load(TUNING.read_text(encoding="utf-8")) | {key: content}
    path = tmp_path / "tuning.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in told.items() if v is not None}), encoding="utf-8")
    with pytest.raises(ValueError, match=line) as caught:
        read_tuning(path)
    assert "\n" not in str(caught.value)


def test_start_values_are_no_facts_to_tune_to():
    names = parts_of(SHIPPED)
    assert "issp_governance" in names
    assert not [name for name in names if name.startswith(("fighters_2018", "external_forces", "displaced"))]
    with pytest.raises(ValueError, match="unknown fact 'issp_govrnance', did you mean 'issp_governance'"):
        parts_of(dataclasses.replace(SHIPPED, start_values=("issp_govrnance",)))


def test_what_somebody_set_is_varied_from_there(priors):
    settings = composed(["scenario=historical", "parameters.encounters.rate=0.2", "parameters.encounters.kill=0.1"])
    case = case_with(settings, priors, design(priors.ends, 2, 0.15, 1), 0)
    assert dict(case.parameters["encounters"]) == {"kill": 0.1}, "what is in the table may not be set beside it"
    assert case.table is not None
    assert case.table.values_of("encounters", 0)["rate"] == pytest.approx(0.2)
    assert "kill" not in case.table.values_of("encounters", 0)


@pytest.mark.parametrize(
    ("sign", "bound", "expected"),
    [("+", 0.0, [2.0, -1.0]), ("-", 0.0, [-2.0, 1.0]), ("above", 0.5, [3.5, 1.0])],
)
def test_a_lead_is_positive_where_a_replicate_agrees(sign, bound, expected):
    measure = Expected(Outcome("a", "a", "", "deaths"), None, None, sign, bound)
    scenario, baseline = np.array([5.0, 3.0]), np.array([3.0, 4.0])
    assert lead(measure, scenario, baseline) == pytest.approx(expected)
    assert (lead(measure, scenario, baseline) > 0).tolist() == measure.agrees(scenario, baseline).tolist()


def test_recorded_levels_are_those_that_ship():
    found = observed_levels()
    assert found["level MLI 2021H2"] == 600.0  # 244 + 229 + 127
    assert len(found) == 9


def test_blocks_of_other_draws_are_made_again(tmp_path):
    asked = []

    def make(own, at):
        asked.append(at)
        return Targets(("sum",), own.sum(axis=1, keepdims=True))

    z = design(ENDS, 40, 0.2, 1)
    kept_blocks(make, z[:20], tmp_path, "draws", 1)
    assert asked == [0, 16]
    more = kept_blocks(make, z, tmp_path, "draws", 1)
    assert asked == [0, 16, 16, 32], "the second block was not whole"
    assert more.values[:, 0] == pytest.approx(z.sum(axis=1))
