"""Outlines of countries and regions for maps: dissolved, simplified along shared lines, and small."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from experiments.region.geometry import Points, Rings, clipped, simplified
from experiments.region.packages import Unit

Point = tuple[float, float]
Line = list[Point]
WINDOW = (-19.0, 3.0, 20.0, 29.0)
"""West, south, east, north of the ground shown; outlines of neighbours end here."""


def dissolved(units: list[Unit], names: list[str]) -> dict[str, list[Line]]:
    """Rings of the union of units that share a name: lines that two of them share fall away.

    Lines end where three names meet, so that simplifying them keeps neighbours in contact.
    """
    sides: dict[tuple[Point, Point], list[str]] = defaultdict(list)
    for unit, name in zip(units, names, strict=True):
        for ring in unit.rings:
            points = [(round(float(x), 5), round(float(y), 5)) for x, y in ring]
            for a, b in zip(points[:-1], points[1:], strict=True):
                if a != b:
                    sides[(a, b) if a < b else (b, a)].append(name)
    borders: dict[tuple[str, ...], list[tuple[Point, Point]]] = defaultdict(list)
    for edge, owners in sides.items():
        odd = tuple(sorted(name for name in set(owners) if owners.count(name) % 2))
        if odd:
            borders[odd].append(edge)
    lines: dict[str, list[Line]] = defaultdict(list)
    for owners, edges in sorted(borders.items()):
        for line in chains(edges):
            for name in owners:
                lines[name].append(line)
    return dict(lines)


def chains(edges: list[tuple[Point, Point]]) -> list[Line]:
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
    found = []
    for line in lines:
        if any(line is other for other in waiting[line[0]]):
            found.append(_closed(line, waiting))
    return [ring for ring in found if ring[0] == ring[-1]]


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


def features(units: list[Unit], regions: list[str], countries: set[str]) -> dict[str, Any]:
    """GeoJSON: outlines of the seven countries and their regions, and of neighbours within `WINDOW`.

    Args:
        units: first-order units of all countries in view.
        regions: region id of each, "MLI/Gao".
        countries: ISO alpha-3 codes of the countries of the model.
    """
    found = []
    for iso3, lines in sorted(dissolved(units, [unit.iso3 for unit in units]).items()):
        level, tolerance = ("country", 0.01) if iso3 in countries else ("neighbour", 0.03)
        found.append(_feature(rings(lines, tolerance), {"level": level, "name": iso3, "iso3": iso3}))
    inner = [i for i, unit in enumerate(units) if unit.iso3 in countries]
    for region, lines in sorted(dissolved([units[i] for i in inner], [regions[i] for i in inner]).items()):
        iso3, _, name = region.partition("/")
        properties = {"level": "region", "name": region, "iso3": iso3, "admin1": name}
        found.append(_feature(rings(lines, 0.01), properties))
    return {
        "type": "FeatureCollection",
        "features": [feature for feature in found if feature["geometry"]["coordinates"]],
    }


def _feature(outlines: Rings, properties: dict[str, str]) -> dict[str, Any]:
    """Every ring as a polygon of its own: holes do not occur but for enclaves, which are drawn too."""
    shown = [clipped(ring, WINDOW) for ring in outlines]
    polygons = [[_rounded(ring)] for ring in shown if len(ring) >= 4]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _rounded(ring: Points) -> list[list[float]]:
    return [[round(float(x), 3), round(float(y), 3)] for x, y in ring]
