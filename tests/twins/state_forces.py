"""Garrisons stay in or patrol around their base; columns go where enemies are, on a rope to theirs."""

import math

from sim.state import Posture
from sim.streams import Stream
from sim.world import Kind, Role
from tests.twins.armed_groups import take
from tests.twins.politics import armies, heard, saturating
from tests.twins.strategy import alarm


def state_forces(scene):
    units, roles = scene.state.units, scene.world.units.role
    afraid = {o: fear(scene, o) for o in armies(scene)}
    mine = [u for u in scene.units if roles[u] != Role.FIGHTERS and units.fighters[u] > 0]
    orders = {u: order(scene, u, afraid.get(int(scene.world.units.organisation[u]), 0.0)) for u in mine}
    for u, (c, posture) in orders.items():
        units.cell[u] = c
        take(units, u, posture)


def fear(scene, o):
    """A young junta, a threatened invasion, an offensive near the capital: any of them is enough."""
    p, weeks = scene.p, int(scene.state.organisations.junta[o])
    calm = 1 - math.exp(-weeks / p.fade) if weeks >= 0 else 1
    seat = capital(scene, o)
    foreign = [a for a in scene.organisations if scene.world.organisations.kind[a] >= Kind.ARMY]
    calm *= 1 - max(scene.hostility(o, a, seat) for a in foreign)
    return 1 - calm * (1 - saturating(heard(scene, o), p.capital_half))


def capital(scene, o):
    far = scene.world.cells.capital[:, scene.world.organisations.country[o]]
    return min(scene.cells, key=lambda c: far[c])


def abroad(scene, o, c):
    return o in armies(scene) and scene.world.cells.country[c] != scene.world.organisations.country[o]


def may_enter(scene, o, c):
    return scene.state.relations.passage[o, scene.world.cells.country[c]] > 0


def order(scene, u, afraid):
    """Where a unit with troops goes, and what it does there."""
    world, p = scene.world, scene.p
    o, b, mobile = int(world.units.organisation[u]), int(world.units.base[u]), world.units.role[u] == Role.MOBILE
    home = int(world.bases.cell[b])
    if scene.state.bases.open[b] != 1:
        return scene.state.units.cell[u], Posture.GARRISON
    if not mobile and scene.state.bases.confined[b] > 0:
        return home, Posture.CONFINED
    away = afraid * min(1, scene.world.cells.capital[home, world.organisations.country[o]] / p.reach) if afraid else 0
    tempo = scene.state.organisations.tempo[o, scene.region(home)] * (1 - p.shield * away)
    other = any(world.units.base[v] == b and world.units.role[v] == Role.GARRISON for v in range(u))
    share = p.recall if mobile else p.thin if other else 0
    if int(world.units.key[u]) % 1024 < int(1024 * share * away):
        return capital(scene, o), Posture.GARRISON
    if mobile and any(abroad(scene, o, c) and may_enter(scene, o, c) for c in scene.neighbours(home)):
        tempo *= 1 + p.pact
    chance = min(world.organisations.mobility[o] * tempo, 1.0) if mobile else min(p.patrol * tempo, 0.95)
    wish, pursuit, _, _ = scene.chance.uniforms(Stream.MOVE_WISH, world.units.key[u])
    start = int(scene.state.units.cell[u]) if mobile else home
    open_to = lambda c: pursuit < p.pursuit or may_enter(scene, o, c)  # noqa: E731
    if wish >= chance or (mobile and not open_to(start)):
        return home, Posture.GARRISON
    around = [(c, days) for c, days in scene.around(start) if c == start or open_to(c)]
    worths = {c: utility(scene, u, c, days, mobile) for c, days in around}
    return scene.pick(Stream.MOVE, u, worths), Posture.COLUMN if mobile else Posture.PATROL


def utility(scene, u, c, days, mobile):
    p, now, o = scene.p, scene.state.cells, int(scene.world.units.organisation[u])
    enemies, own = now.enemies[c, o], max(now.presence[c, o], int(scene.state.units.fighters[u]))
    value = p.alarm * math.log(1 + alarm(scene, o, c)) - p.threat * math.log(1 + enemies / own) - p.cost * days
    if mobile:
        value += p.front * scene.state.organisations.effort[o, scene.region(c)] + p.hunt * math.log(1 + enemies / 50)
        value += p.joint * abroad(scene, o, c)
        value -= p.tether * degrees(scene, c, int(scene.world.bases.cell[scene.world.units.base[u]]))
    return value


def degrees(scene, c, d):
    """Distance in degrees of latitude; a degree of longitude is 0.97 of one at these latitudes."""
    lat, lon = scene.world.cells.lat, scene.world.cells.lon
    return math.hypot(lat[c] - lat[d], 0.97 * (lon[c] - lon[d]))
