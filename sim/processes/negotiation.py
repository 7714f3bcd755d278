"""Negotiation: every fourth week the prospect of talks with jihadist groups, what it calms, and who lets aid in.

    target = sigma(base + stalemate * S + mediators * M - links * l - intent * i - success * W - atrocity * A)
    T <- T + drift * (target - T),    g = max(0, T - threshold) / (1 - threshold)

S is the smaller of the hurt of both sides (losses per thousand, saturating): talks ripen when both bleed and
neither wins (Zartman 2000, Ripeness). W is by how much the group bleeds more than the state: one that wins
does not offer terms. l and i are links and intent abroad, which bind a group to others' wars (CTC Sentinel 2025);
M the best mediator, an ex-rebel organisation at peace with both sides and near in kin (Sahel Blog 2020);
A remembered killing of civilians by either side. Talks that progress (g > 0) calm the war between the group
and the armies, region by region, and less where it is still fought; when they fail, hostility returns:

    h <- min(h + ease * (rest * (1 - calm * g * (1 - v)) - h), ceiling),  v = losses / (losses + half)

Humanitarian access follows who controls the ground and how much is fought: states let aid in unless they
repress, groups by their discipline toward civilians and by the talks (CTC Sentinel 2025: aid is admitted or
banned by the group that holds the area). In the rival form `no_access` groups let nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import is_insurgent, logistic, some
from sim.processes.politics import governs_state, lost_per_thousand, saturating
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

EVERY = 4
"""Weeks between two reviews."""

RIPENESS, NO_ACCESS, OFF = 0, 1, 2


@dataclass(frozen=True)
class Negotiation(Parameters):
    """Parameters of talks and of humanitarian access."""

    form: str = form("ripeness", "no_access", "off", source="Zartman 2000; rival: aid is refused whatever the talks")
    drift: float = quantity(0.15, unit="per review", low=0.0, high=1.0, source="judgement: talks take months")
    base: float = quantity(-0.5, unit="log-odds", low=-4.0, high=4.0, source="judgement: talks are the exception")
    stalemate: float = quantity(2.0, unit="log-odds", low=0.0, high=6.0, source="Zartman 2000: a hurting stalemate")
    success: float = quantity(
        1.0, unit="log-odds", low=-2.0, high=4.0, source="sign disputed: winners refuse, losers give in"
    )
    mediators: float = quantity(1.0, unit="log-odds", low=0.0, high=4.0, source="Sahel Blog 2020: the CMA mediates")
    links: float = quantity(2.0, unit="log-odds", low=0.0, high=6.0, source="CTC Sentinel 2025")
    intent: float = quantity(2.0, unit="log-odds", low=0.0, high=6.0, source="CTC Sentinel 2025")
    atrocity: float = quantity(1.5, unit="log-odds", low=0.0, high=6.0, source="judgement: fresh graves end talks")
    group_half: float = quantity(80.0, unit="fighters per thousand", low=1.0, high=500.0, source="judgement")
    state_half: float = quantity(10.0, unit="troops per thousand", low=0.5, high=100.0, source="judgement")
    atrocity_half: float = quantity(300.0, unit="remembered deaths", low=10.0, high=5000.0, source="judgement")
    threshold: float = quantity(0.3, unit="prospect", low=0.0, high=0.95, source="judgement")
    calm: float = quantity(0.8, unit="share", low=0.0, high=1.0, source="judgement: local ceasefires hold in part")
    ease: float = quantity(0.3, unit="per review", low=0.0, high=1.0, source="judgement: within a season")
    calm_half: float = quantity(80.0, unit="deaths in a quarter", low=1.0, high=500.0, source="judgement")
    admit: float = quantity(0.25, unit="per review", low=0.0, high=1.0, source="judgement: aid returns in months")
    fighting_half: float = quantity(150.0, unit="deaths in a quarter", low=5.0, high=2000.0, source="judgement")


NegotiationColumns = columns(Negotiation, __name__)


@inlined
def hostile(state, lane, a, b):  # type: ignore[no-untyped-def]
    """Hostility of a toward b, by where a's effort lies."""
    total, effort, hostility = 0.0, state.organisations.effort[lane, a], state.relations.hostility[lane, a, b]
    for r in range(effort.shape[0]):
        total += effort[r] * hostility[r]
    return total


@compiled
def remembered(state, lane, dead):  # type: ignore[no-untyped-def]
    """Fill `dead` (organisation,): civilians whom each killed, as far as they are remembered."""
    dead[:] = 0.0
    people, harm = state.communities.people[lane], state.communities.harm[lane]
    for k in range(harm.shape[0]):
        row = harm[k]
        if some(row):
            for o in range(row.shape[0]):
                dead[o] += row[o] * people[k] / 1000.0


@compiled
def hurts(world, state, p, lane, hurt):  # type: ignore[no-untyped-def]
    """Fill `hurt` (organisation,): how much each bleeds, in [0, 1]; groups bear more than armies."""
    for o in range(hurt.shape[0]):
        half = p.group_half[lane] if is_insurgent(world.organisations.kind[o]) else p.state_half[lane]
        hurt[o] = saturating(lost_per_thousand(world, state, lane, o), half)


@compiled
def state_hurt(world, state, lane, o, hurt):  # type: ignore[no-untyped-def]
    """How much the army that bleeds most in its war with o is hurt, in [0, 1]."""
    worst = 0.0
    for s in range(hurt.shape[0]):
        if governs_state(world, s):
            worst = max(worst, hostile(state, lane, o, s) * hurt[s])
    return worst


@compiled
def at_peace(world, state, lane, m):  # type: ignore[no-untyped-def]
    """1 less the greatest hostility between organisation m and an army."""
    worst = 0.0
    for s in range(world.organisations.kind.shape[0]):
        if governs_state(world, s):
            worst = max(worst, hostile(state, lane, m, s))
    return 1.0 - worst


@compiled
def mediator(world, state, lane, o):  # type: ignore[no-untyped-def]
    """How good the best mediator between o and the states is, in [0, 1]."""
    best = 0.0
    for m in range(world.organisations.kind.shape[0]):
        if world.organisations.kind[m] == Kind.REBEL:
            near = 0.5 + 0.5 * world.organisations.kin[o, m]
            best = max(best, near * (1.0 - hostile(state, lane, o, m)) * at_peace(world, state, lane, m))
    return best


@compiled
def atrocity(world, state, p, lane, o, dead):  # type: ignore[no-untyped-def]
    """How heavily killings of civilians by o and by the armies at war with it weigh, in [0, 1]."""
    total = dead[o]
    for s in range(dead.shape[0]):
        if governs_state(world, s) and dead[s] > 0.0:
            total += hostile(state, lane, o, s) * dead[s]
    return saturating(total, p.atrocity_half[lane])


@compiled
def target(world, state, p, lane, o, dead, hurt):  # type: ignore[no-untyped-def]
    """The prospect of talks that o drifts toward; the formula of the module's docstring."""
    own, group, army = state.organisations, hurt[o], state_hurt(world, state, lane, o, hurt)
    x = p.base[lane] + p.stalemate[lane] * min(group, army) - p.success[lane] * max(group - army, 0.0)
    x += p.mediators[lane] * mediator(world, state, lane, o) - p.links[lane] * own.links[lane, o]
    x -= p.intent[lane] * own.intent[lane, o] + p.atrocity[lane] * atrocity(world, state, p, lane, o, dead)
    return logistic(x)


@inlined
def progress(state, p, lane, o):  # type: ignore[no-untyped-def]
    """How far talks with o have come beyond the mere prospect, in [0, 1]."""
    return max(0.0, state.organisations.talks[lane, o] - p.threshold[lane]) / (1.0 - p.threshold[lane])


@compiled
def calm(world, state, p, lane, o, country):  # type: ignore[no-untyped-def]
    """Ease (or let return) the war between o and every army, in the regions of the army's country."""
    gone, losses, relations = progress(state, p, lane, o), state.organisations.losses[lane], state.relations
    for s in range(world.organisations.kind.shape[0]):
        if not governs_state(world, s):
            continue
        for r in range(country.shape[0]):
            if country[r] == world.organisations.country[s]:
                fought = saturating(losses[o, r] + losses[s, r], p.calm_half[lane])
                goal = relations.rest[lane, o, s, r] * (1.0 - p.calm[lane] * gone * (1.0 - fought))
                now = relations.hostility[lane, o, s, r]
                later = min(now + p.ease[lane] * (goal - now), relations.ceiling[lane, o, s, r])
                relations.hostility[lane, o, s, r] = later
                relations.hostility[lane, s, o, r] = later


@inlined
def permit(world, state, p, lane, o, r):  # type: ignore[no-untyped-def]
    """Share of aid that o lets into the ground that it holds in region r."""
    if not is_insurgent(world.organisations.kind[o]):
        return 1.0 - state.policies.repression[lane, r]
    if p.form[lane] == NO_ACCESS:
        return 0.0
    own = state.organisations.discipline[lane, o]
    return own + (1.0 - own) * progress(state, p, lane, o)


@compiled
def admitted(world, state, p, lane, c):  # type: ignore[no-untyped-def]
    """Share of aid that those who control cell c let in; nobody's land is open."""
    share, closed, r = state.cells.share[lane, c], 0.0, world.cells.region[c]
    for o in range(share.shape[0]):
        if share[o] > 1e-3:
            closed += share[o] * (1.0 - permit(world, state, p, lane, o, r))
    return 1.0 - closed


@compiled
def access(world, state, p, lane, sums):  # type: ignore[no-untyped-def]
    """Move humanitarian access in every region; `sums` (region, 2): people, and people whom aid may reach."""
    sums[:] = 0.0
    first, people = world.communities.first, state.communities.people[lane]
    for c in range(world.cells.gid.shape[0]):
        living, r = 0.0, world.cells.region[c]
        for k in range(first[c], first[c + 1]):
            living += people[k]
        sums[r, 0] += living
        sums[r, 1] += living * admitted(world, state, p, lane, c)
    for r in range(sums.shape[0]):
        if sums[r, 0] > 0.0:
            fought = 0.0
            for o in range(world.organisations.kind.shape[0]):
                fought += state.organisations.losses[lane, o, r]
            goal = sums[r, 1] / sums[r, 0] * (1.0 - saturating(fought, p.fighting_half[lane]))
            state.policies.access[lane, r] += p.admit[lane] * (goal - state.policies.access[lane, r])


@kernel
def negotiation_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `negotiation`."""
    if streams.week % EVERY != 0:
        return
    organisations, regions = world.organisations.kind.shape[0], state.policies.access.shape[1]
    dead, hurt = np.empty(organisations), np.empty(organisations)
    sums, country = np.empty((regions, 2)), np.full(regions, -1)
    for c in range(world.cells.region.shape[0]):
        country[world.cells.region[c]] = world.cells.country[c]
    for lane in range(state.units.fighters.shape[0]):
        if p.form[lane] == OFF:
            continue
        remembered(state, lane, dead)
        hurts(world, state, p, lane, hurt)
        for o in range(organisations):
            if world.organisations.kind[o] == Kind.JIHADIST:
                goal = target(world, state, p, lane, o, dead, hurt)
                state.organisations.talks[lane, o] += p.drift[lane] * (goal - state.organisations.talks[lane, o])
                calm(world, state, p, lane, o, country)
        access(world, state, p, lane, sums)


negotiation = Link(negotiation_kernel)
"""Review talks, the wars that they calm, and humanitarian access, every fourth week."""
