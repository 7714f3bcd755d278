"""Pressure: forms of massing, what partners hear and lend, distance, and a hunt that is switched off."""

import math

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.distance import at_home, worth
from sim.processes.massing import EXPONENTIAL, THRESHOLD, safe_mass
from sim.processes.muster import muster
from sim.processes.pressure import Pressure, PressureColumns, pressure, renew
from sim.processes.support import cover, reserve
from sim.state import Posture
from tests.worlds import defaults, random_state, random_world, streams

ARMY, FRENCH = 4, 5


def columns(**changes):
    return stack([Pressure(**changes)], PressureColumns)


def aircraft(strike=1.0):
    """Aircraft of the counter-terrorist force over every cell, everybody hostile to the jihadists, nobody welcome."""
    world, state = random_world(0), random_state(random_world(0), 0, lanes=1)
    world.bases.reach[:], world.organisations.quality[:] = 0.0, 1.0
    world.bases.reach[np.flatnonzero(world.bases.organisation == FRENCH)[0]] = 1.0
    state.bases.strike[:], state.organisations.tempo[:], state.relations.hostility[:] = strike, 1.0, 1.0
    state.cells.pressure[:], state.cells.welcome[:], state.relations.support[:] = 0.0, 0.0, 0.0
    state.units.fighters[:] = 0
    return world, state


def test_forms_of_massing():
    assert safe_mass.py_func(500.0, 0.4, 1.2, 1.2, EXPONENTIAL) == pytest.approx(200 / math.e)
    assert safe_mass.py_func(500.0, 0.4, 1.19, 1.2, THRESHOLD) == 200.0
    assert safe_mass.py_func(500.0, 0.4, 1.2, 1.2, THRESHOLD) == pytest.approx(8.0)
    assert safe_mass.py_func(500.0, 0.4, 9.0, 1.2, 2) == 200.0


def test_one_aircraft_and_nobody_who_tells_press_with_technical_intelligence_alone():
    world, state = aircraft()
    renew(world, state, columns(memory=0.0, intelligence_base=0.2), streams(1))
    assert state.cells.pressure[0, :, 0] == pytest.approx(0.2)


def test_a_force_hears_from_its_partners_people_until_cooperation_is_suspended():
    world, state = aircraft()
    state.cells.welcome[0, :, ARMY] = 0.5
    given = columns(memory=0.0, intelligence_base=0.2, intelligence_people=1.0)
    state.relations.support[0, FRENCH, ARMY] = 0.8
    renew(world, state, given, streams(1))
    assert state.cells.pressure[0, :, 0] == pytest.approx(0.2 + 0.8 * 0.5)
    state.relations.support[:] = 0.0
    renew(world, state, given, streams(1))
    assert state.cells.pressure[0, :, 0] == pytest.approx(0.2)


def test_aircraft_of_supporters_guide_columns():
    world, state = aircraft()
    column = world.units.first[ARMY]
    state.units.posture[:], state.units.posture[0, column] = Posture.REST, Posture.COLUMN
    state.units.fighters[0, column], state.units.cell[0, column] = 100, 5
    given = columns(memory=0.0, intelligence_base=1.0, intelligence_people=0.0, ground=0.1, guide=2.0)
    renew(world, state, given, streams(1))
    assert state.cells.pressure[0, 5, 0] == pytest.approx(1.0 + 0.1)
    state.relations.support[0, FRENCH, ARMY] = 0.5
    renew(world, state, given, streams(1))
    assert state.cells.pressure[0, 5, 0] == pytest.approx(1.0 + 0.1 * (1 + 2 * 0.5))


def test_supporters_lend_cover_and_rescue_to_a_base():
    world, state = aircraft(strike=2.0)
    state.relations.support[0, FRENCH, ARMY] = 0.5
    state.cells.presence[:] = 0.0
    state.cells.presence[0, 5, ARMY], state.cells.presence[0, 5, FRENCH] = 70.0, 100.0
    near = world.cells.neighbour[5, 1]
    state.cells.presence[0, near, ARMY] = 30.0
    assert cover.py_func(world, state, 0, 5, ARMY) == pytest.approx(0.5 * 2.0)
    assert reserve.py_func(world, state, 0, 5, ARMY) == pytest.approx(30.0 + 0.5 * 100.0)


def test_strength_fades_with_distance_from_base_and_home():
    world, state = aircraft()
    u = world.units.first[ARMY]
    base = world.bases.cell[world.units.base[u]]
    north = next(c for c in range(16) if world.cells.lon[c] == world.cells.lon[base] and c != base)
    state.units.fighters[0, u], state.units.cell[0, u], state.units.posture[0, u] = 80, north, Posture.PATROL
    muster(world, state, None, streams(1))
    p = defaults_of_encounters(gradient=0.5)
    degrees = abs(world.cells.lat[north] - world.cells.lat[base])
    assert worth.py_func(world, state, p, (0, north), ARMY) == pytest.approx(math.exp(-0.5 * degrees))
    world.organisations.home[0, 3] = 0.25
    assert at_home.py_func(world, 0.4, 3, 0) == pytest.approx(math.exp(-0.3))


def defaults_of_encounters(**changes):
    from scenarios.week import WEEK

    return defaults(tuple(p for p in WEEK if p.name == "encounters"), 1, encounters=changes)["encounters"]


def test_switched_off_nobody_feels_pressure_or_loses_leaders():
    world, state = aircraft(strike=50.0)
    state.units.fighters[:], state.units.posture[:] = 40, Posture.MASS
    state.cells.pressure[:] = 5.0
    before = state.units.fighters.copy()
    pressure(world, state, columns(hunt="off", leader_rate=0.1, strike_rate=0.5), streams(1))
    assert not state.cells.pressure.any()
    assert not state.ledger.leaders.any()
    assert np.array_equal(before, state.units.fighters)
    assert state.events.count[0] == 0
