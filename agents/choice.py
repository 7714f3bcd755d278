"""Choice among neighbouring cells: the largest worth plus Gumbel noise that belongs to the place.

Adding standard Gumbel noise to utilities and taking the largest is a multinomial logit (McFadden
1974). The noise of a unit for a cell in a week is the same whatever cell it comes from, so that
two histories in which it stands apart may bring it together again. Noise comes in 4,096 steps of
equal probability, eight from one call of the generator.
"""

from __future__ import annotations

import numpy as np

from sim.streams import compiled, words
from sim.world import NEIGHBOURS

_STEPS = 4096
GUMBEL = -np.log(-np.log((np.arange(_STEPS) + 0.5) / _STEPS))
"""Standard Gumbel noise at the middle of each step."""

PLACES = len(NEIGHBOURS)
"""A cell and the 8 around it."""

NOWHERE = np.float32(-1e30)
"""Worth of a place beyond the edge."""

_BY_ROW = np.array(sorted(range(PLACES), key=NEIGHBOURS.__getitem__))
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


@compiled
def ask(entity, gid, neighbour, asked, count, where):  # type: ignore[no-untyped-def]
    """List in `asked` = (entities, indices), from `count` on, the draws that an entity's places need.

    Returns how many are listed. `where` (9,) gets for each place where its noise will be: eight times the position in
    the list, and which of eight.
    """
    entities, blocks = asked
    block = np.int64(-1)
    for k in _BY_ROW:
        where[k] = 0
        if neighbour[k] >= 0:
            place = gid[neighbour[k]]
            if place >> 3 != block:
                block = place >> 3
                entities[count], blocks[count] = entity, block
                count += 1
            where[k] = 8 * (count - 1) + (place & 7)
    return count


@compiled
def most_worth(value, where, numbers):  # type: ignore[no-untyped-def]
    """Which of nine places has the largest `value` plus noise; `where` is from `ask`, `numbers` from `words_all`."""
    best, found = -1e300, 0
    for k in _BY_ROW:
        of_eight = where[k] & 7
        word = numbers[of_eight >> 1, where[k] >> 3]
        noisy = value[k] + GUMBEL[(word >> (20 if of_eight & 1 else 4)) & (_STEPS - 1)]
        better = noisy > best
        best, found = (noisy if better else best), (k if better else found)
    return found
