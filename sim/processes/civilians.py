"""Violence against civilians: selective, indiscriminate, and its massacres.

In a cell where organisation o has s exposed fighters, a community is attacked with the weekly rate

    rate = beta * (1 - discipline) * aggression * f(share of control) * sqrt(s / 100)
           * exp(-w * attitude toward o) * (own will + retaliation * recent losses / 10 * collaboration)

and o attacks in a cell at most once a week, at the sum of these rates. Own will is 1, and less for
community militias, who kill above all in reprisal.
f peaks where control is contested and information poor, and is low where o rules or is absent
(Kalyvas 2006, ch. 7). Collaboration is the community's allegiance to organisations hostile to o:
retaliation and collective punishment fall on those held to be the enemy's. Sizes have a heavy tail
whose far end is the massacres. The dead are remembered, per thousand people, and feared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import heavy, held, rounded, write_event
from sim.processes.encounters import exposed
from sim.state import EventKind, Field
from sim.streams import Stream, compiled, inlined, kernel, uniforms
from sim.world import Kind


@dataclass(frozen=True)
class Civilians(Parameters):
    """Parameters of violence against civilians."""

    rate: float = quantity(
        0.009, unit="per week", low=0.0, high=0.3, source="scaled to UCDP GED 24.1 one-sided events, 2021-2022"
    )
    worst_control: float = quantity(0.35, unit="share", low=0.0, high=1.0, source="Kalyvas 2006: zones 2 to 4")
    control_width: float = quantity(0.2, unit="share", low=0.05, high=1.0, source="judgement")
    control_floor: float = quantity(0.15, unit="1", low=0.0, high=1.0, source="judgement: nowhere quite safe")
    attitude: float = quantity(0.5, unit="1", low=0.0, high=2.0, source="judgement: the disliked are hit more")
    retaliation: float = quantity(
        1.0, unit="per ten deaths", low=0.0, high=5.0, source="CTP December 2023: retaliatory killings"
    )
    militia: float = quantity(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        source="CTC Sentinel 2025: militias kill in reprisal; UCDP GED 24.1 has few unprovoked",
    )
    deaths: float = quantity(
        9.0, unit="deaths", low=1.0, high=20.0, source="UCDP GED 24.1: mean of one-sided events 2021-2022, about 9"
    )
    tail: float = quantity(
        2.3, unit="exponent", low=2.05, high=3.5, source="Bohorquez et al. 2009; one-sided events have the heavier tail"
    )
    fear: float = quantity(0.15, unit="per death in a thousand", low=0.0, high=1.0, source="judgement")


CiviliansColumns = columns(Civilians, __name__)


@inlined
def zone_risk(p, lane, share):  # type: ignore[no-untyped-def]
    """The factor f of the docstring: highest where control is contested."""
    x = (share - p.worst_control[lane]) / p.control_width[lane]
    return p.control_floor[lane] + (1.0 - p.control_floor[lane]) * math.exp(-0.5 * x * x)


@inlined
def collaboration(allegiance, hostility, followed):  # type: ignore[no-untyped-def]
    """Allegiance of a community to organisations hostile to the attacker, of those `followed` in the cell.

    `hostility` has a value for each of them, `allegiance` for each organisation.
    """
    total = 0.0
    for i in range(followed.shape[0]):
        total += hostility[i] * allegiance[followed[i]]
    return total


@compiled
def list_followed(allegiance, first, end, total, followed):  # type: ignore[no-untyped-def]
    """List in `followed` whom communities `first` to `end` - 1 follow; returns how many. `total` is scratch."""
    total[:] = 0.0
    for k in range(first, end):
        mine = allegiance[k]
        for e in range(total.shape[0]):
            total[e] += mine[e]
    count = 0
    for e in range(total.shape[0]):
        if total[e] > 0.0:
            followed[count] = e
            count += 1
    return count


@compiled
def rates(world, state, p, at, o, strength, scratch):  # type: ignore[no-untyped-def]
    """Fill the rates at which o attacks each community of the cell; returns their sum.

    `scratch` = (rate by community of the cell, hostility of o to those followed, who is followed here).
    """
    lane, c = at
    rate, hostility, followed = scratch
    first, r = world.communities.first[c], world.cells.region[c]
    base = p.rate[lane] * (1.0 - state.organisations.discipline[lane, o]) * math.sqrt(strength / 100.0)
    base *= world.organisations.aggression[o] * zone_risk(p, lane, state.cells.share[lane, c, o])
    provoked = p.retaliation[lane] * min(state.organisations.losses[lane, o, r], 100.0) / 10.0
    if provoked > 0.01:
        against = state.relations.hostility[lane, o]
        for i in range(followed.shape[0]):
            hostility[i] = against[followed[i], r]
    attitude, allegiance, weight = (
        state.communities.attitude[lane],
        state.communities.allegiance[lane],
        p.attitude[lane],
    )
    total = 0.0
    unprovoked = p.militia[lane] if world.organisations.kind[o] == Kind.MILITIA else 1.0
    for k in range(first, world.communities.first[c + 1]):
        reason = unprovoked
        if provoked > 0.01:
            reason += provoked * collaboration(allegiance[k], hostility, followed)
        rate[k - first] = base * reason * math.exp(-weight * attitude[k, o])
        total += rate[k - first]
    return total


@inlined
def struck(rate, mark):  # type: ignore[no-untyped-def]
    """Position of the community in which the running sum of rates passes `mark`."""
    k = 0
    while k < rate.shape[0] - 1 and mark > rate[k]:
        mark -= rate[k]
        k += 1
    return k


@compiled
def attack(world, state, p, lane, k, o, draws):  # type: ignore[no-untyped-def]
    """Kill people of community k, remember it, and write the event; `draws` = (size, rounding)."""
    size, part = draws
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
def week_in_cell(world, state, p, streams, at, o, strength, scratch):  # type: ignore[no-untyped-def]
    """Whether o attacks people of the cell this week, and whom: no more than once."""
    lane, c = at
    first, rate = world.communities.first[c], scratch[0]
    total = rates(world, state, p, at, o, strength, scratch)
    chance, which, size, part = uniforms(streams, lane, Stream.HARM, world.cells.gid[c], world.organisations.key[o])
    if chance < 1.0 - math.exp(-total):
        k = first + struck(rate[: world.communities.first[c + 1] - first], which * total)
        attack(world, state, p, lane, k, o, (size, part))


@kernel
def civilians_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `civilians`."""
    kind, first = world.organisations.kind, world.communities.first
    organisations = kind.shape[0]
    strength, followed = np.empty(organisations), np.empty(organisations, np.int32)
    rate, hostility = np.empty(first.shape[0]), np.empty(organisations)
    for lane in range(state.units.fighters.shape[0]):
        mustered = state.cells.first[lane]
        for c in range(world.cells.gid.shape[0]):
            if mustered[c + 1] > mustered[c] and first[c + 1] > first[c]:
                count = list_followed(state.communities.allegiance[lane], first[c], first[c + 1], hostility, followed)
                scratch = (rate, hostility, followed[:count])
                exposed(world, state, (lane, c), strength)
                for o in range(kind.shape[0]):
                    if strength[o] > 0.0 and kind[o] != Kind.PEACEKEEPER:
                        week_in_cell(world, state, p, streams, (lane, c), o, strength[o], scratch)


def civilians(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """All attacks on civilians of the week."""
    civilians_kernel(bound(world), bound(state), held(parameters), streams)
