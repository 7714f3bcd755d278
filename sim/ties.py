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
from sim.state import State
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

BOUNDS = (0.04, 0.15, 0.5)
"""Upper bounds of hostility in peace and coexistence; lower bound of war."""


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
    met = _contact(state, here, members)[:, first, second]
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


def _contact(state: State, here: NDArray[np.float64], members: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Contact of coalitions by stance, (lane, coalition, coalition, stance)."""
    hostility, held = state.relations.hostility, state.relations.ceiling < 1.0
    peace, tacit, war = BOUNDS
    codes = np.select([held, hostility <= peace, hostility <= tacit, hostility < war], [2, 0, 1, 3], 4)
    inside = members.astype(np.float64)
    sums = []
    for code in range(len(STANCES)):
        met = np.einsum("lar,lbr,labr->lab", here, here, (codes == code).astype(np.float64), optimize=True)
        sums.append(inside @ met @ inside.T)
    return np.stack(sums, axis=-1)


def _cover(state: State, strength: NDArray[np.float64], members: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Cover by (lane, giver, receiver), both coalitions; `strength` is fighters by (lane, organisation)."""
    gives = np.where(strength[:, :, None] > 0, state.relations.support, 0.0)
    best = np.stack(
        [gives[:, of].max(axis=1, initial=0.0) for of in members], axis=1
    )  # (lane, giver, receiving organisation)
    total = strength @ members.T.astype(np.float64)
    weighed = (best * strength[:, None, :]) @ members.T.astype(np.float64)
    return np.divide(weighed, total[:, None, :], where=total[:, None, :] > 0, out=np.zeros_like(weighed))
