"""Borderlands: what repression, unsettled disputes and investment do to attitudes, and who is probed."""

import math

import numpy as np
import pytest

from agents.armed_group import ArmedGroups
from agents.outlook import list_rooted, reception
from scenarios.build import CONF, Case, build
from scenarios.mechanisms import load_option
from scenarios.week import WEEK
from sim.engine import run_week
from sim.handles import bound
from sim.parameters import stack
from sim.processes.borderlands import Borderlands, BorderlandsColumns
from sim.processes.borderlands import borderlands as resolve
from sim.state import State, Zone, equal, repeat
from tests import small

ARMY, GROUP = 0, 1
EVERYTHING = {"dispute": 0.1, "blame": 0.4, "sympathy": 0.5, "trust": 0.12, "distance": 0.12, "noticed": 40.0}
REVIEWED = 0
"""A week in which the communities of cell 0 are reviewed."""


def scene(herders=0.0):
    """Cell 0 has communities 0 and 1 of a thousand people each; `herders` of the first live on herding."""
    world, state = small.world(), small.state()
    world.communities.herders[0] = herders
    return world, state


def review(world, state, number=REVIEWED, **values):
    columns = stack([Borderlands(**(EVERYTHING | values))], BorderlandsColumns)
    resolve(world, state, columns, small.streams(number))


def minds(state, community=0):
    return state.communities.attitude[0, community, [ARMY, GROUP]].tolist()


def test_repression_of_herders_costs_the_state_and_feeds_its_enemy():
    world, state = scene(herders=1.0)
    state.policies.repression[:] = 0.5
    review(world, state, dispute=0.0)
    assert minds(state) == pytest.approx([-0.4 * 0.5, 0.5 * 0.5])
    assert minds(state, 1) == [0.0, 0.0]  # farmers, nobody of the enemy near


def test_whoever_lives_where_the_enemy_is_or_follows_him_is_suspected():
    world, state = scene()
    state.policies.repression[:] = 1.0
    state.cells.presence[0, 0, GROUP] = 40.0
    review(world, state)
    assert minds(state) == pytest.approx([-0.4 * 0.5, 0.5 * 0.5])
    world, state = scene()
    state.policies.repression[:], state.communities.allegiance[0, 0, GROUP] = 1.0, 0.2
    review(world, state)
    assert minds(state) == pytest.approx([-0.4 * 0.2, 0.5 * 0.2])


def test_an_unsettled_dispute_turns_herders_where_farmers_are():
    world, state = scene(herders=1.0)  # half of the cell's people are herders: friction is 1
    review(world, state)
    assert minds(state) == pytest.approx([-0.4 * 0.1, 0.5 * 0.1])
    world, state = scene(herders=1.0)
    world.communities.herders[1] = 1.0  # herders among themselves
    review(world, state)
    assert minds(state) == [0.0, 0.0]


def test_investment_settles_disputes_and_wins_people_where_the_state_governs():
    world, state = scene(herders=1.0)
    state.policies.investment[:] = 1.0
    state.cells.governance[0, 0, ARMY] = 0.5
    review(world, state)
    grievance = 0.1 * 0.5
    assert minds(state) == pytest.approx([0.12 * 0.5 - 0.4 * grievance, 0.5 * grievance - 0.12 * 0.5])
    world, state = scene()
    state.policies.investment[:] = 1.0  # the state has gone: nothing is heard of it
    review(world, state)
    assert minds(state) == [0.0, 0.0]


def test_only_a_quarter_is_reviewed_and_friends_of_the_state_gain_nothing():
    world, state = scene(herders=1.0)
    state.policies.repression[:] = 1.0
    review(world, state, number=REVIEWED + 1)
    assert minds(state) == [0.0, 0.0]
    state.relations.hostility[:] = 0.0
    review(world, state)
    assert minds(state)[1] == 0.0


def test_switched_off_nothing_changes():
    world, state = scene(herders=0.7)
    state.policies.repression[:], state.policies.investment[:] = 0.6, 0.7
    state.cells.governance[:] = 1.0
    before = repeat(state, 1)
    off = load_option("borderlands", "off", CONF).parameters
    for number in range(4):
        review(world, state, number, **off["borderlands"])
    assert equal(before, state)
    assert off["armed_groups"] == {"probe": 0.0}


def test_a_probe_looks_for_the_community_that_would_take_it_in():
    world, state = scene()
    state.communities.attitude[0, :2, GROUP] = -1.0, 0.5
    assert reception(bound(world), bound(state), 0, 0, GROUP) == pytest.approx(1 / (1 + math.exp(-1.0)))


def test_only_jihadists_probe_and_only_where_they_have_no_homeland():
    world = small.world()
    rooted = np.empty((3, 1), np.bool_)
    list_rooted(bound(world), rooted)
    assert rooted[:, 0].tolist() == [True, True, True]
    world.organisations.home[:] = 0.05
    list_rooted(bound(world), rooted)
    assert rooted[:, 0].tolist() == [True, False, True]
    assert ArmedGroups().probe > 0


def test_early_investment_denies_the_foothold_that_repression_opens():
    """Cells of the littoral with a jihadist support zone or more, a year on average: fewer in every second of pairs."""
    setup = build(Case(histories=("historical",)))
    rows = [i for i, name in enumerate(setup.names.regions) if name[:3] in ("BEN", "TGO", "GHA", "CIV")]
    invest, repress = (cells_held(setup, rows, *policy) for policy in ((0.7, 0.1), (0.0, 0.6)))
    assert (invest < repress).mean() >= 0.8


def cells_held(setup, rows, investment, repression, lanes=6, weeks=130):
    """Mean number of cells held in the last half year, by lane."""
    state, columns = setup.lanes(range(lanes))
    assert isinstance(state, State)
    state.policies.investment[:, rows], state.policies.repression[:, rows] = investment, repression
    here = np.isin(setup.world.cells.region, rows)
    jihad = [setup.names.coalitions.index(name) for name in ("jnim", "issp")]
    held = np.zeros(lanes)
    for position in range(weeks):
        run_week(setup.week, setup.world, state, columns, setup._streams(range(lanes), position))
        if position >= weeks - 26:
            zone = state.cells.zone[:, here][:, :, jihad]
            held += ((zone == Zone.SUPPORT) | (zone == Zone.CONTROL)).any(axis=2).sum(axis=1)
    return held / 26


def test_borderlands_follow_attitudes_in_the_week():
    names = [process.name for process in WEEK]
    assert names.index("borderlands") == names.index("attitudes") + 1
