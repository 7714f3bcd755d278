"""Records: what was observed, as the targets that simulations are compared with; nothing after the last day.

Counts, places and shares come from the windows that are simulated. How sizes of events and gaps between them are
distributed comes from all spans of that length since 2012.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.calibration import facts
from experiments.calibration.targets import LASTING, Span, Targets, joined, lasting, over_windows, targets
from experiments.calibration.windows import Window
from experiments.evidence.areas import areas
from experiments.evidence.events import SAHEL, events_of
from experiments.evidence.panel import Reading, shared_out
from experiments.evidence.recorded import records_from
from experiments.evidence.releases import Source, read_release
from scenarios.recollection import Records
from sim.calendar import week_of

FIRST_YEAR = 2012
"""Of the spans from which groups that last (`targets.LASTING`) are observed."""

LEAST = 20
"""Deaths from which on a first-order unit is compared by itself."""


class Recorded(NamedTuple):
    """Recorded events of the Sahel up to a day.

    Attributes:
        parts: to compare with, in the columns of `targets.targets`.
        known: the same events to start from.
        sources: files they come from.
    """

    parts: pd.DataFrame
    known: Records
    sources: tuple[Source, ...]


def recorded(place: Path, until: date) -> Recorded:
    """Recorded events up to a day.

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
    kept = parts[(parts["theatre"] == SAHEL) & (parts["deaths"] > 0)]
    return Recorded(kept, records_from(events, sources, until), sources)


def span_of(parts: pd.DataFrame, window: Window) -> Span:
    """The months of a window that are compared, and the first-order units with deaths enough in them."""
    span = Span(window.first, window.months, ())
    own = span.own(parts)
    deaths = own[own["region"] != ""].groupby("region")["deaths"].sum()
    return replace(span, regions=tuple(sorted(deaths[deaths >= LEAST].index)))


def observed(parts: pd.DataFrame, spans: Sequence[Span], offsets: Mapping[str, float], *, with_facts: bool) -> Targets:
    """What was observed, (1, target), in the order of `simulations.simulated`."""
    ages = [replace(spans[-1], first=first) for first in spans_before(spans[-1])]
    lasts = lasting(parts, 1, ages, [targets(parts, 1, age, offsets) for age in ages])
    found = [over_windows(parts, 1, spans, offsets).without(LASTING), lasts]
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
