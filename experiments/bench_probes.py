"""Probes: measurements that need a process of their own; each prints one line of JSON.

``python -m experiments.bench_probes start|memory|twin ...`` is called by `experiments.bench`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()


def start() -> dict[str, Any]:
    """Settings, data and one week of one replicate, as the command line gets there; seconds since Python began here."""
    from experiments.building import built
    from experiments.composing import composed
    from experiments.study import compile_once

    compile_once(2)
    ready = built(composed(["scenario=historical", "weeks=1", "dates=[2021-07-05]"]))
    ready.setup.block(0, 1)
    return {"seconds": time.perf_counter() - STARTED}


def memory(replicates: int, weeks: int, folder: str) -> dict[str, Any]:
    """Peak memory in MB of a whole run: simulation, block files, tables and summary."""
    from experiments.composing import composed
    from experiments.study import study

    words = [f"replicates={replicates}", f"weeks={weeks}", f"output={folder}", "figures=false", "scenario=historical"]
    sys.stdout, shown = sys.stderr, sys.stdout  # the summary is not what is asked for
    study(composed(words))
    sys.stdout = shown
    return {"megabytes": peak_megabytes()}


def twin(lanes: int, weeks: int) -> dict[str, Any]:
    """Seconds a lane-week of the week on a small box, and what came of it; uncompiled if Numba is switched off."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        import sim.handles

        # Plain Python reads the arrays themselves, as they are.
        sim.handles.bound = sim.handles.Handle = lambda arrays: arrays  # type: ignore[assignment, misc]
    from experiments.small_box import boxed
    from scenarios.build import Case, build
    from scenarios.week import WEEK
    from sim.engine import run_week
    from sim.state import repeat

    setup = build(Case(("historical",), draws="none"))
    small, first = boxed(setup.world, setup.start)
    _, columns = setup.lanes(range(lanes))
    state = repeat(first, lanes)
    seconds = _seconds_of_weeks(setup, partial(run_week, WEEK, small, state, columns), lanes, weeks)
    lost = state.ledger.killed.sum(axis=1) + state.ledger.civilians_killed.sum(axis=1)
    return {
        "seconds": seconds / lanes,
        "cells": len(small.cells.gid),
        "units": len(small.units.key),
        "dead": int(lost[0]),
        "check": float(state.cells.share[0].sum()),
    }


def peak_megabytes() -> float:
    """Highest resident memory of this process. On Linux that of `getrusage` includes the parent's before the start."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


def _seconds_of_weeks(setup: Any, week: Callable[[Any], None], lanes: int, weeks: int) -> float:
    """Mean seconds of a week of all lanes; the first week, which loads kernels, is not counted."""
    begun = 0.0
    for position in range(weeks + 1):
        if position == 1:
            begun = time.perf_counter()
        week(setup._streams(range(lanes), position))
    return (time.perf_counter() - begun) / weeks


PROBES: dict[str, Callable[..., dict[str, Any]]] = {"start": start, "memory": memory, "twin": twin}


def main(words: Sequence[str]) -> None:
    """Run one probe with whole numbers or text as its arguments."""
    name, *rest = words
    found = PROBES[name](*(int(word) if word.isdigit() else word for word in rest))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
