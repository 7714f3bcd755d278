from __future__ import annotations

import multiprocessing
import zipfile

import numpy as np
import pytest
from synthetic import Setup, coordinates

from experiments.lock import BusyError, locked
from experiments.store import DamagedBlockError, Store, first_difference


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, coordinates(), "abc")


def test_arrays_come_back_to_the_bit_piece_by_piece(store):
    setup = Setup()
    whole = setup.block(0, 5).arrays
    store.write(0, setup.block(0, 3).arrays)
    store.write(3, setup.block(3, 2).arrays)
    for name, array in whole.items():
        for h in (0, 1):
            for piece in store.coordinates.pieces(name):
                np.testing.assert_array_equal(store.load(name, h, piece, 5), array[h, :, piece])


def test_numbers_kept_in_sixteen_bits_are_read_in_thirty_two(store):
    arrays = Setup().block(0, 2).arrays
    store.write(0, arrays | {"deaths": np.full(arrays["deaths"].shape, 32_000, np.int16)})
    found = store.load("deaths", 0, slice(0, 28), 2)
    assert found.dtype == np.int32
    assert (found.sum(axis=1) == 28 * 32_000).all()


def test_only_the_replicates_asked_for_are_read(store):
    store.write(0, Setup().block(0, 4).arrays)
    store.write(4, Setup().block(4, 4).arrays)
    assert store.load("threat", 0, slice(0, 28), 6).shape == (6, 28, 2)
    assert store.load("threat", 0, slice(28, 32), 4).shape == (4, 4, 2)


def test_what_is_joined_is_no_larger_than_what_was_kept_of_each_block(store):
    setup = Setup()
    store.write(0, setup.block(0, 3).arrays)
    store.write(3, setup.block(3, 2).arrays)
    first = store.load("people", 0, slice(0, 28), 5, lambda values: values[:, :1])
    assert first.base is None  # a view would hold all that was unpacked
    np.testing.assert_array_equal(first, setup.block(0, 5).arrays["people"][0, :, :1])


def test_missing_stretches_fill_the_gaps(store):
    assert store.missing(5, 2) == [(0, 2), (2, 2), (4, 1)]
    store.write(2, Setup().block(2, 1).arrays)
    assert store.missing(6, 2) == [(0, 2), (3, 2), (5, 1)]
    assert store.missing(6, 10) == [(0, 2), (3, 3)]


def test_blocks_of_another_fingerprint_and_halves_of_files_count_as_missing(tmp_path, store):
    store.write(0, Setup().block(0, 2).arrays)
    store.write(2, Setup().block(2, 2).arrays)
    path = tmp_path / "blocks" / "00002-00003.zip"
    path.write_bytes(path.read_bytes()[:-100])
    assert Store(tmp_path, coordinates(), "abc").missing(4, 4) == [(2, 2)]
    other = Store(tmp_path, coordinates(), "xyz")
    assert other.missing(4, 4) == [(0, 4)]
    assert other.stale == 2


def test_a_flipped_bit_is_noticed(tmp_path, store):
    store.write(0, Setup().block(0, 2).arrays)
    path = tmp_path / "blocks" / "00000-00001.zip"
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("people/1/0").header_offset + 60
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    damaged = Store(tmp_path, coordinates(), "abc")
    with pytest.raises(DamagedBlockError, match=r"00000-00001.zip is damaged; delete it"):
        damaged.load("people", 1, slice(0, 28), 2)


def test_an_array_of_the_wrong_shape_is_refused(store):
    arrays = Setup().block(0, 2).arrays
    arrays["deaths"] = arrays["deaths"][..., :2]
    with pytest.raises(ValueError, match=r"deaths has shape \(2, 2, 32, 2, 2\), expected \(2, 2, 32, 2, 3\)"):
        store.write(0, arrays)
    assert not list(store.folder.glob("*"))


def test_the_week_in_which_histories_part(store):
    assert first_difference(Setup(change=10).block(0, 1).arrays) == 10
    assert first_difference(Setup(change=99).block(0, 1).arrays) is None
    assert first_difference(Setup(coordinates(histories=("only",))).block(0, 1).arrays) is None
    store.write(0, Setup(change=12).block(0, 2).arrays)
    store.write(2, Setup(change=7).block(2, 2).arrays)
    assert (store.change(2), store.change(4)) == (12, 7)


def _hold(folder, held, done):
    with locked(folder):
        held.set()
        done.wait(10)


def test_one_run_at_a_time_in_a_folder(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    held, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, held, done))
    other.start()
    assert held.wait(20)
    with pytest.raises(BusyError, match=f"process {other.pid}"), locked(tmp_path):
        pass
    done.set()
    other.join()
    with locked(tmp_path):
        pass
