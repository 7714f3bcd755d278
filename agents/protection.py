"""Protection: communities turn to whoever can shield them from what threatens them most.

    threat_x = (harm by x + presence_threat * dislike of x * (1 - discipline of x)) * near_x / (near_x + n_ref)
    offer_o  = h[o, x] * m_o / (m_o + m_x + n_ref)
    m_o      = near_o * worth of a fighter * (1 + backing * support that o is given)

x is the largest threat, h the hostility between o and x in the region. Near counts fighters in the
cell, some of those next door, none who are shut in. Whoever offers something is thought better of,
by how much it is wanted. Once the threat passes a threshold, a community takes the protector with
the largest worth = offer * exp(liking * attitude), leaving out offers that are too small; the one that it has
counts `loyalty` times (hysteresis). A protector that is gone, or does not oppose the worst threat, is lost:
the community looks again. So a people whose foreign partner leaves turns to a rival of those who
threaten it, as Daoussak groups turned from French forces to JNIM (CTP February 2023). Forms:
*worth*; *strength*, the best offer whoever makes it (Kalyvas 2006: people side with who can shield
them); *affinity*, the best liked of those who offer enough (kin and history first); *off*.
A protector is followed (`community`), joined (`recruitment`) and spares its clients (`civilians`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from agents.surroundings import fighters_near, present
from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import clipped
from sim.processes.turns import list_turn
from sim.streams import compiled, inlined, kernel

STRENGTH, AFFINITY, NOBODY_LOOKS = 1, 2, 3


@dataclass(frozen=True)
class Protection(Parameters):
    """Parameters of the search for a protector."""

    choice: str = form(
        "worth", "strength", "affinity", "off", source="CTP February 2023; strength: Kalyvas 2006; affinity: judgement"
    )
    gratitude: float = quantity(
        0.30, unit="per renewal", low=0.0, high=2.0, source="CTP February 2023: protection earns support"
    )
    near: float = quantity(40.0, unit="fighters", low=5.0, high=300.0, source="judgement: what is noticed in a cell")
    neighbour: float = quantity(0.3, unit="share", low=0.0, high=1.0, source="judgement: fighters next door count less")
    presence_threat: float = quantity(
        0.20, unit="deaths per thousand", low=0.0, high=2.0, source="judgement: feared before they strike"
    )
    backing: float = quantity(
        1.0, unit="1", low=0.0, high=5.0, source="CTP February 2023: militias were worth less once their partner left"
    )
    threat: float = quantity(
        0.06, unit="deaths per thousand", low=0.0, high=2.0, source="judgement: when a protector is sought"
    )
    liking: float = quantity(
        0.35, unit="1", low=0.0, high=3.0, source="judgement: history counts, but need counts more"
    )
    enough: float = quantity(0.12, unit="share", low=0.0, high=0.9, source="judgement: less protects nobody")
    loyalty: float = quantity(1.3, unit="1", low=1.0, high=3.0, source="judgement: hysteresis of the choice")


ProtectionColumns = columns(Protection, __name__)


@compiled
def add_worth(support, quality, p, lane, backed):  # type: ignore[no-untyped-def]
    """Fill `backed` (organisation,): worth of a fighter, by 1 + backing * all the support that is given."""
    backed[:] = 1.0
    for a in range(backed.shape[0]):
        for o in range(backed.shape[0]):
            backed[o] += p.backing[lane] * support[a, o]
    for o in range(backed.shape[0]):
        backed[o] *= quality[o]


@compiled
def worst_threat(p, lane, notice, who, mind, discipline):  # type: ignore[no-untyped-def]
    """What a community fears most, and how much: (organisation or -1, threat).

    `notice` (organisation,) says how much each is noticed, `mind` = (attitude, harm).
    """
    attitude, harm = mind
    worst, most = -1, 0.0
    for x in who:
        disliked = clipped(-attitude[x], 0.0, 2.0) * (1.0 - discipline[x])
        danger = (harm[x] + p.presence_threat[lane] * disliked) * notice[x]
        if danger > most:
            worst, most = x, danger
    return worst, most


@inlined
def offer(hostility, strength, feared, n_ref):  # type: ignore[no-untyped-def]
    """How well people could be shielded, in [0, 1): the formula of the module's docstring."""
    return hostility * strength / (strength + feared + n_ref)


@compiled
def offers(p, lane, hostility, place, who, scratch):  # type: ignore[no-untyped-def]
    """Fill `offered` with what those at hand offer against x; `place` = (x, region)."""
    x, r = place
    near, backed, offered = scratch
    for o in who:
        offered[o] = offer(hostility[x, o, r], near[o] * backed[o], near[x] * backed[x], p.near[lane])


@inlined
def worth(choice, offered, liking):  # type: ignore[no-untyped-def]
    """What a protector is worth; `liking` is the attitude to it, by its weight."""
    if choice == STRENGTH:
        return offered
    return math.exp(liking) if choice == AFFINITY else offered * math.exp(liking)


@compiled
def best_protector(p, lane, now, who, offered, attitude):  # type: ignore[no-untyped-def]
    """Who of those at hand is worth most, with loyalty to the one there is `now`; -1 if nobody will do."""
    best, most = np.int32(-1), 0.0
    for o in who:
        if offered[o] > p.enough[lane]:
            value = worth(p.choice[lane], offered[o], p.liking[lane] * attitude[o])
            value *= p.loyalty[lane] if o == now else 1.0
            if value > most:
                best, most = np.int32(o), value
    return best


@compiled
def thank(thanks, who, offered, attitude):  # type: ignore[no-untyped-def]
    """Think better of those who offer something."""
    for o in who:
        if offered[o] > 0.0:
            attitude[o] = clipped(attitude[o] + thanks * offered[o], -4.0, 4.0)


@compiled
def seek(world, state, p, at, who, scratch):  # type: ignore[no-untyped-def]
    """The communities of one cell look for protection; `who` has fighters near."""
    lane, c = at
    near, backed, offered, notice = scratch
    mind, hostility, r, feared = state.communities, state.relations.hostility[lane], world.cells.region[c], -1
    for o in who:
        notice[o] = near[o] / (near[o] + p.near[lane])
    for k in range(world.communities.first[c], world.communities.first[c + 1]):
        attitude, now = mind.attitude[lane, k], mind.protector[lane, k]
        feelings = (attitude, mind.harm[lane, k])
        x, threat = worst_threat(p, lane, notice, who, feelings, state.organisations.discipline[lane])
        if now >= 0 and near[now] <= 0.0:
            mind.protector[lane, k] = -1
        if x >= 0:
            if x != feared:
                offers(p, lane, hostility, (x, r), who, (near, backed, offered))
                feared = x
            thank(p.gratitude[lane] * min(threat, 1.0), who, offered, attitude)
            if threat >= p.threat[lane]:
                mind.protector[lane, k] = best_protector(p, lane, now, who, offered, attitude)


@compiled
def look_around(world, state, p, lane, cells, scratch):  # type: ignore[no-untyped-def]
    """All communities in `cells` look for protection."""
    near, backed, offered, notice, who = scratch
    first = world.communities.first
    add_worth(state.relations.support[lane], world.organisations.quality, p, lane, backed)
    for c in cells:
        if first[c + 1] > first[c]:
            fighters_near(world, state, p.neighbour[lane], (lane, c), near)
            count = present(near, who)
            seek(world, state, p, (lane, c), who[:count], (near, backed, offered, notice))


@kernel
def protection_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `protection`."""
    organisations, turn = world.organisations.kind.shape[0], np.empty_like(world.cells.region)
    near, backed = np.empty(organisations), np.empty(organisations)
    scratch = (near, backed, np.empty(organisations), np.empty(organisations), np.empty(organisations, np.int32))
    cells = turn[: list_turn(world, streams.week, turn)]
    for lane in range(state.units.fighters.shape[0]):
        if p.choice[lane] != NOBODY_LOOKS:
            look_around(world, state, p, lane, cells, scratch)


protection = Link(protection_kernel)
"""Threats, gratitude and protectors of a quarter of the communities."""
