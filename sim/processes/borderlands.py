"""Borderlands: disputes over land, and what repression and investment leave among those who live there.

Where herders and farmers share the land and nobody settles their disputes, armed groups find people
to speak for. Every fourth week (a quarter of the cells each week), with H the share of a community that lives on
herding, h its mean over the people of the cell, and all else in [0, 1],

    friction  = 4 * h * (1 - h)
    suspected = 1 - (1 - H) * (1 - allegiance to jihadists) * s_half / (s + s_half)
    grievance = repression * suspected + dispute * friction * H * (1 - mediation)
    mediation = investment * governance of the state

    attitude to the state     += trust * mediation - blame * grievance
    attitude to the jihadists += sympathy * grievance - distance * mediation

The state is the army of the cell's country, the jihadists are those hostile to it, s their fighters in the
cell. Repression is harassment of people held to be the enemy's: herders, followers, and whoever lives where the
enemy is (collective targeting: Kalyvas 2006, ch. 6). Investment is early presence with money and mediation, which
works only where the state still governs (CTC Sentinel 2025 on Ivory Coast; Benjaminsen and Ba 2009 on the Inner
Delta). Attitudes do the rest: who is welcome, who is told on, whether a probe across the border finds a foothold.
How units probe is in `agents.armed_group`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped, turn
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews of a community."""

_QUIET = 0.01
"""Mediation and grievance below which nothing is changed."""


@dataclass(frozen=True)
class Borderlands(Parameters):
    """Parameters of land disputes and of the two policies. Changes of attitude are per review of four weeks."""

    dispute: float = quantity(
        0.1, unit="1", low=0.0, high=1.0, source="Benjaminsen and Ba 2009; contested as a main cause: Benjaminsen 2012"
    )
    noticed: float = quantity(
        40.0,
        unit="fighters",
        low=5.0,
        high=300.0,
        source="judgement: as `attitudes.near`; half of all are then suspected",
    )
    blame: float = quantity(
        0.4, unit="per review", low=0.0, high=1.0, source="CTC Sentinel 2025: abuses of herders at the border"
    )
    sympathy: float = quantity(
        0.5,
        unit="per review",
        low=-0.3,
        high=1.0,
        source="sign disputed: CTC Sentinel 2025 and UNDP 2017 against Lyall 2009",
    )
    trust: float = quantity(
        0.12,
        unit="per review",
        low=-0.1,
        high=0.6,
        source="sign disputed: Berman, Shapiro and Felter 2011 against Crost, Felter and Johnston 2014",
    )
    distance: float = quantity(
        0.12, unit="per review", low=0.0, high=0.6, source="CTC Sentinel 2025: no foothold where disputes were settled"
    )


BorderlandsColumns = columns(Borderlands, __name__)


@compiled
def list_sides(world, armies, jihadists):  # type: ignore[no-untyped-def]
    """Fill `armies` (country,) with each country's army, -1 for none, and list the jihadists; returns how many."""
    armies[:] = -1
    count = 0
    for o in range(world.organisations.kind.shape[0]):
        if world.organisations.kind[o] == Kind.ARMY and world.organisations.country[o] >= 0:
            armies[world.organisations.country[o]] = o
        if world.organisations.kind[o] == Kind.JIHADIST:
            jihadists[count] = o
            count += 1
    return count


@compiled
def friction(world, state, at):  # type: ignore[no-untyped-def]
    """4 h (1 - h) of a cell, `at` = (lane, cell): 1 where half of the people are herders."""
    lane, c = at
    herding, living = 0.0, 0.0
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        living += state.communities.people[lane, k]
        herding += state.communities.people[lane, k] * world.communities.herders[k]
    h = herding / max(living, 1.0)
    return 4.0 * h * (1.0 - h)


@inlined
def total_of(row, foes):  # type: ignore[no-untyped-def]
    """Sum of `row` (organisation,) over the foes of the army."""
    total = 0.0
    for o in foes:
        total += row[o]
    return total


@compiled
def list_foes(hostility, jihadists, foes):  # type: ignore[no-untyped-def]
    """List in `foes` the jihadists to whom the army is hostile here, (organisation,); returns how many."""
    count = 0
    for o in jihadists:
        if hostility[o] > 0.0:
            foes[count] = o
            count += 1
    return count


@inlined
def suspected(herders, follow, seen):  # type: ignore[no-untyped-def]
    """How far a community is held to be the enemy's, in [0, 1].

    `follow` is its allegiance to the jihadists, `seen` how much of them there is in its cell.
    """
    return 1.0 - (1.0 - herders) * (1.0 - follow) * (1.0 - seen)


@compiled
def sway(world, state, p, at, sides, conditions):  # type: ignore[no-untyped-def]
    """Change the attitudes of the communities of one cell.

    `at` = (lane, cell); `sides` = (army, its foes among the jihadists);
    `conditions` = (friction, repression, mediation, how much of the jihadists is seen here).
    """
    lane, c = at
    army, foes = sides
    rubs, repression, mediation, seen = conditions
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        herders, attitude = world.communities.herders[k], state.communities.attitude[lane, k]
        grievance = p.dispute[lane] * rubs * herders * (1.0 - mediation)
        if repression > 0.0:
            follow = total_of(state.communities.allegiance[lane, k], foes)
            grievance += repression * suspected(herders, follow, seen)
        if grievance + mediation > _QUIET:
            change = p.trust[lane] * mediation - p.blame[lane] * grievance
            attitude[army] = clipped(attitude[army] + change, -4.0, 4.0)
            change = p.sympathy[lane] * grievance - p.distance[lane] * mediation
            for o in foes:
                attitude[o] = clipped(attitude[o] + change, -4.0, 4.0)


@compiled
def review(world, state, p, at, army, scratch):  # type: ignore[no-untyped-def]
    """The policies and disputes of one cell; `scratch` = (jihadists, room for a list of foes)."""
    lane, c = at
    jihadists, listed = scratch
    r = world.cells.region[c]
    rubs, repression = friction(world, state, at), state.policies.repression[lane, r]
    mediation, seen = state.policies.investment[lane, r] * state.cells.governance[lane, c, army], 0.0
    if rubs + repression + mediation == 0.0:
        return
    foes = listed[: list_foes(state.relations.hostility[lane, army, :, r], jihadists, listed)]
    if repression > 0.0:
        fighters = total_of(state.cells.presence[lane, c], foes)
        seen = fighters / (fighters + p.noticed[lane])
    conditions = (rubs, repression, mediation, seen)
    sway(world, state, p, at, (army, foes), conditions)


@compiled
def review_cells(world, state, p, lane, turn, armies, scratch):  # type: ignore[no-untyped-def]
    """The cells from `turn`[0] to before `turn`[1] that have people and an army."""
    for c in range(turn[0], turn[1]):
        army = armies[world.cells.country[c]]
        if army >= 0 and world.communities.first[c + 1] > world.communities.first[c]:
            review(world, state, p, (lane, c), army, scratch)


@kernel
def borderlands_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `borderlands`."""
    armies = np.empty(world.cells.capital.shape[1], np.int32)
    organisations = world.organisations.kind.shape[0]
    jihadists, listed = np.empty(organisations, np.int32), np.empty(organisations, np.int32)
    jihadists = jihadists[: list_sides(world, armies, jihadists)]
    begin, end = turn(world.cells.gid.shape[0], streams.week, EVERY)
    for lane in range(state.units.fighters.shape[0]):
        review_cells(world, state, p, lane, (begin, end), armies, (jihadists, listed))


borderlands = Link(borderlands_kernel)
"""Land disputes, repression and investment in a quarter of the cells."""
