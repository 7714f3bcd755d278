"""Rounds: simulations from the prior, then from where the posterior is so far, and the posterior of all of them.

Simulations are never thrown away: the emulator is fitted to all rounds, so that draws need no weights for where they
came from. Only the noise of the last round counts, which is that near the posterior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.emulator import Emulator, fitted
from experiments.calibration.sampling import STEPS, expected_misses, likelihood, posterior
from experiments.calibration.stretching import stretch
from experiments.calibration.targets import Targets

Values = NDArray[np.float64]
Simulates = Callable[[Values, str, int], tuple[Values, Targets]]
"""Takes standardised parameters (draw, parameter), a round's name and the number of its first draw; gives the
parameters that were simulated, which a resumed round has from before, and their targets."""

SHARES = (0.4, 0.3, 0.3)
"""Share of all simulations in each round."""

WIDER = 1.4
"""Later rounds go this much farther from the mean of the posterior so far than the posterior does."""

LEAST_EXPLAINED = 0.05
"""Targets of which the parameters explain less are left out: no draw is nearer to them than another."""

LEAST_TARGETS = 5
"""Fewer targets than that tell nothing."""

FACTS = "facts "
"""How names of targets begin that have a miss factor of their own."""


@dataclass(frozen=True)
class Setting:
    """What a posterior depends on beside simulations.

    Attributes:
        ends: standardised ends of the ranges of parameters, (2, parameter).
        tolerances: by group of targets.
        together: correlation of misses within a group.
        seed: of chance.
        misses: False if the model made the data itself.
        steps: of the sampler, after as many that are left out.
    """

    ends: Values
    tolerances: dict[str, float]
    together: float
    seed: int
    misses: bool = True
    steps: int = STEPS


@dataclass(frozen=True)
class Found:
    """A posterior and what it came from.

    Attributes:
        z: standardised parameters of all simulations, (simulation, parameter).
        y: their targets, (simulation, target).
        rounds: round of each, (simulation,).
        used: which targets say something, (target,).
        emulator: of all targets.
        stretched: factor by which its noise is larger than it seems.
        chain: draws of standardised parameters and log m, (draw, parameter + miss factors).
    """

    z: Values
    y: Values
    rounds: NDArray[np.int64]
    used: NDArray[np.bool_]
    emulator: Emulator
    stretched: float
    chain: Values

    def draws(self, count: int) -> Values:
        """Some draws of the standardised parameters, evenly out of the chain, (count, parameter)."""
        at = np.linspace(0, len(self.chain) - 1, count).astype(np.int64)
        return self.chain[at, : self.z.shape[1]]


def rounds(
    setting: Setting, observed: Targets, sizes: tuple[int, ...], first: Values, simulate: Simulates, name: str = ""
) -> Found:
    """The posterior after all rounds.

    Args:
        setting: what it depends on beside simulations.
        observed: (1, target).
        sizes: simulations in each round.
        first: standardised parameters of the first round, (draw, parameter).
        simulate: gives targets.
        name: of these rounds, where several have the first one in common.
    """
    z, made = simulate(first, "round 1", 0)
    y = _matching(made, observed)
    number = np.ones(len(z), np.int64)
    found = inferred(setting, observed, z, y, number)
    for k, size in enumerate(sizes[1:], start=2):
        own = wider(found.chain[:, : z.shape[1]], size, setting)
        own, made = simulate(own, f"{name}round {k}", len(z))
        z, y = np.concatenate([z, own]), np.concatenate([y, _matching(made, observed)])
        number = np.append(number, np.full(size, k))
        found = inferred(setting, observed, z, y, number)
    return found


def inferred(setting: Setting, observed: Targets, z: Values, y: Values, number: NDArray[np.int64]) -> Found:
    """The posterior from simulations as they are.

    Raises:
        ValueError: they are too few to tell anything; one line.
    """
    whole = fitted(z, y, number == number.max())
    used = np.asarray(whole.explained > LEAST_EXPLAINED)
    if used.sum() < LEAST_TARGETS:
        raise ValueError(f"{len(z)} simulations tell nothing of {len(used) - used.sum()} targets, give more draws")
    stretched = stretch(z, y[:, used], number == number.max())
    emulator = replace(whole, noise=whole.noise * stretched).only(used)
    names = tuple(name for name, keep in zip(observed.names, used, strict=True) if keep)
    missed = expected_misses(names, setting.tolerances, setting.together)
    block = np.unique([name.startswith(FACTS) for name in names], return_inverse=True)[1]
    seen = likelihood(emulator, observed.values[0, used], missed, block, setting.ends, misses=setting.misses)
    return Found(z, y, number, used, whole, stretched, posterior(seen, setting.seed, setting.steps))


def wider(chain: Values, size: int, setting: Setting) -> Values:
    """Parameters for the next round: draws from the posterior so far, moved away from its mean, (size, parameter)."""
    own = chain[np.linspace(0, len(chain) - 1, size).astype(np.int64)]
    centre = own.mean(axis=0)
    return np.clip(centre + WIDER * (own - centre), setting.ends[0] + 1e-6, setting.ends[1] - 1e-6)


def sizes_of(draws: int) -> tuple[int, ...]:
    """Simulations in each round.

    >>> sizes_of(1000)
    (400, 300, 300)
    """
    later = [int(draws * share) for share in SHARES[1:]]
    return (draws - sum(later), *later)


def _matching(made: Targets, observed: Targets) -> Values:
    if made.names != observed.names:
        raise ValueError("simulated and observed targets differ; delete the folder of the calibration and run it anew")
    return made.values
