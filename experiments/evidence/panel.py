"""Panel: deaths by unit and month out of events, under a stated reading of vague places and long spans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.evidence.areas import Areas

LEVELS = ("country", "admin1", "cell")
PLACES, SPANS = ("as_coded", "by_people", "evenly"), ("start", "days")
VAGUE = 4
"""From this `where_prec` on an event is known to a first-order unit (4), a larger feature (5) or a country (6)."""

ALL, STATE_BASED = "all", "state_based"
TYPES = {ALL: (1, 2, 3), STATE_BASED: (1,)}
"""Types of violence that are scored."""


@dataclass(frozen=True)
class Reading:
    """How vague events are read.

    Attributes:
        place: "as_coded" leaves an event on UCDP's representative point, and drops it where a unit is not coded
            (no region, or a cell whose centre lies abroad); "by_people" and "evenly" share an event of `where_prec`
            4 to 6 out over the cells of its region, or of its country where the region is not coded, by the people
            of cells or in equal parts, and move an event just outside to the nearest cell of its unit.
        span: "start" counts an event in the month in which it begins; "days" shares it out over the months of its
            span, by days.
    """

    place: str = "as_coded"
    span: str = "start"

    def __post_init__(self) -> None:
        for name, known in {"place": PLACES, "span": SPANS}.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is '{getattr(self, name)}', expected one of: {', '.join(known)}")


@dataclass(frozen=True)
class Panel:
    """Deaths by unit and month.

    Attributes:
        level: one of `LEVELS`.
        names: of the units.
        first: the first month, see `month_of`.
        values: (unit, month).
    """

    level: str
    names: tuple[str, ...]
    first: int
    values: NDArray[np.float64]

    def months(self, first: int, count: int) -> NDArray[np.float64]:
        """Values of `count` months from month `first` on, (unit, month).

        Raises:
            ValueError: the panel does not hold all of them.
        """
        at, there = first - self.first, self.values.shape[1]
        if at < 0 or at + count > there:
            span = f"{month_name(self.first)} to {month_name(self.first + there - 1)}"
            asked = f"{month_name(first)} to {month_name(first + count - 1)}"
            raise ValueError(f"months {asked} are asked for, the events are of {span}; give a later event file")
        return self.values[:, at : at + count]


def month_of(day: date | pd.Timestamp) -> int:
    """Number of a month.

    >>> month_of(date(2022, 1, 31)) - month_of(date(2021, 12, 1))
    1
    """
    return day.year * 12 + day.month - 1


def month_name(month: int) -> str:
    """ISO name of a month.

    >>> month_name(month_of(date(2022, 12, 31)))
    '2022-12'
    """
    return f"{month // 12}-{month % 12 + 1:02d}"


def panel(shares: pd.DataFrame, level: str, where: Areas, violence: str = ALL, until: int | None = None) -> Panel:
    """Deaths by unit and month.

    Args:
        shares: of events, from `shared_out`.
        level: one of `LEVELS`.
        where: the areas that are scored.
        violence: `ALL`, `STATE_BASED` or a dyad family.
        until: last month; None is the last month of an event.
    """
    names = where.units(level)
    first, last = int(shares["month"].min()), int(shares["month"].max() if until is None else until)
    own = shares[of_violence(shares, violence)]
    unit = own[unit_column(level)].astype(str).map({name: at for at, name in enumerate(names)})
    inside = unit.notna() & (own["month"] <= last)
    values = np.zeros((len(names), last - first + 1))
    where_to = (unit[inside].to_numpy(np.int64), own["month"][inside].to_numpy() - first)
    np.add.at(values, where_to, own["deaths"][inside].to_numpy())
    return Panel(level, names, first, values)


def of_violence(shares: pd.DataFrame, violence: str) -> pd.Series[bool]:
    """Which rows are of a type of violence, or of a dyad family."""
    return shares["violence"].isin(TYPES[violence]) if violence in TYPES else shares["family"] == violence


def unit_column(level: str) -> str:
    """Column that names the units of a level."""
    return {"country": "country", "admin1": "region", "cell": "gid"}[level]


def shared_out(events: pd.DataFrame, where: Areas, reading: Reading) -> pd.DataFrame:
    """Parts of events by cell and month: month, country, region, gid, violence, family, theatre, deaths.

    The parts of an event add up to its best estimate. Nothing is drawn: the same events give the same parts.
    """
    placed = _placed(events, where, reading.place)
    if reading.span == "start":
        months = placed["start"].dt.year * 12 + placed["start"].dt.month - 1
        return placed.assign(month=months)[list(COLUMNS)]
    return _spanned(placed)[list(COLUMNS)]


COLUMNS = ("month", "country", "region", "gid", "violence", "family", "theatre", "deaths")


def _placed(events: pd.DataFrame, where: Areas, place: str) -> pd.DataFrame:
    whole = events.assign(deaths=events["best"].astype(np.float64))
    if place == "as_coded":
        return whole
    vague = whole["precision"] >= VAGUE
    exact = _moved_inside(whole[~vague], where)
    parts = [exact, *(_spread(event, where, place) for _, event in whole[vague].iterrows())]
    return pd.concat(parts, ignore_index=True)


def _moved_inside(exact: pd.DataFrame, where: Areas) -> pd.DataFrame:
    """Events whose cell has its centre abroad go to the nearest cell of their region; a region left open is its."""
    gid, region = exact["gid"].to_numpy().copy(), exact["region"].to_numpy(object).copy()
    for at in np.flatnonzero(~np.isin(gid, where.gid) | (region == "")):
        event = exact.iloc[at]
        own = where.inside(event["country"], event["region"])
        near = own[_nearest(event["lat"], event["lon"], where.lat[own], where.lon[own])]
        gid[at], region[at] = where.gid[near], event["region"] or where.region[near]
    return exact.assign(gid=gid, region=region)


def _nearest(lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> int:
    return int(np.hypot(lats - lat, (lons - lon) * np.cos(np.radians(lat))).argmin())


def _spread(event: pd.Series, where: Areas, place: str) -> pd.DataFrame:
    """One event as a row for each cell of its region or country."""
    own = where.inside(event["country"], event["region"])
    weight = where.people[own] if place == "by_people" else np.ones(len(own))
    parts = pd.DataFrame([event] * len(own)).assign(gid=where.gid[own], deaths=event["deaths"] * weight / weight.sum())
    return parts if event["region"] else parts.assign(region=where.region[own])


def _spanned(placed: pd.DataFrame) -> pd.DataFrame:
    """Rows of events that last into other months, once for each month, by the days in it."""
    first, last = placed["start"].dt.to_period("M"), placed["end"].dt.to_period("M")
    number = (last.dt.year - first.dt.year) * 12 + last.dt.month - first.dt.month + 1
    rows = placed.loc[placed.index.repeat(number)]
    step = rows.groupby(level=0).cumcount()
    month = rows["start"].dt.year * 12 + rows["start"].dt.month - 1 + step
    opens = pd.to_datetime({"year": month // 12, "month": month % 12 + 1, "day": 1})
    closes = opens + pd.offsets.MonthEnd(0)
    until, since = rows["end"].where(rows["end"] < closes, closes), rows["start"].where(rows["start"] > opens, opens)
    days = (until - since).dt.days + 1
    whole = (rows["end"] - rows["start"]).dt.days + 1
    return rows.assign(month=month, deaths=rows["deaths"] * days / whole).reset_index(drop=True)
