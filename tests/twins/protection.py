"""The worst threat, who could shield people from it, thanks for that, and the choice of a protector."""

import math

from tests.twins.attitudes import fighters_near, turn


def protection(scene):
    if scene.p.choice != "off":
        for c in turn(scene):
            near = fighters_near(scene, c)
            for k in scene.communities(c):
                seek(scene, c, k, near)


def worst(scene, k, near):
    """The organisation that the community fears most, and how much."""
    minds, p, dangers = scene.state.communities, scene.p, {}
    for x in scene.organisations:
        disliked = min(max(-minds.attitude[k, x], 0.0), 2.0) * (1 - scene.state.organisations.discipline[x])
        dangers[x] = (minds.harm[k, x] + p.presence_threat * disliked) * near[x] / (near[x] + p.near)
    x = max(dangers, key=dangers.get)
    return (x, dangers[x]) if dangers[x] > 0 else (-1, 0.0)


def seek(scene, c, k, near):
    p, minds, support = scene.p, scene.state.communities, scene.state.relations.support
    now, (x, threat) = int(minds.protector[k]), worst(scene, k, near)
    if now >= 0 and near[now] == 0:
        minds.protector[k] = now = -1
    if x < 0:
        return
    offers, quality = {}, scene.world.organisations.quality
    strength = [near[o] * quality[o] * (1 + p.backing * sum(support[:, o])) for o in scene.organisations]
    for o in scene.organisations:
        offers[o] = scene.hostility(o, x, c) * strength[o] / (strength[o] + strength[x] + p.near)
        a = minds.attitude[k, o] + p.gratitude * min(threat, 1.0) * offers[o]
        minds.attitude[k, o] = min(max(a, -4.0), 4.0)
    if threat >= p.threat:
        minds.protector[k] = protector(scene, k, now, offers)


def protector(scene, k, now, offers):
    """Who is worth most of those who offer enough; the present one has the advantage of loyalty."""
    attitude, p = scene.state.communities.attitude[k], scene.p
    worths = {}
    for o, offer in offers.items():
        liking = 1.0 if p.choice == "strength" else math.exp(p.liking * attitude[o])
        worth = liking if p.choice == "affinity" else offer * liking
        worths[o] = (worth * p.loyalty if o == now else worth) if offer > p.enough else 0.0
    best = max(worths, key=worths.get)
    return best if worths[best] > 0 else -1
