"""What tests of the tuning share: its settings, made-up steps and numbers that a few of them move."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from experiments.calibration.priors import Priors
from experiments.tuning.design import design, read_tuning, steps
from experiments.tuning.emulators import VALUE, Number, lines
from experiments.tuning.suggesting import goals, predictions, suggested

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


def varied() -> Priors:
    """The steps that ship, around defaults of which one was set and one is not varied."""
    return steps(SHIPPED, 1.6, {"encounters.rate": 0.2}, frozenset({"encounters.kill"}))
