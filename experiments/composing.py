"""Composing: the settings of a run from words as on the command line, for commands that make several runs."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.settings import Settings, settings_from


def composed(words: Sequence[str]) -> Settings:
    """Settings from overrides as on the command line of `experiments.run`; the last ``scenario=`` counts.

    Raises:
        ValueError: a word cannot be read or names something unknown; one line.
    """
    from hydra import compose, initialize_config_module
    from omegaconf import OmegaConf

    from experiments.command_line import checked, rewritten

    given = rewritten(list(words))
    checked(given)
    with initialize_config_module("conf", version_base="1.3"):
        config = OmegaConf.to_container(compose("config", overrides=given), resolve=True)
    scenario = [word.partition("=")[2] for word in given if word.startswith("scenario=")]
    return settings_from(config, scenario[-1])  # type: ignore[arg-type]
