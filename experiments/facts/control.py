"""Control: statements of sources on who held what and when, and in how many replicates each of them holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from tqdm import tqdm

from experiments.facts.measures import middle, value
from experiments.facts.places import cells_of
from experiments.facts.reading import Part, part_of
from experiments.facts.records import Records
from experiments.values import CONF

REPORTS = CONF / "evidence" / "control_reports.yaml"
TOLD = ("id", "text", "when", "place", "actor", "zone", "source", "sure")
PASS = 0.5
"""Share of replicates in which a statement has to hold."""


@dataclass(frozen=True)
class Report:
    """One statement.

    Attributes:
        told: what the source says, by the names of `TOLD`.
        part: what is measured, and the band in which the statement holds.
    """

    told: Mapping[str, str]
    part: Part


def read_reports(path: Path = REPORTS) -> list[Report]:
    """All statements of the list.

    Raises:
        ValueError: a key is unknown or missing; one line.
    """
    return [_report(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]


def control(records: Records, reports: Sequence[Report]) -> pd.DataFrame:
    """One row for each statement: what it says, the share of replicates in which it holds, whether it passes, where."""
    rows = tqdm(reports, unit=" statements", delay=2, leave=False)
    return pd.DataFrame([_checked(report, records) for report in rows])


def _checked(report: Report, records: Records) -> dict[str, Any]:
    values = value(report.part.measure, records)
    low, median, high = middle(values)
    share = float(report.part.holds(values).mean()) if len(values) else np.nan
    status = "not covered" if np.isnan(share) else "passes" if share >= PASS else "fails"
    numbers = {"share": share, "status": status, "median": median, "5 %": low, "95 %": high}
    bounds = {"band low": report.part.band[0], "band high": report.part.band[1]}
    return {**report.told, **numbers, **bounds, **_middle_of(report.part.measure, records)}


def _middle_of(how: Mapping[str, Any], records: Records) -> dict[str, float]:
    """Mean latitude and longitude of the cells of a statement."""
    where = {**how, "regions": how["fraction"]["where"]["region"]} if "fraction" in how else how
    cells, own = cells_of(where, records.setup), records.setup.world.cells
    return {"lat": float(own.lat[cells].mean()), "lon": float(own.lon[cells].mean())}


def _report(row: Mapping[str, Any]) -> Report:
    name = f"statement {row.get('id', 'without an id')}"
    absent = [key for key in TOLD if key not in row]
    if absent:
        raise ValueError(f"{name}: no '{absent[0]}', expected {', '.join(TOLD)}")
    rest = {key: content for key, content in row.items() if key not in TOLD}
    return Report({key: str(row[key]) for key in TOLD}, part_of(name, {"text": row["text"], **rest}))
