from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from experiments.spread import long, quantiles, spread


def test_five_replicates_whose_quantiles_are_themselves():
    values = np.array([[4.0], [0.0], [2.0], [1.0], [3.0]])
    columns = spread(values, {"low": 0.0, "quarter": 0.25, "tenth": 0.1, "high": 1.0})
    assert {name: column[0] for name, column in columns.items()} == {
        "mean": 2.0,
        "low": 0.0,
        "quarter": 1.0,
        "tenth": 0.4,
        "high": 4.0,
    }


@given(arrays(np.int32, array_shapes(min_dims=2, max_dims=3), elements=st.integers(-1000, 1000)))
def test_quantiles_equal_numpys(values):
    levels = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(quantiles(values, levels), np.quantile(values, levels, axis=0), atol=1e-9)


def test_a_long_table_has_a_row_for_each_combination():
    frame = long({"history": ["a", "b"], "region": ["x", "y", "z"]}, {"mean": np.arange(6.0).reshape(2, 3)})
    assert frame.values.tolist() == [[h, r, 3.0 * i + j] for i, h in enumerate("ab") for j, r in enumerate("xyz")]
