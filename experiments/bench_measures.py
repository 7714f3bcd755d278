"""Measures: what `experiments.bench` measures, each as rows of its table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.ensemble import complete
from experiments.layout import AXES, Array
from experiments.store import Store
from scenarios.build import Arm, Case, Setup, build, load_histories

ROOT = Path(__file__).resolve().parents[1]
BLOCK = 16
PARTING = ("minusma_exit", "minusma_stays")
"""Two histories that are told alike for almost two years."""


class Row(NamedTuple):
    """One figure."""

    name: str
    measured: str
    target: str = ""
    met: bool | None = None


def setup_of(*names: str, weeks: int | None = None, chapters: tuple[str, ...] | None = None) -> Setup:
    """Histories, perhaps for fewer weeks than their own, with the maps that fit into them."""
    case = Case(names, weeks=weeks, chapters=chapters)
    first = load_histories(case)[0]
    length = min(weeks or first.weeks, first.weeks)
    fitting = tuple(day for day in first.map_dates if (day - first.start).days < 7 * length)
    return build(replace(case, weeks=length, map_dates=fitting or (first.start,)))


def throughput(replicates: int, weeks: int) -> list[Row]:
    """Seconds for 1000 replicates at 1 and 2 workers, block files included, after a warm-up.

    Half of the replicates at 1, 2, 2 and 1 workers: a machine that grows slower meanwhile does so for both.
    """
    setup, half = setup_of("historical", weeks=weeks), -(-replicates // 2)
    seconds = dict.fromkeys((1, 2), 0.0)

    def compute(count: int, workers: int) -> None:
        with computed(setup, count, workers):
            pass

    compute(2 * BLOCK, 2)
    for workers in (1, 2, 2, 1):
        seconds[workers] += _seconds(partial(compute, half, workers))
    scaled = {workers: taken * 1000 / (2 * half) for workers, taken in seconds.items()}
    rows = [Row(f"1000 replicates, {w} worker{'s' * (w > 1)}", f"{s:.0f} s") for w, s in scaled.items()]
    rows[1] = rows[1]._replace(target="at most 60 s", met=scaled[2] <= 60)
    rows += [Row(f"replicates a minute, {w} worker{'s' * (w > 1)}", f"{60_000 / s:.0f}") for w, s in scaled.items()]
    ratio = scaled[1] / scaled[2]
    return [*rows, Row("two workers over one", f"{ratio:.2f}", "at least 1.8", ratio >= 1.8)]


@contextmanager
def computed(setup: Setup, replicates: int, workers: int, block: int = BLOCK) -> Iterator[Store]:
    """Run replicates into block files as a study does; the store, while it is there."""
    from experiments.building import coordinates

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), coordinates(setup), "bench", workers)
        complete(setup, store, replicates, workers, block)
        yield store


def kept(setup: Setup, replicates: int, workers: int, block: int = BLOCK) -> dict[str, Array]:
    """What is compared of computed replicates, (replicate, week, ...)."""
    with computed(setup, replicates, workers, block) as store:
        pieces = {name: list(store.coordinates.pieces(name)) for name in ("deaths", "people", "attacks")}
        return {
            name: np.concatenate([store.load(name, 0, piece, replicates) for piece in listed], axis=1)
            for name, listed in pieces.items()
        }


def cold_and_warm() -> list[Row]:
    """Seconds to the first week with an empty and a full cache of kernels, and of ``--help``."""
    with tempfile.TemporaryDirectory() as empty:
        cold = _seconds(lambda: probe("start", NUMBA_CACHE_DIR=empty))
        warm = _seconds(lambda: probe("start", NUMBA_CACHE_DIR=empty))
    told = _seconds(lambda: _child(["-m", "experiments.run", "--help"]))
    return [
        Row("cold compilation (cold less warm start)", f"{cold - warm:.1f} s", "at most 40 s", cold - warm <= 40),
        Row("warm start to the first week", f"{warm:.2f} s", "at most 3 s", warm <= 3),
        Row("--help", f"{told:.2f} s", "at most 1 s", told <= 1),
    ]


def peaks(sizes: tuple[int, int], weeks: int) -> list[Row]:
    """Peak memory of two whole runs that differ in their number of replicates."""
    probe("start")  # so that none of them compiles
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found.append(float(probe("memory", size, weeks, folder)["megabytes"]))
    rows = [
        Row(f"peak, {n} replicates", f"{mb:.0f} MB", "at most 1536 MB", mb <= 1536)
        for n, mb in zip(sizes, found, strict=True)
    ]
    growth = (found[1] - found[0]) / (sizes[1] - sizes[0])
    flat = found[1] <= 1.1 * found[0]
    return [*rows, Row("growth a replicate", f"{growth:.2f} MB", "flat: larger run at most 1.1 times", flat)]


def processes(weeks: int, lanes: int = BLOCK) -> list[Row]:
    """Milliseconds a lane-week of each process and of recording, with their share, the slowest first.

    Each is called by itself; in a run most go one after the other without Python in between, which takes a little less.
    """
    from sim.record import Recorder, Recording

    setup = setup_of("historical", weeks=weeks)
    state, columns = setup.lanes(range(lanes))
    recorder = Recorder(setup.world, setup.names, Recording(weeks, ()), lanes)
    spent: dict[str, float] = defaultdict(float)
    for position in range(weeks):
        streams = setup._streams(range(lanes), position)
        state.events.count[:] = 0
        for process in setup.week:
            resolve = lambda p=process: p.resolve(setup.world, state, columns.get(p.name), streams)  # noqa: E731, B023
            spent[process.name] += _seconds(resolve)
        spent["recording"] += _seconds(lambda: recorder.keep(state, position))  # noqa: B023
    total = sum(spent.values())
    each = sorted(spent.items(), key=lambda item: -item[1])
    rows = [Row(name, f"{1000 * s / (lanes * weeks):.3f} ms  {100 * s / total:4.1f} %") for name, s in each]
    return [*rows, Row("a lane-week", f"{1000 * total / (lanes * weeks):.3f} ms 100.0 %")]


def mesa_ticks(weeks: int) -> Row:
    """Weeks a second of the Mesa model of the full region."""
    from scenarios.notebook import model_of

    model = model_of(setup_of("historical", weeks=weeks + 1))
    model.step()
    ticks = 1 / float(np.mean([_seconds(model.step) for _ in range(weeks)]))
    return Row("ticks a second of the Mesa model", f"{ticks:.0f}", "at least 20", ticks >= 20)


def twins(weeks: int) -> list[Row]:
    """The same week on a small box, as plain Python and compiled."""
    plain = probe("twin", 1, 4, NUMBA_DISABLE_JIT="1")
    same, fast = probe("twin", 1, 4), probe("twin", BLOCK, weeks)
    ratio = plain["seconds"] / fast["seconds"]
    place = f"{plain['cells']} cells, {plain['units']} units"
    equal = plain["dead"] == same["dead"] and plain["check"] == same["check"]
    return [
        Row(f"plain Python, a lane-week ({place})", f"{1000 * plain['seconds']:.1f} ms"),
        Row("kernels, a lane-week of the same", f"{1000 * fast['seconds']:.3f} ms"),
        Row("plain Python over kernels", f"{ratio:.0f}", "at least 150", ratio >= 150),
        Row("both give the same numbers", _yes(equal), "yes", equal),
    ]


def identity(weeks: int, replicates: int = 6, parting: tuple[str, str] = PARTING) -> list[Row]:
    """Whether results are the same to the bit however they are computed."""
    setup = setup_of("historical", weeks=weeks)
    first = kept(setup, replicates, 1, block=replicates)
    beside = (*setup.arms, Arm("again", "historical"))
    twice = replace(setup, arms=beside).block(0, replicates).arrays
    alone = setup.block(0, replicates).arrays
    both = (setup_of(name, weeks=weeks, chapters=()) for name in ("historical", "baseline_empty"))
    empty = [{name: a for name, a in s.block(0, 2).arrays.items() if AXES[name][0] == "week"} for s in both]
    found = {
        "1 and 2 workers": same(first, kept(setup, replicates, 2, block=replicates // 2)),
        "blocks of 6 and of 1": same(first, kept(setup, replicates, 1, block=1)),
        "a history beside itself, and alone": all(
            (twice[n][0] == twice[n][1]).all() and (twice[n][0] == alone[n][0]).all() for n in AXES
        ),
        "historical without its chapters, and the empty baseline": same(*empty),
        "histories before they part": parts_in_time(parting),
    }
    return [Row(name, _yes(value), "yes", value) for name, value in found.items()]


def parts_in_time(names: tuple[str, str]) -> bool:
    """Whether two histories are equal until the week from which they are told differently."""
    from experiments.store import first_difference
    from scenarios.history import first_difference as told

    setup = setup_of(*names)
    week = told(*setup.histories)
    if week is None:
        return False
    part = setup_of(*names, weeks=min(week - setup.first_week + 8, setup.weeks))
    differs = first_difference(part.block(0, 2).arrays)
    return differs is not None and differs >= week - setup.first_week


def same(a: Mapping[str, Array], b: Mapping[str, Array]) -> bool:
    """Whether all arrays that both have are equal to the bit."""
    return all(np.array_equal(a[name], b[name]) for name in a)


def probe(name: str, *arguments: Any, **environment: str) -> dict[str, Any]:
    """What a probe in a process of its own prints.

    Raises:
        RuntimeError: the probe failed; with the last line that it wrote.
    """
    out = _child(["-m", "experiments.bench_probes", name, *map(str, arguments)], **environment)
    return dict(json.loads(out.strip().splitlines()[-1]))


def _child(arguments: list[str], **environment: str) -> str:
    path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH", "")) if p)
    env = os.environ | {"PYTHONPATH": path} | environment
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _yes(value: bool) -> str:
    return "yes" if value else "no"
