"""Card: facts, expected signs and reported control of one run as frames, and the line that sums them up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from experiments.expected import Expectation
from experiments.facts.measures import middle, value
from experiments.facts.reading import MONTH, Fact, Part
from experiments.facts.records import Records
from experiments.language import number as written
from experiments.language import tr

INSIDE, OUTSIDE, MISSING = "in band", "outside", "not covered"
"""What can be said of a fact."""

SIGN_COLUMNS = ("id", "sign", "median", "5 %", "95 %", "agree", "agree with all", "holds", "replicates", "missing")
"""What the scorecard reads of the table of expected signs."""


@dataclass(frozen=True)
class Card:
    """What a run reaches.

    Attributes:
        facts: one row for each part of a fact.
        signs: one row for each measure of an expected sign.
        control: one row for each statement on control.
    """

    facts: pd.DataFrame
    signs: pd.DataFrame
    control: pd.DataFrame

    @property
    def facts_in_band(self) -> int:
        """Facts all of whose parts lie in their band."""
        return int(self.facts.groupby("id")["status"].apply(lambda s: bool((s == INSIDE).all())).sum())

    @property
    def signs_that_hold(self) -> int:
        """Expected signs that hold."""
        return int(self.signs.groupby("id")["holds"].all().sum())

    def line(self) -> str:
        """The scorecard in a line, in the language in use."""
        facts, signs, control = self.facts["id"].nunique(), self.signs["id"].nunique(), len(self.control)
        passed = int((self.control["status"] == "passes").sum())
        told = tr(
            "facts {inside} of {facts} in band, expectations {held} of {signs}, control {passed} of {control}",
            inside=self.facts_in_band, facts=facts, held=self.signs_that_hold, signs=signs, passed=passed,
            control=control,
        )  # fmt: skip
        return told + _missing(self)


def facts_frame(facts: Sequence[Fact], records: Records) -> pd.DataFrame:
    """One row for each part of each fact; none is dropped."""
    pairs = [(fact, part) for fact in facts for part in fact.parts]
    return pd.DataFrame([_fact_row(f, p, records) for f, p in tqdm(pairs, unit=" facts", delay=2, leave=False)])


def signs_frame(expectations: Sequence[Expectation], found: pd.DataFrame) -> pd.DataFrame:
    """One row for each measure of each expectation; those that were not computed say so.

    Args:
        expectations: the list.
        found: the table of `experiments.expectations`; may be empty.
    """
    return pd.DataFrame([row for e in expectations for row in _sign_rows(e, found)])


def read_signs(folder: Path) -> pd.DataFrame:
    """The table that `experiments.expectations` wrote into a folder.

    Raises:
        ValueError: there is none, or it lacks a column; one line.
    """
    path = folder / "expectations.csv"
    if not path.is_file():
        raise ValueError(f"no expectations.csv in '{folder}', write it with: python -m experiments.expectations")
    frame = pd.read_csv(path)
    absent = [column for column in SIGN_COLUMNS if column not in frame]
    if absent:
        raise ValueError(f"{path} has no column '{absent[0]}', expected a table of experiments.expectations")
    return frame.assign(missing=frame["missing"].astype(object).fillna(""))


def shown(number: float, unit: str) -> str:
    """A value in a table, in the language in use; a day as its month.

    >>> shown(date(2023, 4, 10).toordinal(), "month"), shown(float("inf"), "month"), shown(1.5, "")
    ('2023-04', 'never', '1.50')
    """
    if np.isnan(number):
        return "-"
    if unit == MONTH:
        return {np.inf: tr("never"), -np.inf: tr("before")}.get(number) or date.fromordinal(int(number)).strftime(
            "%Y-%m"
        )
    return written(number)


def _fact_row(fact: Fact, part: Part, records: Records) -> dict[str, Any]:
    low, median, high = middle(value(part.measure, records))
    inside = {True: INSIDE, False: OUTSIDE}[bool(part.holds(median))]
    text = fact.text if part.text == fact.text else f"{fact.text}: {part.text}"
    return {
        "id": fact.id,
        "group": fact.group,
        "text": text,
        "label": part.label or text,
        "observed": str(part.observed),
        "band low": part.band[0],
        "band high": part.band[1],
        "median": median,
        "5 %": low,
        "95 %": high,
        "unit": part.unit,
        "status": MISSING if np.isnan(median) else inside,
        "why": part.why,
        "source": fact.source,
    }


def _sign_rows(expectation: Expectation, found: pd.DataFrame) -> Iterator[dict[str, Any]]:
    about = {"id": expectation.id, "text": expectation.text, "source": expectation.source}
    about |= {"treatment": expectation.treatment, "counterfactual": expectation.counterfactual or ""}
    mine = found[found["id"] == expectation.id] if len(found) else found
    if not len(mine):
        yield about | dict.fromkeys(SIGN_COLUMNS[2:7], np.nan) | {
            "sign": expectation.measures[0].told(), "holds": False, "replicates": 0, "missing": "not computed",
        }  # fmt: skip
    for row in mine.to_dict("records"):
        kept = {column: row[column] for column in SIGN_COLUMNS[1:]}
        # A table in which a pair could not be run has empty cells, and truth values are words.
        yield about | kept | {"holds": str(row["holds"]) == "True" and not row["missing"]}


def _missing(card: Card) -> str:
    absent = {
        "{count} facts": card.facts.loc[card.facts["status"] == MISSING, "id"].nunique(),
        "{count} expectations": card.signs.loc[card.signs["missing"] != "", "id"].nunique(),
        "{count} statements": int((card.control["status"] == MISSING).sum()),
    }
    told = [tr(template, count=count) for template, count in absent.items() if count]
    return tr(" (not covered: {what})", what=", ".join(told)) if told else ""
