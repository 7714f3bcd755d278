from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from synthetic import Setup, coordinates

from experiments import comparison
from experiments.ensemble import complete
from experiments.store import Store
from experiments.tables import TABLES, write_tables

ROOT = Path(__file__).resolve().parents[1]


def tables(folder, store, replicates):
    write_tables(store, replicates, folder)
    values = comparison.outcomes(store, replicates, 10)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}
    return found | {"outcomes": hashlib.sha256(values.to_csv().encode()).hexdigest()}


def finished(folder, runs, replicates=7):
    """Tables after runs of (replicates, workers, block), one after the other in the same folder."""
    for asked, workers, block in runs:
        store = Store(folder, coordinates(), "abc")
        complete(Setup(), store, asked, workers, block)
    return tables(folder / "tables", store, replicates)


def test_results_do_not_depend_on_workers_blocks_or_resumption(tmp_path):
    plain = finished(tmp_path / "a", [(7, 1, 7)])
    assert len(plain) == 1 + len(TABLES)
    assert finished(tmp_path / "b", [(7, 2, 3)]) == plain
    assert finished(tmp_path / "c", [(3, 2, 2), (7, 1, 1)]) == plain
    assert finished(tmp_path / "d", [(9, 2, 4)]) == plain


def test_only_what_is_missing_is_computed(tmp_path):
    store, setup = Store(tmp_path, coordinates(), "abc"), Setup()
    assert complete(setup, store, 4, 1, 2) == 4
    assert complete(setup, store, 6, 1, 8) == 2
    assert complete(setup, store, 5, 1, 8) == 0
    assert setup.asked == [(0, 2), (2, 2), (4, 2)]


def test_few_replicates_are_shared_among_workers(tmp_path):
    setup = Setup()
    complete(setup, Store(tmp_path, coordinates(), "abc"), 6, 2, 8)
    assert sorted(setup.asked) == [(0, 3), (3, 3)]


def test_an_interrupt_keeps_what_is_finished(tmp_path):
    store = Store(tmp_path, coordinates(), "abc")
    with pytest.raises(KeyboardInterrupt):
        complete(Setup(broken=[4]), store, 8, 1, 2)
    kept = Store(tmp_path, coordinates(), "abc")
    assert kept.missing(4, 8) == []
    assert 4 in {r for first, count in kept.missing(8, 8) for r in range(first, first + count)}


SLOW = """
import sys, time
sys.path[:0] = ["tests"]
from pathlib import Path
from synthetic import Setup, coordinates
from experiments.ensemble import complete
from experiments.store import Store
class Slow(Setup):
    def block(self, first, count):
        time.sleep(0.3)
        return super().block(first, count)
store = Store(Path(sys.argv[1]), coordinates(), "abc")
try:
    complete(Slow(), store, 400, 2, 1)
except KeyboardInterrupt:
    print(sum(block.count for block in store.blocks))
"""


def test_ctrl_c_finishes_the_blocks_under_way(tmp_path):
    run = subprocess.Popen([sys.executable, "-c", SLOW, tmp_path], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    while len(list((tmp_path / "blocks").glob("*.zip"))) < 2:
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=20)
    kept = Store(tmp_path, coordinates(), "abc")
    assert 2 <= int(said) == sum(block.count for block in kept.blocks) < 20
    assert not list(tmp_path.rglob("*.partial"))
