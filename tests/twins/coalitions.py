"""What sub-groups of a coalition share, how they split, defect and are absorbed; see the process for the formulas."""

from sim.streams import Stream
from sim.world import Kind
from tests.twins.chance import rounded


def coalitions(scene):
    if scene.chance.week % 4 or scene.p.rule == "off":
        return
    strength = {o: scene.fighters_of(o) for o in scene.organisations if scene.insurgent(o)}
    if scene.p.rule == "standard":
        share(scene, strength)
    for o in strength:
        if fellows(scene, o):
            split(scene, o)
    for o, fighters in strength.items():
        if scene.world.organisations.kind[o] == Kind.JIHADIST:
            defect(scene, o)
        if 0 < fighters < scene.p.remnant:
            absorb(scene, o)


def fellows(scene, o):
    coalition = scene.world.organisations.coalition
    others = [b for b in scene.organisations if b != o and scene.insurgent(b)]
    return [b for b in others if scene.insurgent(o) and coalition[b] == coalition[o]]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def bond(scene, o):
    own, hostility = scene.state.organisations, scene.state.relations.hostility
    quarrel = mean(mean(hostility[o, b]) for b in fellows(scene, o))
    return mean(own.cohesion[b] for b in [o, *fellows(scene, o)]) * (1 - quarrel)


def share(scene, strength):
    own, p = scene.state.organisations, scene.p
    money, prestige = own.treasury.copy(), own.prestige.copy()
    for o in strength:
        if group := fellows(scene, o):
            part, all_ = p.share * bond(scene, o), [o, *group]
            purse = sum(own.treasury[b] for b in all_) / max(sum(strength[b] for b in all_), 1)
            money[o] += part * (purse * strength[o] - money[o])
            prestige[o] += part * (mean(own.prestige[b] for b in all_) - prestige[o])
            reinforce(scene, o, group)
    scaled = money.copy()
    for o in strength:
        if group := fellows(scene, o):
            before, after = (sum(m[b] for b in [o, *group]) for m in (own.treasury, money))
            scaled[o] = money[o] * before / after if after > 0 else money[o]
    own.treasury[:], own.prestige[:] = scaled, prestige


def reinforce(scene, o, group):
    effort, losses = scene.state.organisations.effort, scene.state.organisations.losses
    hot = [sum(losses[b, r] for b in group) for r in range(effort.shape[1])]
    if sum(hot) > 1:
        for r, need in enumerate(hot):
            effort[o, r] += scene.p.reinforce * bond(scene, o) * (need / sum(hot) - effort[o, r])


def split(scene, o):
    own, ties, p, group = scene.state.organisations, scene.state.relations, scene.p, fellows(scene, o)
    strange = 1 - mean(scene.world.organisations.kin[o, b] for b in group)
    strange += abs(own.intent[o] - mean(own.intent[b] for b in group))
    chance = p.split * (1 - own.cohesion[o]) * strange
    splits = scene.chance.uniform(Stream.SPLIT, scene.world.organisations.key[o]) < chance
    fade = 1 - p.mend * own.cohesion[o]
    for b in group:
        for table in (ties.rest, ties.hostility):
            table[o, b] = [min(h + p.rift, 1.0) if splits else h * fade for h in table[o, b]]
        ties.hostility[o, b] = [min(h, top) for h, top in zip(ties.hostility[o, b], ties.ceiling[o, b], strict=True)]
        ties.rest[b, o], ties.hostility[b, o] = ties.rest[o, b], ties.hostility[o, b]


def zeal(scene, o):
    return (scene.state.organisations.links[o] + scene.state.organisations.intent[o]) / 2


def defect(scene, o):
    own, units, coalition = scene.state.organisations, scene.state.units, scene.world.organisations.coalition
    for u in scene.units_of(o):
        for b in scene.organisations:
            if scene.world.organisations.kind[b] != Kind.JIHADIST or coalition[b] == coalition[o]:
                continue
            here, n = scene.state.cells.presence[int(units.cell[u])], int(units.fighters[u])
            if not n or here[b] <= max(here[o], 0):
                continue
            gap = max(0.0, zeal(scene, b) - zeal(scene, o))
            rate = scene.p.leave * (1 - own.cohesion[o]) + scene.p.zeal * gap**2
            wanted = min(rate * here[b] / (here[b] + max(here[o], 0)), 1.0) * n
            key = scene.world.organisations.key[b]
            drawn = scene.chance.uniform(Stream.DEFECT, scene.world.units.key[u], key)
            scene.state.ledger.defected[o] += go_over(scene, u, b, min(rounded(wanted, drawn), n))


def go_over(scene, u, b, n):
    units, presence = scene.state.units, scene.state.cells.presence
    o, c = int(scene.world.units.organisation[u]), int(units.cell[u])
    there = [v for v in scene.units_of(b) if units.cell[v] == c and units.fighters[v] > 0]
    if not there or n <= 0:
        return 0
    units.fighters[u] -= n
    units.fighters[there[0]] += n
    presence[c, o] -= n
    presence[c, b] += n
    scene.state.ledger.left[o] += n
    scene.state.ledger.joined[b] += n
    return n


def absorb(scene, o):
    for u in scene.units_of(o):
        for b in fellows(scene, o):
            go_over(scene, u, b, int(scene.state.units.fighters[u]))
