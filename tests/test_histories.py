from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from scenarios.events import Context, Withdraw
from scenarios.history import History, first_difference, load_history, validate
from sim.calendar import date_of, week_of

CONF = Path(__file__).parents[1] / "conf"
SCENARIOS = sorted(path.stem for path in (CONF / "scenario").glob("*.yaml"))
CHAPTERS = sorted(path.stem for path in (CONF / "chapter").glob("*.yaml"))
WHAT_IFS = [
    ("french_withdrawal", date(2021, 7, 5)),
    ("minusma_exit", date(2023, 6, 26)),
    ("issp_jnim_truce", date(2023, 4, 10)),
]


@pytest.fixture(scope="module")
def context() -> Context:
    file = yaml.safe_load((CONF / "order_of_battle/organisations.yaml").read_text(encoding="utf-8"))
    with (CONF / "order_of_battle/bases.csv").open(encoding="utf-8") as rows:
        bases = [row for row in csv.DictReader(rows) if row["role"] != "stronghold"]
    with (CONF / "region/cells.csv").open(encoding="utf-8") as rows:
        regions = frozenset(row["region"] for row in csv.DictReader(rows))
    return Context(
        organisations=frozenset(file["organisations"]),
        coalitions=frozenset(file["coalitions"]),
        regions=regions,
        bases=frozenset(f"{row['organisation']}/{row['place']}" for row in bases),
        places=frozenset(row["place"] for row in bases),
    )


def load(name: str) -> History:
    return load_history(name, CONF)


def withdrawals(name: str) -> list[Withdraw]:
    return [event for event in load(name).events if isinstance(event, Withdraw)]


@pytest.mark.parametrize("name", SCENARIOS)
def test_shipped_histories_are_valid_and_explain_themselves(name: str, context: Context) -> None:
    history = load(name)
    validate(history, context)
    lines = history.explain()
    assert history.title
    assert history.cannot_tell
    assert len(lines) == len(history.events) + len(history.rules)
    days = [line[:10] for line in lines if not line.startswith("rule")]
    assert days == sorted(days)
    assert history.counterfactual is None or history.counterfactual in SCENARIOS


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_is_used_and_every_event_has_a_source(name: str) -> None:
    history = load_history("baseline_empty", CONF, chapters=(name,))
    assert name in load("historical").chapters
    assert all(event.source and event.confidence in ("A", "B", "C") for event in history.events)
    assert history.events or history.rules


@pytest.mark.parametrize(("name", "day"), WHAT_IFS)
def test_what_ifs_differ_from_their_counterfactual_from_a_known_week_on(name: str, day: date) -> None:
    scenario = load(name)
    assert scenario.counterfactual is not None
    counterfactual = load(scenario.counterfactual)
    assert (scenario.start, scenario.weeks) == (counterfactual.start, counterfactual.weeks)
    week = first_difference(scenario, counterfactual)
    assert week is not None
    assert date_of(week) == day
    assert scenario.map_dates == counterfactual.map_dates


def test_every_un_camp_is_left_on_its_own_day() -> None:
    exits = {leg.place: leg.exit for event in withdrawals("minusma_exit") for leg in event.by_place}
    with (CONF / "order_of_battle/bases.csv").open(encoding="utf-8") as rows:
        camps = [row for row in csv.DictReader(rows) if row["organisation"] == "minusma"]
    table = {row["place"]: date.fromisoformat(row["to"]) for row in camps}
    assert len(table) == 13
    assert {place: exits[place] for place in table} == table


def test_french_stay_keeps_the_french_in_mali_and_out_of_burkina_faso() -> None:
    left = {p for event in withdrawals("french_stay") if event.organisation == "barkhane" for p in event.places}
    assert left == {"Kamboinsin", "Ouallam", "Tabarey-Barey/Ayorou", "Niamey"}


def test_the_empty_baseline_is_empty() -> None:
    assert (load("baseline_empty").events, load("baseline_empty").rules) == ((), ())


def test_nothing_is_scripted_after_2023() -> None:
    last = [e.last or e.first for e in load("historical").events]
    assert max(day for day in last if isinstance(day, date)) < date(2024, 2, 1)


SCENARIO = """
title: A test
chapters: [one]
events:
  - {kind: leader_loss, organisation: issp, date: 2022-01-10, shock: 0.5}
"""
CHAPTER = "events:\n  - {kind: leader_loss, organisation: issp, date: 2022-01-03, shock: 0.5}\n"


@pytest.mark.parametrize(
    ("scenario", "chapter", "line"),
    [
        (SCENARIO.replace("chapters", "chapter"), CHAPTER,
         "scenario/test.yaml: key 'chapter' is not known; nearest: 'chapters'"),
        (SCENARIO.replace("[one]", "[ome]"), CHAPTER, "chapter 'ome' is not known; nearest: 'one'"),
        (SCENARIO + "without: [two]", CHAPTER,
         "scenario/test.yaml: without: chapter 'two' is not known; expected one of: one"),
        (SCENARIO + "weeks: 0", CHAPTER, "scenario/test.yaml: weeks is 0, expected a whole number between 1 and 520"),
        (SCENARIO + "start: 2021-02-31", CHAPTER,
         "scenario/test.yaml: start is '2021-02-31', expected a date such as 2022-02-17"),
        (SCENARIO, CHAPTER.replace("shock", "shok"),
         "chapter/one.yaml, event 1 (leader_loss): key 'shok' is not known; nearest: 'shock'"),
        (SCENARIO, CHAPTER.replace("0.5", "1.5"),
         "chapter/one.yaml, event 1 (leader_loss): shock is 1.5, expected between 0 and 1"),
        (SCENARIO.replace("organisation: issp", "organisation: isspp"), CHAPTER,
         "scenario/test.yaml, event 1 (leader_loss): organisation 'isspp' is not known; nearest: 'issp'"),
        (SCENARIO + "map_dates: [2020-01-06]", CHAPTER,
         "scenario/test.yaml: map_dates has 2020-01-06, expected between 2021-07-05 and 2023-12-25"),
        (SCENARIO + "  - {kind: deploy, organisation: issp, place: Nowhere, troops: 5, from: 2022-01-03}", CHAPTER,
         None),
    ],
)  # fmt: skip
def test_wrong_files_are_refused_in_one_line(
    tmp_path: Path, context: Context, scenario: str, chapter: str, line: str | None
) -> None:
    for folder, name, words in (("scenario", "test", scenario), ("chapter", "one", chapter)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.yaml").write_text(words, encoding="utf-8")
    with pytest.raises(ValueError, match=r".") as refused:
        validate(load_history("test", tmp_path), context)
    assert "\n" not in str(refused.value)
    if line is not None:
        assert str(refused.value) == line
    else:
        assert "place 'Nowhere' is not known" in str(refused.value)
        assert str(refused.value).endswith("give lat and lon if it is new")


def test_chapters_can_be_chosen_by_name() -> None:
    history = load_history("historical", CONF, chapters=("niger_coup",))
    assert [event.kind for event in history.events] == ["coup"]
    assert week_of(history.start) + history.weeks == week_of(history.start + timedelta(weeks=130))
