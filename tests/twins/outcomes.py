"""The tally of a week from the state and its events, as dictionaries by position; absent keys are zero."""

import math
from collections import Counter

from sim.outcomes import CAPITAL_RADIUS, COMMON, LARGE, Threat, Trait
from sim.state import EventKind, Field, Posture, Zone
from sim.world import Kind

HELD = (Zone.CONTROL, Zone.SUPPORT)
NAMES = (
    "attacks", "large", "fallen", "civilians", "people", "area", "deaths", "clashes", "begun", "clash_deaths",
    "crossings",
    "threat", "organisations",
)  # fmt: skip
STOCKS = (
    "held_people", "held_area", "towns", "protected", "governed", "followers", "fighters", "displaced", "northing",
    "inhabitants", "sheltered",
)  # fmt: skip
FLOWS = ("coups", "defected", "joined", "leaders", "capitals")


def tally(scene, chosen, before):
    """One `Counter` for each part of the tally but `before`: the ledger of a week ago, a list by name of a flow."""
    sums = {name: Counter() for name in NAMES}
    for event in scene.events:
        count(scene, chosen, sums, event)
        threaten(scene, chosen, sums["threat"], event)
    hold(scene, sums)
    look(scene, sums, before)
    cross(scene, sums["crossings"])
    for j, q in enumerate(chosen.jihadist):
        judge(scene, chosen, sums["threat"], COMMON + 5 * j, int(q))
    for _, people, abroad in fled(scene):
        sums["threat"][Threat.DISPLACED] += people
        sums["threat"][Threat.DISPLACED_ABROAD] += people * abroad
    return sums


def stocks(scene, chosen):
    """One `Counter` for each part of the stocks."""
    sums = {name: Counter() for name in STOCKS}
    own, coalition = scene.state.communities, scene.world.organisations.coalition.tolist()
    for c in scene.cells:
        ground(scene, chosen, sums, c)
    for k, c in enumerate(scene.world.communities.cell.tolist()):
        for o in scene.organisations:
            sums["followers"][coalition[o], scene.region(c)] += own.allegiance[k, o] * own.people[k]
        at = scene.region(c), int(scene.world.communities.group[k])
        sums["inhabitants"][at] += int(own.people[k])
        if own.protector[k] >= 0:
            q = coalition[own.protector[k]]
            sums["protected"][q, scene.region(c)] += int(own.people[k])
            if q in chosen.jihadist:
                sums["sheltered"][(chosen.jihadist.tolist().index(q), *at)] += int(own.people[k])
    for u in scene.units:
        at = coalition[scene.world.units.organisation[u]], scene.region(scene.state.units.cell[u])
        sums["fighters"][at] += int(scene.state.units.fighters[u])
        sums["northing"][at] += int(scene.state.units.fighters[u]) * scene.world.cells.lat[scene.state.units.cell[u]]
    for k, people, abroad in fled(scene):
        sums["displaced"][scene.region(scene.world.communities.cell[k]), int(abroad)] += people
    return sums


def ground(scene, chosen, sums, c):
    coalition = scene.world.organisations.coalition.tolist()
    for q, zone in enumerate(scene.state.cells.zone[c].tolist()):
        held, mine = (
            zone in HELD,
            sum(scene.state.cells.share[c, o] for o in range(len(coalition)) if coalition[o] == q),
        )
        sums["held_people"][q, scene.region(c)] += held * scene.people(c)
        sums["held_area"][q, scene.region(c)] += held * scene.world.cells.area[c]
        sums["towns"][q, scene.region(c)] += (mine > 0.2) * int(chosen.towns[c])
    for q in set(coalition):
        best = max(scene.state.cells.governance[c, o] for o in scene.organisations if coalition[o] == q)
        sums["governed"][q, scene.region(c)] += best * scene.people(c)


def fled(scene):
    """(community, how many of it live elsewhere, whether abroad)."""
    own, cell, country = scene.state.communities, scene.world.communities.cell, scene.world.cells.country
    for k, refuge in enumerate(own.refuge.tolist()):
        if refuge >= 0:
            yield k, int(own.displaced[k]), bool(country[cell[k]] != country[cell[refuge]])


def count(scene, chosen, sums, event):
    c, b = event[Field.CELL], event[Field.SIDE_B]
    r, coalition = scene.region(c), scene.world.organisations.coalition.tolist()
    q_a = coalition[event[Field.SIDE_A]]
    dead = event[Field.DEATHS_A] + event[Field.DEATHS_B] + event[Field.CIVILIANS]
    sums["deaths"][int(scene.world.cells.country[c]), event[Field.VIOLENCE] - 1] += dead
    sums["civilians"][q_a, r] += event[Field.CIVILIANS]
    if b >= 0:
        sums["attacks"][q_a, r] += 1
        sums["large"][q_a, r] += event[Field.DEATHS_B] >= LARGE
        sums["fallen"][q_a, r] += event[Field.DEATHS_A]
        sums["fallen"][coalition[b], r] += event[Field.DEATHS_B]
        for d, pair in enumerate(chosen.dyad.tolist()):
            if sorted(pair) == sorted((q_a, coalition[b])):
                sums["clashes"][d, r] += 1
                sums["begun"][d, r] += pair[0] == q_a
                sums["clash_deaths"][d, r] += dead


def threaten(scene, chosen, threat, event):
    world, c, kind = scene.world, event[Field.CELL], event[Field.KIND]
    threat[Threat.BASES_OVERRUN] += event[Field.OVERRUN]
    threat[Threat.CIVILIANS_KILLED] += event[Field.CIVILIANS]
    if world.organisations.kind[event[Field.SIDE_A]] != Kind.JIHADIST or kind == EventKind.CIVILIANS:
        return
    threat[Threat.LITTORAL_ATTACKS] += int(chosen.littoral[world.cells.country[c]])
    threat[Threat.LARGE_ATTACKS] += event[Field.DEATHS_B] >= LARGE
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


def look(scene, sums, before):
    """Traits of organisations; what the ledger has more of than `before`."""
    own, ledger = scene.state.organisations, scene.state.ledger
    for o in scene.organisations:
        sums["organisations"][o, Trait.FIGHTERS] = scene.fighters_of(o)
        for name in ("legitimacy", "talks", "treasury", "cohesion"):
            sums["organisations"][o, Trait[name.upper()]] = getattr(own, name)[o]
        for name in ("coups", "defected", "joined", "leaders"):
            sums["organisations"][o, Trait[name.upper()]] = int(getattr(ledger, name)[o]) - before[name][o]
    for name, column in (("coups", "COUPS"), ("leaders", "LEADERS_LOST"), ("capitals", "CAPITALS_TAKEN")):
        sums["threat"][Threat[column]] = int(getattr(ledger, name).sum()) - sum(before[name])


def cross(scene, crossings):
    """Columns of armies in cells of another country than their own."""
    own, world = scene.state.units, scene.world
    for u in scene.units:
        o, c = world.units.organisation[u], own.cell[u]
        army = world.organisations.kind[o] == Kind.ARMY and world.organisations.country[o] >= 0
        if army and own.posture[u] == Posture.COLUMN and own.fighters[u] > 0:
            away = world.cells.country[c] != world.organisations.country[o]
            crossings[int(world.organisations.coalition[o]), scene.region(c)] += int(away)


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
