"""Transnational threat: the ordinal index of each jihadist coalition and its parts (definitions: `sim.outcomes`)."""

from __future__ import annotations

import math

from sim.elementary import exp_all
from sim.outcomes import COMMON, Threat, Trait
from sim.state import Zone
from sim.streams import compiled


@compiled
def list_members(coalition, q, member):  # type: ignore[no-untyped-def]
    """List in `member` the organisations of coalition q; returns how many."""
    count = 0
    for o in range(coalition.shape[0]):
        if coalition[o] == q:
            member[count] = o
            count += 1
    return count


@compiled
def sanctuary(world, state, lane, place, rooms):  # type: ignore[no-untyped-def]
    """Where coalition q has control or a support zone: (people and land that are unpressed, cells of the littoral).

    People in millions and land in 100,000 km2 count together, as a share that nears 1. `place` = (q, littoral
    countries); `rooms` = (people (cell,); and room: members, calm (cell,), weight (cell,)).
    """
    (q, littoral), (living, member, calm, weight) = place, rooms
    zone, pressure, country, area = (
        state.cells.zone[lane],
        state.cells.pressure[lane],
        world.cells.country,
        world.cells.area,
    )
    members, count, abroad, total = member[: list_members(world.organisations.coalition, q, member)], 0, 0.0, 0.0
    for c in range(zone.shape[0]):
        if zone[c, q] == Zone.CONTROL or zone[c, q] == Zone.SUPPORT:
            felt = 0.0
            for o in members:
                felt = max(felt, pressure[c, o])
            calm[count], weight[count] = -felt, living[c] / 1e6 + area[c] / 1e5
            count += 1
            abroad += littoral[country[c]]
    exp_all(calm[:count])
    for i in range(count):
        total += weight[i] * calm[i]
    return 1.0 - math.exp(-total), abroad


@compiled
def standing(world, state, tally, lane, q):  # type: ignore[no-untyped-def]
    """Capability, links and intent of coalition q: means over its organisations by fighters."""
    fighters, skill, links, intent = 1e-9, 0.0, 0.0, 0.0
    for o in range(world.organisations.kind.shape[0]):
        if world.organisations.coalition[o] == q:
            n, mean = tally.organisations[lane, o, Trait.FIGHTERS], 0.0
            for s in range(4):
                mean += state.organisations.skill[lane, o, s] / 4.0
            fighters += n
            skill += n * mean
            links += n * state.organisations.links[lane, o]
            intent += n * state.organisations.intent[lane, o]
    return skill / fighters, links / fighters, intent / fighters


@compiled
def judge(world, state, tally, chosen, lane, rooms):  # type: ignore[no-untyped-def]
    """The ordinal transnational index and its components, and the littoral's support zones."""
    for j in range(chosen.jihadist.shape[0]):
        q = chosen.jihadist[j]
        room, abroad = sanctuary(world, state, lane, (q, chosen.littoral), rooms)
        skill, links, intent = standing(world, state, tally, lane, q)
        column = COMMON + 5 * j
        tally.threat[lane, column] = 100.0 * (room * skill * links * intent) ** 0.25
        tally.threat[lane, column + 1] = room
        tally.threat[lane, column + 2] = skill
        tally.threat[lane, column + 3] = links
        tally.threat[lane, column + 4] = intent
        tally.threat[lane, Threat.LITTORAL_SUPPORT_CELLS] += abroad
