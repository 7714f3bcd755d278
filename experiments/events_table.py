"""Event table: simulated events in the columns and words of UCDP's Georeferenced Event Dataset.

The columns and their order are those of GED 24.1 (Sundberg and Melander 2013; Davies, Engström,
Pettersson and Öberg 2024), so that the table loads wherever a GED table loads. As in GED, an event
has at least one death. What the model does not know is left blank. Where it is coarser than GED:

- latitude and longitude are the centre of the half-degree cell, so ``where_prec`` is 2 at best
  (within about 25 km);
- ``date_start`` is the Monday and ``date_end`` the Sunday of the week, so ``date_prec`` is 3;
- best, low and high are the same: a simulated count has no sources that could disagree.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from experiments.layout import Array
from experiments.values import CONF
from sim.state import Field
from sim.world import Kind, Names, World

COLUMNS = [
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office",
    "source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description",
    "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
]  # fmt: skip
"""The 49 columns of GED 24.1."""

CIVILIANS = "Civilians"


class EventRow(Protocol):
    """One simulated event."""

    @property
    def monday(self) -> date:
        """Monday of its week."""

    @property
    def values(self) -> Array:
        """The columns of `sim.state.Field`."""


class Sides:
    """What UCDP calls organisations, countries and regions.

    Names come from ``conf/ucdp_names.csv``. An army fights as the government of its country, any
    other state force as the government of the country it fights in, which UCDP counts it with; an
    organisation that is not listed keeps its own label.
    """

    def __init__(self, world: World, names: Names, path: Path = CONF / "ucdp_names.csv") -> None:
        self.world, self.names = world, names
        with path.open(encoding="utf-8", newline="") as file:
            rows = {(row["what"], row["id"]): row for row in csv.DictReader(file)}
        self._names: Mapping[tuple[str, str], str] = {key: row["name"] for key, row in rows.items()}
        self._numbers = {key[1]: int(row["number"]) for key, row in rows.items() if row["number"]}

    def side(self, organisation: int, cell: int) -> tuple[str, int | None]:
        """Name of a side and, of a government, its Gleditsch-Ward number."""
        kind = self.world.organisations.kind[organisation]
        if kind < Kind.ARMY:
            known = self._names.get(("organisation", self.names.organisations[organisation]))
            return known or self.names.labels[organisation], None
        army = kind == Kind.ARMY and self.world.organisations.country[organisation] >= 0
        at = self.world.organisations.country[organisation] if army else self.world.cells.country[cell]
        code = self.names.countries[at]
        return f"Government of {self.country(code)}", self.number(code)

    def country(self, code: str) -> str:
        """UCDP's name of a country."""
        return self._names.get(("country", code), code)

    def number(self, code: str) -> int | None:
        """Gleditsch-Ward number of a country."""
        return self._numbers.get(code)

    def region(self, name: str) -> str:
        """UCDP's name of a first-order unit; most are the region's own, without hyphens, and the word region."""
        known = self._names.get(("region", name))
        return known or f"{name.partition('/')[2].replace('-', ' ')} region"


def ged_table(rows: Iterable[EventRow], sides: Sides) -> pd.DataFrame:
    """Events with at least one death, in order of time, in the columns of GED."""
    deadly = [row for row in rows if row.values[[Field.DEATHS_A, Field.DEATHS_B, Field.CIVILIANS]].sum() > 0]
    events = [_event(number, row, sides) for number, row in enumerate(deadly, start=1)]
    return pd.DataFrame(events, columns=COLUMNS).astype(dict.fromkeys(("country_id", "gwnoa", "gwnob"), "Int64"))


def _event(number: int, row: EventRow, sides: Sides) -> dict[str, Any]:
    return {"id": number} | _when(row.monday) | _where(int(row.values[Field.CELL]), sides) | _who(row.values, sides)


def _when(monday: date) -> dict[str, Any]:
    return {
        "year": monday.year,
        "date_prec": 3,
        "date_start": monday.isoformat(),
        "date_end": (monday + timedelta(days=6)).isoformat(),
        "code_status": "Clear",
        "event_clarity": 1,
    }


def _where(cell: int, sides: Sides) -> dict[str, Any]:
    cells, names = sides.world.cells, sides.names
    lat, lon, code = float(cells.lat[cell]), float(cells.lon[cell]), names.countries[cells.country[cell]]
    return {
        "where_prec": 2,
        "where_coordinates": "centre of the PRIO-GRID cell",
        "adm_1": sides.region(names.regions[cells.region[cell]]),
        "latitude": lat,
        "longitude": lon,
        "geom_wkt": f"POINT ({lon} {lat})",
        "priogrid_gid": int(cells.gid[cell]),
        "country": sides.country(code),
        "country_id": sides.number(code),
        "region": "Africa",
    }


def _who(values: Array, sides: Sides) -> dict[str, Any]:
    """Sides in UCDP's order: the government first, else by the alphabet; the killer of civilians before them."""
    cell, violence = int(values[Field.CELL]), int(values[Field.VIOLENCE])
    a = (*sides.side(int(values[Field.SIDE_A]), cell), int(values[Field.DEATHS_A]))
    b: tuple[str, int | None, int] = (CIVILIANS, None, 0)
    if violence != 3:
        b = (*sides.side(int(values[Field.SIDE_B]), cell), int(values[Field.DEATHS_B]))
        a, b = sorted((a, b), key=lambda side: (side[1] is None, side[0].casefold()))
    civilians, dyad = int(values[Field.CIVILIANS]), f"{a[0]} - {b[0]}"
    best = a[2] + b[2] + civilians
    return {
        "type_of_violence": violence,
        "conflict_name": dyad if violence > 1 else "",
        "dyad_name": dyad,
        "side_a": a[0],
        "side_b": b[0],
        "deaths_a": a[2],
        "deaths_b": b[2],
        "deaths_civilians": civilians,
        "deaths_unknown": 0,
        "best": best,
        "high": best,
        "low": best,
        "gwnoa": a[1],
        "gwnob": b[1],
    }
