"""Store: the finished replicates of a run, in block files that are each written whole or not at all.

A block file is a ZIP archive of stored members. The member ``people/0/2`` is the third piece of
time (see `layout.PIECE`) of the array ``people`` in history 0, over (replicate, time, ...), in C
order, compressed with Zstandard. The member ``index.json`` says which replicates these are, with
what fingerprint they were computed, and the type of each array. A reader so takes one array, one
history and one stretch of time from every block without touching the rest, and memory stays flat.
"""

from __future__ import annotations

import json
import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.layout import AXES, Array, Coordinates

LEVEL = -1
"""Zstandard level: 2000 lanes of two years take 8 s of one core to write and 4 s to read, at 6 % of the raw size."""

ROOM = 6_000_000
"""Numbers that are joined over all replicates at once, so that memory does not grow with replicates."""

LOCAL_HEADER = 30
"""Bytes of a ZIP member's local header before its name."""


class DamagedBlockError(ValueError):
    """A block file does not hold what it was written with; the message is one line."""


@dataclass(frozen=True)
class Block:
    """A block file and where its members lie in it."""

    path: Path
    first: int
    count: int
    fingerprint: str
    change: int | None  # first week in which the histories of any replicate differ
    dtypes: dict[str, str]
    members: dict[str, tuple[int, int, int]]  # offset, bytes, CRC-32

    @property
    def replicates(self) -> range:
        """Replicates in the block."""
        return range(self.first, self.first + self.count)

    def read(self, array: str, history: int, piece: int, shape: tuple[int, ...]) -> Array:
        """One piece of an array, over (replicate, *shape). Small counts are kept in 16 bits and read in 32.

        Raises:
            DamagedBlockError: if the bytes on disk are not those that were written.
        """
        offset, size, check = self.members[f"{array}/{history}/{piece}"]
        with self.path.open("rb") as file:
            packed = os.pread(file.fileno(), size, offset)
        if zlib.crc32(packed) != check:
            raise DamagedBlockError(f"{self.path} is damaged; delete it and run again, only it is recomputed")
        dtype = np.dtype(self.dtypes[array])
        size = self.count * int(np.prod(shape)) * dtype.itemsize
        raw = _codec().decompress(packed, size)
        found = np.frombuffer(raw, dtype).reshape(self.count, *shape)
        return found.astype(np.int32) if dtype == np.int16 else found


class Store:
    """The block files of one run folder.

    Args:
        folder: the run folder; blocks lie in ``blocks/`` below it.
        coordinates: names along the axes.
        fingerprint: what the replicates depend on; blocks with another one are not read.
        readers: threads that unpack blocks.
    """

    def __init__(self, folder: Path, coordinates: Coordinates, fingerprint: str, readers: int = 2) -> None:
        self.folder = folder / "blocks"
        self.coordinates = coordinates
        self.fingerprint = fingerprint
        self.readers = readers
        self.folder.mkdir(parents=True, exist_ok=True)
        self._adding = threading.Lock()
        found = [block for path in sorted(self.folder.glob("*.zip")) if (block := _opened(path)) is not None]
        self.blocks = [block for block in found if block.fingerprint == fingerprint]
        self.stale = sum(block.count for block in found) - sum(block.count for block in self.blocks)

    def missing(self, replicates: int, block: int) -> list[tuple[int, int]]:
        """Stretches (first, count) of at most `block` replicates that are still to be computed."""
        done = {r for b in self.blocks for r in b.replicates}
        stretches: list[tuple[int, int]] = []
        for r in (r for r in range(replicates) if r not in done):
            first, count = stretches[-1] if stretches else (r, block)
            if r == first + count and count < block:
                stretches[-1] = (first, count + 1)
            else:
                stretches.append((r, 1))
        return stretches

    def write(self, first: int, arrays: Mapping[str, Array]) -> None:
        """Store the arrays of a block; it exists under its name only once it is whole."""
        count = next(iter(arrays.values())).shape[1]
        path = self.folder / f"{first:05d}-{first + count - 1:05d}.zip"
        for name, array in arrays.items():
            self._check(name, array, count)
        partial = path.with_suffix(".partial")
        self._pack(partial, first, count, arrays)
        partial.replace(path)
        block = _opened(path)
        if block is None:
            raise DamagedBlockError(f"{path} could not be read back after writing")
        with self._adding:
            self.blocks = sorted([*self.blocks, block], key=lambda b: b.first)

    def load(
        self, array: str, history: int, piece: slice, replicates: int, reduce: Callable[[Array], Array] = lambda a: a
    ) -> Array:
        """An array of the first `replicates` replicates for one history and one piece of time.

        Args:
            array: its name.
            history: position of the history.
            piece: one of `Coordinates.pieces`.
            replicates: how many; all of them must be stored.
            reduce: makes less of the array of each block before all are joined; sees and keeps
                (replicate, time, ...).
        """
        shape = (piece.stop - piece.start, *self.coordinates.shape(array)[1:])
        number = next(i for i, p in enumerate(self.coordinates.pieces(array)) if p == piece)

        def part(block: Block) -> Array:
            return reduce(block.read(array, history, number, shape)[: max(0, replicates - block.first)])

        first, *others = (block for block in self.blocks if block.first < replicates)
        begun = part(first)
        joined = np.empty((replicates, *begun.shape[1:]), begun.dtype)
        joined[: len(begun)] = begun

        def fill(block: Block) -> None:
            joined[block.first : block.first + block.count] = part(block)  # copied, so that what it views can go

        with ThreadPoolExecutor(self.readers) as pool:
            list(pool.map(fill, others))
        return joined

    def change(self, replicates: int) -> int | None:
        """First week in which the two histories differ in any replicate; None if they never do."""
        weeks = [b.change for b in self.blocks if b.first < replicates and b.change is not None]
        return min(weeks, default=None)

    def _pack(self, path: Path, first: int, count: int, arrays: Mapping[str, Array]) -> None:
        codec = _codec()
        index = {
            "first": first,
            "count": count,
            "fingerprint": self.fingerprint,
            "change": first_difference(arrays),
            "dtypes": {name: array.dtype.str for name, array in arrays.items()},
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for name, array in arrays.items():
                for h, p, piece in _cut(array, list(self.coordinates.pieces(name))):
                    archive.writestr(zipfile.ZipInfo(f"{name}/{h}/{p}"), codec.compress(piece, asbytes=True))
            archive.writestr(zipfile.ZipInfo("index.json"), json.dumps(index))

    def _check(self, name: str, array: Array, count: int) -> None:
        expected = (len(self.coordinates.history), count, *self.coordinates.shape(name))
        if array.shape != expected:
            raise ValueError(f"recorded array {name} has shape {array.shape}, expected {expected}")


def first_difference(arrays: Mapping[str, Array]) -> int | None:
    """First week in which histories 0 and 1 differ in any weekly array of any replicate."""
    weekly = [array for name, array in arrays.items() if AXES[name][0] == "week"]
    if not weekly or weekly[0].shape[0] < 2:
        return None
    weeks = range(weekly[0].shape[2])
    return next((w for w in weeks if any((a[0, :, w] != a[1, :, w]).any() for a in weekly)), None)


def _cut(array: Array, pieces: list[slice]) -> list[tuple[int, int, Array]]:
    return [
        (h, p, np.ascontiguousarray(array[h, :, piece]).reshape(-1).view(np.uint8))
        for h in range(array.shape[0])
        for p, piece in enumerate(pieces)
    ]


def _opened(path: Path) -> Block | None:
    """A block file, or None where it is not a whole one (its replicates then count as missing)."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            index: dict[str, Any] = json.loads(archive.read("index.json"))
            members = {i.filename: (_start(file, i), i.file_size, i.CRC) for i in archive.infolist()}
        return Block(path=path, members=members, **index)
    except (zipfile.BadZipFile, KeyError, TypeError, json.JSONDecodeError):
        return None


def _start(file: Any, member: zipfile.ZipInfo) -> int:
    # The name and the extra field of the local header may differ in length from the central one.
    file.seek(member.header_offset + LOCAL_HEADER - 4)
    name, extra = np.frombuffer(file.read(4), "<u2")
    return member.header_offset + LOCAL_HEADER + int(name) + int(extra)


def _codec() -> Any:
    import pyarrow

    return pyarrow.Codec("zstd", compression_level=LEVEL)
