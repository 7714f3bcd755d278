"""h* = rest + overlap + leadership - exhaustion * log(1 + losses / 50);  h <- h + drift * (h* - h), below a ceiling."""

import itertools
import math

from sim.world import Kind


def relations(scene):
    if scene.chance.week % 4:
        return
    kinds, coalition = scene.world.organisations.kind, scene.world.organisations.coalition
    for a, b in itertools.combinations(scene.organisations, 2):
        if kinds[a] == kinds[b] == Kind.JIHADIST and coalition[a] != coalition[b]:
            for r in range(scene.state.relations.hostility.shape[2]):
                review(scene, a, b, r)


def review(scene, a, b, r):
    tie, p = scene.state.relations, scene.p
    lost = scene.state.organisations.losses[a, r] + scene.state.organisations.losses[b, r]
    goal = tie.rest[a, b, r] + p.overlap * overlap(scene, a, b, r) + p.leadership
    goal = min(max(goal - p.exhaustion * math.log(1 + lost / 50), 0.0), 1.0)
    now = tie.hostility[a, b, r]
    tie.hostility[a, b, r] = tie.hostility[b, a, r] = min(now + p.drift * (goal - now), tie.ceiling[a, b, r])


def overlap(scene, a, b, r):
    """Smaller over larger number of fighters in the region."""
    units = scene.state.units
    x, y = (sum(int(units.fighters[u]) for u in scene.units_of(o) if scene.region(units.cell[u]) == r) for o in (a, b))
    return min(x, y) / max(x, y) if max(x, y) else 0.0
