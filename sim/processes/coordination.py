"""Coordination: jihadists and ex-rebels who strike the same enemy in the same week, without a pact.

An organisation o is attuned to another, a, where one is jihadist and the other rebel and they are at
peace: hostility in the region at most `peace`. Attacks of those attuned to o on a force e that o fights,
in a cell or the 8 around it this week, are *openings* for o:

    encounters:     o attacks e once more, N ~ Poisson(answer * openings * h * contact * initiative)
    base assaults:  the rate at which o storms bases of e is multiplied by 1 + answer * openings

There is no command that both obey: each uses what the other's attack ties down (CTP December 2023 on
JNIM and the northern ex-rebels in autumn 2023). They do not mine each other's roads: IEDs are
laid against states alone. Each process has its own `answer`.
"""

from __future__ import annotations

import numpy as np

from sim.state import Field
from sim.streams import compiled, inlined
from sim.world import Kind

TIMING = ("tacit", "off")
"""Names of the forms, in their order."""

TACIT = 0

PEACE = 0.2
"""Hostility up to which two groups let each other be."""


@inlined
def attuned(world, state, p, at, a, o):  # type: ignore[no-untyped-def]
    """Whether o heeds the timing of a in the cell's region."""
    kind = world.organisations.kind
    jihadist, rebel = min(kind[a], kind[o]) == Kind.JIHADIST, max(kind[a], kind[o]) == Kind.REBEL
    most = np.float32(p.peace[at[0]])  # as hostility is kept, so that 0.2 is at most 0.2
    return jihadist and rebel and state.relations.hostility[at[0], a, o, world.cells.region[at[1]]] <= most


@inlined
def is_near(world, c, other):  # type: ignore[no-untyped-def]
    """Whether `other` is the cell c or one of the 8 around it."""
    found = False
    for n in world.cells.neighbour[c]:
        found = found or n == other
    return found


@compiled
def openings(world, state, p, at, sides, written):  # type: ignore[no-untyped-def]
    """Openings of o against e around a cell among the first `written` events: (how many, row of the first)."""
    lane, c = at
    o, e = sides
    count, first = 0, -1
    for row in range(written):
        values = state.events.rows[lane, row]
        same = values[Field.SIDE_B] == e and is_near(world, c, values[Field.CELL])
        if same and attuned(world, state, p, at, values[Field.SIDE_A], o):
            first = row if count == 0 else first
            count += 1
    return count, first
