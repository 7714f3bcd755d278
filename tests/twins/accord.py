"""How an accord frays and heals, and how rebels turn with it; see the process for the formulas."""

from sim.world import Kind

PEACE, WAR, TRACE, LIVES = 0.02, 1.0, 0.01, 0.05


def accord(scene):
    if scene.chance.week % 4 or scene.p.rule == "off":
        return
    for a in scene.organisations:
        for s in scene.organisations:
            if signed(scene, a, s):
                review(scene, a, s)


def signed(scene, a, s):
    return (
        scene.state.relations.accord[a, s] > 0 and scene.insurgent(a) and scene.world.organisations.kind[s] == Kind.ARMY
    )


def side(scene, s):
    """The army and the foreign partners whom it hosts."""
    own = scene.world.organisations
    return [o for o in scene.organisations if o == s or (own.kind[o] == Kind.PARTNER and own.host[o] == s)]


def home(scene, a):
    """Cells where a lives, and how much of a homeland each is."""
    return {c: float(w) for c, w in enumerate(scene.world.organisations.home[a]) if w >= LIVES}


def at_home(scene, a, owners):
    homes, units = home(scene, a), scene.state.units
    mine = [u for u in scene.units if scene.world.units.organisation[u] in owners]
    return sum(homes.get(int(units.cell[u]), 0.0) * int(units.fighters[u]) for u in mine)


def guarantors(scene, a):
    """Peacekeepers where a lives, those of a mission that winds down by its tempo."""
    own, homes, total = scene.world.units, home(scene, a), 0.0
    for u in scene.units:
        o, c = int(own.organisation[u]), int(scene.state.units.cell[u])
        if scene.world.organisations.kind[o] == Kind.PEACEKEEPER:
            tempo = scene.state.organisations.tempo[o, scene.region(c)]
            total += homes.get(c, 0.0) * int(scene.state.units.fighters[u]) * tempo
    return total


def suffering(scene, a, s):
    """Mean harm by the state's side, in deaths per thousand, among those who hold with a."""
    minds, weight, harm = scene.state.communities, 0.0, 0.0
    for c, w in home(scene, a).items():
        for k in scene.communities(c):
            heads = w * int(minds.people[k]) * minds.allegiance[k, a]
            weight += heads
            harm += heads * sum(minds.harm[k, o] for o in side(scene, s))
    return harm / max(weight, 1.0)


def blood(scene, a, s):
    worst, losses = 0.0, scene.state.organisations.losses
    for r in {scene.region(c) for c in home(scene, a)}:
        lost = losses[a, r] + losses[s, r]
        worst = max(worst, scene.state.relations.hostility[a, s, r] * lost / (lost + 50))
    return worst


def review(scene, a, s):
    p, ties = scene.p, scene.state.relations
    hosted = scene.world.organisations.host[a] == s
    guards = guarantors(scene, a)
    guard = guards / (guards + p.guarantors)
    troops, own = at_home(scene, a, side(scene, s)), at_home(scene, a, [a])
    advance = 0.0 if hosted else troops / (troops + own + p.guarantors)
    harm, x, now = suffering(scene, a, s), blood(scene, a, s), ties.accord[a, s]
    loss = max(p.fray + p.advance * advance + p.clashes * x + p.harm * harm / (harm + p.harm_half), 0.0)
    shelter, help_ = (1.0, 1.0) if p.rule == "no_guarantor" else (1 - p.shield * guard, guard)
    level = now - now * loss * shelter + p.heal * help_ * (1 - x) * (1 - now)
    level = min(max(level, TRACE), 1.0)
    ties.accord[a, s] = ties.accord[s, a] = level
    turn(scene, a, s, hosted, level)


def turn(scene, a, s, hosted, level):
    p, kinds, ties = scene.p, scene.world.organisations.kind, scene.state.relations
    failed = level < p.hold
    for b in scene.organisations:
        if failed and b != a and signed(scene, b, s) and ties.accord[b, s] < p.hold:
            befriend(scene, a, b, 1.0)
        elif failed and not hosted and kinds[b] == Kind.JIHADIST:
            befriend(scene, a, b, max(0.0, 2 * scene.world.organisations.kin[a, b] - 1))
    if not hosted and (failed or level > p.hold + p.margin):
        for o in side(scene, s):
            for r in {scene.region(c) for c in home(scene, a)}:
                move(scene, (a, o, r), WAR if failed else PEACE, p.turn)


def befriend(scene, a, b, bond):
    for r in {scene.region(c) for c in home(scene, a)}:
        if scene.state.relations.hostility[a, b, r] > PEACE:
            move(scene, (a, b, r), PEACE, scene.p.turn * bond)


def move(scene, place, goal, step):
    (a, b, r), ties = place, scene.state.relations
    ties.rest[a, b, r] = ties.rest[b, a, r] = ties.rest[a, b, r] + step * (goal - ties.rest[a, b, r])
    now = ties.hostility[a, b, r]
    ties.hostility[a, b, r] = ties.hostility[b, a, r] = min(now + step * (goal - now), ties.ceiling[a, b, r])
