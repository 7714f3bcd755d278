"""Random small worlds, complete in every array, for fuzzing and for comparing kernels with their twins."""

from __future__ import annotations

import numpy as np

from sim.axes import as_declared, check_axes
from sim.engine import Week
from sim.parameters import stack
from sim.processes.muster import muster
from sim.state import (
    EVENT_FIELDS,
    EVENT_ROOM,
    BaseState,
    CellState,
    CommunityState,
    Events,
    Ledger,
    OrganisationState,
    Policies,
    Posture,
    Relations,
    State,
    TimelineState,
    UnitState,
)
from sim.streams import Streams
from sim.world import NEIGHBOURS, Bases, Cells, Communities, Kind, Organisations, Role, Units, World

KINDS = (
    Kind.JIHADIST, Kind.JIHADIST, Kind.REBEL, Kind.MILITIA, Kind.ARMY, Kind.COUNTER_TERRORISM, Kind.PEACEKEEPER,
    Kind.PARTNER, Kind.SUPPORT,
)  # fmt: skip
COALITIONS = (0, 1, 2, 3, 4, 5, 5, 4, 6)
HOSTS = (-1, -1, -1, -1, -1, 4, 4, 4, 4)
SIDE = 4
REGIONS, COUNTRIES, GROUPS, SLOTS = 3, 2, 4, 6


def random_world(seed: int) -> World:
    """A world of 16 cells, organisations of every kind, six unit slots for each, and 24 communities."""
    rng = np.random.default_rng(seed)
    cells = _cells(rng)
    bases = _bases(rng, cells)
    world = as_declared(World(cells, _organisations(rng), _units(rng, bases), _communities(rng), bases))
    if seed % 3 == 0:
        world.organisations.coalition[2] = 0  # in every third world the rebels are in a coalition with jihadists
    return world


def random_state(world: World, seed: int, lanes: int = 2) -> State:
    """A state of that world in which everything is going on somewhere."""
    rng = np.random.default_rng(seed + 1)
    c, o, u = len(world.cells.gid), len(KINDS), len(world.units.key)
    k, b = len(world.communities.key), len(world.bases.key)
    share = rng.dirichlet(np.full(o + 1, 0.4), (lanes, c))[:, :, :o].copy()
    welcome = rng.dirichlet(np.full(o + 1, 0.6), (lanes, c))[:, :, :o].copy()
    zeros, count = (lambda *s: np.zeros((lanes, *s))), (lambda *s: np.zeros((lanes, *s), np.int64))
    index = lambda *s: np.zeros((lanes, *s), np.int32)  # noqa: E731
    state = State(
        _unit_state(rng, world, lanes),
        CellState(
            zeros(c, o), zeros(c, o), welcome, rng.random((lanes, c, o)) * (rng.random((lanes, c, o)) < 0.4), share,
            rng.random((lanes, c, o)) * 0.5, rng.exponential(0.5, (lanes, c, o)),
            rng.random((lanes, c)) * 0.6, index(c, max(COALITIONS) + 1),
            rng.integers(0, 2, (lanes, c)).astype(np.int32), index(c + 1), index(u),
        ),
        CommunityState(
            rng.integers(200, 40_000, (lanes, k)), np.clip(rng.normal(0, 1, (lanes, k, o)), -4.0, 4.0),
            rng.dirichlet(np.full(o + 1, 0.6), (lanes, k))[:, :, :o].copy(), rng.exponential(0.2, (lanes, k, o)),
            rng.random((lanes, k)), rng.integers(-1, o, (lanes, k)).astype(np.int32), *_refuges(rng, world, lanes),
        ),
        OrganisationState(
            rng.random((lanes, o, 4)), rng.uniform(0.5, 1, (lanes, o)), rng.uniform(0, 20, (lanes, o)),
            rng.random((lanes, o)), rng.random((lanes, o)), np.where(np.array(KINDS) >= Kind.ARMY, 20.0, 0) + zeros(o),
            rng.dirichlet(np.ones(REGIONS), (lanes, o)), rng.uniform(0.5, 1.2, (lanes, o, REGIONS)),
            rng.exponential(5, (lanes, o, REGIONS)),
            np.where(np.array(KINDS) == Kind.JIHADIST, 0.4, 0.0)[:, None] + zeros(o, REGIONS),
            rng.random((lanes, o)), rng.random((lanes, o)), np.where(np.array(KINDS) == Kind.ARMY, 0.6, 1.0) + zeros(o),
            index(o) - 1, rng.random((lanes, o)),
        ),
        _relations(rng, lanes),
        BaseState(np.ones((lanes, b), np.int32), rng.random((lanes, b)), index(b)),
        Ledger(
            count(o), count(o), count(o), count(k), count(k), count(k), count(o), count(o),
            count(o), count(o), count(o), count(o), count(k), count(k), count(o, REGIONS, GROUPS),
        ),
        Policies(rng.random((lanes, REGIONS)), rng.random((lanes, REGIONS)), rng.random((lanes, REGIONS))),
        Events(index(), index(EVENT_ROOM, EVENT_FIELDS)),
        TimelineState(index(1) - 1),
    )  # fmt: skip
    state = as_declared(state)
    check_axes(state, check_axes(world, {"lane": lanes}))
    muster(world, state, None, None)
    return state


def defaults(week: Week, lanes: int, **changes: dict[str, float]) -> dict[str, object]:
    """Columns of every process of the week: its defaults, and `changes` by process name."""
    return {
        p.name: stack([p.parameters(**changes.get(p.name, {}))] * lanes, p.columns)
        for p in week
        if p.parameters is not None
    }


def streams(lanes: int = 2, week: int = 1122, seed: int = 1) -> Streams:
    """Chance for a week; lane i is replicate i."""
    return Streams(np.array([[seed, i] for i in range(lanes)], np.uint64), week)


def _cells(rng: np.random.Generator) -> Cells:
    x, y = np.divmod(np.arange(SIDE * SIDE), SIDE)
    neighbour, travel = np.full((SIDE * SIDE, 9), -1, np.int32), np.zeros((SIDE * SIDE, 9))
    for slot, (i, j) in enumerate(NEIGHBOURS):
        inside = (x + i >= 0) & (x + i < SIDE) & (y + j >= 0) & (y + j < SIDE)
        neighbour[inside, slot] = ((x + i) * SIDE + y + j)[inside]
        travel[:, slot] = 0.0 if slot == 0 else rng.uniform(0.5, 2.0, SIDE * SIDE)
    n = SIDE * SIDE
    return Cells(
        np.arange(n, dtype=np.int64) + 150_000, 14.25 + y / 2, x / 2 - 0.75, (x // 2).astype(np.int32),
        np.minimum(x, REGIONS - 1).astype(np.int32), np.full(n, 3000.0), rng.uniform(100, 900, n),
        np.where(np.arange(n) % 3, 0, 9_000 + 500 * np.arange(n)), neighbour, travel,
        rng.uniform(50, 900, (n, COUNTRIES)),
        rng.random((n, 3)) * (rng.random((n, 3)) < 0.4),
    )  # fmt: skip


def _organisations(rng: np.random.Generator) -> Organisations:
    o, kind = len(KINDS), np.array(KINDS, np.int32)
    return Organisations(
        rng.integers(0, 2**32, o).astype(np.uint64), kind, np.array(COALITIONS, np.int32),
        np.where(kind >= Kind.ARMY, 0, -1).astype(np.int32), np.array(HOSTS, np.int32),
        np.array([25, 25, 60, 50, 100, 100, 100, 60, 60], np.int64),
        np.array([0.6, 0.6, 0.4, 0.1, 0.5, 0.6, 0.2, 0.5, 0.1]), rng.uniform(0.7, 1.5, o), rng.random(o),
        np.array([1.0, 1.2, 0.6, 0.5, 0.7, 1.0, 0.0, 1.0, 0.0]),
        np.array([1.0, 1.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]), _homes(rng),
        _symmetric(rng.random((o, o))),
    )  # fmt: skip


def _homes(rng: np.random.Generator) -> np.ndarray:
    """Homelands anywhere, but for the second jihadist group, which has none in the second country."""
    home = rng.random((len(KINDS), SIDE * SIDE)) ** 2
    home[1, SIDE * SIDE // 2 :] = 0.0
    return home


def _bases(rng: np.random.Generator, cells: Cells) -> Bases:
    owner = np.repeat(np.flatnonzero(np.array(KINDS) >= Kind.ARMY).astype(np.int32), 2)
    cell = rng.integers(0, len(cells.gid), len(owner)).astype(np.int32)
    far = np.hypot(cells.lat[cell][:, None] - cells.lat, cells.lon[cell][:, None] - cells.lon)
    return Bases(
        rng.integers(0, 2**32, len(owner)).astype(np.uint64),
        cell,
        owner,
        rng.uniform(0, 2, len(owner)),
        1 / (1 + far**2),
    )


def _units(rng: np.random.Generator, bases: Bases) -> Units:
    organisation = np.repeat(np.arange(len(KINDS), dtype=np.int32), SLOTS)
    base = np.full(len(organisation), -1, np.int32)
    role = np.full(len(organisation), Role.FIGHTERS, np.int32)
    for slot, o in enumerate(organisation):
        mine = np.flatnonzero(bases.organisation == o)
        if len(mine):
            base[slot], role[slot] = mine[slot % len(mine)], Role.GARRISON if slot % 3 else Role.MOBILE
    first = np.arange(0, len(organisation) + 1, SLOTS).astype(np.int32)
    return Units(rng.integers(0, 2**32, len(organisation)).astype(np.uint64), organisation, role, base, first)


def _communities(rng: np.random.Generator) -> Communities:
    cell = np.sort(rng.integers(0, SIDE * SIDE, 24)).astype(np.int32)
    n = len(cell)
    return Communities(
        rng.integers(0, 2**32, n).astype(np.uint64), cell, rng.integers(0, GROUPS, n).astype(np.int32),
        rng.integers(0, 6, n).astype(np.int32), rng.normal(0, 1, (n, len(KINDS))), rng.random(n), _havens(cell),
        np.searchsorted(cell, np.arange(SIDE * SIDE + 1)).astype(np.int32),
    )  # fmt: skip


def _havens(cell: np.ndarray) -> np.ndarray:
    """Up to 12 communities of other cells, the nearest in the list first."""
    found = np.full((len(cell), 12), -1, np.int32)
    for k in range(len(cell)):
        others = [h for h in sorted(range(len(cell)), key=lambda h: abs(h - k)) if cell[h] != cell[k]]
        found[k, : len(others[:12])] = others[:12]
    return found


def _unit_state(rng: np.random.Generator, world: World, lanes: int) -> UnitState:
    u, based = len(world.units.key), world.units.base >= 0
    size = world.organisations.unit_size[world.units.organisation]
    fighters = (rng.uniform(0.3, 1.8, (lanes, u)) * size).astype(np.int64) * (rng.random((lanes, u)) < 0.7)
    cell = rng.integers(0, len(world.cells.gid), (lanes, u)).astype(np.int32)
    cell[:, based] = world.bases.cell[world.units.base[based]]
    posture = np.where(based, Posture.GARRISON, rng.integers(0, 3, (lanes, u))).astype(np.int32)
    establishment = np.where(based, size, 0) + np.zeros((lanes, 1), np.int64)
    return UnitState(fighters, establishment.astype(np.int64), cell, posture, np.zeros((lanes, u), np.int32))


def _relations(rng: np.random.Generator, lanes: int) -> Relations:
    o = len(KINDS)
    war = rng.random((o, o, REGIONS)) < 0.6
    hostility = np.triu(np.ones((o, o)), 1)[:, :, None] * war * rng.uniform(0.2, 1.0, (o, o, REGIONS))
    hostility = np.repeat((hostility + hostility.transpose(1, 0, 2))[None], lanes, axis=0)
    accord = _symmetric(rng.random((o, o)) * (rng.random((o, o)) < 0.3))
    passage = (rng.random((lanes, o, COUNTRIES)) < 0.7).astype(float)
    return Relations(
        hostility, hostility.copy(), np.ones_like(hostility), rng.random((lanes, o, o)) * (1 - np.eye(o)),
        np.repeat(accord[None], lanes, axis=0), passage,
    )  # fmt: skip


def _symmetric(square: np.ndarray) -> np.ndarray:
    """A square table equal to its transpose, zero on the diagonal."""
    upper = np.triu(square, 1)
    return upper + upper.T


def _refuges(rng: np.random.Generator, world: World, lanes: int) -> tuple[np.ndarray, np.ndarray]:
    """How many of each community live elsewhere, and with whom: about one community in three."""
    k = len(world.communities.key)
    refuge = np.where(rng.random((lanes, k)) < 0.3, rng.integers(0, k, (lanes, k)), -1).astype(np.int32)
    refuge[refuge == np.arange(k)] = -1
    return np.where(refuge >= 0, rng.integers(1, 90, (lanes, k)), 0).astype(np.int64), refuge
