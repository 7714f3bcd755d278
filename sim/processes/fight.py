"""A fight: how it begins, how many take part, and what both sides lose.

How the beginner fights (IED, ambush, clash, raid) is drawn by weights on its skills and on what it
finds. With n the committed strengths and q the worth of a fighter, the losses are

    loss_d = k * surprise * n_a * q_a * (n_d / n_ref)**(1 - law) * X
    loss_a = k / surprise * n_d * q_d * (n_a / n_ref)**(1 - law) * X

An IED costs the defender alone. law = 1 is Lanchester's square law, law = 0 his linear law
(Lanchester 1916; MacKay 2006, Lanchester combat models). X has mean 1 and a power-law tail
(see `common.heavy`), so the law holds in the mean. An insurgent side brings no more than it can
safely gather under pressure. Jihadist rivals know each other's hiding places (`found` times as many
can be met) and fight for ground: k times `ground`. Worth falls with distance from base or home (see `distance`). The
parameters are those of `encounters`.
"""

from __future__ import annotations

from sim.processes.common import heavy, is_insurgent, is_state
from sim.processes.distance import worth
from sim.processes.massing import safe_mass
from sim.processes.support import cover
from sim.state import EventKind
from sim.streams import compiled, inlined
from sim.world import Kind, Skill


@inlined
def committed(world, state, p, at, o, cap):  # type: ignore[no-untyped-def]
    """Most fighters o brings to one meeting: `cap`, and for insurgents what can safely gather."""
    lane, c = at
    if not is_insurgent(world.organisations.kind[o]):
        return cap
    skill = state.organisations.skill[lane, o, Skill.MASSING]
    felt, scale = state.cells.pressure[lane, c, o], p.mass_pressure[lane]
    return min(cap, safe_mass(p.mass[lane], skill, felt, scale, p.massing[lane]))


@compiled
def manner(world, state, p, at, sides, unit):  # type: ignore[no-untyped-def]
    """How the beginner fights: an `EventKind` drawn by weight."""
    lane, a, d = at[0], sides[0], sides[1]
    if is_state(world.organisations.kind[a]):
        return EventKind.CLASH
    ied = p.ied[lane] * state.organisations.skill[lane, a, Skill.IED] * is_state(world.organisations.kind[d])
    ambush = p.ambush[lane]
    clash = p.clash[lane] * state.organisations.skill[lane, a, Skill.MASSING]
    raid = p.raid[lane] * is_insurgent(world.organisations.kind[d])
    x = unit * (ied + ambush + clash + raid)
    if x < ied:
        return EventKind.IED
    if x < ied + ambush:
        return EventKind.AMBUSH
    return EventKind.CLASH if x < ied + ambush + clash else EventKind.RAID


@inlined
def rivals(world, a, b):  # type: ignore[no-untyped-def]
    """Whether both are jihadists: they live among the same people and find each other."""
    return world.organisations.kind[a] == Kind.JIHADIST and world.organisations.kind[b] == Kind.JIHADIST


@inlined
def sizes(world, state, p, at, sides, kind, strength):  # type: ignore[no-untyped-def]
    """Committed fighters of both sides, whole numbers of what is there."""
    lane = at[0]
    a, d = sides
    cap = p.column_size[lane] if kind == EventKind.CLASH else p.party_size[lane]
    if kind == EventKind.CLASH and is_insurgent(world.organisations.kind[a]):
        cap = p.mass[lane]
    known, present = p.found[lane] if rivals(world, a, d) else 1.0, state.cells.presence[lane, at[1]]
    n_a = min(min(known * strength[a], present[a]), committed(world, state, p, at, a, cap))
    cap = p.column_size[lane] if kind == EventKind.CLASH else p.patrol_size[lane]
    n_d = min(min(known * strength[d], present[d]), committed(world, state, p, at, d, cap))
    return n_a, n_d


@inlined
def air_factor(world, state, p, at, sides):  # type: ignore[no-untyped-def]
    """How much more a side loses because aircraft of its enemy, or lent to an armed group, are near."""
    lane, c = at
    side, enemy = sides
    if is_state(world.organisations.kind[enemy]):
        return 1.0 + p.air[lane] * min(state.cells.pressure[lane, c, side], 2.0)
    return 1.0 + p.air[lane] * min(cover(world, state, lane, c, enemy), 2.0)


@compiled
def losses(world, state, p, at, sides, kind, strength, unit):  # type: ignore[no-untyped-def]
    """Expected losses of beginner and defender in one meeting, times its size multiplier."""
    lane = at[0]
    a, d = sides
    size = heavy(p.tail[lane], unit)
    n_a, n_d = sizes(world, state, p, at, sides, kind, strength)
    if kind == EventKind.IED:
        return 0.0, p.ied_deaths[lane] * size, n_a, n_d
    law = p.clash_law[lane] if kind == EventKind.CLASH else p.ambush_law[lane]
    edge = 1.0 if kind == EventKind.CLASH else p.surprise[lane]
    q_a, q_d = worth(world, state, p, at, a), worth(world, state, p, at, d)
    scale = p.kill[lane] * size * (p.ground[lane] if rivals(world, a, d) else 1.0)
    loss_d = scale * edge * n_a * q_a * (n_d / p.reference[lane]) ** (1.0 - law)
    loss_a = scale / edge * n_d * q_d * (n_a / p.reference[lane]) ** (1.0 - law)
    loss_d *= air_factor(world, state, p, at, (d, a))
    loss_a *= air_factor(world, state, p, at, (a, d))
    return loss_a, loss_d, n_a, n_d
