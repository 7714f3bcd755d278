"""Event data in: releases are checked, places and spans are shared out, names and actors mapped."""

import hashlib
import os
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.events_table import COLUMNS
from experiments.evidence import releases
from experiments.evidence.areas import areas
from experiments.evidence.events import LAKE_CHAD, events_of
from experiments.evidence.panel import Reading, month_of, panel, shared_out
from experiments.evidence.releases import NEEDED, fetched, read_release

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
ROW = {
    "id": 1, "date_start": "2022-03-27 00:00:00.000", "date_end": "2022-03-31 00:00:00.000", "side_a": "JNIM",
    "side_b": "Civilians", "dyad_name": "JNIM - Civilians", "type_of_violence": 3, "adm_1": "Mopti region",
    "country": "Mali", "where_prec": 1, "latitude": 14.6, "longitude": -4.1, "priogrid_gid": 150832,
    "best": 10, "low": 8, "high": 12,
}  # fmt: skip


def shared(name="."):
    if not (SHARED / name).exists():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED / name} is missing")
        pytest.skip("needs the GED events in ../shared/data")
    return SHARED / name


def written(folder, *changes, name="GEDEvent_v24_1.csv"):
    rows = [ROW | {"id": at + 1} | change for at, change in enumerate(changes or ({},))]
    file = folder / name
    pd.DataFrame(rows).to_csv(file, index=False)
    return file


def events(folder, *changes):
    return events_of(read_release(written(folder, *changes))[0], areas())


def test_a_release_is_told_by_checksum_version_and_span(tmp_path):
    file = written(tmp_path, {}, {"date_start": "2022-04-01", "date_end": "2022-04-02"})
    frame, (source,) = read_release(tmp_path)
    assert list(frame) == list(NEEDED)
    assert source.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (source.version, source.rows, source.kept) == ("24.1", 2, 2)
    assert (source.first, source.last) == ("2022-03-27", "2022-04-01")
    assert "CC BY 4.0" in source.licence


def test_the_official_49_columns_are_read(tmp_path):
    pd.DataFrame([dict.fromkeys(COLUMNS, "") | ROW]).to_csv(tmp_path / "GEDEvent_v24_1.csv", index=False)
    assert read_release(tmp_path)[0]["best"].tolist() == [10]


def test_an_event_of_two_files_counts_once_and_the_yearly_release_goes_first(tmp_path):
    written(tmp_path, {"best": 10})
    written(tmp_path, {"best": 99}, {"best": 3}, name="GEDEvent_v24_0_3.csv")
    frame, sources = read_release(tmp_path)
    assert frame["best"].tolist() == [10, 3]
    assert [(s.version, s.kept) for s in sources] == [("24.1", 1), ("24.0.3", 1)]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"date_start": "27 March"}, r"row 2: date_start is '27 March', expected a day such as 2022-03-27"),
        ({"date_end": "2022-01-01"}, r"date_end is .*, expected a day not before date_start"),
        ({"best": "many"}, r"best is 'many', expected a number"),
        ({"best": -1}, r"best is -1, expected deaths of 0 or more"),
        ({"type_of_violence": 4}, r"type_of_violence is 4, expected a code from 1 to 3"),
        ({"where_prec": 0}, r"where_prec is 0, expected a code from 1 to 7"),
    ],
)
def test_a_bad_cell_gets_one_line(tmp_path, change, line):
    file = written(tmp_path, change)
    with pytest.raises(ValueError, match=line) as caught:
        read_release(file)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("GEDEvent_v24_1.csv")


def test_a_bad_file_gets_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"no UCDP events at .* expected a CSV of GED or a folder"):
        read_release(tmp_path)
    (tmp_path / "a.csv").write_text("id,date_begin\n1,2022-01-01\n")
    with pytest.raises(ValueError, match=r"a.csv has no column 'date_start'"):
        read_release(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"b.csv is no CSV|b.csv has no column"):
        read_release(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_text("")
    with pytest.raises(ValueError, match=r"c.csv is no CSV"):
        read_release(tmp_path / "c.csv")
    two = pd.DataFrame([ROW, ROW])
    two.to_csv(tmp_path / "d.csv", index=False)
    with pytest.raises(ValueError, match=r"d.csv, row 3: id is 1, expected every event once"):
        read_release(tmp_path / "d.csv")


def test_a_release_is_fetched_once(tmp_path, monkeypatch):
    (tmp_path / "net" / "ged").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "net" / "ged" / "ged241-csv.zip", "w") as archive:
        archive.write(written(tmp_path), "GEDEvent_v24_1.csv")
    monkeypatch.setattr(releases, "PUBLISHER", f"file://{tmp_path}/net/")
    file = fetched("24.1", tmp_path / "cache")
    monkeypatch.setattr(releases, "PUBLISHER", "file:///nowhere/")
    assert fetched("24.1", tmp_path / "cache") == file
    assert read_release(file)[1][0].version == "24.1"


def test_without_a_network_one_line_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(releases, "PUBLISHER", f"file://{tmp_path}/absent/")
    with pytest.raises(ValueError, match=r"could not be fetched .*; download it by hand and give .* events=FILE") as e:
        fetched("24.0.10", tmp_path)
    assert "\n" not in str(e.value)
    with pytest.raises(ValueError, match=r"ged version is 'latest', expected one such as 24\.1"):
        fetched("latest", tmp_path)


def test_regions_have_the_projects_ids(tmp_path):
    names = {"Segou region": "MLI/Ségou", "Ménaka region": "MLI/Gao", "Timetrine region": "MLI/Kidal", "": ""}
    assert events(tmp_path, *({"adm_1": n} for n in names))["region"].tolist() == list(names.values())
    assert len(areas().units("admin1")) == 30
    assert len(areas().units("cell")) == 917


def test_a_new_name_of_a_region_is_read_by_its_cell(tmp_path):
    assert events(tmp_path, {"adm_1": "Bandiagara region"})["region"].tolist() == ["MLI/Mopti"]


def test_the_islamic_state_is_two_actors(tmp_path):
    sahel = {"side_a": "Government of Niger", "side_b": "IS", "country": "Niger", "type_of_violence": 1}
    lake = sahel | {"adm_1": "Diffa region"}
    found = events(tmp_path, sahel | {"adm_1": "Tillabéri region"}, lake, lake | {"side_a": "JAS"})
    assert found["side_b"].tolist() == ["ISSP", "ISWAP", "ISWAP"]
    assert found["theatre"].tolist() == ["sahel", LAKE_CHAD, LAKE_CHAD]
    assert found["family"].tolist() == ["issp-state", "iswap-state", "armed-iswap"]


def test_a_span_is_shared_out_over_months_by_days(tmp_path):
    found = events(tmp_path, {"date_start": "2021-12-22", "date_end": "2022-01-10", "best": 20})
    parts = shared_out(found, areas(), Reading(span="days"))
    assert parts["month"].tolist() == [month_of(date(2021, 12, 1)), month_of(date(2022, 1, 1))]
    assert parts["deaths"].tolist() == [10.0, 10.0]
    assert shared_out(found, areas(), Reading())["month"].tolist() == [month_of(date(2021, 12, 1))]


@pytest.mark.parametrize(("precision", "adm_1", "inside"), [(4, "Mopti region", "MLI/Mopti"), (6, "", "MLI")])
def test_a_vague_place_is_spread_over_its_unit(tmp_path, precision, adm_1, inside):
    where, found = areas(), events(tmp_path, {"where_prec": precision, "adm_1": adm_1})
    own = {int(gid) for gid, region in zip(where.gid, where.region, strict=True) if region.startswith(inside)}
    evenly = shared_out(found, where, Reading("evenly"))
    assert set(evenly["gid"]) == own
    assert np.allclose(evenly["deaths"], 10 / len(own))
    people = shared_out(found, where, Reading("by_people"))
    weight = dict(zip(where.gid.tolist(), where.people, strict=True))
    expected = np.array([weight[int(gid)] for gid in people["gid"]])
    assert np.allclose(people["deaths"], 10 * expected / expected.sum())
    assert people["region"].str.startswith(inside).all()


def test_an_exact_event_just_outside_moves_to_the_nearest_cell(tmp_path):
    outside = {"priogrid_gid": 144321, "latitude": 10.3, "longitude": -5.6, "adm_1": "Sikasso region"}
    parts = shared_out(events(tmp_path, outside), areas(), Reading("by_people"))
    assert set(parts["gid"]) <= set(areas().gid.tolist())
    assert parts["region"].tolist() == ["MLI/Sikasso"]


def test_panels_count_state_based_deaths_apart(tmp_path):
    state = {"type_of_violence": 1, "side_a": "Government of Mali", "side_b": "JNIM", "best": 4}
    parts = shared_out(events(tmp_path, {}, state), areas(), Reading())
    march = month_of(date(2022, 3, 1))
    assert panel(parts, "country", areas()).months(march, 1)[:, 0].tolist() == [0.0, 14.0, 0.0]
    assert panel(parts, "country", areas(), "state_based").months(march, 1)[:, 0].tolist() == [0.0, 4.0, 0.0]
    with pytest.raises(ValueError, match=r"months 2022-04 to 2022-05 are asked for, the events are of 2022-03"):
        panel(parts, "country", areas()).months(march + 1, 2)


def test_a_reading_is_one_of_those_that_exist():
    with pytest.raises(ValueError, match=r"place is 'people', expected one of: as_coded, by_people, evenly"):
        Reading("people")


def test_all_files_at_hand_are_read_and_no_death_is_lost():
    raw, sources = read_release(shared())
    assert [source.kept for source in sources] == [213, 1324, 1664, 26]
    found = events_of(raw, areas())
    assert len(found) == 3201
    for reading in (Reading(), Reading("by_people", "days"), Reading("evenly")):
        assert shared_out(found, areas(), reading)["deaths"].sum() == pytest.approx(found["best"].sum())


def test_the_candidate_sample_is_read():
    frame, (source,) = read_release(shared("ucdp_candidate_events_sample.csv"))
    assert (len(frame), source.version) == (32, "23.0.10 (candidate)")
    assert (events_of(frame, areas())["region"] != "").sum() > 20
