"""P[c, o] = sum over forces of h * power * (i0 + i1 * welcome); massed units are struck, leaders are lost."""

import math

from sim.state import EventKind, Posture
from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import heavy, rounded
from tests.twins.support import cover_by, from_the_air, link

HUNTED = (Kind.JIHADIST, Kind.REBEL)


def pressure(scene):
    if scene.p.hunt == "off":
        scene.state.cells.pressure[:] = 0.0
        return
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
    if scene.insurgent(f):
        return 0.0
    units, quality = scene.state.units, scene.world.organisations.quality
    columns = [u for u in scene.units_of(f) if units.posture[u] == Posture.COLUMN and units.cell[u] == c]
    ground = scene.p.ground * sum(int(units.fighters[u]) for u in columns) / 100
    guided = 1 + scene.p.guide * (cover_by(scene, c, f) if columns else 0.0)
    return quality[f] * (from_the_air(scene, f, c) + ground * guided)


def feel(scene, power):
    """Pressure moves toward what forces bring this week, as far as memory lets it."""
    p, felt, welcome = scene.p, scene.state.cells.pressure, scene.state.cells.welcome
    hunted = [o for o in scene.organisations if scene.world.organisations.kind[o] in HUNTED]
    felt[:, hunted] *= p.memory
    for (f, c), brought in power.items():
        if brought <= 1e-3:
            continue
        told = welcome[c, f] + sum(link(scene, f, e) * welcome[c, e] for e in scene.organisations if e != f)
        for o in hunted:
            heat = scene.hostility(f, o, c) * brought * (p.intelligence_base + p.intelligence_people * min(told, 1))
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
