"""Windows of a calibration: which there are, the start of each, targets by window, and what is refused."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.calibrate import main, requested
from experiments.calibration import checks, reporting
from experiments.calibration.priors import priors_of, read_question
from experiments.calibration.records import observed, span_of
from experiments.calibration.simulations import EARLIER, Question, in_blocks, simulated, start_of
from experiments.calibration.targets import Span, Targets, over_windows
from experiments.calibration.windows import HELD_OUT, Window, checked, listed, told
from experiments.calibration.work import Calibration
from experiments.composing import composed
from experiments.evidence.panel import month_of
from scenarios.build import Case, build
from scenarios.order_of_battle import load_order_of_battle
from scenarios.region import load_region
from scenarios.strengths import COLUMNS
from sim.world import Role
from tests.test_calibration import FEW, OFFSETS, events
from tests.test_from_events import HERE, records

CONF = EARLIER.parents[1]
ORDER = CONF / "order_of_battle"
EARLY, LATE = Window(date(2018, 1, 1), date(2018, 6, 30)), Window(date(2019, 7, 1), date(2019, 12, 31))
FIRST, SECOND = (Span(window.first, window.months, ("MLI/Gao",)) for window in (EARLY, LATE))


# Which there are


def test_the_windows_that_ship_cover_what_the_organisations_of_the_model_did_before_the_held_out_years():
    windows = checked(listed(read_question()["windows"]), later=False)
    assert [(window.first, window.months) for window in windows] == [(2018 * 12, 24), (2020 * 12, 24)]
    assert all(window.start.weekday() == 0 for window in windows)
    assert windows[-1].until == HELD_OUT
    assert requested([]).windows == windows


def test_a_window_is_compared_from_the_half_year_after_its_start():
    assert (EARLY.first, EARLY.months) == (month_of(date(2018, 1, 1)), 6)
    lead_in = Window(date(2018, 3, 5), date(2019, 6, 30))
    assert (lead_in.first, lead_in.months) == (month_of(date(2018, 7, 1)), 12)
    assert Span(lead_in.first, 12, ()).name == "2018-07..2019-06"


def test_windows_of_the_command_line():
    pair = "2018-01-01..2018-06-30,2019-07-01..2019-12-31"
    assert requested([f"windows={pair}"]).windows == (EARLY, LATE) == told(pair)
    assert requested(["until=2020-12-31"]).windows == (Window(date(2019, 12, 30), date(2020, 12, 31)),)
    assert requested(["start=2020-12-28"]).windows == (Window(date(2020, 12, 28), date(2021, 12, 31)),)
    assert requested(["initial=order_of_battle"]).initial == "order_of_battle"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["windows=2018-01-01"], "windows has '2018-01-01', expected two days such as 2018-01-01..2019-12-31"),
        (["windows=2018-01-01..2022-12-31"], "until is 2022-12-31, but events after 2021-12-31 are held out for tests"),
        (["windows=2018-01-01..2019-11-30"], "until is 2019-11-30, expected the end of a half-year"),
        (
            ["windows=2018-01-01..2019-12-31,2018-12-31..2020-12-31"],
            "windows 2018-2019 and 2019-2020 overlap, expected each month in one window at most",
        ),
        (
            ["windows=2018-01-01..2018-12-31,2019-12-30..2021-12-31"],
            "windows 2018 and 2020-2021 differ in length, expected as many months in each",
        ),
        (
            ["windows=2018-01-01..2019-12-31", "until=2020-12-31"],
            "windows is 2018-01-01..2019-12-31, expected it without",
        ),
        (["initial=events"], "initial is 'events', expected one of: order_of_battle, from_events"),
    ],
)
def test_mistakes_give_one_line(words, line, capsys):
    assert main(words) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


def test_mistakes_in_the_file_give_one_line():
    with pytest.raises(ValueError, match=r"^calibration.yaml: windows has \{start: 2018\}, expected days such as \{"):
        listed([{"start": 2018}])
    with pytest.raises(ValueError, match=r"^windows is empty, expected at least one such as \{start: 2018-01-01"):
        checked([], later=False)


# Targets


def two_windows():
    first, second = FIRST.first, SECOND.first
    return events(
        (0, 10, first, "MLI", "MLI/Gao", 1, 1, "jnim-state", 12.0),
        (0, 11, first + 6, "MLI", "MLI/Gao", 1, 1, "jnim-state", 500.0),  # between the windows
        (0, 12, second, "MLI", "MLI/Gao", 1, 1, "jnim-state", 2.0),
        (0, 13, second + 1, "MLI", "MLI/Gao", 1, 1, "jnim-state", 2.0),
        (0, 14, second + 5, "NER", "NER/Tahoua", 2, 3, "issp-civilians", 30.0),
    )


def test_targets_of_two_windows_that_can_be_counted_by_hand():
    found = over_windows(two_windows(), 1, (FIRST, SECOND), OFFSETS)
    value = dict(zip(found.names, found.values[0], strict=True))
    assert len(value) == len(found.names)
    assert value["deaths_family 2018-01..2018-06 jnim-state"] == pytest.approx(np.log(32.0))
    assert value["deaths_family 2019-07..2019-12 jnim-state"] == pytest.approx(np.log(24.0))
    assert value["events_family 2019-07..2019-12 jnim-state"] == pytest.approx(np.log(6.0))
    assert value["deaths_country 2019-07..2019-12 NER 2019H2"] == pytest.approx(np.log(50.0))
    assert value["events_quarter 2018-01..2018-06 2018-04"] == pytest.approx(np.log(4.0))
    assert value["deaths_region 2018-01..2018-06 MLI/Gao"] == pytest.approx(np.log(32.0))
    assert value["civilians_by 2019-07..2019-12 issp"] == pytest.approx(np.log(50.0 / 110.0))
    assert value["places 2018-01..2018-06 deaths_in_worst_cells"] == 1.0


def test_what_lasts_has_one_value_for_all_windows_in_which_events_count_alike():
    found = over_windows(two_windows(), 2, (FIRST, SECOND), OFFSETS)
    value = dict(zip(found.names, found.values[0], strict=True))
    assert [name for name in found.names if name.startswith(("sizes", "gaps"))] == [
        "sizes log_mean_fights", "sizes log_mean_one_sided", "sizes share_large", "sizes tail", "gaps burstiness",
    ]  # fmt: skip
    # One event in the first window, three in the second; its mean log of fights is log 2.
    assert value["sizes log_mean_fights"] == pytest.approx((np.log(12.0) + 3 * np.log(2.0)) / 4)
    assert np.isfinite(found.values).all(), "a draw without any event"


def test_what_lasts_is_observed_from_2012_on_and_all_else_in_its_window():
    old = (0, 1, month_of(date(2012, 3, 1)), "MLI", "MLI/Gao", 1, 1, "jnim-state", 90.0)
    parts = pd.concat([events(old), two_windows()], ignore_index=True)
    spans = [span_of(parts, window) for window in (EARLY, LATE)]
    assert [span.regions for span in spans] == [(), ("NER/Tahoua",)]
    own, without = (observed(p, spans, OFFSETS, with_facts=False) for p in (parts, two_windows()))
    differ = {name for name, a, b in zip(own.names, own.values[0], without.values[0], strict=True) if a != b}
    assert "sizes log_mean_fights" in differ
    assert all(name.startswith("sizes") for name in differ)
    # Half-years from 2012 on: one fight with 90 deaths, one with 12, one with 500, two with 2 beside a massacre.
    means = np.log(90.0) + np.log(12.0) + np.log(500.0) + 3 * np.log(2.0)
    assert own.values[0, own.names.index("sizes log_mean_fights")] == pytest.approx(means / 6)
    assert own.names == over_windows(parts, 1, spans, OFFSETS).names


def test_a_table_of_targets_tells_window_and_group():
    names = ("places 2018-2019 gini", "places 2020-2021 gini", "sizes tail", "facts a fact", "gaps burstiness")
    names = (*names, "civilians_by 2018-2019 jnim")
    data = Targets(names, np.zeros((1, 6)))
    table = checks.predictive(data, dict.fromkeys(("defaults", "posterior"), np.ones((3, 6))), np.ones(6, bool))
    assert table["window"].tolist() == ["2018-2019", "2020-2021", "", "", "", "2018-2019"]
    assert table["target"].tolist() == ["gini", "gini", "tail", "a fact", "burstiness", "jnim"]
    rows = reporting.groups(table).rows
    assert [row[:3] for row in rows[:3]] == [
        ("places", "2018-2019", "1"), ("places", "2020-2021", "1"), ("sizes", "all", "1"),
    ]  # fmt: skip
    assert [row[0] for row in reporting.targets(table).rows] == list(names)


# Strengths of the time


@pytest.fixture(scope="module")
def region():
    return load_region(CONF / "region")


def strength(region, day, table=EARLIER):
    order = load_order_of_battle(ORDER, region, day, strengths=table)
    return dict(zip(order.ids, order.strength.tolist(), strict=True))


def test_groups_have_the_strength_of_their_time(region):
    early, late = strength(region, date(2018, 1, 1)), strength(region, date(2021, 7, 5))
    assert (early["issp"], early["vdp"], early["ansarul_islam"]) == (425, 0, 250), "570 by the order of battle"
    assert early["katiba_macina"] == 910, "of the order of battle, where the earlier table says nothing"
    assert 0 < strength(region, date(2019, 12, 30))["vdp"] < 1000
    assert late == strength(region, date(2021, 7, 5), None), "what came later is not touched"


def test_strengths_of_the_time_are_drawn_within_their_range():
    case = Case(histories=("historical",), start=EARLY.start, weeks=1, strengths=EARLIER)
    setup = build(case)
    state, _ = setup.lanes(range(300))
    issp = setup.world.units.organisation == setup.names.organisations.index("issp")
    fighters = state.units.fighters[:, issp & (setup.world.units.role == Role.FIGHTERS)].sum(axis=1)
    assert fighters.min() >= 200
    assert fighters.max() <= 1000
    assert fighters.mean() == pytest.approx((200 + 425 + 1000) / 3, rel=0.05)


def table_of(folder: Path, *rows: str) -> Path:
    path = folder / "some.csv"
    path.write_text("\n".join([COLUMNS.replace(" ", ","), *rows]) + "\n", encoding="utf-8")
    return path


def test_a_row_stands_in_place_of_one_of_the_same_day(region, tmp_path):
    table = table_of(tmp_path, "katiba_macina,2018-01-01,1,77,100,judgement,C,")
    assert strength(region, date(2018, 1, 1), table)["katiba_macina"] == 77


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["isp,2018-01-01,1,2,3,judgement,C,"], "some.csv, row 2: organisation 'isp' is not known"),
        (
            ["issp,2018-01-01,4,2,3,judgement,C,"],
            "some.csv, row 2: low 4, best 2, high 3: expected low <= best <= high",
        ),
        (["issp,2018-01-01,1,2,3,judgement,C,"] * 2, "some.csv, row 3: issp has a row of 2018-01-01 already"),
    ],
)
def test_mistakes_in_strengths_are_refused(region, tmp_path, rows, line):
    with pytest.raises(ValueError, match=r".") as caught:
        strength(region, date(2018, 1, 1), table_of(tmp_path, *rows))
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_sources_of_earlier_strengths_are_listed():
    with (ORDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["key"] for row in csv.DictReader(file)}
    with EARLIER.open(encoding="utf-8", newline="") as file:
        used = {key for row in csv.DictReader(file) for key in row["source"].split(";")}
    assert used <= known | {"judgement"}


# Simulations


@pytest.fixture(scope="module")
def question():
    settings = composed(["scenario=historical", "seed=3", "workers=1"])
    known = records([1300, 1290, 1280], [HERE] * 3)  # in December 2017 and January 2018
    return Question(settings, priors_of(FEW), (EARLY, LATE), (FIRST, SECOND), OFFSETS, known, facts=False)


def test_a_window_starts_from_the_events_before_it(question):
    early, late = (build(start_of(question, window)) for window in (EARLY, LATE))
    assert (early.mondays[0], late.mondays[0]) == (EARLY.start, LATE.start)
    assert len(early.memory.key) == 2, "the third event is of the window itself"
    assert len(late.memory.key) == 3
    assert early.order.strength[early.order.ids.index("issp")] == 425
    alone = build(start_of(replace(question, records=None), EARLY))
    assert alone.memory is None


def test_each_window_is_simulated_by_itself(question):
    z = question.priors.sample(2, 1)
    both = simulated(question, z)
    alone = simulated(replace(question, windows=(LATE,), spans=(SECOND,)), z)
    mine = [name for name in alone.names if SECOND.name in name]
    at = [both.names.index(name) for name in mine]
    assert len(mine) > 30
    assert np.array_equal(both.values[:, at], alone.values[:, [alone.names.index(name) for name in mine]])
    assert len([name for name in both.names if FIRST.name in name]) == len(mine)
    assert not np.array_equal(both.values[0], both.values[1]), "another draw"


def test_the_last_week_of_a_window_is_not_counted_in_the_next(question):
    """The week of Monday 2 July 2018 is no part of the first window, although its runs may end in it."""
    windows = (EARLY, Window(date(2018, 7, 2), date(2018, 12, 31)))
    spans = tuple(Span(window.first, window.months, ()) for window in windows)
    z = question.priors.sample(1, 1)
    both = simulated(replace(question, windows=windows, spans=spans), z)
    alone = simulated(replace(question, windows=windows[1:], spans=spans[1:]), z)
    name = "events_quarter 2018-07..2018-12 2018-07"
    assert both.values[0, both.names.index(name)] == alone.values[0, alone.names.index(name)]


def test_known_data_of_the_model_go_the_same_way(question, tmp_path):
    """Synthetic truths are simulated in blocks through all windows, as any draw is."""
    z = question.priors.sample(2, 4)
    kept = in_blocks(question, z, tmp_path, "truths", first=50)
    assert np.array_equal(kept.values, simulated(question, z, 50).values)


def test_the_mark_tells_windows_and_starts_apart(question):
    asked, data = read_question(), Targets(("a b",), np.zeros((1, 1)))

    def mark(words, known=question.records):
        request = requested(words)
        return Calibration(request, replace(question, records=known), data, asked, ()).mark

    one, other = "windows=2018-01-01..2018-06-30", "windows=2018-01-01..2018-12-31"
    assert mark([one]) == mark([one])
    assert len({mark([one]), mark([other]), mark([one], None), mark([one], question.records._replace(mark="b"))}) == 4
