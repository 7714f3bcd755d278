"""Summary: the headline outcomes of a run as a table that can be read without knowing the model."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.figures.words import plain
from experiments.outcomes import OUTCOMES

NOTE = "Model output, not a forecast."
HEADLINE = {outcome.name for outcome in OUTCOMES if outcome.headline}


@dataclass(frozen=True)
class Table:
    """Rows of text under a heading; the first column is words, the others are numbers."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """As plain text in columns."""
        widths = [max(len(row[i]) for row in (self.columns, *self.rows)) for i in range(len(self.columns))]
        lines = [_aligned(row, widths) for row in (self.columns, *self.rows)]
        return "\n".join((self.heading, lines[0], "-" * len(lines[0]), *lines[1:]))

    def markdown(self) -> str:
        """As a Markdown table."""
        rule = ("---", *("---:",) * (len(self.columns) - 1))
        lines = (f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows))
        return "\n".join((f"### {self.heading}", "", *lines))


def difference_tables(differences: pd.DataFrame, histories: tuple[str, ...]) -> list[Table]:
    """One table for each window: scenario, counterfactual, paired difference and how many replicates agree."""
    measures = ("difference", "90 % of replicates", "agree on sign", "variance ratio")
    columns = ("", plain(histories[0]), plain(histories[1]), *measures)
    shown = differences[differences["outcome"].isin(HEADLINE)]
    return [
        Table(_capital(str(window)), columns, tuple(_difference(row) for row in part.to_dict("records")))
        for window, part in shown.groupby("window", sort=False, observed=True)
    ]


def outcome_table(outcomes: pd.DataFrame, history: str) -> Table:
    """The outcomes of a run with one history."""
    rows = []
    for outcome in OUTCOMES:
        chosen = outcomes[(outcomes["outcome"] == outcome.name) & (outcomes["window"] == "whole run")]
        if outcome.headline and len(chosen):
            low, high = np.quantile(chosen["value"], [0.05, 0.95])
            rows.append((_named(outcome.label, outcome.unit), number(chosen["value"].mean()), _between(low, high)))
    return Table(f"{plain(history)}, whole run", ("", "mean", "90 % of replicates"), tuple(rows))


def summary(title: str, tables: list[Table], notes: list[str], *, markdown: bool = False) -> str:
    """The whole summary, with notes on how to read it."""
    parts = [table.markdown() if markdown else table.text() for table in tables]
    return "\n\n".join((f"## {title}" if markdown else title, *parts, "\n".join(notes))) + "\n"


def notes(stamp: str, *, paired: bool) -> list[str]:
    """How to read the summary, and what made it."""
    reading = [
        "Difference: first column minus second, within pairs that share all chance; 90 % of pairs lie in the range.",
        "Agree on sign: share of replicates whose difference has the sign of the mean difference.",
        "Variance ratio: how many times as many unpaired replicates would be needed for the same precision.",
    ]
    return [*(reading if paired else []), f"{NOTE} {stamp}"]


def number(value: float) -> str:
    """A number with three or four significant digits and grouped thousands.

    >>> number(1234567.8), number(42.31), number(0.0312), number(-0.0)
    ('1,230,000', '42.3', '0.0312', '0')
    """
    if not np.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    digits = 2 - int(np.floor(np.log10(abs(value))))
    rounded = round(value, digits)
    return f"{rounded:,.{max(digits, 0)}f}"


def _difference(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    sign = row["mean_difference"]
    agree = "share_positive" if sign > 0 else "share_negative"
    return (
        _named(str(row["label"]), str(row["unit"])),
        number(row["scenario_mean"]),
        number(row["baseline_mean"]),
        _signed(sign),
        _between(row["q05"], row["q95"], signed=True),
        f"{100 * row[agree]:.0f} %" if sign else "-",
        f"{row['variance_ratio']:.1f}" if np.isfinite(row["variance_ratio"]) else "-",
    )


def _named(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit in ("km2", "cells") else label


def _between(low: float, high: float, *, signed: bool = False) -> str:
    write = _signed if signed else number
    return f"{write(low)} to {write(high)}"


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join((first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)))
