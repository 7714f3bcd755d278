"""Ahead: compile every kernel of the week before anything is built, on all cores at once.

A kernel is compiled for the types of what it is given, not for the sizes. So an empty world and a state of no
lanes, made from the annotations of their arrays, are enough. Kernels are compiled by several processes into the
one cache on disk; each takes the next that nobody has claimed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np

from scenarios.draws import start_units
from scenarios.week import WEEK
from sim.axes import Axes
from sim.chain import run
from sim.compilation import is_cold
from sim.handles import bound
from sim.parameters import stack
from sim.state import State
from sim.stocks import Stocks, stocks_kernel
from sim.streams import Streams
from sim.tally import Scheme, Tally, tally_kernel
from sim.ties import contact_kernel
from sim.world import World

MONTH = tuple(Streams(np.zeros((0, 2), np.uint64), week) for week in range(4))
"""Some processes pass by in three weeks of four."""

_NOBODY = (np.zeros((0, 1, 1)), np.zeros((1, 1), np.int32), np.zeros((0, 1, 5)))
"""What `contact_kernel` takes beside the world and the state: fighters, pairs and contact of no lanes."""


def compile_ahead(workers: int) -> None:
    """Compile all kernels of the week with `workers` processes, if none is in the cache yet."""
    if not is_cold():
        return
    claims = Path(os.environ["NUMBA_CACHE_DIR"]) / f"claims-{os.getpid()}"
    claims.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "scenarios.ahead", str(claims)]
    others = [subprocess.Popen(command, cwd=root) for _ in range(workers - 1)]
    compile_unclaimed(claims)
    for other in others:
        other.wait()
    for claim in claims.iterdir():
        claim.unlink()
    claims.rmdir()


def compile_unclaimed(claims: Path) -> None:
    """Compile the kernels that no other process has claimed by a file in the folder `claims`."""
    for name, call in calls():
        try:
            os.close(os.open(claims / name, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        call()


def calls() -> Iterator[tuple[str, Callable[[], None]]]:
    """Names of the kernels, and calls that compile them: with no lanes, they do nothing else."""
    world, state = blank(World), blank(State)
    for process in WEEK:
        columns = stack([process.parameters()], process.columns) if process.parameters is not None else None
        yield process.name, lambda p=process, c=columns: [p.resolve(world, state, c, w) for w in MONTH]  # type: ignore[misc]
    yield "draws", lambda: start_units(Streams(np.zeros((0, 2), np.uint64), 0), np.zeros(0, np.uint64))
    yield "tally", lambda: tally_kernel(bound(world), bound(state), blank(Tally), blank(Scheme))
    yield "stocks", lambda: stocks_kernel(bound(world), bound(state), blank(Stocks), blank(Scheme))
    yield "chain", lambda: run([], world, state, MONTH[0])
    yield "ties", lambda: contact_kernel(bound(world), bound(state), *_NOBODY)


def blank[T](kind: type[T]) -> T:
    """Arrays of a NamedTuple (nested ones too) with no lanes and one of everything else."""
    hints = get_type_hints(kind, include_extras=True)

    def made(hint: Any) -> Any:
        axes = next((a for a in get_args(hint) if isinstance(a, Axes)), None)
        if axes is None:
            return blank(hint)
        shape = [0 if name == "lane" else int(name) if name.isdigit() else 1 for name in axes.names]
        return np.zeros(shape, axes.dtype)

    return kind(*(made(hints[name]) for name in kind._fields))  # type: ignore[attr-defined]


if __name__ == "__main__":
    compile_unclaimed(Path(sys.argv[1]))
