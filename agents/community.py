"""Communities: whom they fear, whom they favour, whom they turn to.

A community renews its attitudes every fourth week (a quarter of the cells each week). Latent
attitude toward organisation o:

    a <- a + relax * (prior - a) + g * governance - v * harm by o and by those o backs
           + s * protection(o) + n * (mean attitude of kin - a)
    protection(o) = h[o, x] * near_o / (near_o + near_x + n_ref)

x is the worst threat: the organisation with the most remembered harm and hostile presence near.
Allegiance is a softmax over the organisations that are there to be followed, and nobody:

    allegiance_o = available_o * exp(a_o / T) / (1 + sum over all of available * exp(a / T))

available = min(1, governance + near / (near + n_ref)). A protector is taken when the threat passes
a threshold, and kept until another is clearly better (hysteresis): the Daoussak turned to French
forces, then to JNIM (CTP February 2023). Harm by a force also costs its host (blame).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.handles import bound
from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped, copy_row, held
from sim.streams import compiled, kernel

STAGGER = 4
"""Weeks between two renewals of a community's attitudes."""


@dataclass(frozen=True)
class Attitudes(Parameters):
    """Parameters of attitudes, allegiance and the choice of a protector. Rates are per renewal."""

    relax: float = quantity(
        0.08, unit="per renewal", low=0.0, high=0.5, source="judgement: history pulls back within a year"
    )
    governance: float = quantity(0.10, unit="1", low=0.0, high=1.0, source="Arjona 2016: governance earns obedience")
    harm: float = quantity(
        0.15,
        unit="per death in a thousand",
        low=-0.5,
        high=2.0,
        source="sign disputed: Condra & Shapiro 2012 against Lyall 2009",
    )
    blame: float = quantity(0.5, unit="share", low=0.0, high=1.0, source="judgement: harm by a partner costs its host")
    protection: float = quantity(0.30, unit="1", low=0.0, high=2.0, source="CTP February 2023: protection sought")
    kin: float = quantity(0.08, unit="per renewal", low=0.0, high=0.5, source="judgement: networks of kin")
    temperature: float = quantity(0.8, unit="1", low=0.2, high=3.0, source="judgement")
    near: float = quantity(40.0, unit="fighters", low=5.0, high=300.0, source="judgement: what is noticed in a cell")
    neighbour: float = quantity(0.3, unit="share", low=0.0, high=1.0, source="judgement: fighters next door count less")
    presence_threat: float = quantity(
        0.15, unit="deaths per thousand", low=0.0, high=2.0, source="judgement: feared before they strike"
    )
    half_life: float = quantity(
        26.0, unit="weeks", low=4.0, high=156.0, source="judgement: remembered harm halves in half a year"
    )
    threat: float = quantity(
        0.10, unit="deaths per thousand", low=0.0, high=2.0, source="judgement: when a protector is sought"
    )
    loyalty: float = quantity(1.3, unit="1", low=1.0, high=3.0, source="judgement: hysteresis of the choice")


AttitudesColumns = columns(Attitudes, __name__)


@compiled
def kin_means(world, state, lane, total, weight):  # type: ignore[no-untyped-def]
    """Fill `total` (kin, organisation) with mean attitudes of each network of kin, by people."""
    total[:] = 0.0
    weight[:] = 0.0
    kin, people, attitude = world.communities.kin, state.communities.people[lane], state.communities.attitude[lane]
    for k in range(kin.shape[0]):
        living, mind, sums = float(people[k]), attitude[k], total[kin[k]]
        weight[kin[k]] += living
        for o in range(sums.shape[0]):
            sums[o] += living * mind[o]
    for network in range(weight.shape[0]):
        part, sums = 1.0 / max(weight[network], 1.0), total[network]
        for o in range(sums.shape[0]):
            sums[o] *= part


@compiled
def fighters_near(world, state, p, at, near):  # type: ignore[no-untyped-def]
    """Fill `near` (organisation,): fighters in the cell, and some of those around it."""
    lane, c = at
    presence, neighbour = state.cells.presence[lane], world.cells.neighbour[c]
    share = p.neighbour[lane]
    copy_row(presence[c], near)
    for k in range(1, 9):
        if neighbour[k] >= 0:
            around = presence[neighbour[k]]
            for o in range(near.shape[0]):
                near[o] += share * around[o]


@compiled
def at_hand(near, governance, who):  # type: ignore[no-untyped-def]
    """Fill `who` with the organisations that are near or govern here; returns how many."""
    count = 0
    for o in range(near.shape[0]):
        if near[o] > 0.0 or governance[o] > 0.0:
            who[count] = o
            count += 1
    return count


@compiled
def worst_threat(p, lane, near, who, attitude, harm):  # type: ignore[no-untyped-def]
    """The organisation that a community fears most, and how much: (organisation or -1, threat)."""
    worst, most = -1, 0.0
    for x in who:
        if near[x] > 0.0:
            disliked = clipped(-attitude[x], 0.0, 2.0)
            there = near[x] / (near[x] + p.near[lane])
            danger = (harm[x] + p.presence_threat[lane] * disliked) * there
            if danger > most:
                worst, most = x, danger
    return worst, most


@compiled
def protections(p, lane, near, who, shield, offered):  # type: ignore[no-untyped-def]
    """Fill `offered` (organisation,): how well those at hand could protect people here from x.

    `shield` = (x, hostility by organisation, organisation and region, region).
    """
    x, hostility, r = shield
    offered[:] = 0.0
    if x < 0:
        return
    for o in who:
        if near[o] > 0.0:
            offered[o] = hostility[x, o, r] * near[o] / (near[o] + near[x] + p.near[lane])


@compiled
def harmed(harm):  # type: ignore[no-untyped-def]
    """Whether any harm is remembered."""
    for done in harm:  # noqa: SIM110 - kernels know no generators
        if done != 0.0:
            return True
    return False


@compiled
def blamed(host, harm, share, grudge):  # type: ignore[no-untyped-def]
    """Fill `grudge` (organisation,): harm laid at each door, its own and `share` of its guests'."""
    copy_row(harm, grudge)
    for f in range(host.shape[0]):
        if host[f] >= 0:
            grudge[host[f]] += share * harm[f]


@compiled
def remembered(host, harm, share, left, grudge):  # type: ignore[no-untyped-def]
    """Fill `grudge` as `blamed` does; of the harm itself `left` remains. Most people were never harmed."""
    if harmed(harm):
        blamed(host, harm, share, grudge)
        for o in range(harm.shape[0]):
            harm[o] *= left
    else:
        grudge[:] = 0.0


@compiled
def feel(p, lane, attitude, pulls, pushes):  # type: ignore[no-untyped-def]
    """Renew the attitudes of one community.

    `pulls` = (prior, attitudes of kin); `pushes` = (governance, grudge, protection offered, want of it).
    """
    prior, kin = pulls
    governance, grudge, offered, want = pushes
    relax, govern, harm, network = p.relax[lane], p.governance[lane], p.harm[lane], p.kin[lane]
    for o in range(attitude.shape[0]):
        a = attitude[o]
        change = relax * (prior[o] - a) + network * (kin[o] - a)
        change += govern * governance[o] - harm * min(grudge[o], 10.0) + want * offered[o]
        attitude[o] = clipped(a + change, -4.0, 4.0)


@compiled
def follow(p, lane, near, who, governance, mind):  # type: ignore[no-untyped-def]
    """Renew allegiance: shares over the organisations at hand, and nobody. `mind` = (attitude, allegiance)."""
    attitude, allegiance = mind
    allegiance[:] = 0.0
    total, noticed, sharpness = 1.0, p.near[lane], 1.0 / p.temperature[lane]
    for o in who:
        available = min(1.0, governance[o] + near[o] / (near[o] + noticed))
        allegiance[o] = available * math.exp(attitude[o] * sharpness)
        total += allegiance[o]
    part = 1.0 / total
    for o in who:
        allegiance[o] *= part


@compiled
def protector(p, lane, now, threat, who, offered, attitude):  # type: ignore[no-untyped-def]
    """The protector to take, keep, change or drop (-1); below the threshold nothing changes."""
    if threat < p.threat[lane]:
        return now
    best, most = np.int32(-1), 0.0
    for o in who:
        if offered[o] > 0.0:
            worth = offered[o] * math.exp(attitude[o]) * (p.loyalty[lane] if o == now else 1.0)
            if worth > most:
                best, most = o, worth
    return best


@compiled
def welcome(world, state, at):  # type: ignore[no-untyped-def]
    """Renew the allegiance of the cell's people as a whole."""
    lane, c = at
    total, people, allegiance = 0.0, state.communities.people[lane], state.communities.allegiance[lane]
    mean = state.cells.welcome[lane, c]
    mean[:] = 0.0
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        living, shares = float(people[k]), allegiance[k]
        total += living
        for o in range(mean.shape[0]):
            mean[o] += living * shares[o]
    part = 1.0 / max(total, 1.0)
    for o in range(mean.shape[0]):
        mean[o] *= part


@compiled
def reconsider(world, state, p, at, who, scratch):  # type: ignore[no-untyped-def]
    """A renewal of all communities of one cell; `who` are the organisations at hand."""
    lane, c = at
    near, grudge, offered, kin = scratch
    hostility = state.relations.hostility[lane]
    mind, governance, host = state.communities, state.cells.governance[lane, c], world.organisations.host
    left = 0.5 ** (STAGGER / p.half_life[lane])
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        attitude, harm = mind.attitude[lane, k], mind.harm[lane, k]
        x, threat = worst_threat(p, lane, near, who, attitude, harm)
        protections(p, lane, near, who, (x, hostility, world.cells.region[c]), offered)
        remembered(host, harm, p.blame[lane], left, grudge)
        want = p.protection[lane] * min(threat, 1.0)
        pulls = (world.communities.prior[k], kin[world.communities.kin[k]])
        feel(p, lane, attitude, pulls, (governance, grudge, offered, want))
        follow(p, lane, near, who, governance, (attitude, mind.allegiance[lane, k]))
        now = mind.protector[lane, k]
        mind.protector[lane, k] = protector(p, lane, now, threat, who, offered, attitude)
        mind.fear[lane, k] *= left


@kernel
def attitudes_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `attitudes`."""
    organisations, networks = world.organisations.kind.shape[0], world.communities.kin.max() + 1
    kin, weight, who = np.empty((networks, organisations)), np.empty(networks), np.empty(organisations, np.int32)
    near, grudge, offered = np.empty(organisations), np.empty(organisations), np.empty(organisations)
    for lane in range(state.units.fighters.shape[0]):
        kin_means(world, state, lane, kin, weight)
        for c in range(world.cells.gid.shape[0]):
            inhabited = world.communities.first[c + 1] > world.communities.first[c]
            if inhabited and (world.cells.gid[c] + streams.week) % STAGGER == 0:
                fighters_near(world, state, p, (lane, c), near)
                count = at_hand(near, state.cells.governance[lane, c], who)
                reconsider(world, state, p, (lane, c), who[:count], (near, grudge, offered, kin))
                welcome(world, state, (lane, c))


def attitudes(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Attitudes, allegiance and protectors of a quarter of the communities."""
    attitudes_kernel(bound(world), bound(state), held(parameters), streams)
