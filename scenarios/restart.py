"""Restart: a start state told anew by recorded events, see `scenarios.recollection`.

Written before the first week, for each replicate by a reading of its own. The processes of the week know nothing of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.backfire import Backfire
from scenarios.recollection import OF_UNITS, Memory, Reading, Reals, density_of, drawn, places_of, read, summed
from scenarios.week import WEEK
from sim.engine import Resolve
from sim.parameters import stack
from sim.processes.civilians import Civilians
from sim.processes.control import QUARTER
from sim.processes.pressure import renew
from sim.state import State, lanes
from sim.streams import Streams
from sim.world import Kind, Role, World

REVIEWS = 6
"""Reviews in which minds and control answer to what is remembered: the half-year for which harm is (judgement)."""

MOST = 100.0
"""Deaths per thousand beyond which a cell with few people remembers no more (judgement)."""


def restart(state: State, world: World, memory: Memory, keys: NDArray[np.uint64]) -> None:
    """Write what events say into start states, in place.

    Args:
        state: start states, (lane, ...); fighters and people stay as they are.
        world: static arrays.
        memory: the events.
        keys: seed and replicate of each lane, (lane, 2).
    """
    places = places_of(world, state.communities.people[0])
    readings = [read(memory, world, places, keys, lane) for lane in range(lanes(state))]
    for lane, reading in enumerate(readings):
        _place(state, world, memory, keys, lane, reading)
    _answer(state, world, [_mourned(state, world, memory, lane, r) for lane, r in enumerate(readings)])
    for lane, reading in enumerate(readings):
        _quarter(state, world, memory, lane, reading)


def _place(state: State, world: World, memory: Memory, keys: NDArray[np.uint64], lane: int, reading: Reading) -> None:
    """Move bands and effort to where the events of their organisation are."""
    density = density_of(memory, world, reading)
    trust = memory.trust(density)
    units, kind = world.units, world.organisations.kind
    chance = drawn(keys, lane, units.key, OF_UNITS)
    bands = (units.role == Role.FIGHTERS) & (kind[units.organisation] <= Kind.MILITIA)
    bands &= chance[:, 0] < trust[units.organisation]
    for o in np.unique(units.organisation[bands]):
        own = np.flatnonzero(bands & (units.organisation == o))
        state.units.cell[lane, own] = _picked(density[:, o], chance[own, 1])
    by_region = np.zeros((state.organisations.effort.shape[2], len(kind)))
    np.add.at(by_region, world.cells.region, density)
    share = by_region / np.maximum(density.sum(axis=0), 1e-300)
    effort = state.organisations.effort[lane]
    effort += trust[:, None] * (share.T - effort)


def _picked(weight: Reals, chance: Reals) -> NDArray[np.int32]:
    """A cell for each uniform number, in proportion to weight."""
    reached = np.cumsum(weight)
    at = np.searchsorted(reached, chance * reached[-1], side="right")
    return np.asarray(np.minimum(at, len(weight) - 1), np.int32)


def _mourned(state: State, world: World, memory: Memory, lane: int, reading: Reading) -> Reals:
    """Remembered deaths per thousand people by community and organisation."""
    own, cell = memory.one_sided, world.communities.cell
    left = np.exp2(-memory.age[own] / Backfire().half_life) * reading.weight[own] * memory.deaths[own]
    killed = summed(reading.cell[own], left[:, None] * memory.first[own], len(world.cells.gid))
    living = np.bincount(cell, state.communities.people[lane], len(world.cells.gid))
    rate = 1000.0 * killed / np.maximum(living, 1.0)[:, None]
    return np.asarray(np.minimum(rate, MOST)[cell])


def _answer(state: State, world: World, mourned: list[Reals]) -> None:
    """Let minds and control answer to what is remembered while nobody moves or fights; nothing is drawn."""
    resolve: dict[str, Resolve] = {p.name: p.resolve for p in WEEK}
    columns = {p.name: stack([p.parameters()] * lanes(state), p.columns) for p in WEEK if p.parameters is not None}
    pressed: Resolve = renew
    resolve["muster"](world, state, None, _still(state, 0))
    pressed(world, state, columns["pressure"], _still(state, 0))
    for review in range(REVIEWS):
        _remember(state, mourned)
        for quarter in range(4):
            streams = _still(state, 4 * review + quarter)
            for mind in ("backfire", "protection", "attitudes"):
                resolve[mind](world, state, columns[mind], streams)
        state.cells.due[:] = 1
        resolve["control"](world, state, columns["control"], _still(state, 4 * review))
    state.cells.due[:] = 1
    _remember(state, mourned)


def _still(state: State, week: int) -> Streams:
    """Chance that nobody draws from."""
    return Streams(np.zeros((lanes(state), 2), np.uint64), week)


def _remember(state: State, mourned: list[Reals]) -> None:
    for lane, harm in enumerate(mourned):
        state.communities.harm[lane] = harm
        state.communities.fear[lane] = np.minimum(1.0, Civilians().fear * harm.sum(axis=1))


def _quarter(state: State, world: World, memory: Memory, lane: int, reading: Reading) -> None:
    """Attacks and losses of the last quarter; of a fight, each side began half and lost half."""
    left = QUARTER**memory.age * reading.weight
    begun = np.where(memory.one_sided[:, None], memory.first, 0.5 * memory.both)
    state.cells.attacks[lane] = summed(reading.cell, left[:, None] * begun, len(world.cells.gid))
    lost = np.where(memory.one_sided, 0.0, 0.5 * memory.deaths * left)
    fronts, regions = world.cells.region[reading.cell], state.organisations.losses.shape[2]
    state.organisations.losses[lane] = summed(fronts, lost[:, None] * memory.both, regions).T
