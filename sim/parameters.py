"""Parameters: frozen numbers with unit, range and source, beside the process that reads them.

A process declares its parameters as a frozen dataclass of `quantity` fields and, for its kernel, a
NamedTuple of one column per field with one value per lane, so that a sweep or a posterior can give
every lane its own values.
"""

from __future__ import annotations

import dataclasses
from collections import namedtuple
from collections.abc import Sequence
from typing import Any

import numpy as np


def quantity(value: float, *, unit: str, low: float, high: float, source: str) -> Any:
    """A parameter: default `value`, admissible range [`low`, `high`], `unit` and `source`."""
    if not low <= value <= high:
        raise ValueError(f"default {value} lies outside [{low}, {high}]")
    return dataclasses.field(default=value, metadata={"unit": unit, "low": low, "high": high, "source": source})


@dataclasses.dataclass(frozen=True)
class Parameters:
    """Base of all parameter classes: refuses values outside their range, in one line."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value, low, high = getattr(self, field.name), field.metadata["low"], field.metadata["high"]
            if not low <= value <= high:
                name = f"{type(self).__name__.lower()}.{field.name}"
                raise ValueError(
                    f"parameter {name} is {value}, expected between {low} and {high} ({field.metadata['unit']})"
                )


def columns(parameters: type[Parameters], module: str) -> Any:
    """The NamedTuple type that holds `parameters` as columns over lanes.

    It must be bound, at module level and under the name `<Class>Columns`, in the module that
    declares the class: the compiler's cache finds it there by name.
    """
    names = [field.name for field in dataclasses.fields(parameters)]
    return namedtuple(f"{parameters.__name__}Columns", names, module=module)


def stack(values: Sequence[Parameters], column_type: Any) -> Any:
    """One column per field with one value per lane.

    Args:
        values: the parameters of each lane, all of one class.
        column_type: the NamedTuple made by `columns` for that class.
    """
    return column_type(
        *(np.array([getattr(v, name) for v in values], dtype=np.float64) for name in column_type._fields)
    )
