"""Counter-terrorism pressure: what aircraft, drones and columns do to those who gather.

Pressure on organisation o in cell c is

    P[c, o] = sum over forces f of  h[f, o] * power[f, c] * (i0 + i1 * told[f, c])
    power[f, c] = q_f * (sum over its open bases of  strike * reach[base, c] * tempo
                         + ground * columns of f in c / 100 * (1 + guide * aircraft that supporters lend f))
    told[f, c] = min(1, welcome of f in c + sum over partners e of f of  link[f, e] * welcome of e in c)

q is the worth of a soldier of the force, in the air as on the ground; partners and lent aircraft are
those of `support`. P moves halfway to each week's value: who leads, moves or gathers there is seen and
hit. Intelligence is what people tell: it rises with their allegiance to the force or to those it works
with (Kalyvas 2006, The Logic of Violence in Civil War, ch. 7). Reach falls with distance from base
(Boulding 1962, Conflict and Defense). Massed units are struck, leaders are lost, and nobody can
safely gather more than `massing` allows: the relation that a withdrawal switches off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound, held
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import heavy, is_state, lose, rounded, violence_type, write_event
from sim.processes.support import lent, list_partners
from sim.state import EventKind, Field, Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms
from sim.world import Kind

OFF = 1

PACK = 4
"""Hunted organisations for which sums stay in registers together."""

NEGLIGIBLE = np.float32(1e-3)
"""Strike power up to which a cell is out of reach: a thousandth of an aircraft."""


@dataclass(frozen=True)
class Pressure(Parameters):
    """Parameters of counter-terrorism pressure."""

    hunt: str = form("standard", "off", source="AFPC 2021; CTP February 2023: forces hunt those who gather and lead")
    intelligence_base: float = quantity(
        0.19, unit="1", low=0.0, high=1.0, source="judgement: technical intelligence alone"
    )
    intelligence_people: float = quantity(
        0.65, unit="1", low=0.0, high=3.0, source="Kalyvas 2006: information follows allegiance"
    )
    ground: float = quantity(
        0.1, unit="per 100 troops", low=0.0, high=1.0, source="judgement: columns find, aircraft strike"
    )
    guide: float = quantity(
        0.65,
        unit="per aircraft lent",
        low=0.0,
        high=3.0,
        source="CTP February 2023: French aircraft over joint columns",
    )
    memory: float = quantity(0.5, unit="1", low=0.0, high=0.95, source="judgement: pressure lasts some weeks")
    strike_rate: float = quantity(
        0.11, unit="per week", low=0.0, high=0.5, source="judgement: about two strikes a month at the French peak"
    )
    strike_deaths: float = quantity(
        6.0, unit="deaths", low=0.0, high=30.0, source="judgement: dozens killed in the largest strikes"
    )
    strike_tail: float = quantity(2.5, unit="exponent", low=2.1, high=3.5, source="Bohorquez et al. 2009")
    leader_rate: float = quantity(
        0.02, unit="per week", low=0.0, high=0.1, source="AFPC 2021: several senior leaders lost 2018-2021"
    )
    leader_shock: float = quantity(0.2, unit="cohesion", low=0.0, high=0.6, source="judgement")


PressureColumns = columns(Pressure, __name__)


@compiled
def list_hunted(kind, hunted):  # type: ignore[no-untyped-def]
    """Fill `hunted` with the jihadist and rebel organisations; returns how many."""
    count = 0
    for o in range(kind.shape[0]):
        if kind[o] <= Kind.REBEL:
            hunted[count] = o
            count += 1
    return count


@compiled
def grounded(power, busy):  # type: ignore[no-untyped-def]
    """Empty the rows of `power` (organisation, cell) that are in use; `busy` (organisation,) marks them."""
    for f in range(busy.shape[0]):
        if busy[f] == 1:
            busy[f] = 0
            row = power[f]
            for c in range(row.shape[0]):
                row[c] = 0.0


@compiled
def in_the_air(world, state, lane, power, busy):  # type: ignore[no-untyped-def]
    """Add what aircraft bring to every cell."""
    for b in range(world.bases.reach.shape[0]):
        strike = state.bases.strike[lane, b]
        if state.bases.open[lane, b] == 1 and strike > 0.0:
            f, reach = world.bases.organisation[b], world.bases.reach[b]
            strike *= state.organisations.tempo[lane, f, world.cells.region[world.bases.cell[b]]]
            row, worth, busy[f] = power[f], np.float32(strike * world.organisations.quality[f]), 1
            for c in range(row.shape[0]):
                row[c] += worth * reach[c]


@compiled
def on_the_ground(world, state, p, lane, power, busy, brought):  # type: ignore[no-untyped-def]
    """Add what columns bring to their cells, guided by aircraft that supporters lend; `brought` (unit,) is scratch."""
    owner, cell, posture = world.units.organisation, state.units.cell[lane], state.units.posture[lane]
    for u in range(owner.shape[0]):
        if posture[u] == Posture.COLUMN:
            worth = p.ground[lane] * world.organisations.quality[owner[u]] * state.units.fighters[lane, u] / 100.0
            brought[u] = worth * (1.0 + p.guide[lane] * lent(state, lane, cell[u], owner[u], power))
    for u in range(owner.shape[0]):
        if posture[u] == Posture.COLUMN:
            power[owner[u], cell[u]] += brought[u]
            busy[owner[u]] = 1


@compiled
def list_forces(kind, busy, force):  # type: ignore[no-untyped-def]
    """List in `force` the states and their partners that bring anything; returns how many."""
    count = 0
    for f in range(kind.shape[0]):
        if is_state(kind[f]) and busy[f] == 1:
            force[count] = f
            count += 1
    return count


@compiled
def list_stances(state, lane, force, hunted, against):  # type: ignore[no-untyped-def]
    """Fill `against` (region, force, whole packs of hunted) with hostility, side by side for the loop over cells."""
    for j in range(force.shape[0]):
        for i in range(hunted.shape[0]):
            hostility = state.relations.hostility[lane, force[j], hunted[i]]
            for r in range(hostility.shape[0]):
                against[r, j, i] = hostility[r]


@inlined
def told(welcome, f, partners):  # type: ignore[no-untyped-def]
    """Allegiance of a cell's people to force f and its partners, up to 1; `partners` = (who, share, how many)."""
    who, share, count = partners
    total = welcome[f]
    for i in range(count):
        total += share[i] * welcome[who[i]]
    return min(total, np.float32(1.0))


@compiled
def warm(row, hunted, hostility, seen, move):  # type: ignore[no-untyped-def]
    """Move the pressure of a cell, `row` (organisation,), toward what forces bring, a pack of the hunted at a time.

    `hostility` (force, whole packs of hunted); `seen` (force,); `move` = (share kept, share that is new).
    """
    keep, new = move
    for begin in range(0, hunted.shape[0], PACK):
        a = b = c = d = np.float32(0.0)
        for j in range(seen.shape[0]):
            a += hostility[j, begin] * seen[j]
            b += hostility[j, begin + 1] * seen[j]
            c += hostility[j, begin + 2] * seen[j]
            d += hostility[j, begin + 3] * seen[j]
        row[hunted[begin]] = keep * row[hunted[begin]] + new * a
        if begin + 1 < hunted.shape[0]:
            row[hunted[begin + 1]] = keep * row[hunted[begin + 1]] + new * b
        if begin + 2 < hunted.shape[0]:
            row[hunted[begin + 2]] = keep * row[hunted[begin + 2]] + new * c
        if begin + 3 < hunted.shape[0]:
            row[hunted[begin + 3]] = keep * row[hunted[begin + 3]] + new * d


@compiled
def felt(world, state, p, lane, power, force, hunted, tables):  # type: ignore[no-untyped-def]
    """Renew the pressure that the hunted feel; `tables` = (partner, share, count, against, seen) by force.

    In single precision, as it is kept.
    """
    partner, share, count, against, seen = tables
    welcome, pressure, region = state.cells.welcome[lane], state.cells.pressure[lane], world.cells.region
    base, people, n = np.float32(p.intelligence_base[lane]), np.float32(p.intelligence_people[lane]), force.shape[0]
    move = (np.float32(p.memory[lane]), np.float32(1.0 - p.memory[lane]))
    for c in range(region.shape[0]):
        for j in range(n):
            brought, seen[j] = power[force[j], c], 0.0
            if brought > NEGLIGIBLE:
                seen[j] = brought * (base + people * told(welcome[c], force[j], (partner[j], share[j], count[j])))
        warm(pressure[c], hunted, against[region[c]], seen[:n], move)


@compiled
def renewed(world, state, p, lane, scratch):  # type: ignore[no-untyped-def]
    """Renew strike power and pressure; `scratch` as in the kernel."""
    (power, busy, brought), (hunted, force), tables = scratch
    partner, share, count, against, _ = tables
    grounded(power, busy)
    in_the_air(world, state, lane, power, busy)
    on_the_ground(world, state, p, lane, power, busy, brought)
    n = list_forces(world.organisations.kind, busy, force)
    for j in range(n):
        count[j] = list_partners(state, lane, force[j], partner[j], share[j])
    list_stances(state, lane, force[:n], hunted, against)
    felt(world, state, p, lane, power, force[:n], hunted, tables)


@inlined
def strongest(world, state, power, at, o):  # type: ignore[no-untyped-def]
    """The hostile force with most strike power over the cell, or -1."""
    lane, c = at
    best, found = 0.0, -1
    for f in range(power.shape[0]):
        brought = power[f, c] * state.relations.hostility[lane, f, o, world.cells.region[c]]
        if brought > best:
            best, found = brought, f
    return found


@compiled
def strike(world, state, p, streams, unit, power):  # type: ignore[no-untyped-def]
    """Chance that a massed unit is found and hit, and what it then loses. `unit` = (lane, unit)."""
    lane, u = unit
    c, o = state.units.cell[lane, u], world.units.organisation[u]
    hazard = p.strike_rate[lane] * state.cells.pressure[lane, c, o]
    chance, size, share, first = uniforms(streams, lane, Stream.STRIKE, world.units.key[u], 0)
    if chance >= 1.0 - math.exp(-hazard):
        return
    f = strongest(world, state, power, (lane, c), o)
    if f < 0:
        return
    wanted = rounded(p.strike_deaths[lane] * heavy(p.strike_tail[lane], size), share)
    lost = lose(world, state, (lane, c), o, min(wanted, state.units.fighters[lane, u]), first)
    row = write_event(state, (lane, c), (f, o), EventKind.STRIKE, violence_type(world, f, o))
    if row >= 0:
        state.events.rows[lane, row, Field.DEATHS_B] = lost


@compiled
def all_strikes(world, state, p, streams, lane, power):  # type: ignore[no-untyped-def]
    """Strikes on all units that have gathered."""
    for u in range(world.units.organisation.shape[0]):
        if state.units.posture[lane, u] == Posture.MASS and state.units.fighters[lane, u] > 0:
            strike(world, state, p, streams, (lane, u), power)


@compiled
def leaders(world, state, p, streams, lane):  # type: ignore[no-untyped-def]
    """Leaders are lost where an organisation's fighters are under pressure; cohesion suffers."""
    for o in range(world.organisations.kind.shape[0]):
        if world.organisations.kind[o] > Kind.REBEL:
            continue
        fighters, borne = 0.0, 0.0
        for u in range(world.units.first[o], world.units.first[o + 1]):
            n = state.units.fighters[lane, u]
            fighters += n
            borne += n * state.cells.pressure[lane, state.units.cell[lane, u], o]
        if fighters > 0.0:
            chance = 1.0 - math.exp(-p.leader_rate[lane] * borne / fighters)
            if uniform(streams, lane, Stream.LEADER, world.organisations.key[o], 0) < chance:
                state.ledger.leaders[lane, o] += 1
                state.organisations.cohesion[lane, o] *= 1.0 - p.leader_shock[lane]


@compiled
def nobody_hunts(state, lane):  # type: ignore[no-untyped-def]
    """No pressure anywhere: the form `off`."""
    for row in state.cells.pressure[lane]:
        for o in range(row.shape[0]):
            row[o] = 0.0


@kernel
def pressure_kernel(world, state, p, streams, strikes):  # type: ignore[no-untyped-def]
    """Compiled `pressure`, and `renew` where there are no `strikes`."""
    o, c, u = world.organisations.kind.shape[0], world.cells.gid.shape[0], world.units.organisation.shape[0]
    hunted, regions = np.empty(o, np.int32), state.relations.hostility.shape[3]
    hunted = hunted[: list_hunted(world.organisations.kind, hunted)]
    power, force = np.zeros((o, c), np.float32), np.empty(o, np.int32)
    partners = (np.empty((o, o), np.int32), np.empty((o, o), np.float32), np.empty(o, np.int32))
    packs = (hunted.shape[0] + PACK - 1) // PACK * PACK
    tables = (*partners, np.zeros((regions, o, packs), np.float32), np.empty(o, np.float32))
    scratch = ((power, np.zeros(o, np.int8), np.empty(u)), (hunted, force), tables)
    for lane in range(state.units.fighters.shape[0]):
        if p.hunt[lane] == OFF:
            nobody_hunts(state, lane)
            continue
        renewed(world, state, p, lane, scratch)
        if strikes:
            all_strikes(world, state, p, streams, lane, power)
            leaders(world, state, p, streams, lane)


def renew(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Renew pressure alone: nobody is struck."""
    pressure_kernel(bound(world), bound(state), held(parameters), streams, False)


def pressure(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Renew pressure, strike massed units, and cost organisations their leaders."""
    pressure_kernel(bound(world), bound(state), held(parameters), streams, True)
