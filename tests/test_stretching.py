"""Stretching: every draw of the last round tells how much wider the noise has to be."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.calibration.stretching import FOLDS, stretch
from tests.test_calibration_sampling import chance


def test_which_draws_come_first_does_not_matter():
    """Turned by one, the draws fall into the same fifths; a first fifth alone would say 4, 15 or 1 here."""
    z = chance(5).standard_normal((30 * FOLDS, 2))
    y = np.column_stack([np.exp(z), np.exp(-z)]) + 0.1 * chance(6).standard_normal((30 * FOLDS, 4))
    recent = np.ones(len(z), bool)
    turned = [stretch(np.roll(z, by, axis=0), np.roll(y, by, axis=0), recent) for by in range(3)]
    assert turned[0] > 1.2
    assert turned == pytest.approx([turned[0]] * 3, rel=0.35)


def test_only_recent_draws_are_held_back():
    """Draws of earlier rounds that a parabola does not fit say nothing of the noise near the posterior."""
    z = chance(7).standard_normal((300, 2))
    noise = 0.3 * chance(8).standard_normal((300, 4))
    y = np.column_stack([z, -z]) + noise
    y[:150] += 2.0 * chance(9).standard_normal((150, 4))
    late = np.arange(300) >= 150
    assert stretch(z, y, late) < 1.25
