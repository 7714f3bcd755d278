"""The pictures of place that a run allows, for the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from experiments.figures import changes, concentration, maps, terrain, words
from experiments.figures.drawing import Drawing
from experiments.figures.reading import NotARunError, Run
from experiments.language import day, tr

ACTORS = ("jnim", "issp", "csp")
"""Coalitions with maps of the change in their control."""

MAIN = ACTORS[:2]
"""Coalitions with maps of chances."""

ZONES = ("support", "control", "attack", "contested")
"""Zone classes with maps of chances, in their order."""

OCCURS = 0.2
"""Chance in any cell from which a zone class is worth a map."""


def drawings(run: Run) -> Iterator[Drawing]:
    """Maps of control, of its change, of chances and of violence, and the ranking of places."""
    yield from _terrain(run)
    yield from _changes(run)
    yield from _chances(run)
    yield from _violence(run)


def _terrain(run: Run) -> Iterator[Drawing]:
    last = run.dates[-1]
    for position, history in enumerate(run.histories):
        name = run.named(history)
        yield Drawing(
            f"course_{history}", "terrain", partial(terrain.course_of_terrain, run, history),
            tr("Maps of who holds what in the course of the run: {history}.", history=name),
            main=position == 0,
        )  # fmt: skip
        yield Drawing(
            f"control_{history}", "terrain",
            partial(terrain.control_of_terrain, run, last, history),
            tr("Map of who holds what on {day}: {history}.", day=day(last), history=name),
        )  # fmt: skip


def _changes(run: Run) -> Iterator[Drawing]:
    if not run.paired:
        return
    last = run.dates[-1]
    for position, actor in enumerate(name for name in ACTORS if changed(run, last, name)):
        yield Drawing(
            f"difference_{actor}", "change", partial(maps.difference_map, run, last, actor),
            tr("Map of the change in {actor}'s share of control on {day}, hatched where its sign is unsure.",
               actor=words.coalition(actor), day=day(last)),
            main=position < 2,
        )  # fmt: skip
    if ranked(run):
        yield Drawing(
            "ranking", "change", partial(changes.ranking, run),
            tr("Regions and towns by the change in who controls them, with intervals of 90 %."), main=True,
        )  # fmt: skip


def _chances(run: Run) -> Iterator[Drawing]:
    if int(run.manifest["replicates"]) < 2:
        return
    last = run.dates[-1]
    for actor in (name for name in MAIN if name in run.coalitions):
        for zone in (zone for zone in ZONES if occurs(run, last, actor, zone)):
            yield Drawing(
                f"chance_{actor}_{zone}", "terrain",
                partial(maps.probability_map, run, last, actor, (zone,), None),
                tr("Map of the chance that {actor} has {zone} on {day}.",
                   actor=words.coalition(actor), zone=words.zone(zone), day=day(last)),
                main=zone == "support",
            )  # fmt: skip


def _violence(run: Run) -> Iterator[Drawing]:
    try:
        concentration.found(run)
    except NotARunError:
        return
    yield Drawing(
        "concentration", "violence", partial(concentration.concentration_map, run),
        tr("Map of where violence is dense or thin, clustered or dispersed."),
    )  # fmt: skip


def changed(run: Run, date: pd.Timestamp, coalition: str) -> bool:
    """Whether a coalition's share of control differs visibly between the histories in any cell."""
    if coalition not in run.coalitions:
        return False
    mean, low, high = maps.changes(run.grid.sel(date=date, coalition=coalition))
    return bool(np.max([np.abs(mean), -low, high]) >= maps.SMALL_CHANGE)


def occurs(run: Run, date: pd.Timestamp, coalition: str, zone: str) -> bool:
    """Whether a coalition has a zone class in any cell with a chance of at least `OCCURS` in any history."""
    chance = run.grid["zone_probability"].sel(date=date, coalition=coalition, zone=zone)
    return bool(chance.max() >= OCCURS)


def ranked(run: Run) -> bool:
    """Whether any region or town changes hands enough to be ranked."""
    try:
        return any(len(rows) for _, rows in changes.panels(run))
    except NotARunError:
        return False
