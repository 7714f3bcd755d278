"""Sampling: draws from the posterior of the parameters, given an emulator and what was observed.

    y_observed ~ N(B f(z), V + m^2 D)

V is the noise of one simulation and D what a model of this kind is expected to miss: the tolerance of each target,
correlated within its group. The miss factor m is sampled with the parameters, log m ~ N(0, 1/2): where the model
cannot come as near as was expected, m grows and the posterior widens. Drawn by the affine-invariant ensemble sampler of
`emcee` (Goodman & Weare 2010; Foreman-Mackey et al. 2013, PASP 125).
"""

from __future__ import annotations

from dataclasses import dataclass

import emcee
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, eigh, solve_triangular

from experiments.calibration.emulator import Emulator

Values = NDArray[np.float64]

WALKERS, STEPS, BURN, THIN = 128, 3000, 1000, 20
MISS = 0.5
"""Standard deviation of log m before anything is seen."""


@dataclass(frozen=True)
class Likelihood:
    """Likelihood of what was observed, in coordinates in which all misses and noises are independent.

    Attributes:
        emulator: of the targets.
        turn: from targets to those coordinates, (coordinate, target).
        noise: variance of a simulation in each, in units of that of a miss, (coordinate,).
        observed: (coordinate,).
        ends: standardised ends of the ranges of parameters, (2, parameter).
        misses: whether the model may miss at all; False where it made the data itself.
    """

    emulator: Emulator
    turn: Values
    noise: Values
    observed: Values
    ends: Values
    misses: bool

    def log_posterior(self, states: Values) -> Values:
        """Log density of parameters and log m, up to a constant, (walker,).

        Args:
            states: standardised parameters and log m, (walker, parameter + 1).
        """
        z, log_miss = states[:, :-1], states[:, -1]
        left = (self.emulator.mean(np.clip(z, *self.ends)) @ self.turn.T - self.observed) ** 2
        miss = np.exp(2.0 * log_miss)[:, None] if self.misses else np.zeros((len(z), 1))
        variance = self.noise + miss
        likelihood = -0.5 * (left / variance + np.log(variance)).sum(axis=1)
        prior = -0.5 * (z**2).sum(axis=1) - 0.5 * (log_miss / MISS) ** 2
        inside = ((z >= self.ends[0]) & (z <= self.ends[1])).all(axis=1)
        return np.where(inside, likelihood + prior, -np.inf)


def likelihood(emulator: Emulator, observed: Values, missed: Values, ends: Values, *, misses: bool = True) -> Likelihood:
    """The likelihood of targets.

    Args:
        emulator: of the targets.
        observed: (target,).
        missed: covariance D of what the model is expected to miss, (target, target).
        ends: standardised ends of the ranges of parameters, (2, parameter).
        misses: False if the model made the data itself.
    """
    root = cholesky(missed, lower=True)
    inner = solve_triangular(root, emulator.noise, lower=True)
    noise, axes = eigh(solve_triangular(root, inner.T, lower=True))
    turn = axes.T @ solve_triangular(root, np.eye(len(root)), lower=True)
    return Likelihood(emulator, turn, np.maximum(noise, 1e-9), turn @ observed, ends, misses)


def expected_misses(names: tuple[str, ...], tolerances: dict[str, float], together: float) -> Values:
    """Covariance D: tolerances of the groups, correlated by `together` within each, (target, target)."""
    groups = np.array([name.split(" ")[0] for name in names])
    each = np.array([tolerances[group] for group in groups])
    same = np.where(groups[:, None] == groups[None, :], together, 0.0)
    np.fill_diagonal(same, 1.0)
    return np.asarray(same * np.outer(each, each))


def posterior(of: Likelihood, seed: int, steps: int = STEPS) -> Values:
    """Draws of the standardised parameters and log m, (draw, parameter + 1)."""
    size = of.ends.shape[1] + 1
    start = np.random.Generator(np.random.Philox(key=[seed, 1]))
    states = np.clip(0.3 * start.standard_normal((WALKERS, size)), -1.0, 1.0)
    states[:, :-1] = np.clip(states[:, :-1], of.ends[0] + 1e-6, of.ends[1] - 1e-6)
    sampler = emcee.EnsembleSampler(WALKERS, size, of.log_posterior, vectorize=True, moves=_moves())
    sampler.random_state = np.random.RandomState(seed % 2**32).get_state()
    burn = BURN * steps // STEPS
    sampler.run_mcmc(states, burn + steps, skip_initial_state_check=True)
    return np.asarray(sampler.get_chain(discard=burn, thin=THIN, flat=True))


def _moves() -> list[tuple[emcee.moves.Move, float]]:
    """Differential evolution, which mixes better than stretches in a dozen dimensions (emcee's guide)."""
    return [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
