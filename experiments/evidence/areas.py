"""Areas: cells, regions and countries on which forecasts are scored, and UCDP's names for them.

Scored are the three countries of the central Sahel: 917 cells of half a degree and 30 first-order units. UCDP and
the borders that the region is cut from disagree on two of Mali's newer regions, so Ménaka counts with Gao and
Taoudénit with Tombouctou.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.values import CONF

COUNTRIES = ("BFA", "MLI", "NER")
MERGED = {"MLI/Ménaka": "MLI/Gao", "MLI/Taoudénit": "MLI/Tombouctou"}
ALIASES = {"MLI/timetrine": "MLI/Kidal"}
"""Places that UCDP once gave as a first-order unit, after `plain`."""

KINDS = ("capital district", "region", "department", "district")


def plain(name: str) -> str:
    """A region's name without accents, capitals, hyphens and the word that says what it is.

    >>> plain("Ménaka region"), plain("Centre-Est region"), plain("Bamako capital district")
    ('menaka', 'centre est', 'bamako')
    """
    letters = unicodedata.normalize("NFKD", name.casefold().replace("-", " "))
    word = "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()
    for kind in KINDS:
        word = word.removesuffix(f" {kind}")
    return word


@dataclass(frozen=True)
class Areas:
    """Cells of the three countries, sorted by id.

    Attributes:
        gid: PRIO-GRID id, (cell,).
        lat: of the centre, degrees.
        lon: of the centre, degrees.
        country: ISO 3166 alpha-3.
        region: as scored: "MLI/Gao" holds Ménaka.
        people: at the start of the simulator's data.
        names: code of a country by UCDP's name, of all countries that the project names.
        listed: the project's id of a region by country and plain name.
    """

    gid: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    country: NDArray[np.object_]
    region: NDArray[np.object_]
    people: NDArray[np.float64]
    names: dict[str, str]
    listed: dict[str, str]

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The 30 first-order units."""
        return tuple(sorted({region for region in self.listed.values() if region[:3] in COUNTRIES}))

    def units(self, level: str) -> tuple[str, ...]:
        """Names of the units of a level: cell, admin1 or country."""
        named = {"cell": tuple(map(str, self.gid.tolist())), "admin1": self.regions, "country": COUNTRIES}
        return named[level]

    def region_id(self, country: str, name: str) -> str:
        """The scored region of UCDP's name of it; empty for a name that is not known.

        >>> areas().region_id("MLI", "Ménaka region"), areas().region_id("NER", "Tillabéri region")
        ('MLI/Gao', 'NER/Tillabéri')
        """
        return self.listed.get(f"{country}/{plain(name)}", "")

    def region_of(self, country: str, name: str, gid: int) -> str:
        """The scored region of an event: by name or, where a release has a name that is new, by its cell.

        Empty where UCDP gives no name, or the cell is of another country.
        """
        known = self.region_id(country, name) if name else ""
        if known or not name:
            return known
        at = np.flatnonzero((self.gid == gid) & (self.country == country))
        return str(self.region[at[0]]) if len(at) else ""

    def inside(self, country: str, region: str = "") -> NDArray[np.intp]:
        """Positions of the cells of a region or, where it has none or is empty, of a country."""
        own = np.flatnonzero(self.region == region)
        return own if len(own) else np.flatnonzero(self.country == country)


def areas(conf: Path = CONF) -> Areas:
    """The areas of the tables that ship."""
    table = pd.read_csv(conf / "region" / "cells.csv")
    table = table[table["iso3"].isin(COUNTRIES)].sort_values("gid")
    return Areas(
        gid=table["gid"].to_numpy(np.int64),
        lat=table["lat"].to_numpy(np.float64),
        lon=table["lon"].to_numpy(np.float64),
        country=table["iso3"].to_numpy(object),
        region=table["region"].replace(MERGED).to_numpy(object),
        people=table["people"].to_numpy(np.float64),
        names=_countries(conf),
        listed=_regions(conf),
    )


def _countries(conf: Path) -> dict[str, str]:
    with (conf / "ucdp_names.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["id"] for row in csv.DictReader(file) if row["what"] == "country"}


def _regions(conf: Path) -> dict[str, str]:
    table = pd.read_csv(conf / "region" / "figures" / "regions.csv")
    ids = [f"{row.iso3}/{row.region}" for row in table.itertuples()]
    known = {f"{own[:3]}/{plain(own[4:])}": MERGED.get(own, own) for own in ids}
    return known | ALIASES
