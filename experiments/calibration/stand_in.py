"""Stand-in: two ways to a posterior compared where the truth is known and a simulation costs nothing.

``python -m experiments.calibration.stand_in [simulations=2400] [truths=10]`` prints, for each way, how often central
90 % intervals hold the true parameter, and how wide they are against the prior. The stand-in has the shape of the
problem: 12 parameters of standard normal prior, two of which nothing depends on, and 60 logarithms of overdispersed
counts, each moved by three or four parameters. Both ways get the same number of simulations.

- emulator: `emulator` and `sampling` of this package (scikit-learn, emcee).
- pyabc: sequential Monte Carlo with an adaptive distance (Schälte, Klinger, Alamoudi & Hasenauer 2022, JOSS 7), with
  and without summaries learned by regression. Only if `pyabc` is installed; nothing else needs it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.rounds import Setting, rounds, sizes_of
from experiments.calibration.sampling import STEPS
from experiments.calibration.targets import Targets

Values = NDArray[np.float64]

PARAMETERS, TARGETS, UNUSED = 12, 60, 2
OFFSET, SHAPE = 5.0, 4.0
"""What is added before a logarithm is taken; and the shape of the gamma that makes counts overdispersed."""

NAMES = tuple(f"counts {at}" for at in range(TARGETS))
QUANTILES = (0.05, 0.95)
PRIOR_WIDTH = 2 * 1.6448536


def main(words: Sequence[str]) -> int:
    """Print the comparison; returns the exit code."""
    given = dict(word.partition("=")[::2] for word in words)
    simulations, truths = int(given.get("simulations", 2400)), int(given.get("truths", 10))
    for name, way in ways().items():
        started = time.perf_counter()
        held, width = compared(way, simulations, truths)
        print(f"{name}: held {held:.3f}, width {width:.3f} of the prior, {time.perf_counter() - started:.0f} s")
    return 0


def ways() -> dict[str, Callable[[Values, int, int], Values]]:
    """The ways that can be run here: each gives 5 and 95 % of all parameters, (2, parameter)."""
    found: dict[str, Callable[[Values, int, int], Values]] = {"emulator": by_emulator}
    try:
        import pyabc  # noqa: F401
    except ImportError:
        return found
    return found | {"pyabc": by_pyabc, "pyabc, learned": lambda *of: by_pyabc(*of, learned=True)}


def compared(way: Callable[[Values, int, int], Values], simulations: int, truths: int) -> tuple[float, float]:
    """Share of 90 % intervals that hold the truth, and their mean width over that of the prior."""
    held, widths = [], []
    for truth in range(truths):
        z = _chance(truth, 0).standard_normal(PARAMETERS)
        low, high = way(stand_in(z[None], truth, 1)[0], simulations, truth)
        held.append((low <= z) & (z <= high))
        widths.append((high - low) / PRIOR_WIDTH)
    return float(np.mean(held)), float(np.mean(widths))


def stand_in(z: Values, seed: int, stream: int) -> Values:
    """Targets of some parameters, (draw, target)."""
    shape = _chance(0, 99)
    effects = shape.normal(0.0, 0.6, (PARAMETERS, TARGETS)) * (shape.random((PARAMETERS, TARGETS)) < 0.33)
    effects[-UNUSED:] = 0.0
    level = shape.uniform(1.0, 5.0, TARGETS)
    chance = _chance(seed, stream)
    rate = np.exp(np.minimum(level + z @ effects, 12.0)) * chance.gamma(SHAPE, 1.0 / SHAPE, (len(z), TARGETS))
    return np.asarray(np.log(chance.poisson(rate) + OFFSET))


def by_emulator(observed: Values, simulations: int, seed: int, steps: int = STEPS) -> Values:
    """5 and 95 % by rounds of simulations, an emulator and an ensemble sampler."""

    def simulate(z: Values, name: str, first: int) -> tuple[Values, Targets]:
        return z, Targets(NAMES, stand_in(z, seed, 2 + first))

    sizes = sizes_of(simulations)
    ends = np.array([[-5.0] * PARAMETERS, [5.0] * PARAMETERS])
    start = _chance(seed, 1_000_000).standard_normal((sizes[0], PARAMETERS))
    setting = Setting(ends, {"counts": 1.0}, 0.0, seed, misses=False, steps=steps)
    found = rounds(setting, Targets(NAMES, observed[None]), sizes, start, simulate)
    return np.quantile(found.chain[:, :PARAMETERS], QUANTILES, axis=0)


def by_pyabc(observed: Values, simulations: int, seed: int, *, learned: bool = False) -> Values:
    """5 and 95 % by ABC-SMC of the library `pyabc`."""
    import pyabc

    names = [f"z{at}" for at in range(PARAMETERS)]
    calls = iter(range(10**9))

    def model(given: Any) -> dict[str, Values]:
        return {"y": stand_in(np.array([[given[name] for name in names]]), seed, 2 + next(calls))[0]}

    np.random.seed(seed)  # noqa: NPY002  (pyabc draws from it)
    prior = pyabc.Distribution(**{name: pyabc.RV("norm", 0.0, 1.0) for name in names})
    summaries: Any = pyabc.PredictorSumstat(pyabc.predictor.LinearPredictor(), fit_ixs={1, 3}) if learned else None
    distance = pyabc.AdaptivePNormDistance(p=1, sumstat=summaries)
    smc = pyabc.ABCSMC(
        model, prior, distance, population_size=150, sampler=pyabc.sampler.SingleCoreSampler(check_max_eval=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        smc.new(f"sqlite:///{Path(folder) / 'abc.db'}", {"y": observed})
        history = smc.run(max_total_nr_simulations=simulations)
        frame, weight = history.get_distribution()
    points = [
        pyabc.visualization.credible.compute_credible_interval(frame[name].to_numpy(), weight, 0.9) for name in names
    ]
    return np.array(points).T


def _chance(seed: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, stream]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
