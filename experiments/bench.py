"""Bench: how fast, how large and how exact the simulator is on this machine, in one table.

``python -m experiments.bench [replicates=128] [weeks=104] [pairs=100] [quick|full]``
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from experiments.bench_measures import (
    BLOCK,
    Row,
    cold_and_warm,
    identity,
    mesa_ticks,
    peaks,
    processes,
    throughput,
    twins,
)
from experiments.bench_pairs import CHANGES, common_random_numbers
from experiments.summary import Table
from experiments.values import nearest

USAGE = """Measure speed, memory, exactness and the worth of common random numbers.

usage: python -m experiments.bench [replicates=128] [weeks=104] [pairs=100] [quick | full]

  replicates  measured for speed, scaled to 1000
  weeks       of each replicate
  pairs       of replicates for the variance of paired differences; 0 leaves them out
  quick       few replicates and 26 weeks: whether it works, not how fast it is
  full        all 1000 replicates"""
LIMITS = {"replicates": (2, 100_000), "weeks": (2, 1040), "pairs": (0, 10_000)}


@dataclass(frozen=True)
class Options:
    """What to measure.

    Attributes:
        replicates: measured for speed.
        weeks: of each replicate.
        pairs: replicates of each pair of histories.
    """

    replicates: int = 128
    weeks: int = 104
    pairs: int = 100

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} is {getattr(self, name)}, expected a whole number from {low} to {high}")


def options(words: Sequence[str]) -> Options:
    """Options from words.

    Raises:
        ValueError: a word cannot be read; one line.
    """
    chosen = Options()
    for word in words:
        key, _, value = word.partition("=")
        if word == "quick":
            chosen = Options(replicates=8, weeks=26, pairs=8)
        elif word == "full":
            chosen = replace(chosen, replicates=1000)
        elif key in LIMITS and value.isdigit():
            chosen = replace(chosen, **{key: int(value)})
        else:
            known = ", ".join((*(f"{name}=NUMBER" for name in LIMITS), "quick", "full"))
            raise ValueError(f"cannot read '{word}', expected: {known}{nearest(key, [*LIMITS, 'quick', 'full'])}")
    return chosen


def sections(chosen: Options) -> Iterator[tuple[str, Callable[[], list[Row]]]]:
    """Headings and what measures the rows below them."""
    n, weeks = chosen.replicates, chosen.weeks
    yield f"Speed: full region, {weeks} weeks, {n} replicates measured, scaled to 1000", lambda: throughput(n, weeks)
    yield "Start", cold_and_warm
    yield "Memory of a whole run with its tables", lambda: peaks(sizes(n), weeks)
    yield "Processes of the week", lambda: processes(weeks)
    yield "Object model and plain Python", lambda: [mesa_ticks(min(weeks, 52)), *twins(min(weeks, 60))]
    yield "Identity to the bit", lambda: identity(min(weeks, 52))
    for change in CHANGES if chosen.pairs else ():
        heading = f"Common random numbers, {change[0]} against {change[1]}, {chosen.pairs} pairs"
        yield heading, lambda change=change: common_random_numbers(change, chosen.pairs)  # type: ignore[misc]


def sizes(replicates: int) -> tuple[int, int]:
    """Replicates of two runs whose memory is compared: one to four, and enough for full blocks on two workers."""
    larger = min(max(4 * replicates, 8 * BLOCK), 1000)
    return larger // 4, larger


def table(heading: str, rows: Sequence[Row]) -> Table:
    """Rows as a table of text; a section without targets has no columns for them."""
    columns = ("", "measured", "target", "met")
    met = {True: "yes", False: "no", None: "-"}
    full = [(row.name, row.measured, row.target or "-", met[row.met]) for row in rows]
    if any(row.target for row in rows):
        return Table(heading, columns, tuple(full))
    return Table(heading, columns[:2], tuple(row[:2] for row in full))


def main(words: Sequence[str]) -> int:
    """Measure and print; returns the exit code."""
    if any(word in ("-h", "--help") for word in words):
        print(USAGE)
        return 0
    try:
        chosen = options(words)
    except ValueError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    for heading, measure in sections(chosen):
        print(f"measuring: {heading.split(',')[0].split(':')[0].lower()} ...", file=sys.stderr, flush=True)
        print(table(heading, measure()).text(), end="\n\n", flush=True)
    print("Times depend on what else this machine does; ratios were measured in this one run.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
