"""Outcomes: what every output means, tallied week by week from the state and its events.

Territorial control of a coalition in a region is the sum over cells of its share of control times
people (or land). Attacks are events begun against an armed side. The transnational threat index of
a jihadist coalition is ordinal, between 0 and 100, and never a probability:

    index      = 100 * (sanctuary * capability * links * intent) ** (1/4)
    sanctuary  = 1 - exp(-(people / 1e6 + area / 1e5)) over its control and support zones,
                 each cell weighted by exp(-pressure)
    capability = mean of its skills, by fighters;  links, intent = means by fighters
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.axes import Count, Index, Real
from sim.handles import bound
from sim.state import EventKind, Field, State, Zone
from sim.streams import compiled, kernel
from sim.world import Kind, Names, World

CAPITAL_RADIUS = 200.0
"""km around a capital within which attacks count as pressing it."""

CORE = ("MLI", "NER", "BFA")
"""Countries of the central Sahel; the others of the region are the littoral."""


class Threat(IntEnum):
    """Columns of the threat tally that do not depend on coalitions."""

    CAPITAL_ATTACKS_BAMAKO = 0
    CAPITAL_ATTACKS_NIAMEY = 1
    CAPITAL_ATTACKS_OUAGADOUGOU = 2
    COMPLEX_ATTACKS_CAPITALS = 3
    LITTORAL_ATTACKS = 4
    LITTORAL_SUPPORT_CELLS = 5
    BASES_OVERRUN = 6
    CIVILIANS_KILLED = 7
    LEADERS_LOST = 8


COMMON = len(Threat)
"""Number of threat columns that come before those of coalitions."""

COMPONENTS = ("transnational", "sanctuary", "capability", "links", "intent")
"""Threat columns of each jihadist coalition, after the common ones."""


class Scheme(NamedTuple):
    """What to tally: positions that outcomes refer to."""

    capital: Index["3"]  # countries whose capitals are pressed: Mali, Niger, Burkina Faso
    littoral: Index["country"]  # 1 for littoral countries
    jihadist: Index["jihadist"]  # coalitions of jihadist organisations
    dyad: Index["dyad 2"]  # pairs of coalitions whose clashes are told apart


class Tally(NamedTuple):
    """One week of outcomes for every lane."""

    attacks: Index["lane coalition region"]
    fallen: Index["lane coalition region"]
    civilians: Index["lane coalition region"]
    people: Real["lane coalition region"]
    area: Real["lane coalition region"]
    deaths: Index["lane country 3"]
    clashes: Index["lane dyad region"]
    clash_deaths: Index["lane dyad region"]
    threat: Real["lane threat"]
    leaders: Count["lane"]  # lost since the start, to tell this week's


def scheme(world: World, names: Names, dyads: tuple[tuple[str, str], ...]) -> Scheme:
    """Positions of what the names say."""
    kinds, coalition = world.organisations.kind, world.organisations.coalition
    jihadist = np.unique(coalition[kinds == Kind.JIHADIST]).astype(np.int32)
    pairs = [[names.coalitions.index(a), names.coalitions.index(b)] for a, b in dyads]
    return Scheme(
        np.array([names.countries.index(c) if c in names.countries else -1 for c in CORE], np.int32),
        np.array([c not in CORE for c in names.countries], np.int32),
        jihadist,
        np.array(pairs, np.int32).reshape(-1, 2),
    )


def threat_names(world: World, names: Names) -> tuple[str, ...]:
    """Names of the threat columns, in order."""
    jihadist = scheme(world, names, ()).jihadist
    common = tuple(t.name.lower() for t in Threat)
    return common + tuple(f"{part}_{names.coalitions[q]}" for q in jihadist for part in COMPONENTS)


def empty_tally(lanes: int, world: World, names: Names, chosen: Scheme) -> Tally:
    """A tally of zeros."""
    q, r, d = len(names.coalitions), len(names.regions), chosen.dyad.shape[0]
    return Tally(
        attacks=np.zeros((lanes, q, r), np.int32),
        fallen=np.zeros((lanes, q, r), np.int32),
        civilians=np.zeros((lanes, q, r), np.int32),
        people=np.zeros((lanes, q, r)),
        area=np.zeros((lanes, q, r)),
        deaths=np.zeros((lanes, len(names.countries), 3), np.int32),
        clashes=np.zeros((lanes, d, r), np.int32),
        clash_deaths=np.zeros((lanes, d, r), np.int32),
        threat=np.zeros((lanes, len(threat_names(world, names)))),
        leaders=np.zeros(lanes, np.int64),
    )


@compiled
def count_event(world, tally, chosen, lane, values):  # type: ignore[no-untyped-def]
    """Add one event row to the tallies of violence."""
    c, a, b = values[Field.CELL], values[Field.SIDE_A], values[Field.SIDE_B]
    r, q_a = world.cells.region[c], world.organisations.coalition[a]
    dead = values[Field.DEATHS_A] + values[Field.DEATHS_B] + values[Field.CIVILIANS]
    tally.deaths[lane, world.cells.country[c], values[Field.VIOLENCE] - 1] += dead
    tally.civilians[lane, q_a, r] += values[Field.CIVILIANS]
    if b < 0:
        return
    q_b = world.organisations.coalition[b]
    tally.attacks[lane, q_a, r] += 1
    tally.fallen[lane, q_a, r] += values[Field.DEATHS_A]
    tally.fallen[lane, q_b, r] += values[Field.DEATHS_B]
    for d in range(chosen.dyad.shape[0]):
        x, y = chosen.dyad[d]
        if (x == q_a and y == q_b) or (x == q_b and y == q_a):
            tally.clashes[lane, d, r] += 1
            tally.clash_deaths[lane, d, r] += dead


@compiled
def threaten(world, tally, chosen, lane, values):  # type: ignore[no-untyped-def]
    """Add one event row to the tallies of threat."""
    c, kind = values[Field.CELL], values[Field.KIND]
    tally.threat[lane, Threat.BASES_OVERRUN] += values[Field.OVERRUN]
    tally.threat[lane, Threat.CIVILIANS_KILLED] += values[Field.CIVILIANS]
    if world.organisations.kind[values[Field.SIDE_A]] != Kind.JIHADIST:
        return
    near_any = False
    if kind != EventKind.CIVILIANS:
        for k in range(3):
            if chosen.capital[k] >= 0 and world.cells.capital[c, chosen.capital[k]] <= CAPITAL_RADIUS:
                tally.threat[lane, k] += 1.0
                near_any = True
        tally.threat[lane, Threat.LITTORAL_ATTACKS] += chosen.littoral[world.cells.country[c]]
    if near_any and (kind == EventKind.ASSAULT or kind == EventKind.VEHICLE_BOMB):
        tally.threat[lane, Threat.COMPLEX_ATTACKS_CAPITALS] += 1.0


@compiled
def hold(world, state, tally, lane):  # type: ignore[no-untyped-def]
    """People and land under each coalition, by region."""
    share, coalition, region = state.cells.share[lane], world.organisations.coalition, world.cells.region
    first, people, area = world.communities.first, state.communities.people[lane], world.cells.area
    held_people, held_area = tally.people[lane], tally.area[lane]
    for c in range(share.shape[0]):
        living, held, r = 0, share[c], region[c]
        for k in range(first[c], first[c + 1]):
            living += people[k]
        for o in range(held.shape[0]):
            if held[o] > 0.0:
                held_people[coalition[o], r] += held[o] * living
                held_area[coalition[o], r] += held[o] * area[c]


@compiled
def sanctuary(world, state, lane, q):  # type: ignore[no-untyped-def]
    """People (millions) and land (100,000 km2) where coalition q has control or a support zone, unpressed."""
    total, zone, coalition = 0.0, state.cells.zone[lane], world.organisations.coalition
    people, pressure = state.communities.people[lane], state.cells.pressure[lane]
    for c in range(zone.shape[0]):
        if zone[c, q] == Zone.CONTROL or zone[c, q] == Zone.SUPPORT:
            living, felt = 0, 0.0
            for k in range(world.communities.first[c], world.communities.first[c + 1]):
                living += people[k]
            for o in range(coalition.shape[0]):
                if coalition[o] == q:
                    felt = max(felt, pressure[c, o])
            total += (living / 1e6 + world.cells.area[c] / 1e5) * math.exp(-felt)
    return 1.0 - math.exp(-total)


@compiled
def standing(world, state, lane, q):  # type: ignore[no-untyped-def]
    """Capability, links and intent of coalition q: means over its organisations by fighters."""
    fighters, skill, links, intent = 1e-9, 0.0, 0.0, 0.0
    for o in range(world.organisations.kind.shape[0]):
        if world.organisations.coalition[o] == q:
            n = 0.0
            for u in range(world.units.first[o], world.units.first[o + 1]):
                n += state.units.fighters[lane, u]
            mean = 0.0
            for s in range(4):
                mean += state.organisations.skill[lane, o, s] / 4.0
            fighters += n
            skill += n * mean
            links += n * state.organisations.links[lane, o]
            intent += n * state.organisations.intent[lane, o]
    return skill / fighters, links / fighters, intent / fighters


@compiled
def judge(world, state, tally, chosen, lane):  # type: ignore[no-untyped-def]
    """The ordinal transnational index and its components, and the littoral's support zones."""
    for j in range(chosen.jihadist.shape[0]):
        q = chosen.jihadist[j]
        room = sanctuary(world, state, lane, q)
        skill, links, intent = standing(world, state, lane, q)
        column = COMMON + 5 * j
        tally.threat[lane, column] = 100.0 * (room * skill * links * intent) ** 0.25
        tally.threat[lane, column + 1] = room
        tally.threat[lane, column + 2] = skill
        tally.threat[lane, column + 3] = links
        tally.threat[lane, column + 4] = intent
        zone, country, littoral = state.cells.zone[lane], world.cells.country, chosen.littoral
        for c in range(zone.shape[0]):
            if littoral[country[c]] and (zone[c, q] == Zone.CONTROL or zone[c, q] == Zone.SUPPORT):
                tally.threat[lane, Threat.LITTORAL_SUPPORT_CELLS] += 1.0


@kernel
def tally_kernel(world, state, tally, chosen):  # type: ignore[no-untyped-def]
    """Compiled `tally_week`."""
    for lane in range(state.units.fighters.shape[0]):
        for row in range(min(state.events.count[lane], state.events.rows.shape[1])):
            count_event(world, tally, chosen, lane, state.events.rows[lane, row])
            threaten(world, tally, chosen, lane, state.events.rows[lane, row])
        hold(world, state, tally, lane)
        judge(world, state, tally, chosen, lane)
        lost = state.ledger.leaders[lane].sum()
        tally.threat[lane, Threat.LEADERS_LOST] = lost - tally.leaders[lane]
        tally.leaders[lane] = lost


def tally_week(world: World, state: State, tally: Tally, chosen: Scheme) -> None:
    """Fill `tally` with the outcomes of the week that has just passed."""
    for part in tally[:-1]:
        part[...] = 0
    tally_kernel(bound(world), bound(state), tally, chosen)
