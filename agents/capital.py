"""The capital: how much an army fears for it, and who is called there.

See `agents.state_force` for the formula and its parameters.
"""

from __future__ import annotations

import math

import numpy as np

from sim.processes.common import some
from sim.processes.politics import CAPITAL_REACH, governs_state, saturating
from sim.streams import compiled, inlined
from sim.world import Kind


@compiled
def list_foes(hostility, foes):  # type: ignore[no-untyped-def]
    """Fill `foes` with those to whom a force is hostile in some region; -1 ends the list.

    `hostility` (organisation, region) of the force.
    """
    count = 0
    for o in range(hostility.shape[0]):
        if some(hostility[o]):
            foes[count] = o
            count += 1
    foes[count] = -1


@compiled
def alarm(attacks, hostility, r, foes):  # type: ignore[no-untyped-def]
    """Recent attacks in a cell of region r by the `foes` of a force.

    `attacks` (organisation,) of the cell; `hostility` (organisation, region) of the force.
    """
    heard, i = 0.0, 0
    while foes[i] >= 0:
        if attacks[foes[i]] > 0.05:
            heard += hostility[foes[i], r] * attacks[foes[i]]
        i += 1
    return heard


@compiled
def list_centres(world, seat, first, near):  # type: ignore[no-untyped-def]
    """Fill `seat` (country,) with the cell of each capital, and `near` with the cells around each.

    Those of country q are near[first[q]] to near[first[q + 1] - 1].
    """
    far, count = world.cells.capital, 0
    for q in range(seat.shape[0]):
        first[q], seat[q] = count, 0
        for c in range(far.shape[0]):
            if far[c, q] < far[seat[q], q]:
                seat[q] = c
            if far[c, q] <= CAPITAL_REACH:
                near[count] = c
                count += 1
    first[seat.shape[0]] = count


@compiled
def menace(world, state, lane, o, r):  # type: ignore[no-untyped-def]
    """Hostility of other states' forces toward o in the region of its capital: threatened invasion."""
    worst, hostility = 0.0, state.relations.hostility[lane, o]
    for a in range(hostility.shape[0]):
        if world.organisations.kind[a] >= Kind.ARMY:
            worst = max(worst, hostility[a, r])
    return worst


@compiled
def fear(world, state, p, lane, o, centres, foes):  # type: ignore[no-untyped-def]
    """How much an army fears for its capital, in [0, 1); 0 for all that are no army of a government."""
    if not governs_state(world, o):
        return 0.0
    seat, first, near = centres
    q, heard, hostility = world.organisations.country[o], 0.0, state.relations.hostility[lane, o]
    for i in range(first[q], first[q + 1]):
        c = near[i]
        heard += alarm(state.cells.attacks[lane, c], hostility, world.cells.region[c], foes)
    weeks = state.organisations.junta[lane, o]
    calm = 1.0 - math.exp(-weeks / p.fade[lane]) if weeks >= 0 else 1.0
    calm *= 1.0 - menace(world, state, lane, o, world.cells.region[seat[q]])
    return 1.0 - calm * (1.0 - saturating(heard, p.capital_half[lane]))


@inlined
def away(world, p, lane, o, c, afraid):  # type: ignore[no-untyped-def]
    """Fear, as far as cell c is from the capital: 0 at the capital, whole from `reach` on."""
    if afraid <= 0.0:
        return 0.0
    return afraid * min(1.0, world.cells.capital[c, world.organisations.country[o]] / p.reach[lane])


@inlined
def called(world, u, share):  # type: ignore[no-untyped-def]
    """Whether a unit is among the share that is called to the capital: the same units each week."""
    return (world.units.key[u] & np.uint64(1023)) < np.uint64(1024.0 * share)
