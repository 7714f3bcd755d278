"""Atlas: from the names in the order of battle's tables to positions in the region's arrays."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from scenarios.region import Region
from scenarios.rows import Row
from scenarios.words import unknown

type Mask = NDArray[np.bool_]
type Values = NDArray[np.float64]

BOX = ("lat_min", "lat_max", "lon_min", "lon_max")


@dataclass(frozen=True)
class Atlas:
    """What names may stand for.

    Attributes:
        region: the ground.
        organisations: ids, in the order of the axis.
        members: positions of the organisations of each coalition, and of each organisation itself.
    """

    region: Region
    organisations: tuple[str, ...]
    members: dict[str, tuple[int, ...]]

    def party(self, row: Row, column: str) -> tuple[int, ...]:
        """Positions of the organisation, or of all organisations of the coalition, that a column names."""
        return self.members[row.one_of(column, self.members)]

    def regions(self, row: Row) -> Mask:
        """Regions, (region,), that the column ``region`` names: ids, countries, or all, divided by semicolons."""
        chosen = np.zeros(len(self.region.regions), dtype=np.bool_)
        for name in row.text("region").split(";"):
            matches = [i for i, known in enumerate(self.region.regions) if _is_in(known, name)]
            if not matches:
                raise row.refusal(unknown("region", name, (*self.region.regions, *self.region.countries, "all")))
            chosen[matches] = True
        return chosen

    def cells(self, row: Row) -> Mask:
        """Cells, (cell,), whose region is named and whose centre lies in the row's box, if it has one."""
        cells = self.region.cells
        south, north, west, east = (row.number(side, -180, 180, whole) for side, whole in zip(BOX, _WORLD, strict=True))
        if south >= north or west >= east:
            raise row.refusal(f"the box is {south:g}, {north:g}, {west:g}, {east:g}, expected south, north, west, east")
        inside = (cells.lat >= south) & (cells.lat <= north) & (cells.lon >= west) & (cells.lon <= east)
        chosen: Mask = self.regions(row)[cells.region] & inside
        if not chosen.any():
            raise row.refusal(f"{row.text('region')} has no cell with its centre in the box")
        return chosen

    def groups(self, row: Row, pattern: str) -> Mask:
        """Ethnic groups, (group,), whose name matches a pattern such as ``Tuareg: *``."""
        chosen = np.array([fnmatchcase(group, pattern) for group in self.region.groups])
        if not chosen.any():
            raise row.refusal(unknown("group", pattern, self.region.groups))
        return chosen


_WORLD = (-90.0, 90.0, -180.0, 180.0)


def _is_in(region: str, name: str) -> bool:
    return name in ("all", "*", region, region.partition("/")[0])
