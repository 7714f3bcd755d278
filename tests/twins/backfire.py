"""Harm is laid at the door of who did it, its host and its patrons; attitudes answer; all of it fades."""

import math

from sim.world import Kind
from tests.twins.attitudes import turn


def backfire(scene):
    minds = scene.state.communities
    left = 0.5 ** (4 / scene.p.half_life)
    for c in turn(scene):
        for k in scene.communities(c):
            if scene.p.effect != "off":
                for o, grudge in grudges(scene, k).items():
                    if grudge > 0:
                        weight = math.log(1 + grudge) if scene.p.effect == "numbing" else min(grudge, 10.0)
                        minds.attitude[k, o] = min(max(minds.attitude[k, o] - scene.p.harm * weight, -4.0), 4.0)
            minds.harm[k] = [faded if (faded := left * harm) > 1e-4 else 0.0 for harm in minds.harm[k]]
            minds.fear[k] = left * minds.fear[k] if left * minds.fear[k] > 1e-4 else 0.0


def grudges(scene, k):
    p, world, harm = scene.p, scene.world, scene.state.communities.harm[k]
    total = dict.fromkeys(scene.organisations, 0.0)
    for f in scene.organisations:
        insurgent = world.organisations.kind[f] in (Kind.JIHADIST, Kind.REBEL)
        laid = harm[f] * (1 + p.asymmetry * insurgent)
        total[f] += laid
        for a in scene.organisations:
            behind = p.host if world.organisations.host[f] == a else p.patron * scene.state.relations.support[a, f]
            total[a] += behind * laid
    return total
