"""Encounters: Lanchester's laws in the mean, who begins, and what massing and pressure allow."""

import math

import numpy as np
import pytest

from scenarios.week import WEEK
from sim.engine import run_week
from sim.processes.common import heavy
from sim.processes.encounters import heat
from sim.processes.massing import EXPONENTIAL, safe_mass
from sim.state import Field, Posture, repeat, take
from sim.world import Kind
from tests.worlds import defaults, random_state, random_world, streams

DUEL = tuple(p for p in WEEK if p.name in ("muster", "encounters"))
A, B = 0, 3  # a jihadist organisation and a militia: neither is confined, both may gather


def duel(lanes, n_a, n_b, **parameters):
    """Two gathered units alone in one cell, in as many lanes, and the parameters of their fight."""
    world = random_world(0)
    state = repeat(take(random_state(world, 0), 0), lanes)
    state.units.fighters[:] = 0
    for o, n in ((A, n_a), (B, n_b)):
        slot = world.units.first[o]
        state.units.fighters[:, slot], state.units.cell[:, slot], state.units.posture[:, slot] = n, 5, Posture.MASS
    state.cells.pressure[:] = 0.0
    state.relations.hostility[:] = 1.0
    state.organisations.skill[:] = 1.0
    state.organisations.cohesion[:] = 1.0
    state.organisations.tempo[:] = 1.0
    state.organisations.effort[:] = 1.0
    state.organisations.tied[:] = 0.0
    state.relations.support[:] = state.bases.strike[:] = 0.0
    world.organisations.aggression[:] = 1.0
    world.organisations.quality[:] = 1.0
    world.organisations.home[:] = 1.0
    state.cells.deterrence[:] = 0.0
    calm = {
        "contact": 0.0,
        "ground": 1.0,
        "ied": 0.0,
        "raid": 0.0,
        "effort_half": 0.5,
        "tail": 3.5,
        "mass": 1000.0,
        "mass_pressure": 0.5,
        "column_size": 500.0,
    }
    return world, state, defaults(DUEL, lanes, encounters=calm | parameters)


def fight(world, state, columns, weeks):
    lanes = len(state.units.fighters)
    for week in range(weeks):
        run_week(DUEL, world, state, columns, streams(lanes, 1122 + week))
    a, b = world.units.first[A], world.units.first[B]
    return state.units.fighters[:, a].mean(), state.units.fighters[:, b].mean()


@pytest.mark.parametrize(("q_a", "q_b"), [(1.0, 1.0), (1.5, 0.8)])
def test_a_duel_follows_the_square_law_in_the_mean(q_a, q_b):
    # Both drives are 0.5 + 1 / 1.5, so meetings come at 0.3 * 2 * 7 / 6 = 0.7 a week. Each costs a side
    # kill * q * enemy, so the mean obeys dA/dt = -0.7 k q_b B exactly: Lanchester's square law.
    world, state, columns = duel(2000, 400, 300, rate=0.3, ambush=0.0, clash=1.0, kill=0.02, clash_law=1.0)
    world.organisations.quality[[A, B]] = q_a, q_b
    mean_a, mean_b = fight(world, state, columns, 20)
    growth, ratio = 20 * 0.7 * 0.02 * math.sqrt(q_a * q_b), math.sqrt(q_b / q_a)
    assert mean_a == pytest.approx(400 * math.cosh(growth) - 300 * ratio * math.sinh(growth), rel=0.01)
    assert mean_b == pytest.approx(300 * math.cosh(growth) - 400 / ratio * math.sinh(growth), rel=0.01)


def test_a_duel_of_ambushes_without_surprise_follows_the_linear_law():
    # Linear law: dA/dt = dB/dt = -r A B with r = 0.7 * kill / reference, so A - B stays 100 and
    # B = 100 / (A0 / B0 * exp(100 r t) - 1).
    world, state, columns = duel(
        2000, 400, 300, rate=0.3, ambush=1.0, clash=0.0, kill=0.02, ambush_law=0.0, surprise=1.0, reference=200.0,
        party_size=150.0, patrol_size=200.0,
    )  # fmt: skip
    state.units.fighters[:, world.units.first[A]] = 140
    state.units.fighters[:, world.units.first[B]] = 100
    mean_a, mean_b = fight(world, state, columns, 20)
    r = 0.7 * 0.02 / 200.0
    expected = 40 / (1.4 * math.exp(40 * r * 20) - 1)
    assert mean_a - mean_b == pytest.approx(40, abs=0.5)
    assert mean_b == pytest.approx(expected, rel=0.01)


def test_a_truce_ends_all_meetings():
    world, state, columns = duel(50, 400, 300, rate=2.0)
    state.relations.hostility[:] = 0.0
    assert fight(world, state, columns, 4) == (400.0, 300.0)


@pytest.mark.parametrize(
    ("hostility", "pressure", "times"), [(0, 0, 1), (0.5, 0, 41), (1, 0, 81), (1, math.log(2), 41)]
)
def test_jihadist_rivals_seek_each_other_only_at_war_and_less_under_aircraft(hostility, pressure, times):
    world, state, columns = duel(1, 400, 300, rivals=81.0, wary=1.0)
    rival = next(o for o in (1, 2) if world.organisations.coalition[o] != world.organisations.coalition[A])
    state.relations.hostility[0, A, rival] = hostility
    state.cells.pressure[0, 5, [A, rival]] = pressure
    p = columns["encounters"]
    assert heat.py_func(world, state, p, (0, 5), A, rival) == pytest.approx(times, rel=1e-6)
    assert heat.py_func(world, state, p, (0, 5), A, B) == 1.0


def test_pressure_stops_large_clashes():
    free, pressed = (duel(400, 400, 300, rate=1.0, ambush=0.0) for _ in range(2))
    pressed[1].cells.pressure[:] = 3.0
    for world, state, columns in (free, pressed):
        run_week(DUEL, world, state, columns, streams(400))
    assert largest(free[1]) > 200
    assert largest(pressed[1]) <= safe_mass.py_func(1000.0, 1.0, 3.0, 0.5, EXPONENTIAL) < 3


def test_soldiers_are_met_by_bombs_and_militias_by_raids():
    world, state, columns = duel(300, 100, 100, rate=1.0, clash=0.0, ambush=0.0, raid=1.0, ied=1.0)
    run_week(DUEL, world, state, columns, streams(300))
    kinds = [row[Field.KIND] for lane in range(300) for row in state.events.rows[lane, : state.events.count[lane]]]
    assert set(kinds) == {3}  # only raids: neither side is a state
    assert world.organisations.kind[B] == Kind.MILITIA


def test_sizes_have_mean_one_and_the_tail_of_the_size_law():
    units = (np.arange(200_000) + 0.5) / 200_000
    sizes = np.array([heavy.py_func(2.5, u) for u in units])
    assert sizes.mean() == pytest.approx(1.0, rel=0.01)
    tail = sizes[(sizes > 1.0) & (sizes < 20.0)]
    exponent = 1 + len(tail) / np.log(tail / 1.0).sum()
    assert 2.1 < exponent < 2.9


def largest(state):
    committed = [
        row[Field.COMMITTED] for lane in range(400) for row in state.events.rows[lane, : state.events.count[lane]]
    ]
    return max(committed, default=0)
