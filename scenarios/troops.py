"""Troops that come, go or regroup by decision; every one of them passes through the ledger.

All functions work on the lanes of a `Moment`. Whole numbers are shared out among k slots by
Hermite's identity, sum over k of floor((n + k) / slots) = n, so that no fighter is lost to rounding.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scenarios.directory import Moment, Positions
from sim.handles import bound
from sim.state import Posture
from sim.streams import compiled, kernel
from sim.world import Role


def shrink(moment: Moment, slots: Positions, ratio: float) -> None:
    """Lower the establishment of unit slots to `ratio` of what it is; the surplus fighters leave."""
    _shrink_kernel(bound(moment.directory.world), bound(moment.state), moment.lanes, slots, float(ratio))


@kernel
def _shrink_kernel(world, state, lanes, slots, ratio):  # type: ignore[no-untyped-def]
    """Compiled `shrink`."""
    fighters, establishment = state.units.fighters, state.units.establishment
    for lane in lanes:
        for u in slots:
            establishment[lane, u] = np.int64(np.rint(establishment[lane, u] * ratio))
            surplus = max(fighters[lane, u] - establishment[lane, u], 0)
            fighters[lane, u] -= surplus
            state.ledger.left[lane, world.units.organisation[u]] += surplus


def disband(moment: Moment, slots: Positions) -> None:
    """All fighters of unit slots leave, wherever they are, and nobody replaces them."""
    shrink(moment, slots, 0.0)


def close(moment: Moment, bases: Positions) -> None:
    """Close bases by decision: the doors shut, the aircraft go, and so do all who belong to them."""
    grid = moment.grid(bases)
    moment.state.bases.open[grid] = 0
    moment.state.bases.strike[grid] = 0.0
    disband(moment, moment.directory.slots(bases))


def regroup(moment: Moment, origins: Positions, to: Positions, share: float) -> None:
    """Move a share of the establishment and fighters of some slots to others, to the person."""
    world, units = moment.directory.world, moment.state.units
    there, here = moment.grid(to), moment.grid(origins)
    home = world.bases.cell[world.units.base[to]]
    units.cell[there] = np.where(units.fighters[there] == 0, home, units.cell[there])
    for column in (units.establishment, units.fighters):
        moved = np.floor(column[here] * share).astype(np.int64)
        column[here] -= moved
        column[there] += (moved.sum(axis=1)[:, None] + np.arange(to.size)) // to.size


def take_back(moment: Moment, organisations: Positions, regions: Positions, number: int) -> None:
    """`number` freed fighters join units of some organisations in some regions, in equal parts.

    They come from outside the people of the model. Where no unit is left in the regions, nobody comes.
    """
    world, units, ledger = moment.directory.world, moment.state.units, moment.state.ledger
    slots = np.flatnonzero(np.isin(world.units.organisation, organisations))
    grid = moment.grid(slots)
    there = (units.fighters[grid] > 0) & np.isin(world.cells.region[units.cell[grid]], regions)
    shares = (number + np.cumsum(there, axis=1) - 1) // np.maximum(there.sum(axis=1, keepdims=True), 1)
    freed = np.where(there, shares, 0)
    units.fighters[grid] += freed
    for organisation in organisations:
        came = freed[:, world.units.organisation[slots] == organisation].sum(axis=1)
        ledger.joined[moment.lanes, organisation] += came
        ledger.exchanged[moment.lanes, organisation] += came


@compiled
def _posture(role):  # type: ignore[no-untyped-def]
    """What a unit does in the week in which it arrives."""
    return Posture.GARRISON if role == Role.GARRISON else Posture.COLUMN


@compiled
def _people_join(world, state, lane, u, wanted):  # type: ignore[no-untyped-def]
    """Take up to `wanted` people from the largest community of a band's cell; returns how many joined."""
    best, cell, o = -1, state.units.cell[lane, u], world.units.organisation[u]
    for k in range(world.communities.first[cell], world.communities.first[cell + 1]):
        if best < 0 or state.communities.people[lane, k] > state.communities.people[lane, best]:
            best = k
    if best < 0:
        return np.int64(0)
    joined = min(wanted, state.communities.people[lane, best])
    state.communities.people[lane, best] -= joined
    state.ledger.recruited[lane, best] += joined
    state.ledger.enlisted[lane, o, world.cells.region[cell], world.communities.group[best]] += joined
    return joined


@compiled
def _eligible(world, state, lane, u, regions):  # type: ignore[no-untyped-def]
    """Whether reinforcements reach a unit: its base is held, or it is a band at home in the regions."""
    b = world.units.base[u]
    if b >= 0:
        return state.bases.open[lane, b] == 1
    return state.units.fighters[lane, u] > 0 and regions[world.cells.region[state.units.cell[lane, u]]]


@compiled
def _join(world, state, lane, u, number):  # type: ignore[no-untyped-def]
    """`number` fighters join a unit: posted troops raise its establishment, bands take local people."""
    b, joined = world.units.base[u], number
    if b < 0:
        joined = _people_join(world, state, lane, u, number)
    else:
        state.units.establishment[lane, u] += number
        if state.units.fighters[lane, u] == 0:
            state.units.cell[lane, u] = world.bases.cell[b]
            state.units.posture[lane, u] = _posture(world.units.role[u])
            state.units.weeks[lane, u] = 0
    state.units.fighters[lane, u] += joined
    state.ledger.joined[lane, world.units.organisation[u]] += joined


@kernel
def _arrive_kernel(world, state, lanes, slots, regions, totals):  # type: ignore[no-untyped-def]
    before, after = totals
    for lane in lanes:
        units = 0
        for u in slots:
            units += _eligible(world, state, lane, u, regions)
        k = 0
        for u in slots:
            if _eligible(world, state, lane, u, regions):
                number = (after + k) // units - (before + k) // units
                k += 1
                if number > 0:
                    _join(world, state, lane, u, number)


def arrive(moment: Moment, slots: Positions, regions: Iterable[str], troops: int, window: tuple[int, int]) -> None:
    """This week's part of `troops` that come in equal parts over the weeks of `window`.

    Args:
        moment: the week and the lanes.
        slots: unit slots that may take them; those of a base that is not held take none.
        regions: names of those where bands without a base may take them.
        troops: number that comes in the whole window.
        window: first week and number of weeks.
    """
    world = moment.directory.world
    first, length = window
    done = moment.week - first
    totals = (np.int64(troops * done // length), np.int64(troops * (done + 1) // length))
    if totals[0] == totals[1]:
        return
    _arrive_kernel(bound(world), bound(moment.state), moment.lanes, slots, moment.directory.within(regions), totals)
