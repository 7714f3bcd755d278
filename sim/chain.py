"""Chain: kernels that follow each other run in one go.

Every call of a kernel from Python looks up its types, unpacks its arguments, lets go of the interpreter's lock and
takes it back, for which threads wait for each other. Over twenty of them in a row cost a fiftieth of the week. A chain
is a table of addresses that one compiled loop goes through; what the kernels do, and in which order, stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import typeof, types
from numba.core import cgutils
from numba.extending import intrinsic

from sim.handles import bound, held
from sim.parts import Kernel
from sim.state import State
from sim.streams import Streams, kernel
from sim.world import World


@dataclass(frozen=True)
class Link:
    """A process that is one kernel of (world, state, parameters, streams): the engine puts it into a chain."""

    kernel: Any

    def __call__(self, world: World, state: State, parameters: Any, streams: Streams) -> None:
        """Run the kernel alone, for all lanes of `state`; `parameters` has one value per lane."""
        self.kernel(bound(world), bound(state), held(parameters), streams)

    @property
    def compiled(self) -> bool:
        """Whether there is machine code to put into a chain; there is none where compilation is switched off."""
        return isinstance(self.kernel, Kernel)


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


def run(links: Sequence[tuple[Link, Any]], world: World, state: State, streams: Streams) -> None:
    """Run compiled links, each with its parameters, one after the other, for all lanes of `state`.

    Raises:
        Exception: whatever one of them raises; those after it do not run.
    """
    handles, chance = (bound(world), bound(state)), typeof(streams)
    given = [held(parameters) for _, parameters in links]  # kept alive until the last kernel is done
    table = np.empty((len(links), 4), np.uint64)
    for row, (link, _), own in zip(table, links, given, strict=True):
        taken = (*handles, own)
        row[0] = link.kernel.address((*(handle.type for handle in taken), chance))
        row[1:] = [handle.address for handle in taken]
    _run(table, streams)
