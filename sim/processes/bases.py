"""Base assaults: massed fighters against walls, and what follows when a base falls.

An armed group that is in the cell and has gathered n fighters within reach (the cell and the 8
around it, no more than can safely gather) storms a base
with garrison g at rate

    rate = beta * h * aggression * cohesion * sigma(odds - caution),   odds = log(n * q_a / (g * q_g))

and the base falls with probability

    sigma(kappa * odds - walls - air * pressure - rescue * log(1 + own troops around / 100) + bombs)

An overrun base is lost: survivors withdraw to the nearest base of their own, the victors take
materiel and prestige, and garrisons around are confined to their bases for weeks (CTP December
2023: patrols stopped after large ambushes; eight bases lost in northern Mali in autumn 2023). The
army comes back when the balance around the place allows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import heavy, held, logistic, lose, rounded, violence_type, write_event
from sim.processes.encounters import confine
from sim.processes.pressure import safe_mass
from sim.state import EventKind, Field, Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms
from sim.world import Kind, Skill

LOST = -1
"""Value of `state.bases.open` for a base that fell; 0 is one closed by decision, 1 one held."""


@dataclass(frozen=True)
class BaseAssaults(Parameters):
    """Parameters of assaults on bases."""

    rate: float = quantity(
        2.0, unit="per week", low=0.0, high=8.0, source="scaled to bases overrun in CTP December 2023"
    )
    caution: float = quantity(
        0.5, unit="log-odds", low=-1.0, high=4.0, source="judgement: assaults are chosen, not chanced"
    )
    smallest: float = quantity(40.0, unit="fighters", low=10.0, high=150.0, source="judgement")
    mass: float = quantity(
        500.0, unit="fighters", low=100.0, high=1000.0, source="CTP December 2023: hundreds of militants gathered"
    )
    mass_pressure: float = quantity(
        1.2, unit="pressure", low=0.1, high=3.0, source="judgement: massing ends under French air cover"
    )
    decisive: float = quantity(1.2, unit="1", low=0.2, high=3.0, source="judgement: steepness of the force ratio")
    air: float = quantity(
        1.2, unit="per unit of pressure", low=0.0, high=4.0, source="judgement: aircraft save garrisons"
    )
    rescue: float = quantity(0.5, unit="1", low=0.0, high=2.0, source="judgement: quick reaction forces")
    bombs: float = quantity(1.0, unit="log-odds", low=0.0, high=3.0, source="judgement: vehicle bombs open walls")
    bomb_use: float = quantity(
        0.25, unit="probability", low=0.0, high=1.0, source="CTP December 2023: at least 3 in three months"
    )
    kill_attacker: float = quantity(0.06, unit="share of attackers", low=0.0, high=0.5, source="judgement")
    kill_held: float = quantity(0.04, unit="share of garrison", low=0.0, high=0.5, source="judgement")
    kill_overrun: float = quantity(
        0.18, unit="share of garrison", low=0.0, high=0.8, source="judgement: Inata 2021, 53 of about 120"
    )
    tail: float = quantity(2.5, unit="exponent", low=2.1, high=3.5, source="Bohorquez et al. 2009")
    confinement: float = quantity(10.0, unit="weeks", low=0.0, high=26.0, source="CTP December 2023")
    prestige: float = quantity(0.05, unit="prestige", low=0.0, high=0.3, source="judgement")
    materiel: float = quantity(0.3, unit="thousand fighter-weeks", low=0.0, high=3.0, source="judgement")
    reoccupy: float = quantity(
        0.15, unit="per week", low=0.0, high=1.0, source="judgement: many posts were regained within weeks"
    )


BaseAssaultsColumns = columns(BaseAssaults, __name__)


@compiled
def gathered(world, state, lane, massed):  # type: ignore[no-untyped-def]
    """Add to `massed` (cell, organisation) the fighters of units that have gathered."""
    cell, posture, fighters = state.units.cell[lane], state.units.posture[lane], state.units.fighters[lane]
    for u in range(cell.shape[0]):
        if posture[u] == Posture.MASS:
            massed[cell[u], world.units.organisation[u]] += fighters[u]


@compiled
def dispersed(world, state, lane, massed):  # type: ignore[no-untyped-def]
    """Make `massed` all zero again."""
    cell, posture = state.units.cell[lane], state.units.posture[lane]
    for u in range(cell.shape[0]):
        if posture[u] == Posture.MASS:
            massed[cell[u], world.units.organisation[u]] = 0.0


@inlined
def within_reach(world, massed, c, a):  # type: ignore[no-untyped-def]
    """Gathered fighters of a in the cell and around it."""
    total = 0.0
    for k in range(9):
        n = world.cells.neighbour[c, k]
        if n >= 0:
            total += massed[n, a]
    return total


@inlined
def garrison(world, state, lane, b):  # type: ignore[no-untyped-def]
    """Troops inside base b: its own units in its cell that are not out on patrol."""
    c, total = world.bases.cell[b], np.int64(0)
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        if world.units.base[u] == b and state.units.posture[lane, u] != Posture.PATROL:
            total += state.units.fighters[lane, u]
    return total


@inlined
def troops_around(world, state, lane, c, d):  # type: ignore[no-untyped-def]
    """Troops of d in the 8 cells around c: those who could come to the rescue."""
    total = 0.0
    for k in range(1, 9):
        n = world.cells.neighbour[c, k]
        if n >= 0:
            total += state.cells.presence[lane, n, d]
    return total


@inlined
def bombs_ready(state, p, lane, a, unit):  # type: ignore[no-untyped-def]
    """Whether the attacker brings a vehicle bomb."""
    return unit < p.bomb_use[lane] * state.organisations.skill[lane, a, Skill.VEHICLE_BOMB]


@inlined
def overrun_chance(world, state, p, lane, b, a, odds, bomb):  # type: ignore[no-untyped-def]
    """Probability that the base falls."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    x = p.decisive[lane] * odds - world.bases.walls[b]
    x -= p.air[lane] * state.cells.pressure[lane, c, a]
    x -= p.rescue[lane] * math.log1p(troops_around(world, state, lane, c, d) / 100.0)
    return logistic(x + (p.bombs[lane] if bomb else 0.0))


@compiled
def nearest_base(world, state, lane, b):  # type: ignore[no-untyped-def]
    """The nearest other open base of the same organisation, or -1."""
    d, here = world.bases.organisation[b], world.bases.cell[b]
    best, found = 1e18, -1
    for k in range(world.bases.cell.shape[0]):
        if k != b and state.bases.open[lane, k] == 1 and world.bases.organisation[k] == d:
            c = world.bases.cell[k]
            north = world.cells.lat[c] - world.cells.lat[here]
            east = (world.cells.lon[c] - world.cells.lon[here]) * 0.97
            if north * north + east * east < best:
                best, found = north * north + east * east, k
    return found


@compiled
def withdraw_survivors(world, state, lane, b):  # type: ignore[no-untyped-def]
    """Move what is left of the garrison to the nearest base of its own; without one it stays put.

    The muster still lists it where it was: it arrives with the next one.
    """
    to = nearest_base(world, state, lane, b)
    if to < 0:
        return
    here, there, d = world.bases.cell[b], world.bases.cell[to], world.bases.organisation[b]
    for u in range(world.units.first[d], world.units.first[d + 1]):
        if world.units.base[u] == b and state.units.fighters[lane, u] > 0 and state.units.cell[lane, u] == here:
            state.units.cell[lane, u] = there


@compiled
def fall(world, state, p, lane, b, a):  # type: ignore[no-untyped-def]
    """What follows when a base falls."""
    d = world.bases.organisation[b]
    state.bases.open[lane, b] = LOST
    state.ledger.overrun[lane, d] += 1
    state.organisations.prestige[lane, a] = min(1.0, state.organisations.prestige[lane, a] + p.prestige[lane])
    state.organisations.treasury[lane, a] += p.materiel[lane]
    confine(world, state, (lane, world.bases.cell[b]), d, p.confinement[lane])
    withdraw_survivors(world, state, lane, b)


@compiled
def storm(world, state, p, streams, lane, b, a, n, g):  # type: ignore[no-untyped-def]
    """One assault by n fighters of a on base b with garrison g: losses, and whether it falls."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    at, key = (lane, c), world.organisations.key[a]
    falls, bomb, size, first = uniforms(streams, lane, Stream.ASSAULT_SIZE, world.bases.key[b], key)
    round_a, round_d, other, size_a = uniforms(
        streams, lane, Stream.ASSAULT_SIZE, world.bases.key[b], key + np.uint64(1)
    )
    odds = math.log(n * world.organisations.quality[a] / (g * world.organisations.quality[d]))
    bombed = bombs_ready(state, p, lane, a, bomb)
    overrun = falls < overrun_chance(world, state, p, lane, b, a, odds, bombed)
    share = p.kill_overrun[lane] if overrun else p.kill_held[lane]
    present = np.int64(state.cells.presence[lane, c, a])
    loss_a = min(rounded(p.kill_attacker[lane] * n * heavy(p.tail[lane], size_a), round_a), present)
    loss_d = min(rounded(share * g * heavy(p.tail[lane], size), round_d), g)
    dead_a = lose(world, state, at, a, loss_a, first)
    dead_d = lose(world, state, at, d, loss_d, other)
    kind = EventKind.VEHICLE_BOMB if bombed else EventKind.ASSAULT
    row = write_event(state, at, (a, d), kind, violence_type(world, a, d))
    if row >= 0:
        values = state.events.rows[lane, row]
        values[Field.DEATHS_A], values[Field.DEATHS_B], values[Field.COMMITTED] = dead_a, dead_d, np.int32(n)
        values[Field.BASE], values[Field.OVERRUN] = b, np.int32(overrun)
    if overrun:
        fall(world, state, p, lane, b, a)


@compiled
def consider(world, state, p, streams, lane, b, a, massed):  # type: ignore[no-untyped-def]
    """Whether armed group a storms base b this week."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    hostility = state.relations.hostility[lane, a, d, world.cells.region[c]]
    if hostility <= 0.0:
        return
    skill = state.organisations.skill[lane, a, Skill.MASSING]
    safe = safe_mass(p.mass[lane], skill, state.cells.pressure[lane, c, a], p.mass_pressure[lane])
    n, g = min(within_reach(world, massed, c, a), safe), garrison(world, state, lane, b)
    if n < p.smallest[lane] or g < 1:
        return
    odds = math.log(n * world.organisations.quality[a] / (g * world.organisations.quality[d]))
    drive = world.organisations.aggression[a] * state.organisations.cohesion[lane, a]
    rate = p.rate[lane] * hostility * drive * logistic(odds - p.caution[lane])
    unit = uniform(streams, lane, Stream.ASSAULT, world.bases.key[b], world.organisations.key[a])
    if unit < 1.0 - math.exp(-rate):
        storm(world, state, p, streams, lane, b, a, n, g)


@compiled
def return_of_the_army(world, state, p, streams, lane, b):  # type: ignore[no-untyped-def]
    """A lost base is retaken when own troops around outweigh the enemies in the cell."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    enemies = 0.0
    for o in range(world.organisations.kind.shape[0]):
        hostility = state.relations.hostility[lane, d, o, world.cells.region[c]]
        enemies += hostility * state.cells.presence[lane, c, o]
    friends = troops_around(world, state, lane, c, d) + 50.0
    chance = p.reoccupy[lane] * friends / (friends + enemies)
    if uniform(streams, lane, Stream.REOCCUPY, world.bases.key[b], 0) < chance:
        state.bases.open[lane, b] = 1


@kernel
def base_assaults_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `base_assaults`."""
    organisations = world.organisations.kind.shape[0]
    massed = np.zeros((world.cells.gid.shape[0], organisations))
    for lane in range(state.units.fighters.shape[0]):
        presence, kind = state.cells.presence[lane], world.organisations.kind
        gathered(world, state, lane, massed)
        for b in range(world.bases.cell.shape[0]):
            if state.bases.confined[lane, b] > 0:
                state.bases.confined[lane, b] -= 1
            if state.bases.open[lane, b] == LOST:
                return_of_the_army(world, state, p, streams, lane, b)
            for a in range(organisations):
                here = presence[world.bases.cell[b], a] > 0.0 and kind[a] <= Kind.REBEL
                if here and state.bases.open[lane, b] == 1:
                    consider(world, state, p, streams, lane, b, a, massed)
        dispersed(world, state, lane, massed)


def base_assaults(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Assaults on all bases that are held, and the army's return to bases that fell."""
    base_assaults_kernel(bound(world), bound(state), held(parameters), streams)
