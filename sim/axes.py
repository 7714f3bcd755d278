"""Names for the axes of arrays, and a check that arrays have the axes they claim.

An annotation such as ``Real["lane cell organisation"]`` says dtype and axes at once. Axis names
stand for sizes that one model shares: every array with a ``cell`` axis is as long as every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray


class Axes(NamedTuple):
    """What an array annotation promises: the kind of number and the names of its axes."""

    dtype: type[np.generic]
    names: tuple[str, ...]


class _ArrayOf:
    """``Real["lane cell"]`` is an annotated ``NDArray`` for type checkers and for `check_axes`."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self.dtype = dtype

    def __getitem__(self, names: str) -> Any:
        return Annotated[NDArray[self.dtype], Axes(self.dtype, tuple(names.split()))]  # type: ignore[name-defined]


Real = _ArrayOf(np.float64)
"""float64: what is small, and whatever is summed over a run."""
Table = _ArrayOf(np.float32)
"""float32: the large tables, a number for each pair, and what is recorded; half the memory, and eight in a vector."""
Count = _ArrayOf(np.int64)
"""int64: people, fighters, deaths."""
Index = _ArrayOf(np.int32)
"""int32: positions in another array (-1 where there is none) and small codes."""
Code = _ArrayOf(np.int8)
"""int8: small codes of a large table."""
Few = _ArrayOf(np.int16)
"""int16: what is counted in one region and one week, and of which there is room for less than 32,768."""
Key = _ArrayOf(np.uint64)
"""uint64: parts of a random key; only the low 32 bits are used."""


def as_declared[T](arrays: T) -> T:
    """A NamedTuple of arrays (nested ones too) with every array in the dtype that its annotation promises."""
    hints = get_type_hints(type(arrays), include_extras=True)

    def cast(field: str, value: Any) -> Any:
        if hasattr(value, "_asdict"):
            return as_declared(value)
        axes = next((a for a in get_args(hints[field]) if isinstance(a, Axes)), None)
        return value if axes is None else value.astype(axes.dtype, copy=False)

    fields: dict[str, Any] = arrays._asdict()  # type: ignore[attr-defined]
    return type(arrays)(**{field: cast(field, value) for field, value in fields.items()})


def zeros[T](kind: type[T], shapes: Mapping[str, tuple[int, ...]]) -> T:
    """A NamedTuple of zeros, every array of its shape and in the dtype that its annotation promises."""
    hints = get_type_hints(kind, include_extras=True)
    dtypes = {field: next(a.dtype for a in get_args(hints[field]) if isinstance(a, Axes)) for field in shapes}
    return kind(**{field: np.zeros(shape, dtypes[field]) for field, shape in shapes.items()})


def check_axes(arrays: Any, sizes: dict[str, int]) -> dict[str, int]:
    """Check a NamedTuple of arrays (nested ones too) against its annotations.

    Args:
        arrays: a NamedTuple whose fields are annotated with `Real`, `Table`, `Count`, `Index`, `Code`, `Few` or `Key`.
        sizes: sizes of axes known so far; names met for the first time are added.

    Returns:
        The sizes of all axes met. Axis names that are digits are literal sizes.

    Raises:
        ValueError: an array has another dtype, number of axes or length than promised.
    """
    hints = get_type_hints(type(arrays), include_extras=True)
    for field, value in arrays._asdict().items():
        if hasattr(value, "_asdict"):
            check_axes(value, sizes)
            continue
        axes = next((a for a in get_args(hints[field]) if isinstance(a, Axes)), None)
        if axes is None:
            continue
        where = f"{type(arrays).__name__}.{field}"
        if value.dtype != axes.dtype or value.ndim != len(axes.names):
            raise ValueError(
                f"{where}: got {value.dtype}{value.shape}, expected {axes.dtype.__name__} over {axes.names}"
            )
        for name, length in zip(axes.names, value.shape, strict=True):
            expected = int(name) if name.isdigit() else sizes.setdefault(name, length)
            if length != expected:
                raise ValueError(f"{where}: axis {name} is {length} long, expected {expected}")
    return sizes
