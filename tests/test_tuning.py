"""Tuning: the design, emulators and suggestions on made-up data, and a small run of the command."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.optimize import check_grad

from experiments import scorecard
from experiments.calibration.priors import Prior, Priors
from experiments.calibration.simulations import kept_blocks
from experiments.calibration.targets import Targets
from experiments.composing import composed
from experiments.expected import Expected
from experiments.facts.reading import Part
from experiments.outcomes import Outcome
from experiments.parameters import listed
from experiments.tune import main, requested
from experiments.tuning import reporting, work
from experiments.tuning.design import EVERY, TUNING, design, read_tuning, steps
from experiments.tuning.emulators import LOWER, UPPER, VALUE, Number, effects, lines, numbers, of_fact, ridge
from experiments.tuning.recording import case_with, lead, observed_levels, parts_of
from experiments.tuning.suggesting import changes, costs, goals, predictions, suggested

SHIPPED = read_tuning()
TUNED = dataclasses.replace(
    SHIPPED,
    furthest=1.2,
    level_factor=2.0,
    least_lead=1.0,
    margin=0.15,
    penalty=1.0,
    clear=3.0,
    effects_only={"sizes": "-"},
)
SIZE = 40
ENDS = np.array([[-3.0] * SIZE, [3.0] * SIZE])


def noise(count: int, seed: int) -> np.ndarray:
    return np.random.Generator(np.random.Philox(seed)).standard_normal(count)


def made_up(name: str, effect: dict[int, float], start: float, low: float, high: float, seed: int = 4, sd: float = 0.5):
    """Steps of 40 parameters in 600 draws, and a number that a few of them move."""
    z = design(ENDS, 600, 0.2, 3)
    y = start + sum(slope * z[:, p] for p, slope in effect.items()) + sd * noise(600, seed)
    return z, Number(name, VALUE, y, low, high)


def change_for(*every: Number, ends: np.ndarray = ENDS) -> tuple[np.ndarray, pd.DataFrame]:
    found = lines(design(ENDS, 600, 0.2, 3), list(every), TUNED.clear)
    z = suggested(goals(list(every), found, TUNED), ends, TUNED)
    return z, predictions(list(every), found, z)


# Design


@pytest.fixture(scope="module")
def priors():
    return steps(SHIPPED, 1.6, {"encounters.rate": 0.2}, frozenset({"encounters.kill"}))


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


# Recording


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


# Emulators


def test_known_effects_are_found_and_others_are_not():
    """Thirty times the same number with other noise: what holds on average."""
    z = design(ENDS, 600, 0.2, 3)
    every = [made_up("fact a", {3: 0.5, 7: -0.3}, 2.0, 0.0, 1.0, seed)[1] for seed in range(30)]
    found = lines(z, every, 2.5)
    ranked = effects(every[:1], found, tuple(f"p.{i}" for i in range(SIZE)))
    assert ranked["parameter"].tolist()[:2] == ["p.3", "p.7"]
    assert found.clear[:, [3, 7]].mean(axis=0) == pytest.approx([0.5, -0.3], abs=0.03)
    shrunk = found.slopes[:, [3, 7]].mean(axis=0) / [0.5, -0.3]
    assert ((shrunk > 0.5) & (shrunk < 1.0)).all()
    assert found.start.mean() == pytest.approx(2.0, abs=0.05)
    assert found.spread == pytest.approx(0.5, rel=0.2)
    others = np.delete(found.t, [3, 7], axis=1)
    assert others.std() == pytest.approx(1.0, abs=0.1), "t values of what does nothing are those of chance"
    assert np.array_equal(np.delete(found.clear, [3, 7], axis=1) != 0.0, np.abs(others) >= 2.5)


def test_t_values_are_honest_where_draws_are_few():
    z = design(np.tile(ENDS, 5), 24, 0.2, 1)
    t = np.array([lines(z, [Number("fact a", VALUE, noise(24, seed))], 3.0).t[0] for seed in range(40)])
    assert 0.8 < t[:, z.any(axis=0)].std() < 1.5
    many = Number("fact a", VALUE, z[:, :100].sum(axis=1) + 0.1 * noise(24, 1))
    assert lines(z, [many], 3.0).t.std() < 1.9, "a line through every draw leaves nothing over, and knows nothing"


def test_ridge_is_that_of_the_textbook():
    """Slow twin: the normal equations."""
    a = design(ENDS, 100, 0.2, 5)
    a, b = a - a.mean(axis=0), noise(100, 6) - noise(100, 6).mean()
    slopes, t, spread = ridge(a, b, (30.0,))
    inverse = np.linalg.inv(a.T @ a + 30.0 * np.eye(SIZE))
    twin, left = inverse @ a.T @ b, b - a @ inverse @ a.T @ b
    s2 = left @ left / (100 - 1 - np.trace(inverse @ a.T @ a))
    assert slopes == pytest.approx(twin)
    assert spread == pytest.approx(np.sqrt(s2))
    assert t == pytest.approx(twin / np.sqrt(s2 * np.diag(inverse @ a.T @ a @ inverse)))


def test_facts_are_put_on_a_scale_on_which_effects_add_up():
    many, few = np.linspace(0.0, 30.0, 50), np.repeat([0.0, 1.0, 2.0, 3.0, 9.0], 10)
    (plain,) = of_fact("fact a", many, Part("a", 1, (9.0, 20.0), {}))
    assert (plain.what, plain.offset) == (VALUE, 2.0)
    assert plain.low == pytest.approx(np.log(11.0))
    assert plain.told(np.log(11.0)) == pytest.approx(9.0)
    lower, upper = of_fact("fact a", few, Part("a", 1, (1.0, 3.0), {}))
    assert (lower.what, upper.what) == (LOWER, UPPER)
    assert (lower.y.mean(), upper.y.mean(), lower.low) == pytest.approx((0.8, 0.8, 0.5))
    days = of_fact("fact a", np.append(many, np.inf), Part("a", 1, (-5.0, 20.0), {}, unit="month"))
    assert [number.what for number in days] == [UPPER], "all are at or above the lower end"
    (signed,) = of_fact("fact a", many - 3.0, Part("a", 1, (1.0, 2.0), {}))
    assert np.isnan(signed.offset)
    assert signed.low == 1.0


def test_what_says_nothing_is_left_out():
    made = Targets(("fact a", "level X 2021H2", "level Y 2021H2", "sign s"), np.ones((8, 4)) * [np.nan, 95.0, 1.0, 2.0])
    made.values[:4, 3] = 4.0
    found = numbers(made, {"a": Part("a", 1, (0.0, 1.0), {})}, {"level X 2021H2": 195.0}, TUNED)
    assert [number.name for number in found] == ["level X 2021H2", "sign s"]
    assert found[0].low == pytest.approx(np.log(100.0))
    assert found[0].told(found[0].high) == pytest.approx(395.0)
    assert found[1].y[[0, -1]] == pytest.approx([4.0, 2.0])  # leads over their standard deviation, which is 1
    assert found[1].low == 1.0


# Suggestions


def test_a_fact_is_moved_into_its_band_by_what_moves_it_and_nothing_else():
    z, told = change_for(made_up("fact a", {3: 0.5, 7: -0.3}, 0.0, 0.4, 2.0)[1])
    assert set(np.flatnonzero(z)) <= {3, 7}
    assert z[3] > 0.5
    assert told[["inside_before", "inside_after"]].values.tolist() == [[False, True]]
    assert told["after"][0] == pytest.approx(0.4 + 0.15 * 0.5, abs=0.1), "by about its margin"


def test_a_fact_that_is_well_inside_asks_for_nothing():
    z, _ = change_for(made_up("fact a", {3: 0.5}, 1.0, 0.0, 2.0)[1])
    assert not z.any()


def test_a_level_is_held_and_another_way_is_found():
    fact = made_up("fact a", {3: 0.5, 9: 0.3}, 0.0, 0.25, 2.0)[1]
    level = made_up("level b", {3: 1.0}, 0.0, -0.1, 0.1, seed=2)[1]
    alone, _ = change_for(fact)
    held, told = change_for(fact, level)
    assert alone[3] > 0.4
    assert held[9] > alone[9]
    assert abs(held[3]) < 0.2
    assert told["inside_after"].all()


def test_what_is_out_of_reach_does_not_pull():
    z, _ = change_for(made_up("fact a", {3: 0.5}, 0.0, 50.0, 60.0)[1])
    assert not z.any()


def test_effects_alone_are_no_aim():
    z, _ = change_for(made_up("fact sizes:2", {3: 0.5}, 0.0, 0.4, 2.0)[1])
    assert not z.any()


def test_a_change_ends_where_the_range_does():
    ends = ENDS.copy()
    ends[1, 3] = 0.2
    z, _ = change_for(made_up("fact a", {3: 0.5}, 0.0, 0.4, 2.0)[1], ends=ends)
    assert z[3] == pytest.approx(0.2)
    far, _ = change_for(made_up("fact a", {3: 0.5}, 0.0, 0.9, 2.0)[1])
    assert far[3] == pytest.approx(TUNED.furthest)


def test_costs_and_their_slopes_agree():
    every = [made_up("fact a", {3: 0.5}, 0.0, 0.4, 2.0)[1], made_up("level b", {3: 1.0, 5: 0.4}, 0.0, 0.2, 0.3)[1]]
    own = goals(every, lines(design(ENDS, 600, 0.2, 3), every, 3.0), TUNED)
    at = 0.3 * noise(SIZE, 9)
    assert check_grad(lambda z: costs(own, z)[0], lambda z: costs(own, z)[1], at) < 1e-3
    assert np.abs(costs(own, at)[1]).max() > 0.1


def test_suggested_values_lie_in_the_range_and_can_be_run_with(priors):
    z = np.zeros(len(priors.each))
    z[[priors.names.index("encounters.rate"), priors.names.index("armed_groups.gather")]] = 1.0, -0.5
    table = changes(priors, z)
    assert table["parameter"].tolist() == ["encounters.rate", "armed_groups.gather"]
    assert table["suggested"].tolist() == pytest.approx([0.32, -1.36])
    edge = Priors((Prior("encounters.rate", 0.14, 0.5, True, 0.01, 0.333333),))
    assert changes(edge, np.array([9.0]))["suggested"][0] == 0.333
    words = reporting.words_of(table, ["seed=2", "parameters.encounters.rate=0.2", "mechanism/governance=off"]).split()
    given = {"encounters": {"rate": 0.32}, "armed_groups": {"gather": -1.36}}
    assert composed(words).parameters == given
    assert scorecard.read(words).settings.parameters == given
    assert scorecard.read(words).settings.mechanisms == {"governance": "off"}


# The command


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
