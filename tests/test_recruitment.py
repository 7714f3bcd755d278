"""Recruitment by grievance, on numbers for the head: a million followers give 4 weeks * 50 * a quarter of pay = 50."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.muster import muster
from sim.processes.recruitment import Recruitment, RecruitmentColumns, recruitment
from sim.state import equal, take
from tests import small

ARMY, GROUP = 0, 1
HERE = (4, 5)
"""Both communities of cell 3, in AAA/East, where a band of 60 is."""
QUIET = {"rate": 50.0, "leave": 0.0, "foreign": 0.0, "grievance": 6.0, "grievance_half": 0.75}
DUE = 1120


def joined(change=None, week=DUE, **parameters):
    """Recruits of each community in a month in which a million people of cell 3 follow the group."""
    world, state = small.world(), small.state()
    state.communities.people[:, HERE] = 1_000_000
    state.communities.allegiance[:, HERE, GROUP] = 0.5
    state.organisations.treasury[:] = 0.0
    state.organisations.replacement[:] = 0.0
    if change:
        change(state)
    muster(world, state, None, small.streams(week))
    given = Recruitment(**(QUIET | parameters))
    recruitment(world, state, stack([given], RecruitmentColumns), small.streams(week))
    assert state.ledger.enlisted[0, GROUP, 1, 0] == state.ledger.recruited.sum() == state.ledger.joined.sum()
    return int(state.ledger.recruited.sum())


def abused(state):
    """The army killed one in a thousand of all people."""
    state.communities.harm[:, :, ARMY] = 1.0


def test_without_grievance_a_million_followers_give_fifty():
    assert joined() == pytest.approx(50, abs=1)


def test_abuses_by_those_whom_it_fights_feed_a_group():
    # Hostility 0.5 * (1 + half for kin) = 0.75, so grievance is a half and recruits are 1 + 6 / 2 = 4 times as many.
    assert joined(abused) == pytest.approx(200, abs=1)
    assert joined(abused, kin=0.0, grievance_half=0.5) == pytest.approx(200, abs=1)
    assert joined(abused, grievance=0.0) == pytest.approx(50, abs=1)


def test_what_happens_to_kin_elsewhere_counts_by_its_share():
    def far(state):
        state.communities.harm[:, 6, ARMY] = 1.0
        state.communities.people[:, 6] = 2_000_000

    # Kin are 4 million and half of them were harmed: 0.5 * 0.5 * 0.5 = 0.125, over 0.125 + 0.125.
    assert joined(far, grievance_half=0.125) == pytest.approx(200, rel=0.01)
    assert joined(far, kin=0.0) == pytest.approx(50, abs=1)


def test_nobody_joins_for_what_friends_do():
    def own(state):
        state.communities.harm[:, :, GROUP] = 1.0
        state.relations.hostility[:, GROUP, GROUP] = 0.0

    assert joined(own) == pytest.approx(50, abs=1)


def test_pledges_and_prestige():
    def pledged(state):
        state.communities.protector[:, HERE] = GROUP

    def famous(state):
        state.organisations.prestige[:] = 1.0

    assert joined(pledged) == pytest.approx(75, abs=1)
    assert joined(famous, fade=0.0) == pytest.approx(75, abs=1)


def test_opportunity_knows_control_and_pay_only():
    def ruled(state):
        abused(state)
        state.cells.share[:, :, GROUP] = 0.0
        state.cells.share[:, 3, GROUP] = 0.5
        state.communities.allegiance[:] = 0.0
        state.organisations.prestige[:] = 1.0

    # 2 million people * 0.5 of control are as good as place of a million followers.
    assert joined(ruled, motive="opportunity") == pytest.approx(50, abs=1)


def test_off_knows_neither_grievance_nor_pledges_nor_prestige():
    def everything(state):
        abused(state)
        state.communities.protector[:, HERE] = GROUP
        state.organisations.prestige[:] = 1.0

    assert joined(everything, motive="off") == joined(None, motive="off") == pytest.approx(50, abs=1)


def test_people_join_every_fourth_week():
    assert [joined(week=DUE + i) > 0 for i in range(5)] == [True, False, False, False, True]


def test_in_other_weeks_only_mood_and_garrisons_change():
    world, state = small.world(), small.state()
    state.organisations.replacement[:] = 0.0
    before = take(state, 0)
    recruitment(world, state, stack([Recruitment()], RecruitmentColumns), small.streams(DUE + 1))
    state.organisations.cohesion[:] = before.organisations.cohesion
    assert np.all(before.organisations.prestige == 0.5)
    assert equal(state, before)


def test_prestige_fades_toward_the_ordinary():
    world, state = small.world(), small.state()
    state.organisations.prestige[0] = [1.0, 0.5, 0.0]
    recruitment(world, state, stack([Recruitment(fade=0.2)], RecruitmentColumns), small.streams(DUE + 1))
    assert state.organisations.prestige[0] == pytest.approx([0.9, 0.5, 0.1])
