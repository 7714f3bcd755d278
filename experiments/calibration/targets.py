"""Targets: what simulated and recorded events are compared by.

Targets of events are named by group, window and what they are of, "deaths_family 2018-2019 jnim-state"; those of groups
that last have one value for all windows, "sizes tail". Recorded and simulated events come in the columns of
`experiments.evidence.panel.shared_out` with a draw and a week, after the observation model where they are simulated,
and give the same numbers in the same order. Counts are compared as log(count + offset), so that a factor counts alike
everywhere and a handful of deaths counts little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibration.windows import years_of
from experiments.event_sizes import tail_exponent
from experiments.evidence.areas import COUNTRIES
from experiments.evidence.panel import month_name

Values = NDArray[np.float64]

FAMILIES = (
    "jnim-state", "issp-state", "issp-jnim", "armed-jnim", "armed-issp", "armed-state",
    "jnim-civilians", "issp-civilians", "state-civilians", "armed-civilians",
)  # fmt: skip
KILLERS = tuple(family for family in FAMILIES if family.endswith("civilians"))
LASTING = ("sizes", "gaps")
"""Groups that hang on no organisation of the time: one value, the mean over spans weighted by events."""

LARGE, TAIL = 10, 10
"""Deaths from which an event is large, and from which the tail is fitted."""

WORST = 10
"""Cells that are called the worst."""


@dataclass(frozen=True)
class Span:
    """Months that are compared.

    Attributes:
        first: number of the first month (`panel.month_of`).
        months: how many; a multiple of six.
        regions: first-order units that are compared one by one.
    """

    first: int
    months: int
    regions: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its years, such as "2018-2019"."""
        return years_of(self.first, self.months)

    def own(self, parts: pd.DataFrame) -> pd.DataFrame:
        """The events of its months."""
        return parts[parts["month"].between(self.first, self.first + self.months - 1)]


@dataclass(frozen=True)
class Targets:
    """Numbers that are compared.

    Attributes:
        names: such as "deaths_family 2018-2019 jnim-state".
        values: (draw, target).
    """

    names: tuple[str, ...]
    values: Values

    def of(self, groups: Sequence[str]) -> NDArray[np.bool_]:
        """Which targets belong to some groups."""
        return np.array([name.split(" ")[0] in groups for name in self.names])

    def only(self, groups: Sequence[str]) -> Targets:
        """The targets of some groups."""
        return self._kept(self.of(groups))

    def without(self, groups: Sequence[str]) -> Targets:
        """The targets of all other groups."""
        return self._kept(~self.of(groups))

    def _kept(self, kept: NDArray[np.bool_]) -> Targets:
        return Targets(tuple(np.array(self.names)[kept].tolist()), self.values[:, kept])


def targets(parts: pd.DataFrame, draws: int, span: Span, offsets: Mapping[str, float]) -> Targets:
    """Numbers of events by draw.

    Args:
        parts: events with the columns draw, week, month, country, region, gid, violence, family, deaths.
        draws: how many there are, some of which may be without any event.
        span: months that are compared; other events are left out.
        offsets: by group.
    """
    own = span.own(parts)
    counts = _counts(own, draws, span)
    names = [f"{group} {span.name} {name}" for group, (known, _) in counts.items() for name in known]
    logs = [np.log(values + offsets[group]) for group, (_, values) in counts.items()]
    shares = _killers(counts["deaths_family"][1], offsets["civilians_by"])
    shapes = [_shape(one) for one in _by_draw(own, draws)]
    names += [f"civilians_by {span.name} {family.split('-')[0]}" for family in KILLERS]
    names += [_in_window(name, span) for name in shapes[0]]
    return Targets(tuple(names), np.column_stack([*logs, shares, np.array([list(s.values()) for s in shapes])]))


def over_windows(parts: pd.DataFrame, draws: int, windows: Sequence[Span], offsets: Mapping[str, float]) -> Targets:
    """Targets of several windows side by side, with one value for groups that last.

    Args:
        parts: as for `targets`.
        draws: how many there are.
        windows: months that are compared.
        offsets: by group.
    """
    each = [targets(parts, draws, span, offsets) for span in windows]
    own = [one.without(LASTING) for one in each]
    return joined([*own, lasting(parts, draws, windows, each)])


def lasting(parts: pd.DataFrame, draws: int, spans: Sequence[Span], each: Sequence[Targets]) -> Targets:
    """Groups that last: means over spans, weighted by their events (evenly where a draw has none).

    Args:
        parts: as for `targets`.
        draws: how many there are.
        spans: of equal length.
        each: their targets.
    """
    own = [one.only(LASTING) for one in each]
    counts = np.array([np.bincount(span.own(parts)["draw"], minlength=draws) for span in spans]) + 1e-9
    shares = (counts / counts.sum(axis=0))[:, :, None]
    return Targets(own[0].names, np.sum([share * one.values for share, one in zip(shares, own, strict=True)], axis=0))


def _in_window(name: str, span: Span) -> str:
    group, _, what = name.partition(" ")
    return name if group in LASTING else f"{group} {span.name} {what}"


def joined(parts: Sequence[Targets]) -> Targets:
    """Targets of the same draws side by side."""
    return Targets(tuple(n for part in parts for n in part.names), np.column_stack([part.values for part in parts]))


def _counts(own: pd.DataFrame, draws: int, span: Span) -> dict[str, tuple[tuple[str, ...], Values]]:
    half = own["country"] + " " + ((own["month"] - span.first) // 6).map(_halves(span))
    quarter = ((own["month"] - span.first) // 3).map(_quarters(span))
    halves = tuple(f"{country} {name}" for country in COUNTRIES for name in _halves(span).values())
    quarters = tuple(_quarters(span).values())
    ones, deaths = pd.Series(1.0, own.index), own["deaths"]
    wanted = {
        "deaths_family": (own["family"], FAMILIES, deaths),
        "events_family": (own["family"], FAMILIES, ones),
        "deaths_country": (half, halves, deaths),
        "events_quarter": (quarter, quarters, ones),
        "deaths_region": (own["region"], span.regions, deaths),
    }
    return {
        group: (names, _totals(own["draw"], key, names, what, draws)) for group, (key, names, what) in wanted.items()
    }


def _totals(
    draw: pd.Series[int], key: pd.Series[str], names: Sequence[str], what: pd.Series[float], draws: int
) -> Values:
    """Sums by draw and name, (draw, name); rows of another name are left out."""
    at = key.map({name: i for i, name in enumerate(names)})
    kept = at.notna()
    found = np.zeros((draws, len(names)))
    np.add.at(found, (draw[kept].to_numpy(np.int64), at[kept].to_numpy(np.int64)), what[kept].to_numpy())
    return found


def _halves(span: Span) -> dict[int, str]:
    months = range(span.first, span.first + span.months, 6)
    return {i: f"{m // 12}H{m % 12 // 6 + 1}" for i, m in enumerate(months)}


def _quarters(span: Span) -> dict[int, str]:
    return {i: month_name(m) for i, m in enumerate(range(span.first, span.first + span.months, 3))}


def _killers(deaths: Values, offset: float) -> Values:
    """Log share of each perpetrator in the civilians killed, (draw, perpetrator)."""
    own = deaths[:, [FAMILIES.index(family) for family in KILLERS]] + offset
    return np.asarray(np.log(own / own.sum(axis=1, keepdims=True)))


def _by_draw(own: pd.DataFrame, draws: int) -> list[pd.DataFrame]:
    groups = dict(list(own.groupby("draw")))
    return [groups.get(draw, own.iloc[:0]) for draw in range(draws)]


def _shape(events: pd.DataFrame) -> dict[str, float]:
    """Sizes, places and gaps of one draw's events: numbers that do not depend on how many there are."""
    deaths, one_sided = events["deaths"].to_numpy(), events["violence"].to_numpy() == 3
    return {
        "sizes log_mean_fights": _mean(np.log(deaths[~one_sided])),
        "sizes log_mean_one_sided": _mean(np.log(deaths[one_sided])),
        "sizes share_large": float(np.log((np.sum(deaths >= LARGE) + 1.0) / (len(deaths) + 5.0))),
        "sizes tail": _tail(deaths),
        "places gini_of_events": gini(events.groupby("gid").size().to_numpy().astype(np.float64)),
        "places deaths_in_worst_cells": _worst(events),
        "gaps burstiness": burstiness(events["gid"].to_numpy(), events["week"].to_numpy()),
    }


def _mean(values: Values) -> float:
    return float(values.mean()) if len(values) else 0.0


def _tail(deaths: Values) -> float:
    found = tail_exponent(np.rint(deaths), TAIL)[0]
    return 2.5 if np.isnan(found) else min(found, 4.0)


def _worst(events: pd.DataFrame) -> float:
    """Share of deaths in the cells with most of them."""
    by_cell = np.sort(events.groupby("gid")["deaths"].sum().to_numpy())[::-1]
    return float(by_cell[:WORST].sum() / max(by_cell.sum(), 1.0))


def gini(counts: Values) -> float:
    """Gini coefficient of counts, of those that are not 0; 0 where all are alike.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 0.0, 0.0, 4.0]))
    (0.0, 0.75)
    """
    if counts.sum() <= 0.0:
        return 0.0
    ranked, n = np.sort(counts), len(counts)
    return float(2.0 * (np.arange(1, n + 1) * ranked).sum() / (n * ranked.sum()) - (n + 1) / n)


def burstiness(place: NDArray[np.int64], week: NDArray[np.int64]) -> float:
    """(s - m) / (s + m) of the gaps between events in the same place, in weeks (Goh & Barabasi 2008, EPL 81, 48002).

    Gaps are taken over the mean of their place, if it has four or more: -1 is a clock, 0 near chance alone, 1 bursts.

    >>> burstiness(np.zeros(9, np.int64), np.arange(9))
    -1.0
    """
    order = np.lexsort((week, place))
    gaps, same = np.diff(week[order]).astype(np.float64), np.diff(place[order]) == 0
    own = pd.Series(gaps[same]).groupby(place[order][1:][same])
    means, counts = own.transform("mean"), own.transform("size")
    kept = (counts >= 4) & (means > 0)
    if not kept.any():
        return 0.0
    relative = pd.Series(gaps[same])[kept] / means[kept]
    spread = float(relative.std(ddof=0))
    return (spread - 1.0) / (spread + 1.0)
