"""Control: shares by cell and the zone classes of control-of-terrain maps.

    strength_o = worth of the fighters outside confinement + administration_o
    share_o    = x_o / (nobody + sum of x),   x_o = strength_o * (kappa + welcome_o) * (1 + inertia * G_o)

Administration is what governs without troops: G_o * a * log(1 + people / 1000). Control by
presence and by consent together follows Kalyvas (2006) and Arjona (2016). Zones are classed for
coalitions, whose members hold ground together: *control* is a share of at least 0.6 with no rival
above 0.2; *support zone*: present, governing or welcome, and little disturbed in the last quarter;
*attack zone*: attacks in the last quarter without the former; *contested*: a real share beside a
rival's. What disturbs is attacks by others, and counter-terrorism pressure at so many attacks a unit.

Shares and zones are renewed every week where fighters stand or stood a week ago, and elsewhere, where only
governance and welcome move them, when it is the region's turn to renew these (`turns`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import added, fade_table, size_up
from sim.processes.turns import has_turn
from sim.state import Field, Posture, Zone
from sim.streams import compiled, inlined, kernel

QUARTER = math.exp(-1.0 / 13.0)
"""What is left after a week of a memory of one quarter."""


@dataclass(frozen=True)
class Control(Parameters):
    """Parameters of control and of the zone classes."""

    consent: float = quantity(0.7, unit="1", low=0.05, high=2.0, source="judgement: kappa, control without consent")
    inertia: float = quantity(1.0, unit="1", low=0.0, high=4.0, source="judgement: those who govern keep control")
    administration: float = quantity(
        33.0, unit="fighter equivalents", low=0.0, high=200.0, source="judgement: police, courts, schools"
    )
    nobody: float = quantity(
        4.0, unit="fighter equivalents", low=0.1, high=50.0, source="judgement: empty land is nobody's"
    )
    control_share: float = quantity(0.6, unit="share", low=0.4, high=0.9, source="the definition of the class")
    rival_share: float = quantity(0.2, unit="share", low=0.05, high=0.5, source="the definition of the class")
    governed: float = quantity(0.3, unit="1", low=0.05, high=0.9, source="judgement")
    welcomed: float = quantity(0.25, unit="share", low=0.05, high=0.9, source="judgement")
    disturbed: float = quantity(
        3.0, unit="attacks a quarter", low=0.5, high=20.0, source="judgement: 'little enemy action'"
    )
    pressed: float = quantity(
        0.9,
        unit="attacks a quarter per unit of pressure",
        low=0.0,
        high=3.0,
        source="judgement: whoever is watched and raided has no quiet ground (CTP February 2023)",
    )
    attacked: float = quantity(
        0.5, unit="attacks a quarter", low=0.1, high=5.0, source="the definition of the class: at least one attack"
    )


ControlColumns = columns(Control, __name__)


@compiled
def remember(world, state, lane):  # type: ignore[no-untyped-def]
    """Add the week's attacks to the memory of a quarter, and let losses and old attacks fade."""
    fade_table(state.cells.attacks[lane], QUARTER)
    fade_table(state.organisations.losses[lane], QUARTER)
    for row in range(min(state.events.count[lane], state.events.rows.shape[1])):
        values = state.events.rows[lane, row]
        state.cells.attacks[lane, values[Field.CELL], values[Field.SIDE_A]] += 1.0


@compiled
def chain_troops(cell, fighters, head, after):  # type: ignore[no-untyped-def]
    """Chain units that have fighters by cell, in order: `head` (cell,) has the first, `after` the next; -1 ends."""
    head[:] = -1
    for u in range(cell.shape[0] - 1, -1, -1):
        if fighters[u] > 0:
            after[u] = head[cell[u]]
            head[cell[u]] = u


@compiled
def at_large(owner, quality, troops, chained, strength):  # type: ignore[no-untyped-def]
    """Fill `strength` (organisation,): fighters of a cell who are not shut in, by their worth.

    `troops` = (fighters, posture) of units; `chained` = (first unit of the cell, next unit by unit),
    see `chain_troops`.
    """
    fighters, posture = troops
    u, after = chained
    strength[:] = 0.0
    while u >= 0:
        if posture[u] != Posture.CONFINED:
            strength[owner[u]] += fighters[u] * quality[owner[u]]
        u = after[u]


@compiled
def divide(p, lane, share, rows, reach):  # type: ignore[no-untyped-def]
    """Fill `share` (organisation,) of one cell; `rows` = (strength, governance, welcome).

    All in single precision, as the tables are kept, but for the sum: a third of the time.
    """
    strength, governance, welcome = rows
    consent, inertia, one = np.float32(p.consent[lane]), np.float32(p.inertia[lane]), np.float32(1.0)
    for o in range(share.shape[0]):
        governed = governance[o]
        share[o] = (strength[o] + governed * reach) * (consent + welcome[o]) * (one + inertia * governed)
    part = np.float32(1.0 / (p.nobody[lane] + added(share)))
    for o in range(share.shape[0]):
        share[o] *= part


@compiled
def coalesce(coalition, rows, sums, listed):  # type: ignore[no-untyped-def]
    """Fill the rows of `sums` (coalition, 7) of those with a share or attacks; list them in `listed`.

    Columns: share, presence, attacks begun, best governance, welcome, organisations, worst pressure on
    those present. All rows must be zero before. `rows` = (share, presence, attacks, governance, welcome,
    pressure) of a cell. Returns how many coalitions are listed.
    """
    share, presence, attacks, governance, welcome, pressure = rows
    count = 0
    for o in range(coalition.shape[0]):
        if share[o] + attacks[o] > 0.0:  # neither is negative
            mine = sums[coalition[o]]
            if mine[5] == 0.0:
                listed[count] = coalition[o]
                count += 1
            mine[0] += share[o]
            mine[1] += presence[o]
            mine[2] += attacks[o]
            mine[3] = max(mine[3], governance[o])
            mine[4] += welcome[o]
            mine[5] += 1.0
            if presence[o] > 0.0:
                mine[6] = max(mine[6], pressure[o])
    return count


@inlined
def two_largest(sums, listed):  # type: ignore[no-untyped-def]
    """The largest and second largest share among coalitions, and whose the largest is."""
    first, second, whose = 0.0, 0.0, -1
    for q in listed:
        if sums[q, 0] > first:
            first, second, whose = sums[q, 0], first, q
        elif sums[q, 0] > second:
            second = sums[q, 0]
    return first, second, whose


@inlined
def zone_of(p, lane, mine, rival, enemy_attacks):  # type: ignore[no-untyped-def]
    """The class of one coalition in one cell; the definitions of the module's docstring, in order."""
    if mine[0] >= p.control_share[lane] and rival <= p.rival_share[lane]:
        return Zone.CONTROL
    rooted = mine[3] >= p.governed[lane] or mine[4] >= p.welcomed[lane]
    disturbance = enemy_attacks + p.pressed[lane] * mine[6]
    if mine[1] > 0.0 and rooted and disturbance < p.disturbed[lane]:
        return Zone.SUPPORT
    if mine[0] > p.rival_share[lane] and rival > p.rival_share[lane]:
        return Zone.CONTESTED
    if mine[2] >= p.attacked[lane]:
        return Zone.ATTACK
    return Zone.NONE


@compiled
def classify(p, lane, zone, sums, listed):  # type: ignore[no-untyped-def]
    """Fill `zone` (coalition,), the classes of one cell, and leave `sums` all zero again."""
    zone[:] = Zone.NONE
    largest, second, whose = two_largest(sums, listed)
    attacks = 0.0
    for q in listed:
        attacks += sums[q, 2]
    for q in listed:
        rival = second if q == whose else largest
        zone[q] = zone_of(p, lane, sums[q], rival, attacks - sums[q, 2])
    for q in listed:
        sums[q, :] = 0.0


@compiled
def review(world, state, p, at, here, reach, scratch):  # type: ignore[no-untyped-def]
    """Renew shares and zones of one cell, `at` = (lane, cell); `here` (organisation,) is who is at large there."""
    lane, c = at
    sums, listed = scratch
    of = state.cells
    governance, welcome, share = of.governance[lane, c], of.welcome[lane, c], of.share[lane, c]
    divide(p, lane, share, (here, governance, welcome), reach)
    rows = (share, of.presence[lane, c], of.attacks[lane, c], governance, welcome, of.pressure[lane, c])
    count = coalesce(world.organisations.coalition, rows, sums, listed)
    classify(p, lane, of.zone[lane, c], sums, listed[:count])


@compiled
def review_cells(world, state, p, week, lane, reach, chained, scratch):  # type: ignore[no-untyped-def]
    """Renew shares and zones of every cell that is due, one after the other: each table is read while it is at hand.

    `chained` = (first unit by cell, next unit by unit, two rows of strengths by organisation: room, and zeros).
    """
    head, after, strength, nobody = chained
    troops = (state.units.fighters[lane], state.units.posture[lane])
    owner, quality = world.units.organisation, world.organisations.quality
    due, region = state.cells.due[lane], world.cells.region
    chain_troops(state.units.cell[lane], troops[0], head, after)
    for c in range(head.shape[0]):
        if head[c] >= 0:
            at_large(owner, quality, troops, (head[c], after), strength)
            review(world, state, p, (lane, c), strength, reach[c], scratch)
            due[c] = 1
        elif due[c] == 1 or has_turn(region[c], week):
            review(world, state, p, (lane, c), nobody, reach[c], scratch)
            due[c] = 0


@kernel
def control_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `control`."""
    organisations, coalitions = world.organisations.kind.shape[0], state.cells.zone.shape[2]
    head, after = np.empty(world.cells.gid.shape[0], np.int32), np.empty(world.units.key.shape[0], np.int32)
    chained = (head, after, np.empty(organisations, np.float32), np.zeros(organisations, np.float32))
    scratch, reach = (np.zeros((coalitions, 7)), np.empty(coalitions, np.int32)), np.empty(head.shape[0], np.float32)
    for lane in range(state.units.fighters.shape[0]):
        remember(world, state, lane)
        size_up(world, state, lane, p.administration[lane], reach)  # what administration is worth where rule is whole
        review_cells(world, state, p, streams.week, lane, reach, chained, scratch)


control = Link(control_kernel)
"""Renew memory of attacks everywhere, shares of control and zone classes in the cells that are due."""
