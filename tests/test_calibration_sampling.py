"""Calibration: emulator and sampler against what is known of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from experiments.calibration.emulator import Emulator, features, fitted
from experiments.calibration.rounds import Setting, inferred, rounds
from experiments.calibration.sampling import expected_misses, likelihood, posterior
from experiments.calibration.stand_in import by_emulator, compared
from experiments.calibration.stretching import stretch
from experiments.calibration.targets import Targets


def chance(seed):
    return np.random.Generator(np.random.Philox(seed))


def test_the_emulator_finds_a_parabola_and_its_noise():
    z = chance(1).standard_normal((600, 2))
    y = np.column_stack([3.0 + z[:, 0] - 2.0 * z[:, 0] * z[:, 1], chance(2).standard_normal(600)])
    y += 0.1 * chance(3).standard_normal((600, 2))
    found = fitted(z, y, np.ones(600, bool))
    assert found.mean(np.array([[1.0, 1.0]]))[0, 0] == pytest.approx(2.0, abs=0.05)
    assert found.noise[0, 0] == pytest.approx(0.01, rel=0.5)
    assert found.explained[0] > 0.95
    assert found.explained[1] < 0.1


def plain_emulator(size, targets_count, seed=4):
    draw = chance(seed)
    noise = draw.normal(size=(targets_count, targets_count))
    weights = draw.normal(size=(features(np.zeros((1, size))).shape[1], targets_count))
    noise = noise @ noise.T + np.eye(targets_count)
    return Emulator(draw.normal(size=targets_count), weights, noise, np.ones(targets_count))


@pytest.mark.parametrize("misses", [True, False])
def test_the_likelihood_is_that_of_a_normal_distribution(misses):
    """Slow twin: the whole covariance matrix, block by block, in place of turned coordinates."""
    names = ("sizes a", "facts a", "sizes b", "facts b", "gaps a")
    missed = expected_misses(names, {"sizes": 0.5, "facts": 1.0, "gaps": 0.2}, 0.4)
    assert missed[0, 2] == pytest.approx(0.1)
    assert missed[0, 1] == 0.0
    block = np.array([0, 1, 0, 1, 0])
    emulator, ends = plain_emulator(2, 5), np.array([[-3.0, -3.0], [3.0, 3.0]])
    own = likelihood(emulator, np.arange(5.0), missed, block, ends, misses=misses)
    states = np.array([[0.1, -0.4, 0.3, -0.2], [1.0, 0.5, -0.5, 0.6], [4.0, 0.0, 0.0, 0.0]])

    def twin(state):
        total = -0.5 * (state[:2] ** 2).sum() - 0.5 * ((state[2:] / 0.5) ** 2).sum()
        for k in (0, 1):
            at = np.flatnonzero(block == k)
            cover = emulator.noise[np.ix_(at, at)]
            cover = cover + (np.exp(2 * state[2 + k]) * missed[np.ix_(at, at)] if misses else 0.0)
            total += multivariate_normal.logpdf(np.arange(5.0)[at], emulator.mean(state[None, :2])[0, at], cover)
        return total

    found = own.log_posterior(states)
    assert found[0] - found[1] == pytest.approx(twin(states[0]) - twin(states[1]))
    assert found[2] == -np.inf, "outside the range"


def test_the_sampler_gives_a_posterior_that_is_known():
    """One parameter, one target: y = 2 z + e with variance 1, z standard normal, y = 1: z ~ N(0.4, 0.2)."""
    emulator = Emulator(np.zeros(1), np.array([[2.0], [0.0]]), np.eye(1), np.ones(1))
    ends = np.array([[-5.0], [5.0]])
    own = likelihood(emulator, np.ones(1), np.eye(1), np.zeros(1, np.int64), ends, misses=False)
    chain = posterior(own, 1, 400)
    assert chain[:, 0].mean() == pytest.approx(0.4, abs=0.03)
    assert chain[:, 0].var() == pytest.approx(0.2, abs=0.03)
    assert np.array_equal(chain, posterior(own, 1, 400)), "the same seed gives the same draws"


def test_noise_is_stretched_where_the_emulator_makes_too_sure():
    """Parabolas fit straight lines, and exponentials badly."""
    z = chance(5).standard_normal((400, 2))
    noise = 0.1 * chance(6).standard_normal((400, 4))
    straight, bent = np.column_stack([z, -z]) + noise, np.column_stack([np.exp(1.5 * z), np.exp(-1.5 * z)]) + noise
    assert stretch(z, straight, np.ones(400, bool)) < 1.25
    assert stretch(z, bent, np.ones(400, bool)) > 2.0


def test_known_parameters_of_the_stand_in_are_found():
    held, width = compared(lambda *of: by_emulator(*of, steps=300), 300, 1)
    assert held >= 0.75
    assert width < 0.8


def test_too_few_simulations_are_refused():
    setting, z = Setting(np.array([[-3.0], [3.0]]), {"a": 1.0}, 0.0, 1), chance(7).standard_normal((20, 2))
    noise = Targets(("a b", "a c"), chance(8).standard_normal((20, 2)))
    with pytest.raises(ValueError, match=r"^20 simulations tell nothing of 2 targets, give more draws$"):
        inferred(setting, noise, z, noise.values, np.ones(20, np.int64))


def test_targets_that_differ_are_refused():
    setting = Setting(np.array([[-3.0], [3.0]]), {"a": 1.0}, 0.0, 1)
    with pytest.raises(ValueError, match="simulated and observed targets differ"):
        rounds(setting, Targets(("a b",), np.zeros((1, 1))), (5,), np.zeros((5, 1)),
               lambda z, name, first: (z, Targets(("a c",), np.zeros((5, 1)))))  # fmt: skip
