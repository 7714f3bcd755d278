"""Armed groups settle accounts: riches, money from abroad, ransoms, pay; and what success does to links."""

import math

import numpy as np

from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import heavy


def economy(scene):
    if scene.chance.week % 4:
        return
    for o in scene.organisations:
        if scene.insurgent(o):
            settle(scene, o)


def settle(scene, o):
    p, own, n = scene.p, scene.state.organisations, scene.fighters_of(o)
    host = int(scene.world.organisations.host[o])
    aid = min(p.aid * scene.state.relations.support[host, o], 1) if host >= 0 else 0
    weekly, extra = p.money * own.links[o] - p.cost * n * (1 - aid), 0.0
    if p.taxes != "off":
        weekly += sum(taxed(scene, c, o) for c in scene.cells)
        extra = ransom(scene, o, n)
        pull = 4 * p.attract * (2 * own.prestige[o] - 1)
        own.links[o] = min(max(own.links[o] + pull * own.links[o] * (1 - own.links[o]), 0), 1)
    money = max(0.0, own.treasury[o] + 4 * weekly) + extra
    idle = max(0.0, money - p.reserve * n / 1000)
    own.treasury[o] = money - idle + idle * (1 - p.spend) ** 4


def taxed(scene, c, o):
    p, units = scene.p, scene.state.units
    if not any(units.cell[u] == c and units.fighters[u] > 0 for u in scene.units_of(o)):
        return 0.0
    n = scene.state.cells.presence[c, o]
    grip = n / (n + p.presence_half) if p.taxes == "loot" else scene.state.cells.share[c, o]
    return grip * float(np.dot((p.gold, p.cattle, p.trade), scene.world.cells.riches[c]))


def ransom(scene, o, n):
    p = scene.p
    if scene.world.organisations.kind[o] != Kind.JIHADIST:
        return 0.0
    chance, size, _, _ = scene.chance.uniforms(Stream.KIDNAP, scene.world.organisations.key[o])
    paid = chance < 1 - math.exp(-4 * p.kidnap * n / (n + p.captors))
    return p.ransom * heavy(p.tail, size) if paid else 0.0
