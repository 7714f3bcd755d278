"""Every unit picks the largest utility plus noise among its cell and those around, then gathers, governs or rests."""

import math

from sim.state import Posture
from sim.streams import Stream
from sim.world import Kind, Role, Skill


def armed_groups(scene):
    world, units = scene.world, scene.state.units
    goals = {}
    for u in scene.units:
        if world.units.role[u] == Role.FIGHTERS and units.fighters[u] > 0:
            rallied = called(scene, u)
            considers = scene.chance.uniform(Stream.MOVE_WISH, world.units.key[u])
            if rallied or considers < world.organisations.mobility[world.units.organisation[u]]:
                goals[u] = destination(scene, u, rallied)
            take(units, u, posture(scene, u, rallied))
    for u, c in goals.items():
        units.cell[u] = c


def take(units, u, new):
    units.weeks[u] = units.weeks[u] + 1 if units.posture[u] == new else 0
    units.posture[u] = new


def called(scene, u):
    """Whether the unit's organisation rallies in the region where the unit is."""
    o, r = int(scene.world.units.organisation[u]), scene.region(int(scene.state.units.cell[u]))
    number = scene.chance.uniform(Stream.RALLY, scene.world.organisations.key[o], r)
    effort = scene.state.organisations.effort[o, r]
    priority = effort / (effort + scene.p.rally_half) if effort > 0 else 0
    return number < scene.p.rally_chance * scene.state.organisations.cohesion[o] * priority


def destination(scene, u, rallied):
    here = int(scene.state.units.cell[u])
    worth = {c: utility(scene, u, c, here, days) for c, days in scene.around(here)}
    if rallied:
        worth = {c: value + target(scene, u, c, here) for c, value in worth.items()}
    return scene.pick(Stream.MOVE, u, worth)


def target(scene, u, c, here):
    """What a rallied unit gains by making for an enemy whom all in reach could match."""
    now, o = scene.state.cells, int(scene.world.units.organisation[u])
    together = sum(float(now.presence[n, o]) for n, _ in scene.around(here))
    return scene.p.target * match(now.enemies[c, o], together) * (1 - now.deterrence[c])


def utility(scene, u, c, here, days):
    p, now, o = scene.p, scene.state.cells, int(scene.world.units.organisation[u])
    own = now.presence[c, o] + (0 if c == here else int(scene.state.units.fighters[u]))
    enemies, people = now.enemies[c, o], scene.people(c)
    pull = (
        p.welcome * now.welcome[c, o]
        + p.home * scene.world.organisations.home[o, c]
        + p.people * math.log10(1 + people / 1000)
        + p.prey * match(enemies, own)
        + p.front * scene.state.organisations.effort[o, scene.region(c)]
        + p.govern * now.governance[c, o]
    )
    pull += probe(scene, o, c)
    crowd = math.log(1 + own / scene.world.organisations.unit_size[o])
    push = p.threat * math.log(1 + enemies / max(own, 1.0)) + p.cost * days
    return pull - push - (p.spacing + p.crowd * now.pressure[c, o]) * crowd


def probe(scene, o, c):
    """Pull of a cell of a country where a jihadist group has no homeland: some community would take it in."""
    world, country = scene.world, scene.world.cells.country
    rooted = any(world.organisations.home[o, d] > 0.1 for d in scene.cells if country[d] == country[c])
    hosts = [1 / (1 + math.exp(-2 * scene.state.communities.attitude[k, o])) for k in scene.communities(c)]
    if world.organisations.kind[o] != Kind.JIHADIST or rooted or not hosts:
        return 0.0
    return scene.p.probe * math.exp(-scene.state.cells.pressure[c, o]) * max(hosts)


def match(enemies, own):
    """How well forces match: 0 without an enemy, 1 at parity."""
    own = max(own, 1.0)
    return min(enemies, own) / max(enemies, own)


def posture(scene, u, rallied):
    p, now, o = scene.p, scene.state.cells, int(scene.world.units.organisation[u])
    c = int(scene.state.units.cell[u])
    nearest = max(now.enemies[n, o] for n, _ in scene.around(c))
    gather = p.gather + p.gather_prey * match(nearest, now.presence[c, o]) - p.gather_pressure * now.pressure[c, o]
    if rallied:
        gather += p.rally
    mass = scene.state.organisations.skill[o, Skill.MASSING] * math.exp(gather)
    govern = math.exp(p.settle + p.settle_welcome * now.welcome[c, o])
    x = scene.chance.uniform(Stream.POSTURE, scene.world.units.key[u])
    chance_mass, chance_govern = mass / (1 + mass + govern), govern / (1 + mass + govern)
    if x < chance_mass:
        return Posture.MASS
    return Posture.GOVERN if x < chance_mass + chance_govern else Posture.REST
