"""Leaving = most (sigma(onset + alarm (1 + hardship (1 - access))) - sigma(onset)); gravity; return where calm."""

import math

from sim.processes.displacement import GRAVITY, NEAREST, OFF
from sim.streams import Stream
from tests.twins.chance import rounded, sigma

FORMS = {"gravity": GRAVITY, "nearest": NEAREST, "off": OFF}


def displacement(scene):
    if FORMS.get(scene.p.form, scene.p.form) == OFF:
        return
    for c in scene.turn(4):
        for k in scene.communities(c):
            review(scene, c, k, scene.state.policies.access[scene.region(c)])


def review(scene, c, k, access):
    p, now, key = scene.p, scene.state.communities, scene.world.communities.key[k]
    alarmed = alarm(scene, k)
    if now.displaced[k] > 0:
        calm = scene.state.cells.governance[c].max() * math.exp(-alarmed)
        host = int(now.refuge[k])
        now.displaced[k] = min(now.displaced[k], now.people[host])
        wanted = rounded(p.back * calm * now.displaced[k], scene.chance.uniform(Stream.RETURN, key))
        came = move(scene, host, k, min(wanted, int(now.displaced[k])))
        now.displaced[k] -= came
        scene.state.ledger.came_home[k] += came
        if now.displaced[k] == 0:
            now.refuge[k] = -1
    if alarmed > 0.1 and now.people[k] > 0:
        share = p.most * (sigma(p.onset + alarmed * (1 + p.hardship * (1 - access))) - sigma(p.onset))
        count = rounded(share * now.people[k], scene.chance.uniform(Stream.FLEE, key))
        if count > 0:
            flee(scene, k, alarmed, count)


def alarm(scene, k):
    p, now, c = scene.p, scene.state, int(scene.world.communities.cell[k])
    harm = now.communities.harm[k].sum() if now.communities.fear[k] > 0 else 0.0
    fighting = math.log(1 + now.cells.attacks[c].sum())
    return p.fear * now.communities.fear[k] + p.harm * harm + p.fighting * fighting


def flee(scene, k, alarmed, count):
    now = scene.state.communities
    before, target = int(now.refuge[k]), haven(scene, k, alarmed)
    if target < 0:
        return
    if before >= 0 and before != target:
        now.displaced[k] = move(scene, before, target, int(now.displaced[k]))
    gone = move(scene, k, target, count)
    now.displaced[k] += gone
    now.refuge[k] = target
    scene.state.ledger.fled[k] += gone


def haven(scene, k, alarmed):
    now = int(scene.state.communities.refuge[k])
    if now >= 0 and alarm(scene, now) <= alarmed:
        return now
    havens = [int(h) for h in scene.world.communities.havens[k] if h >= 0]
    if FORMS.get(scene.p.form, scene.p.form) == NEAREST:
        towns = scene.world.cells.town[scene.world.communities.cell]
        calm = [h for h in havens if towns[h] > 0 and alarm(scene, h) < 0.5 * alarmed]
        return min(calm, key=lambda h: km(scene, k, h), default=-1)
    return max(havens, key=lambda h: attraction(scene, k, h), default=-1)


def km(scene, k, h):
    cells, at = scene.world.cells, scene.world.communities.cell
    lat, lon = cells.lat[at[[k, h]]], cells.lon[at[[k, h]]]
    return 111.2 * math.hypot(lat[0] - lat[1], (lon[0] - lon[1]) * math.cos(math.radians(lat.mean())))


def attraction(scene, k, h):
    p, world, at = scene.p, scene.world, scene.world.communities.cell
    there, group = int(at[h]), world.communities.group
    size = p.people * math.log10(1 + scene.people(there) / 1000)
    size += p.town * math.log10(1 + world.cells.town[there] / 1000)
    kin = p.kin if group[h] == group[k] else 0.0
    border = p.border if world.cells.country[there] != world.cells.country[at[k]] else 0.0
    u = scene.chance.uniform(Stream.REFUGE, world.communities.key[k], int(world.cells.gid[there]))
    worth = size + kin - border - km(scene, k, h) / p.reach - p.danger * alarm(scene, h)
    return worth - math.log(-math.log(u))


def move(scene, source, target, wanted):
    now = scene.state.communities
    moved = min(wanted, int(now.people[source]))
    if moved <= 0:
        return 0
    part = moved / (now.people[target] + moved)
    now.people[source] -= moved
    now.people[target] += moved
    now.attitude[target] = (1 - part) * now.attitude[target] + part * now.attitude[source]
    now.harm[target] = (1 - part) * now.harm[target] + part * now.harm[source]
    return moved
