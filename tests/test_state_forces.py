"""Armies that fear for their capital, borders that they may or may not cross."""

import numpy as np

from agents.organisation import Strategy, StrategyColumns, strategy
from agents.state_force import StateForces, StateForcesColumns, state_forces
from sim.parameters import stack
from sim.state import Posture
from tests import small

COLUMN, EDGE = 1, 2
"""Unit slots of the small world: the army's column at Home, its garrison at Edge, 180 km from the capital."""


def ordered(state, world=None, week=1120, lanes=1, **parameters):
    columns = stack([StateForces(**parameters)] * lanes, StateForcesColumns)
    state_forces(world or small.world(), state, columns, small.streams(week, lanes))
    return state


def share_out(lanes=2000, junta=-1, prepare=lambda state: None, **parameters):
    """Share of lanes in which the garrison at Edge goes on patrol."""
    state = small.state(lanes)
    state.organisations.junta[:, 0] = junta
    state.relations.hostility[:] = 0.0
    prepare(state)
    ordered(state, lanes=lanes, patrol=0.5, reach=100.0, **parameters)
    return (state.units.posture[:, EDGE] == Posture.PATROL).mean()


def test_a_new_junta_accepts_risk_at_the_border_and_settles_in():
    assert abs(share_out() - 0.5) < 0.03
    assert abs(share_out(junta=0, shield=0.6) - 0.2) < 0.03
    assert abs(share_out(junta=20, shield=0.6, fade=20.0) - 0.5 * (1 - 0.6 * np.exp(-1))) < 0.03
    assert abs(share_out(junta=0, shield=0.0) - 0.5) < 0.03


def test_a_threatened_invasion_and_an_offensive_near_the_capital_do_the_same():
    def invasion(state):
        state.relations.hostility[:, 0, 2] = state.relations.hostility[:, 2, 0] = 0.5

    def offensive(state):
        state.relations.hostility[:, 0, 1] = 1.0
        state.cells.attacks[:, 0, 1] = 30.0

    assert abs(share_out(prepare=invasion, shield=0.8) - 0.3) < 0.03
    assert abs(share_out(prepare=offensive, shield=0.8, capital_half=30.0) - 0.3) < 0.03


def bordered(passage):
    """The small world with cells 4 and 5 abroad and the column's base moved to cell 3, at the border."""
    world, state = small.world(), small.state()
    world = world._replace(cells=world.cells._replace(country=np.array([0, 0, 0, 0, 1, 1], np.int32)))
    world = world._replace(cells=world.cells._replace(capital=np.repeat(world.cells.capital, 2, axis=1)))
    world.bases.cell[0], state.units.cell[0, COLUMN] = 3, 3
    return world, state._replace(
        relations=state.relations._replace(passage=np.array([[[1.0, passage], [1.0, 1.0], [1.0, 1.0]]]))
    )


def crossings(passage, weeks=60, **parameters):
    world, state = bordered(passage)
    world.organisations.mobility[0] = 0.5
    abroad = out = 0
    for week in range(weeks):
        ordered(state, world, 1120 + week, **{"pursuit": 0.0, "tether": 0.0, "recall": 0.0} | parameters)
        out += state.units.posture[0, COLUMN] == Posture.COLUMN
        abroad += world.cells.country[state.units.cell[0, COLUMN]] == 1
    return abroad, out


def test_no_column_crosses_a_closed_border():
    assert crossings(0.0)[0] == 0
    assert crossings(0.0, pursuit=0.5)[0] > 0
    assert crossings(1.0)[0] > 0


def test_a_pact_sends_out_more_columns_and_draws_them_across():
    assert crossings(1.0, pact=1.0)[1] > crossings(1.0, pact=0.0)[1]
    assert crossings(1.0, joint=4.0)[0] > crossings(1.0, joint=0.0)[0]


def test_a_column_abroad_goes_home_when_the_border_closes():
    world, state = bordered(0.0)
    world.organisations.mobility[0] = 1.0
    state.units.cell[0, COLUMN] = 5
    ordered(state, world, pursuit=0.0, recall=0.0)
    assert state.units.cell[0, COLUMN] == 3


def test_effort_goes_to_the_capital_first():
    def effort(capital):
        state = small.state()
        state.cells.attacks[0, [0, 5], 1] = 10.0  # cell 5 is 300 km from the capital
        strategy(small.world(), state, stack([Strategy(capital=capital)], StrategyColumns), small.streams(1120))
        return state.organisations.effort[0, 0]

    assert effort(0.0)[0] == effort(0.0)[1]
    assert effort(1.0)[0] > effort(1.0)[1]


def test_groups_turn_to_a_border_whose_troops_stay_in():
    def effort(posture):
        state = small.state()
        state.units.posture[0, [EDGE, 8, 9, 10]] = posture  # all of the troops in the east
        strategy(small.world(), state, stack([Strategy(opening=3.0)], StrategyColumns), small.streams(1120))
        return state.organisations.effort[0, 1, 1]

    assert effort(Posture.GARRISON) > effort(Posture.PATROL)
