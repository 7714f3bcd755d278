from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import first_comparison
from experiments.comparing import line
from experiments.event_sizes import tail_exponent
from experiments.ged import TOTALS, half_year, observed_totals, read_ged, shipped_totals

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
HEAD = "id,date_start,side_a,side_b,dyad_name,type_of_violence,adm_1,country,best\n"
ROWS = (
    "1,2021-07-04,JNIM,x,a - b,1,Mopti region,Mali,5\n"  # before the run begins
    "2,2021-08-01 00:00:00.000,IS,JNIM,IS - JNIM,2,Gao region,Mali,12\n"
    "3,2022-03-01,IS,Civilians,IS - Civilians,3,Diffa region,Niger,7\n"  # Lake Chad
    "4,2022-03-01,IS,Civilians,IS - Civilians,3,Tahoua region,Niger,9\n"
    "5,2022-03-02,IS,Civilians,IS - Civilians,3,Tahoua region,Niger,0\n"
    "6,2022-03-02,JAS,Civilians,JAS - Civilians,3,Zinder region,Niger,3\n"
    "7,2023-01-01,IS,Civilians,IS - Civilians,3,Tahoua region,Niger,9\n"  # kept for tests of forecasts
    "8,2022-03-01,M23,Civilians,M23 - Civilians,3,Nord Kivu,DR Congo,50\n"
)


@pytest.fixture
def totals(tmp_path):
    (tmp_path / "GEDEvent_v24_1.csv").write_text(HEAD + ROWS)
    return observed_totals(read_ged(tmp_path))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    words = ["scenario=historical", "replicates=2", "weeks=26", "draws=none", f"output={folder}"]
    return first_comparison.compared(first_comparison.composed(words), shipped_totals())


def test_events_outside_time_place_and_war_are_left_out(totals):
    assert totals[totals["measure"] == "deaths"]["value"].tolist() == [12, 9]
    assert totals[totals["measure"] == "events"]["value"].tolist() == [1, 1]  # one had no death
    rivals, region = (totals[totals["measure"] == m] for m in ("rivals", "region"))
    assert rivals[["half_year", "value"]].to_numpy().tolist() == [["2021H2", 12]]
    assert region["name"].tolist() == ["MLI/Gao region", "NER/Tahoua region"]
    assert totals.set_index("name")["value"]["mean"] == 10.5


def test_missing_files_and_columns_are_told_in_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"GEDEvent_v24_1.csv.*give ged=<file or folder>"):
        read_ged(tmp_path)
    (tmp_path / "GEDEvent.csv").write_text("id,best\n1,2\n")
    with pytest.raises(ValueError, match="no column 'date_start'"):
        read_ged(tmp_path / "GEDEvent.csv")


@pytest.mark.skipif(not SHARED.is_dir() and "CI" not in os.environ, reason="needs the GED events in ../shared/data")
def test_the_totals_that_ship_are_those_of_ged():
    made = observed_totals(read_ged(SHARED)).reset_index(drop=True)
    pd.testing.assert_frame_equal(made, pd.read_csv(TOTALS, dtype={"violence": str}), check_dtype=False)


def test_a_year_has_two_halves():
    assert [half_year(date(2022, m, 1)) for m in (1, 6, 7, 12)] == ["2022H1", "2022H1", "2022H2", "2022H2"]


def test_the_exponent_of_a_known_tail_is_found():
    sizes = np.arange(1, 20_001)
    drawn = np.repeat(sizes, (1e7 * sizes**-2.5).astype(int))
    exponent, error = tail_exponent(drawn)
    assert exponent == pytest.approx(2.5, abs=0.03)
    assert 0 < error < 0.01
    assert np.isnan(tail_exponent([10] * 9)[0])


def test_a_line_is_near_within_a_factor_of_three():
    assert line("a", 3.0, np.array([1.0, 1.0]))["near"] is True
    assert line("a", 3.1, np.array([1.0, 1.0]))["near"] is False
    assert line("a", 0.0, np.array([1.0, 1.0]))["near"] is None


def test_a_run_writes_all_tables(run):
    folder, page = run
    names = {path.name for path in (folder / "first_comparison").iterdir()}
    assert names == {"deaths.csv", "rivals.csv", "civilians.csv", "events.csv", "regions.csv",
                     "first_comparison.md"}  # fmt: skip
    deaths = pd.read_csv(folder / "first_comparison" / "deaths.csv")
    assert deaths["what"].str.contains("2021H2").all()  # the only half-year that the run holds
    assert len(deaths) == 12
    assert deaths.loc[deaths["what"] == "BFA 2021H2 all", "observed"].item() == 714 + 27 + 85
    assert "## Deaths by first-order region" in page


def test_deaths_by_type_add_up(run):
    deaths = pd.read_csv(run[0] / "first_comparison" / "deaths.csv").set_index("what")["simulated"]
    for code in ("MLI", "NER", "BFA"):
        parts = [deaths[f"{code} 2021H2 {kind}"] for kind in ("state-based", "non-state", "one-sided")]
        assert deaths[f"{code} 2021H2 all"] == pytest.approx(sum(parts))


def test_mistakes_end_with_one_line_and_code_2(tmp_path, capsys):
    assert first_comparison.main([f"ged={tmp_path}"]) == 2
    assert first_comparison.main(["replicate=3"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("error: no GED events at")
    assert told[1].endswith("did you mean 'replicates'?")
