from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from synthetic import Setup, coordinates

from experiments.grid import ZONES, grid, write_grid, zones
from experiments.store import Store


class Plain(Setup):
    """In history 0, replicate r holds share r / 10 everywhere; in history 1 none. Even replicates control."""

    def block(self, first, count):
        arrays = super().block(first, count).arrays
        numbers = np.arange(first, first + count).reshape(-1, 1, 1, 1)
        arrays["share"][0] = numbers / 10
        arrays["share"][1] = 0.0
        arrays["zone"][:] = np.where(numbers % 2 == 0, 4, 0)
        return type(super().block(0, 1))(arrays)


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path, coordinates(), "abc")
    made.write(0, Plain().block(0, 5).arrays)
    return made


def test_probabilities_means_and_differences(store):
    data = grid(store, 5)
    assert data["zone_probability"].dims == ("history", "date", "coalition", "zone", "cell")
    np.testing.assert_allclose(data["zone_probability"].sel(zone="control"), 0.6, rtol=1e-6)
    np.testing.assert_allclose(data["zone_probability"].sel(zone="none"), 0.4, rtol=1e-6)
    np.testing.assert_allclose(data["share_mean"].sel(history="leave"), 0.2, rtol=1e-6)
    np.testing.assert_allclose(data["share_difference_mean"], 0.2, rtol=1e-6)
    np.testing.assert_allclose(data["share_difference_quantile"].sel(quantile=0.95), 0.38, rtol=1e-6)


def test_little_memory_changes_no_grid(store, monkeypatch):
    plain = grid(store, 5)
    monkeypatch.setattr("experiments.grid.ROOM", 1)
    xr.testing.assert_identical(grid(store, 5), plain)


def test_a_run_of_one_history_has_no_difference(tmp_path):
    alone = coordinates(histories=("only",))
    store = Store(tmp_path, alone, "abc")
    store.write(0, Setup(alone).block(0, 2).arrays)
    assert "share_difference_mean" not in grid(store, 2)


def test_the_file_says_what_it_holds(store, tmp_path):
    write_grid(grid(store, 5), tmp_path / "grid.nc")
    with xr.open_dataset(tmp_path / "grid.nc", engine="h5netcdf") as data:
        assert data.attrs["Conventions"] == "CF-1.11"
        assert {"gid", "lat", "lon", "region"} <= set(data.coords)
        assert data["lat"].attrs["units"] == "degrees_north"
        assert all("long_name" in variable.attrs for variable in data.data_vars.values())
        assert str(data["date"].values[0])[:10] == "2021-07-26"


def test_cells_and_people_by_zone(store):
    frame = zones(grid(store, 5), store)
    assert set(frame["zone"]) == set(ZONES)
    chosen = frame[(frame["region"] == "MLI/Gao") & (frame["zone"] == "control")]
    # Cells 0 and 3, with 1000 and 4000 people, are in Gao; 3 of 5 replicates control them.
    np.testing.assert_allclose(chosen["cells"], 1.2, rtol=1e-6)
    np.testing.assert_allclose(chosen["people"], 3000.0, rtol=1e-6)
