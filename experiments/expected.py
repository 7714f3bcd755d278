"""Expected: the signs in ``conf/evidence/expectations.yaml``, and what stored replicates say to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from experiments import comparison
from experiments.layout import AXES, Coordinates
from experiments.outcomes import OVERS, Outcome
from experiments.store import Store
from experiments.values import CONF, nearest
from sim.outcomes import MEASURES

LIST = CONF / "evidence" / "expectations.yaml"
SHARE = 0.8
"""Share of replicates that have to agree."""

KEYS = ("id", "source", "treatment", "counterfactual", "text", "measures", "mechanism")
MEASURE_KEYS = ("array", "where", "over", "window", "sign")

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """One number of a replicate, and the sign that its difference should have.

    Attributes:
        outcome: how it comes from what is recorded.
        weeks: length of the window; None for the whole run.
        begin: first day of the window; None for the day of change.
        sign: ``+``, ``-``, ``above`` or ``chance_below``.
        bound: of the last two.
    """

    outcome: Outcome
    weeks: int | None
    begin: date | None
    sign: str
    bound: float = 0.0

    @property
    def needed(self) -> float:
        """Share of replicates that have to agree for it to hold."""
        return 1.0 - self.bound if self.sign == "chance_below" else SHARE

    def agrees(self, scenario: Values, baseline: Values) -> NDArray[np.bool_]:
        """Whether each replicate agrees."""
        if self.sign == "chance_below":
            return np.asarray(scenario == 0)
        if self.sign == "above":
            return np.asarray(scenario >= self.bound * baseline)
        return np.asarray(scenario > baseline if self.sign == "+" else scenario < baseline)

    def told(self) -> str:
        """The sign in words."""
        if self.sign == "above":
            return f"at least {self.bound:g} of the counterfactual's"
        return f"chance below {self.bound:g}" if self.sign == "chance_below" else self.sign


@dataclass(frozen=True)
class Expectation:
    """What a source expects of a scenario against its counterfactual.

    Attributes:
        id: short name.
        source: publications.
        treatment: name of a scenario.
        counterfactual: name of another, or None.
        text: what is measured.
        measures: all of them have to agree.
        mechanism: what would have to change if it fails.
    """

    id: str
    source: str
    treatment: str
    counterfactual: str | None
    text: str
    measures: tuple[Expected, ...]
    mechanism: str


def read_expectations(path: Path = LIST) -> list[Expectation]:
    """All expectations of the list.

    Raises:
        ValueError: an unknown key, array or axis; one line.
    """
    return [_expectation(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]


def results(expectation: Expectation, store: Store, replicates: int, change: int | None) -> list[dict[str, Any]]:
    """One row for each measure: means, median and 90 % of the paired differences, who agrees, whether it holds.

    Raises:
        ValueError: the run lacks something that is measured; one line.
    """
    pairs = [values(m, expectation.id, store, replicates, change) for m in expectation.measures]
    agree = np.array([m.agrees(*pair) for m, pair in zip(expectation.measures, pairs, strict=True)])
    both = float(agree.all(axis=0).mean())
    holds = both >= max(m.needed for m in expectation.measures)
    return [
        _row(measure, pair, {"agree": float(own.mean()), "agree with all": both, "holds": bool(holds)})
        for measure, pair, own in zip(expectation.measures, pairs, agree, strict=True)
    ]


def values(measure: Expected, name: str, store: Store, replicates: int, change: int | None) -> tuple[Values, Values]:
    """The number in each replicate of the scenario and of the counterfactual (zeros where there is none)."""
    outcome, names = measure.outcome, store.coordinates
    if not outcome.exists(names):
        raise ValueError(f"expectation {name}: the run has no {outcome.array} with {dict(outcome.where)}")
    start, stop = window(measure, names, change)
    steps = names.steps(outcome.array, start, stop)
    if not len(steps):
        raise ValueError(
            f"expectation {name}: {outcome.array} is not recorded in weeks {start} to {stop - 1} of the run"
        )
    found = [
        outcome.value(comparison.series(store, replicates, [outcome], h)[:, :, 0], steps)
        for h in range(min(2, len(names.history)))
    ]
    return found[0], found[1] if len(found) > 1 else np.zeros_like(found[0])


def window(measure: Expected, names: Coordinates, change: int | None) -> tuple[int, int]:
    """Weeks of the run in which a measure is taken: the first and the one after the last."""
    if measure.weeks is None:
        return 0, len(names.week)
    begin = change or 0
    if measure.begin is not None:
        begin = next((w for w, monday in enumerate(names.week) if (monday - measure.begin).days > -7), len(names.week))
    if begin + measure.weeks > len(names.week):
        told = f"weeks {begin} to {begin + measure.weeks - 1}"
        raise ValueError(f"a window of {told} does not fit into a run of {len(names.week)} weeks; make the run longer")
    return begin, begin + measure.weeks


def _row(measure: Expected, pair: tuple[Values, Values], more: Mapping[str, Any]) -> dict[str, Any]:
    about = comparison.paired(*pair)
    shown = {
        "q50": "median",
        "q05": "5 %",
        "q95": "95 %",
        "scenario_mean": "scenario",
        "baseline_mean": "counterfactual",
    }
    numbers = {label: about[name] for name, label in shown.items()}
    unit = MEASURES[measure.outcome.array].unit
    return {"measure": measure.outcome.label, "unit": unit, "sign": measure.told()} | numbers | dict(more)


def _expectation(row: Mapping[str, Any]) -> Expectation:
    name = str(row.get("id", "without an id"))
    _known(name, row, KEYS)
    measures = tuple(_measure(name, measure) for measure in row["measures"])
    return Expectation(**{**row, "measures": measures})


def _measure(name: str, row: Mapping[str, Any]) -> Expected:
    _known(name, row, MEASURE_KEYS)
    array, where = str(row["array"]), {axis: tuple(names) for axis, names in (row.get("where") or {}).items()}
    _known(name, {array: None}, AXES)
    _known(name, where, AXES[array])
    over = str(row.get("over", "total"))
    _known(name, {over: None}, OVERS)
    told = " ".join((array, *(" ".join(names) for names in where.values())))
    outcome = Outcome(told, told, MEASURES[array].unit, array, OVERS[over], where)
    span, (sign, bound) = row.get("window") or {}, _sign(name, row["sign"])
    return Expected(outcome, span.get("weeks"), span.get("from"), sign, bound)


def _sign(name: str, came: Any) -> tuple[str, float]:
    if came in ("+", "-"):
        return str(came), 0.0
    if isinstance(came, dict) and len(came) == 1 and next(iter(came)) in ("above", "chance_below"):
        sign, bound = next(iter(came.items()))
        return str(sign), float(bound)
    raise ValueError(f"expectation {name}: sign is {came!r}, expected +, -, {{above: x}} or {{chance_below: x}}")


def _known(name: str, came: Mapping[str, Any], known: Sequence[str] | Mapping[str, Any]) -> None:
    for key in came:
        if key not in known:
            raise ValueError(
                f"expectation {name}: unknown '{key}', expected one of: {', '.join(known)}{nearest(key, known)}"
            )
