from __future__ import annotations

import hashlib

import pytest
from synthetic import Setup, coordinates

from experiments import comparison, ensemble
from experiments.ensemble import complete
from experiments.store import Store
from experiments.tables import write_tables


@pytest.fixture(autouse=True)
def warm(monkeypatch):
    monkeypatch.setattr(ensemble, "is_cold", lambda: False)


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
    assert len(plain) == 8
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


def test_compilation_is_announced_once(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(ensemble, "is_cold", lambda: True)
    store = Store(tmp_path, coordinates(), "abc")
    complete(Setup(), store, 2, 1, 2)
    complete(Setup(), store, 2, 1, 2)
    assert capsys.readouterr().err.count("compiling the model, once") == 1
