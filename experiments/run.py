"""Run: a what-if from the command line, such as ``python -m experiments.run scenario=issp_jnim_truce seed=1``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from experiments.command_line import (
    HELP,
    INTERRUPTED,
    MISTAKE,
    MistakeError,
    checked,
    help_text,
    is_plain,
    rewritten,
)

if TYPE_CHECKING:
    from experiments.settings import Settings


@hydra.main(version_base="1.3", config_path="pkg://conf", config_name="config")
def job(config: DictConfig) -> None:
    """One run of several, as Hydra composes them."""
    from experiments.composing import settings_of

    one(lambda: settings_of(config, HydraConfig.get().runtime.choices))


def one(settings: Callable[[], Settings]) -> None:
    """One run: replicates, tables, figures, summary. A user's mistake ends it with one line."""
    from experiments.study import study

    try:
        study(settings())
    except ValueError as mistake:
        fail(str(mistake))
    except BrokenPipeError:  # whoever read the output, such as head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("\nstopped; what was finished is kept, the same command goes on from there", file=sys.stderr)
        sys.exit(INTERRUPTED)


def fail(message: str) -> None:
    """End with one line on stderr and exit code 2."""
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(MISTAKE)


def main() -> None:
    """Check the command line and run; what only Hydra can do is handed to it."""
    if any(word in HELP for word in sys.argv[1:]):
        print(help_text())
        return
    if is_plain(sys.argv[1:]):
        from experiments.composing import composed

        one(lambda: composed(sys.argv[1:]))
        return
    sys.argv[1:] = rewritten(sys.argv[1:])
    try:
        checked(sys.argv[1:])
    except MistakeError as mistake:
        fail(str(mistake))
    job()


if __name__ == "__main__":
    main()
