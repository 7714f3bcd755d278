"""Organisations: every fourth week each weighs its fronts and shifts its effort.

    effort <- (1 - shift) * effort + shift * softmax over regions of
              w_home * homeland + w_hurt * log(1 + own losses) + w_chance * chance
              + w_opening * opening + w_welcome * welcome - w_pressure * pressure      (armed groups)
              w_home * posts + w_alarm * log(1 + attacks by enemies)
              + w_capital * log(1 + those near the capital)      (states; foreign forces have no capital)

chance = prey of a region: how well the enemies there match what the organisation has; opening = share of
the region's hostile troops who keep to their bases, i / (100 + i + out): a border left to itself invites. So a front on
which a rival no longer fights, or an enemy has gone, frees effort for others (CTP December 2023), and
a state that hears of attacks near its capital looks there first (CTP February 2023). What a junta
does in fear for its capital is in `agents.state_force`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.elementary import exp_all
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import is_insurgent, some
from sim.processes.politics import CAPITAL_REACH, governs_state
from sim.state import Posture
from sim.streams import compiled, inlined, kernel
from sim.world import Role

EVERY = 4
"""Weeks between two reviews of strategy."""


@dataclass(frozen=True)
class Strategy(Parameters):
    """Parameters of the allocation of effort."""

    shift: float = quantity(0.3, unit="per review", low=0.0, high=1.0, source="judgement: fronts shift over months")
    home: float = quantity(
        2.0, unit="1", low=0.0, high=12.0, source="judgement: organisations have homelands (CTP December 2023)"
    )
    hurt: float = quantity(0.1, unit="1", low=-1.0, high=1.0, source="sign disputed: reinforce or avoid a costly front")
    chance: float = quantity(0.5, unit="1", low=0.0, high=4.0, source="CTP December 2023: a freed front feeds another")
    opening: float = quantity(
        2.0, unit="1", low=0.0, high=6.0, source="CTP December 2023: attacks rose where troops kept to their bases"
    )
    welcome: float = quantity(0.6, unit="1", low=0.0, high=5.0, source="Kalyvas 2006")
    pressure: float = quantity(
        0.5, unit="1", low=0.0, high=3.0, source="CTP February 2023: pressure contained both groups"
    )
    alarm: float = quantity(0.5, unit="1", low=0.0, high=3.0, source="judgement: states react to attacks")
    capital: float = quantity(
        0.5, unit="1", low=0.0, high=3.0, source="CTP February 2023: attacks near the capital preoccupy the junta"
    )


StrategyColumns = columns(Strategy, __name__)


@compiled
def count_cells(region, count):  # type: ignore[no-untyped-def]
    """Fill `count` (region,) with numbers of cells."""
    count[:] = 0.0
    for r in region:
        count[r] += 1.0


@compiled
def homes(home, region, settled):  # type: ignore[no-untyped-def]
    """Fill `settled` (region, organisation): how much each region is a homeland, summed over its cells."""
    settled[:] = 0.0
    for o in range(home.shape[0]):
        mine = home[o]
        for c in range(region.shape[0]):
            settled[region[c], o] += mine[c]


@inlined
def near_capital(world, f, c):  # type: ignore[no-untyped-def]
    """Whether cell c lies around the capital of the army f."""
    return governs_state(world, f) and world.cells.capital[c, world.organisations.country[f]] <= CAPITAL_REACH


@compiled
def ring(world, hostility, c, attacks, front):  # type: ignore[no-untyped-def]
    """Alarm all who are hostile to those who attacked in cell c; `hostility` (organisation,) is toward them."""
    for f in range(hostility.shape[0]):
        if hostility[f] > 0.0:
            front[5, f] += hostility[f] * attacks
            if near_capital(world, f, c):
                front[6, f] += hostility[f] * attacks


@compiled
def watch(world, state, lane, sums):  # type: ignore[no-untyped-def]
    """Add up in rows 7 and 8 of `sums` the troops hostile to each armed group, inside and out of their bases."""
    region, kind, posture = world.cells.region, world.organisations.kind, state.units.posture[lane]
    for u in range(world.units.organisation.shape[0]):
        n = state.units.fighters[lane, u]
        if n > 0 and world.units.role[u] != Role.FIGHTERS:
            s, r = world.units.organisation[u], region[state.units.cell[lane, u]]
            row = 8 if posture[u] == Posture.PATROL or posture[u] == Posture.COLUMN else 7
            for o in range(kind.shape[0]):
                if is_insurgent(kind[o]):
                    sums[r, row, o] += state.relations.hostility[lane, o, s, r] * n


@compiled
def add_cell(state, at, front):  # type: ignore[no-untyped-def]
    """Add a cell, `at` = (lane, c), to the rows of its region. Where nobody stands, only welcome is anything."""
    lane, c = at
    mustered, presence, welcome = state.cells.first[lane], state.cells.presence[lane, c], state.cells.welcome[lane, c]
    for o in range(welcome.shape[0]):
        front[3, o] += welcome[o]
    if mustered[c + 1] > mustered[c] or some(presence):
        enemies, pressure = state.cells.enemies[lane, c], state.cells.pressure[lane, c]
        for o in range(presence.shape[0]):
            front[0, o] += enemies[o]
            front[1, o] += presence[o]
            front[4, o] += pressure[o] * presence[o]


@compiled
def by_region(world, state, lane, sums, settled):  # type: ignore[no-untyped-def]
    """Fill `sums` (region, 9, organisation); `settled` = (cells of each region, sums of homeland).

    By row: enemies, own, home, welcome, pressure on own, alarm, the capital's alarm, hostile troops in
    their bases, hostile troops out.

    Home and welcome are means over the region's cells; the others are totals.
    """
    sums[:] = 0.0
    attacks, hostility = state.cells.attacks[lane], state.relations.hostility[lane]
    region, (count, homeland) = world.cells.region, settled
    watch(world, state, lane, sums)
    for c in range(region.shape[0]):
        r, front = region[c], sums[region[c]]
        add_cell(state, (lane, c), front)
        if some(attacks[c]):
            for o in range(attacks.shape[1]):
                if attacks[c, o] > 0.05:
                    ring(world, hostility[:, o, r], c, attacks[c, o], front)
    for r in range(count.shape[0]):
        part = 1.0 / max(count[r], 1.0)
        for o in range(sums.shape[2]):
            sums[r, 2, o] = homeland[r, o] * part
            sums[r, 3, o] *= part


@inlined
def felt(number):  # type: ignore[no-untyped-def]
    """log(1 + number); most numbers are zero."""
    return math.log(1.0 + number) if number > 0.0 else 0.0


@inlined
def worth(world, state, p, lane, o, r, row):  # type: ignore[no-untyped-def]
    """What front r is worth to organisation o; the exponents of the module's docstring."""
    value = p.home[lane] * row[2]
    if is_insurgent(world.organisations.kind[o]):
        value += p.hurt[lane] * felt(state.organisations.losses[lane, o, r])
        value += p.chance[lane] * min(row[0], row[1]) / max(max(row[0], row[1]), 1.0)
        value += p.opening[lane] * row[7] / (100.0 + row[7] + row[8])
        return value + p.welcome[lane] * row[3] - p.pressure[lane] * row[4] / max(row[1], 1.0)
    return value + p.alarm[lane] * felt(row[5]) + p.capital[lane] * felt(row[6])


@compiled
def shift(world, state, p, lane, sums, value):  # type: ignore[no-untyped-def]
    """Move the effort of every organisation toward what its fronts are worth; `value` (region,) is room."""
    effort = state.organisations.effort[lane]
    for o in range(effort.shape[0]):
        total = 0.0
        for r in range(value.shape[0]):
            value[r] = worth(world, state, p, lane, o, r, sums[r, :, o])
        exp_all(value)
        for r in range(value.shape[0]):
            total += value[r]
        for r in range(value.shape[0]):
            effort[o, r] += p.shift[lane] * (value[r] / total - effort[o, r])


@kernel
def strategy_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `strategy`."""
    if streams.week % EVERY != 0:
        return
    organisations, regions = state.organisations.effort.shape[1:]
    sums, value = np.empty((regions, 9, organisations)), np.empty(regions, np.float32)
    settled = (np.empty(regions), np.empty((regions, organisations)))
    count_cells(world.cells.region, settled[0])
    homes(world.organisations.home, world.cells.region, settled[1])
    for lane in range(state.units.fighters.shape[0]):
        by_region(world, state, lane, sums, settled)
        shift(world, state, p, lane, sums, value)


strategy = Link(strategy_kernel)
"""Review every organisation's effort, every fourth week."""
