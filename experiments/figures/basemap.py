"""The ground under every map: borders, neighbours, a scale bar and a north arrow.

Plate carrée with degrees of longitude shortened by the cosine of the middle latitude, so that
distances along both axes agree in the middle of the map. Geometry is Natural Earth (public
domain), from `conf/region`.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from experiments.figures import style
from experiments.figures.labels import Label

CONF = FilePath(__file__).resolve().parents[2] / "conf"
KM_PER_DEGREE = 111.32
MARGIN = 0.6
"""Degrees of ground shown around the outermost cells."""

LENGTHS = (50, 100, 200, 300, 500, 1000, 2000)
"""Kilometres that a scale bar may have."""

Ring = NDArray[np.float64]
Extent = tuple[float, float, float, float]
"""West, east, south, north, in degrees."""


class Borders(NamedTuple):
    """Outer rings of polygons, each an array (vertex, lon lat)."""

    countries: dict[str, list[Ring]]  # by ISO 3166 code, neighbours too
    regions: list[Ring]  # of first-order units


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


def draw_scale(axes: Axes) -> list[Label]:
    """A north arrow and a scale bar in the lower left corner; returns the space taken."""
    west, east, south, north = (*axes.get_xlim(), *axes.get_ylim())
    inch = (east - west) / style.inches(axes)[0]  # degrees of longitude
    up = inch / aspect((west, east, south, north))  # degrees of latitude
    km_per_degree = KM_PER_DEGREE * np.cos(np.radians((south + north) / 2))
    km = next(step for step in LENGTHS if step >= 0.45 * inch * km_per_degree)
    foot, low, left = west + 0.13 * inch, south + 0.17 * up, west + 0.28 * inch
    right = left + km / km_per_degree
    kind: dict[str, Any] = {"size": style.SMALL, "ha": "center", "va": "bottom", "zorder": 7, "path_effects": halo()}
    axes.plot([left, right], [low, low], color=style.INK, lw=2.2, solid_capstyle="butt", zorder=7)
    distance = axes.text((left + right) / 2, low + 0.04 * up, f"{km} km", **kind)
    shape = {"arrowstyle": "-|>", "color": style.INK, "lw": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (foot, low + 0.2 * up), (foot, low - 0.08 * up), arrowprops=shape, zorder=7)
    letter = axes.text(foot, low + 0.2 * up, "N", **kind)
    drawn = axes.transData.transform([(west, south), (right + 0.05 * inch, low + 0.2 * up)])
    return [Label.of(axes, distance), Label.of(axes, letter, pad=2), Label((*drawn[0], *drawn[1]))]


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [np.asarray(part[0], dtype=np.float64) for part in parts]


def halo() -> list[withStroke]:
    """A light edge that keeps words readable over colours."""
    return [withStroke(linewidth=2.2, foreground="white", alpha=0.9)]
