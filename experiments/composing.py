"""Composing: from what Hydra puts together to the settings of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from omegaconf import DictConfig, OmegaConf

from experiments.settings import Settings, settings_from

_GROUP = "mechanism/"


def settings_of(config: DictConfig, choices: Mapping[str, str | None]) -> Settings:
    """Settings from a composed configuration and the option that was chosen in each of its groups.

    Raises:
        ValueError: a key is unknown or a value has the wrong type or lies out of range; one line.
    """
    given: Any = OmegaConf.to_container(config, resolve=True)
    given.pop("mechanism", None)
    given.pop("hydra", None)
    options = {group: name for group, name in choices.items() if group.startswith(_GROUP)}
    given["mechanisms"] = {group.removeprefix(_GROUP): name for group, name in options.items()}
    return with_records(settings_from(given, str(choices["scenario"])))


def with_records(settings: Settings) -> Settings:
    """The settings with the recorded events that they name, if replicates start from events.

    Raises:
        ValueError: there are none, or a file is no event file; one line.
    """
    if settings.records is None:
        return settings
    from experiments.evidence.recorded import records_of

    return replace(settings, recorded=records_of(settings.records, settings.origin))


def composed(words: Sequence[str]) -> Settings:
    """Settings from overrides as on the command line of `experiments.run`; the last ``scenario=`` counts.

    Raises:
        ValueError: a word cannot be read or names something unknown; one line.
    """
    from experiments.command_line import composition, rewritten

    config = composition(rewritten(list(words)))
    return settings_of(config, config.hydra.runtime.choices)
