"""a <- a + relax (prior - a) + governance + kin; allegiance is a softmax over those at hand, and fear complies."""

import math

import numpy as np

from sim.state import Posture


def attitudes(scene):
    kin = kin_means(scene)
    for c in turn(scene):
        near, communities = fighters_near(scene, c), scene.communities(c)
        for k in communities:
            feel(scene, c, k, kin.get(int(scene.world.communities.kin[k]), scene.state.communities.attitude[k].copy()))
            follow(scene, c, k, near)
        if communities:
            people = scene.state.communities.people[communities]
            share = people @ scene.state.communities.allegiance[communities]
            scene.state.cells.welcome[c] = share / max(people.sum(), 1)


def turn(scene):
    """Cells of the regions that are renewed this week."""
    return [c for c in scene.cells if (scene.region(c) + scene.chance.week) % 4 == 0]


def kin_means(scene):
    """Mean attitudes of each network of kin that has people, by people, over those who are renewed this week."""
    minds, renewed = scene.state.communities, [k for c in turn(scene) for k in scene.communities(c)]
    means = {}
    for network in {int(scene.world.communities.kin[k]) for k in renewed}:
        members = [k for k in renewed if scene.world.communities.kin[k] == network]
        people = minds.people[members]
        if people.sum() > 0:
            means[network] = people @ minds.attitude[members] / people.sum()
    return means


def fighters_near(scene, c):
    """Fighters in the cell, and some of those next door; none who are shut in."""
    near = np.zeros(len(scene.organisations))
    for n, _ in scene.around(c):
        for u in scene.mustered(n):
            if scene.state.units.posture[u] != Posture.CONFINED:
                weight = 1.0 if n == c else scene.p.neighbour
                near[scene.world.units.organisation[u]] += weight * scene.state.units.fighters[u]
    return near


def feel(scene, c, k, kin):
    p, minds = scene.p, scene.state.communities
    prior, governance = scene.world.communities.prior[k], scene.state.cells.governance[c]
    for o in scene.organisations:
        a = minds.attitude[k, o]
        a += p.relax * (prior[o] - a) + p.kin * (kin[o] - a) + p.governance * governance[o]
        minds.attitude[k, o] = min(max(a, -4.0), 4.0)


def follow(scene, c, k, near):
    minds, p, pull = scene.state.communities, scene.p, {}
    for o in scene.organisations:
        available = min(1.0, scene.state.cells.governance[c, o] + near[o] / (near[o] + p.near))
        drawn = minds.attitude[k, o] + p.compliance * minds.fear[k] * scene.state.cells.share[c, o]
        drawn += p.pledge if minds.protector[k] == o else 0.0
        pull[o] = available * math.exp(drawn / p.temperature)
    for o in scene.organisations:
        minds.allegiance[k, o] = pull[o] / (1 + sum(pull.values()))
