"""Tally: the outcomes of a week, counted from the state and its events (definitions: `sim.outcomes`).

What happens is counted every week. What there is on the ground changes slowly and is counted every
fourth week (`sim.stocks`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.axes import Count, Few, Index, Table, zeros
from sim.handles import bound
from sim.outcomes import CAPITAL_RADIUS, COMPONENTS, LARGE, THREATS, TRAITS, Threat, Trait
from sim.processes.common import count_people
from sim.state import EventKind, Field, Posture, State
from sim.streams import compiled, inlined, kernel
from sim.transnational import judge
from sim.world import Kind, Names, World

CORE = ("MLI", "NER", "BFA")
"""Countries of the central Sahel; the others of the region are the littoral."""


class Scheme(NamedTuple):
    """What to tally: positions that outcomes refer to."""

    capital: Index["3"]  # countries whose capitals are pressed: Mali, Niger, Burkina Faso
    littoral: Index["country"]  # 1 for littoral countries
    jihadist: Index["jihadist"]  # coalitions of jihadist organisations
    dyad: Index["dyad 2"]  # pairs of coalitions whose clashes are told apart
    towns: Index["cell"]  # how many towns


class Tally(NamedTuple):
    """Outcomes of one week for every lane, or of every week of a run with the weeks in front of the lanes."""

    attacks: Few["lane coalition region"]
    large: Few["lane coalition region"]
    fallen: Index["lane coalition region"]
    civilians: Index["lane coalition region"]
    people: Table["lane coalition region"]
    area: Table["lane coalition region"]
    deaths: Index["lane country 3"]
    clashes: Few["lane dyad region"]
    begun: Few["lane dyad region"]
    clash_deaths: Index["lane dyad region"]
    crossings: Few["lane coalition region"]
    threat: Table["lane threat"]
    organisations: Table["lane organisation trait"]
    before: Count["lane organisation 5"]  # what the ledger said a week ago, see `flows`; never with weeks


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
        np.bincount(np.array(names.town_cells, np.int64), minlength=len(world.cells.gid)).astype(np.int32),
    )


def threat_names(world: World, names: Names) -> tuple[str, ...]:
    """Names of the threat columns, in order."""
    jihadist = scheme(world, names, ()).jihadist
    return tuple(THREATS) + tuple(f"{part}_{names.coalitions[q]}" for q in jihadist for part in COMPONENTS)


def empty_tally(lanes: int, world: World, names: Names, chosen: Scheme, weeks: tuple[int, ...] = ()) -> Tally:
    """A tally of zeros; `weeks` is (how many,) for that of a run."""
    q, r, d = len(names.coalitions), len(names.regions), chosen.dyad.shape[0]
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(Tally._fields, (q, r))
    shapes |= dict.fromkeys(("clashes", "begun", "clash_deaths"), (d, r))
    shapes |= {"deaths": (len(names.countries), 3), "threat": (len(threat_names(world, names)),)}
    shapes |= {"organisations": (len(names.organisations), len(TRAITS))}
    of_run = {name: (*weeks, lanes, *shape) for name, shape in shapes.items()}
    return zeros(Tally, of_run | {"before": (lanes, len(names.organisations), 5)})


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
    tally.large[lane, q_a, r] += values[Field.DEATHS_B] >= LARGE
    tally.fallen[lane, q_a, r] += values[Field.DEATHS_A]
    tally.fallen[lane, q_b, r] += values[Field.DEATHS_B]
    for d in range(chosen.dyad.shape[0]):
        x, y = chosen.dyad[d]
        if (x == q_a and y == q_b) or (x == q_b and y == q_a):
            tally.clashes[lane, d, r] += 1
            tally.begun[lane, d, r] += x == q_a
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
        tally.threat[lane, Threat.LARGE_ATTACKS] += values[Field.DEATHS_B] >= LARGE
    if near_any and (kind == EventKind.ASSAULT or kind == EventKind.VEHICLE_BOMB):
        tally.threat[lane, Threat.COMPLEX_ATTACKS_CAPITALS] += 1.0


@compiled
def settle(world, state, tally, lane, living):  # type: ignore[no-untyped-def]
    """People of each cell, into `living`; displaced people, and those of them abroad."""
    displaced, refuge = state.communities.displaced[lane], state.communities.refuge[lane]
    cell, country, away, abroad = world.communities.cell, world.cells.country, 0, 0
    count_people(world, state, lane, living)
    for k in range(displaced.shape[0]):
        if displaced[k] > 0 and refuge[k] >= 0:
            away += displaced[k]
            if country[cell[k]] != country[cell[refuge[k]]]:
                abroad += displaced[k]
    tally.threat[lane, Threat.DISPLACED] = away
    tally.threat[lane, Threat.DISPLACED_ABROAD] = abroad


@compiled
def hold(world, state, tally, lane, living, sums):  # type: ignore[no-untyped-def]
    """People and land under each coalition, by region; `sums` = (people, land) is room by region and organisation."""
    share, coalition, region = state.cells.share[lane], world.organisations.coalition, world.cells.region
    people, land = sums
    people[:, :] = 0.0
    land[:, :] = 0.0
    # Adding along organisations, which lie side by side, is faster than asking each whether it has a share.
    for c in range(share.shape[0]):
        held, of_people, of_land, here, area = (
            share[c],
            people[region[c]],
            land[region[c]],
            living[c],
            np.float32(world.cells.area[c]),
        )
        for o in range(held.shape[0]):
            of_people[o] += held[o] * here
            of_land[o] += held[o] * area
    for r in range(people.shape[0]):
        for o in range(coalition.shape[0]):
            if land[r, o] > 0.0:
                tally.people[lane, coalition[o], r] += people[r, o]
                tally.area[lane, coalition[o], r] += land[r, o]


@inlined
def flows(state, lane, o):  # type: ignore[no-untyped-def]
    """Coups, defections, those who joined, leaders lost and weeks of a taken capital, all since the start."""
    of = state.ledger
    return (of.coups[lane, o], of.defected[lane, o], of.joined[lane, o], of.leaders[lane, o], of.capitals[lane, o])


@compiled
def look(world, state, tally, lane):  # type: ignore[no-untyped-def]
    """Strength, mood and means of organisations, and what of it is threat."""
    first, fighters, of = world.units.first, state.units.fighters[lane], state.organisations
    for o in range(first.shape[0] - 1):
        row, before = tally.organisations[lane, o], tally.before[lane, o]
        for u in range(first[o], first[o + 1]):
            row[Trait.FIGHTERS] += fighters[u]
        row[Trait.LEGITIMACY] = of.legitimacy[lane, o]
        row[Trait.TALKS] = of.talks[lane, o]
        row[Trait.TREASURY] = of.treasury[lane, o]
        row[Trait.COHESION] = of.cohesion[lane, o]
        coups, defected, joined, leaders, capitals = flows(state, lane, o)
        row[Trait.COUPS] = coups - before[0]
        row[Trait.DEFECTED] = defected - before[1]
        row[Trait.JOINED] = joined - before[2]
        row[Trait.LEADERS] = leaders - before[3]
        tally.threat[lane, Threat.COUPS] += coups - before[0]
        tally.threat[lane, Threat.LEADERS_LOST] += leaders - before[3]
        tally.threat[lane, Threat.CAPITALS_TAKEN] += capitals - before[4]
        before[0], before[1], before[2], before[3], before[4] = coups, defected, joined, leaders, capitals


@compiled
def cross(world, state, tally, lane):  # type: ignore[no-untyped-def]
    """Columns of the armies of states on the soil of a neighbour."""
    of, first, units = world.organisations, world.units.first, state.units
    for o in range(of.kind.shape[0]):
        if of.kind[o] != Kind.ARMY or of.country[o] < 0:
            continue
        for u in range(first[o], first[o + 1]):
            c = units.cell[lane, u]
            out = units.posture[lane, u] == Posture.COLUMN and units.fighters[lane, u] > 0
            if out and world.cells.country[c] != of.country[o]:
                tally.crossings[lane, of.coalition[o], world.cells.region[c]] += 1


@kernel
def tally_kernel(world, state, tally, chosen):  # type: ignore[no-untyped-def]
    """Compiled `tally_week`."""
    cells, room = world.cells.area.shape[0], (tally.people.shape[2], world.organisations.kind.shape[0])
    living, sums = np.empty(cells, np.float32), (np.empty(room, np.float32), np.empty(room, np.float32))
    rooms = (living, np.empty(room[1], np.int32), np.empty(cells, np.float32), np.empty(cells, np.float32))
    for lane in range(state.units.fighters.shape[0]):
        for row in range(min(state.events.count[lane], state.events.rows.shape[1])):
            count_event(world, tally, chosen, lane, state.events.rows[lane, row])
            threaten(world, tally, chosen, lane, state.events.rows[lane, row])
        settle(world, state, tally, lane, living)
        hold(world, state, tally, lane, living, sums)
        look(world, state, tally, lane)
        cross(world, state, tally, lane)
        judge(world, state, tally, chosen, lane, rooms)


def tally_week(world: World, state: State, tally: Tally, chosen: Scheme) -> None:
    """Add the outcomes of the week that has just passed to `tally`, which is all zero but for `before`."""
    tally_kernel(bound(world), bound(state), tally, chosen)
