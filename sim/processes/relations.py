"""Relations among jihadist rivals: every fourth week hostility drifts, region by region, and war draws effort.

For two jihadist organisations of different coalitions in a region,

    h* = rest + w_overlap * overlap * (1 - w_kin * kin) + w_harm * h * (x_a + x_b) / 2
         + w_leaders * max(links) - w_tired * (1 + kin) * sqrt(x_a * x_b) - w_enemy * shared
    h  <- h + drift * (h* - h), held within [0, ceiling]

Rest is the stance of the order of battle or of an event. Overlap is the smaller over the larger
number of fighters: rivals for the same ground fight (AFPC 2021). x = losses / (losses + fighters)
is the share that an organisation lost there in about a quarter: harm done provokes, but when both
bleed they tire, kin sooner (CTP December 2023). Links stand for the push of a parent organisation
abroad. Shared is the lesser of the counter-terrorism pressures on the two, p / (p + 1): a common
enemy binds. A truce is a ceiling, set and lifted by the timeline. Other pairs keep their stance.

War ties down those who fight it. With n the fighters of o, engaged[r] = sum over rivals of
h * min(n_o, n_rival), and s = draw * sum of engaged / n,

    effort <- (1 - s) * effort + s * engaged / sum of engaged

so a front where the rival no longer fights lets its fighters go. And it breaks up courts and markets
(contested rule does not become an order: Arjona 2016): in each cell of region r with governance G,

    G <- G * (1 - disrupt * engaged[r] / n_o)

The share engaged[r] / n_o of its fighters there is tied: it begins few fights with others (`encounters`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import clipped
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews of relations."""

STANDARD, OVERLAP_ONLY, OFF = 0, 1, 2
"""Positions of the forms of `RelationsDrift.rule`."""


@dataclass(frozen=True)
class RelationsDrift(Parameters):
    """Parameters of the drift of hostility among jihadist organisations."""

    rule: str = form(
        "standard", "overlap_only", "off", source="AFPC 2021; CTC Sentinel 2025: rivalry by ground, or by much more"
    )
    drift: float = quantity(
        0.15, unit="per review", low=0.0, high=1.0, source="judgement: relations change over months"
    )
    overlap: float = quantity(
        0.9, unit="1", low=0.0, high=2.0, source="AFPC 2021; CTP December 2023: encroachment led to war"
    )
    kin: float = quantity(
        0.3, unit="share", low=0.0, high=1.0, source="CTP December 2023: kin ties kept some sub-groups apart longest"
    )
    harm: float = quantity(0.6, unit="1", low=0.0, high=3.0, source="AFPC 2021: war fed on itself after 2019")
    leadership: float = quantity(
        0.1, unit="1", low=0.0, high=0.5, source="CTP December 2023: leadership pushes for conflict"
    )
    exhaustion: float = quantity(
        0.85, unit="1", low=0.0, high=3.0, source="CTP December 2023: detente after heavy losses"
    )
    enemy: float = quantity(
        0.6, unit="1", low=-1.0, high=2.0, source="AFPC 2021, coexistence under pressure; sign disputed (CTP 2023)"
    )
    draw: float = quantity(
        0.98, unit="share", low=0.0, high=1.0, source="CTC Sentinel 2025: war among jihadists contained both"
    )
    disrupt: float = quantity(
        0.3, unit="per review", low=0.0, high=1.0, source="judgement; CTP December 2023: detente let governance grow"
    )


RelationsDriftColumns = columns(RelationsDrift, __name__)


@inlined
def rivals(world, a, b):  # type: ignore[no-untyped-def]
    """Whether a and b are jihadists of different coalitions."""
    kinds, coalitions = world.organisations.kind, world.organisations.coalition
    return kinds[a] == Kind.JIHADIST and kinds[b] == Kind.JIHADIST and coalitions[a] != coalitions[b]


@compiled
def by_region(world, state, lane, sums):  # type: ignore[no-untyped-def]
    """Fill `sums` (organisation, region, 2): fighters of jihadists, and the same times pressure on them."""
    sums[:] = 0.0
    for o in range(sums.shape[0]):
        if world.organisations.kind[o] == Kind.JIHADIST:
            for u in range(world.units.first[o], world.units.first[o + 1]):
                if state.units.fighters[lane, u] > 0:
                    c = state.units.cell[lane, u]
                    here = sums[o, world.cells.region[c]]
                    here[0] += state.units.fighters[lane, u]
                    here[1] += state.units.fighters[lane, u] * state.cells.pressure[lane, c, o]


@inlined
def overlap(x, y):  # type: ignore[no-untyped-def]
    """Smaller over larger number of fighters, 0 where one is absent."""
    return min(x, y) / max(max(x, y), 1.0)


@inlined
def lost(state, lane, o, r, fighters):  # type: ignore[no-untyped-def]
    """Share of its fighters in region r that o lost of late, in [0, 1)."""
    losses = max(state.organisations.losses[lane, o, r], 0.0)
    return losses / max(losses + fighters, 1.0)


@inlined
def pressed(row):  # type: ignore[no-untyped-def]
    """Mean counter-terrorism pressure p on the fighters of a row of `sums`, as p / (p + 1)."""
    pressure = row[1] / max(row[0], 1.0)
    return pressure / (pressure + 1.0)


@inlined
def moods(world, state, p, lane, a, b, r, sums):  # type: ignore[no-untyped-def]
    """What harm, leaders, exhaustion and a common enemy add to the hostility that a and b drift toward."""
    x, y = lost(state, lane, a, r, sums[a, r, 0]), lost(state, lane, b, r, sums[b, r, 0])
    links, kin = state.organisations.links[lane], world.organisations.kin[a, b]
    value = p.harm[lane] * state.relations.hostility[lane, a, b, r] * 0.5 * (x + y)
    value += p.leadership[lane] * max(links[a], links[b])
    value -= p.exhaustion[lane] * (1.0 + kin) * math.sqrt(x * y)
    return value - p.enemy[lane] * min(pressed(sums[a, r]), pressed(sums[b, r]))


@inlined
def target(world, state, p, lane, a, b, r, sums):  # type: ignore[no-untyped-def]
    """The hostility that the pair drifts toward in region r; the formula of the module's docstring."""
    shared = p.overlap[lane] * overlap(sums[a, r, 0], sums[b, r, 0])
    if p.rule[lane] == OVERLAP_ONLY:
        return clipped(state.relations.rest[lane, a, b, r] + shared, 0.0, 1.0)
    shared *= 1.0 - p.kin[lane] * world.organisations.kin[a, b]
    value = state.relations.rest[lane, a, b, r] + shared
    return clipped(value + moods(world, state, p, lane, a, b, r, sums), 0.0, 1.0)


@compiled
def drift(world, state, p, lane, a, b, sums):  # type: ignore[no-untyped-def]
    """Move the hostility of one pair in every region."""
    for r in range(sums.shape[1]):
        goal = target(world, state, p, lane, a, b, r, sums)
        now = state.relations.hostility[lane, a, b, r]
        later = min(now + p.drift[lane] * (goal - now), state.relations.ceiling[lane, a, b, r])
        state.relations.hostility[lane, a, b, r] = later
        state.relations.hostility[lane, b, a, r] = later


@compiled
def engage(world, state, lane, o, sums, engaged):  # type: ignore[no-untyped-def]
    """Fill `engaged` (region,) with how many fighters of o its rivals tie down; returns their sum."""
    engaged[:] = 0.0
    for b in range(sums.shape[0]):
        if rivals(world, o, b):
            for r in range(engaged.shape[0]):
                engaged[r] += state.relations.hostility[lane, o, b, r] * min(sums[o, r, 0], sums[b, r, 0])
    total = 0.0
    for r in range(engaged.shape[0]):
        total += engaged[r]
    return total


@compiled
def disturb(world, state, p, lane, o, sums, engaged):  # type: ignore[no-untyped-def]
    """Governance of o withers where its fighters are engaged by rivals."""
    for c in range(world.cells.region.shape[0]):
        r = world.cells.region[c]
        if engaged[r] > 0.0 and state.cells.governance[lane, c, o] > 0.0:
            worn = min(p.disrupt[lane] * engaged[r] / sums[o, r, 0], 1.0)
            state.cells.governance[lane, c, o] *= 1.0 - worn


@compiled
def war_effort(world, state, p, lane, o, sums, engaged):  # type: ignore[no-untyped-def]
    """Shift effort of o to the fronts where rivals fight it, and let its rule there suffer."""
    total, fighters = engage(world, state, lane, o, sums, engaged), 0.0
    for r in range(engaged.shape[0]):
        fighters += sums[o, r, 0]
        state.organisations.tied[lane, o, r] = min(engaged[r] / max(sums[o, r, 0], 1.0), 1.0)
    if total <= 0.0:
        return
    share = p.draw[lane] * min(total / fighters, 1.0)
    effort = state.organisations.effort[lane, o]
    for r in range(engaged.shape[0]):
        effort[r] += share * (engaged[r] / total - effort[r])
    disturb(world, state, p, lane, o, sums, engaged)


@compiled
def renew(world, state, p, lane, sums, engaged):  # type: ignore[no-untyped-def]
    """Let every pair of rivals drift, then tie down the effort of each; `engaged` (region,) is scratch."""
    for a in range(sums.shape[0]):
        for b in range(a + 1, sums.shape[0]):
            if rivals(world, a, b):
                drift(world, state, p, lane, a, b, sums)
    for o in range(sums.shape[0]):
        if world.organisations.kind[o] == Kind.JIHADIST:
            war_effort(world, state, p, lane, o, sums, engaged)


@kernel
def relations_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `relations`."""
    if streams.week % EVERY != 0:
        return
    organisations, regions = state.organisations.effort.shape[1:]
    sums, engaged = np.empty((organisations, regions, 2)), np.empty(regions)
    for lane in range(state.units.fighters.shape[0]):
        if p.rule[lane] != OFF:
            by_region(world, state, lane, sums)
            renew(world, state, p, lane, sums, engaged)


relations = Link(relations_kernel)
"""Let hostility among jihadist rivals drift and tie down their effort, every fourth week."""
