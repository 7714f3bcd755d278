"""Plane and spherical geometry on rings and lines of longitude and latitude, in numpy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.region import EARTH_RADIUS_KM

Points = NDArray[np.float64]
"""Longitude and latitude in degrees, (point, 2); a ring repeats its first point at the end."""
Rings = list[Points]


def rings_of(geometry: dict[str, Any]) -> Rings:
    """All rings, outer and inner, of a GeoJSON Polygon or MultiPolygon."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [np.asarray(ring, dtype=np.float64)[:, :2] for part in parts for ring in part]


def inside(rings: Rings, points: Points) -> NDArray[np.bool_]:
    """Whether each point lies in the area that `rings` enclose (even-odd rule), (point,)."""
    crossings = np.zeros(len(points), dtype=np.int64)
    for ring in rings:
        crossings += _crossings(ring, points)
    odd: NDArray[np.bool_] = crossings % 2 == 1
    return odd


def _crossings(ring: Points, points: Points) -> NDArray[np.int64]:
    """How often a ray from each point to the east crosses `ring`."""
    near = (points[:, 1] >= ring[:, 1].min()) & (points[:, 1] <= ring[:, 1].max()) & (points[:, 0] <= ring[:, 0].max())
    counts = np.zeros(len(points), dtype=np.int64)
    (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
    for i in np.flatnonzero(near):
        x, y = points[i]
        spans = (y0 > y) != (y1 > y)
        counts[i] = np.sum(x < x0[spans] + (y - y0[spans]) / (y1[spans] - y0[spans]) * (x1[spans] - x0[spans]))
    return counts


def cell_area_km2(lat: NDArray[np.float64], size: float = 0.5) -> NDArray[np.float64]:
    """Area of the cells of `size` degrees centred at `lat`, on a sphere."""
    north, south = np.radians(lat + size / 2), np.radians(lat - size / 2)
    area: NDArray[np.float64] = EARTH_RADIUS_KM**2 * np.radians(size) * (np.sin(north) - np.sin(south))
    return area


def km_to_line(line: Points, points: Points) -> NDArray[np.float64]:
    """Distance from each point to a line of segments, on a plane local to the point, (point,)."""
    nearest = np.full(len(points), np.inf)
    degree = np.radians(1.0) * EARTH_RADIUS_KM
    scale = np.stack([degree * np.cos(np.radians(points[:, 1])), np.full(len(points), degree)], axis=1)
    for start, end in zip(line[:-1], line[1:], strict=True):
        along, to_point = (end - start) * scale, (points - start) * scale
        share = np.clip((along * to_point).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0.0, 1.0)
        nearest = np.minimum(nearest, np.hypot(*(to_point - share[:, None] * along).T))
    return nearest


def crosses(starts: Points, ends: Points, line: Points) -> NDArray[np.bool_]:
    """Whether each segment from `starts` to `ends` crosses `line`, (segment,)."""
    hit = np.zeros(len(starts), dtype=np.bool_)
    for a, b in zip(line[:-1], line[1:], strict=True):
        apart = _side(a, b, starts) * _side(a, b, ends) < 0
        hit |= apart & (_side(starts, ends, a) * _side(starts, ends, b) < 0)
    return hit


def _side(a: Points, b: Points, point: Points) -> NDArray[np.float64]:
    """Positive where `point` lies to the left of the line from `a` to `b`."""
    along, to_point = b - a, point - a
    turn: NDArray[np.float64] = along[..., 0] * to_point[..., 1] - along[..., 1] * to_point[..., 0]
    return turn


def simplified(line: Points, tolerance: float) -> Points:
    """Fewer points, none of those left out further than `tolerance` degrees (Douglas and Peucker 1973)."""
    keep = np.zeros(len(line), dtype=np.bool_)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = _distances(line[first + 1 : last], line[first], line[last])
        worst = int(np.argmax(away))
        if away[worst] > tolerance:
            keep[first + 1 + worst] = True
            spans += [(first, first + 1 + worst), (first + 1 + worst, last)]
    return line[keep]


def _distances(points: Points, start: Points, end: Points) -> NDArray[np.float64]:
    """Distance in degrees from `points` to the chord, or to its start where chord ends meet."""
    chord = end - start
    length = float(np.hypot(*chord))
    away: NDArray[np.float64] = np.abs(_side(start, end, points)) / length if length else np.hypot(*(points - start).T)
    return away


def clipped(ring: Points, box: tuple[float, float, float, float]) -> Points:
    """The part of `ring` inside `box` (west, south, east, north); empty if none (Sutherland and Hodgman 1974)."""
    points = ring[:-1]
    for axis, bound, sign in ((0, box[0], 1.0), (1, box[1], 1.0), (0, box[2], -1.0), (1, box[3], -1.0)):
        points = _cut(points, axis, bound, sign)
        if len(points) == 0:
            return points
    return np.vstack([points, points[:1]])


def _cut(points: Points, axis: int, bound: float, sign: float) -> Points:
    """Points of a ring (not closed) on the side of `bound` that `sign` names."""
    kept: list[Points] = []
    for here, following in zip(points, np.roll(points, -1, axis=0), strict=True):
        in_here, in_following = sign * (here[axis] - bound) >= 0, sign * (following[axis] - bound) >= 0
        if in_here:
            kept.append(here)
        if in_here != in_following:
            kept.append(here + (bound - here[axis]) / (following[axis] - here[axis]) * (following - here))
    return np.array(kept).reshape(-1, 2)
