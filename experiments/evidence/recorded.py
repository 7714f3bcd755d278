"""Recorded: events out of UCDP's files in the form from which a run can start, see `scenarios.recollection`."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.evidence.areas import areas
from experiments.evidence.events import ISSP, SAHEL, events_of, kind
from experiments.evidence.releases import Source, read_release
from experiments.values import CONF, digest
from scenarios.recollection import AROUND, CELL, COUNTRY, REGION, Records

REACH = {1: CELL, 2: AROUND, 3: AROUND, 4: REGION, 5: REGION, 6: COUNTRY, 7: COUNTRY}
"""By `where_prec`: exact, within 25 km, second-order unit, first-order unit, larger feature, country, international."""

CIVILIANS = "Civilians"
ARMIES = {"Mali": "fama", "Niger": "niger_fds", "Burkina Faso": "burkina_fds"}


@cache
def records_of(place: Path, origin: date | None = None) -> Records:
    """Events of a file or folder in the central Sahel, without the war around Lake Chad.

    Args:
        place: a CSV of UCDP GED or a folder of them.
        origin: last day that is known; None is all of them.

    Raises:
        ValueError: nothing is there, or a file is no event file, or nothing is known by then; one line.
    """
    raw, sources = read_release(place)
    return records_from(events_of(raw, areas()), sources, origin)


def records_from(events: pd.DataFrame, sources: Sequence[Source], origin: date | None = None) -> Records:
    """The same from events that are read already, see `events.events_of`."""
    known = events[(events["theatre"] == SAHEL) & (events["best"] > 0)]
    if origin is not None:
        known = known[known["start"] <= pd.Timestamp(origin)]
    if not len(known):
        raise ValueError(f"records have no event by {origin}, expected events of the months before that day")
    sides = sorted({*known["side_a"], *known["side_b"]} - {CIVILIANS})
    actors = actors_by_name()
    number = {name: at for at, name in enumerate(sides)} | {CIVILIANS: -1}
    return Records(
        key=known["id"].to_numpy(np.uint64),
        day=np.array([day.toordinal() for day in known["start"]], np.int64),
        gid=known["gid"].to_numpy(np.int64),
        reach=np.asarray(known["precision"].map(REACH), np.int64),
        sides=np.column_stack([known[side].map(number).to_numpy(np.int64) for side in ("side_a", "side_b")]),
        one_sided=known["violence"].to_numpy() == 3,
        deaths=known["best"].to_numpy(np.float64),
        actors=tuple(standing_for(name, actors) for name in sides),
        mark=digest([[source.sha256 for source in sources], str(origin)]),
    )


def standing_for(side: str, actors: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Organisations that stand for a side of an event; none for a side that the order of battle does not have.

    >>> standing_for("GATIA, MSA", {"GATIA": ("gatia",), "MSA": ("msa",)})
    ('gatia', 'msa')
    """
    named = "JNIM" if kind(side) == "jnim" else side
    parts = [named] if named in actors else [part.strip() for part in named.split(",")]
    return tuple(name for part in parts for name in actors.get(part, ()))


def actors_by_name() -> dict[str, tuple[str, ...]]:
    """Organisations by UCDP's name of them; several may bear one name, as the parts of JNIM do."""
    found: dict[str, tuple[str, ...]] = {f"Government of {name}": (army,) for name, army in ARMIES.items()}
    with (CONF / "ucdp_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["what"] == "organisation":
                name = ISSP if row["name"] == "IS" else row["name"]
                found[name] = (*found.get(name, ()), row["id"])
    return found
