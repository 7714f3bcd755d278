"""Handles: the world and the state as the compiled kernels see them.

A NamedTuple of arrays is passed to a compiled function by value, field by field: with a hundred
arrays that costs minutes of compilation and most of the running time. A handle is one pointer to
the same arrays (a Numba structref), with the same names: `state.units.fighters` reads alike in
Python and in a kernel. Nothing is copied, and `bound` makes a handle once for a batch.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.experimental import structref

from sim import state as _state
from sim import world as _world
from sim.state import State
from sim.streams import compiled
from sim.world import World


class _Handle(structref.StructRefProxy):
    """What Python holds of a handle: something to pass to kernels."""


class _Struct(types.StructRef):
    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


def _declare(name: str) -> type[_Struct]:
    """A structref type of its own, bound in this module under its name so that caches find it."""
    struct = structref.register(type(f"{name}Struct", (_Struct,), {"__module__": __name__}))
    globals()[struct.__name__] = struct
    return struct


def _constructor(tuple_type: Any) -> Any:
    """The name under which kernels build a handle of `tuple_type`, with its fields in order."""
    name = tuple_type.__name__
    proxy = type(f"{name}Handle", (_Handle,), {"__module__": __name__})
    globals()[proxy.__name__] = proxy
    struct = _declare(name)
    structref.define_constructor(proxy, struct, list(tuple_type._fields))
    structref.define_attributes(struct)
    structref.define_boxing(struct, proxy)
    return proxy


CellsHandle = _constructor(_world.Cells)
OrganisationsHandle = _constructor(_world.Organisations)
UnitsHandle = _constructor(_world.Units)
CommunitiesHandle = _constructor(_world.Communities)
BasesHandle = _constructor(_world.Bases)
WorldHandle = _constructor(_world.World)
UnitStateHandle = _constructor(_state.UnitState)
CellStateHandle = _constructor(_state.CellState)
CommunityStateHandle = _constructor(_state.CommunityState)
OrganisationStateHandle = _constructor(_state.OrganisationState)
RelationsHandle = _constructor(_state.Relations)
BaseStateHandle = _constructor(_state.BaseState)
LedgerHandle = _constructor(_state.Ledger)
EventsHandle = _constructor(_state.Events)
TimelineStateHandle = _constructor(_state.TimelineState)
StateHandle = _constructor(_state.State)


@compiled
def world_handle(parts):  # type: ignore[no-untyped-def]
    """A handle of the world's arrays; `parts` is the World."""
    return WorldHandle(
        CellsHandle(*parts.cells),
        OrganisationsHandle(*parts.organisations),
        UnitsHandle(*parts.units),
        CommunitiesHandle(*parts.communities),
        BasesHandle(*parts.bases),
    )


@compiled
def state_handle(parts):  # type: ignore[no-untyped-def]
    """A handle of a batch's arrays; `parts` is the State."""
    return StateHandle(
        UnitStateHandle(*parts.units),
        CellStateHandle(*parts.cells),
        CommunityStateHandle(*parts.communities),
        OrganisationStateHandle(*parts.organisations),
        RelationsHandle(*parts.relations),
        BaseStateHandle(*parts.bases),
        LedgerHandle(*parts.ledger),
        EventsHandle(*parts.events),
        TimelineStateHandle(*parts.timeline),
    )


def bound(arrays: World | State) -> Any:
    """The handle of a world or a state, made when it is first asked for and kept with it."""
    kept: dict[str, Any] = arrays.__dict__
    if "handle" not in kept:
        make = world_handle if isinstance(arrays, World) else state_handle
        kept["handle"] = make(type(arrays).__base__(*arrays))  # type: ignore[misc]
    return kept["handle"]
