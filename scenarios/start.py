"""Start: the world out of region and order of battle, and the state in which every lane begins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.displaced import displaced
from scenarios.havens import havens
from scenarios.order_of_battle import OrderOfBattle
from scenarios.region import Region
from scenarios.week import WEEK
from sim.axes import as_declared
from sim.engine import Resolve
from sim.parameters import stack
from sim.processes.pressure import renew
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
    Relations,
    State,
    TimelineState,
    UnitState,
)
from sim.streams import Streams
from sim.world import Communities, Kind, Names, World

SPIN_UP = 30
"""Reviews by which attitudes, pressure and effort settle to the order of battle before the first week."""

MONEY = 8.0
"""Weeks of pay that armed groups have in hand at the start (judgement)."""

COST = 0.001
"""Thousand fighter-weeks of pay per fighter and week: the unit of the treasury, see `economy.cost`."""


def world_of(region: Region, order: OrderOfBattle) -> tuple[World, Names]:
    """The static arrays, and what their positions are called."""
    people = region.communities
    communities = Communities(
        people.key,
        people.cell,
        people.group,
        people.kin,
        order.prior.astype(np.float32),
        people.herders,
        havens(region),
        people.first,
    )
    world = World(region.cells, order.organisations, order.units, communities, order.bases)
    names = Names(
        countries=region.countries,
        capitals=region.capitals,
        regions=region.regions,
        groups=region.groups,
        organisations=order.ids,
        labels=order.labels,
        coalitions=order.coalitions,
        bases=order.base_names,
        towns=tuple(town.name for town in region.towns),
        town_cells=tuple(town.cell for town in region.towns),
    )
    return world, names


def start_state(region: Region, order: OrderOfBattle, world: World, rules: int) -> State:
    """The state of one lane before its first week.

    Attitudes, allegiance, pressure and effort are settled to the order of battle by letting their
    own processes review a world in which nobody moves or fights.
    """
    state = _bare(region, order, world, rules)
    _settle(world, state)
    return state


def _bare(region: Region, order: OrderOfBattle, world: World, rules: int) -> State:
    c, o, u = len(world.cells.gid), len(order.ids), len(world.units.key)
    k, b, r, q = len(world.communities.key), len(order.base_names), len(region.regions), len(order.coalitions)
    start = order.start
    fled = displaced(region, start.governance[:, order.organisations.kind <= Kind.REBEL].sum(axis=1))

    def real(*shape: int) -> NDArray[Any]:
        return np.zeros((1, *shape))

    def count(*shape: int) -> NDArray[np.int64]:
        return np.zeros((1, *shape), np.int64)

    def index(*shape: int) -> NDArray[np.int32]:
        return np.zeros((1, *shape), np.int32)

    def one(array: NDArray[Any]) -> NDArray[Any]:
        """The values as those of one lane, in memory of their own."""
        return array[None].copy()

    state = State(
        UnitState(one(start.fighters), one(start.establishment), one(start.cell), one(start.posture), index(u)),
        CellState(
            real(c, o), real(c, o), real(c, o), one(start.governance), real(c, o), real(c, o), real(c, o),
            real(c), index(c, q).astype(np.int8), index(c) + 1, index(c + 1), index(u),
        ),
        CommunityState(
            one(region.communities.people), one(order.prior), real(k, o), real(k, o), real(k), index(k) - 1,
            one(fled.persons), one(fled.refuge),
        ),
        OrganisationState(
            one(start.skill), real(o) + 1.0, one(_money(order)), real(o) + 0.5, one(start.discipline),
            one(start.replacement), real(o, r) + 1.0 / r, real(o, r) + 1.0, real(o, r),
            real(o, r), one(start.links), one(start.intent), one(start.government.legitimacy),
            one(start.government.junta), real(o),
        ),
        Relations(
            one(start.hostility), one(start.hostility), one(np.ones((o, o, r))), one(start.support),
            one(start.accord), one(start.passage),
        ),
        BaseState(one(start.open), one(start.strike), index(b)),
        Ledger(
            count(o), count(o), count(o), count(k), count(k), count(k), count(o), count(o),
            count(o), count(o), count(o), count(o), count(k), count(k), count(o, r, len(region.groups)),
        ),
        Policies(real(r), real(r), real(r) + 1.0),
        Events(index(), index(EVENT_ROOM, EVENT_FIELDS)),
        TimelineState(index(rules) - 1),
    )  # fmt: skip
    return as_declared(state)


def _money(order: OrderOfBattle) -> NDArray[np.float64]:
    return MONEY * COST * order.strength.astype(np.float64)


def _settle(world: World, state: State) -> None:
    """Let attitudes, pressure, effort and control come to rest; nothing is drawn."""
    resolve: dict[str, Resolve] = {p.name: p.resolve for p in WEEK}
    columns = {p.name: stack([p.parameters()], p.columns) for p in WEEK if p.parameters is not None}
    pressed: Resolve = renew
    for review in range(SPIN_UP):
        streams = Streams(np.zeros((1, 2), np.uint64), 4 * review)
        resolve["muster"](world, state, None, streams)
        pressed(world, state, columns["pressure"], streams)
        resolve["strategy"](world, state, columns["strategy"], streams)
        for quarter in range(4):
            for mind in ("backfire", "protection", "attitudes"):
                resolve[mind](world, state, columns[mind], streams._replace(week=4 * review + quarter))
        state.cells.due[:] = 1
        resolve["control"](world, state, columns["control"], streams)
    state.cells.attacks[:] = 0.0
    state.cells.due[:] = 1
