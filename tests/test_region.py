"""The region: its tables hold together, and its people agree with the cited totals and with WorldPop."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from scenarios.region import centre_of, gid_at, great_circle_km, load_region
from scenarios.travel import Travel, travel_cost
from sim.world import NEIGHBOURS

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "conf" / "region"
REFERENCE = ROOT.parent / "shared" / "data" / "prio_grid_sahel.csv"
UN_2021 = {"MLI": 22_388_630, "NER": 24_502_140, "BFA": 21_995_243}


@pytest.fixture(scope="module")
def region():
    return load_region(TABLES)


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{REFERENCE} is missing")
        pytest.skip("the reference cells are not on this machine")
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return {int(row["gid"]): row for row in csv.DictReader(file)}


def test_gid_and_centre_undo_each_other(region):
    assert gid_at(-89.9, -179.9) == 1
    assert gid_at(-89.4, -179.9) == 721
    for cell, gid in enumerate(region.cells.gid.tolist()):
        assert centre_of(gid) == (region.cells.lat[cell], region.cells.lon[cell])
        assert gid_at(*centre_of(gid)) == gid


def test_great_circle():
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(6371 * np.pi / 2)
    assert great_circle_km(10, 5, 11, 5) == pytest.approx(111.2, abs=0.1)


def test_core_cells_are_the_reference_cells(region, reference):
    core = region.cells.country < 3
    assert set(region.cells.gid[core].tolist()) == set(reference)
    country = {int(gid): region.countries[c] for gid, c in zip(region.cells.gid, region.cells.country, strict=True)}
    assert all(country[gid] == row["iso3"] for gid, row in reference.items())


def test_most_regions_are_those_of_the_reference(region, reference):
    """Other than the regions split off since, and the three cells that hold the capitals."""
    wrong = []
    for gid, row in reference.items():
        name = region.regions[region.cells.region[region.cell_of_gid(gid)]].partition("/")[2]
        if name not in (row["admin1"], "Taoudénit", "Bamako", "Niamey", "Centre"):
            wrong.append(gid)
    assert wrong == []


def test_people_rank_as_worldpop_ranks_them(region, reference):
    cells = [region.cell_of_gid(gid) for gid in reference]
    worldpop = [float(row["pop2020_wp"]) for row in reference.values()]
    assert spearmanr(region.people[cells], worldpop).statistic >= 0.92


def test_people_rank_as_worldpop_within_countries(region, reference):
    for iso3, least in (("MLI", 0.85), ("NER", 0.85), ("BFA", 0.6)):
        rows = {gid: row for gid, row in reference.items() if row["iso3"] == iso3}
        cells = [region.cell_of_gid(gid) for gid in rows]
        rank = spearmanr(region.people[cells], [float(row["pop2020_wp"]) for row in rows.values()]).statistic
        assert rank >= least, iso3


def test_national_totals_are_the_cited_ones(region):
    for iso3, cited in UN_2021.items():
        people = region.people[region.cells.country == region.country_index(iso3)].sum()
        assert people == pytest.approx(cited, rel=1e-6), iso3


def test_regional_totals_hold_to_the_person(region):
    with (TABLES / "figures" / "regions.csv").open(encoding="utf-8", newline="") as file:
        cited = {f"{row['iso3']}/{row['region']}": int(row["people"]) for row in csv.DictReader(file)}
    assert set(region.regions) == set(cited)
    for i, name in enumerate(region.regions):
        people = int(region.people[region.cells.region == i].sum())
        if name[:3] in UN_2021:
            assert people == cited[name], name
        else:
            assert 0 < people <= cited[name], name


def test_communities_add_up_to_the_people_of_every_cell(region):
    found = region.communities
    assert np.all(found.people > 0)
    assert np.array_equal(np.bincount(found.cell, found.people, len(region.people)), region.people)
    for cell in (0, 500, len(region.people) - 1):
        assert np.all(found.cell[found.first[cell] : found.first[cell + 1]] == cell)
    assert len(set(zip(found.cell.tolist(), found.group.tolist(), strict=True))) == len(found.cell)
    assert len(set(found.key.tolist())) == len(found.key)
    assert 1500 <= len(found.cell) <= 2700
    assert len(region.groups) <= 32


def test_kin_are_of_one_group_and_region(region):
    found = region.communities
    pairs = set(zip(found.kin, found.group, region.cells.region[found.cell], strict=True))
    assert len(pairs) == found.kin.max() + 1
    assert len({(group, where) for _, group, where in pairs}) == len(pairs)


def test_groups_hold_their_cited_share_of_a_region(region):
    """Songhai are three quarters of Gao, and Dogon 39 % of Mopti (Afrobarometer 2001, as cited)."""
    for place, group, share in (
        ("MLI/Gao", "Songhai", 0.75),
        ("MLI/Mopti", "Dogon", 0.39),
        ("BFA/Est", "Gourmantche", 0.66),
    ):
        cells = region.cells.region[region.communities.cell] == region.region_index(place)
        own = cells & (region.communities.group == region.group_index(group))
        got = region.communities.people[own].sum() / region.communities.people[cells].sum()
        assert got == pytest.approx(share, abs=0.1)


@pytest.mark.parametrize(
    ("town", "group"),
    [
        ("Kidal", "Tuareg: Ifoghas"),
        ("Gao", "Songhai"),
        ("Bandiagara", "Dogon"),
        ("Djibo", "Fulani"),
        ("Zinder", "Hausa"),
        ("Ménaka", "Tuareg: Daoussak"),
        ("Kaya", "Mossi"),
        ("Diffa", "Kanuri"),
    ],
)
def test_the_largest_community_around_a_town(region, town, group):
    cell = region.town(town).cell
    found = region.communities
    here = slice(found.first[cell], found.first[cell + 1])
    assert region.groups[found.group[here][np.argmax(found.people[here])]] == group


def test_neighbours_are_mutual_and_one_step_away(region):
    neighbour, opposite = region.cells.neighbour, (0, 5, 6, 7, 8, 1, 2, 3, 4)
    assert np.array_equal(neighbour[:, 0], np.arange(len(neighbour)))
    for slot, (rows, columns) in enumerate(NEIGHBOURS):
        cell = np.flatnonzero(neighbour[:, slot] >= 0)
        there = neighbour[cell, slot]
        assert np.array_equal(neighbour[there, opposite[slot]], cell)
        assert np.allclose(region.cells.lat[there] - region.cells.lat[cell], rows / 2)
        assert np.allclose(region.cells.lon[there] - region.cells.lon[cell], columns / 2)


def test_all_cells_are_connected(region):
    reached, new = {0}, {0}
    while new:
        new = {int(n) for cell in new for n in region.cells.neighbour[cell] if n >= 0} - reached
        reached |= new
    assert len(reached) == len(region.people)


def test_moves_cost_the_same_both_ways_and_less_along_a_road(region):
    cells = region.cells
    assert np.all(cells.travel[:, 0] == 0)
    assert np.array_equal(np.isinf(cells.travel), cells.neighbour < 0)
    for a, slot in np.argwhere(cells.neighbour[:, 1:] >= 0)[::37]:
        b = cells.neighbour[a, slot + 1]
        back = np.flatnonzero(cells.neighbour[b] == a)[0]
        assert cells.travel[a, slot + 1] == pytest.approx(cells.travel[b, back])
    sand = cells.travel[region.town("Taoudenni").cell, 1]
    highway = cells.travel[region.town("Bamako").cell]
    assert sand > 1.5
    assert highway[np.isfinite(highway)][1:].min() < 0.6


def test_travel_cost_by_hand():
    def cost(rain, road, river):
        return float(travel_cost(np.array(55.0), np.array(rain), np.array(road), np.array(river), Travel()))

    assert cost(800.0, 0.0, False) == 1.0
    assert cost(0.0, 0.0, False) == 1.8
    assert cost(800.0, 1.0, False) == 0.5
    assert cost(800.0, 0.0, True) == 1.3
    assert cost(175.0, 0.6, False) == pytest.approx(1.4 * 0.7)


def test_capitals(region):
    assert region.capitals == ("Bamako", "Niamey", "Ouagadougou", "Porto-Novo", "Lomé", "Accra", "Abidjan")
    for country, (iso3, name) in enumerate(zip(region.countries[:3], region.capitals[:3], strict=True)):
        town = region.town(name)
        assert (town.kind, town.region[:3]) == ("capital", iso3)
        assert region.cells.capital[town.cell, country] < 40
        where = region.regions[region.cells.region[town.cell]]
        assert where == {"MLI": "MLI/Bamako", "NER": "NER/Niamey", "BFA": "BFA/Centre"}[iso3]


def test_rain_falls_off_to_the_north(region):
    for place, mm, within in (
        ("Gao", 220, 0.25),
        ("Niamey", 540, 0.25),
        ("Kidal", 120, 0.3),
        ("Bobo-Dioulasso", 1040, 0.25),
    ):
        assert region.cells.rain[region.town(place).cell] == pytest.approx(mm, rel=within)
    assert region.cells.rain[region.town("Taoudenni").cell] < 40


def test_towns_lie_near_their_cells(region):
    for town in region.towns:
        km = great_circle_km(town.lat, town.lon, region.cells.lat[town.cell], region.cells.lon[town.cell])
        assert km < 100, town.name
    people = [town.people for town in region.towns]
    assert people == sorted(people, reverse=True)
    assert np.all(region.cells.town <= region.people)


def test_lookups(region):
    gao = region.town("gao")
    assert (gao.name, gao.region, gao.kind) == ("Gao", "MLI/Gao", "regional seat")
    assert region.cells.gid[gao.cell] == 153000
    assert region.cell_of_gid(153000) == region.cell_at(16.27, -0.04) == gao.cell
    north = region.cell_at(30.0, 12.0)
    assert region.regions[region.cells.region[north]] == "NER/Agadez"
    assert region.cells.lat[north] > 23
    assert region.distance_km(gao.cell, [gao.cell, region.town("Bamako").cell]) == pytest.approx([0.0, 950], abs=60)


@pytest.mark.parametrize(
    ("look", "message"),
    [
        (lambda r: r.town("Kidall"), "unknown town 'Kidall', nearest: Kidal"),
        (lambda r: r.region_index("MLI/Goa"), "unknown region 'MLI/Goa', nearest: MLI/Gao"),
        (lambda r: r.group_index("Fulanis"), "unknown group 'Fulanis', nearest: Fulani"),
        (lambda r: r.country_index("MALI"), "unknown country 'MALI', nearest: MLI"),
        (lambda r: r.cell_of_gid(1), "cell 1 is not in the region"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(region, look, message):
    with pytest.raises(ValueError, match=message):
        look(region)


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("cells.csv", "area_km2", "area", "cells.csv: column area_km2 is missing"),
        ("cells.csv", ",MLI,", ",MLX,", "iso3 is 'MLX', expected one of 7 known names"),
        ("communities.csv", ",Fulani,", ",Fulani,x", "people is 'x"),
        ("communities.csv", ",Fulani,", ",", "communities.csv: line [0-9]+ has 2 fields, expected 3"),
        ("towns.csv", "153000", "153999999", "gid is 153999999, expected a cell of cells.csv"),
        ("figures/herders.csv", "Bozo,", "Bozzo,", "unknown group 'Bozzo'"),
        ("figures/herders.csv", ",0.85,", ",8.5,", "share is 8.5, expected between 0 and 1"),
        ("figures/displaced.csv", "MLI/Gao,MLI/Gao", "MLI/Goa,MLI/Gao", "origin is 'MLI/Goa'"),
        ("links.csv", "147945,", "147946,", "gid_a|not neighbours|expected"),
    ],
)
def test_a_broken_table_is_told_in_one_line(tmp_path, table, old, new, message):
    _copy(tmp_path)
    text = (tmp_path / table).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / table).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as refused:
        load_region(tmp_path)
    assert "\n" not in str(refused.value)


def test_cells_out_of_order_are_refused(tmp_path):
    _copy(tmp_path)
    header, first, second, *rest = (tmp_path / "cells.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "cells.csv").write_text("\n".join([header, second, first, *rest]) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 3: gid [0-9]+ is out of order"):
        load_region(tmp_path)


def test_a_missing_table_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"countries\.csv: the table is missing"):
        load_region(tmp_path)


def _copy(folder):
    (folder / "figures").mkdir()
    tables, figures = ("cells", "links", "communities", "towns"), ("countries", "herders", "displaced")
    for name in (*(f"{table}.csv" for table in tables), *(f"figures/{figure}.csv" for figure in figures)):
        (folder / name).write_text((TABLES / name).read_text(encoding="utf-8"), encoding="utf-8")
