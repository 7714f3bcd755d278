"""Harm, protection and allegiance, on numbers that one can check in the head."""

import math

import numpy as np
import pytest

from agents.backfire import Backfire, BackfireColumns, backfire
from agents.community import Attitudes, AttitudesColumns, attitudes
from agents.protection import Protection, ProtectionColumns, protection
from sim.parameters import stack
from sim.processes.muster import muster
from sim.state import Posture
from tests import small
from tests.worlds import random_state, random_world, streams

ARMY, GROUP, FORCE = 0, 1, 2
EDGE, WEEK = 3, 3  # cell 3 is in region 1, which has its turn in week 3
K = 4  # the first community of that cell


def column(kind, columns, **values):
    return stack([kind(**values)], columns)


def troops(state, **fighters):
    """Who is at Edge, and nobody anywhere else."""
    world = small.world()
    state.units.fighters[:] = 0
    for organisation, count in fighters.items():
        slot = {"army": 2, "group": 4, "force": 8}[organisation]
        state.units.fighters[0, slot], state.units.cell[0, slot] = count, EDGE
    muster(world, state, None, None)
    return world


def harmed_by(organisation, **values):
    """Attitudes of a community that remembers a death in a thousand by one organisation."""
    world, state = small.world(), small.state()
    state.relations.support[:] = 0.0
    state.relations.support[0, FORCE, ARMY] = 0.5
    state.communities.harm[0, K, organisation] = 1.0
    backfire(world, state, column(Backfire, BackfireColumns, **values), small.streams(WEEK))
    return state.communities.attitude[0, K].tolist(), state


def test_a_guest_costs_its_host_half_of_what_it_costs_itself():
    attitude, _ = harmed_by(FORCE, harm=0.2)
    assert attitude == pytest.approx([-0.1, 0.0, -0.2])


def test_a_patron_answers_by_what_it_gives():
    attitude, _ = harmed_by(ARMY, harm=0.2, patron=0.4)
    assert attitude == pytest.approx([-0.2, 0.0, -0.04])  # 0.4 * 0.5 of it


@pytest.mark.parametrize(("asymmetry", "left"), [(-1.0, 0.0), (-0.5, -0.1), (0.0, -0.2), (0.5, -0.3)])
def test_insurgents_are_blamed_less_or_more(asymmetry, left):
    attitude, _ = harmed_by(GROUP, harm=0.2, asymmetry=asymmetry)
    assert attitude == pytest.approx([0.0, left, 0.0])


@pytest.mark.parametrize(
    ("values", "army"),
    [({"harm": 0.3}, -0.3), ({"harm": 0.0}, 0.0), ({"harm": -0.1}, 0.1), ({"effect": "off"}, 0.0),
     ({"effect": "numbing", "harm": 1.0}, -math.log(2.0))],
)  # fmt: skip
def test_harm_alienates_cows_or_does_nothing(values, army):
    attitude, _ = harmed_by(ARMY, **values)
    assert attitude[ARMY] == pytest.approx(army)


def test_memory_halves_in_its_half_life():
    _, state = harmed_by(ARMY, half_life=4.0)
    assert state.communities.harm[0, K, ARMY] == pytest.approx(0.5)


def turned_to(state, **values):
    """The protector of the community after a review of the troops that are mustered."""
    protection(small.world(), state, column(Protection, ProtectionColumns, **values), small.streams(WEEK))
    return int(state.communities.protector[0, K])


def threatened():
    """A community that the army has harmed, near a group and a force that oppose the army."""
    state = small.state()
    state.communities.harm[0, K, ARMY] = 1.0
    state.relations.hostility[:] = 1.0 - np.eye(3)[:, :, None]
    state.relations.support[:] = 0.0
    state.communities.attitude[0, K] = [-1.0, -0.4, 0.4]
    return state


def test_a_people_whose_partner_leaves_turns_to_the_rival_of_those_who_threaten_it():
    state = threatened()
    troops(state, army=60, group=50, force=60)
    assert turned_to(state) == FORCE
    troops(state, army=60, group=50)
    assert turned_to(state) == GROUP
    assert state.communities.protector[0, 6] == -1  # another cell of the region, which nobody threatens


def test_a_protector_is_kept_until_another_is_clearly_better():
    state = threatened()
    state.communities.attitude[0, K] = [-1.0, 0.0, 0.1]
    state.communities.protector[0, K] = GROUP
    troops(state, army=60, group=60, force=60)
    assert turned_to(state, gratitude=0.0, liking=1.0, loyalty=1.3) == GROUP  # exp(0.1) is 1.1
    assert turned_to(state, gratitude=0.0, liking=1.0, loyalty=1.0) == FORCE


def test_a_calm_people_keeps_its_protector_while_it_is_there():
    state = threatened()
    state.communities.harm[:] = 0.0
    state.communities.protector[0, K] = FORCE
    troops(state, army=1, force=60)
    assert turned_to(state) == FORCE
    troops(state, army=1)
    assert turned_to(state) == -1


def test_troops_that_are_shut_in_protect_nobody():
    state = threatened()
    world = troops(state, army=60, force=60)
    state.units.posture[0, world.units.organisation == FORCE] = Posture.CONFINED
    assert turned_to(state) == -1


@pytest.mark.parametrize(("choice", "chosen"), [("worth", FORCE), ("strength", GROUP), ("affinity", FORCE)])
def test_forms_of_choice(choice, chosen):
    state = threatened()
    troops(state, army=60, group=90, force=60)
    assert turned_to(state, choice=choice, gratitude=0.0, liking=1.0) == chosen


def test_support_by_a_patron_makes_a_protector_worth_more():
    state = threatened()
    state.relations.support[0, ARMY, GROUP] = 3.0
    troops(state, army=60, group=50, force=60)
    assert turned_to(state, backing=0.0) == FORCE
    assert turned_to(state, backing=1.0, gratitude=0.0, choice="strength") == GROUP


def follows(fear=0.0, protector=-1, **values):
    """Allegiance of the community to army and group, who are both there and equally liked."""
    state = small.state()
    troops(state, army=1000, group=1000)
    state.cells.share[0, EDGE] = [0.8, 0.2, 0.0]
    state.cells.governance[0, EDGE] = [1.0, 1.0, 0.0]
    state.communities.fear[0, K], state.communities.protector[0, K] = fear, protector
    plain = {"temperature": 1.0, "governance": 0.0, "compliance": 0.0, "pledge": 0.0}
    attitudes(small.world(), state, column(Attitudes, AttitudesColumns, **(plain | values)), small.streams(WEEK))
    return state.communities.allegiance[0, K, :2].tolist()


def test_without_fear_or_protector_three_equal_shares():
    assert follows() == pytest.approx([1 / 3, 1 / 3])


def test_fear_makes_people_comply_with_whoever_controls_the_place():
    army, group = follows(fear=1.0, compliance=2.0)
    assert army / group == pytest.approx(math.exp(2.0 * (0.8 - 0.2)))


def test_a_protector_is_followed():
    army, group = follows(protector=GROUP, pledge=0.7)
    assert group / army == pytest.approx(math.exp(0.7))


@pytest.mark.parametrize(
    ("process", "columns", "fields"),
    [
        (backfire, column(Backfire, BackfireColumns, effect="off"), ("attitude",)),
        (protection, column(Protection, ProtectionColumns, choice="off"), ("attitude", "protector")),
    ],
)
def test_off_changes_nothing(process, columns, fields):
    world = random_world(3)
    state = random_state(world, 3, lanes=1)
    muster(world, state, None, None)
    before = {name: getattr(state.communities, name).copy() for name in fields}
    for week in range(1120, 1124):
        process(world, state, columns, streams(1, week))
    assert all(np.array_equal(before[name], getattr(state.communities, name)) for name in fields)
