"""Backfire: what harm does to the standing of those who did it, and of those who stand behind them.

A community remembers the deaths that each organisation f caused among it, per thousand people. It
lays them at f's door, at that of f's host, and at that of every patron a by what a gives f:

    grudge_o = laid_o + host * (sum of laid_f over guests f of o) + patron * (sum of support[o, f] * laid_f)
    laid_f   = harm_f * (1 + asymmetry where f is an insurgent)
    a_o      <- a_o - harm * g(grudge_o)

Form *linear* has g(x) = min(x, 10), form *numbing* g(x) = log(1 + x): the first dead count most. The
sign of `harm` is disputed. Harm turned people against those who did it in Iraq (Condra and Shapiro
2012, AJPS 56) and Vietnam (Kocher, Pepinsky and Kalyvas 2011, AJPS 55); Chechen villages that had
been shelled saw fewer attacks (Lyall 2009, JCR 53). Insurgents were blamed less than foreign troops
for like harm in Afghanistan (Lyall, Blair and Imai 2013, APSR 107), and as much in Iraq: `asymmetry`
crosses zero too. Memory and fear fade by half in `half_life` weeks. Fear acts in `community`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.chain import Link
from sim.parameters import Parameters, columns, form, quantity
from sim.processes.common import clipped, some
from sim.processes.turns import TURNS, list_turn
from sim.streams import compiled, inlined, kernel
from sim.world import Kind

NUMBING, UNMOVED = 1, 2
FORGOTTEN = 1e-4
MOST = 10.0
"""Deaths per thousand beyond which harm counts no more in the linear form."""


@dataclass(frozen=True)
class Backfire(Parameters):
    """Parameters of backfire and of memory."""

    effect: str = form("linear", "numbing", "off", source="judgement; numbing: Slovic 2007, JDM 2(2)")
    harm: float = quantity(
        0.15,
        unit="per death in a thousand",
        low=-0.5,
        high=2.0,
        source="sign disputed: Condra & Shapiro 2012 against Lyall 2009",
    )
    host: float = quantity(0.5, unit="share", low=0.0, high=1.0, source="judgement: harm by a guest costs its host")
    patron: float = quantity(
        0.4, unit="share", low=0.0, high=1.0, source="judgement: who arms and covers a force answers for it"
    )
    asymmetry: float = quantity(
        -0.2, unit="share", low=-1.0, high=1.0, source="sign disputed: Lyall, Blair & Imai 2013; Condra & Shapiro 2012"
    )
    half_life: float = quantity(
        26.0, unit="weeks", low=4.0, high=156.0, source="judgement: harm and fear are half gone after half a year"
    )


BackfireColumns = columns(Backfire, __name__)


@compiled
def list_answers(world, support, p, lane, answer):  # type: ignore[no-untyped-def]
    """Fill `answer` (f, a): how far a answers for what f does, as its host or its patron."""
    for f in range(answer.shape[0]):
        for a in range(answer.shape[1]):
            host = a == world.organisations.host[f]
            answer[f, a] = p.host[lane] if host else p.patron[lane] * support[a, f]


@compiled
def blame(kind, answer, asymmetry, harm, grudge):  # type: ignore[no-untyped-def]
    """Fill `grudge` (organisation,): harm laid at each door, its own, its guests' and its clients'."""
    grudge[:] = 0.0
    for f in range(harm.shape[0]):
        if harm[f] > 0.0:
            laid, answering = harm[f] * (1.0 + (asymmetry if kind[f] <= Kind.REBEL else 0.0)), answer[f]
            grudge[f] += laid
            for a in range(grudge.shape[0]):
                grudge[a] += answering[a] * laid


@inlined
def weighed(p, lane, grudge):  # type: ignore[no-untyped-def]
    """How much a grudge counts: the function g of the module's docstring."""
    return math.log1p(grudge) if p.effect[lane] == NUMBING else min(grudge, MOST)


@compiled
def resent(p, lane, grudge, attitude):  # type: ignore[no-untyped-def]
    """Let a community's attitudes answer to its grudges."""
    for o in range(attitude.shape[0]):
        if grudge[o] > 0.0:
            attitude[o] = clipped(attitude[o] - p.harm[lane] * weighed(p, lane, grudge[o]), -4.0, 4.0)


@inlined
def fading(memory, left):  # type: ignore[no-untyped-def]
    """What is left of a memory; the faintest is forgotten."""
    return memory * left if memory * left > FORGOTTEN else 0.0


@compiled
def review(world, state, p, at, left, scratch):  # type: ignore[no-untyped-def]
    """Grudges of one community at `at` = (lane, community); of what it remembers, the share `left` stays.

    `scratch` = (room for grudges, who answers for whom).
    """
    (lane, k), (grudge, answer) = at, scratch
    harm = state.communities.harm[lane, k]
    if p.effect[lane] != UNMOVED:
        blame(world.organisations.kind, answer, p.asymmetry[lane], harm, grudge)
        resent(p, lane, grudge, state.communities.attitude[lane, k])
    for o in range(harm.shape[0]):
        harm[o] = fading(harm[o], left)
    state.communities.fear[lane, k] = fading(state.communities.fear[lane, k], left)


@compiled
def review_all(world, state, p, lane, cells, scratch):  # type: ignore[no-untyped-def]
    """All communities of some cells who remember anything; `scratch` = (room for grudges, for who answers for whom)."""
    left, first = 0.5 ** (TURNS / p.half_life[lane]), world.communities.first
    fear, harm = state.communities.fear[lane], state.communities.harm[lane]
    list_answers(world, state.relations.support[lane], p, lane, scratch[1])
    for c in cells:
        for k in range(first[c], first[c + 1]):
            if fear[k] > 0.0 or some(harm[k]):
                review(world, state, p, (lane, k), left, scratch)


@kernel
def backfire_kernel(world, state, p, streams):  # type: ignore[no-untyped-def]
    """Compiled `backfire`."""
    organisations, turn = world.organisations.kind.shape[0], np.empty_like(world.cells.region)
    grudge, answer = np.empty(organisations), np.empty((organisations, organisations))
    cells = turn[: list_turn(world, streams.week, turn)]
    for lane in range(state.units.fighters.shape[0]):
        review_all(world, state, p, lane, cells, (grudge, answer))


backfire = Link(backfire_kernel)
"""Grudges of a quarter of the communities; memory and fear fade."""
