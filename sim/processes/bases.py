"""Base assaults: massed fighters against walls, and what follows when a base falls.

An armed group that is in the cell and has gathered n fighters within reach (all in the cell and the 8
around it, a share `call` of those in the rest of the region, no more than can safely gather) storms a base
with garrison g at rate

    rate = beta * h * aggression * cohesion * sigma(kappa * (odds - caution)) * (1 - D) * (1 - tied * busy)
           * restraint * timing
    odds = log(n * q_a * home / (g * q_g))

with D from `deterrence` (but for peacekeepers' own bases), busy the share of the group that rivals keep busy,
`restraint` at capitals, the timing of `coordination` and what is left of an armed group away from home
(`distance`). The base falls with probability

    sigma(kappa * odds - walls - air * pressure - cover * aircraft lent - rescue * log(1 + reserve / 100)
          - mission * D + bombs + drones)

where supporters lend aircraft and rescue (`support`) and a town shared with peacekeepers is helped.
What follows when it falls is in `aftermath`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.aftermath import LOST, fall, return_of_the_army
from sim.processes.common import heavy, logistic, lose, rounded, violence_type, write_event
from sim.processes.coordination import PEACE, TACIT, TIMING, openings
from sim.processes.distance import at_home
from sim.processes.massing import MASSING, safe_mass
from sim.processes.restraint import RESTRAINED, RESTRAINT, count_capital, outnumbered, seats, willingness
from sim.processes.support import cover, reserve
from sim.state import EVENT_ROOM, EventKind, Field, Posture
from sim.streams import Stream, compiled, inlined, kernel, uniform, uniforms
from sim.world import Kind, Skill


@dataclass(frozen=True)
class BaseAssaults(Parameters):
    """Parameters of assaults on bases."""

    rate: float = quantity(
        8.0, unit="per week", low=0.0, high=16.0, source="scaled to bases overrun in CTP December 2023"
    )
    caution: float = quantity(
        0.3, unit="log-odds", low=-1.0, high=4.0, source="judgement: assaults are chosen, not chanced"
    )
    call: float = quantity(
        0.3, unit="share", low=0.0, high=1.0, source="CTP December 2023: hundreds gather for one operation; judgement"
    )
    smallest: float = quantity(40.0, unit="fighters", low=10.0, high=150.0, source="judgement")
    mass: float = quantity(
        1000.0, unit="fighters", low=100.0, high=2000.0, source="CTP December 2023: hundreds of militants gathered"
    )
    mass_pressure: float = quantity(
        1.5, unit="pressure", low=0.1, high=3.0, source="judgement: massing ends under French air cover"
    )
    decisive: float = quantity(2.0, unit="1", low=0.2, high=3.0, source="judgement: steepness of the force ratio")
    air: float = quantity(
        0.6, unit="per unit of pressure", low=0.0, high=4.0, source="judgement: aircraft save garrisons"
    )
    cover: float = quantity(
        0.5, unit="log-odds per aircraft lent", low=0.0, high=3.0, source="CTP February 2023: French air support"
    )
    rescue: float = quantity(0.3, unit="1", low=0.0, high=2.0, source="judgement: quick reaction forces")
    mission: float = quantity(
        2.0, unit="log-odds", low=0.0, high=6.0, source="CTP December 2023: towns fell as the mission left"
    )
    massing: str = form(*MASSING, source="CTP December 2023; how safety ends is not known")
    away: float = quantity(
        0.3,
        unit="log of worth",
        low=0.0,
        high=1.5,
        source="judgement; after Boulding 1962, applied to civil wars by Buhaug 2010",
    )
    tied: float = quantity(
        1.0, unit="share", low=0.0, high=1.0, source="CTC Sentinel 2025: the war among jihadists contained both"
    )
    timing: str = form(*TIMING, source="CTP December 2023: JNIM and the ex-rebels struck the same places in turn")
    peace: float = quantity(
        PEACE, unit="hostility", low=0.0, high=1.0, source="judgement: non-aggression is 0.02, rivalry 0.4"
    )
    answer: float = quantity(6.0, unit="1", low=0.0, high=30.0, source="judgement: assaults take more preparation")
    restraint: str = form(*RESTRAINT, source="CTC Sentinel 2025: JNIM presses Bamako and does not storm it")
    hostile: float = quantity(
        4.0, unit="log of rate", low=0.0, high=10.0, source="CTC Sentinel 2025: the south does not want JNIM; judgement"
    )
    burden: float = quantity(
        1.0, unit="log of rate per factor of ten", low=0.0, high=4.0, source="CTC Sentinel 2025; judgement"
    )
    bombs: float = quantity(1.0, unit="log-odds", low=0.0, high=3.0, source="judgement: vehicle bombs open walls")
    drones: float = quantity(
        0.8, unit="log-odds", low=0.0, high=3.0, source="judgement: drones find the gaps in walls and guards"
    )
    bomb_use: float = quantity(
        0.5, unit="probability", low=0.0, high=1.0, source="CTP December 2023: at least 3 in three months"
    )
    kill_attacker: float = quantity(0.06, unit="share of attackers", low=0.0, high=0.5, source="judgement")
    kill_held: float = quantity(0.045, unit="share of garrison", low=0.0, high=0.5, source="judgement")
    kill_overrun: float = quantity(
        0.18, unit="share of garrison", low=0.0, high=0.8, source="judgement: Inata 2021, 53 of about 120"
    )
    tail: float = quantity(2.5, unit="exponent", low=2.1, high=3.5, source="Bohorquez et al. 2009")
    confinement: float = quantity(10.0, unit="weeks", low=0.0, high=26.0, source="CTP December 2023")
    prestige: float = quantity(0.05, unit="prestige", low=0.0, high=0.3, source="judgement")
    materiel: float = quantity(0.3, unit="thousand fighter-weeks", low=0.0, high=3.0, source="judgement")
    reoccupy: float = quantity(
        0.15, unit="per week", low=0.0, high=1.0, source="judgement: many posts were regained within weeks"
    )


BaseAssaultsColumns = columns(BaseAssaults, __name__)


@compiled
def gathered(world, state, lane, massed, front, total):  # type: ignore[no-untyped-def]
    """Add to `massed` (cell, organisation) who have gathered; `front` is by region, `total` by organisation."""
    front[:] = 0.0
    total[:] = 0.0
    cell, posture, fighters = state.units.cell[lane], state.units.posture[lane], state.units.fighters[lane]
    for u in range(cell.shape[0]):
        if posture[u] == Posture.MASS:
            massed[cell[u], world.units.organisation[u]] += fighters[u]
            front[world.cells.region[cell[u]], world.units.organisation[u]] += fighters[u]
            total[world.units.organisation[u]] += fighters[u]


@compiled
def dispersed(world, state, lane, massed):  # type: ignore[no-untyped-def]
    """Make `massed` all zero again."""
    cell, posture = state.units.cell[lane], state.units.posture[lane]
    for u in range(cell.shape[0]):
        if posture[u] == Posture.MASS:
            massed[cell[u], world.units.organisation[u]] = 0.0


@inlined
def within_reach(world, massed, front, call, c, a):  # type: ignore[no-untyped-def]
    """Gathered fighters of a in the cell and around it, and the share `call` of those in the rest of the region."""
    near, mine = 0.0, 0.0
    for k in range(9):
        n = world.cells.neighbour[c, k]
        if n >= 0:
            near += massed[n, a]
            mine += massed[n, a] if world.cells.region[n] == world.cells.region[c] else 0.0
    return near + call * (front[world.cells.region[c], a] - mine)


@inlined
def garrison(world, state, lane, b):  # type: ignore[no-untyped-def]
    """Troops inside base b: its own units in its cell that are not out on patrol."""
    c, total = world.bases.cell[b], np.int64(0)
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = state.cells.member[lane, m]
        if world.units.base[u] == b and state.units.posture[lane, u] != Posture.PATROL:
            total += state.units.fighters[lane, u]
    return total


@inlined
def bombs_ready(state, p, lane, a, unit):  # type: ignore[no-untyped-def]
    """Whether the attacker brings a vehicle bomb."""
    return unit < p.bomb_use[lane] * state.organisations.skill[lane, a, Skill.VEHICLE_BOMB]


@inlined
def overrun_chance(world, state, p, lane, b, a, odds, bomb):  # type: ignore[no-untyped-def]
    """Probability that the base falls."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    x = p.decisive[lane] * odds - world.bases.walls[b]
    x -= p.air[lane] * state.cells.pressure[lane, c, a]
    x -= p.cover[lane] * cover(world, state, lane, c, d) + p.mission[lane] * state.cells.deterrence[lane, c]
    x -= p.rescue[lane] * math.log1p(reserve(world, state, lane, c, d) / 100.0)
    x += p.drones[lane] * state.organisations.skill[lane, a, Skill.DRONE]
    return logistic(x + (p.bombs[lane] if bomb else 0.0))


@compiled
def storm(world, state, p, streams, lane, b, a, n, g):  # type: ignore[no-untyped-def]
    """One assault by n fighters of a on base b with garrison g: losses, and whether it falls."""
    c, d = world.bases.cell[b], world.bases.organisation[b]
    at, key = (lane, c), world.organisations.key[a]
    falls, bomb, size, first = uniforms(streams, lane, Stream.ASSAULT_SIZE, world.bases.key[b], key)
    round_a, round_d, other, size_a = uniforms(
        streams, lane, Stream.ASSAULT_SIZE, world.bases.key[b], key + np.uint64(1)
    )
    odds = log_odds(world, p, lane, (a, n), (d, g), c)
    bombed = bombs_ready(state, p, lane, a, bomb)
    overrun = falls < overrun_chance(world, state, p, lane, b, a, odds, bombed)
    share = p.kill_overrun[lane] if overrun else p.kill_held[lane]
    present = np.int64(state.cells.presence[lane, c, a])
    loss_a = min(rounded(p.kill_attacker[lane] * n * heavy(p.tail[lane], size_a), round_a), present)
    loss_d = min(rounded(share * g * heavy(p.tail[lane], size), round_d), g)
    dead_a = lose(world, state, at, a, loss_a, first)
    dead_d = lose(world, state, at, d, loss_d, other)
    kind = EventKind.VEHICLE_BOMB if bombed else EventKind.ASSAULT
    row = write_event(state, at, (a, d), kind, violence_type(world, a, d))
    if row >= 0:
        values = state.events.rows[lane, row]
        values[Field.DEATHS_A], values[Field.DEATHS_B], values[Field.COMMITTED] = dead_a, dead_d, np.int32(n)
        values[Field.BASE], values[Field.OVERRUN] = b, np.int32(overrun)
    if overrun:
        fall(world, state, p, lane, b, a)
    return overrun


@inlined
def log_odds(world, p, lane, attackers, garrison, c):  # type: ignore[no-untyped-def]
    """Log of the ratio of worth; `attackers` and `garrison` are (organisation, number)."""
    (a, n), (d, g) = attackers, garrison
    quality = world.organisations.quality
    return math.log(n * quality[a] * at_home(world, p.away[lane], c, a) / (g * quality[d]))


@compiled
def readiness(world, state, p, lane, c, a, d, seat):  # type: ignore[no-untyped-def]
    """How ready a is to storm bases of d in the cell: will, peacekeepers, restraint, the timing of others."""
    busy = state.organisations.tied[lane, a, world.cells.region[c]]
    value = world.organisations.aggression[a] * state.organisations.cohesion[lane, a] * (1.0 - p.tied[lane] * busy)
    if world.organisations.kind[d] != Kind.PEACEKEEPER:
        value *= 1.0 - state.cells.deterrence[lane, c]
    if p.timing[lane] == TACIT:
        written = min(state.events.count[lane], EVENT_ROOM)
        value *= 1.0 + p.answer[lane] * openings(world, state, p, (lane, c), (a, d), written)[0]
    if seat >= 0 and p.restraint[lane] == RESTRAINED:
        value *= willingness(world, state, p, lane, c, a)
    return value


@compiled
def consider(world, state, p, streams, lane, b, a, picture, seat):  # type: ignore[no-untyped-def]
    """Whether armed group a storms base b this week; `picture` is who has gathered, by cell and by region."""
    massed, front = picture
    c, d = world.bases.cell[b], world.bases.organisation[b]
    hostility = state.relations.hostility[lane, a, d, world.cells.region[c]]
    if hostility <= 0.0:
        return
    skill = state.organisations.skill[lane, a, Skill.MASSING]
    felt, scale = state.cells.pressure[lane, c, a], p.mass_pressure[lane]
    safe = safe_mass(p.mass[lane], skill, felt, scale, p.massing[lane])
    n, g = min(within_reach(world, massed, front, p.call[lane], c, a), safe), garrison(world, state, lane, b)
    if n < p.smallest[lane] or g < 1:
        return
    rate = p.rate[lane] * hostility * readiness(world, state, p, lane, c, a, d, seat[c])
    rate *= logistic(p.decisive[lane] * (log_odds(world, p, lane, (a, n), (d, g), c) - p.caution[lane]))
    unit = uniform(streams, lane, Stream.ASSAULT, world.bases.key[b], world.organisations.key[a])
    fallen = unit < 1.0 - math.exp(-rate) and storm(world, state, p, streams, lane, b, a, n, g)
    if fallen and seat[c] >= 0 and outnumbered(world, state, lane, c, n):
        count_capital(world, state, lane, seat[c])


@compiled
def able(world, massed_total, smallest, who):  # type: ignore[no-untyped-def]
    """List in `who` the armed groups that have gathered enough anywhere to storm a base; returns how many."""
    count = 0
    for a in range(massed_total.shape[0]):
        if world.organisations.kind[a] <= Kind.REBEL and massed_total[a] >= smallest:
            who[count] = a
            count += 1
    return count


@compiled
def week_at_base(world, state, p, streams, lane, b, who, picture, seat):  # type: ignore[no-untyped-def]
    """One week of a base: confinement runs out, the army returns, armed groups of `who` in the cell may storm it."""
    if state.bases.confined[lane, b] > 0:
        state.bases.confined[lane, b] -= 1
    if state.bases.open[lane, b] == LOST:
        return_of_the_army(world, state, p, streams, lane, b)
    for a in who:
        if state.cells.presence[lane, world.bases.cell[b], a] > 0.0 and state.bases.open[lane, b] == 1:
            consider(world, state, p, streams, lane, b, a, picture, seat)


@compiled
def week_in_lane(world, state, p, streams, lane, rooms):  # type: ignore[no-untyped-def]
    """All bases of a lane; `rooms` = (fighters gathered, by front, in all; who is able; seat of each cell)."""
    massed, front, total, who, seat = rooms
    gathered(world, state, lane, massed, front, total)
    count = able(world, total, p.smallest[lane], who)
    for b in range(world.bases.cell.shape[0]):
        week_at_base(world, state, p, streams, lane, b, who[:count], (massed, front), seat)
    dispersed(world, state, lane, massed)


@kernel
def base_assaults_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `base_assaults`."""
    organisations, cells = world.organisations.kind.shape[0], world.cells.gid.shape[0]
    massed, total = np.zeros((cells, organisations)), np.empty(organisations)
    front = np.empty((state.organisations.effort.shape[2], organisations))
    who, seat = np.empty(organisations, np.int32), np.empty(cells, np.int32)
    seats(world, seat)
    for lane in range(state.units.fighters.shape[0]):
        week_in_lane(world, state, p, streams, lane, (massed, front, total, who, seat))


base_assaults = Link(base_assaults_kernel)
"""Assaults on all bases that are held, and the army's return to bases that fell."""
