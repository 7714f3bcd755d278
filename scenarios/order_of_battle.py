"""The order of battle: organisations, units, bases, relations and attitudes on the day a run starts.

All of it is data in one folder (``conf/order_of_battle``); adding an organisation or a base means
adding rows. `load_order_of_battle` reads the folder against a region and gives the static arrays
and the start values of one lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.atlas import Atlas, Values
from scenarios.bonds import accords, kinships
from scenarios.governments import Governments, governments
from scenarios.influence import Rooting, draws, governances, homes, priors
from scenarios.region import Region
from scenarios.roster import Profile, Roster, read_roster
from scenarios.rows import read_table
from scenarios.stances import hostilities, supports
from scenarios.stations import COLUMNS, STRONGHOLD, Fortification, Station, bases_of, read_stations, within
from scenarios.strengths import Strength, strengths_on
from scenarios.units import Deployment, Fielded, Organising, deployment
from sim.axes import Count, Index, Real, check_axes
from sim.streams import stable_key
from sim.world import Bases, Kind, Organisations, Units

if TYPE_CHECKING:
    from scenarios.events.base import Post

NO_STRENGTH = Strength(0.0, 0.0, 0.0)


class Start(NamedTuple):
    """Start values of one lane."""

    fighters: Count["unit"]
    establishment: Count["unit"]
    cell: Index["unit"]
    posture: Index["unit"]
    open: Index["base"]
    strike: Real["base"]
    skill: Real["organisation 4"]
    discipline: Real["organisation"]
    links: Real["organisation"]
    intent: Real["organisation"]
    government: Governments
    passage: Real["organisation country"]
    replacement: Real["organisation"]
    hostility: Real["organisation organisation region"]
    support: Real["organisation organisation"]
    accord: Real["organisation organisation"]
    governance: Real["cell organisation"]
    strength_range: Real["organisation 2"]  # low / best and high / best, for draws of strengths


@dataclass(frozen=True)
class OrderOfBattle:
    """Who fights, with what, from where, and how they stand to each other.

    Attributes:
        ids: names of the organisations.
        labels: names for people.
        coalitions: ids.
        base_names: "fama/Kidal".
        organisations: static arrays.
        units: static arrays.
        bases: static arrays.
        prior: attitudes that history and kinship pull back to, (community, organisation).
        start: start values of one lane.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    coalitions: tuple[str, ...]
    base_names: tuple[str, ...]
    organisations: Organisations
    units: Units
    bases: Bases
    prior: Real["community organisation"]
    start: Start

    @property
    def strength(self) -> NDArray[np.int64]:
        """Fighters and troops in the region at the start, (organisation,)."""
        counts: NDArray[np.int64] = np.diff(np.append(0, np.cumsum(self.start.fighters))[self.units.first])
        return counts


class Catalogue(NamedTuple):
    """Names of the order of battle that events may use; reading it needs no region."""

    organisations: frozenset[str]
    coalitions: frozenset[str]
    bases: frozenset[str]  # "fama/Kidal"
    places: frozenset[str]
    labels: dict[str, str]


def read_catalogue(folder: Path) -> Catalogue:
    """Names for the checks of events before anything is loaded.

    Raises:
        ValueError: a file is missing or not valid, in one line.
    """
    roster = read_roster(folder / "organisations.yaml", date.min)
    rows = read_table(folder / "bases.csv", COLUMNS)
    bases = [r for r in rows if r.text("role") != STRONGHOLD]
    return Catalogue(
        frozenset(roster.ids),
        frozenset(roster.coalitions),
        frozenset(f"{r.text('organisation')}/{r.text('place')}" for r in bases),
        frozenset(r.text("place") for r in rows),
        roster.coalition_labels | {p.id: p.label for p in roster.profiles},
    )


def load_order_of_battle(
    folder: Path, region: Region, start: date, posts: Sequence[Post] = (), strengths: Path | None = None
) -> OrderOfBattle:
    """Read the order of battle as it is on the day `start`.

    Args:
        folder: holds organisations.yaml, strengths.csv, bases.csv, relations.csv, supports.csv,
            ties.csv, accords.csv, governments.csv, control.csv and attitudes.csv.
        region: the ground.
        start: first day of the run.
        posts: stations and bands that events bring later: they get bases that are closed and slots
            that are empty.
        strengths: a table as strengths.csv whose rows count beside and before those of it; None is no other.

    Raises:
        ValueError: something in a file is unknown, out of range or contradictory; one line that says
            where it stands, what came and what was expected.
    """
    tables = (folder / "strengths.csv", *([strengths] if strengths else []))
    return _Assembly(folder, region, start, tuple(posts), tables).made


@dataclass(frozen=True)
class _Assembly:
    """The parts while they are put together."""

    folder: Path
    region: Region
    day: date
    posts: tuple[Post, ...]
    tables: tuple[Path, ...]

    @cached_property
    def roster(self) -> Roster:
        return read_roster(self.folder / "organisations.yaml", self.day)

    @cached_property
    def atlas(self) -> Atlas:
        return Atlas(self.region, self.roster.ids, self.roster.members())

    @cached_property
    def strengths(self) -> dict[str, Strength]:
        return strengths_on(self.tables, self.roster, self.day)

    @cached_property
    def stations(self) -> tuple[list[Station], list[Station]]:
        found = read_stations(self.folder / "bases.csv", self.atlas, self.day, self.posts)
        return self._limited(found[0]), found[1]

    @cached_property
    def base_names(self) -> tuple[str, ...]:
        return tuple(f"{self.roster.ids[s.organisation]}/{s.place}" for s in self.stations[0])

    @cached_property
    def home(self) -> Values:
        return homes(self.roster, self.stations[0], self.atlas, Rooting())

    @cached_property
    def governance(self) -> Values:
        return governances(self.folder / "control.csv", self.atlas)

    @property
    def made(self) -> OrderOfBattle:
        """The whole, its axes checked."""
        deployed = self._deployed()
        whole = OrderOfBattle(
            ids=self.roster.ids,
            labels=tuple(p.label for p in self.roster.profiles),
            coalitions=self.roster.coalitions,
            base_names=self.base_names,
            organisations=self._organisations(),
            units=deployed.units,
            bases=bases_of(self.stations[0], self.base_names, self.atlas, Fortification()),
            prior=priors(self.folder / "attitudes.csv", self.atlas),
            start=self._start(deployed),
        )
        sizes = {"cell": self.region.people.size, "region": len(self.region.regions), "base": len(self.base_names)}
        for part in (whole.organisations, whole.units, whole.bases, whole.start):
            check_axes(part, sizes)
        return whole

    def _deployed(self) -> Deployment:
        regions = [self.region.regions[r] for r in self.region.cells.region]
        draw = draws(self.home, self.governance, self.atlas, Rooting())
        fielded = [self._fielded(o, profile, draw[o]) for o, profile in enumerate(self.roster.profiles)]
        return deployment(self.roster, self.stations[0], fielded, regions, Organising())

    def _fielded(self, o: int, profile: Profile, draw: Values) -> Fielded:
        fighters = round(self.strengths.get(profile.id, NO_STRENGTH).best) if profile.roams else 0
        if fighters and not draw.any():
            raise ValueError(
                f"organisations.yaml.organisations.{profile.id}: expected homelands for {fighters} fighters"
            )
        return Fielded(
            fighters=fighters,
            room=sum(post.troops for post in self.posts if post.organisation == profile.id and not post.place),
            draw=draw,
            governance=self.governance[:, o],
            strongholds=[s for s in self.stations[1] if s.organisation == o],
        )

    def _organisations(self) -> Organisations:
        profiles, column = self.roster.profiles, self.roster.column
        ids = ("", *self.roster.ids)
        return Organisations(
            key=np.array([stable_key(p.id) for p in profiles], dtype=np.uint64),
            kind=np.array([p.kind for p in profiles], dtype=np.int32),
            coalition=np.array([self.roster.coalitions.index(p.coalition) for p in profiles], dtype=np.int32),
            country=np.array([self._country(p) for p in profiles], dtype=np.int32),
            host=np.array([ids.index(p.host) - 1 for p in profiles], dtype=np.int32),
            unit_size=column("unit_size").astype(np.int64),
            mobility=column("mobility"),
            quality=column("quality"),
            discipline=column("discipline"),
            aggression=column("aggression"),
            recruitment=column("recruitment"),
            home=self.home,
            kin=kinships(self.folder / "ties.csv", self.atlas),
        )

    def _country(self, profile: Profile) -> int:
        if not profile.country:
            return -1
        try:
            return self.region.country_index(profile.country)
        except ValueError as error:
            raise ValueError(f"organisations.yaml.organisations.{profile.id}: {error}") from None

    def _start(self, deployed: Deployment) -> Start:
        stations = self.stations[0]
        return Start(
            fighters=deployed.fighters,
            establishment=deployed.establishment,
            cell=deployed.cell,
            posture=deployed.posture,
            open=np.array([s.open for s in stations], dtype=np.int32),
            strike=np.array([s.strike for s in stations], dtype=np.float64),
            skill=np.array([p.skills for p in self.roster.profiles], dtype=np.float64),
            discipline=self.roster.column("discipline"),
            links=self.roster.column("links"),
            intent=self.roster.column("intent"),
            government=governments(self.folder / "governments.csv", self.roster.ids, self.day),
            passage=self._passage(),
            replacement=self.roster.column("replacement"),
            hostility=hostilities(self.folder / "relations.csv", self.roster, self.atlas, self.day),
            support=supports(self.folder / "supports.csv", self.atlas, self.day),
            accord=accords(self.folder / "accords.csv", self.atlas, self.day),
            governance=self.governance,
            strength_range=np.array([self._range(o, p) for o, p in enumerate(self.roster.profiles)]),
        )

    def _passage(self) -> NDArray[np.float64]:
        """Armies may operate in their own country; all others anywhere, or not at all for want of troops."""
        home = np.array([self._country(p) for p in self.roster.profiles])
        armies = np.array([p.kind == Kind.ARMY for p in self.roster.profiles])
        own = home[:, None] == np.arange(len(self.region.countries))
        return np.where(armies[:, None], own, True).astype(np.float64)

    def _range(self, o: int, profile: Profile) -> tuple[float, float]:
        """Low and high over best: of the strength of bands, or of the troops at open bases taken together."""
        spreads = [(s.spread[0], s.troops, s.spread[1]) for s in self.stations[0] if s.organisation == o and s.open]
        low, best, high = self.strengths.get(profile.id, NO_STRENGTH)
        if not profile.roams:
            low, best, high = (float(sum(s[i] for s in spreads)) for i in range(3))
        return (low / best, high / best) if best > 0 else (1.0, 1.0)

    def _limited(self, stations: list[Station]) -> list[Station]:
        """Stations whose troops keep within the strength of their organisation on the day."""
        kept: list[Station] = []
        for o, profile in enumerate(self.roster.profiles):
            own = [s for s in stations if s.organisation == o]
            if own and profile.id not in self.strengths:
                raise ValueError(f"strengths.csv: no row of {profile.id}, which has bases; expected at least one")
            kept += within(own, self.strengths.get(profile.id, NO_STRENGTH).best)
        return kept
