"""a <- a + relax (prior - a) + governance - harm + protection + kin; allegiance is a softmax over those at hand."""

import math

import numpy as np


def attitudes(scene):
    world = scene.world
    kin = kin_means(scene)
    for c in scene.cells:
        communities = scene.communities(c)
        if communities and (int(world.cells.gid[c]) + scene.chance.week) % 4 == 0:
            near = fighters_near(scene, c)
            for k in communities:
                renew(scene, c, k, near, kin)
            people = scene.state.communities.people[communities]
            share = people @ scene.state.communities.allegiance[communities]
            scene.state.cells.welcome[c] = share / max(people.sum(), 1)


def kin_means(scene):
    """Mean attitudes of each network of kin, by people."""
    minds, kin = scene.state.communities, scene.world.communities.kin
    means = {}
    for network in set(kin.tolist()):
        members = np.flatnonzero(kin == network)
        people = minds.people[members]
        means[network] = people @ minds.attitude[members] / max(people.sum(), 1)
    return means


def fighters_near(scene, c):
    presence = scene.state.cells.presence
    return presence[c] + scene.p.neighbour * sum(presence[n] for n in scene.neighbours(c))


def worst(scene, k, near):
    """The organisation that the community fears most, and how much."""
    minds, p = scene.state.communities, scene.p
    dangers = {}
    for x in scene.organisations:
        disliked = min(max(-minds.attitude[k, x], 0.0), 2.0)
        dangers[x] = (minds.harm[k, x] + p.presence_threat * disliked) * near[x] / (near[x] + p.near)
    x = max(dangers, key=dangers.get)
    return (x, dangers[x]) if dangers[x] > 0 else (-1, 0.0)


def renew(scene, c, k, near, kin):
    p, minds, world = scene.p, scene.state.communities, scene.world
    x, threat = worst(scene, k, near)
    offered = dict.fromkeys(scene.organisations, 0.0)
    if x >= 0:
        for o in scene.organisations:
            offered[o] = scene.hostility(o, x, c) * near[o] / (near[o] + near[x] + p.near)
    before, governance = minds.attitude[k].copy(), scene.state.cells.governance[c]
    for o in scene.organisations:
        guests = [f for f in scene.organisations if world.organisations.host[f] == o]
        grudge = minds.harm[k, o] + p.blame * sum(minds.harm[k, f] for f in guests)
        change = p.relax * (world.communities.prior[k, o] - before[o])
        change += p.governance * governance[o] - p.harm * min(grudge, 10.0)
        change += p.protection * min(threat, 1.0) * offered[o]
        change += p.kin * (kin[int(world.communities.kin[k])][o] - before[o])
        minds.attitude[k, o] = min(max(before[o] + change, -4.0), 4.0)
    follow(scene, k, near, governance)
    if threat >= p.threat:
        minds.protector[k] = protector(scene, k, offered)
    minds.fear[k] *= 0.5 ** (4 / p.half_life)
    minds.harm[k] *= 0.5 ** (4 / p.half_life)


def follow(scene, k, near, governance):
    minds, p = scene.state.communities, scene.p
    pull = {}
    for o in scene.organisations:
        available = min(1.0, governance[o] + near[o] / (near[o] + p.near))
        pull[o] = available * math.exp(minds.attitude[k, o] / p.temperature)
    for o in scene.organisations:
        minds.allegiance[k, o] = pull[o] / (1 + sum(pull.values()))


def protector(scene, k, offered):
    """Who offers most to those who like it; the present one has the advantage of loyalty."""
    minds, p = scene.state.communities, scene.p
    worth = {o: offer * math.exp(minds.attitude[k, o]) for o, offer in offered.items()}
    now = int(minds.protector[k])
    if now >= 0:
        worth[now] *= p.loyalty
    best = max(worth, key=worth.get)
    return best if worth[best] > 0 else -1
