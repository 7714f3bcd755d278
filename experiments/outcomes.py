"""Outcomes: the headline numbers of a replicate, each with its unit and how it comes from what is recorded.

What the recorded arrays and the components of the threat outcomes mean is told in `sim.outcomes`.
``python -m experiments.outcomes`` writes all of it into ``docs/outcomes.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.layout import AXES, Array, Coordinates
from sim.outcomes import FLOW, MEASURES, ORDINAL, SIX, THREATS, TRAITS, threat

TOTAL, MEAN, END, EVER = "total", "mean over time", "at the end", "1 if ever, else 0"
OVERS = {"total": TOTAL, "mean": MEAN, "end": END, "ever": EVER}
"""What can be taken over the steps of a window, by a short name."""

RIVALS = {"dyad": ("jnim-issp",)}


@dataclass(frozen=True)
class Outcome:
    """A number of a replicate in a window of weeks.

    Attributes:
        name: short name, unique.
        label: what it is called in tables that people read.
        unit: of the number.
        array: recorded array that it comes from.
        over: what is taken over the window's steps of time: one of `OVERS`.
        where: names along axes to add up, with shell-style patterns, or to leave out, with ``!`` before them; other
            axes are added up whole.
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
        """Values by step of time, (replicate, step), from `array` over (replicate, step, ...)."""
        for axis, name in enumerate(AXES[self.array][1:], start=2):
            if name in self.where:
                array = np.take(array, coordinates.positions(name, self.where[name]), axis=axis)
        return array.reshape(*array.shape[:2], -1).sum(axis=2, dtype=np.float64)

    def value(self, series: NDArray[np.float64], steps: Any) -> NDArray[np.float64]:
        """One value per replicate from values by step of time, (replicate, step), at some steps."""
        inside = series[:, steps]
        if self.over in (TOTAL, EVER):
            total = inside.sum(axis=1)
            return np.asarray(total if self.over == TOTAL else (total > 0).astype(np.float64))
        return np.asarray(inside.mean(axis=1) if self.over == MEAN else inside[:, -1])

    def exists(self, coordinates: Coordinates) -> bool:
        """Whether the run has all that this outcome speaks of."""
        named = [(axis, p.removeprefix("!")) for axis, patterns in self.where.items() for p in patterns]
        return all(coordinates.positions(axis, (pattern,)).size for axis, pattern in named)


@dataclass(frozen=True)
class Window:
    """Weeks `start` to `stop - 1` of the run."""

    label: str
    start: int
    stop: int

    def steps(self, array: str, coordinates: Coordinates) -> NDArray[np.intp]:
        """Steps of time of an array inside the window; none where it is told for the whole run alone."""
        if AXES[array][0] == "end" and self.start > 0:
            return np.empty(0, np.intp)
        return coordinates.steps(array, self.start, self.stop)


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
    where, other = {"coalition": (group,)}, f"by {name}"
    return [
        Outcome(f"attacks_{group}", f"Attacks {other}", "attacks", "attacks", where=where, headline=True),
        Outcome(f"large_{group}", f"Large attacks {other}", "attacks", "large", where=where),
        Outcome(f"fallen_{group}", f"Fighters of {name} killed", "people", "fallen", where=where),
        Outcome(f"civilians_{group}", f"Civilians killed {other}", "people", "civilians", where=where),
        Outcome(f"people_{group}", f"People under {name}, at the end", "people", "people", END, where, headline=True),
        Outcome(f"area_{group}", f"Land under {name}, at the end", "km2", "area", END, where, headline=True),
        Outcome(f"held_area_{group}", f"Control and support zones of {name}", "km2", "held_area", MEAN, where),
        Outcome(f"held_people_{group}", f"People in zones of {name}", "people", "held_people", MEAN, where),
        Outcome(f"towns_{group}", f"Towns held or contested {other}", "towns", "towns", MEAN, where),
        Outcome(f"protected_{group}", f"People whose protector is {name}", "people", "protected", MEAN, where),
        Outcome(f"governed_{group}", f"People governed {other}", "people", "governed", MEAN, where),
        Outcome(f"followers_{group}", f"Support for {name}", "people", "followers", MEAN, where),
        Outcome(f"fighters_{group}", f"Fighters of {name}, at the end", "people", "fighters", END, where),
    ]


def _of_state(coalition: str, name: str, code: str) -> list[Outcome]:
    where, inside = {"coalition": (coalition,)}, {"coalition": (coalition,), "region": (f"{code}/*",)}
    return [
        Outcome(f"fallen_{coalition}", f"Soldiers of {name} and its partners killed", "people", "fallen", where=where),
        Outcome(f"civilians_{coalition}", f"Civilians killed by forces of {name}", "people", "civilians", where=where),
        Outcome(f"people_{coalition}", f"People under {name}'s state, at the end", "people", "people", END, inside),
        Outcome(f"area_{coalition}", f"Land under {name}'s state, at the end", "km2", "area", END, inside),
    ]


def _of_threat(name: str, *, headline: bool = False) -> Outcome:
    """A component of a threat outcome: the total of what is counted, the mean of what there is."""
    told, ordinal = threat(name), " (ordinal)" if threat(name).ordinal else ""
    unit = "ordinal index 0-100" if told.unit == ORDINAL else told.unit.replace(" a week", "").partition(" within")[0]
    over = TOTAL if told.kind == FLOW else MEAN
    return Outcome(name, told.label + ordinal, unit, "threat", over, {"threat": (name,)}, headline)


def _chance(name: str, label: str, column: str) -> Outcome:
    return Outcome(name, label, "probability", "threat", EVER, {"threat": (column,)}, headline=True)


SHOWN = (
    "capital_attacks_bamako", "capital_attacks_niamey", "capital_attacks_ouagadougou", "littoral_attacks",
    "bases_overrun", "large_attacks", "displaced", "transnational_jnim", "transnational_issp",
)  # fmt: skip
"""Components of threat that the printed summary shows."""

BESIDE = ("civilians_killed",)
"""Components that another outcome tells already."""

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
    *(_of_threat(name, headline=name in SHOWN) for name in THREATS if name not in BESIDE),
    *(_of_threat(f"transnational_{group}", headline=True) for group in ("jnim", "issp")),
    _chance("complex_attack_chance", "Chance of a complex attack near a capital", "complex_attacks_capitals"),
    _chance("capital_taken_chance", "Chance that a capital is taken", "capitals_taken"),
    _chance("coup_chance", "Chance of a coup", "coups"),
)
"""All headline outcomes, in the order in which they are printed. What a run does not have is left out."""


def known(coordinates: Coordinates) -> tuple[Outcome, ...]:
    """The outcomes that a run has."""
    return tuple(outcome for outcome in OUTCOMES if outcome.exists(coordinates))


USAGE = """Write what every number of a run means into docs/outcomes.md.

usage: python -m experiments.outcomes"""
PAGE = Path(__file__).resolve().parents[1] / "docs" / "outcomes.md"
HEADING = f"""# Outcomes

What every number of a run means: written by `python -m experiments.outcomes` from `sim/outcomes.py` and
`experiments/outcomes.py`, the places that figures, tables and summaries read.

The transnational index is an {ORDINAL}: it ranks histories and dates, and its steps are not equal. The same holds for
its components."""


def page() -> str:
    """``docs/outcomes.md``."""
    parts = [HEADING, "## The six threat outcomes", *_six(), "## Recorded arrays"]
    arrays = ((f"`{n}`", ", ".join(m.axes), m.unit, m.kind or "-", m.text) for n, m in MEASURES.items())
    parts += ["`month` is every fourth week, counted back from the last; `end` is the last week."]
    parts += [_table(("array", "axes", "unit", "kind", "definition"), arrays), "## Traits of organisations"]
    traits = ((f"`{name}`", unit, kind, text) for name, (kind, unit, text) in TRAITS.items())
    parts += [_table(("trait", "unit", "kind", "definition"), traits), "## Headline outcomes"]
    told = ((f"`{o.name}`", o.label, o.unit, f"`{o.array}`{_where(o.where)}", o.over) for o in OUTCOMES)
    parts += [_table(("outcome", "label", "unit", "from", "over the window"), told)]
    return "\n\n".join(parts) + "\n"


def _six() -> Iterator[str]:
    columns = [*THREATS, *(f"{part}_jnim" for part in ("transnational", "sanctuary", "capability", "links", "intent"))]
    for outcome, title in {**SIX, "": "Told beside them"}.items():
        mine = [(name, threat(name)) for name in columns if threat(name).outcome == outcome]
        rows = ((f"`{name}`", told.unit, told.kind, told.text) for name, told in mine)
        also = f" ({ORDINAL}; the same columns with `issp`)" if outcome == "transnational" else ""
        yield f"### {title}{also}\n\n" + _table(("component", "unit", "kind", "definition"), rows)


def _where(where: Mapping[str, tuple[str, ...]]) -> str:
    return "".join(f", {axis} {' '.join(names)}" for axis, names in where.items())


def _table(columns: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Write the page; returns the exit code."""
    from experiments.command_line import answered

    return answered(words, USAGE, _command)


def _command(words: Sequence[str]) -> int:
    if words:
        raise ValueError(f"unknown '{words[0]}', expected nothing after python -m experiments.outcomes")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written to docs/{PAGE.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
