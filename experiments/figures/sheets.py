"""Pages of maps: one to four maps of the same ground with a common key, at any width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from experiments.figures import basemap, placenames, style
from experiments.figures.legend import Block, Key, key_of
from experiments.figures.lettering import broken
from experiments.figures.reading import Run
from experiments.figures.style import Margins, Plate
from experiments.language import tr

LEAST = 3.0
"""Inches that a map is wide at least; a page takes as many side by side as fit. A narrower key has one column."""

SPACE = 0.16
"""Inches between maps."""

FULL = 5.0
"""Inches from which a map shows the whole region; a narrower one is cut to where armed groups are."""

ACTIVE = 0.2
"""Chance of any zone of an armed group from which a cell counts as theirs, for cutting."""

Blocks = Callable[[float], Sequence[Block]]
"""The blocks of a key for the inches that it has across."""


class Texts(NamedTuple):
    """The words of a page: headline, a note below it, a title for each map, and notes for the foot."""

    headline: str
    note: str
    titles: Sequence[str] = ("",)
    foot: Sequence[str] = ()


class Sheet(NamedTuple):
    """A page with its maps prepared as open ground."""

    plate: Plate
    maps: list[Axes]


class _Plan(NamedTuple):
    # All in inches.
    across: float
    high: float
    title: float
    columns: int
    panels: int

    @property
    def tall(self) -> float:
        return -(-self.panels // self.columns) * (self.title + self.high + SPACE) - SPACE


def sheet(run: Run, texts: Texts, blocks: Blocks, width: float) -> Sheet:
    """A page with a map for each title, over the ground of the run, and the key drawn."""
    beside = _beside(blocks) if len(texts.titles) == 1 and width >= style.WIDE else 0.0
    across, columns = _columns(len(texts.titles), width - 2 * style.EDGE - beside)
    extent = focus(run.grid) if across < FULL else extent_of(run.grid)
    cut = tr("Cut to where armed groups hold ground or attack.") if extent != extent_of(run.grid) else ""
    notes = (*texts.foot, cut, tr("Borders: Natural Earth. Towns: GeoNames."))
    caption = run.caption(*filter(None, notes))
    plan = _plan(texts, extent, across, columns)
    key, slot = _key(blocks, plan, beside - SPACE if beside else width - 2 * style.EDGE)
    head = style.head_height(texts.headline, texts.note, width)
    body = plan.tall + (0.06 if beside or slot else key.height + 0.14)
    size = (width, head + body + style.foot_height(caption, width))
    plate, margins = style.page(size, texts.headline, texts.note, caption)
    maps = [_map(plate, margins, plan, index) for index in range(len(texts.titles))]
    for axes, title in zip(maps, texts.titles, strict=True):
        basemap.draw_ground(axes, extent, core(run.grid))
        axes.set_title("\n".join(_lines(title, plan.across)), size=style.NORMAL, pad=4, linespacing=1.1)
    corner = (margins.left, margins.bottom + key.height)
    if beside or slot:
        corner = (margins.left + plan.across + SPACE, margins.bottom + 0.06 + plan.high if slot else margins.top)
    key.draw(plate.area(corner[0], corner[1] - key.height, margins.right - corner[0], key.height))
    return Sheet(plate, maps)


def finish(axes: Axes, grid: xr.Dataset) -> None:
    """Draw borders, scale, north arrow and names over the data of a map."""
    basemap.draw_borders(axes)
    taken = basemap.draw_scale(axes)
    taken = placenames.draw_names(axes, core(grid), taken)
    placenames.draw_places(axes, grid, taken)


def core(grid: xr.Dataset) -> set[str]:
    """Countries that have cells, by ISO 3166 code."""
    return {str(region).split("/")[0] for region in grid["region"].values}


def extent_of(grid: xr.Dataset) -> basemap.Extent:
    """The ground of all cells."""
    return basemap.extent_of(grid["lon"].values, grid["lat"].values)


def focus(grid: xr.Dataset) -> basemap.Extent:
    """The ground where armed groups have zones at any date in any history, with the capitals; all where they have none.

    The outermost hundredth of such cells on each side is cut off.
    """
    armed = [str(name) for name in grid["coalition"].values if style.family(str(name)) not in ("state", "foreign")]
    calm = grid["zone_probability"].sel(coalition=armed, zone="none")
    active = ((1 - calm).max(("history", "date", "coalition")) >= ACTIVE).values if armed else np.array([False])
    if not active.any():
        return extent_of(grid)
    capitals = np.array([(town.lon, town.lat) for town in placenames.towns() if town.capital])
    sides = [np.quantile(grid[axis].values[active], (0.01, 0.99)) for axis in ("lon", "lat")]
    lon, lat = (np.append(side, capitals[:, i]) for i, side in enumerate(sides))
    return basemap.extent_of(np.append(lon, capitals[:, 0].min() - 1.0), lat)  # room for the scale beside Bamako


def _columns(count: int, room: float) -> tuple[float, int]:
    columns = max(1, min(count, int((room + SPACE) / (LEAST + SPACE))))
    return (room - SPACE * (columns - 1)) / columns, columns


def _plan(texts: Texts, extent: basemap.Extent, across: float, columns: int) -> _Plan:
    lines = max(len(_lines(title, across)) for title in texts.titles)
    high = across * basemap.height_over_width(extent)
    return _Plan(across, high, 0.16 * lines + 0.06 * bool(lines), columns, len(texts.titles))


def _lines(title: str, across: float) -> list[str]:
    return broken(title, across, style.NORMAL, bold=True)


def _map(plate: Plate, margins: Margins, plan: _Plan, index: int) -> Axes:
    row, column = divmod(index, plan.columns)
    top = margins.top - row * (plan.title + plan.high + SPACE) - plan.title
    return plate.area(margins.left + column * (plan.across + SPACE), top - plan.high, plan.across, plan.high)


def _beside(blocks: Blocks) -> float:
    # Inches kept for the key beside a single map on wide pages; elsewhere it goes below.
    return SPACE + 0.08 + max(block.width for block in blocks(LEAST - SPACE))


def _key(blocks: Blocks, plan: _Plan, room: float) -> tuple[Key, bool]:
    # Two columns of three maps leave a free place, where the key goes if it fits.
    free = plan.across if plan.columns == 2 and plan.panels == 3 else 0.0
    inside = key_of(blocks(free), free)
    if free and inside.height <= plan.high:
        return inside, True
    return key_of(blocks(room), room), False
