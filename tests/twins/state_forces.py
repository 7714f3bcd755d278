"""Garrisons stay in or patrol around their base; columns go where enemies are, on a rope to theirs."""

import math

from sim.state import Posture
from sim.streams import Stream
from sim.world import Role
from tests.twins.armed_groups import take
from tests.twins.strategy import alarm


def state_forces(scene):
    units, roles = scene.state.units, scene.world.units.role
    orders = {}
    for u in scene.units:
        if roles[u] != Role.FIGHTERS:
            orders[u] = order(scene, u) if units.fighters[u] > 0 else (units.cell[u], units.posture[u])
    for u, (c, posture) in orders.items():
        units.cell[u] = c
        take(units, u, posture)


def order(scene, u):
    """Where a unit with troops goes, and what it does there."""
    world, p = scene.world, scene.p
    o, b, mobile = int(world.units.organisation[u]), int(world.units.base[u]), world.units.role[u] == Role.MOBILE
    home = int(world.bases.cell[b])
    if scene.state.bases.open[b] != 1:
        return scene.state.units.cell[u], Posture.GARRISON
    if not mobile and scene.state.bases.confined[b] > 0:
        return home, Posture.CONFINED
    tempo = scene.state.organisations.tempo[o, scene.region(home)]
    chance = min(world.organisations.mobility[o] * tempo, 1.0) if mobile else min(p.patrol * tempo, 0.95)
    if scene.chance.uniform(Stream.MOVE_WISH, world.units.key[u]) >= chance:
        return home, Posture.GARRISON
    start = int(scene.state.units.cell[u]) if mobile else home
    worths = {c: utility(scene, u, c, days, mobile) for c, days in scene.around(start)}
    return scene.pick(Stream.MOVE, u, worths), Posture.COLUMN if mobile else Posture.PATROL


def utility(scene, u, c, days, mobile):
    p, now, o = scene.p, scene.state.cells, int(scene.world.units.organisation[u])
    enemies, own = now.enemies[c, o], max(now.presence[c, o], int(scene.state.units.fighters[u]))
    value = p.alarm * math.log(1 + alarm(scene, o, c)) - p.threat * math.log(1 + enemies / own) - p.cost * days
    if mobile:
        value += p.front * scene.state.organisations.effort[o, scene.region(c)] + p.hunt * math.log(1 + enemies / 50)
        value -= p.tether * degrees(scene, c, int(scene.world.bases.cell[scene.world.units.base[u]]))
    return value


def degrees(scene, c, d):
    """Distance in degrees of latitude; a degree of longitude is 0.97 of one at these latitudes."""
    lat, lon = scene.world.cells.lat, scene.world.cells.lon
    return math.hypot(lat[c] - lat[d], 0.97 * (lon[c] - lon[d]))
