"""Relations among jihadist rivals: every fourth week hostility drifts, region by region.

    h* = rest + overlap_weight * overlap + leadership - exhaustion * log(1 + losses / 50)
    h  <- h + drift * (h* - h), held within [0, ceiling]

Rest is the stance of the order of battle, which carries the kin ties between sub-groups (strong
for Ansar al-Din, weak for Katiba Macina and Ansarul Islam: CTP December 2023). Overlap is the
smaller over the larger number of fighters in the region: rivals for the same ground fight (AFPC 2021).
Leadership is the push of the Islamic State's media and leaders toward war; exhaustion is what
losses on both sides take away. A truce is a ceiling, set and lifted by the timeline. Other pairs
keep their stance until an event changes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped, held
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews of relations."""


@dataclass(frozen=True)
class RelationsDrift(Parameters):
    """Parameters of the drift of hostility among jihadist organisations."""

    drift: float = quantity(
        0.15, unit="per review", low=0.0, high=1.0, source="judgement: relations change over months"
    )
    overlap: float = quantity(
        1.0, unit="1", low=0.0, high=2.0, source="AFPC 2021; CTP December 2023: encroachment led to war"
    )
    leadership: float = quantity(
        0.05, unit="1", low=0.0, high=0.5, source="CTP December 2023: leadership pushes for conflict"
    )
    exhaustion: float = quantity(
        0.1, unit="1", low=0.0, high=1.0, source="CTP December 2023: detente after heavy losses"
    )


RelationsDriftColumns = columns(RelationsDrift, __name__)


@compiled
def fighters_by_region(world, state, lane, sums):  # type: ignore[no-untyped-def]
    """Fill `sums` (organisation, region) with fighters."""
    sums[:] = 0.0
    for u in range(world.units.organisation.shape[0]):
        if state.units.fighters[lane, u] > 0:
            r = world.cells.region[state.units.cell[lane, u]]
            sums[world.units.organisation[u], r] += state.units.fighters[lane, u]


@inlined
def overlap(x, y):  # type: ignore[no-untyped-def]
    """Smaller over larger number of fighters, 0 where one is absent."""
    return min(x, y) / max(max(x, y), 1.0)


@inlined
def target(world, state, p, lane, a, b, r, shared):  # type: ignore[no-untyped-def]
    """The hostility that the pair drifts toward in region r."""
    lost = state.organisations.losses[lane, a, r] + state.organisations.losses[lane, b, r]
    value = state.relations.rest[lane, a, b, r] + p.overlap[lane] * shared + p.leadership[lane]
    return clipped(value - p.exhaustion[lane] * math.log1p(lost / 50.0), 0.0, 1.0)


@compiled
def drift(world, state, p, lane, a, b, sums):  # type: ignore[no-untyped-def]
    """Move the hostility of one pair in every region."""
    for r in range(sums.shape[1]):
        goal = target(world, state, p, lane, a, b, r, overlap(sums[a, r], sums[b, r]))
        now = state.relations.hostility[lane, a, b, r]
        later = min(now + p.drift[lane] * (goal - now), state.relations.ceiling[lane, a, b, r])
        state.relations.hostility[lane, a, b, r] = later
        state.relations.hostility[lane, b, a, r] = later


@kernel
def relations_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `relations`."""
    if streams.week % EVERY != 0:
        return
    organisations = world.organisations.kind.shape[0]
    sums = np.empty((organisations, state.relations.hostility.shape[3]))
    kinds, coalitions = world.organisations.kind, world.organisations.coalition
    for lane in range(state.units.fighters.shape[0]):
        fighters_by_region(world, state, lane, sums)
        for a in range(organisations):
            for b in range(a + 1, organisations):
                if kinds[a] == Kind.JIHADIST and kinds[b] == Kind.JIHADIST and coalitions[a] != coalitions[b]:
                    drift(world, state, p, lane, a, b, sums)


def relations(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Let hostility among jihadist rivals drift, every fourth week."""
    relations_kernel(bound(world), bound(state), held(parameters), streams)
