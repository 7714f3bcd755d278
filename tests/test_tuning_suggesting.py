"""Tuning: changes of few parameters that bring made-up facts into band while levels hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad

from experiments import scorecard
from experiments.calibration.priors import Prior, Priors
from experiments.composing import composed
from experiments.tuning import reporting
from experiments.tuning.design import design
from experiments.tuning.emulators import lines
from experiments.tuning.suggesting import changes, costs, goals
from tests.tuned import ENDS, SIZE, TUNED, change_for, made_up, noise, varied


@pytest.fixture(scope="module")
def priors():
    return varied()


def test_a_fact_is_moved_into_its_band_by_what_moves_it_and_nothing_else():
    z, told = change_for(made_up("fact a", {3: 0.5, 7: -0.3}, 0.0, 0.4, 2.0)[1])
    assert set(np.flatnonzero(z)) <= {3, 7}
    assert z[3] > 0.5
    assert told[["inside_before", "inside_after"]].values.tolist() == [[False, True]]
    assert told["after"][0] == pytest.approx(0.4 + 0.15 * 0.5, abs=0.1), "by about its margin"


def test_a_fact_that_is_well_inside_asks_for_nothing():
    z, _ = change_for(made_up("fact a", {3: 0.5}, 1.0, 0.0, 2.0)[1])
    assert not z.any()


def test_a_level_is_held_and_another_way_is_found():
    fact = made_up("fact a", {3: 0.5, 9: 0.3}, 0.0, 0.25, 2.0)[1]
    level = made_up("level b", {3: 1.0}, 0.0, -0.1, 0.1, seed=2)[1]
    alone, _ = change_for(fact)
    held, told = change_for(fact, level)
    assert alone[3] > 0.4
    assert held[9] > alone[9]
    assert abs(held[3]) < 0.2
    assert told["inside_after"].all()


def test_what_is_out_of_reach_does_not_pull():
    z, _ = change_for(made_up("fact a", {3: 0.5}, 0.0, 50.0, 60.0)[1])
    assert not z.any()


def test_effects_alone_are_no_aim():
    z, _ = change_for(made_up("fact sizes:2", {3: 0.5}, 0.0, 0.4, 2.0)[1])
    assert not z.any()


def test_a_change_ends_where_the_range_does():
    ends = ENDS.copy()
    ends[1, 3] = 0.2
    z, _ = change_for(made_up("fact a", {3: 0.5}, 0.0, 0.4, 2.0)[1], ends=ends)
    assert z[3] == pytest.approx(0.2)
    far, _ = change_for(made_up("fact a", {3: 0.5}, 0.0, 0.9, 2.0)[1])
    assert far[3] == pytest.approx(TUNED.furthest)


def test_costs_and_their_slopes_agree():
    every = [made_up("fact a", {3: 0.5}, 0.0, 0.4, 2.0)[1], made_up("level b", {3: 1.0, 5: 0.4}, 0.0, 0.2, 0.3)[1]]
    own = goals(every, lines(design(ENDS, 600, 0.2, 3), every, 3.0), TUNED)
    at = 0.3 * noise(SIZE, 9)
    assert check_grad(lambda z: costs(own, z)[0], lambda z: costs(own, z)[1], at) < 1e-3
    assert np.abs(costs(own, at)[1]).max() > 0.1


def test_suggested_values_lie_in_the_range_and_can_be_run_with(priors):
    z = np.zeros(len(priors.each))
    z[[priors.names.index("encounters.rate"), priors.names.index("armed_groups.gather")]] = 1.0, -0.5
    table = changes(priors, z)
    assert table["parameter"].tolist() == ["encounters.rate", "armed_groups.gather"]
    assert table["suggested"].tolist() == pytest.approx([0.32, -1.36])
    edge = Priors((Prior("encounters.rate", 0.14, 0.5, True, 0.01, 0.333333),))
    assert changes(edge, np.array([9.0]))["suggested"][0] == 0.333
    words = reporting.words_of(table, ["seed=2", "parameters.encounters.rate=0.2", "mechanism/governance=off"]).split()
    given = {"encounters": {"rate": 0.32}, "armed_groups": {"gather": -1.36}}
    assert composed(words).parameters == given
    assert scorecard.read(words).settings.parameters == given
    assert scorecard.read(words).settings.mechanisms == {"governance": "off"}
