"""rate = beta * (1 - discipline) * aggression * f(control) * sqrt(s / 100) * exp(-w * attitude) * (1 - D) * reasons."""

import itertools
import math

from sim.state import EventKind
from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import heavy, rounded


def civilians(scene):
    if scene.p.control == "off":
        return
    kinds, gid, key = scene.world.organisations.kind, scene.world.cells.gid, scene.world.organisations.key
    for c in scene.cells:
        strength = scene.exposed(c)
        for o in scene.organisations:
            if strength[o] <= 0 or kinds[o] == Kind.PEACEKEEPER or not scene.communities(c):
                continue
            rates = {}
            for k in scene.communities(c):
                rates[k, "selective"], rates[k, "indiscriminate"] = rate(scene, c, o, k, strength[o])
            chance, which, size, part = scene.chance.uniforms(Stream.HARM, gid[c], key[o])
            if chance < 1 - math.exp(-sum(rates.values())):
                k, manner = whom(rates, which)
                mean = scene.p.deaths if manner == "indiscriminate" else scene.p.selective_deaths
                attack(scene, c, o, k, mean, size, part)


def rate(scene, c, o, k, s):
    """Rates of selective and of indiscriminate attacks of o on community k."""
    p, own, minds = scene.p, scene.state.organisations, scene.state.communities
    if minds.protector[k] == o:
        return 0.0, 0.0
    share = scene.state.cells.share[c, o]
    lost = min(own.losses[o, scene.region(c)], 100.0) / 10
    disloyal = sum(scene.hostility(o, e, c) * minds.allegiance[k, e] for e in scene.organisations)
    discipline, will = conduct(scene, o)
    ready = p.rate * (1 - discipline) * scene.world.organisations.aggression[o] * zone(p, share)
    ready *= math.sqrt(s / 100) * math.exp(-p.attitude * minds.attitude[k, o]) * (1 - scene.state.cells.deterrence[c])
    known = share**2 / (share**2 + p.known**2)
    aimed = p.blur + (1 - p.blur) * disloyal
    return (
        ready * known * disloyal * (will + p.retaliation * lost),
        ready * (1 - known) * (will + p.punishment * lost * aimed),
    )


def conduct(scene, o):
    """Discipline beside partners of less, and will, of militias by how far states arm them."""
    given, own = scene.state.relations.support[:, o], scene.state.organisations.discipline
    if scene.world.organisations.kind[o] == Kind.MILITIA:
        return own[o], max(0.0, scene.p.militia + scene.p.armed * float(given.sum()))
    drawn = sum(float(g) * max(0.0, own[o] - d) for g, d in zip(given, own, strict=True))
    return max(0.0, own[o] - scene.p.company * drawn), 1.0


def zone(p, share):
    """How risky control of a share is for civilians."""
    if p.control == "flat":
        return 0.5
    x = (share - p.worst_control) / p.control_width
    return p.control_floor + (1 - p.control_floor) * math.exp(-(x**2) / 2)


def whom(rates, which):
    """The community and manner at which the running sum of rates reaches the mark."""
    reached = zip(rates, itertools.accumulate(rates.values()), strict=True)
    mark = which * sum(rates.values())
    return next((k for k, total in reached if mark <= total), list(rates)[-1])


def attack(scene, c, o, k, mean, size, part):
    p, minds = scene.p, scene.state.communities
    people = int(minds.people[k])
    dead = min(1 + rounded((mean - 1) * heavy(p.tail, size), part), people)
    if dead == 0:
        return
    minds.people[k] -= dead
    scene.state.ledger.civilians_killed[k] += dead
    minds.harm[k, o] += dead / (people / 1000)
    minds.fear[k] = min(1.0, minds.fear[k] + p.fear * dead / (people / 1000))
    scene.tell(c, o, -1, EventKind.CIVILIANS, civilians=dead, community=k)
