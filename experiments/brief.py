"""Brief: from finished runs to the pack on the table, such as ``python -m experiments.brief run=runs/NAME``."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from experiments.briefing.request import Request
from experiments.command_line import answered
from experiments.values import nearest

USAGE = """Make a briefing of a finished run: page, slides, PDF, tables and pictures.

usage: python -m experiments.brief run=FOLDER [KEY=VALUE ...]
       python -m experiments.brief runs=[FOLDER,FOLDER,...] [KEY=VALUE ...]

  run=FOLDER          a finished run folder; the briefing goes to FOLDER/briefing
  runs=[A,B,...]      several finished run folders, compared in one briefing; it goes to A/briefing-of-many
  language=en         en or fr
  output=FOLDER       where else the briefing goes
  scorecard=PATH      the folder that experiments.scorecard wrote; else the newest beside the run
  hindcast=PATH       the folder that experiments.hindcast wrote; else the newest beside the run
  workers=2           processes that draw
  gallery=FOLDER      also write a small picture of each section, for documentation"""

KEYS = ("run", "runs", "language", "output", "scorecard", "hindcast", "workers", "gallery")


def main(words: Sequence[str]) -> int:
    """Make a briefing; returns the exit code."""
    return answered(words, USAGE, _command)


def _command(words: Sequence[str]) -> int:
    started = time.perf_counter()
    request = requested(words)
    from experiments.briefing.making import made

    written = made(request)
    print(f"briefing in {time.perf_counter() - started:.0f} s: {written}")
    return 0


def requested(words: Sequence[str]) -> Request:
    """The command line as a request.

    Raises:
        ValueError: a key or value is not known or missing; one line.
    """
    from experiments.language import language_of

    given = dict(_pair(word) for word in words)
    if ("run" in given) == ("runs" in given):
        raise ValueError("expected either run=FOLDER or runs=[FOLDER,FOLDER,...]")
    runs = _folders(given["runs"]) if "runs" in given else (Path(given["run"]),)
    inside = "briefing" if "run" in given else "briefing-of-many"
    return Request(
        runs,
        language_of(given.get("language", "en")),
        _path(given, "output") or runs[0] / inside,
        _path(given, "scorecard"),
        _path(given, "hindcast"),
        _workers(given.get("workers", "2")),
        _path(given, "gallery"),
    )


def _pair(word: str) -> tuple[str, str]:
    key, sign, value = word.partition("=")
    if key not in KEYS:
        raise ValueError(f"unknown key '{key}', expected one of: {', '.join(KEYS)}{nearest(key, KEYS)}")
    if not sign or not value:
        raise ValueError(f"cannot read '{word}', expected {key}=VALUE")
    return key, value


def _folders(said: str) -> tuple[Path, ...]:
    names = [name.strip() for name in said.removeprefix("[").removesuffix("]").split(",") if name.strip()]
    if len(names) < 2:
        raise ValueError(f"runs is '{said}', expected at least two folders such as [runs/a,runs/b]; for one say run=")
    return tuple(dict.fromkeys(Path(name) for name in names))


def _workers(said: str) -> int:
    if not said.isdigit() or not 1 <= int(said) <= 64:
        raise ValueError(f"workers is '{said}', expected a whole number from 1 to 64")
    return int(said)


def _path(given: dict[str, str], key: str) -> Path | None:
    return Path(given[key]) if key in given else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
