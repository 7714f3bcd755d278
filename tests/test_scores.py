"""Scores and baselines: numbers in the head, slow twins, scoringrules, and the table of conflictology."""

import importlib.util
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from experiments.evidence.areas import areas
from experiments.evidence.baselines import BASELINES, bootstrap
from experiments.evidence.events import events_of
from experiments.evidence.panel import Panel, Reading, month_of, panel, shared_out
from experiments.evidence.releases import read_release
from experiments.evidence.scores import BINS, covered, crps, ignorance, interval_score, pit, pit_histogram

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CHANCE = np.random.default_rng(7)
DRAWS = CHANCE.negative_binomial(0.4, 0.02, (57, 40)).astype(float)
SEEN = CHANCE.negative_binomial(0.4, 0.02, 40).astype(float)

CONFLICTOLOGY = {
    (2021, "country"): ("41.6", "46.4"),
    (2021, "admin1"): ("6.50", "6.76"),
    (2021, "cell"): ("0.333", "0.323"),
    (2022, "country"): ("93.7", "94.1"),
    (2022, "admin1"): ("12.69", "12.46"),
    (2022, "cell"): ("0.592", "0.574"),
}
"""CRPS of conflictology over 12 and 36 months by target year and level, all violence."""


@pytest.fixture(scope="module")
def parts():
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} is missing")
        pytest.skip("needs the GED events in ../shared/data")
    return shared_out(events_of(read_release(SHARED)[0], areas()), areas(), Reading())


@pytest.mark.parametrize(("year", "level"), CONFLICTOLOGY)
def test_conflictology_scores_as_computed_elsewhere(parts, year, level):
    months, origin = panel(parts, level, areas()), month_of(date(year - 1, 12, 31))
    seen = months.months(origin + 1, 12)
    for length, expected in zip((12, 36), CONFLICTOLOGY[year, level], strict=True):
        score = crps(BASELINES[f"conflictology_{length}"](months, origin, 12), seen).mean()
        assert f"{score:.{len(expected.partition('.')[2])}f}" == expected


def test_crps_in_the_head():
    assert crps([0.0], 3.0) == 3.0  # one draw: the distance
    assert crps([0.0, 4.0], 0.0) == 1.0  # 2 - 4/4
    assert crps(np.zeros((5, 2)), np.array([0.0, 7.0])).tolist() == [0.0, 7.0]


def test_ignorance_in_the_head():
    assert ignorance([0.0] * 12, 1.0) == pytest.approx(np.log2(1011))  # nothing but the count of one
    assert ignorance([0.0, 1.0], 2.0) == pytest.approx(-np.log2(501 / 1011))  # 1 and 2 share a bin
    assert ignorance([5000.0], 1001.0) == pytest.approx(-np.log2(1001 / 1011))  # the last bin is open
    assert ignorance([0.4], 0.0) == ignorance([0.0], 0.0)


def test_interval_score_in_the_head():
    draws = np.arange(101.0)  # quantiles 5 and 95
    assert interval_score(draws, 50.0) == pytest.approx(90.0)
    assert interval_score(draws, 97.0) == pytest.approx(90.0 + 20 * 2)
    assert interval_score(draws, 2.0) == pytest.approx(90.0 + 20 * 3)
    assert covered(draws, np.array([5.0, 96.0])).tolist() == [True, False]


def test_crps_equals_its_definition():
    for unit in range(DRAWS.shape[1]):
        x, y = DRAWS[:, unit], SEEN[unit]
        slow = np.mean([abs(a - y) for a in x]) - 0.5 * np.mean([abs(a - b) for a in x for b in x])
        assert crps(x, y) == pytest.approx(slow)


def test_ignorance_equals_its_definition():
    for unit in range(DRAWS.shape[1]):
        at = max(b for b, low in enumerate(BINS) if SEEN[unit] >= low)
        high = (*BINS[1:], np.inf)[at]
        share = sum(BINS[at] <= x < high for x in DRAWS[:, unit]) / len(DRAWS)
        assert ignorance(DRAWS[:, unit], SEEN[unit]) == pytest.approx(-np.log2((1000 * share + 1) / 1011))


def test_scores_equal_those_of_scoringrules():
    if importlib.util.find_spec("scoringrules") is None and not os.environ.get("CI"):
        pytest.skip("needs scoringrules, an optional dependency")
    import scoringrules

    assert np.allclose(crps(DRAWS, SEEN), scoringrules.crps_ensemble(SEEN, DRAWS, m_axis=0, estimator="nrg"))
    low, high = np.quantile(DRAWS, [0.05, 0.95], axis=0)
    assert np.allclose(interval_score(DRAWS, SEEN), scoringrules.interval_score(SEEN, low, high, 0.1))
    bins = np.arange(1, len(BINS) + 1)
    share = (np.digitize(DRAWS, BINS)[..., None] == bins).mean(axis=0)
    said = (1000 * share + 1) / (1000 + len(BINS))
    own = said[np.arange(len(SEEN)), np.digitize(SEEN, BINS) - 1]
    assert np.allclose(ignorance(DRAWS, SEEN), scoringrules.log_score(np.ones(len(own)), own) / np.log(2))


def test_pit_of_a_calibrated_forecast_is_flat():
    chance = np.random.default_rng(1)
    rates = chance.gamma(2.0, 3.0, 4000)
    low, high = pit(chance.poisson(rates, (400, 4000)), chance.poisson(rates))
    assert np.abs(pit_histogram(low, high) - 0.1).max() < 0.02
    narrow = pit_histogram(*pit(np.zeros((10, 50)), np.full(50, 3.0)))
    assert narrow[-1] == pytest.approx(1.0)


def test_baselines_in_the_head():
    months = Panel("country", ("A", "B"), 100, np.vstack([np.arange(40.0), np.zeros(40)]))
    assert BASELINES["last_month"](months, 139, 2)[:, 0].tolist() == [[39.0, 39.0]]
    past = BASELINES["conflictology_12"](months, 139, 3)
    assert past.shape == (12, 2, 3)
    assert past[:, 0, 2].tolist() == list(np.arange(28.0, 40.0))
    assert BASELINES["zeros"](months, 139, 3).sum() == 0
    drawn = bootstrap(months, 139, 2)
    assert drawn.shape == (1000, 2, 2)
    assert set(drawn[:, 1, 0]) <= {0.0, *np.arange(4.0, 40.0)}
    assert np.array_equal(drawn, bootstrap(months, 139, 2))


def test_no_baseline_looks_ahead():
    values = np.random.default_rng(3).poisson(4.0, (3, 80)).astype(float)
    later = values.copy()
    later[:, 60:] = 999.0
    for name, forecast in BASELINES.items():
        first, second = (forecast(Panel("country", ("A", "B", "C"), 0, v), 59, 12) for v in (values, later))
        assert np.array_equal(first, second), name
