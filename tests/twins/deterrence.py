"""D = most * n / (n + half) with n the ready peacekeepers of the cell and a share of those around it."""

from sim.state import Posture
from sim.world import Kind


def deterrence(scene):
    for c in scene.cells:
        troops = ready(scene, c) + scene.p.around * sum(ready(scene, n) for n in scene.neighbours(c))
        scene.state.cells.deterrence[c] = deterred(scene, c, troops)


def ready(scene, c):
    """Peacekeepers of a cell by the tempo of their mission, without those who are shut in."""
    units, total = scene.state.units, 0.0
    for o in scene.organisations:
        if scene.world.organisations.kind[o] == Kind.PEACEKEEPER:
            out = [u for u in scene.units_of(o) if units.cell[u] == c and units.posture[u] != Posture.CONFINED]
            total += sum(int(units.fighters[u]) for u in out) * scene.state.organisations.tempo[o, scene.region(c)]
    return total


def deterred(scene, c, troops):
    p, people = scene.p, scene.people(c)
    if p.density == "off" or troops <= 0:
        return 0.0
    if p.density == "threshold":
        return p.most if troops >= 2 * p.per_people * people / 1000 else 0.0
    half = p.per_people * people / 1000 + p.per_area * scene.world.cells.area[c] / 1000
    return p.most * troops / (troops + half)
