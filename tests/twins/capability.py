"""Skills grow where a group is left alone and can pay, pass through a coalition, and are lost without sanctuary."""

import math

from sim.state import Zone
from sim.world import Skill


def capability(scene):
    if scene.chance.week % 4 != 1 or scene.p.diffusion == "off":
        return
    skill, coalition = scene.state.organisations.skill, scene.world.organisations.coalition
    groups = [o for o in scene.organisations if scene.insurgent(o)]
    best = {(o, s): max(skill[a, s] for a in groups if coalition[a] == coalition[o]) for o in groups for s in Skill}
    for o in groups:
        if scene.fighters_of(o) > 0:
            quiet, able = sanctuary(scene, o), means(scene, o)
            for s in Skill:
                skill[o, s] = renewed(scene, o, s, quiet * able, quiet, best[o, s])


def sanctuary(scene, o):
    cells, units, side = scene.state.cells, scene.state.units, scene.world.organisations.coalition[o]
    here = {int(units.cell[u]) for u in scene.units_of(o) if units.fighters[u] > 0}
    calm = [math.exp(-cells.pressure[c, o]) for c in here if cells.zone[c, side] in (Zone.SUPPORT, Zone.CONTROL)]
    return sum(calm) / (sum(calm) + scene.p.sanctuary)


def means(scene, o):
    own = scene.state.organisations
    weeks = 1000 * own.treasury[o] / max(scene.fighters_of(o), 1)
    return (own.links[o] + weeks / (weeks + scene.p.pay_weeks)) / 2


def renewed(scene, o, s, learnt, quiet, best):
    p, own = scene.p, scene.state.organisations
    now, rate = own.skill[o, s], (p.ied, p.vehicle_bomb, p.drone, p.massing)[s]
    change = rate * learnt * (now + p.seed * own.links[o]) * (1 - now) - p.forget * (1 - quiet) * now
    if p.diffusion == "coalition":
        change += p.spread * own.cohesion[o] * (best - now)
    return min(max(now + 4 * change, 0.0), 1.0)
