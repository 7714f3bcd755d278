"""Windows: spans of recorded events that are compared, each simulated by itself from a start of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from experiments.evidence.panel import month_name, month_of

HELD_OUT = date(2021, 12, 31)
"""Last day of events that may be looked at without saying so."""

SUCH = "{start: 2018-01-01, until: 2019-12-31}"


@dataclass(frozen=True)
class Window:
    """Days that are simulated, and the whole half-years at their end that are compared.

    Attributes:
        start: first day that is simulated; events recorded before it tell where that starts from.
        until: last day of events that are looked at, the end of a half-year.
    """

    start: date
    until: date

    @property
    def months(self) -> int:
        """Months that are compared."""
        return months_between(self.start, self.until)

    @property
    def first(self) -> int:
        """Number of the first of them (`panel.month_of`)."""
        return month_of(self.until) + 1 - self.months


def months_between(start: date, until: date) -> int:
    """Whole half-years from a day to the end of another, in months; a week may be lacking at the start.

    >>> months_between(date(2019, 12, 30), date(2021, 12, 31)), months_between(date(2020, 8, 3), date(2021, 12, 31))
    (24, 12)
    """
    return ((until - start).days + 8) // 181 * 6


def years_of(first: int, months: int) -> str:
    """Name of a span of months: its years, or its first and last month where these are no whole years.

    >>> years_of(2018 * 12, 24), years_of(2020 * 12, 12), years_of(2020 * 12 + 6, 12)
    ('2018-2019', '2020', '2020-07..2021-06')
    """
    last = first + months - 1
    if first % 12 or months % 12:
        return f"{month_name(first)}..{month_name(last)}"
    return f"{first // 12}" if months == 12 else f"{first // 12}-{last // 12}"


def listed(rows: Sequence[Mapping[str, Any]]) -> tuple[Window, ...]:
    """Windows as the file of the question has them.

    Raises:
        ValueError: a row has other keys or no days; one line.
    """
    for row in rows:
        if set(row) != {"start", "until"} or not all(isinstance(day, date) for day in row.values()):
            told = ", ".join(f"{key}: {value}" for key, value in row.items())
            raise ValueError(f"calibration.yaml: windows has {{{told}}}, expected days such as {SUCH}")
    return tuple(Window(row["start"], row["until"]) for row in rows)


def told(words: str) -> tuple[Window, ...]:
    """Windows as the command line has them.

    Raises:
        ValueError: a word is no pair of days; one line.

    >>> [str(window.until) for window in told("2018-01-01..2019-12-31,2019-12-30..2021-12-31")]
    ['2019-12-31', '2021-12-31']
    """
    return tuple(_pair(word) for word in words.split(","))


def _pair(word: str) -> Window:
    try:
        start, until = (date.fromisoformat(day) for day in word.split(".."))
    except ValueError:
        raise ValueError(f"windows has '{word}', expected two days such as 2018-01-01..2019-12-31") from None
    return Window(start, until)


def checked(windows: Sequence[Window], *, later: bool) -> tuple[Window, ...]:
    """The windows, if they can be compared.

    Args:
        windows: in any order.
        later: whether events after `HELD_OUT` may be looked at.

    Raises:
        ValueError: one ends too late or within a half-year, is too short, or goes with no other; one line.
    """
    if not windows:
        raise ValueError(f"windows is empty, expected at least one such as {SUCH}")
    for window in windows:
        _check(window, later=later)
    ordered = tuple(sorted(windows, key=lambda window: window.until))
    for before, after in zip(ordered, ordered[1:], strict=False):
        names = f"{years_of(before.first, before.months)} and {years_of(after.first, after.months)}"
        if before.months != after.months:
            raise ValueError(f"windows {names} differ in length, expected as many months in each")
        if after.first < before.first + before.months:
            raise ValueError(f"windows {names} overlap, expected each month in one window at most")
    return ordered


def _check(window: Window, *, later: bool) -> None:
    start, until = window.start, window.until
    if until > HELD_OUT and not later:
        raise ValueError(
            f"until is {until}, but events after {HELD_OUT} are held out for tests; say later=true to look"
        )
    if until.month not in (6, 12) or until.day != (30 if until.month == 6 else 31):
        raise ValueError(f"until is {until}, expected the end of a half-year such as {HELD_OUT}")
    if window.months < 6:
        raise ValueError(f"start is {start}, expected at least half a year before {until}")
