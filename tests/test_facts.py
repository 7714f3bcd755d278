"""Facts: the list against the patterns that it has to hold, and each kind of measure on numbers by hand."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.expected import read_expectations
from experiments.facts.card import Card, facts_frame, read_signs, shown, signs_frame
from experiments.facts.coincidence import counted, ratios
from experiments.facts.control import control, read_reports
from experiments.facts.measures import middle, value
from experiments.facts.places import cells_of
from experiments.facts.reading import Fact, Part, part_of, read_facts
from experiments.facts.records import Records
from experiments.layout import AXES
from scenarios.build import EventRow
from sim.state import EventKind, Field, Zone
from tests import small
from tests.synthetic import coordinates

PATTERNS = Path(__file__).resolve().parents[2] / "shared" / "stylised_facts.yaml"
NAMES = coordinates(weeks=52)
MONTHS = len(NAMES.month)
JNIM = {"coalition": ["jnim"]}
HALF = {"from": date(2022, 1, 3), "to": date(2022, 6, 30)}
FIRST_HALF = {"from": date(2021, 7, 5), "to": date(2022, 1, 2)}


class Kept:
    """A store of arrays that are at hand, zero where not set, for 3 replicates."""

    def __init__(self, **arrays):
        self.coordinates = NAMES
        self.arrays = {name: np.zeros((3, *NAMES.shape(name))) for name in AXES} | arrays

    def load(self, array, history, piece, replicates, reduce):
        return reduce(self.arrays[array][:replicates, piece])


def records(sample=(), setup=None, **arrays):
    return Records(setup, Kept(**arrays), 3, sample)


def weekly(array, rows):
    """An array of 3 replicates with `rows[r]` = {week: value} for JNIM in Gao."""
    made = np.zeros((3, *NAMES.shape(array)))
    for r, row in enumerate(rows):
        for step, number in row.items():
            made[r, step, 0, 0] = number
    return made


@pytest.mark.skipif(not PATTERNS.is_file() and "CI" not in os.environ, reason="needs ../shared/stylised_facts.yaml")
def test_the_list_holds_every_pattern_with_its_band():
    wanted = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    facts = {fact.id: fact for fact in read_facts()}
    assert sorted(facts) == sorted(row["id"] for row in wanted["facts"])
    assert {e.id for e in read_expectations()} == {row["id"] for row in wanted["expectations"]}
    for row in wanted["facts"]:
        (part, *others) = facts[row["id"]].parts
        if row["band"] and row["kind"] != "timing":
            assert (part.band, others) == (tuple(row["band"]), []), row["id"]
        if row["kind"] == "timing":
            months = [date.fromordinal(int(day)).strftime("%Y-%m") for day in part.band]
            assert months == row["band"], row["id"]
        if not row["band"]:
            assert all(p.why for p in facts[row["id"]].parts), f"{row['id']} has a band of ours without a reason"


def test_every_fact_and_statement_has_a_source_and_every_measure_can_be_read():
    facts, reports = read_facts(), read_reports()
    assert len(facts) == len({fact.id for fact in facts}) == 25
    assert len(reports) == len({report.told["id"] for report in reports}) >= 25
    assert all(fact.source and fact.group and fact.parts for fact in facts)
    assert {report.told["sure"] for report in reports} == {"stated", "assessed", "implied"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"band": [2, 1]}, "band is [2, 1], expected the lower bound first"),
        ({"measure": {"arrays": "attacks"}}, "unknown 'arrays', expected one of: array"),
        ({"measure": {"array": "attack", "where": {}}}, "unknown 'attack'.*did you mean 'attacks'"),
        (
            {"measure": {"array": "attacks", "where": {"dyad": ["a"]}}},
            "unknown 'dyad', expected one of: week, coalition",
        ),
        ({"bound": 3}, "unknown 'bound'"),
    ],
)
def test_a_fact_that_cannot_be_measured_is_refused_in_a_line(changed, told):
    row = {"text": "a", "band": [0, 1], "measure": {"array": "attacks", "where": {}}} | changed
    with pytest.raises(ValueError, match=told.replace("[2, 1]", r"\[2, 1\]")) as refused:
        part_of("fact a", row)
    assert "\n" not in str(refused.value)


def test_a_band_holds_its_bounds():
    part = Part("a", "", (1.0, 3.0), {})
    assert part.holds([0.9, 1.0, 3.0, 3.1, np.inf, np.nan]).tolist() == [False, True, True, False, False, False]
    assert middle(np.array([1.0, 2.0, np.inf]))[1] == 2.0
    assert np.isnan(middle(np.empty(0))).all()


def test_totals_and_rates_of_a_span():
    counts = records(attacks=weekly("attacks", [{26: 3, 27: 1, 0: 9}, {}, {51: 4}]))
    how = {"array": "attacks", "where": JNIM, **HALF}
    assert value(how, counts).tolist() == [4, 0, 4]  # week 0 lies before the span
    weeks = int(counts.span(HALF["from"], HALF["to"]).sum())
    assert value(how | {"per": "month", "scale": 2}, counts) == pytest.approx(np.array([8, 0, 8]) * 30.44 / (7 * weeks))
    assert not value(how | {"to": date(2022, 12, 31)}, counts).size  # the run ends before
    assert not value(how | {"from": date(2021, 6, 1)}, counts).size  # and begins later


def test_a_ratio_of_counts_gets_a_half_on_both_sides():
    counts = records(attacks=weekly("attacks", [{0: 2, 30: 7}, {30: 3}, {}]))
    how = {"array": "attacks", "where": JNIM, **HALF, "ratio": FIRST_HALF}
    weeks = [int(counts.span(s["from"], s["to"]).sum()) for s in (HALF, FIRST_HALF)]
    found = value(how, counts)
    assert found == pytest.approx(np.array([7.5 / 2.5, 3.5 / 0.5, 1.0]) * weeks[1] / weeks[0])


def test_a_ratio_of_stocks_gets_nothing_added():
    held = records(people=weekly("people", [dict.fromkeys(range(52), 5.0), {30: 2.0}, {3: 4.0}]))
    how = {"array": "people", "where": JNIM, **HALF, "ratio": FIRST_HALF}
    assert value(how, held) == pytest.approx([1.0, 0.0])  # the second replicate had nothing before and says nothing


def test_the_day_on_which_the_last_town_is_lost():
    towns = weekly("towns", [{2: 1, 5: 2}, {}, dict.fromkeys(range(MONTHS), 1)])
    how = {"lost": "towns", "where": JNIM, "from": NAMES.month[0], "to": NAMES.month[-1]}
    found = value(how, records(towns=towns))
    assert found.tolist() == [NAMES.month[6].toordinal(), -np.inf, np.inf]
    assert [shown(day, "month") for day in found] == [NAMES.month[6].strftime("%Y-%m"), "before", "never"]


def test_the_day_from_which_there_is_a_majority():
    people, covered = np.zeros((3, *NAMES.shape("inhabitants"))), np.zeros((3, *NAMES.shape("sheltered")))
    people[:, :, 0, 1] = 100
    covered[0, 3:, 0, 0, 1], covered[1, :, 0, 0, 1], covered[2, 7:, 0, 0, 1] = 51, 50, 100
    where = {"region": ["MLI/Gao"], "group": ["Fulani"]}
    how = {
        "gained": {"array": "sheltered", "where": where | {"jihadist": ["jnim"]}},
        "of": {"array": "inhabitants", "where": where},
        "from": NAMES.month[0],
        "to": NAMES.month[-1],
    }
    found = value(how, records(inhabitants=people, sheltered=covered))
    assert found.tolist() == [NAMES.month[3].toordinal(), np.inf, NAMES.month[7].toordinal()]


def test_a_mean_of_places_and_its_shift():
    fighters = weekly("fighters", [dict.fromkeys(range(MONTHS), 10.0)] * 3)
    north = weekly("northing", [{m: 10 * (15 + (m > 6)) for m in range(MONTHS)}] * 3)
    how = {
        "fraction": {"array": "northing", "where": JNIM},
        "of": {"array": "fighters", "where": JNIM},
        "from": NAMES.month[8],
        "to": NAMES.month[10],
    }
    kept = records(fighters=fighters, northing=north)
    assert value(how, kept).tolist() == [16, 16, 16]
    assert value(how | {"minus": {"from": NAMES.month[0], "to": NAMES.month[2]}}, kept).tolist() == [1, 1, 1]


def test_zones_are_shares_of_places_and_months():
    ground = np.zeros((3, *NAMES.shape("terrain")), np.int8)
    ground[0, :, :2, 0], ground[1, -1, 0, 0], ground[2, :, 0, 1] = Zone.SUPPORT, Zone.CONTROL, Zone.CONTROL
    kept = records(terrain=ground)
    held = kept.zones(["support", "control"], ["jnim"], np.array([0, 1, 2, 3]))
    assert held.shape == (3, MONTHS)
    assert (held[0, 0], held[1, 0], held[1, -1], held[2, 0]) == (0.5, 0, 0.25, 0)


def test_cells_are_chosen_by_town_region_box_and_distance():
    names = small.NAMES.__class__(**{**small.NAMES.__dict__, "towns": ("A", "B"), "town_cells": (1, 4)})
    setup = SimpleNamespace(world=small.world(), names=names)
    assert cells_of({"towns": ["A", "B"]}, setup).tolist() == [1, 4]
    assert cells_of({"regions": ["AAA/East"], "but": ["B"]}, setup).tolist() == [3, 5]
    assert cells_of({"box": [14, 16, 0.5, 1.5]}, setup).tolist() == [1, 2, 3]
    assert cells_of({"near": ["AAA", 60], "regions": ["AAA/*"]}, setup).tolist() == [0, 1]
    with pytest.raises(ValueError, match="unknown town 'C'"):
        cells_of({"towns": ["C"]}, setup)
    with pytest.raises(ValueError, match="no cell lies in"):
        cells_of({"towns": ["A"], "regions": ["AAA/East"]}, setup)


def test_coincidence_by_hand():
    # Cell 1: a in 2 of 4 weeks, b in 2 of 4, together in 2. Cell 2: a alone. Expected 2 * 2 / 4 = 1.
    a, b = {(1, 0), (1, 3), (2, 1)}, {(1, 0), (1, 3), (5, 1)}
    assert counted(a, b, 4) == (2, 1.0)
    assert counted(a, set(), 4) == (0, 0.0)
    assert ratios([2, 0], [1.0, 1.0]).mean() == pytest.approx(1.0, abs=0.05)
    assert not ratios([0, 0], [0.0, 0.0]).size


def test_independent_attacks_have_a_coincidence_of_one():
    rng, weeks = np.random.default_rng(4), 9
    often = rng.uniform(0.05, 0.6, (2, 20))  # places that both like, and places that none does
    found = []
    for _ in range(400):
        drawn = rng.random((2, 20, weeks)) < often[:, :, None]
        found.append(counted(*({(int(c), int(w)) for c, w in np.argwhere(side)} for side in drawn), weeks=weeks))
    middle_ratio = np.median(ratios([n for n, _ in found], [e for _, e in found]))
    assert middle_ratio == pytest.approx(1.0, abs=0.03)


def row(week, cell, side_a, side_b, **values):
    numbers = np.zeros(len(Field), np.int32)
    told = {"CELL": cell, "SIDE_A": side_a, "SIDE_B": side_b, "KIND": EventKind.AMBUSH, "VIOLENCE": 1} | values
    for name, number in told.items():
        numbers[Field[name]] = number
    return EventRow(NAMES.week[week], numbers)


def test_events_are_counted_in_the_sample():
    setup = SimpleNamespace(world=small.world(), names=small.NAMES)
    sample = [
        [row(30, 3, 1, 0, DEATHS_B=30), row(31, 3, 1, 0, DEATHS_B=29), row(30, 0, 1, 0, DEATHS_B=40)],
        [row(30, 4, 1, 2, DEATHS_B=90), row(2, 3, 1, 0, DEATHS_B=90)],
    ]
    how = {"events": {"side_a": ["jihad"], "side_b": ["state"], "region": ["AAA/East"], "deaths_b": 30}, **HALF}
    assert value(how, records(sample, setup)).tolist() == [1, 0]


def test_coincidence_reads_events():
    setup = SimpleNamespace(world=small.world(), names=small.NAMES)
    asked = {"first": ["jihad"], "second": ["abroad"], "against": ["state"], "region": ["AAA/*"]}
    how = {"coincidence": asked, "from": NAMES.week[30], "to": NAMES.week[33]}
    together = [row(30, 3, 1, 0), row(30, 3, 2, 0), row(30, 3, 2, 0), row(32, 3, 1, 2), row(31, 2, 2, 0)]
    assert value(how, records([together], setup)) == pytest.approx(4.0)  # together in 1, expected 1 * 1 / 4


def test_the_line_counts_facts_whole_and_tells_what_is_not_covered():
    part = {"array": "attacks", "where": JNIM, **HALF}
    parts = (Part("x", 1, (0, 9), part), Part("y", 1, (5, 9), part))
    late = Part("z", 1, (0, 9), part | {"to": date(2030, 1, 1)})
    facts = [Fact("a", "g", "t", "s", parts[:1]), Fact("b", "g", "t", "s", parts), Fact("c", "g", "t", "s", (late,))]
    frame = facts_frame(facts, records())
    assert frame["status"].tolist() == ["in band", "in band", "outside", "not covered"]
    signs = signs_frame(read_expectations(), pd.DataFrame())
    statements = pd.DataFrame({"status": ["passes", "fails", "not covered"]})
    card = Card(frame, signs, statements)
    assert (card.facts_in_band, card.signs_that_hold) == (1, 0)
    told = "facts 1 of 3 in band, expectations 0 of 20, control 1 of 3"
    assert card.line() == f"{told} (not covered: 1 facts, 20 expectations, 1 statements)"


def test_an_expected_sign_holds_only_with_all_of_its_measures(tmp_path):
    listed = [e for e in read_expectations() if e.id == "prisoner_exchange_pays"]
    about = {"id": listed[0].id, "sign": "+", "median": 1.0, "5 %": 0.0, "95 %": 2.0, "agree": 0.9}
    found = pd.DataFrame(
        [about | {"agree with all": 0.9, "holds": h, "replicates": 9, "missing": ""} for h in (True, False)]
    )
    assert signs_frame(listed, found)["holds"].tolist() == [True, False]
    found.to_csv(tmp_path / "expectations.csv", index=False)
    again = signs_frame(listed, read_signs(tmp_path))
    assert again["holds"].tolist() == [True, False]
    with pytest.raises(ValueError, match=r"no expectations\.csv"):
        read_signs(tmp_path / "nowhere")


def test_a_statement_passes_where_it_holds_in_half_of_the_replicates():
    names = small.NAMES.__class__(**{**small.NAMES.__dict__, "towns": ("A",), "town_cells": (1,)})
    ground = np.zeros((3, *NAMES.shape("terrain")), np.int8)
    ground[:2, :, 1, 0] = Zone.CONTROL
    kept = records(setup=SimpleNamespace(world=small.world(), names=names), terrain=ground)
    measure = {"zones": ["control"], "actor": ["jnim"], "towns": ["A"], **HALF}
    reports = [
        SimpleNamespace(told={"id": name}, part=Part("a", "", band, how))
        for name, band, how in (
            ("holds", (0.5, 1), measure),
            ("not", (0, 0.1), measure),
            ("late", (0, 1), measure | {"to": date(2030, 1, 1)}),
        )
    ]
    frame = control(kept, reports).set_index("id")
    assert frame["status"].to_dict() == {"holds": "passes", "not": "fails", "late": "not covered"}
    assert frame.loc["holds", "share"] == pytest.approx(2 / 3)
    assert frame.loc["holds", ["lat", "lon"]].tolist() == [15.0, 0.5]
