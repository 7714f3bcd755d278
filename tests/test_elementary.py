"""Elementary functions of many numbers at once, in single precision, against the library's."""

import numpy as np
import pytest

from sim.elementary import exp_all, log_all
from sim.streams import kernel

CLOSE = 2e-7
"""From not quite two to not quite four times the distance from a single to the next, relative to it."""


@kernel
def logs(row):
    log_all(row)


@kernel
def exponentials(row):
    exp_all(row)


def all_of(function, numbers):
    row = np.array(numbers, np.float32)
    function(row)
    return row


NEAR_ONE = np.concatenate([1.0 + np.geomspace(1.2e-7, 1.0, 400), 1.0 - np.geomspace(6e-8, 0.9, 400)])


@pytest.mark.parametrize(
    "numbers",
    [np.geomspace(1e-37, 1e38, 5000), NEAR_ONE, 2.0 ** np.arange(-125, 127), np.linspace(1.0, 10.0, 3001)],
    ids=["all sizes", "near one", "powers of two", "small"],
)
def test_logarithms_are_those_of_the_library(numbers):
    numbers = numbers.astype(np.float32)
    expected = np.log(numbers.astype(np.float64))
    assert np.all(np.abs(all_of(logs, numbers) - expected) <= CLOSE * np.abs(expected))


def test_the_logarithm_of_one_is_nothing():
    assert all_of(logs, [1.0, 1.0, 1.0, 1.0, 1.0]).tolist() == [0.0] * 5


def test_exponentials_are_those_of_the_library():
    numbers = np.concatenate([np.linspace(-86, 87, 9001), np.linspace(-3, 3, 9001), [0.0]]).astype(np.float32)
    expected = np.exp(numbers.astype(np.float64))
    assert np.all(np.abs(all_of(exponentials, numbers) - expected) <= CLOSE * expected)


def test_exponentials_stay_normal_numbers_beyond_their_range():
    small, large = all_of(exponentials, [-1e6, 1e6])
    assert 0.0 < small < 1e-37
    assert 1e38 < large < np.inf


@pytest.mark.parametrize("length", [1, 3, 4, 7, 8, 33])
def test_a_number_has_one_value_wherever_it_stands(length):
    """Vectors and what is left over at the end of a row reckon alike."""
    number = 1.234567
    assert len(set(all_of(logs, [number] * length).tolist())) == 1
    assert len(set(all_of(exponentials, [number] * length).tolist())) == 1
