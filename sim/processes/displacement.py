"""Displacement: who flees, where to, and who comes home.

Every fourth week (a quarter of the cells each week) a community is alarmed by

    alarm = w_fear * fear + w_harm * harm + w_fighting * log(1 + attacks in its cell)
    leaving = most * (sigma(onset + alarm * (1 + hardship * (1 - access))) - sigma(onset))

with harm in remembered deaths per thousand (of those who know fear themselves), attacks of the last
quarter, and humanitarian access in [0, 1]. People flee violence against them first, and battles too
(Davenport, Moore and Poe 2003; Schmeidl 1997); who is fed at home stays longer. Those who leave choose one of the
havens of their community (`world.communities.havens`) by gravity, place-keyed Gumbel noise included:

    U = w_people * log10(1 + people / 1000) + w_town * log10(1 + townspeople / 1000) + w_kin * same group
        - km / reach - w_border * abroad - w_danger * alarm there

Whoever follows goes where the first went, unless that haven is worse than home; then all move on.
They are counted with the community that takes them in; its attitudes and its memory of harm become
the mean of both, by numbers. They come home where it is calm and somebody governs:

    returning = back * most governance at home * exp(-alarm)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import added, logistic, rounded, some, turn
from sim.streams import Stream, compiled, inlined, kernel, uniform

EVERY = 4
"""Weeks between two reviews of a community."""

GRAVITY, NEAREST, OFF = 0.0, 1.0, 2.0
"""Positions of the forms of `Displacement.form`."""

_KM = 111.2
"""Length of a degree of latitude."""

_UNMOVED = 0.1
"""Alarm below which nobody thinks of leaving."""


@dataclass(frozen=True)
class Displacement(Parameters):
    """Parameters of flight and return. Shares are per review of four weeks."""

    form: str = form(
        "gravity", "nearest", "off", source="gravity: Moore and Shellman 2007; nearest calm town: Groen 2016 (Flee)"
    )
    most: float = quantity(
        0.3, unit="share per review", low=0.0, high=1.0, source="judgement: even a massacre empties a village by stages"
    )
    onset: float = quantity(-4.0, unit="log-odds", low=-8.0, high=0.0, source="judgement: few leave at the first sign")
    fear: float = quantity(8.0, unit="log-odds", low=0.0, high=30.0, source="scaled to CONASUR and DTM, 2021-2022")
    harm: float = quantity(
        3.0, unit="log-odds per death in a thousand", low=0.0, high=15.0, source="Schmeidl 1997; Davenport et al. 2003"
    )
    fighting: float = quantity(0.3, unit="log-odds", low=0.0, high=3.0, source="Melander and Oberg 2007; judgement")
    hardship: float = quantity(
        0.6, unit="1", low=0.0, high=3.0, source="judgement: without aid the same danger drives out more"
    )
    reach: float = quantity(60.0, unit="km", low=10.0, high=400.0, source="judgement: most stay within the region")
    people: float = quantity(1.0, unit="1", low=0.0, high=5.0, source="judgement: gravity")
    town: float = quantity(1.0, unit="1", low=0.0, high=5.0, source="CONASUR 2022: a third of all in five towns")
    kin: float = quantity(1.5, unit="1", low=0.0, high=5.0, source="Moore and Shellman 2007: people go to their own")
    border: float = quantity(1.5, unit="1", low=0.0, high=6.0, source="UNHCR 2021: about one in ten crosses a border")
    danger: float = quantity(1.0, unit="1", low=0.0, high=5.0, source="judgement")
    back: float = quantity(
        0.03, unit="share per review", low=0.0, high=0.5, source="judgement: a third a year where calm and governed"
    )


DisplacementColumns = columns(Displacement, __name__)


@inlined
def alarm(state, p, lane, k, fighting):  # type: ignore[no-untyped-def]
    """How alarmed community k is; `fighting` is log(1 + attacks) in its cell.

    Who was never attacked has no fear, and is not alarmed by what newcomers remember.
    """
    fear, harm = state.communities.fear[lane, k], 0.0
    if fear > 0.0:
        harm = added(state.communities.harm[lane, k])
    return p.fear[lane] * fear + p.harm[lane] * harm + p.fighting[lane] * fighting


@compiled
def largest(row):  # type: ignore[no-untyped-def]
    """Largest value of a row of shares."""
    most = row[0]
    for o in range(1, row.shape[0]):
        if row[o] > most:
            most = row[o]
    return most


@inlined
def fighting_in(state, lane, c):  # type: ignore[no-untyped-def]
    """log(1 + attacks of the last quarter in cell c)."""
    attacks = state.cells.attacks[lane, c]
    return math.log(1.0 + added(attacks)) if some(attacks) else 0.0


@inlined
def alarm_at(world, state, p, lane, k):  # type: ignore[no-untyped-def]
    """Alarm of a community anywhere."""
    return alarm(state, p, lane, k, fighting_in(state, lane, world.communities.cell[k]))


@inlined
def leaving(p, lane, alarmed, access):  # type: ignore[no-untyped-def]
    """Share of a community that leaves at a review."""
    driven = alarmed * (1.0 + p.hardship[lane] * (1.0 - access))
    return p.most[lane] * (logistic(p.onset[lane] + driven) - logistic(p.onset[lane]))


@inlined
def kilometres(cells, a, b):  # type: ignore[no-untyped-def]
    """Distance between the centres of two cells, on a plane: havens are near."""
    north = cells.lat[a] - cells.lat[b]
    east = (cells.lon[a] - cells.lon[b]) * math.cos(math.radians(0.5 * (cells.lat[a] + cells.lat[b])))
    return _KM * math.sqrt(north * north + east * east)


@compiled
def attraction(world, state, p, lane, k, h):  # type: ignore[no-untyped-def]
    """What haven h is worth to people of community k, without noise."""
    home, there = world.communities.cell[k], world.communities.cell[h]
    living = 0
    for other in range(world.communities.first[there], world.communities.first[there + 1]):
        living += state.communities.people[lane, other]
    worth = p.people[lane] * math.log10(1.0 + living / 1000.0)
    worth += p.town[lane] * math.log10(1.0 + world.cells.town[there] / 1000.0)
    if world.communities.group[h] == world.communities.group[k]:
        worth += p.kin[lane]
    if world.cells.country[there] != world.cells.country[home]:
        worth -= p.border[lane]
    worth -= kilometres(world.cells, home, there) / p.reach[lane]
    return worth - p.danger[lane] * alarm_at(world, state, p, lane, h)


@compiled
def most_attractive(world, state, p, streams, lane, k):  # type: ignore[no-untyped-def]
    """The haven with the largest worth plus noise, or -1; the noise belongs to the place."""
    best, found = -1e300, np.int32(-1)
    for h in world.communities.havens[k]:
        if h >= 0:
            place = world.cells.gid[world.communities.cell[h]]
            unit = uniform(streams, lane, Stream.REFUGE, world.communities.key[k], place)
            worth = attraction(world, state, p, lane, k, h) - math.log(-math.log(unit))
            if worth > best:
                best, found = worth, h
    return found


@compiled
def nearest_calm(world, state, p, lane, k, alarmed):  # type: ignore[no-untyped-def]
    """The nearest haven with a town that is less than half as alarmed as home, or -1."""
    best, found = 1e300, np.int32(-1)
    for h in world.communities.havens[k]:
        if h >= 0 and world.cells.town[world.communities.cell[h]] > 0:
            km = kilometres(world.cells, world.communities.cell[k], world.communities.cell[h])
            if km < best and alarm_at(world, state, p, lane, h) < 0.5 * alarmed:
                best, found = km, h
    return found


@compiled
def move(state, lane, source, target, wanted):  # type: ignore[no-untyped-def]
    """Move up to `wanted` people from one community to another, with what they think and remember.

    Returns how many moved.
    """
    people = state.communities.people[lane]
    moved = min(wanted, people[source])
    if moved <= 0:
        return np.int64(0)
    together = people[target] + moved
    stays, comes = np.float32(people[target] / together), np.float32(moved / together)
    people[source] -= moved
    people[target] += moved
    for table in (state.communities.attitude[lane], state.communities.harm[lane]):
        theirs, mine = table[source], table[target]
        for o in range(mine.shape[0]):
            mine[o] = stays * mine[o] + comes * theirs[o]
    return moved


@compiled
def haven(world, state, p, streams, who, alarmed):  # type: ignore[no-untyped-def]
    """Where people of `who` = (lane, community) go: to those who fled before, unless it is worse there."""
    lane, k = who
    now = state.communities.refuge[lane, k]
    if now >= 0 and alarm_at(world, state, p, lane, now) <= alarmed:
        return now
    if p.form[lane] == NEAREST:
        return nearest_calm(world, state, p, lane, k, alarmed)
    return most_attractive(world, state, p, streams, lane, k)


@compiled
def flee(world, state, p, streams, who, alarmed, count):  # type: ignore[no-untyped-def]
    """`count` people of `who` = (lane, community) leave; those who had fled before go on with them."""
    lane, k = who
    before, target = state.communities.refuge[lane, k], haven(world, state, p, streams, who, alarmed)
    if target < 0:
        return
    if before >= 0 and target != before:
        state.communities.displaced[lane, k] = move(state, lane, before, target, state.communities.displaced[lane, k])
    gone = move(state, lane, k, target, count)
    state.communities.displaced[lane, k] += gone
    state.communities.refuge[lane, k] = target
    state.ledger.fled[lane, k] += gone


@compiled
def come_home(world, state, p, streams, who, calm):  # type: ignore[no-untyped-def]
    """Some of those who fled return; `calm` = most governance at home * exp(-alarm).

    Deaths among the hosts may have left fewer than had come.
    """
    lane, k = who
    there, mind = state.communities.refuge[lane, k], state.communities
    mind.displaced[lane, k] = min(mind.displaced[lane, k], mind.people[lane, there])
    unit = uniform(streams, lane, Stream.RETURN, world.communities.key[k], 0)
    wanted = min(rounded(p.back[lane] * calm * mind.displaced[lane, k], unit), mind.displaced[lane, k])
    came = move(state, lane, there, k, wanted)
    mind.displaced[lane, k] -= came
    state.ledger.came_home[lane, k] += came
    if mind.displaced[lane, k] == 0:
        mind.refuge[lane, k] = -1


@compiled
def review(world, state, p, streams, at):  # type: ignore[no-untyped-def]
    """Flight from and return to the communities of one cell, `at` = (lane, cell)."""
    lane, c = at
    fighting, access = fighting_in(state, lane, c), state.policies.access[lane, world.cells.region[c]]
    governed = -1.0  # not asked yet
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        alarmed = alarm(state, p, lane, k, fighting)
        if state.communities.displaced[lane, k] > 0:
            governed = largest(state.cells.governance[lane, c]) if governed < 0.0 else governed
            calm = governed * math.exp(-alarmed) if alarmed > 0.0 else governed
            come_home(world, state, p, streams, (lane, k), calm)
        living = state.communities.people[lane, k]
        if alarmed > _UNMOVED and living > 0:
            unit = uniform(streams, lane, Stream.FLEE, world.communities.key[k], 0)
            count = rounded(leaving(p, lane, alarmed, access) * living, unit)
            if count > 0:
                flee(world, state, p, streams, (lane, k), alarmed, count)


@kernel
def displacement_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `displacement`."""
    first = world.communities.first
    begin, end = turn(world.cells.gid.shape[0], streams.week, EVERY)
    for lane in range(state.units.fighters.shape[0]):
        if p.form[lane] != OFF:
            for c in range(begin, end):
                if first[c + 1] > first[c]:
                    review(world, state, p, streams, (lane, c))


displacement = Link(displacement_kernel)
"""Flight and return in a quarter of the cells."""
