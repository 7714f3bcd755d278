"""share = x / (nobody + sum of x), x = strength * (kappa + welcome) * (1 + inertia * G); zones by coalition."""

import math

from sim.state import Field, Posture, Zone

QUARTER = math.exp(-1 / 13)


def control(scene):
    cells = scene.state.cells
    cells.attacks[:] *= QUARTER
    scene.state.organisations.losses[:] *= QUARTER
    for event in scene.events:
        cells.attacks[event[Field.CELL], event[Field.SIDE_A]] += 1
    for c in scene.cells:
        fought_over = any(scene.state.units.cell[u] == c and scene.state.units.fighters[u] > 0 for u in scene.units)
        turn = (scene.region(c) + scene.chance.week) % 4 == 0
        if not (fought_over or cells.due[c] or turn):
            continue
        cells.due[c] = int(fought_over)
        x = [weight(scene, c, o) for o in scene.organisations]
        cells.share[c] = [value / (scene.p.nobody + sum(x)) for value in x]
        held = by_coalition(scene, c)
        for q in range(cells.zone.shape[1]):
            cells.zone[c, q] = zone(scene.p, held, q) if q in held else Zone.NONE


def weight(scene, c, o):
    p, units, now = scene.p, scene.state.units, scene.state.cells
    free = [u for u in scene.units_of(o) if units.cell[u] == c and units.posture[u] != Posture.CONFINED]
    governs = now.governance[c, o]
    administration = governs * p.administration * math.log(1 + scene.people(c) / 1000)
    worth = scene.world.organisations.quality[o]
    strength = sum(int(units.fighters[u]) * worth for u in free) + administration
    return strength * (p.consent + now.welcome[c, o]) * (1 + p.inertia * governs)


def by_coalition(scene, c):
    """What each coalition has in the cell, from those of its members who hold or attack anything there."""
    now, held = scene.state.cells, {}
    for o in scene.organisations:
        if now.share[c, o] > 0 or now.attacks[c, o] > 0:
            q = int(scene.world.organisations.coalition[o])
            mine = held.setdefault(
                q, {"share": 0.0, "present": 0.0, "attacks": 0.0, "governs": 0.0, "welcome": 0.0, "felt": 0.0}
            )
            mine["share"] += now.share[c, o]
            mine["present"] += now.presence[c, o]
            mine["attacks"] += now.attacks[c, o]
            mine["governs"] = max(mine["governs"], now.governance[c, o])
            mine["welcome"] += now.welcome[c, o]
            mine["felt"] = max(mine["felt"], now.pressure[c, o] if now.presence[c, o] > 0 else 0.0)
    return held


def zone(p, held, q):
    mine = held[q]
    rivals = [other for name, other in held.items() if name != q]
    rival = max((other["share"] for other in rivals), default=0.0)
    disturbance = sum(other["attacks"] for other in rivals) + p.pressed * mine["felt"]
    rooted = mine["governs"] >= p.governed or mine["welcome"] >= p.welcomed
    if mine["share"] >= p.control_share and rival <= p.rival_share:
        return Zone.CONTROL
    if mine["present"] > 0 and rooted and disturbance < p.disturbed:
        return Zone.SUPPORT
    if min(mine["share"], rival) > p.rival_share:
        return Zone.CONTESTED
    return Zone.ATTACK if mine["attacks"] >= p.attacked else Zone.NONE
