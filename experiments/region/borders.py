"""Outlines of countries and regions for maps: dissolved, simplified along shared lines, and small."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from experiments.region.geometry import Points, Rings, clipped, simplified
from experiments.region.ground import Naming
from experiments.region.packages import Unit

Point = tuple[float, float]
Line = list[Point]
Edge = tuple[Point, Point]
WINDOW = (-19.0, 3.0, 20.0, 29.0)
"""West, south, east, north of the ground shown; outlines of neighbours end here."""


def dissolved(units: list[Unit], names: list[str]) -> dict[str, list[Line]]:
    """Outlines of the union of units that share a name, as lines: what two of them share falls away.

    Lines end where three names meet, so that simplifying them keeps neighbours in contact.
    """
    between: dict[tuple[str, ...], list[Edge]] = defaultdict(list)
    for edge, owners in _sides(units, names).items():
        odd = tuple(sorted(name for name in set(owners) if owners.count(name) % 2))
        between[odd].append(edge)
    lines: dict[str, list[Line]] = defaultdict(list)
    for pair, edges in sorted(between.items()):
        parts = chains(edges)
        for name in pair:
            lines[name] += parts
    return dict(lines)


def _sides(units: list[Unit], names: list[str]) -> dict[Edge, list[str]]:
    """Names on the two sides of each edge, ends in order; coordinates to about a metre."""
    sides: dict[Edge, list[str]] = defaultdict(list)
    for unit, name in zip(units, names, strict=True):
        for ring in unit.rings:
            points = [(float(x), float(y)) for x, y in np.round(ring, 5)]
            for edge in zip(points[:-1], points[1:], strict=True):
                if edge[0] != edge[1]:
                    sides[min(edge), max(edge)].append(name)
    return sides


def chains(edges: list[Edge]) -> list[Line]:
    """Edges joined end to end into lines, broken where other than two meet; loops repeat their start."""
    beside: dict[Point, list[Point]] = defaultdict(list)
    for a, b in edges:
        beside[a].append(b)
        beside[b].append(a)
    ends = [point for point, others in beside.items() if len(others) != 2]
    found = []
    for start in [*sorted(ends), *sorted(beside)]:
        while beside[start]:
            found.append(_walk(start, beside))
    return found


def _walk(start: Point, beside: dict[Point, list[Point]]) -> Line:
    """One line from `start`; its edges are taken out of `beside`."""
    line = [start]
    here = start
    while True:
        following = beside[here].pop()
        beside[following].remove(here)
        line.append(following)
        here = following
        # One edge left at an ordinary point; none or several where lines end or meet.
        if len(beside[here]) != 1 or here == start:
            return line


def rings(lines: list[Line], tolerance: float) -> Rings:
    """Lines, each simplified by itself, joined into closed rings; slivers are left out."""
    thin = [_thinned(line, tolerance) for line in lines]
    closed = [line for line in thin if line[0] == line[-1]]
    steps = [line for line in thin if line[0] != line[-1]]
    closed += _joined(steps)
    return [np.array(ring) for ring in closed if len(ring) >= 4]


def _thinned(line: Line, tolerance: float) -> Line:
    """The same points whichever way the line runs, so that both sides of a border agree."""
    points = simplified(np.array(min(line, line[::-1])), tolerance)
    return [(float(x), float(y)) for x, y in points]


def _joined(lines: list[Line]) -> list[Line]:
    """Open lines joined at their ends until they close."""
    waiting: dict[Point, list[Line]] = defaultdict(list)
    for line in lines:
        waiting[line[0]].append(line)
        waiting[line[-1]].append(line)
    left = (line for line in lines if any(line is other for other in waiting[line[0]]))
    return [ring for ring in (_closed(line, waiting) for line in left) if ring[0] == ring[-1]]


def _closed(line: Line, waiting: dict[Point, list[Line]]) -> Line:
    """The ring that begins with `line`; its parts are taken out of `waiting`."""
    ring: Line = []
    part: Line | None = line
    here = line[0]
    while part is not None:
        for end in (part[0], part[-1]):
            waiting[end] = [other for other in waiting[end] if other is not part]
        run = part if part[0] == here else part[::-1]
        ring += run[1:] if ring else run
        here = ring[-1]
        part = waiting[here][0] if here != ring[0] and waiting[here] else None
    return ring


def features(units: list[Unit], naming: Naming, countries: set[str]) -> dict[str, Any]:
    """GeoJSON: outlines of the seven countries and their regions, and of neighbours within `WINDOW`.

    Properties are level (country, region, neighbour), name, iso3 and, for regions, admin1. A region
    that was split off is drawn over the older region that the source has.

    Args:
        units: first-order units of all countries in view.
        naming: how units become regions.
        countries: ISO alpha-3 codes of the countries of the model.
    """
    found = []
    for iso3, lines in sorted(dissolved(units, [unit.iso3 for unit in units]).items()):
        level, tolerance = ("country", 0.01) if iso3 in countries else ("neighbour", 0.03)
        found.append(_feature(rings(lines, tolerance), {"level": level, "name": iso3, "iso3": iso3}))
    inner = [unit for unit in units if unit.iso3 in countries]
    for unit, lines in sorted(dissolved(inner, [f"{unit.iso3}/{unit.name}" for unit in inner]).items()):
        found += _regions(unit, rings(lines, 0.01), naming)
    return {
        "type": "FeatureCollection",
        "features": [feature for feature in found if feature["geometry"]["coordinates"]],
    }


def _regions(unit: str, outlines: Rings, naming: Naming) -> list[dict[str, Any]]:
    """A region of the source, and those that were split off from it since."""
    found = [_feature(outlines, _properties(naming.names.get(unit, unit)))]
    for row in naming.splits:
        if unit == f"{row['iso3']}/{row['polygon']}":
            bounds = zip(("lon_min", "lat_min", "lon_max", "lat_max"), WINDOW, strict=True)
            west, south, east, north = (float(row[side] or edge) for side, edge in bounds)
            part = [clipped(ring, (west, south, east, north)) for ring in outlines]
            found.append(_feature([ring for ring in part if len(ring)], _properties(f"{row['iso3']}/{row['region']}")))
    return found


def _properties(region: str) -> dict[str, str]:
    iso3, _, name = region.partition("/")
    return {"level": "region", "name": region, "iso3": iso3, "admin1": name}


def _feature(outlines: Rings, properties: dict[str, str]) -> dict[str, Any]:
    """Every ring as a polygon of its own: holes do not occur but for enclaves, which are drawn too."""
    shown = [clipped(ring, WINDOW) for ring in outlines]
    polygons = [[_rounded(ring)] for ring in shown if len(ring) >= 4]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _rounded(ring: Points) -> list[list[float]]:
    return [[round(float(x), 3), round(float(y), 3)] for x, y in ring]
