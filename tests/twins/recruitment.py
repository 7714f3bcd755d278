"""Who joins, who goes home, who comes from abroad, who is replaced; and units that divide or merge."""

import itertools
import math

from sim.streams import Stream
from tests.twins.chance import poisson, rounded

MONTH = 4


def recruitment(scene):
    own, due = scene.state.organisations, scene.chance.week % MONTH == 0
    felt = kin_harm(scene) if due else {}
    for o in scene.organisations:
        own.cohesion[o] += scene.p.heal * (1 - own.cohesion[o])
        own.prestige[o] += scene.p.fade * (0.5 - own.prestige[o])
        if due and scene.insurgent(o):
            weeks = 1000 * own.treasury[o] / max(scene.fighters_of(o), 1)
            pay = 0.25 + min(weeks / scene.p.pay_weeks, 1.0)
            for c in scene.cells:
                if scene.state.cells.presence[c, o] > 0:
                    enlist(scene, c, o, pay, felt)
            welcome_foreigners(scene, o)
            for u in scene.units_of(o):
                go_home(scene, u, o)
            reorganise(scene, o)
        replenish(scene, o)


def kin_harm(scene):
    """Mean remembered harm of each network of kin, by (network, organisation)."""
    minds, networks = scene.state.communities, scene.world.communities.kin.tolist()
    sums = {}
    for network in set(networks):
        members = [k for k, mine in enumerate(networks) if mine == network]
        people = max(sum(int(minds.people[k]) for k in members), 1)
        for e in scene.organisations:
            sums[network, e] = sum(int(minds.people[k]) * minds.harm[k, e] for k in members) / people
    return sums


def add(scene, u, o, n):
    scene.state.units.fighters[u] += n
    scene.state.cells.presence[scene.state.units.cell[u], o] += n
    (scene.state.ledger.joined if n > 0 else scene.state.ledger.left)[o] += abs(n)


def enrol(scene, u, o, k, wanted):
    """People of community k, as many as there are, become fighters of unit u."""
    joined = min(wanted, int(scene.state.communities.people[k]))
    c, group = int(scene.world.communities.cell[k]), int(scene.world.communities.group[k])
    add(scene, u, o, joined)
    scene.state.communities.people[k] -= joined
    scene.state.ledger.recruited[k] += joined
    scene.state.ledger.enlisted[o, scene.region(c), group] += joined


def smallest(scene, c, o):
    units = scene.state.units
    here = [u for u in scene.mustered(c) if u in scene.units_of(o) and units.cell[u] == c and units.fighters[u] > 0]
    return min(here, key=lambda u: units.fighters[u], default=None)


def feeds(scene, k, c, o, felt):
    minds, p, network = scene.state.communities, scene.p, scene.world.communities.kin[k]
    if p.motive == "opportunity":
        return int(minds.people[k]) * scene.state.cells.share[c, o]
    followers = int(minds.people[k]) * minds.allegiance[k, o]
    if followers < 0.5:
        return 0.0
    if p.motive == "off":
        return followers
    each = [scene.hostility(o, e, c) * (minds.harm[k, e] + p.kin * felt[network, e]) for e in scene.organisations]
    grievance = 1 + p.grievance * sum(each) / (sum(each) + p.grievance_half)
    pledge = 1 + p.pledge * (minds.protector[k] == o)
    return followers * grievance * pledge * (1 + p.prestige * (2 * scene.state.organisations.prestige[o] - 1))


def enlist(scene, c, o, pay, felt):
    p = scene.p
    draws = {k: feeds(scene, k, c, o, felt) for k in scene.communities(c)}
    total = sum(draws.values())
    count, which, _, _ = scene.chance.uniforms(
        Stream.RECRUIT, scene.world.cells.gid[c], scene.world.organisations.key[o]
    )
    wanted = poisson(MONTH * p.rate / 1e6 * total * scene.world.organisations.recruitment[o] * pay, count)
    unit = smallest(scene, c, o)
    if not wanted or unit is None:
        return
    reached = zip(draws, itertools.accumulate(draws.values()), strict=True)
    k = next((k for k, mark in reached if which * total <= mark), None)
    if k is not None:
        enrol(scene, unit, o, k, wanted)


def welcome_foreigners(scene, o):
    fighters, links = scene.state.units.fighters, scene.state.organisations.links[o]
    unit = scene.chance.uniform(Stream.RECRUIT_WHERE, scene.world.organisations.key[o])
    largest = max(scene.units_of(o), key=lambda u: fighters[u])
    if fighters[largest] > 0:
        add(scene, largest, o, poisson(MONTH * scene.p.foreign * links, unit))


def go_home(scene, u, o):
    p, c, n = scene.p, int(scene.state.units.cell[u]), int(scene.state.units.fighters[u])
    away = 1 - p.attachment * scene.world.organisations.home[o, c]
    rate = MONTH * p.leave * away * (1 + p.disunity * (1 - scene.state.organisations.cohesion[o]))
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
    own = scene.state.organisations
    budget = int(own.replacement[o] * (1 - scene.p.loyalty * (1 - own.legitimacy[o])))
    for u in scene.units_of(o):
        gap, b = int(units.establishment[u] - units.fighters[u]), int(scene.world.units.base[u])
        if gap > 0 and budget > 0 and (b < 0 or scene.state.bases.open[b] == 1):
            if units.fighters[u] == 0 and b >= 0:
                units.cell[u] = bases.cell[b]
            sent = min(math.ceil(scene.p.replace * gap), budget)
            add(scene, u, o, sent)
            budget -= sent
