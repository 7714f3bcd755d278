"""Tables of relations: how each two coalitions stand where they meet, and what one gives the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.layout import Array
from experiments.spread import long, spread
from experiments.store import Store

APART = "apart"
"""Stance of two coalitions that have fighters in no region in common."""


def relations(store: Store, replicates: int) -> pd.DataFrame:
    """Stances of each two coalitions on the dates of the maps.

    `share` is the share of replicates in which most of the pair's contact has the stance, `contact` the
    mean share of their contact that has it, over the replicates in which they meet (0 if there are none).
    """
    names = [*store.coordinates.stance, APART]
    frames = [_stances(values, names, axes) for values, axes in _dated(store, replicates, "contact")]
    return _told(frames, store)


def support(store: Store, replicates: int) -> pd.DataFrame:
    """Air cover and rescue that a coalition gives another on the dates of the maps, where there is any."""
    given, taken = _covers(store, replicates, "cover"), _covers(store, replicates, "covered")
    taken = taken.rename(columns={"giver": "receiver", "receiver": "giver"})
    joined = pd.concat([given, taken[given.columns]], ignore_index=True)
    return joined[joined["mean"] > 0].reset_index(drop=True)


def _covers(store: Store, replicates: int, array: str) -> pd.DataFrame:
    frames = [
        long(axes, {name: column[None, None] for name, column in spread(values).items()})
        for values, axes in _dated(store, replicates, array)
    ]
    return _told(frames, store, ("giver", "receiver"))


def _dated(store: Store, replicates: int, array: str) -> list[tuple[Array, dict[str, Any]]]:
    """For each history and date: values (replicate, pair, ...), and the axes of a table of them."""
    c = store.coordinates
    found = []
    for h, history in enumerate(c.history):
        for piece in c.pieces(array):
            values = store.load(array, h, piece, replicates)[:, 0]
            axes = {"history": [history], "date": [c.date[piece.start]], "pair": list(c.pair)}
            found.append((values, axes))
    return found


def _stances(values: Array, names: list[str], axes: dict[str, Any]) -> pd.DataFrame:
    meets = values.sum(axis=2) > 0
    most = np.where(meets, values.argmax(axis=2), len(names) - 1)
    share = np.stack([(most == code).mean(axis=0) for code in range(len(names))], axis=1)
    mean = values.sum(axis=0, dtype=np.float64) / np.maximum(meets.sum(axis=0), 1)[:, None]
    contact: NDArray[np.float64] = np.column_stack([mean, np.zeros(len(mean))])
    return long(axes | {"stance": names}, {"share": share[None, None], "contact": contact[None, None]})


def _told(frames: list[pd.DataFrame], store: Store, ends: tuple[str, str] = ("a", "b")) -> pd.DataFrame:
    """One table, with the two coalitions of a pair in columns of their own."""
    c = store.coordinates
    joined = pd.concat([f.astype({"history": pd.CategoricalDtype(list(c.history))}) for f in frames], ignore_index=True)
    known = pd.CategoricalDtype(list(c.coalition))
    for at, (end, names) in enumerate(zip(ends, np.array([p.split("-") for p in c.pair]).T, strict=True)):
        joined.insert(2 + at, end, pd.Series(names[joined["pair"].cat.codes]).astype(known))
    return joined.drop(columns="pair")
