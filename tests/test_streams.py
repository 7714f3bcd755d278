"""Chance: the published vectors, and draws that depend only on what they decide."""

import numba
import numpy as np
import pytest

from sim.streams import Stream, Streams, draw_all, kernel, philox, stable_key, uniform, uniforms

# Known-answer vectors of Philox-4x32-10 from the Random123 library (Salmon et al. 2011): counter, key, result.
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@numba.njit
def four(key, counter):
    return philox(key[0], key[1], counter[0], counter[1], counter[2], counter[3])


@numba.njit
def many(streams, stream, entities, out):
    for e in range(entities):
        out[e] = uniform(streams, 0, stream, e, 0)


@numba.njit
def one(streams, lane, entity, index):
    return uniforms(streams, lane, Stream.MOVE, entity, index)


@kernel
def at_once(streams, lane, stream, entities, out):
    draw_all(streams, lane, stream, entities, out)


def at(seed=1, replicate=0, week=1122):
    return Streams(np.array([[seed, replicate]], np.uint64), week)


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_philox_matches_published_vectors(counter, key, expected):
    words = four(np.array(key, np.uint64), np.array(counter, np.uint64))
    assert tuple(int(w) for w in words) == expected


@pytest.mark.parametrize("count", [1, 4, 103])
def test_draws_made_at_once_are_those_made_one_by_one(count):
    together, alone = np.empty(count), np.empty(count)
    at_once(at(), 0, Stream.HARM, np.arange(count, dtype=np.uint64), together)
    many(at(), Stream.HARM, count, alone)
    assert together.tolist() == alone.tolist()


def test_uniform_numbers_are_uniform():
    out = np.empty(40_000)
    many(at(), Stream.MEET, len(out), out)
    assert out.min() > 0.0
    assert out.max() < 1.0
    assert abs(out.mean() - 0.5) < 0.005
    assert abs(out.var() - 1 / 12) < 0.002
    assert abs(np.corrcoef(out[:-1], out[1:])[0, 1]) < 0.02


def test_a_draw_depends_on_all_that_it_is_keyed_by():
    draws = {
        one(at(), 0, 5, 0),
        one(at(seed=2), 0, 5, 0),
        one(at(replicate=1), 0, 5, 0),
        one(at(week=1123), 0, 5, 0),
        one(at(), 0, 6, 0),
        one(at(), 0, 5, 1),
    }
    assert len(draws) == 6
    assert one(at(), 0, 5, 0) in draws


def test_a_lane_does_not_matter_but_its_key_does():
    both = Streams(np.array([[1, 7], [1, 3], [1, 7]], np.uint64), 1122)
    assert one(both, 0, 9, 0) == one(both, 2, 9, 0) == one(at(replicate=7), 0, 9, 0)
    assert one(both, 0, 9, 0) != one(both, 1, 9, 0)


def test_a_name_keeps_its_key():
    assert stable_key("fama/Kidal") == stable_key("fama/Kidal")
    assert stable_key("fama/Kidal") != stable_key("fama/Gao")
    assert stable_key("123456789") == 0xCBF43926  # the check value of CRC-32
