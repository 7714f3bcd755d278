"""Displacement: who leaves, where to, that nobody is lost on the way, and who was displaced at the start."""

import numpy as np
import pytest

from scenarios.build import CONF
from scenarios.displaced import displaced
from scenarios.havens import havens
from scenarios.mechanisms import load_option
from scenarios.region import load_region
from scenarios.week import WEEK
from sim.parameters import stack
from sim.processes.displacement import Displacement, DisplacementColumns
from sim.processes.displacement import displacement as resolve
from sim.state import equal, repeat
from tests import small

HALF = {"onset": 0.0, "fear": 30.0, "harm": 0.0, "fighting": 0.0, "hardship": 0.0}
"""Whoever is afraid leaves at most / 2: sigma(30) - sigma(0)."""
REVIEWED = 0
"""A week in which the communities of cell 0 are reviewed."""


def scene(afraid=0, havens=(2, 3), lanes=1):
    """Cell 0 has communities 0 and 1; community 2 lives in cell 1 (AAA/West), community 3 in cell 2."""
    world, state = small.world(), small.state(lanes)
    world.communities.havens[afraid, : len(havens)] = havens
    state.communities.fear[:, afraid] = 1.0
    return world, state


def week(world, state, number=REVIEWED, **values):
    columns = stack([Displacement(**(HALF | values))] * len(state.units.fighters), DisplacementColumns)
    resolve(world, state, columns, small.streams(number, len(state.units.fighters)))


def test_the_share_that_leaves_is_half_of_the_most_when_the_onset_is_even():
    world, state = scene(havens=(2,))
    week(world, state, most=0.4)
    assert state.communities.people[0].tolist() == [800, 1000, 1200, 1000, 1000, 1000, 1000, 1000]
    assert (state.communities.displaced[0, 0], state.communities.refuge[0, 0], state.ledger.fled[0, 0]) == (200, 2, 200)


def test_the_calm_stay_and_only_a_quarter_of_the_cells_is_reviewed():
    world, state = scene()
    week(world, state, fear=0.0)
    week(world, state, number=REVIEWED + 1)
    assert state.ledger.fled.sum() == 0


def test_aid_keeps_people_where_they_are():
    world, state = scene(lanes=2)
    state.policies.access[1] = 0.0
    week(world, state, onset=-2.0, fear=1.0, hardship=1.0, most=1.0)
    with_aid, without = state.ledger.fled[:, 0]
    assert with_aid == pytest.approx(1000 * (0.2689 - 0.1192), abs=1)
    assert without == pytest.approx(1000 * (0.5 - 0.1192), abs=1)


def test_harm_and_fighting_alarm_as_fear_does():
    for table, at in (("harm", (0, 0, 1)), ("attacks", (0, 0, 1))):
        world, state = scene()
        state.communities.fear[:] = 1e-9
        getattr(state.communities if table == "harm" else state.cells, table)[at] = 50.0
        week(world, state, fear=0.0, harm=10.0, fighting=3.0)
        assert state.ledger.fled[0, 0] > 100, table


def chosen(draws=400, **values):
    """Share of lanes in which the first of two havens takes people in."""
    world, state = scene(havens=(2, 3), lanes=draws)
    world.cells.lon[:] = 0.0  # all havens are equally near
    for name, change in values.items():
        if name == "town":
            world.cells.town[1] = change
        elif name == "country":
            world.cells.country[2] = change
        elif name == "group":
            world.communities.group[3] = change
        else:
            state.communities.fear[:, 3] = change
    week(world, state, danger=1.0, border=2.0, kin=2.0, town=1.0, fear=30.0 if "fear" not in values else 2.0)
    return float((state.communities.refuge[:, 0] == 2).mean())


def test_people_go_to_towns_and_kin_and_shun_borders_and_danger():
    # Of two havens that differ by u in worth, the better is chosen with probability sigma(u): 0.5, and 0.88 for 2.
    assert chosen() == pytest.approx(0.5, abs=0.08)
    for better in ({"town": 99_000}, {"country": 1}, {"group": 1}, {"fear": 1.0}):
        assert chosen(**better) == pytest.approx(0.88, abs=0.06), better


def test_those_who_follow_go_where_the_first_went_unless_it_is_worse_there():
    world, state = scene(havens=(2, 3))
    state.communities.displaced[0, 0], state.communities.refuge[0, 0] = 100, 5
    week(world, state, most=0.4)
    assert (state.communities.displaced[0, 0], state.communities.refuge[0, 0]) == (300, 5)
    state.communities.fear[0, 5] = 1.0
    state.communities.fear[0, 0] = 0.5
    week(world, state, most=0.4, back=0.0)
    assert state.communities.refuge[0, 0] in (2, 3)
    assert state.communities.displaced[0, 0] == 460
    assert state.communities.people[0, 5] == 900  # the hundred who were there at the start moved on too


def test_people_carry_attitude_and_memory():
    world, state = scene(havens=(2,))
    state.communities.attitude[0, 0, 1], state.communities.harm[0, 0, 0] = 1.2, 0.6
    week(world, state, most=0.4)  # 200 people join 1000: a sixth
    assert state.communities.attitude[0, 2, 1] == pytest.approx(0.2)
    assert state.communities.harm[0, 2, 0] == pytest.approx(0.1)


def returned(governance=1.0, fear=0.0, **values):
    world, state = scene()
    state.communities.fear[:] = fear
    state.communities.displaced[0, 0], state.communities.refuge[0, 0] = 400, 3
    state.cells.governance[0, 0, 1] = governance
    week(world, state, most=0.0, **({"back": 0.25} | values))
    return state


def test_people_come_home_where_it_is_calm_and_somebody_governs():
    state = returned()
    assert state.ledger.came_home[0, 0] == 100
    assert state.communities.people[0, :4].tolist() == [1100, 1000, 1000, 900]
    assert returned(governance=0.5).ledger.came_home[0, 0] == 50
    assert returned(governance=0.0).ledger.came_home[0, 0] == 0
    assert returned(fear=1.0).ledger.came_home[0, 0] == 0


def test_the_dead_among_the_hosts_cannot_come_home():
    world, state = scene()
    state.communities.fear[:] = 0.0
    state.communities.displaced[0, 0], state.communities.refuge[0, 0] = 400, 3
    state.communities.people[0, 3], state.cells.governance[0, 0, 1] = 60, 1.0
    week(world, state, back=0.5)
    assert state.ledger.came_home[0, 0] == 30
    assert state.communities.displaced[0, 0] == 30
    state.communities.people[0, 3] = 0
    week(world, state, number=REVIEWED + 4, back=0.5)
    assert (state.communities.displaced[0, 0], state.communities.refuge[0, 0]) == (0, -1)


def test_the_nearest_calm_town_is_the_rival_form():
    world, state = scene(havens=(3, 2))
    week(world, state, form="nearest")
    assert state.ledger.fled.sum() == 0  # no town anywhere
    world.cells.town[[1, 2]] = 5_000
    week(world, state, form="nearest")
    assert state.communities.refuge[0, 0] == 2
    state.communities.fear[0, 2] = 2.0
    week(world, state, form="nearest")
    assert state.communities.refuge[0, 0] == 3


def test_switched_off_nothing_changes():
    world, state = scene()
    state.communities.displaced[0, 1], state.communities.refuge[0, 1] = 50, 3
    state.cells.governance[:] = 1.0
    before = repeat(state, 1)
    for number in range(4):
        week(world, state, number, **load_option("displacement", "off", CONF).parameters["displacement"])
    assert equal(before, state)


def test_the_displaced_at_the_start_are_those_of_the_table():
    region = load_region(CONF / "region")
    found = displaced(region, np.full(len(region.people), 0.1))
    told = sum(flight.persons for flight in region.flights)
    assert 0.995 * told <= found.persons.sum() <= told
    away = found.persons > 0
    assert ((found.refuge >= 0) == away).all()
    origin, refuge = region.cells.region[region.communities.cell], found.refuge[away]
    assert set(zip(origin[away], origin[refuge], strict=True)) <= {(f.origin, f.refuge) for f in region.flights}
    guests = np.bincount(refuge, weights=found.persons[away], minlength=len(origin))
    assert (guests <= region.communities.people).all()


def test_havens_are_elsewhere_and_some_are_abroad():
    region = load_region(CONF / "region")
    found, cell = havens(region), region.communities.cell
    there = np.where(found >= 0, cell[found], -1)
    assert (there != cell[:, None]).all()
    country = region.cells.country
    assert (country[there[:, :6]] == country[cell][:, None]).all()
    assert (country[there[:, 8:]] != country[cell][:, None]).all()


def test_displacement_has_its_place_at_the_end_of_the_week():
    names = [process.name for process in WEEK]
    assert names.index("recruitment") < names.index("displacement") < names.index("control")
