"""Stocks: what each coalition has on the ground, counted every few weeks (definitions: `sim.outcomes`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.axes import Count, Table, zeros
from sim.handles import bound
from sim.outcomes import REAL_SHARE, REFUGES
from sim.processes.common import count_people
from sim.state import State, Zone
from sim.streams import compiled, kernel
from sim.tally import Scheme
from sim.world import Names, World


class Stocks(NamedTuple):
    """What there is at the end of a week for every lane, or of every month with the months in front of the lanes."""

    held_people: Table["lane coalition region"]
    held_area: Table["lane coalition region"]
    towns: Table["lane coalition region"]
    protected: Table["lane coalition region"]
    governed: Table["lane coalition region"]
    followers: Table["lane coalition region"]
    fighters: Table["lane coalition region"]
    displaced: Table["lane region 2"]
    northing: Table["lane coalition region"]
    inhabitants: Table["lane region group"]
    sheltered: Table["lane jihadist region group"]


class Sums(NamedTuple):
    """What the ledger says at the end of a run, for every lane."""

    enlisted: Count["lane organisation region group"]
    victims: Count["lane region group"]


def empty_stocks(lanes: int, names: Names, chosen: Scheme, months: tuple[int, ...] = ()) -> Stocks:
    """Stocks of zeros; `months` is (how many,) for those of a run."""
    q, r, g = len(names.coalitions), len(names.regions), len(names.groups)
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(Stocks._fields, (q, r))
    shapes |= {"displaced": (r, len(REFUGES)), "inhabitants": (r, g), "sheltered": (len(chosen.jihadist), r, g)}
    return zeros(Stocks, {name: (*months, lanes, *shape) for name, shape in shapes.items()})


@compiled
def ground(world, state, stocks, lane, living, sums):  # type: ignore[no-untyped-def]
    """People and land in the zones of each coalition.

    `living` are the people of each cell; `sums` = (people, land) is room for numbers by region and coalition.
    """
    zone, region = state.cells.zone[lane], world.cells.region
    people, land = sums
    people[:, :] = 0.0
    land[:, :] = 0.0
    for c in range(zone.shape[0]):
        classes, of_people, of_land = zone[c], people[region[c]], land[region[c]]
        here, area, none = living[c], np.float32(world.cells.area[c]), np.float32(0.0)
        for q in range(classes.shape[0]):
            holds = (classes[q] == Zone.CONTROL) | (classes[q] == Zone.SUPPORT)
            of_people[q] += here if holds else none
            of_land[q] += area if holds else none
    for r in range(people.shape[0]):
        for q in range(people.shape[1]):
            stocks.held_people[lane, q, r] = people[r, q]
            stocks.held_area[lane, q, r] = land[r, q]


@compiled
def towns(world, state, stocks, chosen, lane, sums):  # type: ignore[no-untyped-def]
    """Towns of which a coalition has a real share of control; `sums` is room for one number a coalition."""
    share, region, coalition = state.cells.share[lane], world.cells.region, world.organisations.coalition
    for c in range(region.shape[0]):
        if chosen.towns[c] > 0:
            for o in range(coalition.shape[0]):
                sums[coalition[o]] += share[c, o]
            for q in range(sums.shape[0]):
                if sums[q] > REAL_SHARE:
                    stocks.towns[lane, q, region[c]] += chosen.towns[c]
            sums[:] = 0.0


@compiled
def govern(world, state, stocks, lane, living, best):  # type: ignore[no-untyped-def]
    """People times the best governance of a coalition's organisations; `best` is room for one number a coalition."""
    governance, region, coalition = state.cells.governance[lane], world.cells.region, world.organisations.coalition
    for c in range(governance.shape[0]):
        any_one = False
        for o in range(governance.shape[1]):
            g = governance[c, o]
            if g > 0.0 and g > best[coalition[o]]:
                stocks.governed[lane, coalition[o], region[c]] += (g - best[coalition[o]]) * living[c]
                best[coalition[o]] = g
                any_one = True
        if any_one:
            best[:] = 0.0


@compiled
def look_to(world, state, stocks, chosen, lane):  # type: ignore[no-untyped-def]
    """People by group, whom they turned to for protection; and who of them fled, by where from."""
    of, coalition, region = state.communities, world.organisations.coalition, world.cells.region
    cell, country, jihadist = world.communities.cell, world.cells.country, chosen.jihadist
    for k in range(cell.shape[0]):
        r, g, people = region[cell[k]], world.communities.group[k], of.people[lane, k]
        stocks.inhabitants[lane, r, g] += people
        if of.protector[lane, k] >= 0:
            q = coalition[of.protector[lane, k]]
            stocks.protected[lane, q, r] += people
            for j in range(jihadist.shape[0]):
                if jihadist[j] == q:
                    stocks.sheltered[lane, j, r, g] += people
        if of.displaced[lane, k] > 0 and of.refuge[lane, k] >= 0:
            abroad = 1 if country[cell[k]] != country[cell[of.refuge[lane, k]]] else 0
            stocks.displaced[lane, r, abroad] += of.displaced[lane, k]


@compiled
def follow(world, state, stocks, lane, sums):  # type: ignore[no-untyped-def]
    """People times allegiance; `sums` is room for a number for each region and organisation."""
    shares, people = state.communities.allegiance[lane], state.communities.people[lane]
    cell, region, coalition = world.communities.cell, world.cells.region, world.organisations.coalition
    sums[:, :] = 0.0
    # Adding along organisations, which lie side by side, is several times faster than along coalitions.
    for k in range(cell.shape[0]):
        into, own, living = sums[region[cell[k]]], shares[k], np.float32(people[k])
        for o in range(own.shape[0]):
            into[o] += own[o] * living
    for r in range(sums.shape[0]):
        for o in range(sums.shape[1]):
            if sums[r, o] > 0.0:
                stocks.followers[lane, coalition[o], r] += sums[r, o]


@compiled
def camp(world, state, stocks, lane):  # type: ignore[no-untyped-def]
    """Fighters and troops by where they are, and how far north."""
    fighters, cell, region = state.units.fighters[lane], state.units.cell[lane], world.cells.region
    of, coalition = world.units.organisation, world.organisations.coalition
    for u in range(of.shape[0]):
        if fighters[u] > 0:
            q, r = coalition[of[u]], region[cell[u]]
            stocks.fighters[lane, q, r] += fighters[u]
            stocks.northing[lane, q, r] += fighters[u] * world.cells.lat[cell[u]]


@kernel
def stocks_kernel(world, state, stocks, chosen):  # type: ignore[no-untyped-def]
    """Compiled `tally_stocks`."""
    coalitions, regions = stocks.governed.shape[1], stocks.governed.shape[2]
    best, living = np.zeros(coalitions, np.float32), np.empty(world.cells.area.shape[0], np.float32)
    held = (np.empty((regions, coalitions), np.float32), np.empty((regions, coalitions), np.float32))
    sums = np.empty((regions, world.organisations.coalition.shape[0]), np.float32)
    for lane in range(state.units.fighters.shape[0]):
        count_people(world, state, lane, living)
        ground(world, state, stocks, lane, living, held)
        towns(world, state, stocks, chosen, lane, best)
        govern(world, state, stocks, lane, living, best)
        look_to(world, state, stocks, chosen, lane)
        follow(world, state, stocks, lane, sums)
        camp(world, state, stocks, lane)


def tally_stocks(world: World, state: State, stocks: Stocks, chosen: Scheme) -> None:
    """Add what there is now to `stocks`, which are all zero."""
    stocks_kernel(bound(world), bound(state), stocks, chosen)


def sums(world: World, state: State, names: Names) -> Sums:
    """Recruits and civilians killed since the start, by region and group."""
    regions, groups = len(names.regions), len(names.groups)
    at = world.cells.region[world.communities.cell] * groups + world.communities.group
    dead = [np.bincount(at, killed, regions * groups) for killed in state.ledger.civilians_killed]
    return Sums(state.ledger.enlisted, np.array(dead).astype(np.int64).reshape(-1, regions, groups))
