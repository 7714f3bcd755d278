"""Massed fighters against walls: rate beta * h * will * sigma(kappa * (odds - caution)), and what follows."""

import math

from sim.state import EventKind, Posture
from sim.streams import Stream
from sim.world import Kind, Skill
from tests.twins.chance import heavy, rounded, sigma
from tests.twins.coordination import openings
from tests.twins.state_forces import degrees
from tests.twins.support import at_home, cover, reserve

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
                ours = [u for u in scene.units_of(a) if u in gathered]
                close = sum(strong[u] for u in ours if gathered[u] in near)
                far = [u for u in ours if gathered[u] not in near and scene.region(gathered[u]) == scene.region(c)]
                if bases.open[b] == OPEN:
                    consider(scene, int(b), int(c), a, close + scene.p.call * sum(strong[u] for u in far))


def consider(scene, b, c, a, mass):
    world, p = scene.world, scene.p
    d = int(world.bases.organisation[b])
    hostility, n, g = scene.hostility(a, d, c), min(mass, scene.safe_mass(c, a)), garrison(scene, b, c)
    if hostility <= 0 or n < p.smallest or g < 1:
        return
    quality = world.organisations.quality
    odds = math.log(n * quality[a] * at_home(scene, c, a) / (g * quality[d]))
    rate = p.rate * hostility * readiness(scene, c, a, d) * sigma(p.decisive * (odds - p.caution))
    if scene.chance.uniform(Stream.ASSAULT, world.bases.key[b], world.organisations.key[a]) < 1 - math.exp(-rate):
        overrun = storm(scene, b, (a, n), (d, g), odds)
        if overrun and capital_of(scene, c) is not None:
            take_capital(scene, c, n)


def readiness(scene, c, a, d):
    own, p = scene.world.organisations, scene.p
    value = own.aggression[a] * scene.state.organisations.cohesion[a]
    value *= 1 - p.tied * scene.state.organisations.tied[a, scene.region(c)]
    if own.kind[d] != Kind.PEACEKEEPER:
        value *= 1 - scene.state.cells.deterrence[c]
    if p.timing == "tacit":
        value *= 1 + p.answer * len(openings(scene, c, a, d, scene.events))
    if capital_of(scene, c) is not None and p.restraint == "restraint":
        allies = [o for o in scene.organisations if own.coalition[o] == own.coalition[a]]
        unfriendly = 1 - sum(float(scene.state.cells.welcome[c, o]) for o in allies)
        value *= math.exp(-p.hostile * unfriendly - p.burden * math.log10(1 + scene.people(c) / 1000))
    return value


def capital_of(scene, c):
    """The country whose capital lies in or next to the cell and nearer to no other; the last if there are two."""
    km = scene.world.cells.capital
    here = [k for k in range(km.shape[1]) if min(scene.cells, key=lambda n: km[n, k]) == c and km[c, k] < 100]
    return here[-1] if here else None


def take_capital(scene, c, n):
    own, country = scene.world.organisations, capital_of(scene, c)
    if n > sum(scene.state.cells.presence[c, o] for o in scene.organisations if not scene.insurgent(o)):
        for o in scene.organisations:
            if own.kind[o] == Kind.ARMY and own.country[o] == country:
                scene.state.ledger.capitals[o] += 1


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
    x = p.decisive * odds - scene.world.bases.walls[b] - p.air * scene.state.cells.pressure[c, a]
    x += p.drones * scene.state.organisations.skill[a, Skill.DRONE]
    x += (p.bombs if bombed else 0) - p.rescue * math.log(1 + reserve(scene, c, d) / 100)
    x -= p.cover * cover(scene, c, d) + p.mission * scene.state.cells.deterrence[c]
    overrun = falls < sigma(x)
    loss_a = rounded(p.kill_attacker * n * heavy(p.tail, size_a), part_a)
    loss_d = rounded((p.kill_overrun if overrun else p.kill_held) * g * heavy(p.tail, size_d), part_d)
    dead_a = scene.lose(c, a, min(loss_a, int(scene.state.cells.presence[c, a])), first)
    dead_d = scene.lose(c, d, min(loss_d, g), other)
    kind = EventKind.VEHICLE_BOMB if bombed else EventKind.ASSAULT
    scene.tell(c, a, d, kind, deaths_a=dead_a, deaths_b=dead_d, committed=n, base=b, overrun=overrun)
    if overrun:
        fall(scene, b, c, a, d)
    return overrun


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
