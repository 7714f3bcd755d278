"""Repression and unsettled disputes move people from the state to the jihadists; mediation moves them back."""

from sim.world import Kind


def borderlands(scene):
    world, kind = scene.world, scene.world.organisations.kind
    for c in scene.turn(4):
        home = int(world.cells.country[c])
        armies = [o for o in scene.organisations if kind[o] == Kind.ARMY and world.organisations.country[o] == home]
        if armies:
            review(scene, c, armies[-1])


def review(scene, c, army):
    p, now, world, r = scene.p, scene.state, scene.world, scene.region(c)
    foes = [o for o in scene.organisations if world.organisations.kind[o] == Kind.JIHADIST]
    foes = [o for o in foes if scene.hostility(army, o, c) > 0]
    herders, people = world.communities.herders, now.communities.people
    h = sum(people[k] * herders[k] for k in scene.communities(c)) / max(scene.people(c), 1)
    s = sum(now.cells.presence[c, o] for o in foes)
    mediation = now.policies.investment[r] * now.cells.governance[c, army]
    for k in scene.communities(c):
        follow = sum(now.communities.allegiance[k, o] for o in foes)
        suspected = 1 - (1 - herders[k]) * (1 - follow) * p.noticed / (s + p.noticed)
        grievance = now.policies.repression[r] * suspected
        grievance += p.dispute * 4 * h * (1 - h) * herders[k] * (1 - mediation)
        if grievance + mediation > 0.01:
            nudge(now.communities.attitude[k], army, p.trust * mediation - p.blame * grievance)
            for o in foes:
                nudge(now.communities.attitude[k], o, p.sympathy * grievance - p.distance * mediation)


def nudge(attitude, o, change):
    attitude[o] = min(max(attitude[o] + change, -4.0), 4.0)
