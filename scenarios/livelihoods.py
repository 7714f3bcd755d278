"""Livelihoods: how many of a community live on herding, by its group and the rain where it lives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenarios.region_tables import Table

HERDERS = ("group", "from_mm", "to_mm", "share", "source", "confidence")
"""Columns of ``herders.csv``; ``*`` stands for every group, and a later row overrides an earlier one."""


def herding(
    table: Table, groups: Sequence[str], group: NDArray[np.int32], rain: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of its people who live on herding, (community,), in [0, 1].

    Args:
        table: rows of a share for a group in a belt of rain, see `HERDERS`.
        groups: names of groups.
        group: of each community, (community,).
        rain: mm a year where each community lives, (community,).

    Raises:
        ValueError: a group is unknown or a share is no share, in one line.
    """
    found = np.zeros(group.shape)
    low, high, share = table.real("from_mm"), table.real("to_mm"), table.real("share")
    for line, name in enumerate(table.text("group")):
        where = f"{table.path}: line {line + 2}"
        if name != "*" and name not in groups:
            raise ValueError(f"{where}: unknown group {name!r}, expected * or one of: {', '.join(groups)}")
        if not 0.0 <= share[line] <= 1.0:
            raise ValueError(f"{where}: share is {share[line]:g}, expected between 0 and 1")
        meant = name == "*" or group == groups.index(name)
        found[meant & (rain >= low[line]) & (rain < high[line])] = share[line]
    return found
