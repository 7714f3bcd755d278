"""Calendar: weeks are numbered from Monday 3 January 2000, so that a date has one number in every run."""

from __future__ import annotations

from datetime import date, timedelta

ORIGIN = date(2000, 1, 3)
"""Monday of week 0."""


def week_of(day: date) -> int:
    """Number of the week that holds a day.

    >>> week_of(date(2000, 1, 9)), week_of(date(2000, 1, 10))
    (0, 1)
    """
    return (day - ORIGIN).days // 7


def date_of(week: int) -> date:
    """Monday of a week.

    >>> date_of(week_of(date(2021, 7, 9))).isoformat()
    '2021-07-05'
    """
    return ORIGIN + timedelta(weeks=week)
