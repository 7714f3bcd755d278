"""What forces that work together lend each other, and what distance leaves of them."""

import math


def link(scene, a, b):
    """How closely two forces share what they know."""
    support = scene.state.relations.support
    return float(max(support[a, b], support[b, a]))


def from_the_air(scene, f, c):
    """Strike power of the open bases of f over a cell."""
    world, state = scene.world, scene.state
    total = 0.0
    for b in range(len(world.bases.key)):
        if world.bases.organisation[b] == f and state.bases.open[b] == 1:
            tempo = state.organisations.tempo[f, scene.region(world.bases.cell[b])]
            total += state.bases.strike[b] * world.bases.reach[b, c] * tempo
    return total


def supporters(scene, f):
    """Those who support f, with how much."""
    return {e: float(scene.state.relations.support[e, f]) for e in scene.organisations if e != f}


def reserve(scene, c, f):
    """Own troops around the cell, and those of supporters there and inside it."""
    presence = scene.state.cells.presence
    own = sum(presence[n, f] for n in scene.neighbours(c))
    return own + sum(s * presence[n, e] for e, s in supporters(scene, f).items() for n, _ in scene.around(c))


def cover(scene, c, f):
    return sum(s * from_the_air(scene, e, c) for e, s in supporters(scene, f).items())


def cover_by(scene, c, f):
    """The same by the worth of their airmen, as pressure counts it."""
    quality = scene.world.organisations.quality
    return sum(s * quality[e] * from_the_air(scene, e, c) for e, s in supporters(scene, f).items())


def degrees(scene, a, b):
    cells = scene.world.cells
    return math.hypot(cells.lat[a] - cells.lat[b], 0.97 * (cells.lon[a] - cells.lon[b]))


def at_home(scene, c, o):
    return math.exp(-scene.p.away * (1 - scene.world.organisations.home[o, c]))


def worth(scene, c, o, exposure):
    """Worth of a fighter of o in the cell; `exposure` by posture."""
    units, quality = scene.state.units, float(scene.world.organisations.quality[o])
    mine = [u for u in scene.mustered(c) if scene.world.units.organisation[u] == o]
    if scene.world.units.base[mine[0]] < 0:
        return quality * at_home(scene, c, o)
    met = {u: exposure[int(units.posture[u])] * int(units.fighters[u]) for u in mine}
    far = {u: degrees(scene, c, int(scene.world.bases.cell[scene.world.units.base[u]])) for u in mine}
    if sum(met.values()) <= 0:
        return quality
    return quality * sum(met[u] * math.exp(-scene.p.gradient * far[u]) for u in mine) / sum(met.values())
