"""Violence against civilians: selective, indiscriminate, and its massacres.

In a cell where organisation o has s exposed fighters, community k is attacked with the weekly rate

    rate = beta * (1 - discipline) * aggression * f(share) * sqrt(s / 100) * exp(-w * attitude) * (1 - D)
           * (selective + indiscriminate)
    selective      = I * collaboration * (will + retaliation * L)
    indiscriminate = (1 - I) * (will + punishment * L * (blur + (1 - blur) * collaboration))
    I = share**2 / (share**2 + half**2)

and o attacks in a cell at most once a week, at the sum of these rates. f peaks where control is
contested, and I, what o knows, rises with its control: where it rules it finds those who work with
its enemies, a few at a time; where it does not, it strikes whoever lives there, and many
(Kalyvas 2006, The Logic of Violence in Civil War, ch. 6-7). Collaboration is the community's
allegiance to organisations hostile to o. L, its recent losses in tens, brings retaliation on
collaborators and collective punishment of those held to be the enemy's, which misses by `blur`.
Will is 1, and less for community militias, who kill above all in reprisal, but more the more a state
arms them (Carey, Colaresi and Mitchell 2015, JCR 59: militias take on what states will not be seen to
do). A state force that works with one of less discipline is drawn toward it, by what it is given
(`company`: the army beside Wagner, CTC Sentinel 2025). Nobody attacks the
community that it protects; D is what peacekeepers prevent. Sizes have a heavy tail whose far end is
the massacres. The dead are remembered, per thousand people, and feared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import exposed, heavy, list_followed, rounded, write_event
from sim.state import EventKind, Field
from sim.streams import Stream, compiled, inlined, kernel, uniforms
from sim.world import Kind

KALYVAS, FLAT, OFF = 0, 1, 2


@dataclass(frozen=True)
class Civilians(Parameters):
    """Parameters of violence against civilians."""

    control: str = form("kalyvas", "flat", "off", source="Kalyvas 2006; flat: violence does not depend on control")
    rate: float = quantity(
        0.010, unit="per week", low=0.0, high=0.3, source="scaled to UCDP GED 24.1 one-sided events, 2021-2022"
    )
    worst_control: float = quantity(0.3, unit="share", low=0.0, high=1.0, source="Kalyvas 2006: zones 2 to 4")
    control_width: float = quantity(0.2, unit="share", low=0.05, high=1.0, source="judgement")
    control_floor: float = quantity(0.15, unit="1", low=0.0, high=1.0, source="judgement: nowhere quite safe")
    known: float = quantity(
        0.4, unit="share of control", low=0.05, high=1.0, source="Kalyvas 2006: information follows control; judgement"
    )
    attitude: float = quantity(0.5, unit="1", low=0.0, high=2.0, source="judgement: the disliked are hit more")
    retaliation: float = quantity(
        1.0, unit="per ten deaths", low=0.0, high=5.0, source="CTP December 2023: retaliatory killings"
    )
    company: float = quantity(
        2.1, unit="share", low=0.0, high=3.0, source="CTC Sentinel 2025; CTP February 2023: abuses of joint columns"
    )
    armed: float = quantity(
        2.5, unit="will per unit of support", low=-0.5, high=3.0, source="Carey et al. 2015; disputed: Lyall 2010"
    )
    militia: float = quantity(
        0.15,
        unit="share",
        low=0.0,
        high=1.0,
        source="CTC Sentinel 2025: militias kill in reprisal; UCDP GED 24.1 has few unprovoked",
    )
    punishment: float = quantity(
        1.0, unit="per ten deaths", low=0.0, high=5.0, source="CTP February 2023: collective punishment in Menaka"
    )
    blur: float = quantity(0.2, unit="share", low=0.0, high=1.0, source="judgement: punishment that misses")
    deaths: float = quantity(
        12.5, unit="deaths", low=1.0, high=30.0, source="UCDP GED 24.1: mean of one-sided events 2021-2022, about 9"
    )
    selective_deaths: float = quantity(
        3.0, unit="deaths", low=1.0, high=15.0, source="Kalyvas 2006: selective violence is personal; judgement"
    )
    tail: float = quantity(
        2.3, unit="exponent", low=2.05, high=3.5, source="Bohorquez et al. 2009; one-sided events have the heavier tail"
    )
    fear: float = quantity(0.15, unit="per death in a thousand", low=0.0, high=1.0, source="judgement")


CiviliansColumns = columns(Civilians, __name__)


FLAT_RISK = 0.5
"""The factor f of the form `flat`: about the mean of the other over cells where organisations are."""


@inlined
def zone_risk(p, lane, share):  # type: ignore[no-untyped-def]
    """The factor f of the docstring: highest where control is contested, or the same everywhere."""
    if p.control[lane] == FLAT:
        return FLAT_RISK
    x = (share - p.worst_control[lane]) / p.control_width[lane]
    return p.control_floor[lane] + (1.0 - p.control_floor[lane]) * math.exp(-0.5 * x * x)


@inlined
def knowledge(p, lane, share):  # type: ignore[no-untyped-def]
    """The factor I of the docstring: how well o tells friend from foe."""
    return share * share / (share * share + p.known[lane] * p.known[lane])


@inlined
def collaboration(allegiance, hostility, followed):  # type: ignore[no-untyped-def]
    """Allegiance of a community to organisations hostile to the attacker, of those `followed` in the cell.

    `hostility` has a value for each of them, `allegiance` for each organisation.
    """
    total = 0.0
    for i in range(followed.shape[0]):
        total += hostility[i] * allegiance[followed[i]]
    return total


@inlined
def reasons(p, lane, known, will, provoked, disloyal):  # type: ignore[no-untyped-def]
    """The terms `selective` and `indiscriminate` for a community whose collaboration is `disloyal`."""
    selective = known * disloyal * (will + p.retaliation[lane] * provoked)
    aimed = p.blur[lane] + (1.0 - p.blur[lane]) * disloyal
    return selective, (1.0 - known) * (will + p.punishment[lane] * provoked * aimed)


@compiled
def conduct(world, state, p, lane, o):  # type: ignore[no-untyped-def]
    """Discipline of o beside its partners, and its will to kill: (discipline, will)."""
    own, drawn, arms = state.organisations.discipline[lane, o], 0.0, 0.0
    for a in range(world.organisations.kind.shape[0]):
        given = state.relations.support[lane, a, o]
        arms += given
        drawn += given * max(0.0, own - state.organisations.discipline[lane, a])
    if world.organisations.kind[o] == Kind.MILITIA:
        return own, max(0.0, p.militia[lane] + p.armed[lane] * arms)
    return max(0.0, own - p.company[lane] * drawn), 1.0


@inlined
def temper(world, state, p, at, o, force):  # type: ignore[no-untyped-def]
    """What all communities of the cell have in common: (scale of rates, I, will, L) of the docstring.

    `force` = (exposed fighters, discipline, will) of o there.
    """
    lane, c = at
    share, losses = state.cells.share[lane, c, o], state.organisations.losses[lane, o, world.cells.region[c]]
    met, discipline, will = force
    base = p.rate[lane] * (1.0 - discipline) * math.sqrt(met / 100.0)
    base *= world.organisations.aggression[o] * zone_risk(p, lane, share) * (1.0 - state.cells.deterrence[lane, c])
    return base, knowledge(p, lane, share), will, min(losses, 100.0) / 10.0


@inlined
def ceiling(world, state, p, at, o, force, count):  # type: ignore[no-untyped-def]
    """A bound on `most` that needs neither control nor attitudes, which lie in [-4, 4]; for `count` communities.

    `force` = (exposed fighters, discipline, will, how much more the worst disliked are hit).
    """
    lane, c = at
    met, discipline, will, disliked = force
    provoked = min(state.organisations.losses[lane, o, world.cells.region[c]], 100.0) / 10.0
    base = p.rate[lane] * (1.0 - discipline) * math.sqrt(met / 100.0) * world.organisations.aggression[o]
    reason = will + max(p.retaliation[lane], p.punishment[lane]) * provoked
    return 1.01 * base * (1.0 - state.cells.deterrence[lane, c]) * count * disliked * reason


@compiled
def most(world, state, p, at, o, mood):  # type: ignore[no-untyped-def]
    """A bound on the sum of rates: as if all were disloyal and thought as badly of o as those who do most."""
    lane, c = at
    base, known, will, provoked = mood
    worst, first, end = 1e300, world.communities.first[c], world.communities.first[c + 1]
    attitude = state.communities.attitude[lane]
    for k in range(first, end):
        worst = min(worst, attitude[k, o])
    selective, blind = reasons(p, lane, known, will, provoked, 1.0)
    return 1.001 * base * (end - first) * math.exp(-p.attitude[lane] * worst) * (selective + blind)


@compiled
def rates(world, state, p, at, o, mood, scratch):  # type: ignore[no-untyped-def]
    """Fill the rates at which o attacks each community of the cell, selectively and not; returns their sum.

    `scratch` = (rate (community of the cell, 2), hostility of o to those followed, who is followed here).
    """
    lane, c = at
    rate, hostility, followed = scratch
    base, known, will, provoked = mood
    first, r, against = world.communities.first[c], world.cells.region[c], state.relations.hostility[lane, o]
    for i in range(followed.shape[0]):
        hostility[i] = against[followed[i], r]
    attitude, allegiance = state.communities.attitude[lane], state.communities.allegiance[lane]
    total = 0.0
    for k in range(first, world.communities.first[c + 1]):
        disloyal = collaboration(allegiance[k], hostility, followed)
        selective, blind = reasons(p, lane, known, will, provoked, disloyal)
        scale = base * math.exp(-p.attitude[lane] * attitude[k, o])
        if state.communities.protector[lane, k] == o:
            scale = 0.0
        rate[k - first, 0], rate[k - first, 1] = scale * selective, scale * blind
        total += scale * (selective + blind)
    return total


@inlined
def struck(rate, mark):  # type: ignore[no-untyped-def]
    """Where the running sum of `rate` (community, 2) passes `mark`: (community, 1 if indiscriminate)."""
    k = 0
    while k < rate.shape[0] - 1 and mark > rate[k, 0] + rate[k, 1]:
        mark -= rate[k, 0] + rate[k, 1]
        k += 1
    return k, 1 if mark > rate[k, 0] else 0


@compiled
def attack(world, state, p, lane, k, o, mean, draws):  # type: ignore[no-untyped-def]
    """Kill `mean` people, on average, of community k, remember it, and write the event; `draws` = (size, rounding)."""
    size, part = draws
    wanted = np.int64(1) + rounded((mean - 1.0) * heavy(p.tail[lane], size), part)
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
def week_in_cell(world, state, p, streams, at, o, force, scratch):  # type: ignore[no-untyped-def]
    """Whether o attacks people of the cell this week, and whom: no more than once.

    Rates are added up only where chance lies below their bound. `scratch` = (followed, rate, hostility).
    """
    lane, c = at
    followed, rate, hostility = scratch
    first, end = world.communities.first[c], world.communities.first[c + 1]
    chance, which, size, part = uniforms(streams, lane, Stream.HARM, world.cells.gid[c], world.organisations.key[o])
    if chance >= ceiling(world, state, p, at, o, force, end - first):
        return
    mood = temper(world, state, p, at, o, force[:3])
    if chance >= 1.0 - math.exp(-most(world, state, p, at, o, mood)):
        return
    known = list_followed(state.communities.allegiance[lane], first, end, followed)
    total = rates(world, state, p, at, o, mood, (rate, hostility, followed[:known]))
    if chance < 1.0 - math.exp(-total):
        k, blind = struck(rate[: end - first], which * total)
        mean = p.deaths[lane] if blind else p.selective_deaths[lane]
        attack(world, state, p, lane, first + k, o, mean, (size, part))


@compiled
def week_in_lane(world, state, p, streams, lane, people, scratch):  # type: ignore[no-untyped-def]
    """All cells where there are both fighters and people; `people` = (who, strength, discipline and will)."""
    who, strength, manners = people
    first, mustered, kind = world.communities.first, state.cells.first[lane], world.organisations.kind
    disliked = math.exp(4.0 * abs(p.attitude[lane]))
    for o in range(kind.shape[0]):
        manners[o, 0], manners[o, 1] = conduct(world, state, p, lane, o)
    for c in range(world.cells.gid.shape[0]):
        if mustered[c + 1] > mustered[c] and first[c + 1] > first[c]:
            count = exposed(world, state, (lane, c), who, strength)
            for o in who[:count]:
                if strength[o] > 0.0 and kind[o] != Kind.PEACEKEEPER:
                    force = (strength[o], manners[o, 0], manners[o, 1], disliked)
                    week_in_cell(world, state, p, streams, (lane, c), o, force, scratch)


@kernel
def civilians_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `civilians`."""
    organisations, communities = world.organisations.kind.shape[0], world.communities.key.shape[0]
    people = (np.empty(organisations, np.int32), np.zeros(organisations), np.empty((organisations, 2)))
    scratch = (np.empty(organisations, np.int32), np.empty((communities, 2)), np.empty(organisations))
    for lane in range(state.units.fighters.shape[0]):
        if p.control[lane] != OFF:
            week_in_lane(world, state, p, streams, lane, people, scratch)


civilians = Link(civilians_kernel)
"""All attacks on civilians of the week."""
