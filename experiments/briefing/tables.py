"""Tables of a briefing: outcomes with their verdicts, bands of probability, and what goes only into sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.briefing.document import NUMBER, SHARE, SIGNED, TEXT, Column, Grid
from experiments.briefing.findings import (
    CLEAR,
    HEADLINE,
    LEANING,
    NONE,
    PROBABILITY,
    WHOLE,
    Finding,
    strongest,
)
from experiments.briefing.wording import BANDS, SPACE, likelihood, percent, semicolons
from experiments.figures import words
from experiments.figures.forest import labelled
from experiments.figures.reading import Run
from experiments.language import tr
from experiments.outcomes import OUTCOMES

PERCENT = f"{SPACE}%"

MAIN = 12
"""Outcomes in the table of the bottom line."""

VERDICTS = {CLEAR: "clear", LEANING: "leans", NONE: "no clear difference"}


def main_table(found: Sequence[Finding]) -> Grid:
    """The outcomes that change most, clear ones first, in the window of the briefing."""
    ranked = [*strongest(found), *strongest(found, LEANING), *(f for f in found if f.verdict not in (CLEAR, LEANING))]
    heading = tr("What changes most, {window}", window=tr(found[0].window) if found else "")
    return Grid("findings", heading, finding_columns(), tuple(finding_row(f) for f in ranked[:MAIN]))


VALUES = (("scenario", NUMBER), ("counterfactual", NUMBER), ("difference", SIGNED), ("5 % of pairs below", SIGNED),
          ("95 % of pairs below", SIGNED))  # fmt: skip
"""Columns that tables of findings share."""


def finding_columns() -> tuple[Column, ...]:
    """Columns of a table of findings."""
    heads = (("outcome", TEXT), *VALUES, ("pairs that agree", SHARE), ("direction", TEXT))
    return tuple(Column(tr(head), kind) for head, kind in heads)


def finding_row(f: Finding) -> tuple[Any, ...]:
    """A finding as a row."""
    agree = None if f.verdict not in VERDICTS or f.difference == 0 else f.agree
    return (labelled(f.label, f.unit), f.scenario, f.baseline, f.difference, f.low, f.high, agree, direction(f))


def direction(f: Finding) -> str:
    """Which way an outcome goes and how sure that is, in words."""
    if f.verdict not in VERDICTS:
        return tr("too few pairs")
    if f.verdict == NONE:
        return tr(VERDICTS[NONE])
    way = tr("up") if f.difference > 0 else tr("down")
    if f.unit == PROBABILITY:
        return f"{way}, {tr(VERDICTS[f.verdict])}"
    return f"{way}, {likelihood(f.agree)}"


def bands_told() -> str:
    """The words of probability and their shares in one line."""
    told = semicolons([f"{tr(b.word)} {percent(b.low).removesuffix(PERCENT)}–{percent(b.high)}" for b in BANDS])
    return tr("Words of probability (bands of ICD 203): {bands}.", bands=told)


def bands() -> Grid:
    """The words of probability and the shares that they stand for."""
    columns = (Column(tr("word")), Column(tr("from share"), SHARE), Column(tr("to share"), SHARE))
    rows = tuple((tr(band.word), band.low, band.high) for band in BANDS)
    return Grid("bands", tr("Words of probability (bands of ICD 203)"), columns, rows, folded=True)


def all_outcomes(run: Run) -> Iterator[Grid]:
    """Every headline outcome in every window; for a run of one history its means."""
    if not run.paired:
        yield _lone(run)
        return
    table = run.table("differences")
    for window in dict.fromkeys(table["window"]):
        rows = tuple(_row(row) for row in _headlines(table[table["window"] == window]).to_dict("records"))
        name = f"outcomes {tr(str(window))}"
        yield Grid(name, tr("All headline outcomes, {window}", window=tr(str(window))), _columns(), rows, folded=True)


def _headlines(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["outcome"].isin(HEADLINE)]


def _columns() -> tuple[Column, ...]:
    rest = (("more in", SHARE), ("less in", SHARE), ("standard error", NUMBER))
    heads = (("outcome", TEXT), ("unit", TEXT), *VALUES, *rest)
    return tuple(Column(tr(head), kind) for head, kind in heads)


def _row(row: Any) -> tuple[Any, ...]:
    keys = ("scenario_mean", "baseline_mean", "mean_difference", "q05", "q95", "share_positive", "share_negative")
    error = float(row["standard_error"])
    told = (tr(str(row["label"])), tr(str(row["unit"])), *(float(row[key]) for key in keys))
    return (*told, error if np.isfinite(error) else None)


def lone_means(run: Run) -> list[tuple[str, float]]:
    """Labels and means of the headline outcomes of a run of one history."""
    return [(str(label), float(mean)) for label, _, mean, _, _ in _lone_rows(run)]


def _lone_rows(run: Run) -> list[tuple[Any, ...]]:
    values = run.table("outcomes")
    whole = values[values["window"] == WHOLE].groupby("outcome", observed=True)["value"]
    told = {outcome.name: outcome for outcome in OUTCOMES if outcome.headline}
    found = {str(name): part for name, part in whole if str(name) in told}
    rows = [(told[name], found[name]) for name in told if name in found]
    return [(o.label, o.unit, part.mean(), part.quantile(0.05), part.quantile(0.95)) for o, part in rows]


def _lone(run: Run) -> Grid:
    heads = (("outcome", TEXT), ("unit", TEXT), ("mean", NUMBER), ("5 % of replicates below", NUMBER),
             ("95 % of replicates below", NUMBER))  # fmt: skip
    rows = tuple((tr(label), tr(unit), *map(float, values)) for label, unit, *values in _lone_rows(run))
    columns = tuple(Column(tr(head), kind) for head, kind in heads)
    return Grid("outcomes", tr("All headline outcomes, {window}", window=tr(WHOLE)), columns, rows)


def pairs(name: str, heading: str, rows: Sequence[tuple[str, str]], *, folded: bool = False) -> Grid:
    """A table of names and values."""
    return Grid(name, heading, (Column(tr("what")), Column(tr("value"))), tuple(rows), folded)


def further(run: Run) -> Iterator[Grid]:
    """Tables that are written as sheets and not shown: control by region at the end, zones, violence by quarter."""
    yield _control(run)
    yield _zones(run)
    yield _violence(run)


def _control(run: Run) -> Grid:
    table = run.table("control_by_region")
    last = table[table["date"] == table["date"].max()]
    held = last[last["mean"] > 0]
    heads = ("history", "region", "coalition", "measure", "mean", "q05", "q95")
    rows = tuple(
        (run.named(str(h)), str(r), words.coalition(str(c)), tr(str(m)), float(a), float(b), float(d))
        for h, r, c, m, a, b, d in held[list(heads)].itertuples(index=False)
    )
    return _sheet("control by region", tr("People and area (km²) at the end, by region and actor"), heads, rows)


def _zones(run: Run) -> Grid:
    table = run.table("zones")
    table = table[(table["cells"] > 0) & (table["zone"].astype(str) != "none")]
    heads = ("history", "date", "region", "coalition", "zone", "cells", "people")
    rows = tuple(
        (run.named(str(h)), str(d.date()), str(r), words.coalition(str(c)), tr(str(z)), float(n), float(p))
        for h, d, r, c, z, n, p in table[list(heads)].itertuples(index=False)
    )
    return _sheet("zones", tr("Cells and people by zone of control, means over replicates"), heads, rows)


def _violence(run: Run) -> Grid:
    table = run.table("violence")
    quarter = table["date"].dt.to_period("Q").astype(str)
    summed = table.groupby(["history", quarter, "country", "violence"], observed=True)["mean"].sum().reset_index()
    heads = ("history", "quarter", "country", "type of violence", "deaths")
    rows = tuple(
        (run.named(str(h)), str(q), words.country(str(c)), words.violence(v), float(n))
        for h, q, c, v, n in summed.itertuples(index=False)
    )
    return _sheet("deaths by quarter", tr("Deaths by quarter, country and type of violence, means"), heads, rows)


def _sheet(name: str, heading: str, heads: Sequence[str], rows: tuple[tuple[Any, ...], ...]) -> Grid:
    kinds = [NUMBER if isinstance(value, float) else TEXT for value in rows[0]] if rows else [TEXT] * len(heads)
    columns = tuple(Column(tr(head), kind) for head, kind in zip(heads, kinds, strict=True))
    return Grid(tr(name), heading, columns, rows)
