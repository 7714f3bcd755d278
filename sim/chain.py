"""Chain: kernels that follow each other run in one go.

Every call of a kernel from Python looks up its types, unpacks its arguments, lets go of the interpreter's lock and
takes it back, for which threads wait for each other. Over twenty of them in a row cost a fiftieth of the week. A chain
is a table of addresses that one compiled loop goes through; what the kernels do, and in which order, stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sim.handles import Handle, bound
from sim.parts import Kernel
from sim.processes.common import held
from sim.state import State
from sim.streams import Streams, kernel
from sim.world import World

Link = tuple[Kernel, Any]
"""A kernel, called with (world, state, parameters, streams), and its parameters, one value per lane."""


@intrinsic
def _call(_context: Any, address: Any, world: Any, state: Any, parameters: Any, streams: Any) -> Any:
    """Call the kernel at an address; handles come as addresses too."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kinds = (types.voidptr, types.voidptr, types.voidptr, signature.args[4])
        convention, pointer = context.call_conv, context.get_value_type(types.voidptr)
        of = convention.get_function_type(types.none, kinds).as_pointer()
        handles = [builder.inttoptr(value, pointer) for value in values[1:4]]
        entry = builder.inttoptr(values[0], of)
        status, _ = convention.call_function(builder, entry, types.none, kinds, [*handles, values[4]])
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.none(address, world, state, parameters, streams), generate


@kernel
def _run(table, streams):  # type: ignore[no-untyped-def]
    """Call the kernels of a table, a row of four addresses each: its own, world, state, parameters."""
    for i in range(table.shape[0]):
        _call(table[i, 0], table[i, 1], table[i, 2], table[i, 3], streams)  # type: ignore[call-arg]


def run(links: Sequence[Link], world: World, state: State, streams: Streams) -> None:
    """Run kernels one after the other, for all lanes of `state`.

    Raises:
        Exception: whatever one of them raises; those after it do not run.
    """
    handles = bound(world), bound(state)
    rows = [_row(link, handles, streams) for link in links]
    _run(np.array(rows, np.uint64).reshape(-1, 4), streams)


def _row(link: Link, handles: tuple[Handle, Handle], streams: Streams) -> tuple[int, int, int, int]:
    (own, parameters), (world, state) = link, handles
    given = held(parameters)
    return own.address((world, state, given), streams), world.address, state.address, given.address
