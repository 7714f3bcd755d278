"""Tuning: lines through made-up data find what moves a number, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.calibration.targets import Targets
from experiments.facts.reading import Part
from experiments.tuning.design import design
from experiments.tuning.emulators import LOWER, UPPER, VALUE, Number, effects, lines, numbers, of_fact, ridge
from tests.tuned import ENDS, SIZE, TUNED, made_up, noise


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
