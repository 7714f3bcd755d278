"""The ground under every map: borders, neighbours, towns, a scale bar and a north arrow.

Plate carrée with degrees of longitude shortened by the cosine of the middle latitude, so that
distances along both axes agree in the middle of the map. Geometry is Natural Earth (public
domain), towns are GeoNames (CC BY 4.0), both from `conf/region`.
"""

from __future__ import annotations

import csv
import json
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from experiments.figures import style, words
from experiments.figures.labels import Label, place

CONF = FilePath(__file__).resolve().parents[2] / "conf"
KM_PER_DEGREE = 111.32
PEOPLE_PER_SOLDIER = 100
"""How much a garrison adds to a town's rank among the labels: Kidal matters more than its size."""

PEOPLE_PER_SEAT = 150_000
"""How much the seat of a region adds to a town's rank."""

MARGIN = 0.6
"""Degrees of ground shown around the outermost cells."""

APART = 0.28
"""Inches between a town and a greater one below which it is left out."""

Ring = NDArray[np.float64]
Extent = tuple[float, float, float, float]
"""West, east, south, north, in degrees."""


class Borders(NamedTuple):
    """Outer rings of polygons, each an array (vertex, lon lat)."""

    countries: dict[str, list[Ring]]  # by ISO 3166 code, neighbours too
    regions: list[Ring]  # first-order units


class Town(NamedTuple):
    """A town to mark."""

    name: str
    lon: float
    lat: float
    people: int
    rank: float  # people, and more for a garrison; decides whose label goes first
    capital: bool


@lru_cache(maxsize=1)
def borders() -> Borders:
    """Borders of the region and its neighbours from ``borders.geojson``."""
    features = json.loads((CONF / "region" / "borders.geojson").read_text(encoding="utf-8"))["features"]
    countries: dict[str, list[Ring]] = {}
    regions: list[Ring] = []
    for feature in features:
        rings = _rings(feature["geometry"])
        if feature["properties"]["level"] == "region":
            regions.extend(rings)
        else:
            countries.setdefault(feature["properties"]["iso3"], []).extend(rings)
    return Borders(countries, regions)


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """Towns from ``towns.csv`` that have people or a base of the order of battle, by rank."""
    bases = [(float(row["lon"]), float(row["lat"]), float(row["troops"] or 0)) for row in _rows(_BASES)]
    read = [_town(row, bases) for row in _rows(CONF / "region" / "towns.csv")]
    return tuple(sorted((town for town in read if town.rank > 0), key=lambda town: -town.rank))


def extent_of(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Extent:
    """West, east, south, north of the ground to show around cell centres."""
    return (lon.min() - MARGIN, lon.max() + MARGIN, lat.min() - MARGIN, lat.max() + MARGIN)


def aspect(extent: Extent) -> float:
    """Height of a degree of latitude over the width of one of longitude, mid-map."""
    return float(1 / np.cos(np.radians((extent[2] + extent[3]) / 2)))


def height_over_width(extent: Extent) -> float:
    """Shape of the map that fills `extent`."""
    west, east, south, north = extent
    return (north - south) * aspect(extent) / (east - west)


def draw_ground(axes: Axes, extent: Extent, core: set[str]) -> None:
    """Prepare `axes` as a map: neighbours shaded, the `core` countries left as open ground."""
    west, east, south, north = extent
    axes.set(xlim=(west, east), ylim=(south, north), aspect=aspect(extent), xticks=[], yticks=[])
    axes.set_facecolor(style.NEIGHBOUR)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set(visible=True, color=style.RULE, linewidth=0.8)
    rings = [ring for iso3, parts in borders().countries.items() if iso3 in core for ring in parts]
    axes.add_collection(PolyCollection(rings, facecolors=style.GROUND, edgecolors="none", zorder=0.5), autolim=False)


def draw_borders(axes: Axes) -> None:
    """Borders of regions, thin, and of countries, heavy with a light edge; drawn over the data."""
    drawn = borders()
    national = [ring for parts in drawn.countries.values() for ring in parts]
    lines = (
        LineCollection(drawn.regions, colors="#6B6860", linewidths=0.45, linestyles=(0, (3, 1.5)), zorder=4),
        LineCollection(national, colors="white", linewidths=2.2, alpha=0.7, zorder=4.1),
        LineCollection(national, colors="#3A3833", linewidths=1.0, zorder=4.2),
    )
    for line in lines:
        axes.add_collection(line, autolim=False)


def draw_names(axes: Axes, core: set[str], taken: list[Label]) -> list[Label]:
    """Names of neighbours where the map shows enough of them; returns `taken` and what they take."""
    for iso3, rings in borders().countries.items():
        label = None if iso3 in core else _write(axes, words.country(iso3).upper(), rings, taken)
        taken = taken if label is None else [*taken, label]
    return taken


def draw_towns(axes: Axes, taken: list[Label]) -> list[str]:
    """Mark towns by size and label those that find room; returns the names labelled, in order.

    The town of the highest rank stands for its surroundings, so a small town in the desert is
    shown where it is all there is. Labels go where they cover neither another label nor another
    town's mark; a town without such a place is left out.
    """
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    shown = [town for town in towns() if west < town.lon < east and south < town.lat < north]
    chosen = _spread(shown, apart=APART * (east - west) / style.inches(axes)[0])
    labels = place(axes, [(town.name, town.lon, town.lat) for town in chosen], taken)
    for town in chosen:
        if town.name in labels:
            _mark(axes, town, labels[town.name])
    return list(labels)


def draw_scale(axes: Axes, extent: Extent, km: int = 300) -> list[Label]:
    """A north arrow and a scale bar of `km` in the lower left corner; returns the space taken."""
    west, east, south, north = extent
    degrees = km / (KM_PER_DEGREE * np.cos(np.radians((south + north) / 2)))
    foot, low = west + 0.02 * (east - west), south + 0.05 * (north - south)
    left, head = foot + 0.025 * (east - west), low + 0.06 * (north - south)
    kind: dict[str, Any] = {"size": style.SMALL, "ha": "center", "va": "bottom", "zorder": 7, "path_effects": _halo()}
    axes.plot([left, left + degrees], [low, low], color=style.INK, lw=2.2, solid_capstyle="butt", zorder=7)
    distance = axes.text(left + degrees / 2, low + 0.012 * (north - south), f"{km} km", **kind)
    shape = {"arrowstyle": "-|>", "color": style.INK, "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (foot, head), (foot, low - 0.02 * (north - south)), arrowprops=shape, zorder=7)
    letter = axes.text(foot, head, "N", **kind)
    bar = axes.transData.transform([(left, low), (left + degrees, head)])
    return [Label.of(axes, distance), Label.of(axes, letter), Label((*bar[0], *bar[1]))]


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [np.asarray(part[0], dtype=np.float64) for part in parts]


def _rows(path: FilePath) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _town(row: dict[str, str], bases: list[tuple[float, float, float]]) -> Town:
    lon, lat, people = float(row["lon"]), float(row["lat"]), int(float(row["people"] or 0))
    garrison = max((troops for x, y, troops in bases if abs(x - lon) < 0.12 and abs(y - lat) < 0.12), default=0.0)
    rank = people + PEOPLE_PER_SOLDIER * garrison + PEOPLE_PER_SEAT * (row["kind"] == "regional seat")
    return Town(row["name"], lon, lat, people, rank, row["kind"] == "capital")


_BASES = CONF / "order_of_battle" / "bases.csv"


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
    kind: dict[str, Any] = {"size": style.SMALL, "weight": weight, "zorder": 6.5, "path_effects": _halo()}
    kind |= {"textcoords": "offset points", "va": "center", "ha": label.side}
    axes.annotate(town.name, (town.lon, town.lat), label.offset, **kind)


def _halo() -> list[withStroke]:
    return [withStroke(linewidth=2.2, foreground="white", alpha=0.9)]
