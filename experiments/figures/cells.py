"""Filling cells: whole or split, in an actor's colour, tint or hatch."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from experiments.figures import style

HALF = 0.25
"""Half the side of a PRIO-GRID cell, in degrees."""

SQUARE = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * HALF
UPPER_LEFT = np.array([(-1, -1), (1, 1), (-1, 1)]) * HALF
LOWER_RIGHT = np.array([(-1, -1), (1, -1), (1, 1)]) * HALF
"""Corners of a cell and of its two halves, in degrees from its centre."""


def control_look(family: str) -> dict[str, Any]:
    """How ground under control is filled: the solid colour."""
    return {"facecolor": style.ACTORS[family].colour}


def support_look(family: str) -> dict[str, Any]:
    """How a support zone is filled: the tint under the actor's lines; a state's like its control."""
    drawn = style.ACTORS[family]
    if family == "state":
        return control_look(family)
    return {"facecolor": drawn.tint, "hatch": drawn.hatch, "edgecolor": "white"}


def attack_look(family: str) -> dict[str, Any]:
    """How an attack zone is drawn: the actor's lines alone, over what lies below."""
    drawn = style.ACTORS[family]
    return {"facecolor": "none", "hatch": drawn.hatch, "edgecolor": drawn.ink}


def draw_cells(
    axes: Axes, grid: xr.Dataset, chosen: NDArray[np.bool_], corners: NDArray[np.float64] = SQUARE, **look: Any
) -> None:
    """Draw the `chosen` cells in one look, as one path, so that hatches run on from cell to cell."""
    if not chosen.any():
        return
    shapes = _shapes(grid, chosen, np.vstack([corners, corners[:1]]))
    codes = np.tile([Path.MOVETO, *[Path.LINETO] * (len(corners) - 1), Path.CLOSEPOLY], len(shapes))
    axes.add_artist(PathPatch(Path(shapes.reshape(-1, 2), codes), **{"linewidth": 0, "zorder": 1.0, **look}))


def fill_cells(axes: Axes, grid: xr.Dataset, colours: NDArray[np.float64]) -> None:
    """Fill every cell with its own colour, an array (cell, rgba)."""
    shapes = _shapes(grid, np.full(grid.sizes["cell"], True), SQUARE)
    # Edges of the same colour close the hairlines that antialiasing leaves between neighbours.
    axes.add_collection(
        PolyCollection(list(shapes), facecolors=colours, edgecolors=colours, linewidths=0.2, zorder=1), autolim=False
    )


def draw_diagonals(axes: Axes, grid: xr.Dataset, chosen: NDArray[np.bool_]) -> None:
    """The white line between the two sides of contested cells."""
    lines = _shapes(grid, chosen, SQUARE[[0, 2]])
    axes.add_collection(LineCollection(list(lines), colors="white", linewidths=0.9, zorder=1.4), autolim=False)


def _shapes(grid: xr.Dataset, chosen: NDArray[np.bool_], corners: NDArray[np.float64]) -> NDArray[np.float64]:
    centres = np.column_stack([grid["lon"].values[chosen], grid["lat"].values[chosen]])
    return np.asarray(centres[:, None, :] + corners[None], dtype=np.float64)
