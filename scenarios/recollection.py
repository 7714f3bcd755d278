"""Recollection: what recorded events before the start say about who is where, who was hurt and who fears whom.

Recorded events are few, vague and incomplete, so no single start follows from them. Every replicate reads them
anew: each event gets a weight from an exponential distribution of mean 1 (the Bayesian bootstrap, Rubin 1981, Annals
of Statistics 9) that fades with age, and a cell among those that its precision allows. From that reading follow,

    density_o(c)  = sum over events of o in c of weight * 2^(-age / half_life) * (1 + deaths)^size
    trust_o       = N_o / (N_o + doubt),   N_o = sum of density_o over cells

and `scenarios.restart` writes it into the state:

- units: a band stays where the order of battle has it with chance 1 - trust_o, else it is where density_o says;
- effort: the same mixture of settled effort and of the density by region;
- harm and fear: civilians killed, per thousand people of the cell, faded as the model fades them;
- attacks and losses of the last quarter;
- attitudes, protectors, welcome and control: by letting their own processes review that picture.

Nobody joins, leaves or dies of it: strengths stay those of the order of battle, and only bands of armed groups move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameters, quantity
from sim.streams import Stream, Streams, kernel, uniforms
from sim.world import Kind, World

type Reals = NDArray[np.float64]
type Positions = NDArray[np.intp]

CELL, AROUND, REGION, COUNTRY = range(4)
"""How far an event may lie from where it was put: its cell, those around it, its first-order unit, its country."""

YEARS = 3.0
"""Events that are older say nothing."""


@dataclass(frozen=True)
class Recall(Parameters):
    """How events are weighed."""

    half_life: float = quantity(52.0, unit="weeks", low=4.0, high=312.0, source="judgement: fronts shift within a year")
    size: float = quantity(0.3, unit="exponent", low=0.0, high=1.0, source="judgement: large events take more fighters")
    doubt: float = quantity(5.0, unit="events", low=0.0, high=100.0, source="judgement: fewer say little of a group")
    inside: float = quantity(0.6, unit="share", low=0.0, high=1.0, source="judgement: within 25 km, so mostly the cell")
    rooted: float = quantity(
        0.8, unit="share", low=0.0, high=1.0, source="judgement: where they fight they are at home"
    )


class Records(NamedTuple):
    """Recorded events.

    Attributes:
        key: UCDP's number of the event, (event,).
        day: its first day as an ordinal, (event,).
        gid: PRIO-GRID cell, (event,).
        reach: `CELL`, `AROUND`, `REGION` or `COUNTRY`, (event,).
        sides: position in `actors` of both sides, -1 for civilians and for sides that nobody stands for, (event, 2).
        one_sided: whether civilians were killed by side a, (event,).
        deaths: best estimate, (event,).
        actors: for each side, the organisations that stand for it.
        mark: what tells these events from others, a hash.
    """

    key: NDArray[np.uint64]
    day: NDArray[np.int64]
    gid: NDArray[np.int64]
    reach: NDArray[np.int64]
    sides: NDArray[np.int64]
    one_sided: NDArray[np.bool_]
    deaths: Reals
    actors: tuple[tuple[str, ...], ...]
    mark: str


class Memory(NamedTuple):
    """Events before the start, by the positions of a world.

    Attributes:
        key: of the event, (event,).
        age: weeks before the start, (event,).
        cell: where it was put, (event,).
        reach: as in `Records`.
        first: how far each organisation stands for side a, (event, organisation).
        second: for side b.
        one_sided: whether civilians were killed by side a.
        deaths: best estimate.
        recall: how events are weighed.
    """

    key: NDArray[np.uint64]
    age: Reals
    cell: Positions
    reach: NDArray[np.int64]
    first: Reals
    second: Reals
    one_sided: NDArray[np.bool_]
    deaths: Reals
    recall: Recall

    @property
    def both(self) -> Reals:
        """How far each organisation took part, (event, organisation)."""
        return self.first + self.second

    @property
    def weight(self) -> Reals:
        """Of each event for where organisations are: it fades with age and grows with the dead."""
        return np.asarray(np.exp2(-self.age / self.recall.half_life) * (1.0 + self.deaths) ** self.recall.size)

    def trust(self, density: Reals) -> Reals:
        """How much the events of each organisation outweigh the order of battle, (organisation,), in [0, 1)."""
        total = density.sum(axis=0)
        return np.asarray(total / (total + max(self.recall.doubt, 1e-9)))


def memory_of(
    records: Records, day: date, world: World, ids: Sequence[str], strength: NDArray[np.int64], recall: Recall
) -> Memory:
    """The records of the years before a day, by the positions of a world.

    A side for which several organisations stand is divided among them by strength and by how much the place is home.

    Args:
        records: all that are known; those of the day and later are left out.
        day: first day of the run.
        world: static arrays.
        ids: of the organisations.
        strength: fighters and troops at the start, (organisation,).
        recall: how events are weighed.

    Raises:
        ValueError: no event before the day lies in the region; one line.
    """
    age = (day.toordinal() - records.day) / 7.0
    place = {int(gid): at for at, gid in enumerate(world.cells.gid)}
    cell = np.array([place.get(int(gid), -1) for gid in records.gid], np.intp)
    used = (age > 0.0) & (age <= YEARS * 52.0) & (cell >= 0)
    if not used.any():
        raise ValueError(f"no recorded event of the {YEARS:g} years before {day} lies in the region")
    standing = _standing(records.actors, ids)
    at = cell[used]
    worth = strength[None] * (world.organisations.home.T[at] + 1e-3)
    first, second = (_divided(standing[records.sides[used, side]], worth) for side in (0, 1))
    return Memory(
        records.key[used], age[used], at, records.reach[used], first, second, records.one_sided[used],
        records.deaths[used], recall,
    )  # fmt: skip


def _standing(actors: tuple[tuple[str, ...], ...], ids: Sequence[str]) -> Reals:
    """Who stands for which side, (side + 1, organisation); the last row is nobody's."""
    found = np.zeros((len(actors) + 1, len(ids)))
    for row, names in enumerate(actors):
        found[row, [ids.index(name) for name in names if name in ids]] = 1.0
    return found


def _divided(standing: Reals, worth: Reals) -> Reals:
    parts = standing * worth
    return np.asarray(parts / np.maximum(parts.sum(axis=1, keepdims=True), 1e-300))


def with_homes(world: World, memory: Memory) -> World:
    """The world in which armed groups are also at home where they were recorded.

        home_o <- (1 - w) home_o + w sqrt(density_o / largest density_o),   w = rooted * trust_o

    The density is smoothed over the cells around, and every event counts as it is: the world is one for all replicates.
    """
    density = density_of(memory, world, Reading(np.ones(len(memory.key)), memory.cell))
    here = world.cells.neighbour
    around = np.where(here[:, :, None] >= 0, density[here], 0.0).mean(axis=1)
    smooth = 0.5 * density + 0.5 * around
    seen = np.sqrt(smooth / np.maximum(smooth.max(axis=0), 1e-300)).T
    share = (memory.recall.rooted * memory.trust(density) * (world.organisations.kind <= Kind.MILITIA))[:, None]
    home = (1.0 - share) * world.organisations.home + share * seen
    return world._replace(organisations=world.organisations._replace(home=home))


def density_of(memory: Memory, world: World, reading: Reading) -> Reals:
    """Weight of the events of each organisation by cell, (cell, organisation)."""
    return summed(reading.cell, (memory.weight * reading.weight)[:, None] * memory.both, len(world.cells.gid))


def summed(at: NDArray[Any], values: Reals, size: int) -> Reals:
    """Rows of values added up by position, (size, ...)."""
    found = np.zeros((size, *values.shape[1:]))
    np.add.at(found, at, values)
    return found


@kernel
def fill(streams, lane, keys, index, out):  # type: ignore[no-untyped-def]
    """Fill `out` (key, 3) with uniform numbers of the start."""
    for row in range(keys.shape[0]):
        a, b, c, _d = uniforms(streams, lane, Stream.START, keys[row], index)
        out[row, 0] = a
        out[row, 1] = b
        out[row, 2] = c


OF_EVENTS, OF_UNITS = 1, 2
"""Index of the draws, so that they are no others of the start."""


def drawn(keys: NDArray[np.uint64], lane: int, of: NDArray[np.uint64], index: int) -> Reals:
    """Three uniform numbers for each key in `of`, for one lane, (key, 3)."""
    out = np.empty((len(of), 3))
    fill(Streams(keys, 0), lane, of, index, out)
    return out


class Places(NamedTuple):
    """Cells sorted by first-order unit, so also by country, with the people of those before them.

    Attributes:
        order: cells, (cell,).
        reached: people of the cells up to and with each, in that order, (cell,).
        bounds: people before and with the region of each cell, and the same for its country, (cell, 2, 2).
    """

    order: Positions
    reached: Reals
    bounds: Reals


def places_of(world: World, people: NDArray[np.int64]) -> Places:
    """Where vague events may lie: by people."""
    cells = world.cells
    living = np.bincount(world.communities.cell, people, len(cells.gid)) + 1.0
    order = np.lexsort((cells.region, cells.country))
    reached = np.cumsum(living[order])
    bounds = [_bounds(kind, living, order, reached) for kind in (cells.region, cells.country)]
    return Places(order, reached, np.stack(bounds, axis=1))


def _bounds(kind: NDArray[np.int32], living: Reals, order: Positions, reached: Reals) -> Reals:
    last = np.zeros(kind.max() + 1)
    np.maximum.at(last, kind[order], reached)
    total = np.bincount(kind, living, len(last))
    return np.stack([(last - total)[kind], last[kind]], axis=1)


def located(memory: Memory, world: World, places: Places, chance: Reals) -> Positions:
    """A cell for each event among those that its precision allows.

    Args:
        memory: the events.
        world: static arrays.
        places: cells by region and country.
        chance: two uniform numbers for each event, (event, 2).
    """
    cell = memory.cell.copy()
    moved = (memory.reach == AROUND) & (chance[:, 0] > memory.recall.inside)
    step = world.cells.neighbour[cell[moved], 1 + (8 * chance[moved, 1]).astype(np.intp)]
    cell[moved] = np.where(step >= 0, step, cell[moved])
    for reach, level in ((REGION, 0), (COUNTRY, 1)):
        vague = memory.reach == reach
        low, high = places.bounds[memory.cell[vague], level].T
        at = np.searchsorted(places.reached, low + chance[vague, 1] * (high - low), side="right")
        cell[vague] = places.order[np.minimum(at, len(places.order) - 1)]
    return cell


class Reading(NamedTuple):
    """One replicate's reading of the events: a weight of mean 1 and a cell for each."""

    weight: Reals
    cell: Positions


def read(memory: Memory, world: World, places: Places, keys: NDArray[np.uint64], lane: int) -> Reading:
    """The reading of one lane."""
    chance = drawn(keys, lane, memory.key, OF_EVENTS)
    return Reading(-np.log(chance[:, 0]), located(memory, world, places, chance[:, 1:]))
