"""Legitimacy follows losses, lost bases, attacks near the capital and harm; a low one invites a coup."""

import math

from sim.streams import Stream
from sim.world import Kind


def politics(scene):
    own = scene.state.organisations
    for o in scene.organisations:
        own.junta[o] += own.junta[o] >= 0
    if scene.chance.week % 4 or scene.p.form == "off":
        return
    for o in armies(scene):
        own.legitimacy[o] = worth = min(max(legitimacy(scene, o), 0.0), 1.0)
        if scene.chance.uniform(Stream.COUP, scene.world.organisations.key[o]) < hazard(scene, o, worth):
            take_power(scene, o)


def armies(scene):
    own = scene.world.organisations
    return [o for o in scene.organisations if own.kind[o] == Kind.ARMY and own.country[o] >= 0]


def saturating(x, half):
    return x / (x + half)


def legitimacy(scene, o):
    p, now = scene.p, float(scene.state.organisations.legitimacy[o])
    cells = [c for c in scene.cells if scene.world.cells.country[c] == scene.world.organisations.country[o]]
    people = max(sum(scene.people(c) for c in cells), 1)
    governed = sum(scene.people(c) * scene.state.cells.governance[c, o] for c in cells) / people
    minds = scene.state.communities
    dead = sum(minds.people[k] / 1000 * minds.harm[k].sum() for c in cells for k in scene.communities(c))
    now += p.recover * (governed - now)
    now -= p.losses * saturating(lost(scene, o), p.losses_half) + p.bases * bases_lost(scene, o)
    now -= p.capital * saturating(heard(scene, o), p.capital_half)
    return now - p.harm * saturating(1000 * dead / people, p.harm_half)


def lost(scene, o):
    gone = scene.state.organisations.losses[o].sum()
    return 1000 * gone / max(scene.fighters_of(o) + gone, 1)


def bases_lost(scene, o):
    mine = [scene.state.bases.open[b] for b, owner in enumerate(scene.world.bases.organisation) if owner == o]
    counted = [x for x in mine if x in (1, -1)]
    return sum(x == -1 for x in counted) / max(len(counted), 1)


def near_capital(scene, o):
    return [c for c in scene.cells if scene.world.cells.capital[c, scene.world.organisations.country[o]] <= 200]


def heard(scene, o):
    attacks = scene.state.cells.attacks
    return sum(
        scene.hostility(o, a, c) * attacks[c, a]
        for c in near_capital(scene, o)
        for a in scene.organisations
        if attacks[c, a] > 0.05
    )


def hazard(scene, o, worth):
    p, weeks = scene.p, int(scene.state.organisations.junta[o])
    if 0 <= weeks < p.grace:
        return 0.0
    trap = 1 + p.trap * math.exp(-weeks / p.trap_fade) if weeks >= 0 else 1
    discontent = math.exp(p.steep * (1 - worth)) if p.form == "discontent" else 1
    return 1 - math.exp(-4 / 52 * p.base * discontent * trap)


def take_power(scene, o):
    own, support = scene.state.organisations, scene.state.relations.support
    own.legitimacy[o] += scene.p.credit * (1 - own.legitimacy[o])
    own.junta[o] = 0
    scene.state.ledger.coups[o] += 1
    for a in scene.organisations:
        if scene.world.organisations.kind[a] in (Kind.COUNTER_TERRORISM, Kind.SUPPORT):
            support[a, o] *= 1 - scene.p.objection
