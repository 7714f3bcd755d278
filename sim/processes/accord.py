"""The peace accord between rebels and a state: every fourth week it is carried out a little more, or frays.

For a rebel group or militia a and an army s that signed an accord (A > 0), over the homeland of a,

    g = peacekeepers / (peacekeepers + half)                   a guarantor between the parties
    e = troops of s and partners / (troops + rebels + half)    the state's move into the homeland
    x = h * (losses of a and s) / (losses + 50)                clashes, h their mean hostility
    d = harm / (harm + harm_half)                              deaths of a's people by s and partners, per 1000
    A <- A - A * (fray + w_e * e + w_x * x + w_d * d) * (1 - shield * g) + heal * g * (1 - x) * (1 - A)

Troops, peacekeepers and people count by how much of a homeland their cell is, peacekeepers by their
tempo too: a mission that has announced its exit guarantees less. A third party that
stays is what lets both sides keep such an accord (Walter 1997; Fortna 2004). Where A is below `hold`,
rebels drift to war with the state and its foreign partners in every region where they live;
signatories whose accords have failed drop their quarrels; rebels come to non-aggression with
jihadists of their own people (kin above a half). Above `hold` + `margin` they drift back to
non-aggression with the state. Militias that a state hosts do not fight their host. An accord that
failed may come back: A never falls below `TRACE`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import clipped, is_insurgent
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews of accords."""

STANDARD, NO_GUARANTOR, OFF = 0, 1, 2
"""Positions of the forms of `Accord.rule`."""

TRACE = 0.01
"""What is left of an accord that has failed."""

PEACE, WAR = 0.02, 1.0
"""Hostility of non-aggression and of war (order of battle)."""

LIVES = 0.05
"""From this much of a homeland on, the rebels live in a cell."""

OWN, TROOPS, GUARDS, HARM, WEIGHT = 0, 1, 2, 3, 4
"""Positions in the sums over a homeland."""


@dataclass(frozen=True)
class Accord(Parameters):
    """Parameters of peace accords between rebels and states."""

    rule: str = form(
        "standard", "no_guarantor", "off", source="Walter 1997; Fortna 2004: guarantors matter; Beardsley 2011: less so"
    )
    fray: float = quantity(0.14, unit="per review", low=0.0, high=0.5, source="Carter Center 2022: an impasse")
    advance: float = quantity(0.6, unit="per review", low=0.0, high=2.0, source="CTP December 2023: the move to Ber")
    clashes: float = quantity(0.6, unit="per review", low=0.0, high=3.0, source="judgement: blood ends talks")
    harm: float = quantity(
        0.3, unit="per review", low=-0.3, high=2.0, source="judgement; harm may also cow (Lyall 2009)"
    )
    harm_half: float = quantity(0.5, unit="deaths per thousand", low=0.05, high=5.0, source="judgement")
    guarantors: float = quantity(
        1000.0, unit="peacekeepers", low=50.0, high=5000.0, source="judgement: half effect; some 4,000 stood there"
    )
    shield: float = quantity(0.95, unit="share", low=0.0, high=1.0, source="Walter 1997; Fortna 2004")
    heal: float = quantity(
        0.025, unit="per review", low=0.0, high=0.2, source="Carter Center 2018-2021: a quarter in six years"
    )
    hold: float = quantity(0.2, unit="1", low=0.02, high=0.6, source="judgement: below it the parties prepare for war")
    margin: float = quantity(0.05, unit="1", low=0.0, high=0.4, source="judgement: trust returns later than it goes")
    turn: float = quantity(0.6, unit="per review", low=0.0, high=1.0, source="CTP December 2023: war within weeks")


AccordColumns = columns(Accord, __name__)


@inlined
def signed(world, state, lane, a, s):  # type: ignore[no-untyped-def]
    """Whether armed group a has an accord with army s."""
    kinds = world.organisations.kind
    return state.relations.accord[lane, a, s] > 0.0 and kinds[s] == Kind.ARMY and is_insurgent(kinds[a])


@inlined
def beside(world, o, s):  # type: ignore[no-untyped-def]
    """Whether o is army s, or a foreign partner that fights beside it."""
    return o == s or (world.organisations.kind[o] == Kind.PARTNER and world.organisations.host[o] == s)


@compiled
def forces(world, state, lane, a, s, sums):  # type: ignore[no-untyped-def]
    """Add up fighters of a, troops of the state's side and peacekeepers over the homeland of a."""
    home = world.organisations.home[a]
    for u in range(world.units.organisation.shape[0]):
        n, o, c = state.units.fighters[lane, u], world.units.organisation[u], state.units.cell[lane, u]
        weight = home[c]
        if n > 0 and weight >= LIVES:
            if o == a:
                sums[OWN] += weight * n
            elif beside(world, o, s):
                sums[TROOPS] += weight * n
            elif world.organisations.kind[o] == Kind.PEACEKEEPER:
                sums[GUARDS] += weight * n * state.organisations.tempo[lane, o, world.cells.region[c]]


@compiled
def suffering(world, state, lane, a, s, sums):  # type: ignore[no-untyped-def]
    """Add up over the homeland of a what the people who hold with it suffered from the state's side."""
    home, harm = world.organisations.home[a], state.communities.harm[lane]
    for k in range(world.communities.cell.shape[0]):
        weight = home[world.communities.cell[k]]
        if weight >= LIVES:
            weight *= state.communities.people[lane, k] * state.communities.allegiance[lane, k, a]
            sums[WEIGHT] += weight
            for o in range(harm.shape[1]):
                if harm[k, o] > 0.0 and beside(world, o, s):
                    sums[HARM] += weight * harm[k, o]


@compiled
def lived_in(world, a, lives):  # type: ignore[no-untyped-def]
    """Fill `lives` (region,) with 1 where a has a homeland, else 0."""
    lives[:] = 0.0
    home = world.organisations.home[a]
    for c in range(home.shape[0]):
        if home[c] >= LIVES:
            lives[world.cells.region[c]] = 1.0


@compiled
def clash(state, lane, a, s, lives):  # type: ignore[no-untyped-def]
    """How much blood the parties shed in the homeland of late, in [0, 1)."""
    worst = 0.0
    for r in range(lives.shape[0]):
        if lives[r] > 0.0:
            losses = state.organisations.losses[lane, a, r] + state.organisations.losses[lane, s, r]
            losses = max(losses, 0.0)
            worst = max(worst, state.relations.hostility[lane, a, s, r] * losses / (losses + 50.0))
    return worst


@inlined
def next_accord(p, lane, now, sums, blood, hosted):  # type: ignore[no-untyped-def]
    """Implementation after a review; the formula of the module's docstring."""
    half = p.guarantors[lane]
    guard = sums[GUARDS] / (sums[GUARDS] + half)
    shelter, help_ = 1.0 - p.shield[lane] * guard, guard
    if p.rule[lane] == NO_GUARANTOR:
        shelter, help_ = 1.0, 1.0
    harm = sums[HARM] / max(sums[WEIGHT], 1.0)
    advance = 0.0 if hosted else sums[TROOPS] / (sums[TROOPS] + sums[OWN] + half)
    loss = p.fray[lane] + p.advance[lane] * advance + p.clashes[lane] * blood
    loss += p.harm[lane] * harm / (harm + p.harm_half[lane])
    gain = p.heal[lane] * help_ * (1.0 - blood) * (1.0 - now)
    return clipped(now - now * max(loss, 0.0) * shelter + gain, TRACE, 1.0)


@compiled
def turn_to(state, lane, pair, r, goal, step):  # type: ignore[no-untyped-def]
    """Move hostility and rest of a pair in region r toward `goal`, below the ceiling of a truce."""
    a, b = pair
    relations = state.relations
    rest = relations.rest[lane, a, b, r] + step * (goal - relations.rest[lane, a, b, r])
    now = relations.hostility[lane, a, b, r]
    later = min(now + step * (goal - now), relations.ceiling[lane, a, b, r])
    relations.rest[lane, a, b, r] = relations.rest[lane, b, a, r] = rest
    relations.hostility[lane, a, b, r] = relations.hostility[lane, b, a, r] = later


@compiled
def face_state(world, state, p, lane, a, s, goal, lives):  # type: ignore[no-untyped-def]
    """Rebels turn to war with, or to peace with, the state and its partners where they live."""
    for o in range(world.organisations.kind.shape[0]):
        if beside(world, o, s):
            for r in range(lives.shape[0]):
                if lives[r] > 0.0:
                    turn_to(state, lane, (a, o), r, goal, p.turn[lane])


@compiled
def befriend(state, p, lane, pair, bond, lives):  # type: ignore[no-untyped-def]
    """Hostility of the pair falls where its first lives, as fast as their bond in [0, 1] allows."""
    a, b = pair
    for r in range(lives.shape[0]):
        if lives[r] > 0.0 and state.relations.hostility[lane, a, b, r] > PEACE:
            turn_to(state, lane, (a, b), r, PEACE, p.turn[lane] * bond)


@compiled
def unite(world, state, p, lane, a, s, lives):  # type: ignore[no-untyped-def]
    """Signatories whose accords failed drop their quarrels; rebels let jihadists of their own people be."""
    hosted = world.organisations.host[a] == s
    for b in range(world.organisations.kind.shape[0]):
        if b != a and signed(world, state, lane, b, s) and state.relations.accord[lane, b, s] < p.hold[lane]:
            befriend(state, p, lane, (a, b), 1.0, lives)
        elif world.organisations.kind[b] == Kind.JIHADIST and not hosted:
            befriend(state, p, lane, (a, b), max(0.0, 2.0 * world.organisations.kin[a, b] - 1.0), lives)


@compiled
def review(world, state, p, lane, a, s, scratch):  # type: ignore[no-untyped-def]
    """Renew one accord and what follows from it; `scratch` = (sums, lives)."""
    sums, lives = scratch
    sums[:] = 0.0
    forces(world, state, lane, a, s, sums)
    suffering(world, state, lane, a, s, sums)
    lived_in(world, a, lives)
    hosted = world.organisations.host[a] == s
    blood = clash(state, lane, a, s, lives)
    level = next_accord(p, lane, state.relations.accord[lane, a, s], sums, blood, hosted)
    state.relations.accord[lane, a, s] = state.relations.accord[lane, s, a] = level
    if level < p.hold[lane]:
        unite(world, state, p, lane, a, s, lives)
    if not hosted and level < p.hold[lane]:
        face_state(world, state, p, lane, a, s, WAR, lives)
    elif not hosted and level > p.hold[lane] + p.margin[lane]:
        face_state(world, state, p, lane, a, s, PEACE, lives)


@kernel
def accord_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `accord`."""
    if streams.week % EVERY != 0:
        return
    organisations = world.organisations.kind.shape[0]
    sums, lives = np.empty(5), np.empty(state.organisations.effort.shape[2])
    for lane in range(state.units.fighters.shape[0]):
        if p.rule[lane] == OFF:
            continue
        for a in range(organisations):
            for s in range(organisations):
                if signed(world, state, lane, a, s):
                    review(world, state, p, lane, a, s, (sums, lives))


accord = Link(accord_kernel)
"""Let peace accords heal or fray, and rebels turn with them, every fourth week."""
