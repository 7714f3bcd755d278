"""Baselines: forecasts that need no model, as samples of monthly deaths by unit.

Conflictology holds that the coming months are like those that have just passed: each of the last 12 or 36 months of
a unit is a draw, for every month ahead. The bootstrap draws from the months of all units together (Hegre et al.
2025, J. Peace Research 62).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.evidence.panel import Panel

Draws = NDArray[np.float64]
POOL = 36
"""Months from which the bootstrap draws."""

KEY = 20_211_231
"""Of the bootstrap's chance: the same draws in every run."""


def zeros(panel: Panel, origin: int, horizon: int) -> Draws:
    """No deaths anywhere, (1, unit, month)."""
    return np.zeros((1, len(panel.names), horizon))


def last_month(panel: Panel, origin: int, horizon: int) -> Draws:
    """The last month again, (1, unit, month)."""
    return _ahead(panel.months(origin, 1), horizon)


def conflictology(length: int) -> Callable[[Panel, int, int], Draws]:
    """The forecast that has the last `length` months of each unit for its draws, (length, unit, month)."""

    def past(panel: Panel, origin: int, horizon: int) -> Draws:
        return _ahead(panel.months(origin - length + 1, length), horizon)

    return past


def bootstrap(panel: Panel, origin: int, horizon: int, draws: int = 1000) -> Draws:
    """Values drawn from all units and the last `POOL` months, (draw, unit, month)."""
    pool = panel.months(origin - POOL + 1, POOL).ravel()
    chance = np.random.Generator(np.random.Philox(KEY))
    return _ahead(chance.choice(pool, (len(panel.names), draws)), horizon)


def pooled(own: NDArray[Any], others: Sequence[NDArray[Any]]) -> Draws:
    """A sample of which half the weight is the first forecast's and half that of the others, in equal parts.

    Args:
        own: (draw, unit, month).
        others: the same, with other numbers of draws.
    """
    parts = [_resized(other, -(-len(own) // len(others))) for other in others]
    return np.concatenate([own, *parts])


def _resized(draws: NDArray[Any], size: int) -> NDArray[Any]:
    """As many draws, each about as often."""
    return np.asarray(draws[np.linspace(0, len(draws), size, endpoint=False).astype(np.intp)])


def _ahead(past: NDArray[np.float64], horizon: int) -> Draws:
    """Draws by unit, (unit, draw), for each month ahead, (draw, unit, month)."""
    return np.repeat(past.T[:, :, None], horizon, axis=2)


BASELINES: dict[str, Callable[[Panel, int, int], Draws]] = {
    "zeros": zeros,
    "last_month": last_month,
    "conflictology_12": conflictology(12),
    "conflictology_36": conflictology(36),
    "bootstrap": bootstrap,
}
"""All baselines: of a panel, the last month that is known, and the number of months ahead."""
