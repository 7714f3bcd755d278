"""P[c, o] = sum over forces of h * power * (i0 + i1 * welcome); massed units are struck, leaders are lost."""

import math

from sim.state import EventKind, Posture
from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import heavy, rounded


def pressure(scene):
    power = {(f, c): strike_power(scene, f, c) for f in scene.organisations for c in scene.cells}
    feel(scene, power)
    for u in scene.units:
        if scene.state.units.posture[u] == Posture.MASS and scene.state.units.fighters[u] > 0:
            strike(scene, power, u)
    for o in scene.organisations:
        if scene.world.organisations.kind[o] in (Kind.JIHADIST, Kind.REBEL) and scene.fighters_of(o):
            lose_leaders(scene, o)


def strike_power(scene, f, c):
    """What force f brings to cell c: aircraft within reach of its open bases, and columns on the spot."""
    world, state = scene.world, scene.state
    total = 0.0
    for b in range(len(world.bases.key)):
        if world.bases.organisation[b] == f and state.bases.open[b] == 1:
            tempo = state.organisations.tempo[f, scene.region(world.bases.cell[b])]
            total += state.bases.strike[b] * world.bases.reach[b, c] * tempo
    for u in scene.units_of(f):
        if state.units.posture[u] == Posture.COLUMN and state.units.cell[u] == c:
            total += scene.p.ground * int(state.units.fighters[u]) / 100
    return world.organisations.quality[f] * total


def feel(scene, power):
    """Pressure moves toward what forces bring this week, as far as memory lets it."""
    p, felt, welcome = scene.p, scene.state.cells.pressure, scene.state.cells.welcome
    felt *= p.memory
    for (f, c), brought in power.items():
        if scene.insurgent(f) or brought <= 1e-6:
            continue
        host = scene.world.organisations.host[f]
        told = welcome[c, f] + (welcome[c, host] if host >= 0 else 0.0)
        for o in scene.organisations:
            if scene.world.organisations.kind[o] in (Kind.JIHADIST, Kind.REBEL):
                heat = scene.hostility(f, o, c) * brought * (p.intelligence_base + p.intelligence_people * told)
                felt[c, o] += (1 - p.memory) * heat


def strike(scene, power, u):
    p, o, c = scene.p, int(scene.world.units.organisation[u]), int(scene.state.units.cell[u])
    found, size, part, first = scene.chance.uniforms(Stream.STRIKE, scene.world.units.key[u])
    hostile = {f: power[f, c] * scene.hostility(f, o, c) for f in scene.organisations}
    if found >= 1 - math.exp(-p.strike_rate * scene.state.cells.pressure[c, o]) or max(hostile.values()) <= 0:
        return
    wanted = rounded(p.strike_deaths * heavy(p.strike_tail, size), part)
    dead = scene.lose(c, o, min(wanted, int(scene.state.units.fighters[u])), first)
    scene.tell(c, max(hostile, key=hostile.get), o, EventKind.STRIKE, deaths_b=dead)


def lose_leaders(scene, o):
    units, felt = scene.state.units, scene.state.cells.pressure
    borne = sum(int(units.fighters[u]) * felt[units.cell[u], o] for u in scene.units_of(o)) / scene.fighters_of(o)
    lost = scene.chance.uniform(Stream.LEADER, scene.world.organisations.key[o])
    if lost < 1 - math.exp(-scene.p.leader_rate * borne):
        scene.state.ledger.leaders[o] += 1
        scene.state.organisations.cohesion[o] *= 1 - scene.p.leader_shock
