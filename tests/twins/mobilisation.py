"""Communities that are attacked, or whose militia the state arms, give it fighters or found a band."""

import math

from sim.state import Posture
from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import poisson
from tests.twins.recruitment import enrol, smallest


def mobilisation(scene):
    if scene.chance.week % 4 != 1 or scene.p.origin == "off":
        return
    pay = {m: pay_of(scene, m) for m in scene.organisations}
    for k in range(len(scene.world.communities.key)):
        ties = {m: tie(scene, k, m) for m in scene.organisations if scene.world.organisations.kind[m] == Kind.MILITIA}
        m = max(ties, key=ties.get)
        if ties[m] > 0:
            give(scene, k, m, ties[m] * pay[m])


def pay_of(scene, m):
    weeks = 1000 * scene.state.organisations.treasury[m] / max(scene.fighters_of(m), 1)
    return scene.p.unpaid + (1 - scene.p.unpaid) * min(weeks / scene.p.pay_weeks, 1)


def tie(scene, k, m):
    prior = float(scene.world.communities.prior[k, m])
    return scene.world.organisations.home[m, scene.world.communities.cell[k]] * min(max(prior, 0.0), 1.0)


def give(scene, k, m, willing):
    p, c, people = scene.p, int(scene.world.communities.cell[k]), int(scene.state.communities.people[k])
    spare = max(0.0, 1 - scene.state.cells.presence[c, m] / max(p.limit * scene.people(c), 1))
    mean = 4 * p.rate / 1e6 * people * drive(scene, k, c, m) * willing * spare
    chance = scene.chance.uniform(Stream.MOBILISE, scene.world.communities.key[k], scene.world.organisations.key[m])
    unit, least = smallest(scene, c, m), max(1, int(p.band * int(scene.world.organisations.unit_size[m])))
    if mean <= 0:
        return
    if unit is not None:
        enrol(scene, unit, m, k, poisson(mean, chance))
    elif chance < 1 - math.exp(-mean / least) and people >= least:
        for u in [u for u in scene.units_of(m) if scene.state.units.fighters[u] == 0][:1]:
            units = scene.state.units
            units.cell[u], units.posture[u], units.weeks[u] = c, Posture.REST, 0
            enrol(scene, u, m, k, least)


def drive(scene, k, c, m):
    p, host = scene.p, int(scene.world.organisations.host[m])
    arms = p.arms * (scene.state.relations.support[host, m] if host >= 0 else 0.0)
    if p.origin == "delegation":
        return arms
    done = scene.state.communities.harm[k]
    harm = sum(scene.hostility(m, e, c) * done[e] for e in scene.organisations if scene.insurgent(e))
    return harm / (harm + p.harm_half) * (1 + arms)
