"""Records: what was observed, as the targets that simulations are compared with; nothing after the last day.

Counts, places and shares come from the months that are simulated. How sizes of events and gaps between them are
distributed comes from all spans of that length since 2012, in the mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.calibration import facts
from experiments.calibration.targets import Span, Targets, joined, targets
from experiments.evidence.areas import areas
from experiments.evidence.events import SAHEL, events_of
from experiments.evidence.panel import Reading, month_of, shared_out
from experiments.evidence.releases import Source, read_release
from sim.calendar import week_of

FIRST_YEAR = 2012
LASTING = ("sizes", "gaps")
"""Groups whose observed values are means over all spans since `FIRST_YEAR`."""

LEAST = 20
"""Deaths from which on a first-order unit is compared by itself."""


def recorded_parts(place: Path, until: date) -> tuple[pd.DataFrame, tuple[Source, ...]]:
    """Recorded events of the Sahel up to a day, in the columns of `targets.targets`, and the files they come from.

    Raises:
        ValueError: the file is no event file, or ends before the day; one line.
    """
    raw, sources = read_release(place)
    if raw["date_start"].max().date() < date(until.year, until.month, 1):
        raise ValueError(
            f"events end on {raw['date_start'].max().date()}, expected some until {until}; give events=PATH"
        )
    where = areas()
    events = events_of(raw[raw["date_start"] <= pd.Timestamp(until)], where)
    parts = shared_out(events, where, Reading()).assign(week=[week_of(day.date()) for day in events["start"]], draw=0)
    return parts[(parts["theatre"] == SAHEL) & (parts["deaths"] > 0)], sources


def span_of(parts: pd.DataFrame, until: date, months: int) -> Span:
    """The months that are compared, and the first-order units with deaths enough in them."""
    first = month_of(until) + 1 - months
    own = parts[parts["month"].between(first, first + months - 1) & (parts["region"] != "")]
    deaths = own.groupby("region")["deaths"].sum()
    return Span(first, months, tuple(sorted(deaths[deaths >= LEAST].index)))


def observed(parts: pd.DataFrame, span: Span, offsets: Mapping[str, float], *, with_facts: bool) -> Targets:
    """What was observed, (1, target), in the order of `simulations.simulated`."""
    spans = [Span(first, span.months, span.regions) for first in spans_before(span)]
    each = [targets(parts, 1, one, offsets) for one in spans]
    last = each[-1]
    mean = np.mean([one.values for one in each], axis=0)
    found = [Targets(last.names, np.where(last.of(LASTING), mean, last.values))]
    if with_facts:
        ids = tuple(f"{facts.GROUP} {name}" for name, _ in facts.compared())
        found.append(Targets(ids, np.zeros((1, len(ids)))))
    return joined(found)


def spans_before(span: Span) -> Sequence[int]:
    """First months of spans as long as this one that end with it and begin in `FIRST_YEAR` or later, in order.

    >>> [month // 12 for month in spans_before(Span(2020 * 12, 24, ()))]
    [2012, 2014, 2016, 2018, 2020]
    """
    count = (span.first - FIRST_YEAR * 12) // span.months
    return [span.first - span.months * k for k in range(count, -1, -1)]
