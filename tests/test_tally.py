"""What a run records, against plain twins on random worlds and on numbers that one can check in the head."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

from sim.outcomes import COMPONENTS, LARGE, MEASURES, SIX, THREATS, TRAITS, Threat, Trait, threat
from sim.record import Recorder, Recording
from sim.state import EventKind, Field, Posture
from sim.stocks import empty_stocks, sums, tally_stocks
from sim.tally import empty_tally, scheme, tally_week
from sim.ties import STANCES, fighters, pair_names, ties
from tests import small
from tests.twins.comparing import DYADS, NAMES, SEEDS, copied, filled, same, weeks_of
from tests.twins.outcomes import FLOWS, STOCKS, stocks, tally
from tests.twins.outcomes import NAMES as TALLIED
from tests.twins.scene import Scene

TOWNED = dataclasses.replace(NAMES, towns=("X", "Y", "Z"), town_cells=(2, 2, 9))


def controlled(seed):
    """The world of a seed and its states at the end of each compared week, with a ledger that speaks."""
    world, steps = weeks_of(seed)
    rng = np.random.default_rng(seed)
    states = [copied(state) for name, _, _, state in steps if name == "control"]
    for week, state in enumerate(states):
        for name in ("coups", "defected", "capitals"):
            column = getattr(state.ledger, name)
            column[:] = week + rng.integers(0, 2, column.shape)
    return world, states


def test_the_tally_agrees_with_its_twin():
    total = Counter()
    for seed in SEEDS:
        world, states = controlled(seed)
        chosen = scheme(world, NAMES, DYADS)
        assert len(NAMES.organisations) == len(world.organisations.key)
        counted = empty_tally(2, world, NAMES, chosen)
        before = [{name: [0] * len(NAMES.organisations) for name in FLOWS} for _ in range(2)]
        for state in states:
            emptied(counted[:-1])
            tally_week(world, state, counted, chosen)
            for lane in range(2):
                found = tally(Scene(world, state, lane), chosen, before[lane])
                before[lane] = {name: getattr(state.ledger, name)[lane].tolist() for name in FLOWS}
                wrong = [n for n in TALLIED if not same(getattr(counted, n)[lane], filled(found[n], counted, n))]
                assert wrong == []
            total += Counter({name: np.count_nonzero(getattr(counted, name)) for name in TALLIED})
            total += Counter({f"threat {i}": n for i, n in enumerate(np.count_nonzero(counted.threat, axis=0))})
    columns = range(len(THREATS) + 2 * len(COMPONENTS))
    absent = {name for name in (*TALLIED, *(f"threat {i}" for i in columns)) if total[name] == 0}
    assert absent == {"threat 1", "threat 2"}  # two of the three capitals are not in this world


def test_the_stocks_agree_with_their_twin():
    total = Counter()
    for seed in SEEDS:
        world, states = controlled(seed)
        chosen = scheme(world, TOWNED, DYADS)
        counted = empty_stocks(2, NAMES, chosen)
        for state in states:
            emptied(counted)
            tally_stocks(world, state, counted, chosen)
            for lane in range(2):
                found = stocks(Scene(world, state, lane), chosen)
                assert [n for n in STOCKS if not same(getattr(counted, n)[lane], filled(found[n], counted, n))] == []
            total += Counter({name: np.count_nonzero(getattr(counted, name)) for name in STOCKS})
    assert [name for name in STOCKS if total[name] == 0] == []


def emptied(parts):
    """Arrays to count into anew."""
    for part in parts:
        part[...] = 0


def event(state, **values):
    """One more event row in lane 0."""
    row = dict.fromkeys(Field, 0) | {Field[name.upper()]: value for name, value in values.items()}
    state.events.rows[0, state.events.count[0]] = [row[field] for field in Field]
    state.events.count[0] += 1


@pytest.fixture
def counted():
    world, state = small.world(), small.state()
    chosen = scheme(world, small.NAMES, (("jihad", "state"),))
    return world, state, chosen, empty_tally(1, world, small.NAMES, chosen)


def test_an_attack_with_ten_dead_is_a_large_one_and_who_begins_is_told(counted):
    world, state, chosen, room = counted
    event(state, side_a=1, side_b=0, kind=EventKind.AMBUSH, violence=1, deaths_b=LARGE)
    event(state, side_a=1, side_b=0, kind=EventKind.AMBUSH, violence=1, deaths_a=12, deaths_b=LARGE - 1)
    event(state, side_a=0, side_b=1, kind=EventKind.CLASH, violence=1, deaths_b=LARGE)
    tally_week(world, state, room, chosen)
    assert room.large[0, :, 0].tolist() == [1, 1, 0]
    assert (room.clashes[0, 0, 0], room.begun[0, 0, 0]) == (3, 2)
    assert room.threat[0, Threat.LARGE_ATTACKS] == 1  # those of jihadists


def test_flows_are_what_the_ledger_has_more_than_a_week_ago(counted):
    world, state, chosen, room = counted
    state.ledger.coups[0, 0], state.ledger.joined[0, 1] = 1, 30
    tally_week(world, state, room, chosen)
    assert (room.threat[0, Threat.COUPS], room.organisations[0, 1, Trait.JOINED]) == (1, 30)
    state.ledger.joined[0, 1] = 35
    emptied(room[:-1])
    tally_week(world, state, room, chosen)
    assert (room.threat[0, Threat.COUPS], room.organisations[0, 1, Trait.JOINED]) == (0, 5)
    assert room.organisations[0, :, Trait.FIGHTERS].tolist() == [400, 120, 390]


def test_the_displaced_are_counted_where_they_come_from(counted):
    world, state, chosen, room = counted
    state.communities.displaced[0, 0], state.communities.refuge[0, 0] = 70, 5
    stock = empty_stocks(1, small.NAMES, chosen)
    tally_week(world, state, room, chosen)
    tally_stocks(world, state, stock, chosen)
    assert room.threat[0, [Threat.DISPLACED, Threat.DISPLACED_ABROAD]].tolist() == [70, 0]
    assert stock.displaced[0].tolist() == [[70, 0], [0, 0]]


def test_columns_abroad_are_counted_where_they_are_and_garrisons_are_not(counted):
    world, state, *_ = counted
    names = dataclasses.replace(small.NAMES, countries=("AAA", "BBB"))
    chosen = scheme(world, names, (("jihad", "state"),))
    room = empty_tally(1, world, names, chosen)
    state.units.posture[0, [0, 1]] = Posture.COLUMN  # one of 200 and one of 100, in cell 0 of their own country
    tally_week(world, state, room, chosen)
    assert room.crossings.sum() == 0
    world.cells.country[3:] = 1
    state.units.cell[0, [0, 1]] = 3, 4
    state.units.posture[0, 0] = Posture.PATROL
    tally_week(world, state, room, chosen)
    assert room.crossings[0].tolist() == [[0, 1], [0, 0], [0, 0]]


def test_people_are_told_by_group_and_who_of_them_jihadists_protect(counted):
    world, state, chosen, _ = counted
    stock = empty_stocks(1, small.NAMES, chosen)
    state.communities.protector[0, [0, 1, 4]] = 1, 0, 1
    state.communities.people[0, 4] = 600
    tally_stocks(world, state, stock, chosen)
    assert stock.inhabitants[0].tolist() == [[4000], [3600]]
    assert stock.sheltered[0].tolist() == [[[1000], [600]]]
    assert (stock.northing[0, 1] / stock.fighters[0, 1]).tolist() == [15.0, 15.0]  # every cell lies at 15 N


def test_victims_are_counted_by_region_and_group():
    world, state = small.world(), small.state()
    state.ledger.civilians_killed[0] = [1, 2, 3, 4, 10, 20, 30, 40]
    assert sums(world, state, small.NAMES).victims[0].tolist() == [[10], [100]]


@pytest.mark.parametrize(("weeks", "months"), [(1, (0,)), (4, (3,)), (6, (1, 5)), (9, (0, 4, 8))])
def test_months_are_counted_back_from_the_last_week(weeks, months):
    assert Recording(weeks, ()).months == months


def test_a_recorder_keeps_every_measure():
    world, state = small.world(), small.state(lanes=2)
    recorder = Recorder(world, small.NAMES, Recording(5, (4,)), 2)
    for position in range(5):
        state.ledger.enlisted[:, 1] = position
        recorder.keep(state, position)
    assert set(recorder.arrays) == set(MEASURES)
    steps = {"week": 5, "month": 2, "date": 1, "end": 1}
    for name, array in recorder.arrays.items():
        assert array.shape[:2] == (2, steps[MEASURES[name].axes[0]]), name
        assert array.ndim == 1 + len(MEASURES[name].axes)
    assert recorder.arrays["enlisted"][0, 0, 1].tolist() == [[4], [4]]
    assert recorder.arrays["fighters"][0].sum(axis=(1, 2)).tolist() == [910, 910]


def test_every_column_has_a_definition_in_its_place():
    assert [name.upper() for name in THREATS] == [t.name for t in Threat]
    assert [name.upper() for name in TRAITS] == [t.name for t in Trait]
    assert {c.outcome for c in THREATS.values()} | {threat("transnational_jnim").outcome} == {*SIX, ""}
    assert all("ordinal" in threat(f"{part}_issp").unit for part in COMPONENTS)


def test_contact_is_shared_out_over_stances_by_fighters_who_meet():
    """Group against force: 60 fighters beside 300 in the East, of whom 60 + 40 + 0 and 300 + 90; nobody else meets."""
    world, state = small.world(), small.state()
    here = fighters(world, state, small.NAMES)[0]
    assert here.tolist() == [[300, 100], [20, 100], [0, 390]]
    names = pair_names(small.NAMES)
    assert names == ("state-jihad", "state-abroad", "jihad-abroad")
    state.relations.hostility[:, :2, :2] = 1.0
    state.relations.hostility[:, 0, 1, 1] = state.relations.hostility[:, 1, 0, 1] = 0.1
    state.relations.hostility[:, 1, 2] = state.relations.hostility[:, 2, 1] = 0.3
    state.relations.ceiling[:, 1, 2, 1] = state.relations.ceiling[:, 2, 1, 1] = 0.4
    state.relations.hostility[:, 0, 2] = state.relations.hostility[:, 2, 0] = 0.0
    found = dict(zip(names, ties(world, state, small.NAMES).contact[0], strict=True))
    west, east = 300 * 20, 100 * 100
    assert found["state-jihad"] == pytest.approx([0, east / (west + east), 0, 0, west / (west + east)])
    assert dict(zip(STANCES, found["jihad-abroad"], strict=True))["truce"] == 1.0
    assert dict(zip(STANCES, found["state-abroad"], strict=True))["peace"] == 1.0


def test_cover_is_the_best_that_the_receiver_gets():
    world, state = small.world(), small.state()
    state.relations.support[:] = 0.0
    state.relations.support[0, 2, 0], state.relations.support[0, 0, 2] = 0.6, 0.1
    found = ties(world, state, small.NAMES)
    assert (found.cover[0].tolist(), found.covered[0].tolist()) == ([0, 0.1, 0], [0, 0.6, 0])
    state.units.fighters[0, 8:] = 0  # the force has left
    found = ties(world, state, small.NAMES)
    assert (found.cover[0].tolist(), found.covered[0].tolist()) == ([0, 0, 0], [0, 0, 0])
    assert found.contact[0, 1:].sum() == 0


def test_contact_of_random_worlds_adds_up_and_agrees_with_a_plain_loop():
    world, steps = weeks_of(SEEDS[0])
    state = next(state for name, _, _, state in steps if name == "control")
    found = ties(world, state, NAMES)
    here, coalition = fighters(world, state, NAMES), world.organisations.coalition
    for at, name in enumerate(pair_names(NAMES)):
        q = [NAMES.coalitions.index(part) for part in name.split("-")]
        sums = dict.fromkeys(STANCES, 0.0)
        for a in np.flatnonzero(coalition == q[0]):
            for b in np.flatnonzero(coalition == q[1]):
                for r in range(here.shape[2]):
                    hostility = state.relations.hostility[0, a, b, r]
                    stance = "war" if hostility >= 0.5 else "rivalry" if hostility > 0.15 else "coexistence"
                    stance = "peace" if hostility <= 0.04 else stance
                    stance = "truce" if state.relations.ceiling[0, a, b, r] < 1 else stance
                    sums[stance] += here[0, a, r] * here[0, b, r]
        total = max(sum(sums.values()), 1e-9)
        assert found.contact[0, at] == pytest.approx([value / total for value in sums.values()])
    assert set(np.round(found.contact.sum(axis=2), 9).ravel()) <= {0.0, 1.0}
