"""Hindcast: what was known then, what would have been recorded, draws by unit and month, tests of differences."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from experiments.events_table import Sides, ged_table
from experiments.evidence.areas import areas
from experiments.evidence.draws import as_recorded, months_of, sample, simulated
from experiments.evidence.events import events_of
from experiments.evidence.observation import RECORDED_ALL, Observation, noticed, recorded, town_distance
from experiments.evidence.paired import diebold_mariano, paired
from experiments.evidence.panel import month_of
from experiments.evidence.releases import read_release
from experiments.evidence.scoring import SIMULATOR, scored, summary
from experiments.hindcast import main, origins, requested
from scenarios.build import Case, build
from scenarios.event_log import DEATHS, EventLog, event_log
from sim.calendar import week_of
from sim.state import Field
from tests.test_evidence_data import ROW

ORIGIN = date(2021, 8, 31)


@pytest.fixture(scope="module")
def setup():
    return build(Case(histories=("historical",), weeks=3, known=ORIGIN))


@pytest.fixture(scope="module")
def log(setup):
    return event_log(setup, 0, 3)


def made_log(deaths, cell=0, violence=1, replicate=None):
    values = np.zeros((len(deaths), len(Field)), np.int32)
    values[:, Field.DEATHS_B], values[:, Field.CELL], values[:, Field.VIOLENCE] = deaths, cell, violence
    number = np.zeros(len(deaths)) if replicate is None else replicate
    return EventLog(np.asarray(number, np.int32), np.zeros(len(deaths), np.int32), values)


def test_only_what_had_begun_by_the_origin_happens(setup):
    (history,) = setup.histories
    assert history.events
    assert max(event.first for event in history.events) <= ORIGIN
    assert not history.rules
    assert build(Case(histories=("historical",), weeks=2)).histories[0].events[-1].first > ORIGIN


def test_the_log_holds_the_deadly_events_of_each_replicate(setup, log):
    for replicate in range(3):
        rows = np.array([row.values for row in setup.event_rows(replicate, 0)])
        deadly = rows[rows[:, DEATHS].sum(axis=1) > 0]
        assert np.array_equal(log.values[log.replicate == replicate], deadly)


def test_draws_do_not_depend_on_workers_or_their_number(setup, log):
    for draws, workers in ((3, 2), (9, 2), (9, 1)):
        other = simulated(setup, draws, workers)
        first = other.replicate < 3
        assert all(np.array_equal(a, b[first]) for a, b in zip(log, other, strict=True))


def test_simulated_events_leave_in_the_columns_that_are_read(setup, tmp_path):
    table = ged_table(setup.event_rows(0, 0), Sides(setup.world, setup.names))
    table.to_csv(tmp_path / "GEDEvent_v0_1.csv", index=False)
    where = areas()
    back = events_of(read_release(tmp_path)[0], where)
    core = table[table["country"].isin(["Mali", "Niger", "Burkina Faso"])]
    assert back["best"].sum() == core["best"].sum()
    assert (back["region"] != "").all()
    own = as_recorded(setup, event_log(setup, 0, 1), RECORDED_ALL, 1)
    own = own[own["country"].isin(["BFA", "MLI", "NER"])]
    assert sorted(own["family"]) == sorted(back["family"].str.replace("iswap", "issp"))
    assert sorted(own["region"]) == sorted(back["region"])
    assert own["deaths"].sum() == back["best"].sum()


def test_a_death_is_noticed_in_the_head():
    how = Observation(near=0.5, far=0.1, reach=100.0)
    km = np.array([0.0, 1e6])
    assert noticed(np.array([1, 1]), km, how).tolist() == pytest.approx([0.5, 0.1])
    assert noticed(np.array([2, 2]), km, how).tolist() == pytest.approx([0.75, 0.19])


def test_all_is_recorded_if_all_is_noticed(log, setup):
    told = recorded(log, town_distance(setup.region), RECORDED_ALL, 1)
    assert np.array_equal(told, log.values[:, DEATHS].sum(axis=1))


def test_far_small_and_one_sided_events_are_missed_more_often():
    how, many = Observation(contested=0.0), np.ones(20_000)
    km = np.array([0.0, 300.0])
    near, far = (float((recorded(made_log(many, cell=c), km, how, 1) > 0).mean()) for c in (0, 1))
    assert near == pytest.approx(how.near, abs=0.02)
    assert far == pytest.approx(how.far, abs=0.03)
    civilians = float((recorded(made_log(many, violence=3), km, how, 1) > 0).mean())
    assert civilians == pytest.approx(how.near * how.attributed, abs=0.02)
    assert (recorded(made_log(20 * many, cell=1), km, how, 1) == 20).mean() > 0.99


def test_contested_counts_scatter_around_the_count():
    told = recorded(made_log(np.full(20_000, 50)), np.zeros(1), Observation(contested=1.0), 1)
    assert np.median(told) == pytest.approx(50, abs=1)
    assert np.log(told / 50).std() == pytest.approx(Observation().spread, abs=0.02)


def test_a_draw_is_recorded_alike_beside_others():
    deaths, replicate = np.arange(1, 21), np.repeat([0, 1], 10)
    both = recorded(made_log(deaths, replicate=replicate), np.zeros(1), Observation(), 5)
    alone = recorded(made_log(deaths[10:], replicate=replicate[10:]), np.zeros(1), Observation(), 5)
    assert np.array_equal(both[10:], alone)


def test_a_week_belongs_to_the_month_of_its_thursday():
    mondays = [date(2021, 12, 27), date(2022, 1, 3), date(2021, 11, 29)]
    expected = [date(2021, 12, 1), date(2022, 1, 1), date(2021, 12, 1)]
    weeks = np.array([week_of(day) for day in mondays], np.int32)
    assert months_of(weeks).tolist() == [month_of(day) for day in expected]


def test_a_sample_counts_by_draw_unit_and_month():
    row = {"country": "MLI", "region": "MLI/Gao", "gid": 152284, "family": "jnim-state", "theatre": "sahel"}
    parts = pd.DataFrame(
        [
            row | {"draw": 0, "month": 100, "violence": 1, "deaths": 3.0},
            row | {"draw": 0, "month": 100, "violence": 3, "deaths": 4.0},
            row | {"draw": 2, "month": 101, "violence": 1, "deaths": 5.0},
            row | {"draw": 1, "month": 102, "violence": 1, "deaths": 9.0},
            row | {"draw": 1, "month": 101, "violence": 1, "deaths": 9.0, "country": "BEN", "region": "x", "gid": 1},
        ]
    )
    where, span = areas(), (100, 2)
    whole = sample(parts, "country", where, span, 3, "all")
    assert whole.shape == (3, 3, 2)
    assert whole[:, 1].tolist() == [[7.0, 0.0], [0.0, 0.0], [0.0, 5.0]]
    assert whole.sum() == 12
    assert sample(parts, "cell", where, span, 3, "state_based").sum() == 8
    assert sample(parts, "admin1", where, span, 3, "jnim-state")[0].sum() == 7


def test_the_better_conflictology_is_the_mark_and_losses_are_told():
    seen = np.full((2, 3), 10.0)
    forecasts = {SIMULATOR: 9.0, "conflictology_12": 6.0, "conflictology_36": 8.0, "zeros": 0.0}
    draws = {name: np.full((1, 2, 3), value) for name, value in forecasts.items()}
    told = summary(scored(draws, seen, ("A", "B"), 100)).set_index("model")
    assert told["crps"].to_dict() == {SIMULATOR: 1.0, "conflictology_12": 4.0, "conflictology_36": 2.0, "zeros": 10.0}
    assert told["against"].tolist() == [-0.5, 1.0, 0.0, 4.0]
    assert told["verdict"].tolist() == ["better", "worse", "equal", "worse"]


def test_a_difference_is_told_from_chance():
    chance = np.random.default_rng(5)
    other = chance.gamma(2.0, size=(30, 24))
    found = paired(other - 1.0, other)
    assert (found.difference, found.low, found.high) == pytest.approx((-1.0, -1.0, -1.0))
    noise = [paired(chance.normal(size=(5, 24)), chance.normal(size=(5, 24))).p for _ in range(200)]
    assert np.mean(np.array(noise) < 0.1) == pytest.approx(0.1, abs=0.07)
    assert diebold_mariano(np.zeros(12)) == (0.0, 1.0)
    assert diebold_mariano(chance.normal(1.0, 0.3, 12))[1] < 0.001


def test_the_run_begins_half_a_year_before_the_origin():
    (question,) = requested(["origin=2021-12-31"]).questions
    assert question.case.start == date(2021, 7, 5)
    assert question.case.weeks == 78
    assert question.case.known == date(2021, 12, 31)


def test_origins_are_ends_of_months():
    assert origins("2020-02-29,2021-12-31") == (date(2020, 2, 29), date(2021, 12, 31))
    assert len(origins("2019-12-31..2021-12-31")) == 9


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["origin=2021-12-30"], "origin is 2021-12-30, expected the end of a month such as 2021-12-31"),
        (["origin=soon"], "origin is 'soon', expected a day such as 2021-12-31"),
        (["unit=cells"], "unit is 'cells', expected one of: country, admin1, cell, all, did you mean 'cell'?"),
        (["draws=none"], "draws is 'none', expected a whole number from 1 to 100000"),
        (["horizont=3"], "horizont"),
        (["events=/nowhere"], "no UCDP events at '/nowhere'"),
    ],
)
def test_a_mistake_gets_one_line(words, line, capsys):
    assert main(words) == 2
    told = capsys.readouterr().err
    assert line in told
    assert told.count("\n") == 1


def written_events(folder):
    days = pd.period_range("2018-01", "2021-10", freq="M").to_timestamp()
    rows = [ROW | {"id": at, "date_start": str(day)[:10], "date_end": str(day)[:10]} for at, day in enumerate(days)]
    pd.DataFrame(rows).to_csv(folder / "GEDEvent_v24_1.csv", index=False)


def test_a_hindcast_writes_draws_scores_and_pictures_and_a_forecast_draws_alone(tmp_path, capsys):
    written_events(tmp_path)
    words = [f"events={tmp_path}", f"output={tmp_path}/runs", "draws=3", "spinup=9", "horizon=2", "workers=1"]
    assert main([*words, "origin=2021-08-31,2021-09-30", "unit=admin1"]) == 0
    told = capsys.readouterr().out
    assert "2021-09-30: the records do not reach to the end of the horizon, draws only" in told
    assert "worse" in told
    first, second = sorted((tmp_path / "runs").glob("hindcast-*/*/"))
    names = {file.name for file in first.iterdir()}
    assert {"draws_admin1.parquet", "scores.parquet", "summary.csv", "hindcast.json"} <= names
    assert {"calibration_admin1_all.png", "wins_admin1_state_based.png"} <= names
    assert {file.name for file in second.iterdir()} == {"draws_admin1.parquet", "hindcast.json"}
    draws = pd.read_parquet(first / "draws_admin1.parquet")
    assert set(draws["month"]) <= {"2021-09", "2021-10"}
    assert set(draws["violence"]) == {"all", "state_based"}
    assert draws["draw"].max() <= 2
