"""Mechanisms: what of the conflict can be switched off or swapped, as options that set parameters.

A mechanism is a folder ``conf/mechanism/<mechanism>`` with a file for each option: ``standard``, ``off`` and rival
forms. An option sets values of parameters by process; all else keeps the defaults that stand beside the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scenarios.words import unknown

STANDARD, OFF = "standard", "off"
KEYS = ("title", "note", "source", "parameters")

type Value = float | str
"""A number, or the name of a form."""

type Values = Mapping[str, Mapping[str, Value]]
"""Values of parameters by process and parameter."""


@dataclass(frozen=True)
class Option:
    """One form of a mechanism.

    Attributes:
        mechanism: name of its folder.
        name: of its file.
        title: in one line.
        note: what it claims, and against what; may be empty.
        source: publications.
        parameters: values by process and parameter that it sets.
    """

    mechanism: str
    name: str
    title: str
    note: str
    source: tuple[str, ...]
    parameters: Values


class _WordsLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads ``off`` and ``on`` as the words that they are; only ``true`` and ``false`` are truth values."""


_WordsLoader.yaml_implicit_resolvers = {
    first: [(tag, p) for tag, p in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mechanisms(conf: Path) -> dict[str, tuple[str, ...]]:
    """Names of the mechanisms, in order, with the names of their options."""
    folders = sorted(path for path in (conf / "mechanism").glob("*") if path.is_dir())
    return {folder.name: tuple(sorted(p.stem for p in folder.glob("*.yaml"))) for folder in folders}


def load_option(mechanism: str, option: str, conf: Path) -> Option:
    """Read one option of a mechanism and check the values that it sets.

    Raises:
        ValueError: the mechanism, the option, a key, a parameter or a value is wrong; one line.
    """
    known = mechanisms(conf)
    if mechanism not in known:
        raise ValueError(unknown("mechanism", mechanism, known))
    if option not in known[mechanism]:
        raise ValueError(f"mechanism {mechanism}: {unknown('option', option, known[mechanism])}")
    where = f"mechanism/{mechanism}/{option}.yaml"
    came = _mapping(conf / where, where)
    parameters = {str(process): dict(values or {}) for process, values in (came.get("parameters") or {}).items()}
    check_parameters(parameters, f"{where}: parameters")
    return Option(
        mechanism=mechanism,
        name=option,
        title=str(came.get("title") or ""),
        note=str(came.get("note") or ""),
        source=tuple(str(item) for item in came.get("source") or ()),
        parameters=parameters,
    )


def chosen_parameters(choice: Mapping[str, str], conf: Path) -> dict[str, dict[str, Value]]:
    """Values that a choice of options sets, by process and parameter.

    Args:
        choice: name of an option by mechanism; mechanisms that are left out keep their standard.
        conf: folder of the data.

    Raises:
        ValueError: an option is wrong, or two of them give one parameter different values; one line.
    """
    merged: dict[str, dict[str, Value]] = {}
    by: dict[tuple[str, str], str] = {}
    for mechanism, name in choice.items():
        for process, values in load_option(mechanism, name, conf).parameters.items():
            for parameter, value in values.items():
                first = by.setdefault((process, parameter), f"{mechanism}={name}")
                if merged.setdefault(process, {}).setdefault(parameter, value) != value:
                    both = f"{first} and {mechanism}={name}"
                    raise ValueError(f"mechanisms {both} give {process}.{parameter} different values, choose one")
    return merged


def joined(first: Values, then: Values) -> dict[str, dict[str, Value]]:
    """Values of both; where both speak of a parameter, `then` has the last word."""
    return {process: {**first.get(process, {}), **then.get(process, {})} for process in dict.fromkeys((*first, *then))}


def check_parameters(given: Values, where: str = "parameters") -> None:
    """Refuse processes and parameters that do not exist, and values out of range.

    Args:
        given: values by process and parameter.
        where: how the line of an error begins.

    Raises:
        ValueError: one line.
    """
    from scenarios.week import WEEK  # the week compiles kernels, which reading options does not need

    known = {p.name: p.parameters for p in WEEK if p.parameters is not None}
    for process, values in given.items():
        if process not in known:
            raise ValueError(f"{where}: {unknown('process', process, known)}")
        fields = known[process].__dataclass_fields__
        for name, value in values.items():
            if name not in fields:
                raise ValueError(f"{where}.{process}: {unknown('parameter', name, fields)}")
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise ValueError(f"{where}.{process}.{name} is {value!r}, expected a number or the name of a form")
        try:
            known[process](**values)
        except ValueError as error:
            raise ValueError(f"{where}.{process}: {error}") from None


def _mapping(path: Path, where: str) -> dict[str, Any]:
    try:
        came = yaml.load(path.read_text(encoding="utf-8"), _WordsLoader) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{where} is no valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(came, dict):
        raise ValueError(f"{where}: expected keys and values")
    for key in came:
        if key not in KEYS:
            raise ValueError(f"{where}: {unknown('key', key, KEYS)}")
    parameters = came.get("parameters") or {}
    if not isinstance(parameters, dict) or not all(isinstance(v, dict | None) for v in parameters.values()):
        raise ValueError(
            f"{where}: parameters is {parameters!r}, expected values such as {{governance: {{build: 0.0}}}}"
        )
    return came
