"""Negotiation: talks, the wars that they calm, and humanitarian access, on numbers to check in the head."""

import numpy as np
import pytest

from sim.parameters import stack
from sim.processes.negotiation import Negotiation, NegotiationColumns, negotiation
from sim.state import equal
from tests import small

REVIEW = 1120
PLAIN = {
    "base": 0.0, "stalemate": 0.0, "success": 0.0, "mediators": 0.0, "links": 0.0, "intent": 0.0, "atrocity": 0.0,
    "drift": 1.0,
}  # fmt: skip
"""The target of talks is one half and is reached at once; each test adds what it looks at."""


def reviewed(state, week=REVIEW, **parameters):
    negotiation(small.world(), state, stack([Negotiation(**parameters)], NegotiationColumns), small.streams(week))
    return state


def talks(state, **changes):
    return float(reviewed(state, **PLAIN | changes).organisations.talks[0, 1])


def sigma(x):
    return 1 / (1 + np.exp(-x))


def test_only_jihadist_groups_have_a_prospect_and_it_moves_by_the_drift():
    assert reviewed(small.state(), **PLAIN).organisations.talks[0].tolist() == [0.0, 0.5, 0.0]
    assert talks(small.state(), drift=0.2) == pytest.approx(0.1)


def test_a_stalemate_hurts_both_sides():
    one, both = small.state(), small.state()
    one.organisations.losses[0, 1, 0] = both.organisations.losses[0, 1, 0] = (
        120.0  # as many as it has: 500 per thousand
    )
    both.organisations.losses[0, 0, 0] = 400.0  # the same for the army, to which it is hostile by 0.5
    halves = {"group_half": 500.0, "state_half": 100.0, "stalemate": 4.0}
    assert talks(one, **halves) == pytest.approx(0.5)
    assert talks(both, **halves) == pytest.approx(sigma(4 * min(0.5, 0.5 * 500 / 600)))
    assert talks(one, **halves | {"success": 2.0}) == pytest.approx(sigma(-2 * 0.5))


def test_links_and_intent_bind_a_group():
    assert talks(small.state(), links=2.0, intent=3.0) == pytest.approx(sigma(-2 * 0.2 - 3 * 0.1))


def test_fresh_graves_end_talks():
    state = small.state()
    state.communities.harm[0, 0, 1] = 100.0  # 100 dead of a thousand people
    assert talks(state, atrocity=2.0, atrocity_half=100.0) == pytest.approx(sigma(-1.0))


def calmed(weeks=1, level=1.0, losses=0.0, **changes):
    state = small.state()
    state.organisations.talks[:] = level
    state.organisations.losses[0, 1, 1] = losses
    for _ in range(weeks):
        reviewed(state, **PLAIN | {"drift": 0.0, "calm": 0.5, "threshold": 0.5} | changes)
    return state


def test_talks_calm_the_war_and_less_where_it_is_fought():
    state = calmed(ease=1.0, losses=40.0, calm_half=40.0)
    assert state.relations.hostility[0, 1, 0].tolist() == pytest.approx([0.25, 0.375])
    assert np.array_equal(state.relations.hostility[0, 1, 0], state.relations.hostility[0, 0, 1])
    assert (state.relations.hostility[0, 1, 2] == 0.5).all()


def test_hostility_returns_when_talks_fail_but_never_above_its_ceiling():
    state = calmed(level=0.2)
    assert (state.relations.hostility == 0.5).all()
    state.relations.hostility[0, 1, 0] = state.relations.hostility[0, 0, 1] = 0.1
    state.relations.ceiling[0, 1, 0, 0] = state.relations.ceiling[0, 0, 1, 0] = 0.2
    reviewed(state, **PLAIN | {"drift": 0.0, "ease": 1.0, "threshold": 0.5})
    assert state.relations.hostility[0, 1, 0].tolist() == pytest.approx([0.2, 0.5])


def access(**changes):
    """Access where the group (discipline 0.5) holds 0.4 of West and nobody else holds anything."""
    state = small.state()
    state.cells.share[:] = 0.0
    state.cells.share[0, :3, 1] = 0.4
    state.organisations.losses[0, 1, 1] = 50.0
    reviewed(state, **PLAIN | {"drift": 0.0, "admit": 1.0, "fighting_half": 50.0} | changes)
    return state.policies.access[0].tolist()


def test_who_holds_the_ground_lets_aid_in_and_fighting_keeps_it_out():
    assert access() == pytest.approx([1 - 0.4 * 0.5, 0.5])
    assert access(form="no_access") == pytest.approx([1 - 0.4, 0.5])


def test_off_changes_nothing_and_so_does_a_week_without_review():
    state = small.state()
    state.organisations.talks[:] = 0.9
    state.organisations.losses[:] = 9.0
    before = small.state()
    before.organisations.talks[:] = 0.9
    before.organisations.losses[:] = 9.0
    assert equal(reviewed(state, form="off"), before)
    assert equal(reviewed(state, REVIEW + 1), before)
