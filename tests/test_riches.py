"""Riches by cell: sites, markets and routes of a small region, and what the real tables say."""

from pathlib import Path

import numpy as np
import pytest

from scenarios.region import gid_at, load_region
from scenarios.riches import NEAR, riches_of
from sim.world import Riches

TABLES = Path(__file__).resolve().parents[1] / "conf" / "region"


@pytest.fixture(scope="module")
def region():
    return load_region(TABLES)


def row_of_cells(count=4):
    """Cells of half a degree in a row eastward from 15 N, 0 E."""
    gid = np.array([gid_at(15.25, 0.25 + 0.5 * i) for i in range(count)])
    neighbour = np.full((count, 9), -1, np.int32)
    for c in range(count):
        around = [d for d in (c, c - 1, c + 1) if 0 <= d < count]
        neighbour[c, : len(around)] = around
    return gid, neighbour


def test_sites_markets_and_routes(tmp_path):
    (tmp_path / "gold_sites.csv").write_text("lat,lon,weight\n15.2,0.2,0.5\n15.3,0.9,0.25\n1.0,1.0,9.0\n")
    (tmp_path / "livestock_markets.csv").write_text("lat,lon,weight\n15.2,0.7,2.0\n")
    (tmp_path / "trade_routes.csv").write_text("flow,lat,lon,weight\na,15.2,0.1,1.0\na,15.2,1.2,1.0\nb,15.2,0.1,3.0\n")
    made = riches_of(tmp_path, *row_of_cells())
    assert made[:, Riches.GOLD].tolist() == [1.0, 0.5, 0.0, 0.0]
    assert made[:, Riches.CATTLE].tolist() == [NEAR, 1.0, NEAR, 0.0]
    assert made[:, Riches.TRADE].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_without_tables_nothing_is_rich(tmp_path):
    assert not riches_of(tmp_path, *row_of_cells()).any()


def test_a_missing_column_is_told_in_one_line(tmp_path):
    (tmp_path / "gold_sites.csv").write_text("lat,lon\n15.2,0.2\n")
    with pytest.raises(ValueError, match="column weight is missing"):
        riches_of(tmp_path, *row_of_cells())


@pytest.mark.parametrize(
    ("lat", "lon", "what"),
    [
        (15.75, -0.55, Riches.GOLD),
        (13.35, 0.47, Riches.GOLD),
        (14.033, -0.033, Riches.CATTLE),
        (18.44, 1.41, Riches.TRADE),
    ],
)
def test_known_places_are_rich(region, lat, lon, what):
    assert region.cells.riches[region.cell_at(lat, lon), what] > 0.25


def test_riches_are_shares_of_the_richest(region):
    riches = region.cells.riches
    assert riches.shape == (len(region.cells.gid), 3)
    assert riches.min() == 0.0
    assert riches.max(axis=0).tolist() == [1.0, 1.0, 1.0]
