"""Ensemble: compute the replicates that a store still lacks, block by block, on a pool of threads.

The engine's kernels let go of the interpreter lock, so threads use all cores and share the world.
Every replicate depends on its number alone: workers, block size and resumption change nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any, Protocol

from tqdm import tqdm

from experiments.layout import Recorded
from experiments.store import Store


class Simulates(Protocol):
    """What can compute a block of replicates."""

    def block(self, first: int, count: int) -> Recorded:
        """Replicates `first` to `first + count - 1` of all histories."""


def complete(setup: Simulates, store: Store, replicates: int, workers: int, block: int) -> int:
    """Compute and store what is missing of the first `replicates`; returns how many were computed.

    Args:
        setup: computes a block; called from several threads at once.
        store: knows what is there and takes what is made.
        replicates: how many there shall be in the end.
        workers: threads.
        block: most replicates in a block.

    Raises:
        KeyboardInterrupt: after the blocks under way are finished and stored.
    """
    # A block for every worker, even where few replicates are left.
    todo = store.missing(replicates, min(block, -(-replicates // workers)))
    total = sum(count for _, count in todo)
    if not total:
        return 0

    def made(first: int, count: int) -> int:
        store.write(first, setup.block(first, count).arrays)
        return count

    with _progress(replicates, total) as bar, ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(made, first, count) for first, count in todo]
        try:
            for future in as_completed(futures):
                bar.update(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # blocks under way are finished on leaving the pool
            raise
    return total


@contextmanager
def _progress(replicates: int, total: int) -> Iterator[tqdm[Any]]:
    # Seen only where it takes more than two seconds.
    with tqdm(
        total=replicates, initial=replicates - total, unit=" replicates", delay=2, mininterval=0.5, file=sys.stderr
    ) as bar:
        yield bar
