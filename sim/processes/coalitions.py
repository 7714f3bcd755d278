"""Coalitions of armed groups: what sub-groups share, and how they lose men to each other and to rivals.

Every fourth week, for an armed group o with fellows (armed groups of its coalition), with bond
b = mean cohesion of o and its fellows * (1 - mean hostility between them),

    treasury <- treasury + share * b * (its part by fighters of the common purse - treasury)
    prestige <- prestige + share * b * (mean prestige - prestige)
    effort   <- effort + reinforce * b * (fronts by the losses of its fellows - effort)

so money, standing and reinforcements flow, and stop where a coalition quarrels. Treasury is
conserved. Three ways out:

* Split: with a chance of `split` * (1 - cohesion) * strangeness, hostility (and its rest) between o
  and its fellows rises by `rift` in every region; strangeness = 1 - mean kin + |intent - mean intent|.
  Otherwise their rest fades by `mend` * cohesion (Bakke, Cunningham & Seymour 2012; Perkoski 2019).
* Defection: where jihadist rivals b have more fighters in a unit's cell, a share
  (`leave` * (1 - cohesion) + `zeal` * max(0, Z_b - Z_o)**2) * n_b / (n_b + n_o) of it joins them, with
  Z = (links + intent) / 2 the tie to a cause abroad: hard-liners leave an organisation that gives
  it up for one that does not (CTC Sentinel 2025).
* Absorption: a sub-group with fewer than `remnant` fighters joins units of its fellows in its cells.

Every man is counted: left and joined, and defected for those who went to a rival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import is_insurgent, rounded
from sim.streams import Stream, compiled, inlined, kernel, uniform
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews of coalitions."""

STANDARD, LOOSE, OFF = 0, 1, 2
"""Positions of the forms of `Coalitions.rule`."""


@dataclass(frozen=True)
class Coalitions(Parameters):
    """Parameters of coalitions of armed groups."""

    rule: str = form("standard", "loose", "off", source="CTP February 2023, one organisation; AFPC 2021, a loose label")
    share: float = quantity(0.1, unit="per review", low=0.0, high=1.0, source="judgement: a common purse within a year")
    reinforce: float = quantity(
        0.15, unit="per review", low=0.0, high=1.0, source="CTP February 2023: sub-groups fight for each other's fronts"
    )
    split: float = quantity(
        0.05, unit="per review", low=0.0, high=0.5, source="Bakke et al. 2012; ISGS left al-Mourabitoun in 2015 (AFPC)"
    )
    rift: float = quantity(
        0.3, unit="hostility", low=0.0, high=1.0, source="judgement: a split is rivalry, not yet war"
    )
    mend: float = quantity(0.05, unit="per review", low=0.0, high=0.5, source="judgement: quarrels heal in years")
    leave: float = quantity(
        0.05, unit="per review", low=0.0, high=0.5, source="judgement; AFPC 2021: defections between the two since 2015"
    )
    zeal: float = quantity(
        0.5,
        unit="per review",
        low=0.0,
        high=5.0,
        source="CTC Sentinel 2025: hard-liners would go to ISSP; size a guess",
    )
    remnant: float = quantity(60.0, unit="fighters", low=0.0, high=300.0, source="judgement: too few to stand alone")


CoalitionsColumns = columns(Coalitions, __name__)


@inlined
def fellows(world, a, b):  # type: ignore[no-untyped-def]
    """Whether a and b are two armed groups of one coalition."""
    own = world.organisations
    return a != b and own.coalition[a] == own.coalition[b] and is_insurgent(own.kind[a]) and is_insurgent(own.kind[b])


@inlined
def mean_hostility(state, lane, a, b):  # type: ignore[no-untyped-def]
    """Mean over regions of the hostility of a and b."""
    row = state.relations.hostility[lane, a, b]
    total = 0.0
    for r in range(row.shape[0]):
        total += row[r]
    return total / row.shape[0]


@compiled
def company(world, state, lane, o, strength, means):  # type: ignore[no-untyped-def]
    """Fill `means` of o and its fellows; returns how many fellows there are.

    means = (bond, purse by fighter, prestige of all, kin with fellows, intent of fellows).
    """
    own, count, quarrel, money, fighters = state.organisations, 0, 0.0, 0.0, 0.0
    means[:] = 0.0
    for b in range(strength.shape[0]):
        if b == o or fellows(world, o, b):
            means[0] += own.cohesion[lane, b]
            means[2] += own.prestige[lane, b]
            money += own.treasury[lane, b]
            fighters += strength[b]
        if fellows(world, o, b):
            count += 1
            quarrel += mean_hostility(state, lane, o, b)
            means[3] += world.organisations.kin[o, b]
            means[4] += own.intent[lane, b]
    if count > 0:
        means[0] = means[0] / (count + 1) * (1.0 - quarrel / count)
        means[1], means[2] = money / max(fighters, 1.0), means[2] / (count + 1)
        means[3], means[4] = means[3] / count, means[4] / count
    return count


@compiled
def reinforce(world, state, p, lane, o, bond, hot):  # type: ignore[no-untyped-def]
    """Shift effort of o to the fronts where its fellows lose men; `hot` (region,) is scratch."""
    effort, total = state.organisations.effort[lane, o], 0.0
    for r in range(hot.shape[0]):
        hot[r] = 0.0
        for b in range(world.organisations.kind.shape[0]):
            if fellows(world, o, b):
                hot[r] += max(state.organisations.losses[lane, b, r], 0.0)
        total += hot[r]
    if total > 1.0:
        for r in range(hot.shape[0]):
            effort[r] += p.reinforce[lane] * bond * (hot[r] / total - effort[r])


@compiled
def sharing(world, state, p, lane, strength, scratch):  # type: ignore[no-untyped-def]
    """Money, prestige and reinforcements, all from one picture; `scratch` = (means, hot, new)."""
    means, hot, new = scratch
    for o in range(strength.shape[0]):
        new[o, 0], new[o, 1] = state.organisations.treasury[lane, o], state.organisations.prestige[lane, o]
        if company(world, state, lane, o, strength, means) > 0:
            part = p.share[lane] * means[0]
            new[o, 0] += part * (means[1] * strength[o] - new[o, 0])
            new[o, 1] += part * (means[2] - new[o, 1])
            reinforce(world, state, p, lane, o, means[0], hot)
    settle_purses(world, state, lane, new)


@compiled
def settle_purses(world, state, lane, new):  # type: ignore[no-untyped-def]
    """Take over the new purses and prestige, scaled so that a coalition's money stays what it was."""
    own = state.organisations
    for o in range(new.shape[0]):
        before, after = own.treasury[lane, o], new[o, 0]
        for b in range(new.shape[0]):
            if fellows(world, o, b):
                before, after = before + own.treasury[lane, b], after + new[b, 0]
        new[o, 2] = new[o, 0] * (before / after if after > 0.0 else 1.0)
    for o in range(new.shape[0]):
        own.treasury[lane, o], own.prestige[lane, o] = new[o, 2], new[o, 1]


@compiled
def quarrel(world, state, p, lane, o, splits):  # type: ignore[no-untyped-def]
    """Hostility between o and its fellows rises where it splits off; otherwise its rest fades."""
    ties, regions = state.relations, state.relations.rest.shape[3]
    fade = 1.0 - p.mend[lane] * state.organisations.cohesion[lane, o]
    for b in range(world.organisations.kind.shape[0]):
        if fellows(world, o, b):
            for r in range(regions):
                rest, now = ties.rest[lane, o, b, r], ties.hostility[lane, o, b, r]
                if splits:
                    rest, now = min(rest + p.rift[lane], 1.0), min(now + p.rift[lane], 1.0)
                else:
                    rest, now = rest * fade, now * fade
                ties.rest[lane, o, b, r] = ties.rest[lane, b, o, r] = rest
                ties.hostility[lane, o, b, r] = ties.hostility[lane, b, o, r] = min(now, ties.ceiling[lane, o, b, r])


@compiled
def splitting(world, state, p, streams, lane, strength, means):  # type: ignore[no-untyped-def]
    """Each sub-group stays with its fellows or quarrels with them."""
    own = state.organisations
    for o in range(strength.shape[0]):
        if company(world, state, lane, o, strength, means) > 0:
            strange = 1.0 - means[3] + abs(own.intent[lane, o] - means[4])
            chance = p.split[lane] * (1.0 - own.cohesion[lane, o]) * strange
            drawn = uniform(streams, lane, Stream.SPLIT, world.organisations.key[o], 0)
            quarrel(world, state, p, lane, o, drawn < chance)


@inlined
def zeal(state, lane, o):  # type: ignore[no-untyped-def]
    """How tied o is to a cause abroad, in [0, 1]."""
    return 0.5 * (state.organisations.links[lane, o] + state.organisations.intent[lane, o])


@inlined
def defecting(state, p, lane, c, o, b):  # type: ignore[no-untyped-def]
    """Share of a unit of o that would join b in cell c; 0 where b is not the stronger there."""
    mine, theirs = state.cells.presence[lane, c, o], state.cells.presence[lane, c, b]
    if theirs <= max(mine, 0.0):
        return 0.0
    gap = max(0.0, zeal(state, lane, b) - zeal(state, lane, o))
    rate = p.leave[lane] * (1.0 - state.organisations.cohesion[lane, o]) + p.zeal[lane] * gap * gap
    return min(rate * theirs / (theirs + max(mine, 0.0)), 1.0)


@compiled
def unit_in(world, state, lane, o, c):  # type: ignore[no-untyped-def]
    """The first unit of o with fighters in cell c, or -1."""
    for u in range(world.units.first[o], world.units.first[o + 1]):
        if state.units.cell[lane, u] == c and state.units.fighters[lane, u] > 0:
            return u
    return -1


@compiled
def move_over(world, state, lane, u, b, number):  # type: ignore[no-untyped-def]
    """Move fighters of unit u to a unit of b in its cell; returns how many went, 0 if b has none there."""
    o, c = world.units.organisation[u], state.units.cell[lane, u]
    v = unit_in(world, state, lane, b, c)
    if v < 0 or number <= 0:
        return np.int64(0)
    state.units.fighters[lane, u] -= number
    state.units.fighters[lane, v] += number
    state.cells.presence[lane, c, o] -= number
    state.cells.presence[lane, c, b] += number
    state.ledger.left[lane, o] += number
    state.ledger.joined[lane, b] += number
    return number


@compiled
def defection(world, state, p, streams, lane, o):  # type: ignore[no-untyped-def]
    """Fighters of o who go over to jihadist rivals in their cells."""
    kinds, coalition = world.organisations.kind, world.organisations.coalition
    for u in range(world.units.first[o], world.units.first[o + 1]):
        for b in range(kinds.shape[0]):
            n, c = state.units.fighters[lane, u], state.units.cell[lane, u]
            if n > 0 and kinds[b] == Kind.JIHADIST and coalition[b] != coalition[o]:
                share = defecting(state, p, lane, c, o, b)
                if share > 0.0:
                    drawn = uniform(streams, lane, Stream.DEFECT, world.units.key[u], world.organisations.key[b])
                    gone = move_over(world, state, lane, u, b, min(rounded(share * n, drawn), n))
                    state.ledger.defected[lane, o] += gone


@compiled
def absorb(world, state, lane, o):  # type: ignore[no-untyped-def]
    """What is left of o joins units of its fellows in the same cells."""
    for u in range(world.units.first[o], world.units.first[o + 1]):
        for b in range(world.organisations.kind.shape[0]):
            if state.units.fighters[lane, u] > 0 and fellows(world, o, b):
                move_over(world, state, lane, u, b, state.units.fighters[lane, u])


@compiled
def count_fighters(world, state, lane, strength):  # type: ignore[no-untyped-def]
    """Fill `strength` (organisation,) with fighters."""
    strength[:] = 0.0
    for o in range(strength.shape[0]):
        if is_insurgent(world.organisations.kind[o]):
            for u in range(world.units.first[o], world.units.first[o + 1]):
                strength[o] += state.units.fighters[lane, u]


@kernel
def coalitions_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `coalitions`."""
    if streams.week % EVERY != 0:
        return
    organisations, regions = state.organisations.effort.shape[1:]
    strength, means = np.empty(organisations), np.empty(5)
    hot, new = np.empty(regions), np.empty((organisations, 3))
    for lane in range(state.units.fighters.shape[0]):
        if p.rule[lane] == OFF:
            continue
        count_fighters(world, state, lane, strength)
        if p.rule[lane] != LOOSE:
            sharing(world, state, p, lane, strength, (means, hot, new))
        splitting(world, state, p, streams, lane, strength, means)
        for o in range(organisations):
            if world.organisations.kind[o] == Kind.JIHADIST:
                defection(world, state, p, streams, lane, o)
            if is_insurgent(world.organisations.kind[o]) and 0 < strength[o] < p.remnant[lane]:
                absorb(world, state, lane, o)


coalitions = Link(coalitions_kernel)
"""Sub-groups share, quarrel and lose men to rivals or to each other, every fourth week."""
