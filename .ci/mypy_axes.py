"""Teaches mypy the array annotations of `sim.axes`: ``Real["lane cell"]`` is an ``NDArray[np.float64]``."""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import TypeAlias
from mypy.plugin import AnalyzeTypeContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny

DTYPES = {
    "Real": "float64",
    "Table": "float32",
    "Count": "int64",
    "Index": "int32",
    "Few": "int16",
    "Code": "int8",
    "Key": "uint64",
}


class AxesPlugin(Plugin):
    """Reads the names in the brackets as axes, not as types."""

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """The reading of an annotation that is one of the five kinds of arrays, and of no other."""
        module, _, name = fullname.rpartition(".")
        if module != "sim.axes" or name not in DTYPES:
            return None
        return lambda context: _array(context, f"numpy.{DTYPES[name]}")


def _array(context: AnalyzeTypeContext, dtype: str) -> Type:
    node = context.api.api.lookup_fully_qualified(dtype).node  # type: ignore[attr-defined]
    number = node.target if isinstance(node, TypeAlias) else Instance(node, [])
    anything = AnyType(TypeOfAny.explicit)
    return context.api.named_type("numpy.ndarray", [anything, context.api.named_type("numpy.dtype", [number])])


def plugin(version: str) -> type[Plugin]:
    """What mypy asks a plugin file for."""
    return AxesPlugin
