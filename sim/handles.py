"""Handles: the world and the state as the compiled kernels see them.

A NamedTuple of arrays is passed to a compiled function by value, field by field: with a hundred
arrays that costs minutes of compilation and most of the running time. A handle is one pointer to a
table of the same arrays, with the same names: `state.units.fighters` reads alike in Python and in a
kernel. Nothing is copied or counted; the Python object keeps the arrays alive while a kernel runs.

The table is what the compiler itself would lay out (numba.core.datamodel, ArrayModel): for each
array two empty owners, the number and size of items, the address, the shape, the strides.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, lower_getattr_generic, register_model, typeof_impl, unbox
from numba.np.numpy_support import from_dtype

from sim.state import State
from sim.world import World

_WORD = 8
"""Bytes of a pointer, an address and a length."""


class HandleType(types.Type):
    """The compiler's type of a handle: names and types of its fields, in order."""

    def __init__(self, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        super().__init__(name=f"Handle({', '.join(f'{name}: {kind}' for name, kind in fields)})")

    def find(self, name: str) -> tuple[Any, int] | None:
        """Type of a field and where it begins in the table, in bytes; None if there is no such field."""
        offset = 0
        for field, kind in self.fields:
            if field == name:
                return kind, offset
            offset += _WORD * _words(kind)
        return None


class Handle:
    """What Python holds of a handle: the table, its type, and all that it points to."""

    def __init__(self, arrays: Any) -> None:
        table: list[int] = []
        fields: list[tuple[str, Any]] = []
        self.kept: list[Any] = []
        for name, value in arrays._asdict().items():
            words, kind = self._entry(value)
            table += words
            fields.append((name, kind))
        self.type = HandleType(tuple(fields))
        self.table = np.array(table, np.uint64).view(np.int64)
        self.address = int(self.table.ctypes.data)

    def _entry(self, value: Any) -> tuple[list[int], Any]:
        """Words and type of one field; nested parts get a table of their own."""
        self.kept.append(value)
        if hasattr(value, "_asdict"):
            part = Handle(value)
            self.kept.append(part)
            return [part.address], part.type
        if not value.flags.c_contiguous:
            raise ValueError(f"an array of shape {value.shape} is not contiguous, expected one in C order")
        kind = types.Array(from_dtype(value.dtype), value.ndim, "C")
        return [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides], kind


def _words(kind: Any) -> int:
    return 1 if isinstance(kind, HandleType) else 5 + 2 * kind.ndim


@typeof_impl.register(Handle)
def _typeof(value: Handle, _context: Any) -> HandleType:
    return value.type


@register_model(HandleType)
class _HandleModel(models.OpaqueModel):
    """A handle is an address."""


@unbox(HandleType)  # type: ignore[untyped-decorator]
def _unbox(_kind: HandleType, obj: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(obj, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(pointer)


@infer_getattr
class _Fields(AttributeTemplate):
    key = HandleType

    def generic_resolve(self, handle: HandleType, name: str) -> Any:  # type: ignore[override]
        found = handle.find(name)
        return found[0] if found else None


@lower_getattr_generic(HandleType)  # type: ignore[untyped-decorator]
def _field(context: Any, builder: Any, kind: HandleType, value: Any, name: str) -> Any:
    """Load a field. Tables never change while a kernel runs, so loads may be moved and shared."""
    found = kind.find(name)
    assert found is not None
    of, offset = found
    place = cgutils.pointer_add(builder, value, offset, ir.PointerType(context.get_value_type(of)))
    loaded = builder.load(place, align=_WORD)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def bound(arrays: World | State) -> Handle:
    """The handle of a world or a state, made when it is first asked for and kept with it."""
    kept: dict[str, Any] = arrays.__dict__
    if "handle" not in kept:
        kept["handle"] = Handle(arrays)
    handle: Handle = kept["handle"]
    return handle


_HANDLES_KEPT = 4096
_handles: OrderedDict[int, tuple[Any, Handle]] = OrderedDict()


def held(parameters: Any) -> Handle:
    """The handle of a process's columns of parameters, so that kernels pass one pointer, not all arrays.

    It is made when first asked for. Kept with it are the columns themselves, so that no others can
    take their place in memory; the oldest of many are let go.
    """
    known = _handles.get(id(parameters))
    if known is None:
        known = _handles[id(parameters)] = (parameters, Handle(parameters))
        while len(_handles) > _HANDLES_KEPT:
            _handles.popitem(last=False)
    return known[1]
