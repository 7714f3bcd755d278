"""Simulating: the records of a run from its settings; what its folder lacks is simulated."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tqdm import tqdm

from experiments.facts.records import Records
from experiments.settings import Settings


def recorded(settings: Settings, sample: int) -> Records:
    """The records of a run, and all events of its first `sample` replicates.

    Raises:
        ValueError: the settings cannot be run; one line.
    """
    from experiments import study
    from experiments.building import built
    from experiments.manifest import fingerprint

    study.compile_once(settings.workers)
    ready = built(settings)
    study.write_inputs(settings, ready, settings.folder)
    store, _ = study.filled(settings, ready, fingerprint(settings))
    setup: Any = ready.setup
    chosen = range(min(sample, settings.replicates))
    with ThreadPoolExecutor(settings.workers) as pool:
        rows = pool.map(lambda r: setup.event_rows(r, 0), chosen)
        events = list(tqdm(rows, total=len(chosen), unit=" event tables", delay=2, file=sys.stderr))
    return Records(setup, store, settings.replicates, events)
