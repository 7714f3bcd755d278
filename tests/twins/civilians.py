"""rate = beta * (1 - discipline) * aggression * f(control) * sqrt(s / 100) * exp(-w * attitude) * reason."""

import itertools
import math

from sim.state import EventKind
from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import heavy, rounded


def civilians(scene):
    kinds, gid, key = scene.world.organisations.kind, scene.world.cells.gid, scene.world.organisations.key
    for c in scene.cells:
        strength = scene.exposed(c)
        for o in scene.organisations:
            if strength[o] <= 0 or kinds[o] == Kind.PEACEKEEPER or not scene.communities(c):
                continue
            rates = {k: rate(scene, c, o, k, strength[o]) for k in scene.communities(c)}
            chance, which, size, part = scene.chance.uniforms(Stream.HARM, gid[c], key[o])
            if chance < 1 - math.exp(-sum(rates.values())):
                attack(scene, c, o, whom(rates, which), size, part)


def rate(scene, c, o, k, s):
    p, own, minds = scene.p, scene.state.organisations, scene.state.communities
    x = (scene.state.cells.share[c, o] - p.worst_control) / p.control_width
    f = p.control_floor + (1 - p.control_floor) * math.exp(-(x**2) / 2)
    provoked = p.retaliation * min(own.losses[o, scene.region(c)], 100.0) / 10
    collaboration = sum(scene.hostility(o, e, c) * minds.allegiance[k, e] for e in scene.organisations)
    reason = p.militia if scene.world.organisations.kind[o] == Kind.MILITIA else 1.0
    reason += provoked * collaboration if provoked > 0.01 else 0.0
    ready = p.rate * (1 - own.discipline[o]) * scene.world.organisations.aggression[o]
    return ready * f * math.sqrt(s / 100) * math.exp(-p.attitude * minds.attitude[k, o]) * reason


def whom(rates, which):
    """The community in which the running sum of rates reaches the mark."""
    reached = zip(rates, itertools.accumulate(rates.values()), strict=True)
    mark = which * sum(rates.values())
    return next((k for k, total in reached if mark <= total), max(rates))


def attack(scene, c, o, k, size, part):
    p, minds = scene.p, scene.state.communities
    people = int(minds.people[k])
    dead = min(1 + rounded((p.deaths - 1) * heavy(p.tail, size), part), people)
    if dead == 0:
        return
    minds.people[k] -= dead
    scene.state.ledger.civilians_killed[k] += dead
    minds.harm[k, o] += dead / (people / 1000)
    minds.fear[k] = min(1.0, minds.fear[k] + p.fear * dead / (people / 1000))
    scene.tell(c, o, -1, EventKind.CIVILIANS, civilians=dead, community=k)
