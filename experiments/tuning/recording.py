"""Recording: what is kept of each draw.

- ``fact ID``: the number of each fact that is no start value (``fact ID:2`` of a second part), as `experiments.facts`
  gives it for a single replicate of `historical`; nan where the run does not cover it.
- ``level MLI 2021H2``: deaths by country and half-year.
- ``sign ID``: by how much a pair of histories agrees with what is expected: a - b where more is expected, b - a where
  less is, a - x b where a is to stay above x b, with a of the scenario and b of its counterfactual.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.building import case_of, change, coordinates
from experiments.calibration import facts
from experiments.calibration.priors import Priors
from experiments.calibration.targets import Targets
from experiments.comparing import half_years
from experiments.expected import Expected, read_expectations, values
from experiments.facts.measures import value
from experiments.facts.reading import Part, read_facts
from experiments.facts.records import Records
from experiments.ged import COUNTRIES, shipped_totals
from experiments.settings import Settings
from experiments.tuning.design import Tuning
from experiments.values import nearest
from scenarios.build import Case, build

FACT, LEVEL, SIGN = "fact", "level", "sign"
CHANCE = "chance_below"
"""A sign that is a probability over many replicates, so that no single pair has one."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """What is simulated and kept.

    Attributes:
        settings: of `historical`.
        pairs: settings of each pair, of which expected signs are kept.
        priors: parameters that are varied, in steps.
        parts: facts that are kept, by name.
    """

    settings: Settings
    pairs: tuple[Settings, ...]
    priors: Priors
    parts: dict[str, Part]


def parts_of(tuning: Tuning) -> dict[str, Part]:
    """The facts that are no start values, by name.

    Raises:
        ValueError: a fact that is named does not exist; one line.
    """
    every = read_facts()
    known = [fact.id for fact in every]
    for name in (*tuning.start_values, *tuning.effects_only):
        if name not in known:
            raise ValueError(f"tuning.yaml: unknown fact '{name}'{nearest(name, known)}")
    kept = [fact for fact in every if fact.id not in tuning.start_values]
    return {_numbered(fact.id, at): part for fact in kept for at, part in enumerate(fact.parts)}


def recorded(question: Question, z: Values, first: int) -> Targets:
    """What is kept of draws with steps `z`, (draw, parameter), the first of which has number `first`."""
    setup = build(case_with(question.settings, question.priors, z, first))
    rows = [_of_record(question.parts, records) for records in facts.recorded(setup, first, len(z))]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    for settings in question.pairs:
        columns |= _signs(case_with(settings, question.priors, z, first), len(z), first)
    return Targets(tuple(columns), np.column_stack(list(columns.values())))


def case_with(settings: Settings, priors: Priors, z: Values, first: int) -> Case:
    """What settings ask for, with the parameters that are varied from a table."""
    case = case_of(settings)
    kept = {
        process: {name: x for name, x in given.items() if f"{process}.{name}" not in priors.names}
        for process, given in case.parameters.items()
    }
    return replace(case, parameters=kept, table=priors.table(z, first), map_dates=())


def observed_levels() -> dict[str, float]:
    """Recorded deaths by country and half-year, by name."""
    totals = shipped_totals()
    own = totals[totals["measure"] == "deaths"]
    found = own["value"].groupby(LEVEL + " " + own["name"] + " " + own["half_year"]).sum()
    return {str(name): float(deaths) for name, deaths in found.items()}


def lead(measure: Expected, scenario: Values, baseline: Values) -> Values:
    """By how much each replicate agrees with a sign; negative where it does not."""
    if measure.sign == "-":
        return np.asarray(baseline - scenario)
    return np.asarray(scenario - (measure.bound if measure.sign == "above" else 1.0) * baseline)


def _of_record(parts: dict[str, Part], records: Records) -> dict[str, float]:
    """Facts and levels of one draw."""
    told = {f"{FACT} {name}": _number(part, records) for name, part in parts.items()}
    spans = half_years(records)
    for code in COUNTRIES.values():
        weekly = records.weekly("deaths", {"country": (code,)})[0]
        told |= {f"{LEVEL} {code} {span}": float(weekly[weeks].sum()) for span, weeks in spans.items()}
    return told


def _number(part: Part, records: Records) -> float:
    found = value(part.measure, records)
    return float(found[0]) if len(found) else np.nan


def _signs(case: Case, count: int, first: int) -> dict[str, Values]:
    """Leads of a pair of histories by sign, (draw,)."""
    setup = build(case)
    names, begin, arrays = coordinates(setup), change(setup), setup.block(first, count).arrays
    held = [facts.Held(names, {name: array[:, lane] for name, array in arrays.items()}) for lane in range(count)]
    return {
        name: np.array([lead(m, *values(m, name, own, 1, begin))[0] for own in held])  # type: ignore[arg-type]
        for name, m in _measures(case.histories)
    }


def _measures(histories: tuple[str, ...]) -> Iterator[tuple[str, Expected]]:
    mine = [e for e in read_expectations() if (e.treatment, e.counterfactual) == histories]
    for expectation in mine:
        told = [m for m in expectation.measures if m.sign != CHANCE]
        yield from ((f"{SIGN} {_numbered(expectation.id, at)}", measure) for at, measure in enumerate(told))


def _numbered(name: str, at: int) -> str:
    return f"{name}:{at + 1}" if at else name
