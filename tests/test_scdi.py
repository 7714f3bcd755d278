"""Spatial concentration: numbers that one can check in the head, and a slow twin by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import scdi
from experiments.scdi import Cells, Kind


def lattice(rows: int = 5, columns: int = 5) -> Cells:
    lat, lon = (part.ravel() for part in np.mgrid[0:rows, 0:columns] * 0.5 + 0.25)
    return Cells(np.arange(lat.size), lat, lon)


def test_expected_distance_of_two_and_three_events_over_two_cells() -> None:
    between = np.array([[0.0, 50.0], [50.0, 0.0]])
    assert scdi.expected_distance(between, np.array([2.0, 3.0])) == pytest.approx([25.0, 12.5])


def test_expected_distance_is_that_of_events_strewn_at_random() -> None:
    cells = lattice(3, 3)
    between = 111.2 * np.hypot(*(np.subtract.outer(part, part) for part in (cells.lat, cells.lon)))
    strewn = np.random.default_rng(1).integers(0, 9, (20_000, 4))
    nearest = between[strewn[:, :1], strewn[:, 1:]].min(axis=1).mean()
    assert scdi.expected_distance(between, np.array([4.0]))[0] == pytest.approx(nearest, rel=0.03)


def test_nearest_distance_is_zero_within_a_cell_and_else_to_the_next() -> None:
    between = np.array([[0.0, 50.0, 100.0], [50.0, 0.0, 50.0], [100.0, 50.0, 0.0]])
    assert scdi.nearest_distance(np.array([[2.0, 0.0, 1.0], [1.0, 1.0, 1.0]]), between) == pytest.approx([100, 150])


def test_heaped_events_are_clustered_and_spread_ones_dispersed() -> None:
    cells = lattice()
    heaped, spread = np.zeros((13, 25)), np.zeros((13, 25))
    heaped[:, 12] = 4
    spread[:, [6, 8, 16, 18]] = 1  # corners of the square around the middle
    dense = 1.0 / cells.area[12]
    assert scdi.kinds([heaped], cells, dense)[12] == Kind.CLUSTERED_HIGH
    assert scdi.kinds([heaped], cells, 1.0)[12] == Kind.CLUSTERED_LOW
    assert scdi.kinds([heaped], cells, dense)[0] == Kind.NONE
    spread[0, 12] = 1
    assert scdi.kinds([spread], cells, dense)[12] == Kind.DISPERSED_HIGH


def test_a_cell_with_a_lone_event_is_dispersed() -> None:
    cells, lone = lattice(), np.zeros((13, 25))
    lone[3, 12] = 1
    assert scdi.kinds([lone], cells, 1.0)[12] == Kind.DISPERSED_LOW


def test_intensity_is_measured_against_the_mean_of_cells_with_events() -> None:
    cells = lattice()
    found = np.zeros((26, 25))
    found[0, 0], found[0, 1] = 30, 10
    assert scdi.mean_intensity([found], cells) == pytest.approx((30 / cells.area[0] + 10 / cells.area[1]) / 2)
    assert cells.area[0] == pytest.approx(55.6**2, rel=0.01)


def test_events_are_counted_by_four_weeks_and_cell() -> None:
    cells, start = lattice(), pd.Timestamp("2022-01-03")
    days = ["2022-01-03", "2022-01-24", "2022-01-31", "2022-03-28", "2022-01-03"]
    events = pd.DataFrame({"date_start": days, "priogrid_gid": [3, 3, 3, 3, 99]})
    found = scdi.counts(events, cells, start, 10)
    assert found.shape == (2, 25)
    assert found[:, 3].tolist() == [2, 1]
    assert found.sum() == 3
