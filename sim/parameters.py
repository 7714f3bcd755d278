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


def form(*names: str, source: str) -> Any:
    """A parameter that picks one of several forms of a mechanism; the first of `names` is the default.

    Its value is a name. A kernel sees the position of the name, so forms keep their order for ever.
    """
    metadata = {"unit": "form", "low": 0, "high": len(names) - 1, "source": source, "forms": names}
    return dataclasses.field(default=names[0], metadata=metadata)


@dataclasses.dataclass(frozen=True)
class Parameters:
    """Base of all parameter classes: refuses values outside their range, in one line."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value, told = getattr(self, field.name), field.metadata
            name = f"parameter {type(self).__name__.lower()}.{field.name} is {value}"
            if "forms" in told:
                if value not in told["forms"]:
                    raise ValueError(f"{name}, expected one of: {', '.join(told['forms'])}")
            elif isinstance(value, str) or not told["low"] <= value <= told["high"]:
                raise ValueError(f"{name}, expected between {told['low']} and {told['high']} ({told['unit']})")


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
    return column_type(*(np.array([_number(v, name) for v in values]) for name in column_type._fields))


def _number(values: Parameters, name: str) -> float:
    """A parameter as a kernel sees it: its value, or the position of its form."""
    value = getattr(values, name)
    if not isinstance(value, str):
        return float(value)
    field = next(f for f in dataclasses.fields(values) if f.name == name)
    return float(field.metadata["forms"].index(value))
