"""Reading: facts of ``conf/evidence/facts.yaml`` as objects that refuse what cannot be measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from experiments.layout import AXES
from experiments.values import CONF, nearest

FACTS = CONF / "evidence" / "facts.yaml"
KEYS = ("id", "group", "text", "source", "parts")
PART_KEYS = ("text", "label", "observed", "band", "why", "unit", "measure")
KINDS = ("array", "events", "fraction", "lost", "gained", "coincidence", "tail", "share_at_start", "abroad_at_start",
         "zones")  # fmt: skip
"""What a measure can be, by its first key."""

MONTH = "month"
"""Unit of a measure whose value is a day, told as a month."""


@dataclass(frozen=True)
class Part:
    """One number with the band that it should lie in.

    Attributes:
        text: what is measured.
        observed: number or words.
        band: where the median over replicates has to lie; of a month, days as ordinals.
        measure: how it comes from the records.
        why: reason for the band, where it is ours.
        unit: `MONTH` or empty.
        label: short, for figures; empty for the text.
    """

    text: str
    observed: Any
    band: tuple[float, float]
    measure: Mapping[str, Any]
    why: str = ""
    unit: str = ""
    label: str = ""

    def holds(self, values: Any) -> Any:
        """Whether each value lies in the band."""
        return (np.asarray(values) >= self.band[0]) & (np.asarray(values) <= self.band[1])


@dataclass(frozen=True)
class Fact:
    """A known pattern; it lies in its band if all of its parts do.

    Attributes:
        id: short name.
        group: where it stands in tables and figures.
        text: what is measured.
        source: keys or names of publications.
        parts: at least one.
    """

    id: str
    group: str
    text: str
    source: str
    parts: tuple[Part, ...] = field(default_factory=tuple)


def read_facts(path: Path = FACTS) -> list[Fact]:
    """All facts of the list.

    Raises:
        ValueError: an unknown key, array or axis, or a band upside down; one line.
    """
    return [_fact(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]


def part_of(name: str, row: Mapping[str, Any]) -> Part:
    """A part from its row.

    Raises:
        ValueError: one line that begins with `name`.
    """
    _known(name, row, PART_KEYS)
    low, high = (_number(bound) for bound in row["band"])
    if low > high:
        raise ValueError(f"{name}: band is {row['band']}, expected the lower bound first")
    measure = row["measure"]
    kind = next(iter(measure))
    _known(name, [kind], KINDS)
    for told in (measure, measure.get("fraction"), measure.get("gained"), measure.get("of")):
        if isinstance(told, dict):
            _check_array(name, told)
    told = {key: row[key] for key in ("observed", "why", "unit", "label") if key in row}
    return Part(**{"text": row["text"], "observed": "", "band": (low, high), "measure": measure} | told)


def _fact(row: Mapping[str, Any]) -> Fact:
    name = f"fact {row.get('id', 'without an id')}"
    _known(name, row, {*KEYS, *PART_KEYS})
    rows: Sequence[Mapping[str, Any]] = row.get("parts") or [
        {key: value for key, value in row.items() if key in PART_KEYS}
    ]
    parts = tuple(part_of(name, part) for part in rows)
    return Fact(row["id"], row["group"], row["text"], row["source"], parts)


def _check_array(name: str, told: Mapping[str, Any]) -> None:
    array = told.get("array") or told.get("lost")
    if array is not None:
        _known(name, [array], AXES)
        _known(name, told.get("where") or {}, AXES[array])


def _number(bound: Any) -> float:
    return float(bound.toordinal() if isinstance(bound, date) else bound)


def _known(name: str, came: Any, known: Any) -> None:
    for key in came:
        if key not in known:
            raise ValueError(f"{name}: unknown '{key}', expected one of: {', '.join(known)}{nearest(key, known)}")
