"""effort <- (1 - shift) * effort + shift * softmax over regions of what each front is worth."""

import math

from sim.state import Posture
from tests.twins.politics import armies, near_capital


def strategy(scene):
    if scene.chance.week % 4:
        return
    effort = scene.state.organisations.effort
    for o in scene.organisations:
        worths = [math.exp(worth(scene, o, r)) for r in range(effort.shape[1])]
        for r, value in enumerate(worths):
            effort[o, r] = (1 - scene.p.shift) * effort[o, r] + scene.p.shift * value / sum(worths)


def worth(scene, o, r):
    cells, p = [c for c in scene.cells if scene.region(c) == r], scene.p
    now = scene.state.cells
    value = p.home * mean([scene.world.organisations.home[o, c] for c in cells])
    if not scene.insurgent(o):
        near = [c for c in cells if o in armies(scene) and c in near_capital(scene, o)]
        value += p.alarm * math.log(1 + sum(alarm(scene, o, c) for c in cells))
        return value + p.capital * math.log(1 + sum(alarm(scene, o, c) for c in near))
    enemies, own = sum(now.enemies[c, o] for c in cells), sum(now.presence[c, o] for c in cells)
    chance = min(enemies, own) / max(enemies, own, 1.0)
    pressure = sum(now.pressure[c, o] * now.presence[c, o] for c in cells) / max(own, 1.0)
    hurt = math.log(1 + scene.state.organisations.losses[o, r])
    welcome = mean([now.welcome[c, o] for c in cells])
    inside, out = (watchers(scene, o, r, near) for near in (False, True))
    value += p.opening * inside / (100 + inside + out)
    return value + p.hurt * hurt + p.chance * chance + p.welcome * welcome - p.pressure * pressure


def watchers(scene, o, r, out):
    """Troops in the region who are hostile to o, in their bases or out on patrols and columns."""
    units, total = scene.state.units, 0.0
    for u in scene.units:
        there = scene.world.units.base[u] >= 0 and scene.region(units.cell[u]) == r
        if there and (Posture(int(units.posture[u])) in (Posture.PATROL, Posture.COLUMN)) == out:
            total += scene.hostility(o, int(scene.world.units.organisation[u]), units.cell[u]) * units.fighters[u]
    return total


def alarm(scene, f, c):
    """Recent attacks in the cell by those hostile to f; faint memories do not count."""
    attacks = scene.state.cells.attacks[c]
    return sum(scene.hostility(f, o, c) * attacks[o] for o in scene.organisations if attacks[o] > 0.05)


def mean(values):
    return sum(values) / max(len(values), 1)
