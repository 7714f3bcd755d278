"""Request: what a calibration is asked on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """The command line, read.

    Attributes:
        numbers: draws, checks, kept, truths.
        start: first day that is simulated.
        until: last day of events that are looked at.
        facts: whether facts are targets.
        synthetic: whether the model makes the data.
        events: where recorded events are; None where the user gave no place.
        ged: release to fetch where there are none.
        ship: whether to write what ships.
        rest: words for `experiments.run`.
    """

    numbers: dict[str, int]
    start: date
    until: date
    facts: bool
    synthetic: bool
    events: Path | None
    ged: str
    ship: bool
    rest: tuple[str, ...]


def months_between(start: date, until: date) -> int:
    """Whole half-years from a day to the end of another, in months; a week may be lacking at the start.

    >>> months_between(date(2019, 12, 30), date(2021, 12, 31)), months_between(date(2020, 8, 3), date(2021, 12, 31))
    (24, 12)
    """
    return ((until - start).days + 8) // 181 * 6
