"""The tally of a week from the state and its events, as dictionaries by position; absent keys are zero."""

import math
from collections import Counter

from sim.outcomes import CAPITAL_RADIUS, COMMON, Threat
from sim.state import EventKind, Field, Zone
from sim.world import Kind

HELD = (Zone.CONTROL, Zone.SUPPORT)
NAMES = ("attacks", "fallen", "civilians", "people", "area", "deaths", "clashes", "clash_deaths", "threat")


def tally(scene, chosen, leaders_before):
    """One `Counter` for each part of the tally but `leaders`."""
    sums = {name: Counter() for name in NAMES}
    for event in scene.events:
        count(scene, chosen, sums, event)
        threaten(scene, chosen, sums["threat"], event)
    hold(scene, sums)
    for j, q in enumerate(chosen.jihadist):
        judge(scene, chosen, sums["threat"], COMMON + 5 * j, int(q))
    sums["threat"][Threat.LEADERS_LOST] = int(scene.state.ledger.leaders.sum()) - leaders_before
    return sums


def count(scene, chosen, sums, event):
    c, b = event[Field.CELL], event[Field.SIDE_B]
    r, coalition = scene.region(c), scene.world.organisations.coalition.tolist()
    q_a = coalition[event[Field.SIDE_A]]
    dead = event[Field.DEATHS_A] + event[Field.DEATHS_B] + event[Field.CIVILIANS]
    sums["deaths"][int(scene.world.cells.country[c]), event[Field.VIOLENCE] - 1] += dead
    sums["civilians"][q_a, r] += event[Field.CIVILIANS]
    if b >= 0:
        sums["attacks"][q_a, r] += 1
        sums["fallen"][q_a, r] += event[Field.DEATHS_A]
        sums["fallen"][coalition[b], r] += event[Field.DEATHS_B]
        for d, pair in enumerate(chosen.dyad.tolist()):
            if sorted(pair) == sorted((q_a, coalition[b])):
                sums["clashes"][d, r] += 1
                sums["clash_deaths"][d, r] += dead


def threaten(scene, chosen, threat, event):
    world, c, kind = scene.world, event[Field.CELL], event[Field.KIND]
    threat[Threat.BASES_OVERRUN] += event[Field.OVERRUN]
    threat[Threat.CIVILIANS_KILLED] += event[Field.CIVILIANS]
    if world.organisations.kind[event[Field.SIDE_A]] != Kind.JIHADIST or kind == EventKind.CIVILIANS:
        return
    threat[Threat.LITTORAL_ATTACKS] += int(chosen.littoral[world.cells.country[c]])
    near = [k for k, at in enumerate(chosen.capital) if at >= 0 and world.cells.capital[c, at] <= CAPITAL_RADIUS]
    for k in near:
        threat[Threat(k)] += 1
    if near and kind in (EventKind.ASSAULT, EventKind.VEHICLE_BOMB):
        threat[Threat.COMPLEX_ATTACKS_CAPITALS] += 1


def hold(scene, sums):
    for c in scene.cells:
        for o in scene.organisations:
            at, share = (int(scene.world.organisations.coalition[o]), scene.region(c)), scene.state.cells.share[c, o]
            sums["people"][at] += share * scene.people(c)
            sums["area"][at] += share * scene.world.cells.area[c]


def judge(scene, chosen, threat, column, q):
    """The ordinal index of coalition q and its components."""
    world, members = scene.world, [o for o in scene.organisations if scene.world.organisations.coalition[o] == q]
    held = [c for c in scene.cells if scene.state.cells.zone[c, q] in HELD]
    room = 0.0
    for c in held:
        felt = max(scene.state.cells.pressure[c, o] for o in members)
        room += (scene.people(c) / 1e6 + world.cells.area[c] / 1e5) * math.exp(-felt)
    fighters = {o: scene.fighters_of(o) for o in members}
    own = scene.state.organisations
    means = [
        sum(fighters[o] * of[o] for o in members) / (sum(fighters.values()) + 1e-9)
        for of in (own.skill.mean(axis=1), own.links, own.intent)
    ]
    parts = [1 - math.exp(-room), *means]
    for offset, part in enumerate([100 * math.prod(parts) ** 0.25, *parts]):
        threat[column + offset] = part
    threat[Threat.LITTORAL_SUPPORT_CELLS] += sum(int(chosen.littoral[world.cells.country[c]]) for c in held)
