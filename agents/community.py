"""Communities: what they think of each organisation, and whom they follow.

A quarter of the regions each week (`turns`). Latent attitude toward organisation o, after harm
(`backfire`) and protection (`protection`) have moved it:

    a_o <- a_o + relax * (prior_o - a_o) + governance * G_o + kin * (mean a_o of kin - a_o)

Kin are the people of the same group in the same region. Allegiance is a softmax over the
organisations that are there to be followed, and nobody:

    w_o          = available_o * exp((a_o + compliance * fear * share_o + pledge where o is the protector) / T)
    allegiance_o = w_o / (1 + sum over all of w),  available = min(1, G + near / (near + n_ref))

Fear makes people comply with whoever controls the place, whatever they think of it: staying out is
no safer than joining (Kalyvas 2006; Kalyvas and Kocher 2007, World Politics 59; Kocher, Pepinsky and
Kalyvas 2011, AJPS 55). Fear may also harden (Wood 2003), so the range of `compliance` crosses zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.surroundings import at_hand, fighters_near
from sim.chain import Link
from sim.elementary import exp_all, whole_vectors
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped
from sim.processes.turns import list_turn
from sim.streams import compiled, kernel


@dataclass(frozen=True)
class Attitudes(Parameters):
    """Parameters of attitudes and allegiance. Rates are per renewal."""

    relax: float = quantity(
        0.08, unit="per renewal", low=0.0, high=0.5, source="judgement: history pulls back within a year"
    )
    governance: float = quantity(0.10, unit="1", low=0.0, high=1.0, source="Arjona 2016: governance earns obedience")
    kin: float = quantity(0.08, unit="per renewal", low=0.0, high=0.5, source="judgement: networks of kin")
    compliance: float = quantity(
        1.5, unit="1", low=-1.0, high=4.0, source="Kalyvas & Kocher 2007; sign disputed by Wood 2003"
    )
    pledge: float = quantity(
        0.95, unit="1", low=0.0, high=3.0, source="CTP February 2023: leaders pledged to their protector"
    )
    temperature: float = quantity(0.8, unit="1", low=0.2, high=3.0, source="judgement")
    near: float = quantity(40.0, unit="fighters", low=5.0, high=300.0, source="judgement: what is noticed in a cell")
    neighbour: float = quantity(0.3, unit="share", low=0.0, high=1.0, source="judgement: fighters next door count less")


AttitudesColumns = columns(Attitudes, __name__)


@compiled
def add_row(sums, living, own, anew):  # type: ignore[no-untyped-def]
    """Add a community's attitudes to `sums`, by its people; `anew` is whether what is there is of another week."""
    if anew:
        for o in range(own.shape[0]):
            sums[o] = living * own[o]
    else:
        for o in range(own.shape[0]):
            sums[o] += living * own[o]


@compiled
def kin_means(world, state, lane, turn, mean, scratch):  # type: ignore[no-untyped-def]
    """Fill `mean` (kin, organisation) with mean attitudes, by people, of the networks in the cells of `turn`.

    `scratch` = (room for sums, people by network). A network without people has no mean.
    """
    total, weight = scratch
    weight[:] = 0
    kin, first, attitude = world.communities.kin, world.communities.first, state.communities.attitude
    for c in turn:
        for k in range(first[c], first[c + 1]):
            living, network = state.communities.people[lane, k], kin[k]
            add_row(total[network], np.float32(living), attitude[lane, k], weight[network] == 0)
            weight[network] += living
    for network in range(weight.shape[0]):
        if weight[network] > 0:
            part = np.float32(1.0 / weight[network])
            for o in range(total.shape[1]):
                mean[network, o] = total[network, o] * part


@compiled
def feel(world, state, p, at, k, known):  # type: ignore[no-untyped-def]
    """Renew the attitudes of community k of the cell. In single precision, as kept.

    `known` = (mean attitudes, people) of each network of kin; without people it pulls nobody.
    """
    (lane, c), (mean, living), own = at, known, world.communities.kin[k]
    relax, network, govern = np.float32(p.relax[lane]), np.float32(p.kin[lane]), np.float32(p.governance[lane])
    prior, governance, kin = world.communities.prior[k], state.cells.governance[lane, c], mean[own]
    if living[own] == 0:
        network = np.float32(0.0)
    attitude, low, high = state.communities.attitude[lane, k], np.float32(-4.0), np.float32(4.0)
    for o in range(attitude.shape[0]):
        a = attitude[o]
        change = relax * (prior[o] - a) + network * (kin[o] - a) + govern * governance[o]
        attitude[o] = clipped(a + change, low, high)


@compiled
def drawn(state, p, at, k, who, pull):  # type: ignore[no-untyped-def]
    """Fill `pull` with how community k of the cell is drawn to each of `who`, as the exponent of its weight."""
    lane, c = at
    attitude, share, protector = (
        state.communities.attitude[lane, k],
        state.cells.share[lane, c],
        state.communities.protector,
    )
    afraid, sharpness = (
        np.float32(p.compliance[lane] * state.communities.fear[lane, k]),
        np.float32(1 / p.temperature[lane]),
    )
    for i in range(who.shape[0]):
        o = who[i]
        pull[i] = (attitude[o] + afraid * share[o]) * sharpness
        if o == protector[lane, k]:
            pull[i] += np.float32(p.pledge[lane]) * sharpness


@compiled
def follow(allegiance, who, available, pull):  # type: ignore[no-untyped-def]
    """Renew `allegiance` of a community: shares over the organisations at hand, by their weights `pull`, and nobody."""
    total = np.float32(1.0)
    for o in range(allegiance.shape[0]):
        allegiance[o] = 0.0
    for i in range(who.shape[0]):
        pull[i] *= available[who[i]]
        total += pull[i]
    part = np.float32(1.0) / total
    for i in range(who.shape[0]):
        allegiance[who[i]] = pull[i] * part


@compiled
def welcome(world, state, at, who):  # type: ignore[no-untyped-def]
    """Renew the allegiance of the cell's people as a whole; all of it is to those in `who`."""
    lane, c = at
    total, people, allegiance = 0, state.communities.people, state.communities.allegiance
    mean = state.cells.welcome[lane, c]
    mean[:] = 0.0
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        total += people[lane, k]
        living = np.float32(people[lane, k])
        for o in who:
            mean[o] += living * allegiance[lane, k, o]
    part = np.float32(1.0 / max(total, 1))
    for o in who:
        mean[o] *= part


@compiled
def renew(world, state, p, at, who, scratch):  # type: ignore[no-untyped-def]
    """Attitudes and allegiance in one cell.

    `scratch` = (fighters near, then how available; what `feel` knows of kin; room for all weights in a cell).
    """
    lane, c = at
    available, kin, pull = scratch
    first, last = world.communities.first[c], world.communities.first[c + 1]
    fighters_near(world, state, p.neighbour[lane], at, available)
    governance = state.cells.governance[lane, c]
    here = who[: at_hand(available, governance, who)]
    for o in here:
        available[o] = min(np.float32(1.0), governance[o] + available[o] / (available[o] + np.float32(p.near[lane])))
    n = here.shape[0]
    for k in range(first, last):
        feel(world, state, p, at, k, kin)
        drawn(state, p, at, k, here, pull[(k - first) * n : (k - first + 1) * n])
    exp_all(pull[: whole_vectors((last - first) * n)])
    for k in range(first, last):
        follow(state.communities.allegiance[lane, k], here, available, pull[(k - first) * n : (k - first + 1) * n])
    welcome(world, state, at, here)


@compiled
def renew_all(world, state, p, lane, cells, who, scratch):  # type: ignore[no-untyped-def]
    """Attitudes and allegiance in all of some cells where people live; `scratch` as in `renew`."""
    first = world.communities.first
    for c in cells:
        if first[c + 1] > first[c]:
            renew(world, state, p, (lane, c), who, scratch)


@compiled
def most_in_a_cell(first):  # type: ignore[no-untyped-def]
    """Most communities that live in one cell."""
    most = 0
    for c in range(first.shape[0] - 1):
        most = max(most, first[c + 1] - first[c])
    return most


@kernel
def attitudes_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `attitudes`."""
    organisations, networks = world.organisations.kind.shape[0], world.communities.kin.max() + 1
    kin, sums = np.zeros((networks, organisations), np.float32), np.empty((networks, organisations), np.float32)
    living, who = np.empty(networks, np.int64), np.empty(organisations, np.int32)
    available, turn = np.empty(organisations, np.float32), np.empty_like(world.cells.region)
    pull = np.zeros(whole_vectors(most_in_a_cell(world.communities.first) * organisations), np.float32)
    cells = turn[: list_turn(world, streams.week, turn)]
    for lane in range(state.units.fighters.shape[0]):
        kin_means(world, state, lane, cells, kin, (sums, living))
        renew_all(world, state, p, lane, cells, who, (available, (kin, living), pull))


attitudes = Link(attitudes_kernel)
"""Attitudes, allegiance and welcome in a quarter of the regions."""
