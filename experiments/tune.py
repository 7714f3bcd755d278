"""Tune: ``python -m experiments.tune draws=1600``, what moves each fact, and a change of defaults that is suggested."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.command_line import answered

if TYPE_CHECKING:
    from experiments.tuning.work import Request

USAGE = """Show which parameters move each known fact, and suggest a change of few of them that brings facts into band.

usage: python -m experiments.tune [KEY=VALUE ...]

  draws=1600   simulations of `historical`, in each of which some parameters are moved; 1600 take about 5 minutes on
               two cores; every eighth has the defaults
  factor=1.6   by which a parameter is multiplied or divided
  share=0.15   of the parameters that are moved in a draw
  pairs=false  true to simulate two what-ifs too, whose expected signs a suggestion then keeps; four times as long
  other keys   those of experiments.run: seed, workers, output, mechanism/NAME, parameters.A.B (varied from there)

Parameters stay in their ranges; what is left out and how far a suggestion goes stands in conf/evidence/tuning.yaml.
No default is changed. What is simulated is kept: an interrupted command, or one with more draws, goes on where it was.
Tables are written into runs/tuning-MARK: effects.csv, effects.md, suggestion.yaml, draws.parquet, tuning.json."""

KEYS = {"draws": "1600", "factor": "1.6", "share": "0.15", "pairs": "false"}
DRAWS = (4, 1_000_000)
FACTOR = (1.01, 10.0)
SHARE = (0.001, 1.0)


def main(words: Sequence[str]) -> int:
    """Simulate, fit, suggest, write and print; returns the exit code."""
    return answered(words, USAGE, _command, KEYS)


def _command(words: Sequence[str]) -> int:
    request = requested(words)
    from experiments.tuning import work

    began = time.perf_counter()
    text, folder = work.tuned(request)
    print(f"{text}\n\n{time.perf_counter() - began:.0f} s; folder: {folder}")
    return 0


def requested(words: Sequence[str]) -> Request:
    """The command line as a request.

    Raises:
        ValueError: a value cannot be; one line.
    """
    from experiments.tuning.work import Request

    own = KEYS | dict(word.partition("=")[::2] for word in words if word.partition("=")[0] in KEYS)
    if not own["draws"].isdigit() or not DRAWS[0] <= int(own["draws"]) <= DRAWS[1]:
        raise ValueError(f"draws is '{own['draws']}', expected a whole number from {DRAWS[0]} to {DRAWS[1]}")
    if own["pairs"] not in ("true", "false"):
        raise ValueError(f"pairs is '{own['pairs']}', expected one of: true, false")
    factor, share = (_between(key, own[key], *limits) for key, limits in (("factor", FACTOR), ("share", SHARE)))
    rest = tuple(word for word in words if word.partition("=")[0] not in KEYS)
    return Request(int(own["draws"]), factor, share, own["pairs"] == "true", rest)


def _between(key: str, said: str, low: float, high: float) -> float:
    try:
        value = float(said)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ValueError(f"{key} is '{said}', expected a number from {low} to {high}")
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
