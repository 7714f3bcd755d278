"""The roster: who the organisations are, as ``organisations.yaml`` says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scenarios.rows import Row, read_blocks
from sim.world import Kind, Skill

KINDS = {kind.name.lower(): kind for kind in Kind}
BOUNDS = {
    "unit_size": (1.0, 1000.0),
    "mobility": (0.0, 1.0),
    "quality": (0.05, 10.0),
    "discipline": (0.0, 1.0),
    "aggression": (0.0, 5.0),
    "recruitment": (0.0, 5.0),
    "links": (0.0, 1.0),
    "intent": (0.0, 1.0),
    "replacement": (0.0, 5000.0),
    "columns": (0.0, 1.0),
    "growth": (1.0, 10.0),
}
"""The numbers of an organisation and the bounds between which they make sense."""

_WORDS = ("label", "kind", "coalition", "country", "host", "patron", "note", "homelands", "kin", "skills")
_RANGE = ("value", "low", "high", "source", "confidence", "from", "before")
_BOX = ("lat_min", "lat_max", "lon_min", "lon_max")


@dataclass(frozen=True)
class Profile:
    """One organisation.

    Attributes:
        id: its name in every table.
        label: its name for people.
        kind: what it is.
        coalition: id of its coalition.
        country: ISO code of a state or of the host; empty for none.
        host: id of the army it fights beside; empty for none.
        numbers: best guess of each of `BOUNDS`.
        skills: of `Skill`, at the start.
        homelands: rows of areas, each with its weight.
        kin: rows of ethnic groups by pattern, each with its weight.
    """

    id: str
    label: str
    kind: Kind
    coalition: str
    country: str
    host: str
    numbers: dict[str, float]
    skills: tuple[float, ...]
    homelands: tuple[tuple[Row, float], ...]
    kin: tuple[tuple[Row, str, float], ...]

    @property
    def roams(self) -> bool:
        """Whether its units are bands of fighters rather than garrisons and columns."""
        return self.kind <= Kind.MILITIA


@dataclass(frozen=True)
class Roster:
    """All organisations, in the order of the file, which is the order of the axis.

    Attributes:
        coalitions: ids.
        coalition_labels: names for people, by id.
        profiles: the organisations.
        stances: hostility of each stance.
        defaults: stance of two kinds; pairs that are not there are neutral.
    """

    coalitions: tuple[str, ...]
    coalition_labels: dict[str, str]
    profiles: tuple[Profile, ...]
    stances: dict[str, float]
    defaults: dict[frozenset[Kind], str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Names of the organisations."""
        return tuple(p.id for p in self.profiles)

    def members(self) -> dict[str, tuple[int, ...]]:
        """Positions of each coalition's organisations, and of each organisation: its id wins over a coalition's."""
        by_coalition = {c: tuple(o for o, p in enumerate(self.profiles) if p.coalition == c) for c in self.coalitions}
        return by_coalition | {p.id: (o,) for o, p in enumerate(self.profiles)}

    def column(self, name: str) -> NDArray[np.float64]:
        """One number of every organisation, (organisation,)."""
        return np.array([p.numbers[name] for p in self.profiles])


def read_roster(path: Path, start: date) -> Roster:
    """Read the organisations as they are on the day `start`.

    Raises:
        ValueError: a name is unknown, a number is out of its bounds or its range, in one line.
    """
    file = read_blocks(path)
    file.only(("coalitions", "stances", "defaults", "organisations"))
    named = file.block("coalitions")
    coalitions = named.keys()
    blocks = dict(file.blocks("organisations"))
    profiles = tuple(_profile(name, row, start) for name, row in blocks.items())
    for profile in profiles:
        blocks[profile.id].one_of("coalition", coalitions)
        if profile.host:
            blocks[profile.id].one_of("host", blocks)
    stances = {name: _quantity(row, start, (0.0, 1.0)) for name, row in file.blocks("stances")}
    labels = {coalition: named.text(coalition, coalition) for coalition in coalitions}
    return Roster(tuple(coalitions), labels, profiles, stances, _defaults(file, stances))


def _profile(name: str, row: Row, start: date) -> Profile:
    row.only((*_WORDS, *BOUNDS))
    skills = row.block("skills")
    skills.only([skill.name.lower() for skill in Skill])
    return Profile(
        id=name,
        label=row.text("label", name),
        kind=KINDS[row.one_of("kind", KINDS)],
        coalition=row.text("coalition"),
        country=row.text("country"),
        host=row.text("host"),
        numbers={key: _quantity(row.block(key), start, bounds) for key, bounds in BOUNDS.items()},
        skills=tuple(_quantity(skills.block(skill.name.lower()), start, (0.0, 1.0)) for skill in Skill),
        homelands=tuple(_homeland(row, item, start) for item in row.items("homelands")),
        kin=tuple((kin, group, _quantity(kin, start, (0.0, 1.0))) for group, kin in row.blocks("kin")),
    )


def _quantity(row: Row, start: date, bounds: tuple[float, float]) -> float:
    """A best guess; one with ``from`` has its value from that day on and ``before`` until then."""
    row.only((*_RANGE, "region", "box", *_BOX))
    value = row.estimate("value", *bounds)
    return value if row.holds_on(start) else row.number("before", *bounds, default=0.0)


def _homeland(row: Row, item: object, start: date) -> tuple[Row, float]:
    if not isinstance(item, dict):
        raise row.refusal(f"homeland {item!r}, expected a block of values")
    area = Row(f"{row.where}.homelands ({item.get('region')})", item | _box(row, item.get("box", [])))
    return area, _quantity(area, start, (0.0, 1.0))


def _box(row: Row, sides: object) -> dict[str, float]:
    if not isinstance(sides, list) or len(sides) not in (0, 4):
        raise row.refusal(f"box is {sides!r}, expected four numbers: south, north, west, east")
    return dict(zip(_BOX, sides, strict=False))


def _defaults(file: Row, stances: dict[str, float]) -> dict[frozenset[Kind], str]:
    found = {}
    for item in file.items("defaults"):
        row = Row(f"{file.where}.defaults", dict(zip(("a", "b", "stance"), item, strict=False)))
        pair = frozenset((KINDS[row.one_of("a", KINDS)], KINDS[row.one_of("b", KINDS)]))
        found[pair] = row.one_of("stance", stances)
    return found
