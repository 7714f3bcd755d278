"""Names on the maps: neighbours, regions and towns, each where it covers nothing else.

Towns are GeoNames (CC BY 4.0), from `conf/region`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.path import Path
from numpy.typing import NDArray

from experiments.figures import style, words
from experiments.figures.basemap import CONF, Extent, Ring, borders, halo
from experiments.figures.labels import Label, mark_at, place

PEOPLE_PER_SOLDIER = 100
"""How much a garrison adds to a town's rank among the labels: Kidal matters more than its size."""

PEOPLE_PER_SEAT = 150_000
"""How much the seat of a region adds to a town's rank."""

APART = 0.28
"""Inches between a town and a greater one below which it is left out."""

_BASES = CONF / "order_of_battle" / "bases.csv"


class Town(NamedTuple):
    """A town to mark."""

    name: str
    lon: float
    lat: float
    people: int
    rank: float  # people, and more for a garrison; decides whose label goes first
    capital: bool
    seat: bool  # capital, or seat of a region
    gid: int  # of its PRIO-GRID cell


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """Towns from ``towns.csv`` that have people or a base of the order of battle, by rank."""
    bases = [(float(row["lon"]), float(row["lat"]), float(row["troops"] or 0)) for row in _rows(_BASES)]
    read = [_town(row, bases) for row in _rows(CONF / "region" / "towns.csv")]
    return tuple(sorted((town for town in read if town.rank > 0), key=lambda town: -town.rank))


def draw_names(axes: Axes, core: set[str], taken: list[Label]) -> list[Label]:
    """Names of neighbours where the map shows enough of them; returns `taken` and what they take."""
    for iso3, rings in borders().countries.items():
        label = None if iso3 in core else _write(axes, words.country(iso3).upper(), rings, taken)
        taken = taken if label is None else [*taken, label]
    return taken


def draw_places(axes: Axes, grid: xr.Dataset, taken: list[Label]) -> list[str]:
    """Mark towns by size, and label towns and regions; returns the names of the towns labelled, in order.

    Capitals and seats of regions come first, then the names of regions, then other towns. The town
    of the highest rank stands for its surroundings, so a small town in the desert is shown where it
    is all there is. Labels cover neither another label nor a town's mark; what finds no room is left out.
    """
    chosen = _chosen(axes)
    first, later = ([town for town in chosen if town.seat is seat] for seat in (True, False))
    names, taken = _draw_towns(axes, first, taken)
    taken = draw_regions(axes, grid, taken, without=names)
    return names + _draw_towns(axes, later, taken)[0]


def draw_towns(axes: Axes, taken: list[Label]) -> list[str]:
    """Mark and label towns alone, as `draw_places` does; returns their names."""
    return _draw_towns(axes, _chosen(axes), taken)[0]


def _chosen(axes: Axes) -> list[Town]:
    west, east, south, north = (*axes.get_xlim(), *axes.get_ylim())
    shown = [town for town in towns() if west < town.lon < east and south < town.lat < north]
    return _spread(shown, apart=APART * (east - west) / style.inches(axes)[0])


def _draw_towns(axes: Axes, chosen: list[Town], taken: list[Label]) -> tuple[list[str], list[Label]]:
    capitals = frozenset(town.name for town in chosen if town.capital)
    labels = place(axes, [(town.name, town.lon, town.lat) for town in chosen], taken, capitals)
    for town in chosen:
        if town.name in labels:
            _mark(axes, town, labels[town.name])
            spot = axes.transData.transform((town.lon, town.lat))
            taken = [*taken, labels[town.name], mark_at(spot, axes)]
    return list(labels), taken


def draw_regions(axes: Axes, grid: xr.Dataset, taken: list[Label], without: Sequence[str] = ()) -> list[Label]:
    """Names of regions, each wholly over its own cells, on one line or two; returns `taken` and what they take.

    A region that has the name of a town in `without` is left out.
    """
    west, east, south, north = (*axes.get_xlim(), *axes.get_ylim())
    lon, lat = grid["lon"].values, grid["lat"].values
    inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    owner = {_square(x, y): str(name) for x, y, name in zip(lon, lat, grid["region"].values, strict=True)}
    for region in dict.fromkeys(grid["region"].values[inside].tolist()):
        if words.region(region) in without:
            continue
        mine = inside & (grid["region"].values == region)
        label = _write_region(axes, str(region), np.column_stack([lon[mine], lat[mine]]), (owner, taken))
        taken = taken if label is None else [*taken, label]
    return taken


def _write_region(
    axes: Axes, region: str, centres: NDArray[np.float64], ground: tuple[dict[tuple[int, int], str], list[Label]]
) -> Label | None:
    owner, taken = ground
    middle = centres.mean(axis=0)
    ordered = centres[np.argsort(np.hypot(*(centres - middle).T), kind="stable")]
    kind: dict[str, Any] = {"size": style.SMALL, "style": "italic", "color": "#4F4B44", "path_effects": halo()}
    text = axes.text(0, 0, "", ha="center", va="center", linespacing=0.95, zorder=5, **kind)
    for name in _forms(words.region(region)):
        text.set_text(name)
        size = Label.of(axes, text, pad=1).box
        for spot, at in zip(ordered, axes.transData.transform(ordered), strict=True):
            label = _centred(at, (size[2] - size[0], size[3] - size[1]))
            corners = axes.transData.inverted().transform(_outline(label))
            own = all(owner.get(_square(x, y)) == region for x, y in corners)
            if own and label.inside(axes) and not any(map(label.overlaps, taken)):
                text.set_position((spot[0], spot[1]))
                return label
    text.remove()
    return None


def _forms(name: str) -> list[str]:
    # On one line, or broken at the space or hyphen that leaves the shortest lines.
    cuts = [i for i, letter in enumerate(name) if letter in " -"]
    forms = [f"{name[: i + 1].rstrip()}\n{name[i + 1 :]}" for i in cuts]
    return [name, *sorted(forms, key=lambda form: max(map(len, form.split("\n"))))[:1]]


def _centred(at: NDArray[np.float64], size: tuple[float, float]) -> Label:
    wide, high = size
    return Label((at[0] - wide / 2, at[1] - high / 2, at[0] + wide / 2, at[1] + high / 2))


def _outline(label: Label) -> NDArray[np.float64]:
    # Corners and points between them along the upper and lower edge.
    left, bottom, right, top = label.box
    across = np.linspace(left, right, 7)
    return np.vstack([np.column_stack([across, np.full(7, y)]) for y in (bottom, top)])


def _square(lon: float, lat: float) -> tuple[int, int]:
    # Number of the half-degree cell that holds a point.
    return int(np.floor(lon * 2)), int(np.floor(lat * 2))


def _rows(path: FilePath) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _town(row: dict[str, str], bases: list[tuple[float, float, float]]) -> Town:
    lon, lat, people = float(row["lon"]), float(row["lat"]), int(float(row["people"] or 0))
    garrison = max((troops for x, y, troops in bases if abs(x - lon) < 0.12 and abs(y - lat) < 0.12), default=0.0)
    rank = people + PEOPLE_PER_SOLDIER * garrison + PEOPLE_PER_SEAT * (row["kind"] == "regional seat")
    kind = row["kind"]
    return Town(
        row["name"], lon, lat, people, rank, kind == "capital", kind in ("capital", "regional seat"), int(row["gid"])
    )


def _roomiest(rings: list[Ring], extent: Extent) -> NDArray[np.float64]:
    # Points of a coarse grid inside the country and the map, farthest from both edges first.
    west, east, south, north = extent
    across, up = np.meshgrid(np.linspace(west, east, 81)[1:-1], np.linspace(south, north, 61)[1:-1])
    points = np.column_stack([across.ravel(), up.ravel()])
    points = points[_within(rings, points)]
    vertices = np.concatenate(rings)
    to_border = np.min(np.hypot(*(points[:, None, :] - vertices[None]).transpose(2, 0, 1)), axis=1)
    to_frame = np.min(np.abs(points[:, [0, 0, 1, 1]] - [west, east, south, north]), axis=1)
    return np.asarray(points[np.argsort(-np.minimum(to_border, to_frame))], dtype=np.float64)


def _within(rings: list[Ring], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.any([Path(ring).contains_points(points) for ring in rings], axis=0)


def _write(axes: Axes, name: str, rings: list[Ring], taken: list[Label]) -> Label | None:
    # The roomiest place where the whole name lies inside its country, the map, and off other words.
    text = axes.text(0, 0, name, size=style.SMALL, color="#77736A", ha="center", va="center", zorder=5)
    west, east = axes.get_xlim()
    for spot in _roomiest(rings, (west, east, *axes.get_ylim())):
        text.set_position((spot[0], spot[1]))
        label = Label.of(axes, text, pad=3)
        corners = axes.transData.inverted().transform(np.array(label.box)[[[0, 1], [2, 1], [2, 3], [0, 3]]])
        if label.inside(axes) and _within(rings, corners).all() and not any(map(label.overlaps, taken)):
            return label
    text.remove()
    return None


def _spread(ordered: list[Town], apart: float) -> list[Town]:
    # Highest rank first; capitals always; a town too near to a greater one is left out.
    kept: list[Town] = []
    for town in ordered:
        if town.capital or all(np.hypot(town.lon - other.lon, town.lat - other.lat) > apart for other in kept):
            kept.append(town)
    return kept


def _mark(axes: Axes, town: Town, label: Label) -> None:
    size = 3.4 + 1.1 * np.log10(max(town.people, 10_000) / 10_000)
    shape = "*" if town.capital else "o"
    axes.plot(town.lon, town.lat, shape, ms=size + 4.5 * town.capital, mfc="white", mec=style.INK, mew=0.9, zorder=6)
    weight = "bold" if town.capital else "normal"
    kind: dict[str, Any] = {"size": style.SMALL, "weight": weight, "zorder": 6.5, "path_effects": halo()}
    kind |= {"textcoords": "offset points", "va": "center", "ha": label.side}
    axes.annotate(town.name, (town.lon, town.lat), label.offset, **kind)
