"""The command that makes a run again, from its resolved configuration."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from experiments.values import CONF

SETTABLE = ("counterfactual", "chapters")
"""Keys of a scenario that the command line may have changed and that the run does not tell otherwise."""


def command(folder: Path) -> str:
    """The command line of a run folder; one that names the file where the folder tells too little."""
    path = folder / "config.yaml"
    if not path.is_file():
        return f"python -m experiments.run  # see {folder / 'manifest.json'}"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    return " ".join(["python -m experiments.run", *(shlex.quote(word) for word in _words(config))])


def _words(config: Mapping[str, Any]) -> Iterator[str]:
    yield f"scenario={config['scenario']}"
    yield f"replicates={config['replicates']}"
    yield f"seed={config['seed']}"
    if config.get("draws", "strengths") != "strengths":
        yield f"draws={config['draws']}"
    for key in ("start", "weeks"):
        if config.get(key) is not None:
            yield f"{key}={config[key]}"
    if config.get("dates"):
        yield f"dates=[{','.join(str(day) for day in config['dates'])}]"
    if config.get("events"):
        yield f"events=[{','.join(config['events'])}]"
    yield from (f"mechanism/{name}={option}" for name, option in (config.get("mechanisms") or {}).items())
    yield from _parameters(config.get("parameters") or {})
    yield from _case(str(config["scenario"]), config.get("case") or {})


def _parameters(values: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for process, own in values.items():
        yield from (f"parameters.{process}.{name}={value}" for name, value in own.items())


def _case(scenario: str, case: Mapping[str, Any]) -> Iterator[str]:
    """What differs from the scenario's own file among what the command line can set."""
    path = CONF / "scenario" / f"{scenario}.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for key in SETTABLE:
        if key in case and case[key] != written.get(key):
            value = case[key]
            said = "null" if value is None else f"[{','.join(value)}]" if isinstance(value, list) else str(value)
            yield f"scenario.{key}={said}"
