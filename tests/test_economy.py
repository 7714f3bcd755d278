"""The economy of war, on numbers for the head: the group has 120 fighters and 0.5 thousand fighter-weeks."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.economy import Economy, EconomyColumns, economy
from sim.processes.muster import muster
from sim.state import equal, take
from tests import small

ARMY, GROUP = 0, 1
DUE = 1120
STILL = {"money": 0.0, "cost": 0.0, "kidnap": 0.0, "spend": 0.0, "attract": 0.0}


def mined(rich=(1.0, 0.5, 0.25)):
    """The small world with riches in cell 3, where a band of 60 is, and as many in cell 2, where nobody is."""
    world = small.world()
    riches = np.zeros((6, 3))
    riches[2:4] = rich
    return world._replace(cells=world.cells._replace(riches=riches))


def after(world, state, week=DUE, lanes=1, **parameters):
    muster(world, state, None, small.streams(week, lanes))
    columns = stack([Economy(**(STILL | parameters))] * lanes, EconomyColumns)
    economy(world, state, columns, small.streams(week, lanes))
    return state


def gain(change=lambda state: None, world=None, **parameters):
    """What a month brings to the group."""
    state = small.state()
    change(state)
    return float(after(world or mined(), state, **parameters).organisations.treasury[0, GROUP]) - 0.5


def ruled(state):
    state.cells.share[:, :, GROUP] = 0.5


def test_mines_markets_and_roads_are_taxed_by_control():
    # 4 weeks * half of control * (0.2 * 1 + 0.1 * 0.5 + 0.04 * 0.25 = 0.26)
    assert gain(ruled, gold=0.2, cattle=0.1, trade=0.04) == pytest.approx(0.52)
    assert gain(gold=0.2) == pytest.approx(0.0)


def test_loot_needs_presence_only():
    def forty(state):
        state.units.fighters[:, 4] = 40

    # A band of 40, so half, without any control.
    assert gain(forty, taxes="loot", gold=0.2, cattle=0.1, trade=0.04) == pytest.approx(0.52)


def test_fighters_cost_less_at_home_and_money_comes_from_abroad():
    assert gain(cost=0.001, own=0.5) == pytest.approx(-4 * 0.06)
    assert gain(cost=0.001, own=0.0) == pytest.approx(-4 * 0.12)
    assert gain(cost=0.01, own=0.0) == pytest.approx(-0.5)
    assert gain(money=0.5) == pytest.approx(4 * 0.5 * 0.2)


def test_a_host_army_pays_a_part():
    world = small.world()
    host = world.organisations.host.copy()
    host[GROUP] = ARMY
    world = world._replace(organisations=world.organisations._replace(host=host))
    # Support is 0.6 in the small world: with aid of a half, 0.3 is paid for.
    assert gain(world=world, cost=0.001, own=0.0, aid=0.5) == pytest.approx(-4 * 0.12 * 0.7)


def test_what_lies_above_the_reserve_is_spent():
    # The reserve is 120 fighters * 2 weeks = 0.24; of 0.26 above it, 0.75 ** 4 is left.
    assert gain(reserve=2.0, spend=0.25) == pytest.approx(0.26 * (0.75**4 - 1))


def test_ransoms_are_rare_and_their_mean_is_the_parameter():
    lanes = 4000
    state = after(mined(), small.state(lanes), lanes=lanes, kidnap=0.1, captors=80.0, ransom=4.0, tail=3.5)
    paid = state.organisations.treasury[:, GROUP] - 0.5
    # 4 weeks * 0.1 * 120 / (120 + 80) = 0.24 in expectation, so in one lane of 4.7.
    assert (paid > 0).mean() == pytest.approx(1 - np.exp(-0.24), abs=0.02)
    assert paid[paid > 0].mean() == pytest.approx(4.0, rel=0.1)
    assert np.all(state.organisations.treasury[:, [ARMY, 2]] == 0.5)


def test_links_grow_with_prestige_and_wane_without():
    state = small.state()
    state.organisations.prestige[:] = 1.0
    # 4 * 0.1 * (2 * 1 - 1) * 0.2 * 0.8
    assert after(mined(), state, attract=0.1).organisations.links[0, GROUP] == pytest.approx(0.2 + 0.064)
    state.organisations.prestige[:] = 0.0
    state.organisations.links[:] = 0.2
    assert after(mined(), state, attract=0.1).organisations.links[0, GROUP] == pytest.approx(0.2 - 0.064)


def test_off_leaves_no_riches_no_ransom_and_links_as_they_are():
    world, state = mined(), small.state()
    ruled(state)
    state.organisations.prestige[:] = 1.0
    muster(world, state, None, small.streams(DUE))
    before = take(state, 0)
    alive = {"taxes": "off", "gold": 2.0, "cattle": 1.0, "trade": 1.0, "kidnap": 0.1, "captors": 10.0, "attract": 0.1}
    for month in range(10):
        assert equal(after(world, state, DUE + 4 * month, **alive), before)


def test_accounts_are_settled_every_fourth_week():
    assert [gain(week=DUE + i, money=1.0) > 0 for i in range(5)] == [True, False, False, False, True]
