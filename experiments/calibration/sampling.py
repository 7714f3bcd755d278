"""Sampling: draws from the posterior of the parameters, given an emulator and what was observed.

    y_observed ~ N(B f(z), V + m^2 D)

V is the noise of one simulation and D what a model of this kind is expected to miss: the tolerance of each target,
correlated within its group. The miss factors m, one for targets from events and one for facts, are sampled with the
parameters, log m ~ N(0, 1/2): where the model cannot come as near as was expected, m grows and the posterior widens.
Drawn by the ensemble sampler of `emcee` (Goodman & Weare 2010; Foreman-Mackey et al. 2013, PASP 125) with moves of
differential evolution (ter Braak & Vrugt 2008, Statistics and Computing 18).
"""

from __future__ import annotations

from dataclasses import dataclass

import emcee
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag, cholesky, eigh, solve_triangular
from threadpoolctl import threadpool_limits

from experiments.calibration.emulator import Emulator, features

Values = NDArray[np.float64]

WALKERS, STEPS, THIN = 96, 1500, 15
MOVES = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
MISS = 0.5
"""Standard deviation of log m before anything is seen."""


@dataclass(frozen=True)
class Likelihood:
    """Likelihood of what was observed, in coordinates in which all misses and noises are independent.

    Attributes:
        constant: of the emulator less what was observed, (coordinate,).
        weights: of the emulator, (feature, coordinate).
        noise: variance of a simulation in each, in units of that of a miss, (coordinate,).
        block: which miss factor each has, (coordinate,).
        ends: standardised ends of the ranges of parameters, (2, parameter).
        misses: whether the model may miss at all; False where it made the data itself.
    """

    constant: Values
    weights: Values
    noise: Values
    block: NDArray[np.int64]
    ends: Values
    misses: bool

    @property
    def size(self) -> int:
        """Parameters and miss factors that are sampled."""
        return int(self.ends.shape[1] + self.block.max() + 1)

    def log_posterior(self, states: Values) -> Values:
        """Log density of parameters and log m, up to a constant, (walker,).

        Args:
            states: standardised parameters and log m, (walker, size).
        """
        z, log_miss = np.split(states, [self.ends.shape[1]], axis=1)
        left = (features(z) @ self.weights + self.constant) ** 2
        variance = self.noise + (np.exp(2.0 * log_miss)[:, self.block] if self.misses else 0.0)
        likelihood = -0.5 * (left / variance + np.log(variance)).sum(axis=1)
        prior = -0.5 * (z**2).sum(axis=1) - 0.5 * ((log_miss / MISS) ** 2).sum(axis=1)
        inside = ((z >= self.ends[0]) & (z <= self.ends[1])).all(axis=1)
        return np.where(inside, likelihood + prior, -np.inf)


def likelihood(
    emulator: Emulator, observed: Values, missed: Values, block: NDArray[np.int64], ends: Values, *, misses: bool = True
) -> Likelihood:
    """The likelihood of targets.

    Args:
        emulator: of the targets.
        observed: (target,).
        missed: covariance D of what the model is expected to miss, (target, target).
        block: which miss factor each target has, from 0 on; noise of different blocks is independent, (target,).
        ends: standardised ends of the ranges of parameters, (2, parameter).
        misses: False if the model made the data itself.
    """
    parts = [_turned(emulator.noise[np.ix_(own, own)], missed[np.ix_(own, own)]) for own in _members(block)]
    turn = block_diag(*(turn for turn, _ in parts))[:, np.argsort(np.concatenate(_members(block)))]
    noise = np.concatenate([noise for _, noise in parts])
    constant = turn @ (emulator.constant - observed)
    return Likelihood(constant, emulator.weights @ turn.T, noise, np.sort(block), ends, misses)


def _members(block: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    return [np.flatnonzero(block == number) for number in range(int(block.max()) + 1)]


def _turned(noise: Values, missed: Values) -> tuple[Values, Values]:
    """A turn to coordinates in which `missed` is 1 and `noise` is diagonal, and that diagonal."""
    root = cholesky(missed, lower=True)
    inner = solve_triangular(root, noise, lower=True)
    variance, axes = eigh(solve_triangular(root, inner.T, lower=True))
    return axes.T @ solve_triangular(root, np.eye(len(root)), lower=True), np.maximum(variance, 1e-9)


def expected_misses(names: tuple[str, ...], tolerances: dict[str, float], together: float) -> Values:
    """Covariance D: tolerances of the groups, correlated by `together` within each, (target, target)."""
    groups = np.array([name.split(" ")[0] for name in names])
    each = np.array([tolerances[group] for group in groups])
    same = np.where(groups[:, None] == groups[None, :], together, 0.0)
    np.fill_diagonal(same, 1.0)
    return np.asarray(same * np.outer(each, each))


def posterior(of: Likelihood, seed: int, steps: int = STEPS) -> Values:
    """Draws of the standardised parameters and log m, (draw, parameter + miss factors)."""
    ends = np.full((2, of.size), [[-9.0], [9.0]])
    ends[:, : of.ends.shape[1]] = of.ends
    start = np.random.Generator(np.random.Philox(key=[seed, 1])).standard_normal((WALKERS, of.size))
    sampler = emcee.EnsembleSampler(WALKERS, of.size, of.log_posterior, vectorize=True, moves=MOVES)
    sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
    begin = np.clip(0.3 * start, ends[0] + 1e-6, ends[1] - 1e-6)
    with threadpool_limits(1):  # matrices are small: more threads would only wait for each other
        sampler.run_mcmc(begin, 2 * steps, skip_initial_state_check=True)
    return np.asarray(sampler.get_chain(discard=steps, thin=THIN, flat=True))
