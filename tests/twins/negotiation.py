"""Talks ripen when both sides bleed; they calm the war, and who holds the ground lets aid in or not."""

from sim.world import Kind
from tests.twins.chance import sigma
from tests.twins.politics import armies, lost, saturating


def negotiation(scene):
    if scene.chance.week % 4 or scene.p.form == "off":
        return
    minds, own = scene.state.communities, scene.state.organisations
    dead = (minds.people[:, None] / 1000 * minds.harm).sum(axis=0)
    for o in scene.organisations:
        if scene.world.organisations.kind[o] == Kind.JIHADIST:
            own.talks[o] += scene.p.drift * (sigma(ripeness(scene, o, dead)) - own.talks[o])
            for s in armies(scene):
                calm(scene, o, s)
    for r in range(len(scene.state.policies.access)):
        access(scene, r)


def hostile(scene, a, b):
    return float((scene.state.organisations.effort[a] * scene.state.relations.hostility[a, b]).sum())


def ripeness(scene, o, dead):
    p, own = scene.p, scene.state.organisations
    group = saturating(lost(scene, o), p.group_half)
    army = max([hostile(scene, o, s) * saturating(lost(scene, s), p.state_half) for s in armies(scene)], default=0)
    killed = dead[o] + sum(hostile(scene, o, s) * dead[s] for s in armies(scene))
    x = p.base + p.stalemate * min(group, army) - p.success * max(group - army, 0) + p.mediators * mediator(scene, o)
    return x - p.links * own.links[o] - p.intent * own.intent[o] - p.atrocity * saturating(killed, p.atrocity_half)


def mediator(scene, o):
    world, best = scene.world.organisations, 0.0
    for m in scene.organisations:
        if world.kind[m] == Kind.REBEL:
            peace = 1 - max([hostile(scene, m, s) for s in armies(scene)], default=0)
            best = max(best, (1 + world.kin[o, m]) / 2 * (1 - hostile(scene, o, m)) * peace)
    return best


def progress(scene, o):
    return max(0, scene.state.organisations.talks[o] - scene.p.threshold) / (1 - scene.p.threshold)


def calm(scene, o, s):
    p, bonds, losses = scene.p, scene.state.relations, scene.state.organisations.losses
    where = {scene.region(c) for c in scene.cells if last_country(scene, scene.region(c)) == country(scene, s)}
    for r in where:
        fought = saturating(losses[o, r] + losses[s, r], p.calm_half)
        goal = bonds.rest[o, s, r] * (1 - p.calm * progress(scene, o) * (1 - fought))
        now = bonds.hostility[o, s, r]
        bonds.hostility[o, s, r] = bonds.hostility[s, o, r] = min(now + p.ease * (goal - now), bonds.ceiling[o, s, r])


def country(scene, s):
    return scene.world.organisations.country[s]


def last_country(scene, r):
    """Country of a region: of its last cell, where a random world has it in two."""
    return [scene.world.cells.country[c] for c in scene.cells if scene.region(c) == r][-1]


def permit(scene, o, r):
    if not scene.insurgent(o):
        return 1 - scene.state.policies.repression[r]
    own = scene.state.organisations.discipline[o]
    return 0 if scene.p.form == "no_access" else own + (1 - own) * progress(scene, o)


def access(scene, r):
    cells, now = [c for c in scene.cells if scene.region(c) == r], scene.state.policies.access
    people = sum(scene.people(c) for c in cells)
    if people:
        reached = sum(scene.people(c) * admitted(scene, c, r) for c in cells) / people
        fought = scene.state.organisations.losses[:, r].sum()
        now[r] += scene.p.admit * (reached * (1 - saturating(fought, scene.p.fighting_half)) - now[r])


def admitted(scene, c, r):
    share = scene.state.cells.share[c]
    return 1 - sum(share[o] * (1 - permit(scene, o, r)) for o in scene.organisations if share[o] > 1e-3)
