"""Massed fighters against walls: rate beta * h * aggression * cohesion * sigma(odds - caution), and what follows."""

import math

from sim.state import EventKind, Posture
from sim.streams import Stream
from sim.world import Kind, Skill
from tests.twins.chance import heavy, rounded, sigma
from tests.twins.state_forces import degrees

LOST, OPEN = -1, 1


def base_assaults(scene):
    bases, world = scene.state.bases, scene.world
    gathered = {u: int(scene.state.units.cell[u]) for u in scene.units if scene.state.units.posture[u] == Posture.MASS}
    strong = {u: int(scene.state.units.fighters[u]) for u in gathered}
    for b, c in enumerate(world.bases.cell):
        bases.confined[b] = max(bases.confined[b] - 1, 0)
        if bases.open[b] == LOST:
            reoccupy(scene, b)
        near = [n for n, _ in scene.around(c)]
        for a in scene.organisations:
            if world.organisations.kind[a] in (Kind.JIHADIST, Kind.REBEL) and scene.state.cells.presence[c, a] > 0:
                ours = [u for u in scene.units_of(a) if gathered.get(u) in near]
                if bases.open[b] == OPEN:
                    consider(scene, int(b), int(c), a, sum(strong[u] for u in ours))


def consider(scene, b, c, a, mass):
    world, p = scene.world, scene.p
    d = int(world.bases.organisation[b])
    hostility, n, g = scene.hostility(a, d, c), min(mass, scene.safe_mass(c, a)), garrison(scene, b, c)
    if hostility <= 0 or n < p.smallest or g < 1:
        return
    odds = math.log(n * world.organisations.quality[a] / (g * world.organisations.quality[d]))
    drive = world.organisations.aggression[a] * scene.state.organisations.cohesion[a]
    rate = p.rate * hostility * drive * sigma(odds - p.caution)
    if scene.chance.uniform(Stream.ASSAULT, world.bases.key[b], world.organisations.key[a]) < 1 - math.exp(-rate):
        storm(scene, b, (a, n), (d, g), odds)


def garrison(scene, b, c):
    units = scene.state.units
    inside = [u for u in scene.mustered(c) if scene.world.units.base[u] == b and units.posture[u] != Posture.PATROL]
    return sum(int(units.fighters[u]) for u in inside)


def storm(scene, b, attacker, defender, odds):
    (a, n), (d, g), p = attacker, defender, scene.p
    c, key, base = int(scene.world.bases.cell[b]), int(scene.world.organisations.key[a]), scene.world.bases.key[b]
    falls, bomb, size_d, first = scene.chance.uniforms(Stream.ASSAULT_SIZE, base, key)
    part_a, part_d, other, size_a = scene.chance.uniforms(Stream.ASSAULT_SIZE, base, key + 1)
    bombed = bomb < p.bomb_use * scene.state.organisations.skill[a, Skill.VEHICLE_BOMB]
    reserve = sum(scene.state.cells.presence[n_, d] for n_ in scene.neighbours(c))
    x = p.decisive * odds - scene.world.bases.walls[b] - p.air * scene.state.cells.pressure[c, a]
    x += (p.bombs if bombed else 0) - p.rescue * math.log(1 + reserve / 100)
    overrun = falls < sigma(x)
    loss_a = rounded(p.kill_attacker * n * heavy(p.tail, size_a), part_a)
    loss_d = rounded((p.kill_overrun if overrun else p.kill_held) * g * heavy(p.tail, size_d), part_d)
    dead_a = scene.lose(c, a, min(loss_a, int(scene.state.cells.presence[c, a])), first)
    dead_d = scene.lose(c, d, min(loss_d, g), other)
    kind = EventKind.VEHICLE_BOMB if bombed else EventKind.ASSAULT
    scene.tell(c, a, d, kind, deaths_a=dead_a, deaths_b=dead_d, committed=n, base=b, overrun=overrun)
    if overrun:
        fall(scene, b, c, a, d)


def fall(scene, b, c, a, d):
    own, p = scene.state.organisations, scene.p
    scene.state.bases.open[b] = LOST
    scene.state.ledger.overrun[d] += 1
    own.prestige[a] = min(1.0, own.prestige[a] + p.prestige)
    own.treasury[a] += p.materiel
    scene.confine(c, d, p.confinement)
    others = [k for k, o in enumerate(scene.world.bases.organisation) if o == d and scene.state.bases.open[k] == OPEN]
    if others:
        refuge = min(others, key=lambda k: degrees(scene, int(scene.world.bases.cell[k]), c))
        withdraw(scene, b, c, int(scene.world.bases.cell[refuge]), d)


def withdraw(scene, b, here, there, d):
    units = scene.state.units
    for u in scene.units_of(d):
        if scene.world.units.base[u] == b and units.cell[u] == here and units.fighters[u] > 0:
            units.cell[u] = there


def reoccupy(scene, b):
    c, d = int(scene.world.bases.cell[b]), int(scene.world.bases.organisation[b])
    enemies = sum(scene.hostility(d, o, c) * scene.state.cells.presence[c, o] for o in scene.organisations)
    own = 50 + sum(scene.state.cells.presence[n, d] for n in scene.neighbours(c))
    if scene.chance.uniform(Stream.REOCCUPY, scene.world.bases.key[b]) < scene.p.reoccupy * own / (own + enemies):
        scene.state.bases.open[b] = OPEN
