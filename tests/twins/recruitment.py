"""Who joins, who goes home, who comes from abroad, who is replaced; and units that divide or merge."""

import itertools
import math

from sim.streams import Stream
from tests.twins.chance import poisson, rounded


def recruitment(scene):
    own = scene.state.organisations
    for o in scene.organisations:
        own.cohesion[o] += scene.p.heal * (1 - own.cohesion[o])
        if scene.insurgent(o):
            weeks = 1000 * own.treasury[o] / max(scene.fighters_of(o), 1)
            pay = 0.25 + min(weeks / scene.p.pay_weeks, 1.0)
            for c in scene.cells:
                if scene.state.cells.presence[c, o] > 0:
                    enlist(scene, c, o, pay)
            welcome_foreigners(scene, o)
            for u in scene.units_of(o):
                go_home(scene, u, o)
            reorganise(scene, o)
        replenish(scene, o)


def add(scene, u, o, n):
    scene.state.units.fighters[u] += n
    scene.state.cells.presence[scene.state.units.cell[u], o] += n
    (scene.state.ledger.joined if n > 0 else scene.state.ledger.left)[o] += abs(n)


def feeds(scene, k, c, o):
    minds, p = scene.state.communities, scene.p
    followers = int(minds.people[k]) * minds.allegiance[k, o]
    harm = sum(scene.hostility(o, e, c) * minds.harm[k, e] for e in scene.organisations)
    return followers * (1 + p.grievance * harm / (harm + p.grievance_half)) if followers >= 0.5 else 0.0


def enlist(scene, c, o, pay):
    p, minds = scene.p, scene.state.communities
    draws = {k: feeds(scene, k, c, o) for k in scene.communities(c)}
    total = sum(draws.values())
    count, which, _, _ = scene.chance.uniforms(
        Stream.RECRUIT, scene.world.cells.gid[c], scene.world.organisations.key[o]
    )
    wanted = poisson(p.rate / 1e6 * total * scene.world.organisations.recruitment[o] * pay, count)
    ours = [u for u in scene.mustered(c) if u in scene.units_of(o) and scene.state.units.fighters[u] > 0]
    if not wanted or not ours:
        return
    reached = zip(draws, itertools.accumulate(draws.values()), strict=True)
    k = next(k for k, mark in reached if which * total <= mark)
    joined = min(wanted, int(minds.people[k]))
    add(scene, min(ours, key=lambda u: scene.state.units.fighters[u]), o, joined)
    minds.people[k] -= joined
    scene.state.ledger.recruited[k] += joined


def welcome_foreigners(scene, o):
    fighters, links = scene.state.units.fighters, scene.state.organisations.links[o]
    unit = scene.chance.uniform(Stream.RECRUIT_WHERE, scene.world.organisations.key[o])
    largest = max(scene.units_of(o), key=lambda u: fighters[u])
    if fighters[largest] > 0:
        add(scene, largest, o, poisson(scene.p.foreign * links, unit))


def go_home(scene, u, o):
    p, c, n = scene.p, int(scene.state.units.cell[u]), int(scene.state.units.fighters[u])
    away = 1 - p.attachment * scene.world.organisations.home[o, c]
    rate = p.leave * away * (1 + p.disunity * (1 - scene.state.organisations.cohesion[o]))
    gone = min(rounded(rate * n, scene.chance.uniform(Stream.DESERT, scene.world.units.key[u])), n)
    if gone:
        add(scene, u, o, -gone)
        for k in scene.communities(c)[:1]:
            scene.state.communities.people[k] += gone
            scene.state.ledger.returned[k] += gone


def reorganise(scene, o):
    """Units that have doubled divide while there are slots; remnants join a unit with room in their cell."""
    units, size, slots = scene.state.units, int(scene.world.organisations.unit_size[o]), scene.units_of(o)
    for u in slots:
        n, empty = int(units.fighters[u]), [v for v in slots if units.fighters[v] == 0]
        if n >= 2 * size and empty:
            new = empty[0]
            units.fighters[u], units.fighters[new] = n - n // 2, n // 2
            units.cell[new], units.posture[new], units.weeks[new] = units.cell[u], units.posture[u], 0
        room = [v for v in slots if v != u and 0 < units.fighters[v] < size and units.cell[v] == units.cell[u]]
        if 0 < n < size // 4 and room:
            units.fighters[room[0]] += n
            units.fighters[u] = 0


def replenish(scene, o):
    """Fill up garrisons and columns whose base is held, in order, while the sender has troops to send."""
    units, bases = scene.state.units, scene.world.bases
    budget = int(scene.state.organisations.replacement[o])
    for u in scene.units_of(o):
        gap, b = int(units.establishment[u] - units.fighters[u]), int(scene.world.units.base[u])
        if gap > 0 and budget > 0 and (b < 0 or scene.state.bases.open[b] == 1):
            if units.fighters[u] == 0 and b >= 0:
                units.cell[u] = bases.cell[b]
            sent = min(math.ceil(scene.p.replace * gap), budget)
            add(scene, u, o, sent)
            budget -= sent
