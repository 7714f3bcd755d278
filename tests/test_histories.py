from __future__ import annotations

import csv
import functools
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from scenarios.conditions import MEASURES
from scenarios.events import KINDS, Context, Withdraw
from scenarios.history import History, first_difference, validate, with_change
from scenarios.scenario_files import load_history
from sim.calendar import date_of, week_of

CONF = Path(__file__).parents[1] / "conf"
SCENARIOS = sorted(path.stem for path in (CONF / "scenario").glob("*.yaml"))
CHAPTERS = sorted(path.stem for path in (CONF / "chapter").glob("*.yaml"))
WHAT_IFS = [
    ("french_withdrawal", "french_stay", date(2021, 7, 5)),
    ("minusma_exit", "minusma_stays", date(2023, 6, 26)),
    ("issp_jnim_truce", "no_truce", date(2023, 4, 10)),
    ("truce_breaks", "truce_holds", date(2023, 11, 6)),
    ("truce_spreads", "truce_stays_local", date(2023, 10, 2)),
    ("niger_coup", "no_coup", date(2023, 7, 24)),
    ("us_leaves_niger", "us_stays_in_niger", date(2023, 7, 31)),
    ("wagner_deployment", "no_wagner", date(2021, 12, 20)),
    ("wagner_leaves", "baseline", date(2023, 7, 3)),
    ("accord_collapses", "accord_holds", date(2022, 12, 19)),
    ("aes_pact", "no_pact", date(2023, 9, 11)),
    ("ecowas_intervention", "baseline", date(2023, 8, 28)),
    ("southern_offensive", "baseline", date(2022, 4, 18)),
    ("arm_militias", "baseline", date(2022, 1, 3)),
    ("prisoner_exchange", "baseline", date(2022, 1, 10)),
    ("state_jnim_talks", "baseline", date(2022, 1, 10)),
    ("jnim_leaves_al_qaeda", "baseline", date(2023, 2, 6)),
    ("littoral_prevention", "littoral_security_only", date(2022, 1, 3)),
    ("french_stay_un_leaves", "french_and_un_stay", date(2023, 6, 26)),
    ("serval_like", "no_serval", date(2024, 1, 8)),
    ("build_your_own", "baseline", date(2022, 9, 5)),
]
"""Scenario, counterfactual and the week from which they may differ."""


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


@functools.cache
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
    with (CONF / "order_of_battle/sources.csv").open(encoding="utf-8") as rows:
        known = {row["key"] for row in csv.DictReader(rows)}
    history = next(found for found in map(load, SCENARIOS) if name in found.chapters)
    where = f"chapter/{name}.yaml, "
    part = next(part for part in history.parts if part.where and part.where[0].startswith(where))
    assert all(event.source and event.confidence in ("A", "B", "C") for event in part.events)
    assert {key for event in part.events for key in event.source} <= known
    assert set(history.sources) <= known


@pytest.mark.parametrize(("name", "other", "day"), WHAT_IFS)
def test_what_ifs_differ_from_their_counterfactual_from_a_known_week_on(
    name: str, other: str, day: date | None
) -> None:
    scenario, counterfactual = load(name), load(other)
    assert scenario.counterfactual == other
    if other != "baseline":
        assert (scenario.start, scenario.weeks) == (counterfactual.start, counterfactual.weeks)
        assert scenario.map_dates == counterfactual.map_dates
    week = first_difference(scenario, counterfactual)
    assert week is not None
    assert date_of(week) == day


@pytest.mark.parametrize("name", [name for name, *_ in WHAT_IFS])
def test_the_change_comes_after_some_months_and_a_year_follows(name: str) -> None:
    history = load(name)
    assert history.change is not None
    before = week_of(history.change) - week_of(history.start)
    assert before >= 20
    assert history.weeks - before >= 52
    assert history.weeks <= 156


def test_every_what_if_is_known() -> None:
    assert {name for name, *_ in WHAT_IFS} == {name for name in SCENARIOS if load(name).counterfactual}


def test_the_day_of_change_is_that_of_the_first_event_that_differs_where_none_is_given() -> None:
    scenario, other = replace(load("minusma_exit"), change=None), load("minusma_stays")
    assert with_change(scenario, other).change == date(2023, 6, 26)
    assert with_change(load("minusma_exit"), other).change == date(2023, 6, 30)
    assert with_change(other, other).change is None
    assert with_change(replace(load("french_withdrawal"), change=None), load("french_stay")).change == date(2021, 7, 5)


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
        (SCENARIO + "with: [one]", CHAPTER, "scenario/test.yaml: with: chapter 'one' is already there"),
        (SCENARIO + "based_on: test", CHAPTER,
         "scenario/test.yaml: chapters and based_on came, expected only one of them; add chapters by with"),
        ("based_on: test", CHAPTER,
         "scenario/test.yaml: based_on leads back to 'test', expected a scenario that is not based on it"),
        ("based_on: tset", CHAPTER, "scenario 'tset' is not known; nearest: 'test'"),
        (SCENARIO, CHAPTER + "needs: two",
         "scenario/test.yaml: chapter 'one' needs 'two', which is not there; add it"),
        (SCENARIO, CHAPTER + "contradicts: one",
         "scenario/test.yaml: chapters 'one' and 'one' contradict each other; choose one"),
        (SCENARIO + "change: 2024-01-01", CHAPTER,
         "scenario/test.yaml: change is 2024-01-01, expected between 2021-07-05 and 2023-12-25"),
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


def test_a_scenario_inherits_what_it_does_not_say() -> None:
    own, base = load("french_and_un_stay"), load("french_stay")
    assert set(base.chapters) - set(own.chapters) == {"minusma_exit"}
    assert (own.weeks, base.weeks) == (156, 130)
    assert load("truce_breaks").chapters == (*load("historical").chapters, "truce_menaka", "truce_gao", "truce_breaks")


def test_added_chapters_are_in_the_scenario_and_removed_ones_not_in_the_counterfactual() -> None:
    named = ("truce_menaka", "niger_coup")
    scenario = load_history("minusma_exit", CONF, added=named)
    other = load_history("minusma_stays", CONF, removed=named)
    assert scenario.chapters == (*load("minusma_exit").chapters, "truce_menaka")
    assert scenario.title == "The UN mission leaves Mali, with truce menaka and niger coup"
    # The threat of ECOWAS needs the coup, and goes with it.
    assert set(load("minusma_stays").chapters) - set(other.chapters) == {"niger_coup", "ecowas_threat"}
    assert other.title == "The UN mission stays in Mali, without niger coup and ecowas threat"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("truce_manaka", "chapter 'truce_manaka' is not known; nearest: 'truce_menaka'"),
        ("truce_breaks",
         "scenario/historical.yaml: chapter 'truce_breaks' needs 'truce_menaka', which is not there; add it"),
        ("accord_carried_out",
         ("scenario/historical.yaml: chapters 'accord_carried_out' and 'accord_unravels' contradict each other; "
          "choose one")),
    ],
)  # fmt: skip
def test_chapters_that_cannot_be_added_are_refused(name: str, line: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        load_history("historical", CONF, added=(name,))
    assert str(refused.value) == line


def test_the_page_on_scenarios_names_all_of_them_and_every_kind_of_event() -> None:
    page = (CONF.parent / "docs/scenarios.md").read_text(encoding="utf-8")
    assert [name for name in (*SCENARIOS, *KINDS, *MEASURES) if f"`{name}`" not in page] == []
    assert [name for name in SCENARIOS if load(name).cannot_tell not in page] == []
    extra = set(CHAPTERS) - set(load("historical").chapters)
    assert [name for name in extra if f"`{name}`" not in page] == []
