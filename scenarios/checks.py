"""Checks: what is asked of a run is refused in one line where it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scenarios.mechanisms import Values, check_parameters
from sim.calendar import date_of, week_of


def map_positions(days: Sequence[date], first_week: int, weeks: int) -> tuple[int, ...]:
    """Positions of the weeks of maps; the first and the last week of the run if no day is given.

    Raises:
        ValueError: a day lies outside the run; one line.
    """
    wanted = sorted({week_of(day) - first_week for day in days} or {0, weeks - 1})
    for position in wanted:
        if not 0 <= position < weeks:
            span = f"{date_of(first_week)} and {date_of(first_week + weeks - 1)}"
            raise ValueError(f"map date {date_of(first_week + position)} is outside the run, expected between {span}")
    return tuple(wanted)


def check_arms(arms: Sequence[tuple[str, Values]]) -> None:
    """Refuse arms of the same name, and parameters that do not exist.

    Args:
        arms: name and parameters of each.

    Raises:
        ValueError: one line.
    """
    names = [name for name, _ in arms]
    for name, parameters in arms:
        if names.count(name) > 1:
            raise ValueError(f"two arms are called {name!r}, expected a name of its own for each")
        check_parameters(parameters, f"arm {name}: parameters")
