"""Choice among neighbouring cells: the largest worth plus Gumbel noise that belongs to the place.

Adding standard Gumbel noise to utilities and taking the largest is a multinomial logit (McFadden
1974). The noise of a unit for a cell in a week is the same whatever cell it comes from, so that
two histories in which it stands apart may bring it together again. Noise comes in 4,096 steps of
equal probability, eight from one call of the generator.
"""

from __future__ import annotations

import numpy as np

from sim.streams import compiled, words

_STEPS = 4096
GUMBEL = -np.log(-np.log((np.arange(_STEPS) + 0.5) / _STEPS))
"""Standard Gumbel noise at the middle of each step."""

PLACES = 12
"""Room for a cell and the 8 around it, filled up to whole vectors of four."""

_BY_ROW = np.array([6, 5, 4, 7, 0, 3, 8, 1, 2])
"""Neighbour slots in order of their gid (south, middle, north), so that calls are shared."""


@compiled
def chosen(streams, lane, stream, entity, gid, neighbour, value):  # type: ignore[no-untyped-def]
    """The neighbouring cell (or the present one) with the largest `value` plus noise.

    `neighbour` (9,) has cells, -1 beyond the edge; `value` (9,) is their worth; `gid` (cell,).
    """
    best, found, block = -1e300, neighbour[0], np.int64(-1)
    a = b = c = d = np.uint64(0)
    for k in _BY_ROW:
        cell = neighbour[k]
        if cell >= 0:
            place = gid[cell]
            if place >> 3 != block:
                block = place >> 3
                a, b, c, d = words(streams, lane, stream, entity, block)
            half = (place >> 1) & 3
            word = a if half == 0 else b if half == 1 else c if half == 2 else d
            noisy = value[k] + GUMBEL[np.int64(word >> np.uint64(20 if place & 1 else 4)) & (_STEPS - 1)]
            if noisy > best:
                best, found = noisy, cell
    return found
