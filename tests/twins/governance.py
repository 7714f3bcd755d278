"""G grows with s / (s + half) where unopposed, withers where abandoned or contested; governing pays."""

from sim.state import Posture
from sim.world import Kind

SHARE = {Posture.MASS: 0.0, Posture.CONFINED: 0.0, Posture.GOVERN: 1.0, Posture.GARRISON: 1.0}


def governance(scene):
    level, treasury, p = scene.state.cells.governance, scene.state.organisations.treasury, scene.p
    for c in scene.cells:
        for o in scene.organisations:
            if scene.insurgent(o) or scene.world.organisations.kind[o] == Kind.ARMY:
                grown = later(scene, c, o)
                level[c, o] = grown if grown > 1e-4 else 0.0
                if scene.insurgent(o):
                    treasury[o] += p.yield_ * grown * scene.people(c) / 1000


def later(scene, c, o):
    p, now, e = scene.p, scene.state.cells.governance[c, o], scene.state.cells.enemies[c, o]
    s = at_work(scene, c, o)
    contest = e / (e + s + p.half)
    absence = 1.0 if scene.insurgent(o) and s == 0 else 0.0
    grown = now + p.build * s / (s + p.half) * (1 - contest) * (1 - now)
    return min(max(grown - now * (p.wither * absence + p.contest * contest), 0.0), 1.0)


def at_work(scene, c, o):
    units = scene.state.units
    here = [u for u in scene.units_of(o) if units.cell[u] == c]
    return sum(SHARE.get(Posture(int(units.posture[u])), 0.5) * int(units.fighters[u]) for u in here)
