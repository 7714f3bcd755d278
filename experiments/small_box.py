"""Small box: a part of the region as a world of its own, for comparing kernels with the same Python uncompiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.axes import Axes, check_axes
from sim.processes.muster import muster
from sim.state import EVENT_ROOM, CommunityState, State
from sim.world import World

Kept = Mapping[str, NDArray[np.intp]]

TRI_BORDER = (13.5, 16.0, -1.0, 2.0)
"""South, north, west and east of the box in degrees: 30 cells where Mali, Niger and Burkina Faso meet."""


def boxed(world: World, state: State, box: tuple[float, float, float, float] = TRI_BORDER) -> tuple[World, State]:
    """The cells of a box with the people, bases and units in it; all organisations stay.

    Raises:
        ValueError: no cell has its centre in the box.
    """
    south, north, west, east = box
    cells = world.cells
    inside = (cells.lat > south) & (cells.lat < north) & (cells.lon > west) & (cells.lon < east)
    if not inside.any():
        raise ValueError(f"no cell lies in {south} to {north} N, {west} to {east} E, expected a box in the region")
    kept = _kept(world, state, inside)
    small, now = cut(world, kept), cut(state, kept)
    small = _renumbered(small, kept)
    units = now.units._replace(cell=_moved(now.units.cell, kept["cell"]))
    now = now._replace(units=units, communities=_rehoused(now.communities, kept["community"]))
    check_axes(now, check_axes(small, {"lane": len(now.units.fighters), "event": EVENT_ROOM}))
    muster(small, now, None, None)  # type: ignore[no-untyped-call]
    return small, now


def cut[Part: Any](part: Part, kept: Kept) -> Part:
    """A NamedTuple of annotated arrays with only the kept positions along the named axes (copies)."""
    hints = get_type_hints(type(part), include_extras=True)
    made = {}
    for name, value in part._asdict().items():
        axes = next((a for a in get_args(hints[name]) if isinstance(a, Axes)), None)
        made[name] = cut(value, kept) if axes is None else _taken(value, axes.names, kept)
    return type(part)(**made)  # type: ignore[no-any-return]


def _taken(array: NDArray[Any], names: tuple[str, ...], kept: Kept) -> NDArray[Any]:
    for position, name in enumerate(names):
        if name in kept:
            array = np.take(array, kept[name], axis=position)
    return np.ascontiguousarray(array).copy()


def _kept(world: World, state: State, inside: NDArray[np.bool_]) -> Kept:
    units, bases = world.units, world.bases
    based = bases.cell[units.base]  # of units without a base it is not used
    here = inside[state.units.cell[0]] & ((units.base < 0) | inside[based])
    return {
        "cell": np.flatnonzero(inside),
        "cell+1": np.arange(np.count_nonzero(inside) + 1),
        "unit": np.flatnonzero(here),
        "community": np.flatnonzero(inside[world.communities.cell]),
        "base": np.flatnonzero(inside[bases.cell]),
    }


def _moved(pointers: NDArray[np.int32], kept: NDArray[np.intp]) -> NDArray[np.int32]:
    """Pointers into what was cut, at the new positions; -1 for what is gone, and where it was -1."""
    found = np.full(2 + max(int(kept.max(initial=0)), int(pointers.max(initial=0))), -1, np.int32)
    found[kept] = np.arange(len(kept))
    return found[pointers]


def _rehoused(people: CommunityState, kept: NDArray[np.intp]) -> CommunityState:
    """Displaced people with their refuge; those who fled out of the box live elsewhere for good."""
    refuge = _moved(people.refuge, kept)
    return people._replace(refuge=refuge, displaced=np.where(refuge >= 0, people.displaced, 0))


def _renumbered(small: World, kept: Kept) -> World:
    """Positions that point into what was cut."""
    cells, units, communities = small.cells, small.units, small.communities
    where = _moved(communities.cell, kept["cell"])
    return small._replace(
        cells=cells._replace(neighbour=_moved(cells.neighbour, kept["cell"])),
        units=units._replace(
            base=_moved(units.base, kept["base"]),
            first=np.searchsorted(units.organisation, np.arange(len(units.first))).astype(np.int32),
        ),
        communities=communities._replace(
            cell=where,
            kin=np.unique(communities.kin, return_inverse=True)[1].astype(np.int32),
            havens=_moved(communities.havens, kept["community"]),
            first=np.searchsorted(where, np.arange(len(cells.gid) + 1)).astype(np.int32),
        ),
        bases=small.bases._replace(cell=_moved(small.bases.cell, kept["cell"])),
    )
