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

from sim.parameters import Parameters, columns, quantity
from sim.processes.common import clipped
from sim.streams import compiled, inlined

STAGGER = 4
"""Weeks between two renewals of a community's attitudes."""


@dataclass(frozen=True)
class Attitudes(Parameters):
    """Parameters of attitudes, allegiance and the choice of a protector. Rates are per renewal."""

    relax: float = quantity(0.08, unit="per renewal", low=0.0, high=0.5, source="judgement: history pulls back within a year")
    governance: float = quantity(0.10, unit="1", low=0.0, high=1.0, source="Arjona 2016: governance earns obedience")
    harm: float = quantity(0.15, unit="per death in a thousand", low=-0.5, high=2.0, source="sign disputed: Condra & Shapiro 2012 against Lyall 2009")
    blame: float = quantity(0.5, unit="share", low=0.0, high=1.0, source="judgement: harm by a partner costs its host")
    protection: float = quantity(0.30, unit="1", low=0.0, high=2.0, source="CTP February 2023: protection sought")
    kin: float = quantity(0.08, unit="per renewal", low=0.0, high=0.5, source="judgement: networks of kin")
    temperature: float = quantity(0.8, unit="1", low=0.2, high=3.0, source="judgement")
    near: float = quantity(40.0, unit="fighters", low=5.0, high=300.0, source="judgement: what is noticed in a cell")
    neighbour: float = quantity(0.3, unit="share", low=0.0, high=1.0, source="judgement: fighters next door count less")
    presence_threat: float = quantity(0.15, unit="deaths per thousand", low=0.0, high=2.0, source="judgement: feared before they strike")
    half_life: float = quantity(26.0, unit="weeks", low=4.0, high=156.0, source="judgement: remembered harm halves in half a year")
    threat: float = quantity(0.10, unit="deaths per thousand", low=0.0, high=2.0, source="judgement: when a protector is sought")
    loyalty: float = quantity(1.3, unit="1", low=1.0, high=3.0, source="judgement: hysteresis of the choice")


AttitudesColumns = columns(Attitudes, __name__)


@compiled
def kin_means(world, state, lane, total, weight):  # type: ignore[no-untyped-def]
    """Fill `total` (kin, organisation) with mean attitudes of each network of kin, by people."""
    total[:] = 0.0
    weight[:] = 0.0
    kin, people, attitude = world.communities.kin, state.communities.people[lane], state.communities.attitude[lane]
    for k in range(kin.shape[0]):
        weight[kin[k]] += people[k]
        for o in range(total.shape[1]):
            total[kin[k], o] += people[k] * attitude[k, o]
    for network in range(weight.shape[0]):
        for o in range(total.shape[1]):
            total[network, o] /= max(weight[network], 1.0)


@compiled
def fighters_near(world, state, p, at, near):  # type: ignore[no-untyped-def]
    """Fill `near` (organisation,): fighters in the cell, and some of those around it."""
    lane, c = at
    presence, neighbour = state.cells.presence[lane], world.cells.neighbour[c]
    near[:] = presence[c]
    for k in range(1, 9):
        if neighbour[k] >= 0:
            around = presence[neighbour[k]]
            for o in range(near.shape[0]):
                near[o] += p.neighbour[lane] * around[o]


@compiled
def worst_threat(world, state, p, lane, k, near):  # type: ignore[no-untyped-def]
    """The organisation that the community fears most, and how much: (organisation or -1, threat)."""
    worst, most = -1, 0.0
    attitude, harm = state.communities.attitude[lane, k], state.communities.harm[lane, k]
    for x in range(near.shape[0]):
        if near[x] > 0.0:
            disliked = clipped(-attitude[x], 0.0, 2.0)
            there = near[x] / (near[x] + p.near[lane])
            danger = (harm[x] + p.presence_threat[lane] * disliked) * there
            if danger > most:
                worst, most = x, danger
    return worst, most


@compiled
def protections(world, state, p, at, x, near, offered):  # type: ignore[no-untyped-def]
    """Fill `offered` (organisation,): how well each could shield people here from x, in [0, 1]."""
    lane, c = at
    offered[:] = 0.0
    if x < 0:
        return
    hostility, r = state.relations.hostility[lane, x], world.cells.region[c]
    for o in range(near.shape[0]):
        if near[o] > 0.0:
            offered[o] = hostility[o, r] * near[o] / (near[o] + near[x] + p.near[lane])


@compiled
def grudges(world, state, p, lane, k, grudge):  # type: ignore[no-untyped-def]
    """Fill `grudge` (organisation,): harm laid at each door, its own and part of its guests'."""
    harm, host = state.communities.harm[lane, k], world.organisations.host
    grudge[:] = harm
    for f in range(grudge.shape[0]):
        if host[f] >= 0:
            grudge[host[f]] += p.blame[lane] * harm[f]


@compiled
def feel(world, state, p, at, k, local, kin):  # type: ignore[no-untyped-def]
    """Renew the attitudes of one community; returns how much its worst threat is feared."""
    lane, c = at
    near, grudge, offered = local
    grudges(world, state, p, lane, k, grudge)
    x, threat = worst_threat(world, state, p, lane, k, near)
    protections(world, state, p, at, x, near, offered)
    attitude, prior = state.communities.attitude[lane, k], world.communities.prior[k]
    governance, sought = state.cells.governance[lane, c], p.protection[lane] * min(threat, 1.0)
    relax, govern, harm, network = p.relax[lane], p.governance[lane], p.harm[lane], p.kin[lane]
    for o in range(near.shape[0]):
        a = attitude[o]
        change = relax * (prior[o] - a) + network * (kin[o] - a)
        change += govern * governance[o] - harm * min(grudge[o], 10.0) + sought * offered[o]
        attitude[o] = clipped(a + change, -4.0, 4.0)
    return threat


@compiled
def follow(world, state, p, at, k, near):  # type: ignore[no-untyped-def]
    """Renew allegiance: shares over the organisations that are there to be followed, and nobody."""
    lane, c = at
    governance, attitude = state.cells.governance[lane, c], state.communities.attitude[lane, k]
    allegiance, total = state.communities.allegiance[lane, k], 1.0
    for o in range(near.shape[0]):
        available, weight = min(1.0, governance[o] + near[o] / (near[o] + p.near[lane])), 0.0
        if available > 1e-3:
            weight = available * math.exp(attitude[o] / p.temperature[lane])
        allegiance[o] = weight
        total += weight
    for o in range(near.shape[0]):
        allegiance[o] /= total


@compiled
def seek_protector(state, p, lane, k, threat, offered):  # type: ignore[no-untyped-def]
    """Take, keep, change or drop a protector; below the threshold nothing changes."""
    now, attitude = state.communities.protector[lane, k], state.communities.attitude[lane, k]
    if threat < p.threat[lane]:
        return
    best, most = -1, 0.0
    for o in range(offered.shape[0]):
        if offered[o] > 0.0:
            worth = offered[o] * math.exp(attitude[o]) * (p.loyalty[lane] if o == now else 1.0)
            if worth > most:
                best, most = o, worth
    state.communities.protector[lane, k] = best


@compiled
def fade(state, p, lane, k):  # type: ignore[no-untyped-def]
    """Remembered harm and fear decay over the weeks since the last renewal."""
    left = 0.5 ** (STAGGER / p.half_life[lane])
    state.communities.fear[lane, k] *= left
    harm = state.communities.harm[lane, k]
    for o in range(harm.shape[0]):
        harm[o] *= left


@compiled
def welcome(world, state, at):  # type: ignore[no-untyped-def]
    """Renew the allegiance of the cell's people as a whole."""
    lane, c = at
    total, people, allegiance = 0.0, state.communities.people[lane], state.communities.allegiance[lane]
    mean = state.cells.welcome[lane, c]
    mean[:] = 0.0
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        total += people[k]
        for o in range(mean.shape[0]):
            mean[o] += people[k] * allegiance[k, o]
    for o in range(mean.shape[0]):
        mean[o] /= max(total, 1.0)


@compiled
def attitudes_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    organisations = world.organisations.kind.shape[0]
    networks = world.communities.kin.max() + 1
    kin, weight, near = np.empty((networks, organisations)), np.empty(networks), np.empty(organisations)
    grudge, offered = np.empty(organisations), np.empty(organisations)
    for lane in range(state.units.fighters.shape[0]):
        kin_means(world, state, lane, kin, weight)
        for c in range(world.cells.gid.shape[0]):
            if (world.cells.gid[c] + streams.week) % STAGGER != 0:
                continue
            fighters_near(world, state, p, (lane, c), near)
            for k in range(world.communities.first[c], world.communities.first[c + 1]):
                threat = feel(world, state, p, (lane, c), k, (near, grudge, offered), kin[world.communities.kin[k]])
                follow(world, state, p, (lane, c), k, near)
                seek_protector(state, p, lane, k, threat, offered)
                fade(state, p, lane, k)
            welcome(world, state, (lane, c))


def attitudes(world, state, parameters, streams):  # type: ignore[no-untyped-def]
    """Attitudes, allegiance and protectors of a quarter of the communities."""
    attitudes_kernel(world.handle, state.handle, parameters, streams)
