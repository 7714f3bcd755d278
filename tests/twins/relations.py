"""How hostility among jihadist rivals drifts, and how their war ties down effort; see the process for the formulas."""

import itertools
import math

from sim.world import Kind


def relations(scene):
    if scene.chance.week % 4 or scene.p.rule == "off":
        return
    jihadists = [o for o in scene.organisations if scene.world.organisations.kind[o] == Kind.JIHADIST]
    coalition = scene.world.organisations.coalition
    for a, b in itertools.combinations(jihadists, 2):
        if coalition[a] != coalition[b]:
            for r in range(scene.state.relations.hostility.shape[2]):
                review(scene, a, b, r)
    for o in jihadists:
        tie_down(scene, o, [b for b in jihadists if coalition[b] != coalition[o]])


def review(scene, a, b, r):
    tie, p = scene.state.relations, scene.p
    goal = min(max(target(scene, a, b, r), 0.0), 1.0)
    now = tie.hostility[a, b, r]
    tie.hostility[a, b, r] = tie.hostility[b, a, r] = min(now + p.drift * (goal - now), tie.ceiling[a, b, r])


def target(scene, a, b, r):
    p, own, tie = scene.p, scene.state.organisations, scene.state.relations
    n, m = fighters(scene, a, r), fighters(scene, b, r)
    overlap = min(n, m) / max(n, m) if max(n, m) else 0.0
    if p.rule == "overlap_only":
        return tie.rest[a, b, r] + p.overlap * overlap
    kin = scene.world.organisations.kin[a, b]
    x, y = (own.losses[o, r] / max(own.losses[o, r] + k, 1.0) for o, k in ((a, n), (b, m)))
    goal = tie.rest[a, b, r] + p.overlap * overlap * (1 - p.kin * kin)
    goal += p.harm * tie.hostility[a, b, r] * (x + y) / 2 + p.leadership * max(own.links[a], own.links[b])
    goal -= p.exhaustion * (1 + kin) * math.sqrt(x * y)
    return goal - p.enemy * min(pressed(scene, a, r), pressed(scene, b, r))


def bands(scene, o, r):
    units = scene.state.units
    return [(int(units.cell[u]), int(units.fighters[u])) for u in scene.units_of(o) if scene.region(units.cell[u]) == r]


def fighters(scene, o, r):
    return sum(n for _, n in bands(scene, o, r))


def pressed(scene, o, r):
    total = sum(n * scene.state.cells.pressure[c, o] for c, n in bands(scene, o, r))
    mean = total / max(fighters(scene, o, r), 1)
    return mean / (mean + 1)


def tie_down(scene, o, rivals):
    effort, hostility = scene.state.organisations.effort, scene.state.relations.hostility
    regions = range(effort.shape[1])
    mine = [fighters(scene, o, r) for r in regions]
    engaged = [sum(hostility[o, b, r] * min(mine[r], fighters(scene, b, r)) for b in rivals) for r in regions]
    for r in regions:
        scene.state.organisations.tied[o, r] = min(engaged[r] / max(mine[r], 1), 1.0)
    if sum(engaged) > 0:
        share = scene.p.draw * min(sum(engaged) / sum(mine), 1.0)
        for r in regions:
            effort[o, r] += share * (engaged[r] / sum(engaged) - effort[o, r])
        for c in scene.cells:
            if engaged[scene.region(c)] > 0:
                worn = scene.p.disrupt * engaged[scene.region(c)] / mine[scene.region(c)]
                scene.state.cells.governance[c, o] *= 1 - min(worn, 1.0)
