from __future__ import annotations

import numpy as np
import pytest
import small
from events_alone import COUP, HALT, START, TRUCE, run

from scenarios.events import read_event


def test_truce_holds_hostility_down_both_ways_in_its_region_until_it_ends() -> None:
    state = run(read_event(TRUCE), 3)
    for a, b in ((0, 1), (1, 0)):
        assert state.relations.hostility[0, a, b].tolist() == pytest.approx([0.5, 0.1])
        assert state.relations.ceiling[0, a, b].tolist() == pytest.approx([1.0, 0.1])
    end = read_event({"kind": "end_truce", "between": ["jihad", "army"], "regions": "AAA/East", "date": "2022-01-03"})
    assert run(end, 1, state).relations.ceiling.min() == 1.0


def test_truce_breaks_in_about_the_share_of_lanes_that_its_hazard_says() -> None:
    state = run(read_event(TRUCE | {"hazard": 0.1}), 12, lanes=1000)
    held = (state.relations.ceiling[:, 0, 1, 1] == 0.1).mean()
    assert held == pytest.approx(0.9**10, abs=0.05)  # 0.35: ten weeks after the one in which it began
    np.testing.assert_array_equal(state.relations.ceiling[:, 0, 1], state.relations.ceiling[:, 1, 0])


def test_broken_truce_leaves_another_ceiling_alone() -> None:
    state = small.state()
    event = read_event(TRUCE | {"hazard": 1.0})
    run(event, 2, state)
    state.relations.ceiling[0, 0, 1, 1] = 0.3
    run(event, 3, state, start=START + 2)
    assert (state.relations.ceiling[0, 0, 1, 1], state.relations.ceiling[0, 1, 0, 1]) == (0.3, 1.0)


def test_set_stance_is_symmetric_and_where_it_rests() -> None:
    event = read_event({"kind": "set_stance", "a": "army", "b": "abroad", "from": "2022-01-03", "stance": "war"})
    relations = run(event, 1).relations
    for column in (relations.hostility, relations.rest):
        assert column[0, 0, 2].tolist() == column[0, 2, 0].tolist() == [1.0, 1.0]
        assert column[0, 0, 1].tolist() == [0.5, 0.5]


def test_cooperation_stops_comes_back_and_begins() -> None:
    event = read_event({"kind": "suspend_cooperation", "patron": "foreign", "host": "army", "from": "2022-01-03",
                        "to": "2022-01-17", "restored": 0.4})  # fmt: skip
    support = [run(event, weeks).relations.support[0, 2, 0] for weeks in (1, 2, 3)]
    assert support == [0.0, 0.0, 0.4]
    begun = read_event({"kind": "cooperate", "patron": "foreign", "host": "army", "from": "2022-01-03", "level": 0.9})
    assert run(begun, 1).relations.support[0, 2, 0] == 0.9


def test_halted_patrols_resume() -> None:
    tempo = [run(read_event(HALT), weeks).organisations.tempo[0, 0, 1] for weeks in (1, 2, 3, 4)]
    assert tempo == [1.0, 0.25, 0.25, 1.0]


def test_what_began_before_the_start_is_not_undone() -> None:
    assert run(read_event(HALT), 4, start=START + 2).organisations.tempo[0, 0, 1] == 1.0


def test_coup_draws_forces_to_the_capital_and_conserves_them() -> None:
    state = small.state()
    state.units.cell[0, 1] = 4  # the column is out
    run(read_event(COUP), 1, state)
    assert state.units.cell[0, 1] == 0
    assert state.units.fighters[0, :4].tolist() == [205, 105, 90, 0]
    assert state.organisations.tempo[0, 0].tolist() == [1.0, 0.5]
    assert (state.relations.support[0, 2, 0], state.relations.support[0, 0, 2]) == (0.0, 0.6)
    assert state.ledger.left.sum() == state.ledger.joined.sum() == 0
    assert (state.organisations.junta[0, 0], state.ledger.coups[0, 0]) == (0, 1)
    assert state.organisations.legitimacy[0].tolist() == [0.5, 1.0, 1.0]
    assert run(read_event(COUP), 3).organisations.tempo[0, 0, 1] == 1.0
