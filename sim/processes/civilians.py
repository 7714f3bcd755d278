"""Violence against civilians: selective, indiscriminate, and its massacres.

In a cell where organisation o has s exposed fighters, a community is attacked with the weekly rate

    rate = beta * (1 - discipline) * f(share of control) * sqrt(s / 100)
           * exp(-w * attitude toward o) * (1 + retaliation * recent losses / 10 * collaboration)

f peaks where control is contested and information poor, and is low where o rules or is absent
(Kalyvas 2006, ch. 7). Collaboration is the community's allegiance to organisations hostile to o:
retaliation and collective punishment fall on those held to be the enemy's. Sizes have a heavy tail
whose far end is the massacres. The dead are remembered, per thousand people, and feared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped, heavy, rounded, write_event
from sim.processes.encounters import exposed
from sim.state import EventKind, Field
from sim.streams import Stream, compiled, inlined, uniforms
from sim.world import Kind


@dataclass(frozen=True)
class Civilians(Parameters):
    """Parameters of violence against civilians."""

    rate: float = quantity(0.012, unit="per week", low=0.0, high=0.3, source="scaled to UCDP GED 24.1 one-sided events, 2021-2022")
    worst_control: float = quantity(0.35, unit="share", low=0.0, high=1.0, source="Kalyvas 2006: zones 2 to 4")
    control_width: float = quantity(0.2, unit="share", low=0.05, high=1.0, source="judgement")
    control_floor: float = quantity(0.15, unit="1", low=0.0, high=1.0, source="judgement: nowhere quite safe")
    attitude: float = quantity(0.5, unit="1", low=0.0, high=2.0, source="judgement: the disliked are hit more")
    retaliation: float = quantity(1.0, unit="per ten deaths", low=0.0, high=5.0, source="CTP December 2023: retaliatory killings")
    deaths: float = quantity(5.0, unit="deaths", low=1.0, high=20.0, source="UCDP GED 24.1: mean of one-sided events 2021-2022, about 9")
    tail: float = quantity(2.3, unit="exponent", low=2.05, high=3.5, source="Bohorquez et al. 2009; one-sided events have the heavier tail")
    fear: float = quantity(0.15, unit="per death in a thousand", low=0.0, high=1.0, source="judgement")


CiviliansColumns = columns(Civilians, __name__)


@inlined
def zone_risk(p, lane, share):  # type: ignore[no-untyped-def]
    """f of the docstring: highest where control is contested."""
    x = (share - p.worst_control[lane]) / p.control_width[lane]
    return p.control_floor[lane] + (1.0 - p.control_floor[lane]) * math.exp(-0.5 * x * x)


@inlined
def collaboration(world, state, lane, k, o):  # type: ignore[no-untyped-def]
    """Allegiance of community k to organisations hostile to o."""
    region, total = world.cells.region[world.communities.cell[k]], 0.0
    for e in range(world.organisations.kind.shape[0]):
        total += state.relations.hostility[lane, o, e, region] * state.communities.allegiance[lane, k, e]
    return total


@inlined
def attack_rate(world, state, p, lane, k, o, strength):  # type: ignore[no-untyped-def]
    """Weekly rate at which o attacks the people of community k."""
    c = world.communities.cell[k]
    rate = p.rate[lane] * (1.0 - state.organisations.discipline[lane, o]) * math.sqrt(strength / 100.0)
    rate *= zone_risk(p, lane, state.cells.share[lane, c, o])
    rate *= math.exp(-p.attitude[lane] * clipped(state.communities.attitude[lane, k, o], -4.0, 4.0))
    recent = min(state.organisations.losses[lane, o, world.cells.region[c]], 100.0)
    if recent < 0.1:
        return rate
    return rate * (1.0 + p.retaliation[lane] * recent / 10.0 * collaboration(world, state, lane, k, o))


@compiled
def attack(world, state, p, streams, lane, k, o, draws):  # type: ignore[no-untyped-def]
    """Kill people of community k, remember it, and write the event."""
    _, size, part, _ = draws
    wanted = np.int64(1) + rounded((p.deaths[lane] - 1.0) * heavy(p.tail[lane], size), part)
    dead = min(wanted, state.communities.people[lane, k])
    if dead <= 0:
        return
    before = state.communities.people[lane, k]
    per_thousand = 1000.0 * dead / before
    state.communities.people[lane, k] = before - dead
    state.ledger.civilians_killed[lane, k] += dead
    state.communities.harm[lane, k, o] += per_thousand
    state.communities.fear[lane, k] = min(1.0, state.communities.fear[lane, k] + p.fear[lane] * per_thousand)
    row = write_event(state, (lane, world.communities.cell[k]), (o, -1), EventKind.CIVILIANS, 3)
    if row >= 0:
        state.events.rows[lane, row, Field.CIVILIANS] = dead
        state.events.rows[lane, row, Field.COMMUNITY] = k


@compiled
def civilians_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    organisations = world.organisations.kind.shape[0]
    strength = np.empty(organisations)
    for lane in range(state.units.fighters.shape[0]):
        for c in range(world.cells.gid.shape[0]):
            if state.cells.first[lane, c + 1] == state.cells.first[lane, c]:
                continue
            exposed(world, state, (lane, c), strength)
            for o in range(organisations):
                if strength[o] <= 0.0 or world.organisations.kind[o] == Kind.PEACEKEEPER:
                    continue
                for k in range(world.communities.first[c], world.communities.first[c + 1]):
                    draws = uniforms(streams, lane, Stream.HARM, world.communities.key[k], world.organisations.key[o])
                    if draws[0] < 1.0 - math.exp(-attack_rate(world, state, p, lane, k, o, strength[o])):
                        attack(world, state, p, streams, lane, k, o, draws)


def civilians(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """All attacks on civilians of the week."""
    civilians_kernel(world.handle, state.handle, parameters, streams)
