"""Calibrate: ``python -m experiments.calibrate draws=2400``, from recorded events to draws of parameters."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from experiments.calibration.request import Request
from experiments.calibration.windows import Window, checked, listed, told
from experiments.command_line import answered
from experiments.settings import INITIAL

USAGE = """Find the parameters under which the model gives what was recorded; writes draws that every run can use.

usage: python -m experiments.calibrate [KEY=VALUE ...]

  draws=2400            simulations in all rounds; 2400 take about 25 minutes on two cores
  checks=96             simulations more, with the posterior and with the defaults, to see what they reproduce
  kept=300              draws that are written
  windows=A..B,C..D     spans that are simulated and compared, first and last day of each; those of
                        conf/evidence/calibration.yaml where nothing is said
  start=2019-12-30      one window alone that begins on this day
  until=2021-12-31      one window alone that ends on this day
  later=false           true to look at events after 2021 all the same; what came later is for tests
  initial=from_events   where windows start from: from_events recorded before them, or order_of_battle alone
  facts=true            whether reported facts are targets too, beside recorded events
  truth=recorded        synthetic: calibrate to data made by the model with known parameters; are they found?
  truths=3              how many of those, one after the other
  events=PATH           recorded events: a UCDP CSV or a folder of them
  ged=24.1              release that is fetched from UCDP where no events are at hand
  ship=false            true to write the posterior that ships, the tables of docs/calibration.md and its figures
  other keys            those of experiments.run: seed, workers, output, mechanism/NAME, parameters.A.B

What is simulated is kept; an interrupted command goes on where it was. Then: python -m experiments.run
parameters=posterior (the one that ships) or parameters=FOLDER/posterior.csv."""

KEYS = {
    "draws": "2400", "checks": "96", "kept": "300", "windows": "", "start": "", "until": "", "later": "false",
    "initial": "from_events", "facts": "true", "truth": "recorded", "truths": "3", "events": "", "ged": "24.1",
    "ship": "false",
}  # fmt: skip
LIMITS = {"draws": (60, 1_000_000), "checks": (8, 10_000), "kept": (10, 100_000), "truths": (1, 1000)}
WORDS = {"later": ("true", "false"), "facts": ("true", "false"), "ship": ("true", "false"),
         "truth": ("recorded", "synthetic"), "initial": INITIAL}  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Simulate, infer, check, write and print; returns the exit code."""
    return answered(words, USAGE, _command, KEYS)


def _command(words: Sequence[str]) -> int:
    from experiments.calibration import work

    began = time.perf_counter()
    request = requested(words)
    text, folder = work.synthetic(request) if request.synthetic else work.calibrated(request)
    print(f"{text}\n\n{time.perf_counter() - began:.0f} s; folder: {folder}")
    return 0


def requested(words: Sequence[str]) -> Request:
    """The command line as a request.

    Raises:
        ValueError: a key or value is not known; one line.
    """
    given = dict(word.partition("=")[::2] for word in words if word.partition("=")[0] in KEYS)
    own = KEYS | given
    for key, known in WORDS.items():
        if own[key] not in known:
            raise ValueError(f"{key} is '{own[key]}', expected one of: {', '.join(known)}")
    windows = checked(_windows(own), later=own["later"] == "true")
    if own["truth"] == "synthetic" and own["ship"] == "true":
        raise ValueError("ship is true, expected false where the data are synthetic")
    return Request(
        {key: _number(key, own[key]) for key in LIMITS}, windows, own["initial"], own["facts"] == "true",
        own["truth"] == "synthetic", Path(own["events"]) if own["events"] else None, own["ged"], own["ship"] == "true",
        tuple(word for word in words if word.partition("=")[0] not in KEYS),
    )  # fmt: skip


def _windows(own: Mapping[str, str]) -> tuple[Window, ...]:
    """Those that are told, or one alone from start to until, or those of the file."""
    from experiments.calibration.priors import read_question

    alone = own["start"] or own["until"]
    if own["windows"] and alone:
        raise ValueError(f"windows is {own['windows']}, expected it without start and until, which tell one alone")
    if own["windows"]:
        return told(own["windows"])
    shipped = listed(read_question()["windows"])
    last = shipped[-1]
    return (Window(_day("start", own, last.start), _day("until", own, last.until)),) if alone else shipped


def _day(key: str, own: Mapping[str, str], otherwise: date) -> date:
    try:
        return date.fromisoformat(own[key]) if own[key] else otherwise
    except ValueError:
        raise ValueError(f"{key} is '{own[key]}', expected a day such as {otherwise}") from None


def _number(key: str, said: str) -> int:
    low, high = LIMITS[key]
    if not said.isdigit() or not low <= int(said) <= high:
        raise ValueError(f"{key} is '{said}', expected a whole number from {low} to {high}")
    return int(said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
