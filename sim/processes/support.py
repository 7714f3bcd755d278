"""Support: what forces that work together lend each other: ears, aircraft, rescue.

`state.relations.support[a, b]` in [0, 1] is what a gives b. It is set by the order of battle and by
events; suspending cooperation sets it to zero. Three things follow from it:

- intelligence: a force hears from the people who follow those with whom it works, either way;
- air cover: aircraft of its supporters help its columns to find, and its garrisons to hold;
- rescue: troops of its supporters come to the aid of its bases.

Sources: CTP February 2023 and December 2023 on what French air cover, evacuation and intelligence gave
Mali's army and what their end took away; Kalyvas 2006, ch. 7, on information.
"""

from __future__ import annotations

from sim.streams import compiled, inlined


@inlined
def link(state, lane, a, b):  # type: ignore[no-untyped-def]
    """How closely two forces share what they know, in [0, 1]: the larger of what each gives the other."""
    return max(state.relations.support[lane, a, b], state.relations.support[lane, b, a])


@compiled
def list_partners(state, lane, f, partner, share):  # type: ignore[no-untyped-def]
    """Fill `partner` and `share` with those who share what they know with f, and how much; returns how many."""
    count = 0
    for e in range(partner.shape[0]):
        if e != f and link(state, lane, e, f) > 0.0:
            partner[count], share[count] = e, link(state, lane, e, f)
            count += 1
    return count


@compiled
def lent(state, lane, c, f, power):  # type: ignore[no-untyped-def]
    """Aircraft over the cell that supporters lend f; `power` (organisation, cell) is what each brings there."""
    total = 0.0
    for e in range(power.shape[0]):
        given = state.relations.support[lane, e, f]
        if e != f and given > 0.0:
            total += given * power[e, c]
    return total


@compiled
def cover(world, state, lane, c, f):  # type: ignore[no-untyped-def]
    """Aircraft that supporters of f can bring over the cell, by how far they support it."""
    total = 0.0
    for b in range(world.bases.cell.shape[0]):
        e = world.bases.organisation[b]
        strike, given = state.bases.strike[lane, b], state.relations.support[lane, e, f]
        if e != f and given > 0.0 and strike > 0.0 and state.bases.open[lane, b] == 1:
            tempo = state.organisations.tempo[lane, e, world.cells.region[world.bases.cell[b]]]
            total += given * strike * tempo * world.bases.reach[b, c]
    return total


@compiled
def reserve(world, state, lane, c, f):  # type: ignore[no-untyped-def]
    """Troops who could come to the rescue of f: its own in the 8 cells around, and its supporters', also inside."""
    total = 0.0
    for k in range(9):
        n = world.cells.neighbour[c, k]
        if n >= 0:
            presence = state.cells.presence[lane, n]
            total += presence[f] if k > 0 else 0.0
            for e in range(presence.shape[0]):
                if e != f and presence[e] > 0.0:
                    total += state.relations.support[lane, e, f] * presence[e]
    return total
