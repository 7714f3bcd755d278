"""Counter-terrorism pressure: what aircraft, drones and columns do to those who gather.

Pressure on organisation o in cell c is

    P[c, o] = sum over forces f of  h[f, o] * power[f, c] * (i0 + i1 * (welcome of f or its host in c))
    power[f, c] = q_f * (sum over its open bases of  strike * reach[base, c] * tempo
                         + ground * columns of f in c / 100)

q is the worth of a soldier of the force, in the air as on the ground. P moves halfway to
each week's value: who leads, moves or gathers there is seen and hit. Intelligence is what people
tell: it rises with their allegiance to the force or its host (Kalyvas 2006, The Logic of Violence
in Civil War, ch. 7). Reach falls with distance from base
(Boulding 1962, Conflict and Defense). Massed units are struck, leaders are lost, and nobody can
safely gather more than M0 * skill * exp(-P / p0) fighters: the relation that a withdrawal switches off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import fade_table, heavy, held, is_state, lose, rounded, violence_type, write_event
from sim.state import EventKind, Field, Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms
from sim.world import Kind


@dataclass(frozen=True)
class Pressure(Parameters):
    """Parameters of counter-terrorism pressure."""

    intelligence_base: float = quantity(
        0.2, unit="1", low=0.0, high=1.0, source="judgement: technical intelligence alone"
    )
    intelligence_people: float = quantity(
        0.7, unit="1", low=0.0, high=3.0, source="Kalyvas 2006: information follows allegiance"
    )
    ground: float = quantity(
        0.1, unit="per 100 troops", low=0.0, high=1.0, source="judgement: columns find, aircraft strike"
    )
    memory: float = quantity(0.5, unit="1", low=0.0, high=0.95, source="judgement: pressure lasts some weeks")
    strike_rate: float = quantity(
        0.10, unit="per week", low=0.0, high=0.5, source="judgement: about two strikes a month at the French peak"
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


@inlined
def safe_mass(mass, skill, pressure, scale):  # type: ignore[no-untyped-def]
    """Most fighters that can gather: M0 * skill * exp(-P / p0)."""
    return mass * skill * math.exp(-pressure / scale)


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
def strike_power(world, state, p, lane, power):  # type: ignore[no-untyped-def]
    """Fill `power` (organisation, cell): what each force can bring to each cell this week."""
    power[:] = 0.0
    reach, owner, quality = world.bases.reach, world.units.organisation, world.organisations.quality
    for b in range(reach.shape[0]):
        strike = state.bases.strike[lane, b]
        if state.bases.open[lane, b] == 1 and strike > 0.0:
            f = world.bases.organisation[b]
            strike *= quality[f] * state.organisations.tempo[lane, f, world.cells.region[world.bases.cell[b]]]
            for c in range(reach.shape[1]):
                power[f, c] += strike * reach[b, c]
    posture, fighters, cell = state.units.posture[lane], state.units.fighters[lane], state.units.cell[lane]
    for u in range(owner.shape[0]):
        if posture[u] == Posture.COLUMN:
            power[owner[u], cell[u]] += p.ground[lane] * quality[owner[u]] * fighters[u] / 100.0


@inlined
def told(welcome, c, f, host):  # type: ignore[no-untyped-def]
    """Allegiance of the cell's people to force f and to its host: what makes them tell."""
    return welcome[c, f] + (welcome[c, host] if host >= 0 else 0.0)


@compiled
def felt(world, state, p, lane, power, hunted):  # type: ignore[no-untyped-def]
    """Renew the pressure that each of the `hunted` organisations feels in each cell."""
    kind, host, region = world.organisations.kind, world.organisations.host, world.cells.region
    hostility, welcome, pressure = (
        state.relations.hostility[lane],
        state.cells.welcome[lane],
        state.cells.pressure[lane],
    )
    keep, base, people = p.memory[lane], p.intelligence_base[lane], p.intelligence_people[lane]
    fade_table(pressure, keep)
    for f in range(kind.shape[0]):
        if is_state(kind[f]):
            brought, against = power[f], hostility[f]
            for c in range(region.shape[0]):
                if brought[c] > 1e-6:
                    seen = (1.0 - keep) * brought[c] * (base + people * told(welcome, c, f, host[f]))
                    for o in hunted:
                        pressure[c, o] += against[o, region[c]] * seen


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


@kernel
def pressure_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `pressure`."""
    organisations = world.organisations.kind.shape[0]
    power, hunted = np.empty((organisations, world.cells.gid.shape[0])), np.empty(organisations, np.int32)
    count = list_hunted(world.organisations.kind, hunted)
    for lane in range(state.units.fighters.shape[0]):
        strike_power(world, state, p, lane, power)
        felt(world, state, p, lane, power, hunted[:count])
        for u in range(world.units.organisation.shape[0]):
            if state.units.posture[lane, u] == Posture.MASS and state.units.fighters[lane, u] > 0:
                strike(world, state, p, streams, (lane, u), power)
        leaders(world, state, p, streams, lane)


@kernel
def renew_kernel(world, state, p):  # type: ignore[no-untyped-def]
    """Compiled `renew`."""
    organisations = world.organisations.kind.shape[0]
    power, hunted = np.empty((organisations, world.cells.gid.shape[0])), np.empty(organisations, np.int32)
    count = list_hunted(world.organisations.kind, hunted)
    for lane in range(state.units.fighters.shape[0]):
        strike_power(world, state, p, lane, power)
        felt(world, state, p, lane, power, hunted[:count])


def renew(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Renew pressure alone: nobody is struck."""
    renew_kernel(bound(world), bound(state), held(parameters))


def pressure(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Renew pressure, strike massed units, and cost organisations their leaders."""
    pressure_kernel(bound(world), bound(state), held(parameters), streams)
