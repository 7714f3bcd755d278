"""Hindcast: ``python -m experiments.hindcast origin=2021-12-31 horizon=12 unit=cell draws=1000``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from experiments.command_line import answered
from experiments.evidence.areas import areas
from experiments.evidence.correction import Correcting
from experiments.evidence.events import SAHEL, events_of
from experiments.evidence.hindcasting import Question, Scoring
from experiments.evidence.observation import RECORDED_ALL, Observation
from experiments.evidence.panel import LEVELS, Reading, month_of, shared_out
from experiments.evidence.recorded import records_from
from experiments.evidence.releases import Source, fetched, read_release
from experiments.settings import INITIAL
from experiments.values import nearest
from scenarios.recollection import Records

USAGE = """Forecast from days in the past, with what was known then, and score it beside baselines.

usage: python -m experiments.hindcast [origin=DAY[,DAY...]] [KEY=VALUE ...]

  origin=2021-12-31     last day that is known, the end of a month; several with commas, or FIRST..LAST for every
                        end of a quarter between two days
  horizon=12            months ahead
  unit=all              cell, admin1, country, or all of them
  draws=1000            simulated futures
  spinup=26             weeks simulated before the origin
  initial=from_events   where they start from: from_events recorded before them, or order_of_battle alone
  correction=regional   of level and place, by what was recorded before the origin: regional, none
  events=PATH           recorded events: a UCDP CSV or a folder of them
  ged=24.1              release that is fetched from UCDP where no events are at hand
  place=as_coded        how vague places are read: as_coded, by_people, evenly
  span=start            how long spans are read: start, days
  theatre=all           what is scored: all, or sahel without the war around Lake Chad, which the model does not hold
  observation=ucdp      what would have been recorded of simulated events: ucdp, all
  uncertain=strengths   what is drawn anew for each future: strengths, all (every parameter too), none
  figures=true          whether to draw
  other keys            those of experiments.run: scenario, seed, workers, output, mechanism/NAME, parameters.A.B"""

FROM_EVENTS = "from_events"
DOWNLOADS = Path("runs") / "ged"
KEYS = {
    "origin": "2021-12-31", "horizon": "12", "unit": "all", "draws": "1000", "spinup": "26", "events": "",
    "ged": "24.1", "place": "as_coded", "span": "start", "theatre": "all", "observation": "ucdp",
    "uncertain": "strengths", "figures": "true", "initial": FROM_EVENTS, "correction": "regional",
}  # fmt: skip
TOLD = ("place", "span", "theatre", "observation", "correction")
"""Keys on which scores depend, but futures do not."""

LIMITS = {"horizon": (1, 60), "draws": (1, 100_000), "spinup": (1, 520)}
CORRECTIONS = {"regional": Correcting(), "none": None}
OBSERVATIONS = {"ucdp": Observation(), "all": RECORDED_ALL}


@dataclass(frozen=True)
class Request:
    """The command line, read.

    Attributes:
        questions: one for each origin.
        levels: to be scored.
        reading: of recorded events.
        theatre: all, or sahel.
        events: where they are; None where the user gave no place.
        ged: release to fetch where there are none.
        figures: whether to draw.
        initial: where futures start from.
    """

    questions: tuple[Question, ...]
    levels: tuple[str, ...]
    reading: Reading
    theatre: str
    events: Path | None
    ged: str
    figures: bool
    initial: str


def main(words: Sequence[str]) -> int:
    """Forecast, score, write and print; returns the exit code."""
    return answered(words, USAGE, _command, KEYS)


def _command(words: Sequence[str]) -> int:
    from tqdm import tqdm

    from experiments.evidence.reporting import Report

    started = time.perf_counter()
    request = requested(words)
    scoring, sources, records = recorded_events(request)
    report = Report(request.levels, sources, request.reading, request.theatre, request.figures)
    begun = records if request.initial == FROM_EVENTS else None
    questions = [replace(question, records=begun) for question in request.questions]
    for question in tqdm(questions, unit=" origins", disable=len(questions) == 1, leave=False):
        report.add(question, scoring.told(question), scoring)
    print(report.text())
    print(f"{time.perf_counter() - started:.0f} s; results: {', '.join(str(q.results) for q in questions)}")
    return 0


def requested(words: Sequence[str]) -> Request:
    """The command line as a request.

    Raises:
        ValueError: a key or value is not known; one line.
    """
    from experiments.composing import composed

    given = dict(word.partition("=")[::2] for word in words if word.partition("=")[0] in KEYS)
    rest = [word for word in words if word.partition("=")[0] not in KEYS]
    own = KEYS | given
    _one_of("unit", own["unit"], (*LEVELS, "all"))
    _one_of("observation", own["observation"], tuple(OBSERVATIONS))
    _one_of("theatre", own["theatre"], ("all", SAHEL))
    _one_of("figures", own["figures"], ("true", "false"))
    _one_of("initial", own["initial"], INITIAL)
    _one_of("correction", own["correction"], tuple(CORRECTIONS))
    numbers: dict[str, Any] = {key: _number(key, own[key]) for key in LIMITS}
    uncertain = [f"draws={own['uncertain']}"]
    settings = composed(["scenario=historical", *rest, *uncertain])
    how: dict[str, Any] = {"observation": OBSERVATIONS[own["observation"]], "told": "-".join(own[key] for key in TOLD)}
    how["correcting"] = CORRECTIONS[own["correction"]]
    questions = [Question(origin, **numbers, settings=settings, **how) for origin in origins(own["origin"])]
    return Request(
        tuple(questions),
        LEVELS if own["unit"] == "all" else (own["unit"],),
        Reading(own["place"], own["span"]),
        own["theatre"],
        Path(own["events"]) if own["events"] else None,
        own["ged"],
        own["figures"] == "true",
        own["initial"],
    )


def recorded_events(request: Request) -> tuple[Scoring, tuple[Source, ...], Records]:
    """Recorded events to score on, what files they come from, and the same events to start from.

    Raises:
        ValueError: there are none, or they are no events; one line.
    """
    from experiments.first_comparison import GED

    place = request.events or (GED if GED.is_dir() else fetched(request.ged, DOWNLOADS))
    raw, sources = read_release(place)
    where = areas()
    events = events_of(raw, where)
    records = records_from(events, sources)
    scored = events[events["theatre"] == SAHEL] if request.theatre == SAHEL else events
    shares, coded = (shared_out(scored, where, how) for how in (request.reading, Reading()))
    return Scoring(shares, coded, where, month_of(raw["date_start"].max())), sources, records


def origins(said: str) -> tuple[date, ...]:
    """Origins as the command line says them.

    >>> [str(day) for day in origins("2020-12-31..2021-06-30")]
    ['2020-12-31', '2021-03-31', '2021-06-30']
    """
    if ".." in said:
        first, _, last = said.partition("..")
        return tuple(_quarters(_month_end(first), _month_end(last)))
    return tuple(_month_end(day) for day in said.split(","))


def _quarters(first: date, last: date) -> Iterator[date]:
    month = month_of(first)
    while month <= month_of(last):
        yield date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
        month += 3


def _month_end(said: str) -> date:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise ValueError(f"origin is '{said}', expected a day such as 2021-12-31") from None
    if (day + timedelta(days=1)).day != 1:
        last = date((month_of(day) + 1) // 12, (month_of(day) + 1) % 12 + 1, 1) - timedelta(days=1)
        raise ValueError(f"origin is {day}, expected the end of a month such as {last}")
    return day


def _number(key: str, said: str) -> int:
    low, high = LIMITS[key]
    if not said.isdigit() or not low <= int(said) <= high:
        raise ValueError(f"{key} is '{said}', expected a whole number from {low} to {high}")
    return int(said)


def _one_of(key: str, said: str, known: tuple[str, ...]) -> None:
    if said not in known:
        raise ValueError(f"{key} is '{said}', expected one of: {', '.join(known)}{nearest(said, known)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
