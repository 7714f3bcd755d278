"""Apportionment: whole numbers of fighters and bands in proportion to weights, without chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Values = NDArray[np.float64]


def apportion(total: int, weights: Values) -> NDArray[np.int64]:
    """`total` in whole parts in proportion to weights, by largest remainder; ties go to the first.

    >>> apportion(10, np.array([1.0, 1.0, 2.0])).tolist()
    [3, 2, 5]
    """
    if total == 0 or weights.sum() <= 0:
        return np.zeros(weights.shape, dtype=np.int64)
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    rest = total - int(parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:rest]] += 1
    return parts


def apportion_within(total: int, weights: Values, blocks: Sequence[str]) -> NDArray[np.int64]:
    """`total` in whole parts by largest remainder, first among blocks and then inside each.

    Many small weights would else lose to a few large ones.

    >>> apportion_within(4, np.array([0.4, 0.3, 0.1, 0.1, 0.1]), ["a", "a", "b", "b", "b"]).tolist()
    [2, 1, 1, 0, 0]
    """
    names, block = np.unique(np.asarray(blocks), return_inverse=True)
    parts = np.zeros(weights.shape, dtype=np.int64)
    for b, share in enumerate(apportion(total, np.bincount(block, weights, names.size))):
        parts[block == b] = apportion(int(share), weights[block == b])
    return parts


def divided(total: int, parts: int) -> list[int]:
    """A number in nearly equal whole parts.

    >>> divided(10, 3)
    [4, 3, 3]
    """
    return [total // parts + (1 if i < total % parts else 0) for i in range(parts)]
