"""Reporting: effects and a suggestion as tables of text, as pages and as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from experiments.facts.card import shown
from experiments.facts.reading import Part
from experiments.summary import NOTE, Table, number
from experiments.tuning.emulators import LOWER, VALUE
from experiments.tuning.recording import FACT

NAMED = 4
"""Parameters that are named beside a number."""

NO_TEST = (
    "Facts used like this are no test any more: that they lie in their bands after a change made for them shows what "
    "the model can be made to give, not that it is right. Nor are signs and levels that were held. Check a suggestion "
    "with other seeds (second line below), change a default only where its source bears it, and tell of the change."
)
FEW = (
    "{draws} draws are few for {parameters} parameters: most effects here are chance. Give at least draws={enough}; "
    "the same command with more draws goes on from these."
)
ENOUGH = 4
"""Draws for each parameter below which effects are mostly chance."""


def fact_table(values: Mapping[str, np.ndarray[Any, Any]], parts: Mapping[str, Part], effects: pd.DataFrame) -> Table:
    """Every fact: its band, its median over draws with the defaults, and what moves it most.

    Args:
        values: of draws with the defaults, by fact.
        parts: facts by name.
        effects: as `emulators.effects` gives them.
    """
    rows = []
    for name, part in parts.items():
        known = values[name][~np.isnan(values[name])]
        median = float(np.quantile(known, 0.5, method="inverted_cdf")) if len(known) else np.nan
        inside = "yes" if part.holds(median) else "no" if len(known) else "not covered"
        about = (name, _band(*part.band, part.unit), shown(median, part.unit), inside)
        rows.append((*about, _movers(effects[(effects["kind"] == FACT) & (effects["name"] == name)])))
    return Table("Facts", ("fact", "band", "median at the defaults", "in band", "moved most by (t)"), tuple(rows))


def other_table(effects: pd.DataFrame) -> Table:
    """Levels and signs: where they should lie, where they do, and what moves them most."""
    own = effects[effects["kind"] != FACT]
    rows = []
    for (kind, name), mine in own.groupby(["kind", "name"], sort=False):
        first = mine.iloc[0]
        about = (f"{kind} {name}", _band(first["low"], first["high"]), number(first["at_defaults"]))
        rows.append((*about, _movers(mine)))
    return Table("Levels and signs", ("number", "wanted", "at the defaults", "moved most by (t)"), tuple(rows))


def change_table(changes: pd.DataFrame) -> Table:
    """What is suggested."""
    rows = tuple(
        (row["parameter"], f"{row['default']:g}", f"{row['suggested']:g}", f"{row['steps']:+.2f}",
         f"{row['low']:g} to {row['high']:g}", row["source"])
        for row in changes.to_dict("records")
    )  # fmt: skip
    return Table("Suggestion", ("parameter", "default", "suggested", "steps", "range", "source of the range"), rows)


def prediction_table(predictions: pd.DataFrame) -> Table:
    """What lines say before and after."""
    rows = tuple(_prediction(row) for row in predictions.to_dict("records"))
    return Table("Predicted", ("number", "wanted", "before", "after", "inside, before", "inside, after"), rows)


def words_of(changes: pd.DataFrame, given: Sequence[str]) -> str:
    """The suggestion as words for `experiments.run` and `experiments.scorecard`.

    Args:
        changes: as `suggesting.changes` gives them.
        given: settings that the draws were simulated with; a parameter of theirs that moves is left out.

    >>> frame = pd.DataFrame({"parameter": ["encounters.rate"], "suggested": [0.125]})
    >>> words_of(frame, ["parameters.encounters.rate=0.2", "parameters.encounters.kill=0.1", "seed=4"])
    'parameters.encounters.kill=0.1 parameters.encounters.rate=0.125'
    """
    moved = [f"parameters.{p}={x:g}" for p, x in zip(changes["parameter"], changes["suggested"], strict=True)]
    kept = [w for w in given if w.startswith(("parameters.", "mechanism/")) and not _moves(w, moved)]
    return " ".join((*kept, *moved))


def commands(changes: pd.DataFrame, words: str) -> str:
    """How to run with the suggestion."""
    if not len(changes):
        return "No change is suggested."
    return "\n".join(f"python -m experiments.{command} {words}" for command in ("run scenario=historical", "scorecard"))


def suggestion(
    changes: pd.DataFrame, predictions: pd.DataFrame, words: str, about: Mapping[str, Any]
) -> dict[str, Any]:
    """The content of ``suggestion.yaml``, as plain values."""
    parameters: dict[str, dict[str, float]] = {}
    for name, value in zip(changes["parameter"], changes["suggested"], strict=True):
        process, _, parameter = str(name).partition(".")
        parameters.setdefault(process, {})[parameter] = float(value)
    columns = ["kind", "name", "what", "low", "high", "before", "after"]
    plain = [{key: _plain(value) for key, value in row.items()} for row in predictions[columns].to_dict("records")]
    return {"note": NO_TEST, "parameters": parameters, "words": words, "predicted": plain, "made": dict(about)}


def few(draws: int, parameters: int) -> list[str]:
    """A warning where draws are few; else nothing."""
    enough = ENOUGH * parameters
    return [FEW.format(draws=draws, parameters=parameters, enough=enough)] if draws < enough else []


def pages(tables: Sequence[Table], stamp: str) -> str:
    """``effects.md``."""
    head = (
        "# What moves facts\n\nWritten by `python -m experiments.tune`. t is a slope over its standard error; among "
        "some 300 parameters, chance alone gives about one |t| above 3 for each number. Of a fact that is a day or a "
        "count of few events, what is moved is the share of draws at or above the lower, or at or below the upper end "
        f"of its band. Predictions are those of straight lines. {NO_TEST} {stamp} {NOTE}"
    )
    return "\n\n".join((head, *(table.markdown().replace("###", "##", 1) for table in tables))) + "\n"


def write_yaml(content: Mapping[str, Any], path: Path) -> None:
    """Write plain values as YAML, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
    partial.replace(path)


def _prediction(row: Mapping[Any, Any]) -> tuple[str, ...]:
    side = (
        "" if row["what"] == VALUE else f", share {row['what']} its {'lower' if row['what'] == LOWER else 'upper'} end"
    )
    inside = ["yes" if row[f"inside_{when}"] else "no" for when in ("before", "after")]
    wanted = _band(row["low"], row["high"])
    return (f"{row['kind']} {row['name']}{side}", wanted, number(row["before"]), number(row["after"]), *inside)


def _movers(own: pd.DataFrame) -> str:
    told = []
    for what, mine in own.groupby("what", sort=False):
        clear = mine[mine["t"].abs() >= 2.0].head(NAMED)
        named = (
            ", ".join(f"{p} ({t:+.1f})" for p, t in zip(clear["parameter"], clear["t"], strict=True))
            or "nothing clearly"
        )
        told.append(named if what == VALUE else f"{what}: {named}")
    return "; ".join(told) or "-"


def _band(low: float, high: float, unit: str = "") -> str:
    if np.isinf(low):
        return f"up to {shown(high, unit)}"
    return f"{shown(low, unit)} or more" if np.isinf(high) else f"{shown(low, unit)} to {shown(high, unit)}"


def _moves(word: str, moved: Sequence[str]) -> bool:
    return any(word.partition("=")[0] == other.partition("=")[0] for other in moved)


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return float(f"{value:.4g}") if np.isfinite(value) else None
