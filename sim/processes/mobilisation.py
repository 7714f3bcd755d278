"""Mobilisation: defence militias form where communities are attacked, or where the state arms them.

Every fourth week each community looks for the militia that is most its own:

    belonging(m) = homeland of m here * attitude that history gives toward m, within [0, 1]

and gives it N ~ Poisson(4 * rho * people * drive * belonging * pay * room) fighters, with

    drive = D / (D + D_half) * (1 + arms * A)      D = sum over e of hostility(m, e) * remembered harm by e
    room  = 1 - fighters of m here / (limit * people of the cell), not below 0

over the armed groups e that m fights; A in [0, 1] is the support of m's host army. They join a unit
in the cell; where there is none, a new band of `band` of its usual size forms with the probability that keeps
the mean. In the rival form `delegation` governments make militias: drive = arms * A, attacked or not
(Carey, Colaresi and Mitchell 2015 against Jentzsch, Kalyvas and Schubiger 2015). What militias do then,
they do as all armed groups: they fight, and kill civilians in reprisal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.bands import enrol, fighters_of, free_slot, smallest_unit, weeks_of_pay
from sim.processes.common import clipped, is_insurgent, poisson
from sim.state import Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews."""

DELEGATION, OFF = 1, 2
"""Forms of `Mobilisation.origin`; 0 is self-defence."""


@dataclass(frozen=True)
class Mobilisation(Parameters):
    """Parameters of the formation of militias."""

    origin: str = form(
        "defence",
        "delegation",
        "off",
        source="Jentzsch, Kalyvas and Schubiger 2015 against Carey, Colaresi and Mitchell 2015",
    )
    rate: float = quantity(
        80.0,
        unit="recruits a week per million people",
        low=0.0,
        high=400.0,
        source="judgement: about one man in fifty in three years where attacks are worst",
    )
    harm_half: float = quantity(0.5, unit="deaths per thousand", low=0.01, high=5.0, source="judgement")
    arms: float = quantity(
        3.0, unit="1", low=0.0, high=20.0, source="judgement: volunteers multiply once a state arms them (ICG 2023)"
    )
    pay_weeks: float = quantity(4.0, unit="weeks of pay in hand", low=0.5, high=26.0, source="judgement")
    unpaid: float = quantity(0.5, unit="share", low=0.0, high=1.0, source="judgement: half would serve for nothing")
    limit: float = quantity(
        0.01, unit="share of people", low=0.001, high=0.1, source="judgement: men a village can spare"
    )
    band: float = quantity(0.3, unit="share of a unit", low=0.05, high=1.0, source="judgement: below it, nobody begins")


MobilisationColumns = columns(Mobilisation, __name__)


@inlined
def belonging(world, k, m):  # type: ignore[no-untyped-def]
    """How much militia m is community k's own, in [0, 1]."""
    home = world.organisations.home[m, world.communities.cell[k]]
    return home * clipped(world.communities.prior[k, m], 0.0, 1.0)


@compiled
def own_militia(world, k):  # type: ignore[no-untyped-def]
    """The militia that is most community k's own, or -1; ties go to the first."""
    best, most = -1, 0.0
    for m in range(world.organisations.kind.shape[0]):
        if world.organisations.kind[m] == Kind.MILITIA and belonging(world, k, m) > most:
            best, most = m, belonging(world, k, m)
    return best


@compiled
def attacked(world, state, lane, k, m):  # type: ignore[no-untyped-def]
    """Remembered harm to community k by the armed groups that militia m fights, by hostility."""
    total, harm, r = 0.0, state.communities.harm[lane, k], world.cells.region[world.communities.cell[k]]
    for e in range(harm.shape[0]):
        if harm[e] > 0.0 and is_insurgent(world.organisations.kind[e]):
            total += state.relations.hostility[lane, m, e, r] * harm[e]
    return total


@inlined
def armed(world, state, lane, m):  # type: ignore[no-untyped-def]
    """How far its host army arms militia m, in [0, 1]."""
    host = world.organisations.host[m]
    return state.relations.support[lane, host, m] if host >= 0 else 0.0


@compiled
def drive(world, state, p, lane, k, m):  # type: ignore[no-untyped-def]
    """What makes people of community k join militia m, before pay and room."""
    arms = p.arms[lane] * armed(world, state, lane, m)
    if p.origin[lane] == DELEGATION:
        return arms
    harm = attacked(world, state, lane, k, m)
    return harm / (harm + p.harm_half[lane]) * (1.0 + arms)


@compiled
def room(world, state, p, lane, c, m):  # type: ignore[no-untyped-def]
    """Share of the men that cell c could spare for militia m who are not yet under arms."""
    people = 0
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        people += state.communities.people[lane, k]
    return max(0.0, 1.0 - state.cells.presence[lane, c, m] / max(p.limit[lane] * people, 1.0))


@compiled
def new_band(world, state, lane, c, m):  # type: ignore[no-untyped-def]
    """An empty slot of militia m, placed in cell c and at rest; -1 if there is none."""
    u = free_slot(world, state, lane, m)
    if u >= 0:
        state.units.cell[lane, u] = c
        state.units.posture[lane, u] = Posture.REST
        state.units.weeks[lane, u] = 0
    return u


@compiled
def muster_defence(world, state, streams, at, m, mean, least):  # type: ignore[no-untyped-def]
    """`mean` fighters of community k, in expectation, join a unit of m or found a band of `least`. `at` = (lane, k)."""
    lane, k = at
    c, entity = world.communities.cell[k], world.communities.key[k]
    u, wanted = smallest_unit(world, state, lane, c, m), np.int64(0)
    unit = uniform(streams, lane, Stream.MOBILISE, entity, world.organisations.key[m])
    if u >= 0:
        wanted = poisson(mean, unit)
    elif unit < 1.0 - math.exp(-mean / least) and state.communities.people[lane, k] >= least:
        u, wanted = new_band(world, state, lane, c, m), np.int64(least)
    if u >= 0 and wanted > 0:
        enrol(world, state, lane, k, u, wanted)


@compiled
def consider(world, state, p, streams, at, m, paid):  # type: ignore[no-untyped-def]
    """What community k gives to militia m, if it is attacked or the militia is armed. `at` = (lane, k)."""
    lane, k = at
    reason = drive(world, state, p, lane, k, m)
    if reason > 0.0:
        c = world.communities.cell[k]
        mean = EVERY * p.rate[lane] * 1e-6 * state.communities.people[lane, k] * reason * paid
        mean *= belonging(world, k, m) * room(world, state, p, lane, c, m)
        least = max(np.int64(1), np.int64(p.band[lane] * world.organisations.unit_size[m]))
        if mean > 0.0:
            muster_defence(world, state, streams, at, m, mean, least)


@inlined
def pay(p, lane, weeks):  # type: ignore[no-untyped-def]
    """From `unpaid` for a militia without money to 1 for one with `pay_weeks` in hand or more."""
    return p.unpaid[lane] + (1.0 - p.unpaid[lane]) * min(weeks / p.pay_weeks[lane], 1.0)


@kernel
def mobilisation_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `mobilisation`."""
    if streams.week % EVERY != 1:
        return
    communities = world.communities.key.shape[0]
    own, paid = np.empty(communities, np.int32), np.empty(world.organisations.kind.shape[0])
    for k in range(communities):
        own[k] = own_militia(world, k)
    for lane in range(state.units.fighters.shape[0]):
        if p.origin[lane] == OFF:
            continue
        for m in range(paid.shape[0]):
            paid[m] = pay(p, lane, weeks_of_pay(state, lane, m, fighters_of(world, state, lane, m)))
        for k in range(communities):
            if own[k] >= 0:
                consider(world, state, p, streams, (lane, k), own[k], paid[own[k]])


mobilisation = Link(mobilisation_kernel)
"""Every fourth week: militias grow, or form, out of the communities that they defend."""
