"""Outcomes: the headline numbers of a replicate, each with its unit and how it comes from what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from experiments.layout import AXES, Array, Coordinates

TOTAL, MEAN, END = "total", "weekly mean", "last week"
RIVALS = {"dyad": ("jnim-issp",)}


@dataclass(frozen=True)
class Outcome:
    """A number of a replicate in a window of weeks.

    Attributes:
        name: short name, unique.
        label: what it is called in tables that people read.
        unit: of the number.
        array: recorded array that it comes from.
        over: what is taken over the window's weeks: the total, the weekly mean, or the last week.
        where: names along axes to add up, with shell-style patterns; other axes are added up whole.
        headline: whether the printed summary shows it.
    """

    name: str
    label: str
    unit: str
    array: str
    over: str = TOTAL
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headline: bool = False

    def series(self, array: Array, coordinates: Coordinates) -> NDArray[np.float64]:
        """Weekly values, (replicate, week), from `array` over (replicate, week, ...)."""
        for axis, name in enumerate(AXES[self.array][1:], start=2):
            if name in self.where:
                array = np.take(array, coordinates.positions(name, self.where[name]), axis=axis)
        return array.reshape(*array.shape[:2], -1).sum(axis=2, dtype=np.float64)

    def value(self, series: NDArray[np.float64], window: slice) -> NDArray[np.float64]:
        """One value per replicate from weekly values (replicate, week)."""
        weeks = series[:, window]
        if self.over == TOTAL:
            return np.asarray(weeks.sum(axis=1))
        return np.asarray(weeks.mean(axis=1) if self.over == MEAN else weeks[:, -1])

    def exists(self, coordinates: Coordinates) -> bool:
        """Whether the run has all that this outcome speaks of."""
        return all(coordinates.positions(axis, (p,)).size for axis, patterns in self.where.items() for p in patterns)


@dataclass(frozen=True)
class Window:
    """Weeks `start` to `stop - 1` of the run."""

    label: str
    start: int
    stop: int

    @property
    def weeks(self) -> slice:
        """As a slice of the week axis."""
        return slice(self.start, self.stop)


def windows(weeks: int, change: int | None) -> tuple[Window, ...]:
    """Windows of a run: after the change as far as they fit, and the whole run.

    Args:
        weeks: length of the run.
        change: week in which the histories part; None if they do not.
    """
    after = [] if change is None else [(n, change, change + n) for n in (26, 52)]
    fitting = [Window(f"first {n} weeks after the change", a, b) for n, a, b in after if b <= weeks]
    return (*fitting, Window("whole run", 0, weeks))


def _of_country(code: str, name: str) -> list[Outcome]:
    where = {"country": (code,)}
    return [Outcome(f"deaths_{code.lower()}", f"Deaths in {name}", "people", "deaths", where=where, headline=True)]


def _of_armed_group(group: str, name: str) -> list[Outcome]:
    where = {"coalition": (group,)}
    return [
        Outcome(f"attacks_{group}", f"Attacks by {name}", "attacks", "attacks", where=where, headline=True),
        Outcome(f"fallen_{group}", f"Fighters of {name} killed", "people", "fallen", where=where),
        Outcome(f"civilians_{group}", f"Civilians killed by {name}", "people", "civilians", where=where),
        Outcome(f"people_{group}", f"People under {name}, at the end", "people", "people", END, where, headline=True),
        Outcome(f"area_{group}", f"Land under {name}, at the end", "km2", "area", END, where, headline=True),
    ]


def _of_state(coalition: str, name: str, code: str) -> list[Outcome]:
    where, inside = {"coalition": (coalition,)}, {"coalition": (coalition,), "region": (f"{code}/*",)}
    return [
        Outcome(f"fallen_{coalition}", f"Soldiers of {name} and its partners killed", "people", "fallen", where=where),
        Outcome(f"civilians_{coalition}", f"Civilians killed by forces of {name}", "people", "civilians", where=where),
        Outcome(f"people_{coalition}", f"People under {name}'s state, at the end", "people", "people", END, inside),
        Outcome(f"area_{coalition}", f"Land under {name}'s state, at the end", "km2", "area", END, inside),
    ]


def _of_threat(name: str, label: str, unit: str, over: str = TOTAL, *, headline: bool = False) -> Outcome:
    return Outcome(name, label, unit, "threat", over, {"threat": (name,)}, headline)


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("deaths", "Deaths, all violence", "people", "deaths", headline=True),
    Outcome("deaths_state_based", "Deaths in state-based violence", "people", "deaths", where={"violence": ("1",)}),
    Outcome("deaths_non_state", "Deaths in non-state violence", "people", "deaths", where={"violence": ("2",)}),
    Outcome("civilians", "Civilians killed", "people", "civilians", headline=True),
    *_of_country("MLI", "Mali"),
    *_of_country("NER", "Niger"),
    *_of_country("BFA", "Burkina Faso"),
    *_of_armed_group("jnim", "JNIM"),
    *_of_armed_group("issp", "ISSP"),
    *_of_armed_group("csp", "the ex-rebels (CSP)"),
    *_of_state("mali", "Mali", "MLI"),
    *_of_state("niger", "Niger", "NER"),
    *_of_state("burkina", "Burkina Faso", "BFA"),
    Outcome("clashes_jnim_issp", "Clashes of JNIM and ISSP", "clashes", "clashes", where=RIVALS, headline=True),
    Outcome("clash_deaths_jnim_issp", "Deaths in clashes of JNIM and ISSP", "people", "clash_deaths", where=RIVALS),
    _of_threat("capital_attacks_bamako", "Attacks within 200 km of Bamako", "attacks", headline=True),
    _of_threat("capital_attacks_niamey", "Attacks within 200 km of Niamey", "attacks", headline=True),
    _of_threat("capital_attacks_ouagadougou", "Attacks within 200 km of Ouagadougou", "attacks", headline=True),
    _of_threat("complex_attacks_capitals", "Complex attacks within 200 km of a capital", "attacks"),
    _of_threat("littoral_attacks", "Attacks in the northern littoral", "attacks", headline=True),
    _of_threat("littoral_support_cells", "Support-zone cells in the littoral", "cells", MEAN),
    _of_threat("bases_overrun", "Bases overrun", "bases", headline=True),
    _of_threat("leaders_lost", "Leaders of armed groups lost", "people"),
    _of_threat("transnational_jnim", "Transnational index of JNIM (ordinal)", "index 0-100", MEAN, headline=True),
    _of_threat("transnational_issp", "Transnational index of ISSP (ordinal)", "index 0-100", MEAN, headline=True),
)
"""All headline outcomes, in the order in which they are printed. What a run does not have is left out."""


def known(coordinates: Coordinates) -> tuple[Outcome, ...]:
    """The outcomes that a run has."""
    return tuple(outcome for outcome in OUTCOMES if outcome.exists(coordinates))
