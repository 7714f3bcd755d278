"""Ties: how coalitions stand to each other where they meet, counted at the dates of the maps.

Organisations a and b of two coalitions meet in region r as far as both have fighters there:

    contact(a, b, r) = fighters of a in r * fighters of b in r

and the contact of two coalitions is shared out over the stances that their organisations have, region by
region: a truce where a ceiling holds hostility down, else by hostility, see `STANCES`. Cover is what one
coalition gives another of air cover and rescue: for each organisation of the receiver the best that it
gets from the giver, mean over the receiver's fighters.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.axes import Real
from sim.handles import bound
from sim.state import State
from sim.streams import inlined, kernel
from sim.world import Names, World

STANCES: dict[str, str] = {
    "peace": "hostility of at most 0.04: allied, neutral, or not attacking each other",
    "coexistence": "hostility of at most 0.15: tacit, with rare clashes",
    "truce": "hostility held down by an agreed truce",
    "rivalry": "hostility below 0.5",
    "war": "hostility of 0.5 or more",
}
"""Stances of two coalitions where they meet. The order of battle has 0.02 for non-aggression, 0.07 for
tacit, 0.4 for rivalry and 1 for war; the bounds lie between."""

PEACE, TACIT, WAR = np.float32(0.04), np.float32(0.15), np.float32(0.5)
"""Upper bounds of hostility in peace and coexistence; lower bound of war. In single precision, as hostility is kept."""

TRUCE = list(STANCES).index("truce")


class Ties(NamedTuple):
    """How each pair of coalitions stands, for every lane."""

    contact: Real["lane pair 5"]  # share of their contact in each stance; all 0 where they do not meet
    cover: Real["lane pair"]  # that the first gives the second, in [0, 1]
    covered: Real["lane pair"]  # that the second gives the first, in [0, 1]


def pairs(names: Names) -> tuple[tuple[int, int], ...]:
    """Positions of every two coalitions, the one that comes first in front."""
    return tuple(itertools.combinations(range(len(names.coalitions)), 2))


def pair_names(names: Names) -> tuple[str, ...]:
    """Names of the pairs, such as ``jnim-issp``."""
    return tuple(f"{names.coalitions[a]}-{names.coalitions[b]}" for a, b in pairs(names))


def shapes(names: Names) -> dict[str, tuple[int, ...]]:
    """Shapes of `Ties` after the lane."""
    count = len(pairs(names))
    return {"contact": (count, len(STANCES)), "cover": (count,), "covered": (count,)}


def ties(world: World, state: State, names: Names) -> Ties:
    """How coalitions stand to each other now."""
    here = fighters(world, state, names)
    members = np.arange(len(names.coalitions))[:, None] == world.organisations.coalition
    first, second = np.array(pairs(names), np.int64).reshape(-1, 2).T
    met = contact(world, state, here, pairs(names))
    total = met.sum(axis=2, keepdims=True)
    given = _cover(state, here.sum(axis=2), members)
    return Ties(np.divide(met, total, where=total > 0, out=np.zeros_like(met)), given[:, first, second],
                given[:, second, first])  # fmt: skip


def fighters(world: World, state: State, names: Names) -> NDArray[np.float64]:
    """Fighters and troops by (lane, organisation, region)."""
    shape = (len(names.organisations), len(names.regions))
    region = world.cells.region[state.units.cell]
    at = world.units.organisation[None, :] * shape[1] + region
    counts = [np.bincount(i, n, shape[0] * shape[1]) for i, n in zip(at, state.units.fighters, strict=True)]
    return np.array(counts).reshape(-1, *shape)


def contact(
    world: World, state: State, here: NDArray[np.float64], met: tuple[tuple[int, int], ...]
) -> NDArray[np.float64]:
    """Contact of the pairs of coalitions `met` by stance, (lane, pair, stance); `here` is what `fighters` gives."""
    size = 1 + max((b for _, b in met), default=0)
    pair = np.full((size, size), -1, np.int32)
    for position, (a, b) in enumerate(met):
        pair[a, b] = position
    found = np.zeros((len(here), len(met), len(STANCES)))
    contact_kernel(bound(world), bound(state), here, pair, found)
    return found


@inlined
def stance(hostility, ceiling):  # type: ignore[no-untyped-def]
    """Position among `STANCES` of two organisations in a region."""
    if ceiling < 1.0:
        return TRUCE
    if hostility <= PEACE:
        return 0
    if hostility <= TACIT:
        return 1
    return 3 if hostility < WAR else 4


@kernel
def contact_kernel(world, state, here, pair, found):  # type: ignore[no-untyped-def]
    """Compiled `contact`; `pair` (coalition, coalition) has the position of each pair, -1 for the other way round."""
    hostility, ceiling, coalition = state.relations.hostility, state.relations.ceiling, world.organisations.coalition
    for lane in range(here.shape[0]):
        for a in range(here.shape[1]):
            for b in range(here.shape[1]):
                into = pair[coalition[a], coalition[b]]
                if into >= 0:
                    for r in range(here.shape[2]):
                        if here[lane, a, r] > 0.0 and here[lane, b, r] > 0.0:
                            code = stance(hostility[lane, a, b, r], ceiling[lane, a, b, r])
                            found[lane, into, code] += here[lane, a, r] * here[lane, b, r]


def _cover(state: State, strength: NDArray[np.float64], members: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Cover by (lane, giver, receiver), both coalitions; `strength` is fighters by (lane, organisation)."""
    gives = np.where(strength[:, :, None] > 0, state.relations.support, 0.0)
    best = np.stack(
        [gives[:, of].max(axis=1, initial=0.0) for of in members], axis=1
    )  # (lane, giver, receiving organisation)
    total = strength @ members.T.astype(np.float64)
    weighed = (best * strength[:, None, :]) @ members.T.astype(np.float64)
    return np.divide(weighed, total[:, None, :], where=total[:, None, :] > 0, out=np.zeros_like(weighed))
