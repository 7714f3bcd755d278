"""Hostile a and b meet N ~ Poisson(h * beta * rho * (s_a s_b)**alpha * (initiatives)) times; losses by Lanchester."""

import itertools
import math

from sim.state import EventKind, Field
from sim.streams import Stream
from sim.world import Kind, Skill
from tests.twins.chance import heavy, poisson, rounded
from tests.twins.coordination import openings
from tests.twins.scene import EXPOSURE
from tests.twins.support import cover, worth

MOST = 8


def encounters(scene):
    for c in scene.cells:
        strength = scene.exposed(c)
        for a, b in itertools.combinations(scene.organisations, 2):
            hostility = scene.hostility(a, b, c)
            if hostility > 0 and strength[a] > 0 and strength[b] > 0:
                for number in range(meetings(scene, c, a, b, strength, hostility)):
                    meet(scene, c, a, b, strength, number)
    if scene.p.timing == "tacit":
        answers(scene, list(scene.events))


def answers(scene, written):
    """Those who time their attacks with others answer the week's attacks, each pair and cell once."""
    presence, kinds, done = scene.state.cells.presence, scene.world.organisations.kind, set()
    for row in written:
        e = row[Field.SIDE_B]
        if e < 0 or scene.insurgent(e) or kinds[row[Field.SIDE_A]] not in (Kind.JIHADIST, Kind.REBEL):
            continue
        for o in (o for o in scene.organisations if kinds[o] in (Kind.JIHADIST, Kind.REBEL)):
            for c, _ in scene.around(row[Field.CELL]):
                hostile = scene.hostility(o, e, c) > 0 and presence[c, o] > 0 and presence[c, e] > 0
                opened = openings(scene, c, o, e, written) if hostile and (c, o, e) not in done else []
                if opened and written[opened[0]] is row:
                    done.add((c, o, e))
                    answer(scene, c, o, e, len(opened))


def answer(scene, c, o, e, opened):
    strength, pair, gid = scene.exposed(c), pair_key(scene, o, e), int(scene.world.cells.gid[c])
    drive = against(scene, c, o, e) * scene.hostility(o, e, c)
    mean = scene.p.answer * opened * drive * contact(scene, c, o, e, strength)
    for number in range(min(poisson(mean, scene.chance.uniform(Stream.COORDINATE, gid, pair)), MOST)):
        place = gid + (MOST + number) * 2**20
        _, how, size, first = scene.chance.uniforms(Stream.MEET_KIND, place, pair)
        fight(scene, c, o, e, strength, (place, pair), (how, size, first))


def pair_key(scene, a, b):
    return int(scene.world.organisations.key[a]) + int(scene.world.organisations.key[b])


def meetings(scene, c, a, b, strength, hostility):
    drive = against(scene, c, a, b) + against(scene, c, b, a)
    unit = scene.chance.uniform(Stream.MEET, scene.world.cells.gid[c], pair_key(scene, a, b))
    return min(poisson(hostility * drive * contact(scene, c, a, b, strength), unit), MOST)


def contact(scene, c, a, b, strength):
    """Meetings a week per unit of hostility and initiative; fewer where peacekeepers are, but not with them."""
    p, kinds = scene.p, scene.world.organisations.kind
    met = (strength[a] / 100) ** p.contact * (strength[b] / 100) ** p.contact
    felt = (scene.state.cells.pressure[c, a] + scene.state.cells.pressure[c, b]) / 2
    sought = (p.rivals - 1) * scene.hostility(a, b, c) * math.exp(-p.wary * felt)
    rho = 1.0 + sought if kinds[a] == kinds[b] == Kind.JIHADIST else 1.0
    kept = 0.0 if Kind.PEACEKEEPER in (kinds[a], kinds[b]) else scene.state.cells.deterrence[c]
    return p.rate * rho * met * (1 - kept)


def initiative(scene, c, o):
    own, r = scene.state.organisations, scene.region(c)
    attention = own.effort[o, r] / (own.effort[o, r] + scene.p.effort_half)
    return scene.world.organisations.aggression[o] * own.cohesion[o] * own.tempo[o, r] * (0.5 + attention)


def against(scene, c, o, e):
    """Those whom rivals keep busy begin few fights with others."""
    kinds, busy = scene.world.organisations.kind, scene.state.organisations.tied[o, scene.region(c)]
    free = 1.0 if kinds[o] == kinds[e] == Kind.JIHADIST else 1 - scene.p.tied * busy
    return initiative(scene, c, o) * free


def meet(scene, c, a, b, strength, number):
    pair, place = pair_key(scene, a, b), int(scene.world.cells.gid[c]) + number * 2**20
    who, how, size, first = scene.chance.uniforms(Stream.MEET_KIND, place, pair)
    begins = against(scene, c, a, b) / (against(scene, c, a, b) + against(scene, c, b, a))
    a, d = (a, b) if who < begins else (b, a)
    fight(scene, c, a, d, strength, (place, pair), (how, size, first))


def fight(scene, c, a, d, strength, keys, draws):
    how, size, first = draws
    part_a, part_d, other, _ = scene.chance.uniforms(Stream.MEET_SIZE, *keys)
    kind = manner(scene, a, d, how)
    n_a = committed(scene, c, a, kind, in_reach(scene, c, (a, d), strength[a]), True)
    n_d = committed(scene, c, d, kind, in_reach(scene, c, (d, a), strength[d]), False)
    if min(n_a, n_d) < 1:
        return
    loss_a, loss_d = losses(scene, c, (a, n_a), (d, n_d), kind, size)
    dead_a = scene.lose(c, a, min(rounded(loss_a, part_a), int(n_a)), first)
    dead_d = scene.lose(c, d, min(rounded(loss_d, part_d), int(n_d)), other)
    strength[a] -= dead_a
    strength[d] -= dead_d
    scene.tell(c, a, d, kind, deaths_a=dead_a, deaths_b=dead_d, committed=n_a)
    if dead_d >= scene.p.disaster and scene.world.organisations.kind[d] == Kind.ARMY:
        scene.confine(c, d, scene.p.confinement)


def manner(scene, a, d, how):
    """IED, ambush, clash or raid, by weight; states come openly."""
    if not scene.insurgent(a):
        return EventKind.CLASH
    skill, p = scene.state.organisations.skill[a], scene.p
    weights = {
        EventKind.IED: 0.0 if scene.insurgent(d) else p.ied * skill[Skill.IED],
        EventKind.AMBUSH: p.ambush,
        EventKind.CLASH: p.clash * skill[Skill.MASSING],
        EventKind.RAID: p.raid if scene.insurgent(d) else 0.0,
    }
    edges = itertools.accumulate(weights.values())
    marks = dict(zip(weights, edges, strict=True))
    return next((k for k, edge in marks.items() if how * sum(weights.values()) < edge), EventKind.RAID)


def in_reach(scene, c, pair, strength):
    """Fighters who can be met: jihadist rivals find more than others do, but no more than there are."""
    (o, enemy), kinds = pair, scene.world.organisations.kind
    rivals = kinds[o] == kinds[enemy] == Kind.JIHADIST
    return min((scene.p.found if rivals else 1.0) * strength, scene.state.cells.presence[c, o])


def committed(scene, c, o, kind, found, begins):
    """Fighters whom o brings: no more than can be met, than its kind of party, than can safely gather."""
    p, insurgent = scene.p, scene.insurgent(o)
    if kind == EventKind.CLASH:
        party = p.mass if begins and insurgent else p.column_size
    else:
        party = p.party_size if begins else p.patrol_size
    return min(found, party, scene.safe_mass(c, o) if insurgent else math.inf)


def losses(scene, c, beginner, defender, kind, size):
    p, (a, n_a), (d, n_d) = scene.p, beginner, defender
    x = heavy(p.tail, size)
    both = scene.world.organisations.kind[a] == scene.world.organisations.kind[d] == Kind.JIHADIST
    kill = p.kill * (p.ground if both else 1.0)
    if kind == EventKind.IED:
        return 0.0, p.ied_deaths * x
    law, surprise = (p.clash_law, 1.0) if kind == EventKind.CLASH else (p.ambush_law, p.surprise)
    q_a, q_d = worth(scene, c, a, EXPOSURE), worth(scene, c, d, EXPOSURE)
    loss_d = kill * surprise * n_a * q_a * (n_d / p.reference) ** (1 - law) * x
    loss_a = kill / surprise * n_d * q_d * (n_a / p.reference) ** (1 - law) * x
    return loss_a * aircraft(scene, c, a, d), loss_d * aircraft(scene, c, d, a)


def aircraft(scene, c, side, enemy):
    """A side loses more where a state that it fights has aircraft near, or an armed group that is lent some."""
    near = cover(scene, c, enemy) if scene.insurgent(enemy) else scene.state.cells.pressure[c, side]
    return 1 + scene.p.air * min(near, 2.0)
