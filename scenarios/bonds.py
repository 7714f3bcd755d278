"""Bonds between organisations: ties of kin by ``ties.csv`` and peace accords by ``accords.csv``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scenarios.atlas import Atlas, Values
from scenarios.rows import read_table
from scenarios.stances import symmetric

TIES = "a b value low high source confidence note"
ACCORDS = "a b value low high from to source confidence note"


def kinships(path: Path, atlas: Atlas) -> Values:
    """Ties of family and people, (organisation, organisation), symmetric, in [0, 1].

    Raises:
        ValueError: a name is unknown or a number out of bounds, in one line.
    """
    return symmetric(read_table(path, TIES), atlas)


def accords(path: Path, atlas: Atlas, start: date) -> Values:
    """How far the accords in force on the day `start` are carried out, (organisation, organisation), symmetric.

    0 is no accord; one that is signed and dead has a little more than 0.

    Raises:
        ValueError: a name is unknown or a number out of bounds, in one line.
    """
    return symmetric([row for row in read_table(path, ACCORDS) if row.holds_on(start)], atlas)
