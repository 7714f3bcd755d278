"""Places: the cells that a statement speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.facts.records import in_regions
from experiments.values import nearest
from scenarios.build import Setup

PLACES = ("towns", "regions", "box", "near", "but")
"""Keys that choose cells; those that are given have to hold together."""


def cells_of(how: Mapping[str, Any], setup: Setup) -> NDArray[np.intp]:
    """Positions of the cells of a place.

    Args:
        how: `towns`, names; `regions`, patterns; `box`, south, north, west and east in degrees; `near`, a
            country's code and km around its capital; `but`, towns whose cells are left out.
        setup: of the run.

    Raises:
        ValueError: a town is unknown, or no cell is left; one line.
    """
    cells = setup.world.cells
    chosen = np.ones(len(cells.gid), np.bool_)
    if "towns" in how:
        chosen &= _at(how["towns"], setup)
    if "regions" in how:
        chosen &= in_regions(setup, how["regions"])
    if "box" in how:
        south, north, west, east = how["box"]
        chosen &= (cells.lat >= south) & (cells.lat <= north) & (cells.lon >= west) & (cells.lon <= east)
    if "near" in how:
        country, km = how["near"]
        chosen &= cells.capital[:, setup.names.countries.index(country)] <= km
    if "but" in how:
        chosen &= ~_at(how["but"], setup)
    if not chosen.any():
        raise ValueError(f"no cell lies in { ({key: how[key] for key in PLACES if key in how}) }")
    return np.flatnonzero(chosen)


def _at(towns: Any, setup: Setup) -> NDArray[np.bool_]:
    """Cells that hold one of some towns; of a name that two towns share, the larger one."""
    names = setup.names
    found = np.zeros(len(setup.world.cells.gid), np.bool_)
    for town in towns:
        if town not in names.towns:
            near = nearest(town, names.towns)
            raise ValueError(f"unknown town '{town}', expected one of conf/region/towns.csv{near}")
        found[names.town_cells[names.towns.index(town)]] = True
    return found
