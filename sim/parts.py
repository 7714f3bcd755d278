"""Parts: functions that kernels are made of, and how a kernel is compiled from them.

The compiler treats every function as if Python might call it: it optimises each by itself, turns it into
machine code with two entries for callers from outside, and stores it, and then does the optimising again for
every function that calls it. Three of ten seconds of compilation go into this. A part stays what the compiler
calls intermediate code; it is optimised, and becomes machine code, within the kernels that it is linked into.
There it dissolves: left to itself, the compiler keeps each part apart, in case somebody else should link it too, and
hands it every array as seven numbers. Calls took a tenth of the week's time.

Positions in kernels are never negative, save for -1, which means none and must be asked for before it is used.
So the compiler need not ask of each position whether it counts from the end, which took a tenth of the week's time.
With `NUMBA_BOUNDSCHECK=1` it asks instead whether each lies within its array, and raises an IndexError.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numba
from llvmlite import binding  # type: ignore[import-untyped]
from numba.core import config, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher
from numba.np import arrayobj

from sim.handles import Handle

COUNTED = ("sim", "agents", "scenarios")
"""Whose functions count from the beginning only; other users of the compiler are left alone."""

_MANGLED = tuple(f"_ZN{len(name)}{name}" for name in COUNTED)
"""How the compiler begins the names of their functions."""

_counted = arrayobj.fix_integer_index


def _position(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """A position in an array, as the compiler's own function gives it, but as it stands within `COUNTED`."""
    if context.fndesc is not None and context.fndesc.modname.partition(".")[0] in COUNTED:
        return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)
    return _counted(context, builder, kind, index, size)  # type: ignore[no-untyped-call]


arrayobj.fix_integer_index = _position

_SHORT_ROWS = ("-force-vector-interleave=1", "-unroll-runtime=false")
"""Rows are a few dozen numbers long and lists have a handful. Left to itself, the compiler takes thirty-two at once or
writes a loop out eight times, for rows that have fewer, and does what is left over one by one."""

for _option in _SHORT_ROWS:
    binding.set_option("kernels", _option)


class _Library(JITCodeLibrary):
    """The code of a part: never optimised or made executable by itself."""

    def _optimize_final_module(self) -> None:
        """Leave it to the kernel; what it is linked from has seen the passes that work on single functions."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]
        self._verify_declare_only_symbols()  # type: ignore[no-untyped-call]
        self._finalized = True


class _Whole(JITCodeLibrary):
    """The code of a kernel: parts are put in where they are called, and nothing of them is left beside it."""

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
                if function.name.startswith(_MANGLED):
                    function.add_function_attribute("alwaysinline")
        super()._optimize_final_module()  # type: ignore[no-untyped-call]


class _Pipeline(Compiler):
    """The compiler's usual steps, with a library of our own."""

    library: type[JITCodeLibrary]

    def define_pipelines(self) -> Any:
        codegen, name = self.state.targetctx.codegen(), self.state.func_id.func_qualname
        self.state.library = self.library(codegen, name)
        self.state.library.enable_object_caching()
        return super().define_pipelines()  # type: ignore[no-untyped-call]


class PartPipeline(_Pipeline):
    """How a part is compiled."""

    library = _Library


class KernelPipeline(_Pipeline):
    """How a kernel is compiled."""

    library = _Whole


def _without_entries(flags: Any) -> Any:
    """Flags of the compiler for code that nobody outside calls."""
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    return flags


class Part(CPUDispatcher):
    """A function that kernels call. Called from Python, as in tests, it is compiled as a whole, for itself alone."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        super().__init__(function, {}, options | {"nopython": True, "boundscheck": None}, PartPipeline)
        self._compiler._customize_flags = _without_entries  # type: ignore[attr-defined]
        self._options = options

    def add_overload(self, result: Any) -> None:
        """Keep what was compiled for some types of arguments, under a name that kernels find it by."""
        name = object()
        self.targetctx.insert_user_function(name, result.fndesc, [result.library])
        self.overloads[tuple(result.signature.args)] = result._replace(entry_point=name)

    @cached_property
    def whole(self) -> Any:
        """The same function as one that Python can call."""
        return numba.njit(cache=True, **self._options)(self.py_func)

    def _compile_for_args(self, *_arguments: Any, **_named: Any) -> Any:
        """What a call from Python is answered with."""
        return self.whole


class Kernel(CPUDispatcher):
    """A function that Python calls: compiled with all its parts, and kept on disk."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        super().__init__(function, {}, options | {"nopython": True, "boundscheck": None}, KernelPipeline)
        self.enable_caching()
        self._addresses: dict[tuple[Any, ...], int] = {}

    def address(self, signature: tuple[Any, ...]) -> int:
        """Where the machine code lies for arguments of these types; it is compiled, or found on disk, at first."""
        if signature not in self._addresses:
            self.compile(signature)
            made: Any = self.overloads[signature]
            self._addresses[signature] = made.library.get_pointer_to_function(made.fndesc.llvm_func_name)
        return self._addresses[signature]

    def typeof_pyval(self, val: Any) -> Any:
        """Type of an argument. A handle has its own at hand; searching for it took half the time of calling kernels."""
        return val.type if isinstance(val, Handle) else super().typeof_pyval(val)


def kernel_of(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A decorator for functions that Python calls, with options of `numba.njit`."""
    disabled = config.DISABLE_JIT  # type: ignore[attr-defined]
    return lambda function: function if disabled else Kernel(function, **options)


def part(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A decorator for functions that kernels call, with options of `numba.njit`."""
    disabled = config.DISABLE_JIT  # type: ignore[attr-defined]
    return lambda function: function if disabled else Part(function, **options)
