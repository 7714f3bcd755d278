"""Calibration: priors, targets and the command; known parameters of the model are found again."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from experiments.calibrate import main, requested
from experiments.calibration import checks, facts, reporting
from experiments.calibration.priors import priors_of, read_question
from experiments.calibration.records import observed, recorded, span_of
from experiments.calibration.rounds import Setting, inferred
from experiments.calibration.simulations import Question, in_blocks, simulated
from experiments.calibration.targets import FAMILIES, Span, Targets, burstiness, gini, targets
from experiments.calibration.windows import Window
from experiments.composing import composed
from experiments.evidence.panel import month_of
from experiments.facts.reading import Part
from scenarios.build import Case, build
from tests.test_evidence_data import ROW

OFFSETS = {group: how["offset"] for group, how in read_question()["targets"].items()}
SPAN = Span(month_of(date(2021, 7, 1)), 6, ("MLI/Gao", "MLI/Mopti"))
FEW = {"encounters.rate": {"factor": 2.5}, "civilians.rate": {"factor": 3}, "civilians.deaths": {"factor": 2}}

KNOWN = 200
"""Simulations that a calibration learns from; with 100, intervals of 90 % held 81 % of 360 known values."""


# Priors


def test_a_prior_has_the_default_for_its_median_and_ninety_percent_within_what_was_asked():
    priors = priors_of({"encounters.rate": {"factor": 2}, "armed_groups.gather": {"share": 0.1}})
    values = priors.values(priors.sample(4096, 1))
    default = [prior.median for prior in priors.each]
    assert np.median(values, axis=0) == pytest.approx(default, rel=0.01)
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    assert [low[0], high[0]] == pytest.approx([default[0] / 2, default[0] * 2], rel=0.02)
    assert [low[1], high[1]] == pytest.approx([default[1] - 0.6, default[1] + 0.6], rel=0.02)  # range: -4 to 2


def test_draws_stay_in_the_admissible_range():
    priors = priors_of({"observation.near": {"share": 2}, "civilians.militia": {"factor": 400}})
    values = priors.values(priors.sample(1000, 2))
    assert values.min(axis=0)[0] >= 0.05
    assert values.max(axis=0).max() <= 1.0
    assert len(np.unique(values[:, 0])) == 1000, "no heap at an end of the range"


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"encounters.rte": {"factor": 2}}, "unknown parameter 'encounters.rte', did you mean 'encounters.rate'?"),
        ({"encounters.rate": {"fctor": 2}}, "encounters.rate has {'fctor': 2}, expected factor or share"),
    ],
)
def test_a_prior_that_cannot_be_is_refused(asked, line):
    with pytest.raises(ValueError, match=r".") as caught:
        priors_of(asked)
    assert str(caught.value).startswith(line)


def test_the_parameters_that_are_asked_can_be_run_with():
    priors = priors_of(read_question()["parameters"])
    assert 12 <= len(priors.each) <= 16
    assert priors.table(priors.sample(4, 1), first=7).draw(1, 9) == 2


# Targets


def events(*rows):
    columns = ("draw", "week", "month", "country", "region", "gid", "violence", "family", "deaths")
    return pd.DataFrame(list(rows), columns=columns)


def test_targets_of_events_that_can_be_counted_by_hand():
    first = SPAN.first
    parts = events(
        (0, 10, first, "MLI", "MLI/Gao", 1, 1, "jnim-state", 12.0),
        (0, 11, first + 5, "MLI", "MLI/Mopti", 2, 3, "issp-civilians", 3.0),
        (0, 12, first + 6, "MLI", "MLI/Mopti", 2, 3, "issp-civilians", 500.0),  # after the last month
    )
    found = targets(parts, 2, SPAN, OFFSETS)
    value = dict(zip(found.names, found.values[0], strict=True))
    empty = dict(zip(found.names, found.values[1], strict=True))
    assert value["deaths_family 2021-07..2021-12 jnim-state"] == pytest.approx(np.log(32.0))
    assert value["events_family 2021-07..2021-12 issp-civilians"] == pytest.approx(np.log(5.0))
    assert value["deaths_country 2021-07..2021-12 MLI 2021H2"] == pytest.approx(np.log(35.0))
    assert value["events_quarter 2021-07..2021-12 2021-10"] == pytest.approx(np.log(5.0))
    assert value["deaths_region 2021-07..2021-12 MLI/Gao"] == pytest.approx(np.log(32.0))
    assert value["civilians_by 2021-07..2021-12 issp"] == pytest.approx(np.log(23.0 / 83.0))
    assert value["sizes log_mean_fights"] == pytest.approx(np.log(12.0))
    assert value["sizes share_large"] == pytest.approx(np.log(2.0 / 7.0))
    assert value["places 2021-07..2021-12 deaths_in_worst_cells"] == 1.0
    assert empty["deaths_family 2021-07..2021-12 jnim-state"] == pytest.approx(np.log(20.0))
    assert np.isfinite(found.values).all()
    assert len(set(found.names)) == len(found.names)


def test_gini_and_burstiness():
    assert gini(np.array([1.0, 1.0, 2.0])) == pytest.approx(1 / 6)
    steady = burstiness(np.zeros(50, np.int64), np.arange(50))
    bursts = burstiness(np.zeros(50, np.int64), np.sort(np.r_[np.arange(25), 200 + np.arange(25)]))
    assert steady == -1.0
    assert bursts > 0.5


def test_nothing_after_the_last_day_is_looked_at(tmp_path):
    rows = [{**ROW, "id": 1}, {**ROW, "id": 2, "date_start": "2021-08-01", "date_end": "2021-08-01"}]
    later = {**ROW, "id": 3, "date_start": "2022-02-01", "date_end": "2022-02-01", "best": 999, "high": 999}
    found = []
    for name, some in (("a", rows), ("b", [*rows, later])):
        pd.DataFrame(some).to_csv(tmp_path / f"{name}.csv", index=False)
        seen = recorded(tmp_path / f"{name}.csv", date(2021, 8, 31))
        assert seen.known.key.tolist() == [2], "nor is it started from"
        span = span_of(seen.parts, Window(date(2021, 3, 1), date(2021, 8, 31)))
        found.append(observed(seen.parts, [span], OFFSETS, with_facts=False).values)
    assert np.array_equal(*found)
    with pytest.raises(ValueError, match=r"^events end on .*, expected some until 2023-12-31; give events=PATH$"):
        recorded(tmp_path / "a.csv", date(2023, 12, 31))


def test_a_fact_is_scaled_by_its_band():
    fact = Part("a", 1, (0.0, 10.0), {})
    assert [facts.scaled(fact, number) for number in (0.0, 10.0, np.inf)] == pytest.approx([-1.0, 1.0, 4.0])
    assert facts.scaled(fact, 2.3166) == pytest.approx(0.0, abs=1e-4)  # log 3.3166 = (log 1 + log 11) / 2


# The model


@pytest.fixture(scope="module")
def question():
    settings = composed(["scenario=historical", "seed=3"])
    window = Window(date(2021, 7, 5), date(2021, 12, 31))
    return Question(settings, priors_of(FEW), (window,), (SPAN,), OFFSETS, None, facts=False)


@pytest.fixture(scope="module")
def made(question, tmp_path_factory):
    """Three parameters calibrated to half a year that the model made itself, for sixteen truths: (truths, results)."""
    z = question.priors.sample(KNOWN + 16, 11)
    whole = in_blocks(question, z, tmp_path_factory.mktemp("blocks"), "round 1")
    tolerances = {group: how["tolerance"] for group, how in read_question()["targets"].items()}
    setting = Setting(question.priors.ends, tolerances, 0.4, 1, misses=False, steps=100)

    def found(truth):
        data = Targets(whole.names, whole.values[truth : truth + 1])
        return inferred(setting, data, z[:KNOWN], whole.values[:KNOWN], np.ones(KNOWN, np.int64))

    return z[KNOWN:], whole, [found(truth) for truth in range(KNOWN, len(z))]


def test_known_parameters_of_the_model_are_found(question, made):
    truths, _, results = made
    each = [checks.recovery(truth, found, question.priors) for truth, found in zip(truths, results, strict=True)]
    table = pd.concat(each)
    assert table["holds"].mean() >= 0.8, "of 48 intervals of 90 %"
    assert table["width"].mean() < 0.5
    miss = (table["q50"] - table["truth"]).abs().groupby(table["parameter"]).mean()
    assert (miss < 0.5).all(), "the prior alone misses by 0.8"


def test_a_draw_gives_the_same_targets_in_any_block(question, tmp_path):
    z = question.priors.sample(3, 9)
    whole = simulated(question, z, 40)
    assert np.array_equal(simulated(question, z[1:], 41).values, whole.values[1:])
    assert np.array_equal(in_blocks(question, z, tmp_path, "a", first=40).values, whole.values)

    def never(*_):
        raise AssertionError("what is in the folder is not simulated again")

    assert np.array_equal(in_blocks(question, z, tmp_path, "a", never, 40).values, whole.values)


def test_facts_that_a_run_does_not_cover_are_far():
    found = facts.simulated(build(Case(histories=("historical",), weeks=2)), 0, 2)
    assert len(found.names) >= 10
    assert (found.values == facts.FAR).all()


def test_tables_and_figures_of_a_calibration(question, made, tmp_path):
    _, whole, (found, *_) = made
    data = Targets(whole.names, whole.values[:1])
    tables = {
        "predictive": checks.predictive(data, {"defaults": found.y[:40], "posterior": found.y[-40:]}, found.used),
        "identifiability": checks.identifiability(found, question.priors),
        "correlations": checks.correlations(found, question.priors).rename_axis("parameter").reset_index(),
    }
    told = tables["identifiability"].set_index("parameter")
    assert (told["shrinkage"] > 0.3).all()
    about = {"mark": "0123456789", "draws": 144, "checks": 40, "rounds": [80, 64], "seed": 1, "commit": "abc",
             "dirty": False, "windows": {"2021-07..2021-12": ["2021-07-05", "2021-12-31"]}, "facts": False,
             "miss_factors": [1.0]}  # fmt: skip
    text = reporting.report(tmp_path, tables, about)
    assert "of 3 parameters" in text
    assert all((tmp_path / f"{name}.png").stat().st_size > 10_000 for name in reporting.FIGURES)
    assert reporting.targets(tables["predictive"]).rows[0][0] == f"deaths_family {SPAN.name} {FAMILIES[0]}"


# The command


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("until=2022-12-31", "until is 2022-12-31, but events after 2021-12-31 are held out for tests; say later=true"),
        ("until=2021-11-30", "until is 2021-11-30, expected the end of a half-year such as 2021-12-31"),
        ("start=2021-12-01", "start is 2021-12-01, expected at least half a year before 2021-12-31"),
        ("start=yesterday", "start is 'yesterday', expected a day such as 2019-12-30"),
        ("draws=5", "draws is '5', expected a whole number from 60 to 1000000"),
        ("truth=made", "truth is 'made', expected one of: recorded, synthetic"),
        ("seeed=1", "unknown key 'seeed'"),
    ],
)
def test_mistakes_give_one_line(word, line, capsys):
    assert main([word]) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


def test_what_the_command_line_asks():
    asked = requested(["draws=100", "facts=false", "seed=4", "until=2022-12-31", "later=true"])
    assert asked.numbers["draws"] == 100
    assert asked.rest == ("seed=4",)
    assert asked.windows == (Window(date(2019, 12, 30), date(2022, 12, 31)),)
    assert asked.windows[0].months == 36


def test_the_page_has_every_stretch_that_is_written_anew():
    page = reporting.PAGE.read_text(encoding="utf-8")
    names = {name for _, name, _ in reporting.BLOCK.findall(page)}
    assert names == {"result", "parameters", "groups", "targets"}
