"""Influence: homelands, governance and attitudes at the start, by cell and community."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenarios.atlas import Atlas, Values
from scenarios.region import great_circle_km
from scenarios.roster import Profile, Roster
from scenarios.rows import read_table
from scenarios.stations import Station
from sim.parameters import Parameters, quantity

CONTROL = "area region lat_min lat_max lon_min lon_max organisation town rural range source confidence note"
ATTITUDES = "group region organisation prior range source confidence note"

STRANGER = -2.0
"""Attitude to an organisation that a community does not know; attitudes lie in [-2, 2]."""


@dataclass(frozen=True)
class Rooting(Parameters):
    """How armed groups are tied to places."""

    anyone: float = quantity(0.5, unit="1", low=0, high=1, source="judgement: worth of a homeland cell without kin")
    enough: float = quantity(0.3, unit="share of people", low=0.05, high=1, source="judgement: more kin add nothing")
    based: float = quantity(
        100, unit="km", low=30, high=400, source="judgement: at this distance a base is half as near"
    )
    crowd: float = quantity(0.2, unit="exponent", low=0, high=1, source="judgement: bands grow slower than people")
    thin: float = quantity(0.02, unit="governance", low=0, high=0.3, source="judgement: pull without any influence")


def homes(roster: Roster, stations: list[Station], atlas: Atlas, rooting: Rooting) -> Values:
    """How much of a homeland each cell is, (organisation, cell), in [0, 1].

    Armed groups: weight of the area times ``anyone + (1 - anyone) * min(1, kin share / enough)``.
    Forces with bases: 2 ** -(distance to the nearest base / `based`); bases that only an event
    brings do not count, so that a scenario does not change what came before it.
    """
    found = np.zeros((len(roster.profiles), atlas.region.people.size))
    for o, profile in enumerate(roster.profiles):
        rooted = bool(profile.homelands)
        found[o] = _homeland(profile, atlas, rooting) if rooted else _nearness(o, stations, atlas, rooting)
    return found


def _homeland(profile: Profile, atlas: Atlas, rooting: Rooting) -> Values:
    weight = np.zeros(atlas.region.people.shape)
    for row, value in profile.homelands:
        weight = np.maximum(weight, np.where(atlas.cells(row), value, 0.0))
    kin = np.minimum(1.0, kin_share(profile, atlas) / rooting.enough)
    home: Values = weight * (rooting.anyone + (1.0 - rooting.anyone) * kin)
    return home


def kin_share(profile: Profile, atlas: Atlas) -> Values:
    """Share of a cell's people among whom the group has kin, weighted, (cell,)."""
    affinity = np.zeros(len(atlas.region.groups))
    for row, pattern, value in profile.kin:
        affinity[atlas.groups(row, pattern)] = value
    peoples, people = atlas.region.communities, atlas.region.people
    kin = np.bincount(peoples.cell, weights=peoples.people * affinity[peoples.group], minlength=people.size)
    share: Values = kin / np.maximum(people, 1)
    return share


def _nearness(organisation: int, stations: list[Station], atlas: Atlas, rooting: Rooting) -> Values:
    cells = atlas.region.cells
    own = [s.cell for s in stations if s.organisation == organisation and s.listed]
    if not own:
        return np.zeros(cells.lat.shape)
    km = great_circle_km(cells.lat[own][:, None], cells.lon[own][:, None], cells.lat, cells.lon)
    nearness: Values = np.exp2(-km.min(axis=0) / rooting.based)
    return nearness


def governances(path: Path, atlas: Atlas) -> Values:
    """Governance at the start, (cell, organisation), in [0, 1], at most 1 in a cell.

    A row has one value for townspeople and one for the countryside; a cell has their mean over its people.
    A later row of the table overrides an earlier one of the same organisation where both apply.

    Raises:
        ValueError: a name is unknown or a number out of bounds, in one line.
    """
    cells = atlas.region.cells
    townsfolk = np.minimum(1.0, cells.town / np.maximum(atlas.region.people, 1))
    found = np.zeros((cells.lat.size, len(atlas.organisations)))
    for row in read_table(path, CONTROL):
        town, rural = row.number("town", 0, 1), row.number("rural", 0, 1)
        row.number("range", 0, 1)
        row.cited()
        here = atlas.cells(row)
        value = townsfolk * town + (1.0 - townsfolk) * rural
        for o in atlas.party(row, "organisation"):
            found[here, o] = value[here]
    return found / np.maximum(found.sum(axis=1, keepdims=True), 1.0)


def priors(path: Path, atlas: Atlas) -> Values:
    """Attitudes that history and kinship pull back to, (community, organisation), in [-2, 2].

    A later row of the table overrides an earlier one of the same organisation where both apply.

    Raises:
        ValueError: a name is unknown or a number out of bounds, in one line.
    """
    peoples = atlas.region.communities
    found = np.full((peoples.cell.size, len(atlas.organisations)), STRANGER)
    where = atlas.region.cells.region[peoples.cell]
    for row in read_table(path, ATTITUDES):
        value = row.number("prior", -2, 2)
        row.number("range", 0, 2)
        row.cited()
        who = atlas.groups(row, row.text("group"))[peoples.group] & atlas.regions(row)[where]
        for o in atlas.party(row, "organisation"):
            found[who, o] = value
    return found


def draws(home: Values, governance: Values, atlas: Atlas, rooting: Rooting) -> Values:
    """How much each cell attracts bands at the start, (organisation, cell).

    The geometric mean of homeland and influence, times a power of people; influence is the governance
    at the start, which no armed group has without fighters near.
    """
    people = np.maximum(atlas.region.people, 1).astype(np.float64) ** rooting.crowd
    draw: Values = np.sqrt(home * (governance.T + rooting.thin)) * people
    return draw
