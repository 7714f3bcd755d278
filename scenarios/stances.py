"""Stances: who is hostile to whom and who covers whom on a day, by ``relations.csv`` and ``supports.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np

from scenarios.atlas import Atlas, Values
from scenarios.roster import Roster
from scenarios.rows import Row, read_table

RELATIONS = "a b region stance hostility from to source confidence note"
SUPPORTS = "a b value low high from to source confidence note"


def hostilities(path: Path, roster: Roster, atlas: Atlas, start: date) -> Values:
    """Hostility on the day `start`, (organisation, organisation, region), symmetric, in [0, 1].

    Organisations of one coalition are allied; other pairs have the stance of their kinds. A later
    row of the table overrides an earlier one of the same pair where both apply.

    Raises:
        ValueError: a name or a stance is unknown, or a number out of bounds, in one line.
    """
    found = np.repeat(_defaults(roster)[:, :, None], len(atlas.region.regions), axis=2)
    for row in read_table(path, RELATIONS):
        value = _hostility(row, roster)
        pairs = _pairs(row, atlas)
        regions = atlas.regions(row)
        if row.holds_on(start):
            for a, b in pairs:
                found[a, b, regions] = found[b, a, regions] = value
    return found


def _hostility(row: Row, roster: Roster) -> float:
    row.cited()
    return row.number("hostility", 0, 1, default=roster.stances[row.one_of("stance", roster.stances)])


def _pairs(row: Row, atlas: Atlas) -> list[tuple[int, int]]:
    pairs = [(a, b) for a in atlas.party(row, "a") for b in atlas.party(row, "b") if a != b]
    if not pairs:
        raise row.refusal(f"a and b are both {row.text('a')!r}, expected two parties")
    return pairs


def _defaults(roster: Roster) -> Values:
    size = len(roster.profiles)
    found = np.zeros((size, size))
    for i, a in enumerate(roster.profiles):
        for j, b in enumerate(roster.profiles):
            if a.coalition != b.coalition:
                stance = roster.defaults.get(frozenset((a.kind, b.kind)), "neutral")
                found[i, j] = roster.stances[stance]
    return found


def supports(path: Path, atlas: Atlas, start: date) -> Values:
    """Air cover and rescue that a gives b on the day `start`, (organisation, organisation), in [0, 1].

    Raises:
        ValueError: a name is unknown or a number out of bounds, in one line.
    """
    found = np.zeros((len(atlas.organisations), len(atlas.organisations)))
    for row in read_table(path, SUPPORTS):
        value = row.estimate("value", 0, 1)
        for a, b in _pairs(row, atlas):
            if row.holds_on(start):
                found[a, b] = value
    return found


def symmetric(rows: Iterable[Row], atlas: Atlas) -> Values:
    """Estimates of pairs, (organisation, organisation), the same both ways; a later row wins."""
    found = np.zeros((len(atlas.organisations), len(atlas.organisations)))
    for row in rows:
        value = row.estimate("value", 0, 1)
        for a, b in _pairs(row, atlas):
            found[a, b] = found[b, a] = value
    return found
