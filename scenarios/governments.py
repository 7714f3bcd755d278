"""Governments on a day, by ``governments.csv``: how legitimate each is, and since when a junta rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scenarios.rows import read_table
from sim.axes import Index, Real

COLUMNS = "organisation from change legitimacy low high source confidence note"
CHANGES = ("coup", "election")


class Governments(NamedTuple):
    """What is known of the government behind each organisation."""

    legitimacy: Real["organisation"]  # in [0, 1]; 1 for all that are no army of a government
    junta: Index["organisation"]  # weeks since it took power by force; -1 for none


def governments(path: Path, ids: Sequence[str], day: date) -> Governments:
    """Governments as they are on `day`: for each organisation the last change on or before it counts.

    Raises:
        ValueError: a name or a change is unknown, or a number out of bounds, in one line.
    """
    legitimacy, junta = np.ones(len(ids)), np.full(len(ids), -1, np.int32)
    latest = dict.fromkeys(ids, date.min)
    for row in read_table(path, COLUMNS):
        name, change = row.one_of("organisation", ids), row.one_of("change", CHANGES)
        level, since = row.estimate("legitimacy", 0.0, 1.0), row.day("from", date.min)
        if latest[name] <= since <= day:
            latest[name] = since
            legitimacy[ids.index(name)] = level
            junta[ids.index(name)] = (day - since).days // 7 if change == "coup" else -1
    return Governments(legitimacy, junta)
