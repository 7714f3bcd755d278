"""Command line: what Hydra is told, and its long complaints as one line with the nearest valid name."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from hydra import compose, initialize_config_module
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments.settings import scenarios
from experiments.values import CONF, nearest
from scenarios.mechanisms import mechanisms

SWEEP = ("-m", "--multirun")
HELP = ("-h", "--help")
FLAGS = ("--explain", "-m", "--help")
HYDRA_FLAGS = ("--hydra-help", "--version", "--cfg", "-c", "--info", "-i", "--shell-completion", "-sc")

USAGE = """Simulate a what-if and its counterfactual; write tables, maps and a summary into a run folder.

usage: python -m experiments.run [scenario=NAME] [mechanism/NAME=OPTION ...] [KEY=VALUE ...] [--explain] [-m]

  --explain  print the history and stop
  -m         run every combination of listed values, such as seed=1,2,3

Scenarios:
{scenarios}

Mechanisms and their options:
{mechanisms}

Keys and their defaults:
{keys}"""


INTERRUPTED, MISTAKE = 130, 2
"""Exit codes."""


def answered(
    words: Sequence[str], usage: str, command: Callable[[Sequence[str]], int], keys: Iterable[str] = ()
) -> int:
    """The exit code of a command: help if it is asked for, one line for a mistake or an interrupt.

    Args:
        words: the command line.
        usage: help.
        command: what is done; takes the words.
        keys: that it has beside those of a run, told where a key is unknown.
    """
    if any(word in HELP for word in words):
        print(usage)
        return 0
    try:
        return command(words)
    except UnknownKeyError as mistake:
        print(f"error: {UnknownKeyError(mistake.key, (*keys, *mistake.known))}", file=sys.stderr)
        return MISTAKE
    except ValueError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        print("\nstopped; what was finished is kept, the same command goes on from there", file=sys.stderr)
        return INTERRUPTED


class MistakeError(ValueError):
    """The command line cannot be run; the message is one line."""


class UnknownKeyError(MistakeError):
    """A key is none of those that are known.

    Attributes:
        key: what came.
        known: what was expected.
    """

    def __init__(self, key: str, known: Iterable[str]) -> None:
        self.key, self.known = key, tuple(dict.fromkeys(known))
        near = nearest(re.split("[./@]", key, maxsplit=1)[0], self.known)
        super().__init__(f"unknown key '{key}', expected one of: {', '.join(self.known)}{near}")


def rewritten(arguments: list[str]) -> list[str]:
    """Arguments as Hydra wants them: ``-m`` first, ``--explain`` as a key, parameters as additions, or as a table.

    >>> rewritten(["seed=1,2", "parameters.encounters.rate=0.5", "--explain", "-m"])
    ['-m', 'seed=1,2', '++parameters.encounters.rate=0.5', 'explain=true']
    >>> rewritten(["parameters=posterior"])
    ['table=posterior']
    """
    sweep = [a for a in arguments if a in SWEEP][:1]
    words = ["explain=true" if a == "--explain" else a for a in arguments if a not in SWEEP]
    return sweep + [_as_hydra_wants(a) for a in words]


def _as_hydra_wants(word: str) -> str:
    if word.startswith("parameters=") and not word.startswith("parameters={"):
        return word.replace("parameters=", "table=", 1)
    return f"++{word}" if word.startswith("parameters.") else word


def help_text() -> str:
    """What ``--help`` prints: the scenarios that ship and the keys of the main configuration."""
    width = max(len(name) for name in scenarios())
    titled = (f"  {name:{width}}  {_title(name)}" for name in scenarios())
    lines = (CONF / "config.yaml").read_text(encoding="utf-8").split("\n\n")[1].splitlines()
    options = mechanisms(CONF)
    wide = max(len(name) for name in options)
    swapped = (f"  {name:{wide}}  {', '.join(options[name])}" for name in options)
    return USAGE.format(
        scenarios="\n".join(titled), mechanisms="\n".join(swapped), keys="\n".join(f"  {line}" for line in lines)
    )


def checked(arguments: list[str]) -> None:
    """Compose every value of every argument once, before anything runs.

    Raises:
        MistakeError: an unknown key or scenario, or text that is no override.
    """
    if any(a in HYDRA_FLAGS for a in arguments):
        return  # Hydra shows something; nothing is run
    choices = _choices(_read(arguments), sweep=any(a in SWEEP for a in arguments))
    with initialize_config_module("conf", version_base="1.3"):
        for choice in choices:
            _compose(choice)


def composition(arguments: list[str]) -> DictConfig:
    """The configuration of a single run, with Hydra's own part.

    Raises:
        MistakeError: an unknown key or scenario, text that is no override, or several values to sweep over.
    """
    (words,) = _choices(_read(arguments), sweep=False)
    with initialize_config_module("conf", version_base="1.3"):
        return _compose(words, return_hydra_config=True)


def is_plain(arguments: list[str]) -> bool:
    """Whether this is a single run that sets nothing of Hydra itself, so that it is composed once and run."""
    return not any(a in SWEEP or a in HYDRA_FLAGS or a.lstrip("+~").startswith("hydra") for a in arguments)


def _read(arguments: list[str]) -> list[Override]:
    """Arguments as overrides of things that exist; their values are not looked at."""
    words = [a for a in arguments if not a.startswith("-")]
    flags = [a for a in arguments if a.startswith("-") and a not in SWEEP]
    if flags:
        raise MistakeError(f"unknown flag '{flags[0]}', expected one of: {', '.join(FLAGS)}{nearest(flags[0], FLAGS)}")
    for word in words:
        if "=" not in word and not word.startswith("~"):
            raise MistakeError(f"cannot read '{word}', expected KEY=VALUE such as seed=1, or --explain, -m, --help")
    overrides = _parsed(words)
    for override in overrides:
        _check_name(override)
    return overrides


def _title(name: str) -> str:
    lines = (CONF / "scenario" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].partition(" #")[0].strip() for line in lines if line.startswith("title:")), "")


def _parsed(words: list[str]) -> list[Override]:
    parser = OverridesParser.create()
    parsed = []
    for word in words:
        try:
            parsed += parser.parse_overrides([word])
        except HydraException:
            raise MistakeError(f"cannot read '{word}', expected KEY=VALUE such as seed=1") from None
    return parsed


@cache
def _keys() -> list[str]:
    """Keys of the main configuration."""
    return [str(name) for name in OmegaConf.load(CONF / "config.yaml") if name not in ("defaults", "hydra")]


def _check_name(override: Override) -> None:
    key, known = override.key_or_group, _keys()
    head = key.split(".")[0].split("/")[0].split("@")[0]
    if head == "mechanism":
        _check_mechanism(override)
    elif head not in (*known, "scenario", "hydra"):
        raise UnknownKeyError(key, ("scenario", "mechanism/NAME", *known))


def _check_mechanism(override: Override) -> None:
    """Refuse a mechanism or an option that does not exist."""
    known, (_, _, name) = mechanisms(CONF), override.key_or_group.partition("/")
    if name not in known:
        raise MistakeError(f"unknown mechanism '{name}', expected one of: {', '.join(known)}{nearest(name, known)}")
    chosen = list(override.sweep_string_iterator()) if override.is_sweep_override() else [str(override.value())]
    for option in chosen:
        if option not in known[name]:
            listed = ", ".join(known[name])
            near = nearest(option, known[name])
            raise MistakeError(f"unknown option '{option}' of mechanism {name}, expected one of: {listed}{near}")


def _choices(overrides: list[Override], *, sweep: bool) -> Iterator[list[str]]:
    """Command lines that between them hold every value of every sweep."""
    plain = [str(o.input_line) for o in overrides if not o.is_sweep_override()]
    yield plain
    for override in overrides:
        if override.is_sweep_override():
            if not sweep:
                raise MistakeError(f"'{override.input_line}' lists several values, add -m to run each of them")
            yield from ([*plain, f"{override.get_key_element()}={value}"] for value in override.sweep_string_iterator())


def _compose(words: list[str], *, return_hydra_config: bool = False) -> DictConfig:
    try:
        return compose("config", overrides=words, return_hydra_config=return_hydra_config)
    except (HydraException, OmegaConfBaseException) as complaint:
        raise MistakeError(_told(complaint, words)) from None


def _told(complaint: Exception, words: list[str]) -> str:
    known = scenarios()
    for word in words:
        key, _, value = word.partition("=")
        if key == "scenario" and value not in known:
            return f"unknown scenario '{value}', expected one of: {', '.join(known)}{nearest(value, known)}"
        if key.lstrip("+~").startswith("scenario."):
            return f"unknown key '{key}' in the scenario{nearest(key, _scenario_keys(words))}"
    return str(complaint).split("\n", maxsplit=1)[0]


def _scenario_keys(words: list[str]) -> list[str]:
    name = next((w.partition("=")[2] for w in words if w.startswith("scenario=")), "french_withdrawal")
    content: Any = OmegaConf.load(CONF / "scenario" / f"{name}.yaml")
    return [f"scenario.{key}" for key in content]
