"""A start from events: bands go where events were, nobody is gained or lost, and the same draw reads them alike."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from experiments.composing import composed
from experiments.evidence.recorded import actors_by_name, records_of, standing_for
from scenarios.build import Case, build
from scenarios.recollection import AROUND, CELL, COUNTRY, REGION, Recall, Records, located, places_of
from sim.state import equal
from sim.world import Role
from tests.test_evidence_data import ROW

START = date(2021, 7, 5)
HERE, THERE = 152284, 156601
"""Two cells, in the regions of Gao and of Kidal."""


def records(days, gids, reach=CELL, one_sided=False, deaths=10.0, actors=(("issp",), ("fama",))):
    size = len(days)
    return Records(
        key=np.arange(1, size + 1, dtype=np.uint64),
        day=np.array([START.toordinal() - day for day in days], np.int64),
        gid=np.array(gids, np.int64),
        reach=np.full(size, reach, np.int64),
        sides=np.tile([0, -1 if one_sided else 1], (size, 1)).astype(np.int64),
        one_sided=np.full(size, one_sided),
        deaths=np.full(size, deaths),
        actors=actors,
        mark="made up",
    )


def setup_of(known, **recall):
    return build(Case(histories=("historical",), weeks=1, records=known, recall=Recall(**recall)))


@pytest.fixture(scope="module")
def plain():
    return build(Case(histories=("historical",), weeks=1))


@pytest.fixture(scope="module")
def three():
    return setup_of(records([7, 7, 7], [HERE, HERE, THERE]), doubt=0.0, inside=1.0)


def bands(setup, name):
    o = setup.names.organisations.index(name)
    return np.flatnonzero((setup.world.units.organisation == o) & (setup.world.units.role == Role.FIGHTERS))


def test_three_events_in_two_cells_put_the_units_there(three):
    state, _ = three.lanes(range(40))
    gid = three.world.cells.gid[state.units.cell[:, bands(three, "issp")]]
    assert set(np.unique(gid).tolist()) == {HERE, THERE}
    # Two of three equal events: a share of 2/3 on average over the readings.
    assert (gid == HERE).mean() == pytest.approx(2 / 3, abs=0.1)


def test_others_stay_where_the_order_of_battle_has_them(three, plain):
    state, _ = three.lanes(range(3))
    before, _ = plain.lanes(range(3))
    moved = (state.units.cell != before.units.cell).any(axis=0)
    assert set(np.flatnonzero(moved)) <= set(bands(three, "issp"))


def test_people_and_fighters_are_conserved(three, plain):
    (state, _), (before, _) = three.lanes(range(5)), plain.lanes(range(5))
    assert np.array_equal(state.units.fighters, before.units.fighters)
    assert np.array_equal(state.communities.people, before.communities.people)
    assert np.array_equal(state.communities.displaced, before.communities.displaced)
    assert state.cells.presence.sum() == before.units.fighters.sum()


def test_the_same_draw_reads_alike_in_any_company(three):
    alone, _ = three.lanes([4])
    among, _ = three.lanes(range(3, 6))
    assert all(np.array_equal(a[0], b[1]) for x, y in zip(alone, among, strict=True) for a, b in zip(x, y, strict=True))
    other = build(replace(three.case, seed=2)).lanes([4])[0]
    assert not equal(alone, other)


def test_effort_goes_to_the_front_of_the_events(three):
    effort = three.lanes(range(2))[0].organisations.effort[:, three.names.organisations.index("issp")]
    fronts = [
        three.names.regions[three.world.cells.region[np.flatnonzero(three.world.cells.gid == g)[0]]]
        for g in (HERE, THERE)
    ]
    there = [three.names.regions.index(front) for front in fronts]
    assert effort.sum(axis=1) == pytest.approx(1.0)
    assert effort[:, there].sum(axis=1) == pytest.approx(1.0, abs=1e-6)


def test_killed_civilians_are_remembered_per_thousand_and_feared(plain):
    known = records([26 * 7], [HERE], one_sided=True, deaths=20.0)
    setup = setup_of(known, inside=1.0)
    state, _ = setup.lanes(range(400))
    o, cell = setup.names.organisations.index("issp"), int(np.flatnonzero(setup.world.cells.gid == HERE)[0])
    own = setup.world.communities.cell == cell
    living = state.communities.people[0, own].sum()
    # Half of 20 dead are remembered after a half-life of 26 weeks; readings have a mean weight of 1.
    assert state.communities.harm[:, own, o].mean() == pytest.approx(1000 * 10 / living, rel=0.15)
    assert state.communities.harm[:, ~own].sum() == 0
    assert (state.communities.fear[:, own] > 0).all()
    disliked = state.communities.attitude[:, own, o].mean()
    assert disliked < plain.lanes(range(1))[0].communities.attitude[:, own, o].mean()


def test_old_events_fade_by_their_half_life():
    memory = setup_of(records([364, 7], [HERE, HERE], deaths=0.0), half_life=26.0).memory
    assert memory.weight == pytest.approx([0.25, 2 ** (-1 / 26)])


def test_events_of_the_first_day_and_later_are_not_known():
    with pytest.raises(ValueError, match="no recorded event of the 3 years before 2021-07-05 lies in the region"):
        setup_of(records([0, -7], [HERE, HERE]))
    assert len(setup_of(records([0, 7], [HERE, HERE])).memory.key) == 1


@pytest.mark.parametrize("reach", [CELL, AROUND, REGION, COUNTRY])
def test_a_vague_event_lies_anywhere_that_its_precision_allows(reach):
    setup = setup_of(records([7] * 500, [HERE] * 500, reach=reach))
    cells, own = setup.world.cells, int(np.flatnonzero(setup.world.cells.gid == HERE)[0])
    people = setup.start.communities.people[0]
    chance = np.random.default_rng(1).random((500, 2))
    found = located(setup.memory, setup.world, places_of(setup.world, people), chance)
    allowed = {
        CELL: [own], AROUND: cells.neighbour[own],
        REGION: np.flatnonzero(cells.region == cells.region[own]),
        COUNTRY: np.flatnonzero(cells.country == cells.country[own]),
    }[reach]  # fmt: skip
    assert set(found.tolist()) <= set(np.asarray(allowed).tolist())
    if reach >= REGION:
        living = np.bincount(setup.world.communities.cell, people, len(cells.gid)) + 1.0
        most = int(allowed[np.argmax(living[allowed])])
        assert (found == most).mean() == pytest.approx(living[most] / living[allowed].sum(), abs=0.06)


def test_a_side_is_divided_among_those_who_stand_for_it():
    actors = (("ansar_al_din", "katiba_macina", "ansarul_islam", "aqim_sahara"), ("fama",))
    setup = setup_of(records([7], [HERE], actors=actors))
    assert setup.memory.first.sum() == pytest.approx(1.0)
    assert (setup.memory.first > 0).sum() == 4
    assert standing_for("Ansar Dine", actors_by_name()) == standing_for("JNIM", actors_by_name())
    assert standing_for("Government of Mali", actors_by_name()) == ("fama",)
    assert standing_for("Government of Nigeria", actors_by_name()) == ()


def table(tmp_path, text):
    file = tmp_path / "GEDEvent_v0_1.csv"
    file.write_text(",".join(ROW) + "\n" + text, encoding="utf-8")
    return file


def test_a_run_names_its_records(tmp_path):
    file = table(tmp_path, ",".join(str(value) for value in ROW.values()) + "\n")
    settings = composed(["scenario=historical", "initial=from_events", f"records={file}", "origin=2022-12-31"])
    assert settings.results["records"] == records_of(file, date(2022, 12, 31)).mark
    assert settings.results["initial"] == "from_events"
    plain = composed(["scenario=historical"])
    assert not {"initial", "origin", "records", "recorded"} & set(plain.results)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["initial=from_event"], "did you mean 'from_events'"),
        (["initial=from_events"], "needs recorded events, give records=PATH"),
        (["origin=2021-12-31"], "add initial=from_events"),
        (["initial=from_events", "records=/nowhere.csv"], "no UCDP events at '/nowhere.csv'"),
        (["initial=from_events", "records=/nowhere.csv", "origin=soon"], "origin is 'soon', expected a date"),
        (
            ["initial=from_events", "records=x", "origin=2022-01-31", "start=2022-01-03"],
            "expected a day before the start",
        ),
    ],
)
def test_mistakes_get_one_line(words, told):
    with pytest.raises(ValueError, match=told) as mistake:
        composed(["scenario=historical", *words])
    assert "\n" not in str(mistake.value)
