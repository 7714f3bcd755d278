"""Militias form where communities are attacked, on numbers for the head."""

import dataclasses

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.mobilisation import Mobilisation, MobilisationColumns, mobilisation
from sim.processes.muster import muster
from sim.state import equal, take
from sim.world import Kind
from tests import small

ARMY, GROUP, MILITIA = 0, 1, 2
HERE, ELSEWHERE = 4, 0
"""A community of cell 3, where no militia is, and one of cell 0."""
DUE = 1121
BAND = 45
"""Three tenths of a unit of 150."""


def land(host=ARMY):
    """The small world with the foreign force as a militia of the people."""
    world = small.world()
    own, base = world.organisations, world.units.base.copy()
    kind, hosts = own.kind.copy(), own.host.copy()
    kind[MILITIA], hosts[MILITIA] = Kind.MILITIA, host
    base[8:] = -1
    prior = world.communities.prior.copy()
    prior[:, MILITIA] = 1.0
    return world._replace(
        organisations=own._replace(kind=kind, host=hosts),
        units=world.units._replace(base=base),
        communities=world.communities._replace(prior=prior),
    )


def start(lanes=1):
    """Half a million people in one community of cell 3, of whom the group killed one in a thousand."""
    state = small.state(lanes)
    state.units.fighters[:, [8, 9, 11]] = 0
    state.units.establishment[:, 8:] = 0
    state.communities.people[:, HERE] = 500_000
    state.communities.harm[:, HERE, GROUP] = 1.0
    state.relations.support[:] = 0.0
    state.organisations.treasury[:] = 1e6
    return state


def after(world, state, week=DUE, **parameters):
    """The state after a month: 4 * 100 * 0.5 million * H / (H + 0.5) = 100 where H = 0.5 hostility * 1."""
    muster(world, state, None, small.streams(week))
    given = Mobilisation(**({"rate": 100.0} | parameters))
    columns = stack([given] * len(state.units.fighters), MobilisationColumns)
    mobilisation(world, state, columns, small.streams(week, len(state.units.fighters)))
    return state


def test_a_band_forms_where_people_were_attacked_and_nowhere_else():
    state = after(land(), start(400))
    formed = state.units.fighters[:, 8] > 0
    assert set(np.unique(state.units.fighters[:, 8])) == {0, BAND}
    assert formed.mean() == pytest.approx(1 - np.exp(-100 / BAND), abs=0.05)
    assert np.all(state.units.cell[formed, 8] == 3)
    assert np.all(state.units.fighters[:, 9:11] == [0, 90])
    assert np.all(state.communities.people[:, HERE] == 500_000 - state.units.fighters[:, 8])
    assert np.all(state.ledger.enlisted[:, MILITIA, 1, 0] == state.units.fighters[:, 8])


def joined(prepare=lambda state: None, world=None, **parameters):
    """Recruits where a unit of 150 is in the cell already."""
    state = start()
    state.units.fighters[:, 8] = 150
    prepare(state)
    # Room is 1 - 150 / (0.1 * 501,000), about 0.997.
    return int(after(world or land(), state, limit=0.1, **parameters).ledger.joined[0, MILITIA])


def test_recruits_join_a_unit_that_is_there():
    assert joined() == pytest.approx(100, abs=1)


def test_arms_from_the_host_multiply_recruits():
    def arm(state):
        state.relations.support[:, ARMY, MILITIA] = 0.5

    assert joined(arm, arms=2.0) == pytest.approx(200, abs=1)
    assert joined(arm, world=land(host=-1), arms=2.0) == pytest.approx(100, abs=1)


def test_delegation_needs_arms_and_no_attack():
    def arm(state):
        state.relations.support[:, ARMY, MILITIA] = 0.5
        state.communities.harm[:] = 0.0

    # Twice 0.5 makes drive 1 in place of a half: 200.
    assert joined(arm, origin="delegation", arms=2.0) == pytest.approx(200, abs=1)
    assert joined(arm, arms=2.0) == 0
    assert joined(origin="delegation") == 0


def test_money_counts_for_the_half_who_want_pay():
    def poor(state):
        state.organisations.treasury[:] = 0.0

    assert joined(poor, unpaid=0.5) == pytest.approx(50, abs=1)


def test_harm_by_a_state_makes_no_militia():
    def by_the_army(state):
        state.communities.harm[:] = 0.0
        state.communities.harm[:, HERE, ARMY] = 1.0

    assert joined(by_the_army) == 0


def test_there_is_no_room_beyond_the_limit():
    state = start()
    state.units.fighters[:, 8] = 600
    assert after(land(), state, limit=0.001).ledger.joined[0, MILITIA] == 0


@pytest.mark.parametrize(("week", "parameters"), [(DUE, {"origin": "off"}), (DUE + 1, {})])
def test_off_and_other_weeks_change_nothing(week, parameters):
    world, state = land(), start()
    muster(world, state, None, small.streams(week))
    before = take(state, 0)
    assert equal(after(world, state, week, **parameters), before)


def test_forms_are_named():
    field = next(f for f in dataclasses.fields(Mobilisation) if f.name == "origin")
    assert field.metadata["forms"] == ("defence", "delegation", "off")
