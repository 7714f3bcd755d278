"""G grows where people consent and nobody contests, withers where abandoned or contested; governing pays."""

from sim.state import Posture
from sim.world import Kind
from tests.twins.attitudes import turn

SHARE = {Posture.MASS: 0.0, Posture.CONFINED: 0.0, Posture.GOVERN: 1.0, Posture.GARRISON: 1.0}


def governance(scene):
    level, treasury, p = scene.state.cells.governance, scene.state.organisations.treasury, scene.p
    rulers = [o for o in scene.organisations if scene.insurgent(o) or scene.world.organisations.kind[o] == Kind.ARMY]
    for c in turn(scene) if p.rise != "off" else []:
        grown = {o: later(scene, c, o, rulers) for o in rulers}
        for o, value in grown.items():
            level[c, o] = value if value > 1e-4 else 0.0
            if scene.insurgent(o):
                treasury[o] += 4 * p.yield_ * level[c, o] * scene.people(c) / 1000


def later(scene, c, o, rulers):
    p, cells = scene.p, scene.state.cells
    now, s = cells.governance[c, o], at_work(scene, c, o)
    rivals = sum(scene.hostility(o, x, c) * cells.governance[c, x] for x in rulers)
    e = cells.enemies[c, o] + p.hunted * cells.pressure[c, o] + p.rule * rivals
    contest = e / (e + s + p.half)
    left_alone = not scene.insurgent(o) and cells.presence[c, o] == 0 and cells.enemies[c, o] == 0
    absence = 1.0 if s == 0 and not left_alone else 0.0
    growth = p.build * s / (s + p.half) * (1 - contest) * consent(p, cells.welcome[c, o])
    return min(max(now + 4 * (growth * (1 - now) - now * (p.wither * absence + p.contest * contest)), 0.0), 1.0)


def consent(p, welcome):
    if p.rise == "coercion":
        return 1.0
    return 1 - p.consent + p.consent * welcome / (welcome + p.consent_half)


def at_work(scene, c, o):
    units = scene.state.units
    here = [u for u in scene.mustered(c) if scene.world.units.organisation[u] == o and units.cell[u] == c]
    return sum(SHARE.get(Posture(int(units.posture[u])), 0.5) * int(units.fighters[u]) for u in here)
