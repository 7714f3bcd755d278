"""Restraint: a capital is stormed the less, the more hostile and the more numerous its people; a fall is counted."""

import math

import numpy as np
import pytest

from scenarios.week import WEEK
from sim.handles import bound, held
from sim.processes.bases import base_assaults
from sim.processes.muster import muster
from sim.processes.restraint import seats, willingness
from sim.state import Posture, repeat, take
from tests.worlds import defaults, random_state, random_world, streams

ARMY = 4
LANES = 300


def given(lanes=1, **changes):
    return defaults(tuple(p for p in WEEK if p.name == "base_assaults"), lanes, base_assaults=changes)["base_assaults"]


def capital(people=999_000, welcome=0.0, lanes=LANES):
    """The army's first base in the capital with 50 troops, and 400 massed jihadists outside."""
    world = random_world(0)
    state = repeat(take(random_state(world, 0), 0), lanes)
    here = world.bases.cell[np.flatnonzero(world.bases.organisation == ARMY)[0]]
    world.cells.capital[:] = 500.0
    world.cells.capital[here, 0] = 20.0
    state.units.fighters[:] = 0
    mine = world.units.organisation == ARMY
    troops = int(np.flatnonzero(mine & (world.bases.cell[world.units.base] == here))[0])
    for u, n, posture in ((troops, 50, Posture.GARRISON), (0, 400, Posture.MASS)):
        state.units.fighters[:, u], state.units.cell[:, u], state.units.posture[:, u] = n, here, posture
    first, end = world.communities.first[here], world.communities.first[here + 1]
    state.communities.people[:, first:end] = 0
    state.communities.people[:, first] = people
    state.cells.welcome[:], state.cells.welcome[:, :, 0] = 0.0, welcome
    state.cells.pressure[:] = state.cells.deterrence[:] = 0.0
    state.organisations.skill[:], state.relations.hostility[:] = 1.0, 1.0
    muster(world, state, None, streams(lanes))
    return world, state, here


def test_the_seat_of_a_country_is_the_nearest_cell_within_the_region():
    world, _, here = capital(lanes=1)
    seat = np.empty(16, np.int32)
    seats(world, seat)
    assert seat[here] == 0
    assert (seat >= 0).sum() == 1  # the other capital is 500 km away


def test_willingness_by_hand():
    world, state, here = capital(lanes=1)
    first, end = world.communities.first[here], world.communities.first[here + 1]
    assert first < end  # somebody lives in the capital of this world
    seen = bound(world), bound(state), held(given(hostile=4.0, burden=1.0))  # as a kernel sees them
    assert willingness(*seen, 0, here, 0) == pytest.approx(math.exp(-4 - 3))  # log10(1 + 999) = 3
    state.cells.welcome[0, here, 0] = 1.0
    assert willingness(*seen, 0, here, 0) == pytest.approx(math.exp(-3))


def test_a_capital_is_stormed_without_restraint_alone_and_its_fall_is_counted():
    counted = {}
    for form in ("restraint", "off"):
        world, state, _ = capital()
        base_assaults(world, state, given(LANES, restraint=form, rate=8.0, hostile=10.0), streams(LANES))
        counted[form] = state.ledger.capitals[:, ARMY].sum()
        assert state.ledger.capitals.sum() == counted[form]  # no other army's
        assert (state.ledger.capitals <= state.ledger.overrun).all()
    assert counted["restraint"] == 0
    assert counted["off"] > 50
