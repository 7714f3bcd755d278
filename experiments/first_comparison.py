"""First comparison: `historical` against UCDP GED by country, half-year, perpetrator and region.

Facts of other sources are the business of `experiments.scorecard`.

``python -m experiments.first_comparison [replicates=200] [ged=FILE-OR-FOLDER]``; other keys are those of
`experiments.run`. The replicates are kept in the run folder, so that running it again is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.comparing import against_ged
from experiments.composing import composed
from experiments.facts.records import Records
from experiments.ged import ROOT, observed_totals, read_ged, shipped_totals
from experiments.settings import Settings
from experiments.summary import Table, number

GED = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "first_comparison.md"
SAMPLE = 20
"""Replicates whose events are looked at one by one."""

FREE = ("replicates", "workers", "block", "output")
"""Keys that leave the numbers of a replicate alone."""

INTRODUCTION = """# First comparison

`historical` with default parameters, {replicates} replicates, seed {seed}, against UCDP GED 24.1 (Sundberg & Melander
2013; Davies et al. 2024) from July 2021 to December 2022. Facts of other sources are in the [scorecard](scorecard.md).
Written by `python -m experiments.first_comparison`. Model output, not a forecast.

Observed numbers leave out the Diffa region and JAS (Lake Chad). The simulated numbers of Niger hold all of it; in
Diffa the model has {diffa} deaths in the same time. A ratio is the simulated mean over the observed number; *near* is a
ratio between 1/3 and 3. UCDP does not see every death: low and high estimates of a year differ by tens of percent."""


def main(words: Sequence[str]) -> int:
    """Simulate what is missing, print and write the comparison; returns the exit code."""
    if any(word in ("-h", "--help") for word in words):
        print(__doc__)
        return 0
    place = next((Path(word[4:]) for word in words if word.startswith("ged=")), None)
    rest = [word for word in words if not word.startswith("ged=")]
    try:
        settings = composed(["scenario=historical", *rest])
        folder, text = compared(settings, observed(place))
    except ValueError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    if all(word.partition("=")[0] in FREE for word in rest) and settings.replicates >= 200:
        PAGE.write_text(text, encoding="utf-8")
    print(f"run folder: {folder}")
    return 0


def observed(place: Path | None) -> pd.DataFrame:
    """Observed totals out of GED, or those that ship if it is not there and was not asked for.

    Raises:
        ValueError: GED was asked for and is not there, or is no GED; one line.
    """
    try:
        return observed_totals(read_ged(place or GED))
    except ValueError as missing:
        if place is not None:
            raise
        print(str(missing).replace(f"'{GED}'", "hand"), file=sys.stderr)
        return shipped_totals()


def compared(settings: Settings, totals: pd.DataFrame) -> tuple[Path, str]:
    """Print all tables, write them into the run folder; returns the folder and the page."""
    from experiments.facts.simulating import recorded
    from experiments.lock import locked

    with locked(settings.folder):
        records = recorded(settings, SAMPLE)
        frames = against_ged(records, totals)
        diffa = _diffa(records)
        tables = [shown(name, frame) for name, frame in frames.items()]
        print("\n\n".join(table.text() for table in tables))
        head = INTRODUCTION.format(replicates=settings.replicates, seed=settings.seed, diffa=number(diffa))
        page = "\n\n".join((head, *(table.markdown().replace("###", "##", 1) for table in tables))) + "\n"
        folder = settings.folder / "first_comparison"
        folder.mkdir(exist_ok=True)
        for name, frame in frames.items():
            frame.to_csv(folder / f"{name}.csv", index=False)
        (folder / "first_comparison.md").write_text(page, encoding="utf-8")
    return settings.folder, page


HEADINGS: Mapping[str, str] = {
    "deaths": "Deaths by country, half-year and UCDP type of violence",
    "rivals": "Deaths in fighting of IS and JNIM",
    "civilians": "Civilians killed by perpetrator (GED: one-sided violence)",
    "events": "Events with deaths",
    "regions": "Deaths by first-order region, July 2021 to December 2022",
}


def shown(name: str, frame: pd.DataFrame) -> Table:
    """A frame as a table of text."""
    rows = tuple(tuple(_text(value) for value in row) for row in frame.itertuples(index=False))
    columns = tuple("" if column == "what" else str(column) for column in frame.columns)
    return Table(HEADINGS[name], columns, rows)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return number(float(value)) if isinstance(value, int | float | np.number) else str(value)


def _diffa(records: Records) -> float:
    """Mean simulated deaths in the Diffa region, in the time of the comparison."""
    from experiments.ged import SPAN

    parts = [records.weekly(array, {"region": ("NER/Diffa",)}) for array in ("fallen", "civilians")]
    return float(sum(parts)[:, records.span(*SPAN)].sum(axis=1).mean())  # type: ignore[index]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
