"""Politics: every fourth week governments gain or lose legitimacy, and now and then one falls to a coup.

    L <- L + recover * (G - L) - losses * x / (x + x_half) - bases * b
           - capital * a / (a + a_half) - harm * d / (d + d_half)
    P(coup) = 1 - exp(-4/52 * base * exp(steep * (1 - L)) * (1 + trap * exp(-weeks / trap_fade)))

with G the share of its country's people whom the government administers, x its troops lost in the last
quarter per thousand, b the share of its bases that are in enemy hands, a the attacks of the last quarter
within 200 km of its capital, d the remembered deaths per thousand of its people, by whoever's hand.
Frustration with a war that goes badly stood behind the Malian takeovers, and attacks near Bamako threaten
the junta's standing more than those in the north (CTP February 2023). For a year after a coup there is no
other: the events of the time are scripted, and must not be counted twice. A new government begins with
some credit, its forces look to the capital (see `agents.state_force`), and patrons that object withhold
a share of their help. Rivals: a hazard that does not look at the war; a coup trap, in which past coups,
`weeks` ago, breed new ones (Londregan & Poole 1990, World Politics 42).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import clipped, some
from sim.streams import Stream, compiled, inlined, kernel, uniform
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews of governments."""

CAPITAL_REACH = 200.0
"""Km around its capital within which an attack presses a government."""

NEVER, LOST = -1, -1
"""No junta; a base in enemy hands (see `sim.processes.bases`)."""

DISCONTENT, CONSTANT, OFF = 0, 1, 2


@dataclass(frozen=True)
class Politics(Parameters):
    """Parameters of legitimacy and coups."""

    form: str = form("discontent", "constant", "off", source="CTP February 2023; rival: a hazard of its own")
    recover: float = quantity(
        0.05, unit="per review", low=0.0, high=0.3, source="judgement: trust returns over a year or two"
    )
    losses: float = quantity(
        0.03, unit="per review", low=0.0, high=0.3, source="CTP February 2023: frustration with a war that goes badly"
    )
    losses_half: float = quantity(10.0, unit="troops per thousand", low=0.5, high=100.0, source="judgement")
    bases: float = quantity(
        0.2, unit="per review and share of bases", low=0.0, high=1.0, source="judgement: lost camps are news at home"
    )
    capital: float = quantity(
        0.03, unit="per review", low=0.0, high=0.3, source="CTP February 2023: attacks near the capital weigh most"
    )
    capital_half: float = quantity(
        40.0, unit="attacks in a quarter", low=1.0, high=300.0, source="judgement: a campaign, not an attack"
    )
    harm: float = quantity(0.02, unit="per review", low=0.0, high=0.3, source="judgement: a state that cannot protect")
    harm_half: float = quantity(0.05, unit="deaths per thousand", low=0.005, high=2.0, source="judgement")
    base: float = quantity(
        0.006, unit="coups a year", low=0.0, high=0.5, source="Powell & Thyne 2011: successes are rare where trust is"
    )
    steep: float = quantity(
        4.0, unit="1", low=0.0, high=10.0, source="scaled to a tenth a year at legitimacy 0.3 (five in 12 state-years)"
    )
    grace: float = quantity(52.0, unit="weeks", low=0.0, high=260.0, source="judgement: a new junta is firm for a year")
    trap: float = quantity(0.0, unit="1", low=0.0, high=10.0, source="none by default; rival: Londregan & Poole 1990")
    trap_fade: float = quantity(104.0, unit="weeks", low=4.0, high=520.0, source="Londregan & Poole 1990")
    credit: float = quantity(
        0.3, unit="share of what is missing", low=0.0, high=1.0, source="judgement: crowds welcomed the juntas"
    )
    objection: float = quantity(
        0.6, unit="share of support", low=0.0, high=1.0, source="CTP December 2023: France left, the US ceased its help"
    )


PoliticsColumns = columns(Politics, __name__)


@inlined
def governs_state(world, o):  # type: ignore[no-untyped-def]
    """Whether o is the army of a government of the region."""
    return world.organisations.kind[o] == Kind.ARMY and world.organisations.country[o] >= 0


@inlined
def saturating(x, half):  # type: ignore[no-untyped-def]
    """How far x has come toward 1: x / (x + half), nothing at 0, one half at `half`."""
    return x / (x + half)


@inlined
def objects(kind):  # type: ignore[no-untyped-def]
    """Kinds of patron that hold back from a junta: Western forces; a hired partner and peacekeepers stay."""
    return kind == Kind.COUNTER_TERRORISM or kind == Kind.SUPPORT


@compiled
def hear(world, state, lane, o):  # type: ignore[no-untyped-def]
    """Attacks of the last quarter by those hostile to o, near the capital of its country."""
    country, heard = world.organisations.country[o], 0.0
    far, attacks, hostility = world.cells.capital, state.cells.attacks[lane], state.relations.hostility[lane, o]
    for c in range(far.shape[0]):
        if far[c, country] <= CAPITAL_REACH:
            here, r = attacks[c], world.cells.region[c]
            for a in range(here.shape[0]):
                if here[a] > 0.05:
                    heard += hostility[a, r] * here[a]
    return heard


@compiled
def census(world, state, lane, army, sums):  # type: ignore[no-untyped-def]
    """Fill `sums` (country, 3): people, those its `army` (country,) administers, remembered deaths."""
    sums[:] = 0.0
    first, people = world.communities.first, state.communities.people[lane]
    level, harm, country = state.cells.governance[lane], state.communities.harm[lane], world.cells.country
    for c in range(country.shape[0]):
        q, living = country[c], 0.0
        for k in range(first[c], first[c + 1]):
            living += people[k]
            if some(harm[k]):
                for a in harm[k]:
                    sums[q, 2] += a * people[k] / 1000.0
        sums[q, 0] += living
        if army[q] >= 0:
            sums[q, 1] += level[c, army[q]] * living


@compiled
def lost_per_thousand(world, state, lane, o):  # type: ignore[no-untyped-def]
    """Troops of o lost in the last quarter, per thousand that it has."""
    troops, lost = 0.0, 0.0
    for u in range(world.units.first[o], world.units.first[o + 1]):
        troops += state.units.fighters[lane, u]
    for x in state.organisations.losses[lane, o]:
        lost += x
    return 1000.0 * lost / max(troops + lost, 1.0)


@compiled
def bases_lost(world, state, lane, o):  # type: ignore[no-untyped-def]
    """Share of o's bases that are in enemy hands; those closed by decision do not count."""
    open_, lost = 0.0, 0.0
    for b in range(world.bases.organisation.shape[0]):
        if world.bases.organisation[b] == o:
            if state.bases.open[lane, b] == 1:
                open_ += 1.0
            elif state.bases.open[lane, b] == LOST:
                lost += 1.0
    return lost / max(open_ + lost, 1.0)


@compiled
def legitimacy(world, state, p, lane, o, row):  # type: ignore[no-untyped-def]
    """Legitimacy after a review; `row` (3,) is that of `census` for the country of o."""
    people = max(row[0], 1.0)
    now = state.organisations.legitimacy[lane, o]
    now += p.recover[lane] * (row[1] / people - now)
    now -= p.losses[lane] * saturating(lost_per_thousand(world, state, lane, o), p.losses_half[lane])
    now -= p.bases[lane] * bases_lost(world, state, lane, o)
    now -= p.capital[lane] * saturating(hear(world, state, lane, o), p.capital_half[lane])
    return clipped(now - p.harm[lane] * saturating(1000.0 * row[2] / people, p.harm_half[lane]), 0.0, 1.0)


@inlined
def yearly(p, lane, worth, weeks):  # type: ignore[no-untyped-def]
    """Coups a year at legitimacy `worth`, `weeks` after the last one (-1: none)."""
    rate = p.base[lane]
    if p.form[lane] != CONSTANT:
        rate *= math.exp(p.steep[lane] * (1.0 - worth))
    return rate * (1.0 + p.trap[lane] * math.exp(-weeks / p.trap_fade[lane])) if weeks >= 0 else rate


@inlined
def hazard(p, lane, worth, weeks):  # type: ignore[no-untyped-def]
    """Chance of a coup at one review; none in the first year of a junta."""
    if 0 <= weeks < p.grace[lane]:
        return 0.0
    return 1.0 - math.exp(-EVERY / 52.0 * yearly(p, lane, worth, weeks))


@compiled
def take_power(world, state, p, lane, o):  # type: ignore[no-untyped-def]
    """A junta takes power: it has some credit, and patrons that object withhold a share of their help."""
    now = state.organisations.legitimacy[lane, o]
    state.organisations.legitimacy[lane, o] = now + p.credit[lane] * (1.0 - now)
    state.organisations.junta[lane, o] = 0
    state.ledger.coups[lane, o] += 1
    for a in range(world.organisations.kind.shape[0]):
        if objects(world.organisations.kind[a]):
            state.relations.support[lane, a, o] *= 1.0 - p.objection[lane]


@compiled
def review(world, state, p, streams, lane, scratch):  # type: ignore[no-untyped-def]
    """Legitimacy of every government, and whether it falls."""
    army, sums = scratch
    census(world, state, lane, army, sums)
    for o in army:
        if o >= 0:
            worth = legitimacy(world, state, p, lane, o, sums[world.organisations.country[o]])
            state.organisations.legitimacy[lane, o] = worth
            chance = hazard(p, lane, worth, state.organisations.junta[lane, o])
            if uniform(streams, lane, Stream.COUP, world.organisations.key[o], 0) < chance:
                take_power(world, state, p, lane, o)


@compiled
def list_armies(world, army):  # type: ignore[no-untyped-def]
    """Fill `army` (country,) with the organisation that is the army of each country, -1 for none."""
    army[:] = -1
    for o in range(world.organisations.kind.shape[0]):
        if governs_state(world, o):
            army[world.organisations.country[o]] = o


@compiled
def age(juntas):  # type: ignore[no-untyped-def]
    """A week more since each junta took power."""
    for o in range(juntas.shape[0]):
        if juntas[o] >= 0:
            juntas[o] += 1


@kernel
def politics_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `politics`."""
    countries = world.cells.capital.shape[1]
    scratch = (np.empty(countries, np.int32), np.empty((countries, 3)))
    list_armies(world, scratch[0])
    for lane in range(state.units.fighters.shape[0]):
        age(state.organisations.junta[lane])
        if streams.week % EVERY == 0 and p.form[lane] != OFF:
            review(world, state, p, streams, lane, scratch)


politics = Link(politics_kernel)
"""Count the weeks of juntas; every fourth week review legitimacy and let governments fall."""
