"""Parts: the same numbers within a kernel, from Python and as plain Python, and no mistake is swallowed."""

import numpy as np
import pytest
import small
from numba import float64, typeof

from sim.handles import bound
from sim.parts import COUNTED, Kernel, Part
from sim.streams import compiled, kernel


@compiled
def weighed(row, weight):
    total = 0.0
    for i in range(row.shape[0]):
        total += row[i] / weight
    return total


@compiled
def twice(row, weight):
    return weighed(row, weight) + weighed(row[:2], weight)


@kernel
def weighing(row, weight):
    return twice(row, weight)


@kernel
def fighters(state, lane):
    return 10.0 + state.units.fighters[lane, 0]


@kernel
def last(row):
    return row[-1]


@pytest.mark.parametrize("row", [np.array([1.0, 2.5, 4.0]), np.array([1, 2, 4])])
def test_a_part_is_the_same_in_a_kernel_called_from_python_and_uncompiled(row):
    plain = weighed.py_func(row, 3.0) + weighed.py_func(row[:2], 3.0)
    assert weighing(row, 3.0) == twice(row, 3.0) == plain


def test_a_division_by_zero_in_a_part_ends_the_kernel():
    with pytest.raises(ZeroDivisionError):
        weighing(np.ones(3), 0.0)


def test_a_part_within_a_kernel_has_no_entry_for_python():
    weighed.compile((float64[::1], float64))
    assert isinstance(weighed, Part)
    assert weighed.overloads
    assert not any(callable(result.entry_point) for result in weighed.overloads.values())


def test_a_kernel_takes_the_type_of_a_handle_from_the_handle():
    state = bound(small.state(2))
    assert isinstance(fighters, Kernel)
    assert fighters(state, 1) == 10.0 + small.state(2).units.fighters[1, 0]
    assert fighters.typeof_pyval(state) is state.type
    assert fighters.typeof_pyval((1, 2.5)) == typeof((1, 2.5))


def test_only_packages_of_the_model_count_from_the_beginning_alone():
    assert last(np.array([1.0, 2.5, 4.0])) == 4.0  # this function is of the tests
    assert "tests" not in COUNTED
    assert set(COUNTED) == {"sim", "agents", "scenarios"}
