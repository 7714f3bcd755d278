"""Economy of war: what armed groups live on beside the people that they govern, and what it buys.

Every fourth week the treasury T of an armed group (thousand fighter-weeks of pay) is settled:

    T <- max(0, T + 4 * (riches + abroad - upkeep)) + ransom
    riches = sum over cells of grip * (gold * gold here + cattle * cattle here + trade * trade here)
    abroad = money * links
    upkeep = cost * (1 - aid * support by its host army) * sum over units of fighters * (1 - own * homeland)

and of what lies above `reserve` weeks of pay a share is spent. Grip is o's share of control of the
cell where it has fighters: who taxes mines, markets and roads must control them (ICG 2019). In the rival form
`loot` presence is enough, grip = n / (n + n_half) (Weinstein 2007; Keen 2012).
Jihadist groups kidnap: rarely, and a ransom is large and heavy-tailed
(judgement on their number and size). Links abroad of those who have any grow with prestige above the
ordinary 0.5 and wane below it. Taxes on the governed come in through `governance`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.bands import fighters_of
from sim.processes.common import heavy, is_insurgent
from sim.streams import Stream, compiled, inlined, kernel, uniforms
from sim.world import Kind, Riches

EVERY = 4
"""Weeks between two settlements of accounts."""

LOOT, OFF = 1, 2
"""Forms of `Economy.taxes`; 0 is taxes where there is control; off leaves the people's taxes and pay alone."""

LOOTERS = 40.0
"""Fighters who take half of what a cell has, in the form `loot`: a katiba's worth (judgement)."""


@dataclass(frozen=True)
class Economy(Parameters):
    """Parameters of the economy of war."""

    taxes: str = form("control", "loot", "off", source="ICG 2019 against Weinstein 2007, Keen 2012")
    gold: float = quantity(
        0.20,
        unit="thousand fighter-weeks a week in the richest cell",
        low=0.0,
        high=2.0,
        source="judgement: ICG 2019, sites of thousands of miners taxed by armed groups",
    )
    cattle: float = quantity(
        0.08,
        unit="thousand fighter-weeks a week in the richest cell",
        low=0.0,
        high=1.0,
        source="judgement: GITOC 2023, cattle rustling and zakat on herds",
    )
    trade: float = quantity(
        0.12,
        unit="thousand fighter-weeks a week in the richest cell",
        low=0.0,
        high=1.0,
        source="judgement: UN Panel of Experts on Mali 2020, tolls on convoys",
    )
    money: float = quantity(
        0.3, unit="thousand fighter-weeks a week", low=0.0, high=2.0, source="judgement: money from abroad"
    )
    cost: float = quantity(
        0.001,
        unit="thousand fighter-weeks per fighter",
        low=0.0,
        high=0.01,
        source="the unit of the treasury: pay of one",
    )
    own: float = quantity(
        0.8, unit="share", low=0.0, high=1.0, source="judgement: fighters at home live on their own fields and herds"
    )
    aid: float = quantity(0.8, unit="share of costs", low=0.0, high=1.0, source="judgement: states pay auxiliaries")
    reserve: float = quantity(12.0, unit="weeks of pay", low=0.0, high=104.0, source="judgement")
    spend: float = quantity(0.05, unit="per week", low=0.0, high=0.25, source="judgement: money does not lie idle")
    kidnap: float = quantity(
        0.006, unit="ransoms a week", low=0.0, high=0.1, source="judgement: about one a year for two large groups"
    )
    captors: float = quantity(300.0, unit="fighters", low=10.0, high=2000.0, source="judgement")
    ransom: float = quantity(
        4.0,
        unit="thousand fighter-weeks",
        low=0.0,
        high=40.0,
        source="judgement: millions of dollars for some captives",
    )
    tail: float = quantity(
        2.5, unit="exponent", low=2.1, high=3.5, source="judgement: few ransoms are most of the money"
    )
    attract: float = quantity(
        0.01, unit="per week", low=0.0, high=0.1, source="judgement: patrons abroad turn to the successful"
    )


EconomyColumns = columns(Economy, __name__)


@compiled
def grip(state, p, lane, c, o):  # type: ignore[no-untyped-def]
    """How far o can tax what passes through cell c, in [0, 1]."""
    if p.taxes[lane] == LOOT:
        here = state.cells.presence[lane, c, o]
        return here / (here + LOOTERS)
    return state.cells.share[lane, c, o]


@inlined
def worth(world, p, lane, c):  # type: ignore[no-untyped-def]
    """What the riches of cell c yield a week to whoever has them all."""
    here = world.cells.riches[c]
    return p.gold[lane] * here[Riches.GOLD] + p.cattle[lane] * here[Riches.CATTLE] + p.trade[lane] * here[Riches.TRADE]


@compiled
def riches_taxed(world, state, p, lane, o, visited):  # type: ignore[no-untyped-def]
    """Weekly income of o from mines, markets and roads in the cells where it has fighters.

    `visited` (cell,) has the organisation that was last seen to in a cell.
    """
    total, cell, fighters = 0.0, state.units.cell[lane], state.units.fighters[lane]
    for u in range(world.units.first[o], world.units.first[o + 1]):
        c = cell[u]
        if fighters[u] > 0 and visited[c] != o:
            visited[c] = o
            value = worth(world, p, lane, c)
            if value > 0.0:
                total += value * grip(state, p, lane, c, o)
    return total


@compiled
def ransom(world, state, p, streams, lane, o, fighters):  # type: ignore[no-untyped-def]
    """What o is paid for a captive in these four weeks: nothing, as a rule."""
    if world.organisations.kind[o] != Kind.JIHADIST:
        return 0.0
    chance, size, _, _ = uniforms(streams, lane, Stream.KIDNAP, world.organisations.key[o], 0)
    rate = EVERY * p.kidnap[lane] * fighters / (fighters + p.captors[lane])
    return p.ransom[lane] * heavy(p.tail[lane], size) if chance < 1.0 - math.exp(-rate) else 0.0


@compiled
def upkeep(world, state, p, lane, o):  # type: ignore[no-untyped-def]
    """What o pays its fighters a week: less to those at home, less what the army that it serves pays for it."""
    paid, host, total = 0.0, world.organisations.host[o], 0.0
    if host >= 0:
        paid = min(p.aid[lane] * state.relations.support[lane, host, o], 1.0)
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if state.units.fighters[lane, u] > 0:
            home = world.organisations.home[o, state.units.cell[lane, u]]
            total += state.units.fighters[lane, u] * (1.0 - p.own[lane] * home)
    return p.cost[lane] * total * (1.0 - paid)


@inlined
def attract(state, p, lane, o):  # type: ignore[no-untyped-def]
    """Links abroad grow with prestige above 0.5 and wane below; who has none gets none."""
    links = state.organisations.links[lane, o]
    pull = EVERY * p.attract[lane] * (2.0 * state.organisations.prestige[lane, o] - 1.0)
    state.organisations.links[lane, o] = min(max(links + pull * links * (1.0 - links), 0.0), 1.0)


@inlined
def unspent(p, lane, money, fighters):  # type: ignore[no-untyped-def]
    """What is left of the treasury once a part of what lies above the reserve is spent."""
    above = max(0.0, money - p.reserve[lane] * fighters / 1000.0)
    return money - (1.0 - (1.0 - p.spend[lane]) ** EVERY) * above


@compiled
def settle(world, state, p, streams, side, visited):  # type: ignore[no-untyped-def]
    """Four weeks of income and cost of one armed group; `side` = (lane, organisation)."""
    lane, o = side
    fighters = fighters_of(world, state, lane, o)
    weekly = p.money[lane] * state.organisations.links[lane, o] - upkeep(world, state, p, lane, o)
    windfall = 0.0
    if p.taxes[lane] != OFF:
        weekly += riches_taxed(world, state, p, lane, o, visited)
        windfall = ransom(world, state, p, streams, lane, o, fighters)
        attract(state, p, lane, o)
    money = max(0.0, state.organisations.treasury[lane, o] + EVERY * weekly) + windfall
    state.organisations.treasury[lane, o] = unspent(p, lane, money, fighters)


@kernel
def economy_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `economy`."""
    if streams.week % EVERY != 0:
        return
    visited = np.empty(world.cells.gid.shape[0], np.int32)
    for lane in range(state.units.fighters.shape[0]):
        visited[:] = -1
        for o in range(world.organisations.kind.shape[0]):
            if is_insurgent(world.organisations.kind[o]):
                settle(world, state, p, streams, (lane, o), visited)


economy = Link(economy_kernel)
"""Every fourth week: settle the accounts of all armed groups."""
