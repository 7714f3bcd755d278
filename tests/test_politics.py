"""Politics: legitimacy and coups on numbers that one can check in the head."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from scenarios.governments import governments
from sim.parameters import stack
from sim.processes.politics import Politics, PoliticsColumns, politics
from sim.state import equal, repeat
from tests import small

REVIEW = 1120
"""A week in which governments are reviewed."""


def reviewed(state, week=REVIEW, lanes=1, **parameters):
    politics(small.world(), state, stack([Politics(**parameters)] * lanes, PoliticsColumns), small.streams(week, lanes))
    return state


QUIET = {"recover": 0.0, "losses": 0.0, "bases": 0.0, "capital": 0.0, "harm": 0.0, "base": 0.0}


def test_trust_returns_toward_the_share_of_people_who_are_administered():
    state = small.state()
    state.cells.governance[:, :, 0] = 0.5
    reviewed(state, **QUIET | {"recover": 0.1})
    assert state.organisations.legitimacy[0].tolist() == [pytest.approx(0.95), 1.0, 1.0]  # 1 + 0.1 * (0.5 - 1)


def test_losses_equal_to_the_half_take_half_of_the_weight():
    state = small.state()  # the army has 400 troops
    state.organisations.losses[0, 0, 0] = 100.0  # 100 of 500: 200 per thousand
    state.organisations.losses[0, 1, 0] = 100.0
    reviewed(state, **QUIET | {"losses": 0.2, "losses_half": 100.0})
    assert state.organisations.legitimacy[0, 0] == pytest.approx(1 - 0.2 * 200 / 300)


def test_a_base_in_enemy_hands_counts_and_one_closed_by_decision_does_not():
    state = small.state()  # Home and Edge are open, Far was never held
    state.bases.open[0, 1] = -1
    reviewed(state, **QUIET | {"bases": 0.2})
    assert state.organisations.legitimacy[0, 0] == pytest.approx(1 - 0.2 * 1 / 2)


def test_attacks_count_near_the_capital_only():
    state = small.state()  # cells lie 0, 60, 120, 180, 240, 300 km from the capital; hostility is 0.5
    state.cells.attacks[0, 3, 1] = 20.0
    state.cells.attacks[0, 4, 1] = 1000.0
    reviewed(state, **QUIET | {"capital": 0.2, "capital_half": 10.0})
    assert state.organisations.legitimacy[0, 0] == pytest.approx(1 - 0.2 * 10 / 20)


def test_harm_to_the_people_counts_whoever_did_it():
    state = small.state()
    state.communities.harm[:, :, 1] = 0.05
    reviewed(state, **QUIET | {"harm": 0.2, "harm_half": 0.05})
    assert state.organisations.legitimacy[0, 0] == pytest.approx(0.9)


def test_coups_come_at_the_rate_that_legitimacy_sets():
    lanes, rates = 4000, {}
    for legitimacy in (1.0, 0.5):
        state = small.state(lanes)
        state.organisations.legitimacy[:, 0] = legitimacy
        reviewed(state, lanes=lanes, **QUIET | {"base": 0.5, "steep": 4.0})
        rates[legitimacy] = state.ledger.coups[:, 0].mean()
    assert rates[1.0] == pytest.approx(1 - np.exp(-4 / 52 * 0.5), abs=0.01)
    assert rates[0.5] == pytest.approx(1 - np.exp(-4 / 52 * 0.5 * np.exp(2.0)), abs=0.02)


def certain(**more):
    """Parameters under which the army of a state without trust is sure to take power."""
    return QUIET | {"base": 0.5, "steep": 10.0, **more}


def distrusted():
    state = small.state()
    state.organisations.legitimacy[0, 0] = 0.0
    return state


def test_a_junta_starts_with_credit_counts_its_weeks_and_loses_patrons():
    state = reviewed(distrusted(), **certain(credit=0.3, objection=0.5))
    assert state.ledger.coups[0].tolist() == [1, 0, 0]
    assert state.organisations.junta[0].tolist() == [0, -1, -1]
    assert state.organisations.legitimacy[0, 0] == pytest.approx(0.3)
    assert state.relations.support[0, 2, 0] == pytest.approx(0.6 * 0.5)
    assert state.relations.support[0, 1, 0] == 0.6
    for week in range(1, 4):
        reviewed(state, REVIEW + week, **certain())
    assert state.organisations.junta[0].tolist() == [3, -1, -1]


def test_no_second_coup_in_the_year_after_one():
    state = distrusted()
    state.organisations.junta[0, 0] = 10
    reviewed(state, **certain(grace=52.0))
    assert state.ledger.coups.sum() == 0
    reviewed(state, **certain(grace=5.0))
    assert state.ledger.coups.sum() == 1


def test_the_rivals_are_a_hazard_that_ignores_the_war_and_a_coup_trap():
    lanes, start = 4000, distrusted()
    for trap, weeks, expected in ((0.0, -1, 0.5), (3.0, -1, 0.5), (3.0, 59, 0.5 * (1 + 3 * np.exp(-1)))):
        state = repeat(start, lanes)
        state.organisations.junta[:] = weeks
        reviewed(state, lanes=lanes, **certain(form="constant", trap=trap, trap_fade=60.0, grace=0.0))
        assert state.ledger.coups[:, 0].mean() == pytest.approx(1 - np.exp(-4 / 52 * expected), abs=0.012)


def test_off_changes_nothing():
    state, before = distrusted(), distrusted()
    state.organisations.losses[:] = before.organisations.losses[:] = 50.0
    assert equal(reviewed(state, form="off"), before)


def table(tmp_path, *rows):
    path = Path(tmp_path / "governments.csv")
    head = "organisation,from,change,legitimacy,low,high,source,confidence,note"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_last_change_before_the_start_counts(tmp_path):
    path = table(
        tmp_path,
        "army,2020-01-06,election,0.7,0.6,0.8,judgement,C,",
        "army,2021-06-07,coup,0.5,0.4,0.6,judgement,C,",
        "army,2023-01-02,election,0.6,0.5,0.7,judgement,C,",
    )
    found = governments(path, ("army", "group"), date(2021, 7, 5))
    assert found.legitimacy.tolist() == [0.5, 1.0]
    assert found.junta.tolist() == [4, -1]
    assert governments(path, ("army", "group"), date(2023, 1, 9)).junta.tolist() == [-1, -1]
    assert governments(path, ("army", "group"), date(2019, 1, 7)).legitimacy.tolist() == [1.0, 1.0]


def test_a_mistake_in_the_table_is_refused_in_one_line(tmp_path):
    path = table(tmp_path, "army,2020-01-06,putsch,0.7,0.6,0.8,judgement,C,")
    with pytest.raises(ValueError, match=r"row 2: change 'putsch' is not known"):
        governments(path, ("army",), date(2021, 7, 5))
