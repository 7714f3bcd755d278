from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic import Setup, coordinates

from experiments import tables
from experiments.store import Store
from experiments.tables import TABLES, write_tables

REPLICATES = 5


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = Store(tmp_path_factory.mktemp("run"), coordinates(), "abc")
    made.write(0, Setup().block(0, 3).arrays)
    made.write(3, Setup().block(3, 3).arrays)
    return made


@pytest.fixture(scope="module")
def arrays():
    return Setup().block(0, REPLICATES).arrays


def row(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_control_by_region(store, arrays):
    frame = TABLES["control_by_region"](store, REPLICATES)
    assert list(frame.columns[:5]) == ["history", "date", "coalition", "region", "measure"]
    assert len(frame) == 2 * 2 * 32 * 4 * 3
    day = pd.Timestamp(store.coordinates.week[30])
    found = row(frame, history="stay", date=day, coalition="issp", region="BFA/Sahel", measure="area")
    drawn = arrays["area"][1, :, 30, 1, 2].astype(float)
    np.testing.assert_allclose(found[["mean", "q50"]].astype(float), [drawn.mean(), np.median(drawn)], rtol=1e-6)


def test_attacks_are_summed_over_regions(store, arrays):
    frame = TABLES["attacks"](store, REPLICATES)
    found = row(frame, history="leave", date=pd.Timestamp(store.coordinates.week[29]), coalition="jnim")
    assert found["mean"] == arrays["attacks"][0, :, 29, 0].sum() / REPLICATES


def test_attacks_by_region_are_summed_over_four_weeks(store, arrays):
    frame = TABLES["attacks_by_region"](store, REPLICATES)
    assert frame["date"].nunique() == 8
    day = pd.Timestamp(store.coordinates.week[28])
    found = row(frame, history="leave", date=day, coalition="mali", region="MLI/Mopti")
    assert found["mean"] == arrays["attacks"][0, :, 28:32, 2, 1].sum() / REPLICATES


def test_an_incomplete_step_of_four_weeks_is_left_out(tmp_path):
    short = Store(tmp_path, coordinates(weeks=30), "abc")
    short.write(0, Setup(coordinates(weeks=30)).block(0, 1).arrays)
    assert TABLES["attacks_by_region"](short, 1)["date"].nunique() == 7


def test_violence_and_threat(store, arrays):
    found = row(
        TABLES["violence"](store, REPLICATES),
        history="leave",
        date=pd.Timestamp(store.coordinates.week[0]),
        country="BFA",
        violence="3",
    )
    assert found["mean"] == arrays["deaths"][0, :, 0, 1, 2].mean()
    threat = TABLES["threat"](store, REPLICATES)
    assert set(threat["threat"]) == {"capital_attacks_bamako", "transnational_jnim"}


def test_deaths_by_actor_and_clashes_have_their_measures(store):
    assert set(TABLES["deaths_by_actor"](store, REPLICATES)["measure"]) == {"fallen", "civilians"}
    assert set(TABLES["clashes"](store, REPLICATES)["measure"]) == {"clashes", "begun", "deaths"}


def test_ground_is_told_every_fourth_week_and_recruits_at_the_end(store, arrays):
    frame = TABLES["ground"](store, REPLICATES)
    day = pd.Timestamp(store.coordinates.month[2])
    found = row(frame, history="stay", date=day, coalition="jnim", region="MLI/Gao", measure="governed")
    np.testing.assert_allclose(found["mean"], arrays["governed"][1, :, 2, 0, 0].mean(), rtol=1e-6)
    assert frame["date"].nunique() == 8
    recruits = TABLES["recruits"](store, REPLICATES)
    assert set(recruits["date"]) == {pd.Timestamp(store.coordinates.week[-1])}
    assert (recruits["mean"] > 0).all()


def test_little_memory_changes_no_table(store, monkeypatch):
    plain = {name: made(store, REPLICATES) for name, made in TABLES.items()}
    monkeypatch.setattr(tables, "ROOM", 1)
    for name, made in TABLES.items():
        pd.testing.assert_frame_equal(made(store, REPLICATES), plain[name])


def test_tables_come_back_from_disk_with_dates(store, tmp_path):
    write_tables(store, REPLICATES, tmp_path)
    frame = pd.read_parquet(tmp_path / "violence.parquet")
    assert frame["date"].min() == pd.Timestamp("2021-07-05")
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(TABLES)


def test_relations_tell_the_share_of_replicates_and_of_contact(store):
    frame = TABLES["relations"](store, REPLICATES)
    assert len(frame) == 2 * 2 * 6 * 6
    day = pd.Timestamp(store.coordinates.date[1])
    mine = frame[
        (frame["history"] == "stay") & (frame["date"] == day) & (frame["a"] == "jnim") & (frame["b"] == "issp")
    ]
    by_stance = mine.set_index("stance")
    assert by_stance["share"].to_dict() == pytest.approx(
        {"peace": 0, "coexistence": 0, "truce": 0.4, "rivalry": 0, "war": 0.6, "apart": 0}
    )  # replicates 1 and 3 of five keep a truce
    assert by_stance.loc["truce", "contact"] == pytest.approx(0.4 * 0.75)
    apart = frame[(frame["stance"] == "apart") & (frame["a"] != "jnim")]
    assert (apart["share"] == 1).all()


def test_support_names_giver_and_receiver(store, arrays):
    frame = TABLES["support"](store, REPLICATES)
    day = pd.Timestamp(store.coordinates.date[0])
    found = row(frame, history="leave", date=day, giver="issp", receiver="mali")
    assert found["mean"] == pytest.approx(arrays["cover"][0, :, 0, 3].mean())
    found = row(frame, history="leave", date=day, giver="mali", receiver="issp")
    assert found["mean"] == pytest.approx(arrays["covered"][0, :, 0, 3].mean())


def test_totals_of_four_weeks_have_quantiles_of_their_own(store, arrays):
    day = pd.Timestamp(store.coordinates.week[28])
    found = row(TABLES["attacks_in_4_weeks"](store, REPLICATES), history="leave", date=day, coalition="mali")
    totals = arrays["attacks"][0, :, 28:32, 2].sum(axis=(1, 2))
    assert [found["mean"], found["q50"]] == pytest.approx([totals.mean(), np.median(totals)])
    frame = TABLES["threat_in_4_weeks"](store, REPLICATES)
    assert frame["threat"].unique().tolist() == ["capital_attacks_bamako"]  # an index is not summed
    found = row(frame, history="leave", date=day, threat="capital_attacks_bamako")
    assert found["q95"] == pytest.approx(np.quantile(arrays["threat"][0, :, 28:32, 0].sum(axis=1), 0.95))
