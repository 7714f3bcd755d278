"""What several processes share: rounding by chance, heavy tails, losing fighters, writing events."""

from __future__ import annotations

import math

import numpy as np

from sim.elementary import log_all
from sim.state import EVENT_ROOM, Field, Posture
from sim.streams import compiled, inlined
from sim.world import Kind

TAIL_SPAN = 300.0
"""Largest over smallest size multiplier: bounds an event at about a hundred times its mean."""


@inlined
def logistic(x):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


@inlined
def clipped(x, low, high):  # type: ignore[no-untyped-def]
    """The number x, held between low and high."""
    return min(max(x, low), high)


@compiled
def copy_row(source, target):  # type: ignore[no-untyped-def]
    """target[i] = source[i]; plain loops need no counting of arrays."""
    for i in range(target.shape[0]):
        target[i] = source[i]


@compiled
def fade_table(table, factor):  # type: ignore[no-untyped-def]
    """table[i, j] *= factor, zeros too: without a question for each number the loop takes several at once."""
    for i in range(table.shape[0]):
        row = table[i]
        for j in range(row.shape[0]):
            row[j] *= factor


@compiled
def count_people(world, state, lane, living):  # type: ignore[no-untyped-def]
    """Fill `living` (cell,) with the people of each cell."""
    people, first, k = state.communities.people[lane], world.communities.first, 0
    for c in range(living.shape[0]):
        total = 0
        while k < first[c + 1]:
            total += people[k]
            k += 1
        living[c] = total


@compiled
def size_up(world, state, lane, factor, living):  # type: ignore[no-untyped-def]
    """Fill `living` (cell,), in single precision, with factor * log(1 + people / 1000)."""
    count_people(world, state, lane, living)
    thousandth, one, scale = np.float32(0.001), np.float32(1.0), np.float32(factor)
    for c in range(living.shape[0]):
        living[c] = one + living[c] * thousandth
    log_all(living)
    for c in range(living.shape[0]):
        living[c] *= scale


@compiled
def added(row):  # type: ignore[no-untyped-def]
    """Sum of a row, in four interleaved parts, so that no addition waits for the one before."""
    a = b = c = d = 0.0
    whole = row.shape[0] - row.shape[0] % 4
    for i in range(0, whole, 4):
        a, b, c, d = a + row[i], b + row[i + 1], c + row[i + 2], d + row[i + 3]
    for i in range(whole, row.shape[0]):
        a += row[i]
    return (a + b) + (c + d)


@compiled
def some(row):  # type: ignore[no-untyped-def]
    """Whether any number of a row is above zero; all are asked, several at once, and no answer is waited for."""
    found = False
    for i in range(row.shape[0]):
        found |= row[i] > 0.0
    return found


@inlined
def turn(count, week, every):  # type: ignore[no-untyped-def]
    """First and end of the block of `count` things whose turn it is this week, each once in `every` weeks.

    Neighbours in memory take their turn together, which costs a fraction of picking every fourth.
    """
    block = week % every
    return count * block // every, count * (block + 1) // every


@inlined
def rounded(mean, unit):  # type: ignore[no-untyped-def]
    """A whole number whose expectation is `mean`, from one uniform number."""
    return np.int64(math.floor(mean + unit))


@inlined
def heavy(tail, unit):  # type: ignore[no-untyped-def]
    """A size multiplier with mean 1 and density ~ x**-tail, from one uniform number.

    A Pareto distribution cut at `TAIL_SPAN` times its smallest value. With tail 2.5 it gives the
    size law of deaths per event (Bohorquez et al. 2009, Nature 462, 911; Clauset et al. 2007).
    """
    a = tail - 1.0
    rest = 1.0 - TAIL_SPAN**-a
    mean = a / (a - 1.0) * (1.0 - TAIL_SPAN ** (1.0 - a)) / rest
    return (1.0 - unit * rest) ** (-1.0 / a) / mean


@inlined
def poisson(mean, unit):  # type: ignore[no-untyped-def]
    """A Poisson count by inversion from one uniform number; rises with `mean` for the same number.

    Means above 30 are rounded at random instead: their spread does not matter here.
    """
    if mean > 30.0:
        return rounded(mean, unit)
    count, mass = 0, math.exp(-mean)
    reached = mass
    while unit > reached and count < 200:
        count += 1
        mass *= mean / count
        reached += mass
    return np.int64(count)


@inlined
def is_insurgent(kind):  # type: ignore[no-untyped-def]
    """Whether organisations of this kind fight from among the people and hold no garrisons."""
    return kind <= Kind.MILITIA


@inlined
def is_state(kind):  # type: ignore[no-untyped-def]
    """Whether UCDP would count the organisation on a government's side."""
    return kind >= Kind.ARMY


EXPOSURE = np.ones(len(Posture))
"""Share of a unit that can be met outside walls and hiding places, by posture (judgement, see the ODD)."""
EXPOSURE[[Posture.CONFINED, Posture.REST, Posture.GARRISON, Posture.GOVERN]] = 0.05, 0.25, 0.25, 0.5


@compiled
def exposed(world, state, at, who, strength):  # type: ignore[no-untyped-def]
    """List in `who` the organisations of the cell, in order; returns how many.

    `strength` (organisation,) gets how many fighters of each of them can be met this week; what it holds
    for others is left over. The muster lists units in order, so an organisation's stand together.
    """
    lane, c = at
    owner, fighters, posture = world.units.organisation, state.units.fighters[lane], state.units.posture[lane]
    member, count, last = state.cells.member[lane], 0, -1
    for m in range(state.cells.first[lane, c], state.cells.first[lane, c + 1]):
        u = member[m]
        o = owner[u]
        if o != last:
            who[count], strength[o], last = o, 0.0, o
            count += 1
        strength[o] += fighters[u] * EXPOSURE[posture[u]]
    return count


@compiled
def list_followed(allegiance, first, end, followed):  # type: ignore[no-untyped-def]
    """List in `followed` whom communities `first` to `end` - 1 follow; returns how many."""
    count = 0
    for e in range(allegiance.shape[1]):
        total = 0.0
        for k in range(first, end):
            total += allegiance[k, e]
        if total > 0.0:
            followed[count] = e
            count += 1
    return count


@compiled
def lose(world, state, at, side, deaths, unit):  # type: ignore[no-untyped-def]
    """Take up to `deaths` fighters of organisation `side` from its units at `at` = (lane, cell).

    The unit hit first is chosen by `unit`, a uniform number; the rest follow in order. Returns the
    deaths that happened: never more than there were fighters.
    """
    lane, cell = at
    low, high = state.cells.first[lane, cell], state.cells.first[lane, cell + 1]
    member, left = low + int(unit * (high - low)), deaths
    for _ in range(high - low):
        u = state.cells.member[lane, member]
        if world.units.organisation[u] == side and left > 0:
            taken = min(left, state.units.fighters[lane, u])
            state.units.fighters[lane, u] -= taken
            left -= taken
        member = member + 1 if member + 1 < high else low
    lost = deaths - left
    state.cells.presence[lane, cell, side] -= lost
    state.ledger.killed[lane, side] += lost
    state.organisations.losses[lane, side, world.cells.region[cell]] += lost
    return lost


@compiled
def write_event(state, at, sides, kind, violence):  # type: ignore[no-untyped-def]
    """Open a new row in the week's events and return its number, or -1 when there is no room.

    The count goes on past the room, so that the engine can refuse the week in plain words.
    """
    lane, cell = at
    row = state.events.count[lane]
    state.events.count[lane] += 1
    if row >= EVENT_ROOM:
        return -1
    values = state.events.rows[lane, row]
    values[:] = 0
    values[Field.CELL] = cell
    values[Field.SIDE_A] = sides[0]
    values[Field.SIDE_B] = sides[1]
    values[Field.KIND] = kind
    values[Field.VIOLENCE] = violence
    values[Field.COMMUNITY] = -1
    values[Field.BASE] = -1
    return row


@inlined
def for_a_state(world, o):  # type: ignore[no-untyped-def]
    """Whether o fights on a government's side: a state, its foreign supporters, its auxiliaries.

    An auxiliary is a militia in the coalition of its host army.
    """
    host, coalition = world.organisations.host[o], world.organisations.coalition
    return is_state(world.organisations.kind[o]) or (host >= 0 and coalition[host] == coalition[o])


@inlined
def violence_type(world, a, b):  # type: ignore[no-untyped-def]
    """UCDP's type: 1 if either side fights for a government, else 2."""
    return 1 if for_a_state(world, a) or for_a_state(world, b) else 2
