"""Chance: counter-based random numbers that depend only on what they decide.

Every draw is a pure function of (seed, replicate, week, stream, entity, index), computed with
Philox-4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11). So a draw
does not depend on the number of workers, on the batch, or on what was drawn before, and two
scenarios share every draw that they have in common. Where a choice is made among places, the draw
belongs to the place, not to the path that led there, so that two histories that come near to each
other again also meet again.
"""

from __future__ import annotations

import zlib
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.axes import Key
from sim.compilation import spare_linear_algebra
from sim.parts import kernel_of, part

spare_linear_algebra()

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_2W0, _4W0, _6W0, _8W0 = (np.uint64(n * 0x9E3779B9 & 0xFFFFFFFF) for n in (2, 4, 6, 8))
_2W1, _4W1, _6W1, _8W1 = (np.uint64(n * 0xBB67AE85 & 0xFFFFFFFF) for n in (2, 4, 6, 8))
_MASK, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_UNIT = 1.0 / 4294967296.0

kernel = kernel_of(nogil=True)
"""How the kernel of a process is compiled: cached, free of the interpreter lock, strict floats."""

compiled = part(nogil=True, _nrt=False)
"""The same for what a kernel calls: a part of it, see `sim.parts`. It makes no arrays, so nothing has to be counted."""

inlined = compiled
"""The same for one-liners."""

vectored = part(nogil=True, _nrt=False, error_model="numpy")
"""The same for loops that take several numbers at once: x / 0 is infinite, for to ask each time costs the vector."""


class Stream(IntEnum):
    """One name for each decision that chance takes part in. Numbers are part of the results."""

    START = 1
    STRATEGY = 2
    MOVE = 3
    MOVE_WISH = 4
    POSTURE = 5
    STRIKE = 6
    STRIKE_SIZE = 7
    MEET = 8
    MEET_KIND = 9
    MEET_SIZE = 10
    MEET_WHO = 11
    ASSAULT = 12
    ASSAULT_SIZE = 13
    REOCCUPY = 14
    HARM = 15
    HARM_SIZE = 16
    RECRUIT = 17
    RECRUIT_WHERE = 18
    DESERT = 19
    TRUCE = 20
    LEADER = 21
    TIMELINE = 22
    RALLY = 23
    COUP = 24
    POLITICS = 25
    TALKS = 26
    EXCHANGE = 27
    ACCORD = 28
    DEFECT = 29
    SPLIT = 30
    MOBILISE = 31
    MOBILISE_WHERE = 32
    KIDNAP = 33
    FLEE = 34
    REFUGE = 35
    RETURN = 36
    PROBE = 37
    CAPITAL = 38
    COORDINATE = 39


class Streams(NamedTuple):
    """The source of chance for one week of a batch.

    key: (lane, 2) seed and replicate of each lane, each below 2**32.
    week: the week's number since the origin of the calendar (2000-01-03), so that the same date
        has the same draws whatever the start of the run.
    """

    key: Key["lane 2"]
    week: int


def stable_key(text: str) -> int:
    """A 32-bit key that a name keeps for ever (CRC-32): entities are keyed by name, not by position."""
    return zlib.crc32(text.encode("utf-8"))


@inlined
def _two_rounds(k0, k1, c0, c1, c2, c3):  # type: ignore[no-untyped-def]
    """Two rounds of Philox, the first with the key (k0, k1)."""
    p0, p1 = _M0 * (c0 & _MASK), _M1 * (c2 & _MASK)
    c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ c3 ^ k1, p0 & _MASK
    p0, p1 = _M0 * c0, _M1 * c2
    k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
    return (p1 >> _HALF) ^ c1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ c3 ^ k1, p0 & _MASK


@inlined
def philox(k0, k1, c0, c1, c2, c3):  # type: ignore[no-untyped-def]
    """Philox-4x32-10: four 32-bit words (in uint64) for a 2-word key and a 4-word counter.

    Written out, for the compiler draws several at once where there is no loop.
    """
    c0, c1, c2, c3 = _two_rounds(k0, k1, c0, c1, c2, c3)
    c0, c1, c2, c3 = _two_rounds((k0 + _2W0) & _MASK, (k1 + _2W1) & _MASK, c0, c1, c2, c3)
    c0, c1, c2, c3 = _two_rounds((k0 + _4W0) & _MASK, (k1 + _4W1) & _MASK, c0, c1, c2, c3)
    c0, c1, c2, c3 = _two_rounds((k0 + _6W0) & _MASK, (k1 + _6W1) & _MASK, c0, c1, c2, c3)
    return _two_rounds((k0 + _8W0) & _MASK, (k1 + _8W1) & _MASK, c0, c1, c2, c3)


@inlined
def words(streams, lane, stream, entity, index):  # type: ignore[no-untyped-def]
    """The four 32-bit words of one draw of a lane in this week."""
    return philox(
        streams.key[lane, 0],
        streams.key[lane, 1],
        np.uint64(streams.week),
        np.uint64(stream),
        np.uint64(entity) & _MASK,
        np.uint64(index) & _MASK,
    )


@inlined
def open_unit(word):  # type: ignore[no-untyped-def]
    """A word as a number strictly between 0 and 1 (the middle of its 2**-32 interval)."""
    return (np.float64(word) + 0.5) * _UNIT


@inlined
def uniform(streams, lane, stream, entity, index):  # type: ignore[no-untyped-def]
    """One uniform number in (0, 1)."""
    a, _b, _c, _d = words(streams, lane, stream, entity, index)
    return open_unit(a)


@inlined
def uniforms(streams, lane, stream, entity, index):  # type: ignore[no-untyped-def]
    """Four independent uniform numbers in (0, 1) for the price of one."""
    a, b, c, d = words(streams, lane, stream, entity, index)
    return open_unit(a), open_unit(b), open_unit(c), open_unit(d)


@vectored
def draw_all(streams, lane, stream, entities, units):  # type: ignore[no-untyped-def]
    """units[i] = uniform(streams, lane, stream, entities[i], 0); several at once, a quarter of the time."""
    k0, k1, week = streams.key[lane, 0] & _MASK, streams.key[lane, 1] & _MASK, np.uint64(streams.week) & _MASK
    for i in range(entities.shape[0]):
        a, _b, _c, _d = philox(k0, k1, week, np.uint64(stream) & _MASK, entities[i] & _MASK, np.uint64(0))
        units[i] = open_unit(a)


@vectored
def words_all(streams, lane, stream, asked, numbers):  # type: ignore[no-untyped-def]
    """numbers[:, i] = words(streams, lane, stream, *) of the i-th of `asked` = (entities, indices); several at once."""
    k0, k1, week = streams.key[lane, 0] & _MASK, streams.key[lane, 1] & _MASK, np.uint64(streams.week) & _MASK
    entities, indices = asked
    for i in range(entities.shape[0]):
        a, b, c, d = philox(k0, k1, week, np.uint64(stream) & _MASK, entities[i] & _MASK, indices[i] & _MASK)
        numbers[0, i], numbers[1, i], numbers[2, i], numbers[3, i] = a, b, c, d
