"""French of the scenarios that ship: no title, question, limit or event without it."""

from __future__ import annotations

import pytest

from experiments.figures.retelling import retold
from experiments.language import catalogue, speaking
from experiments.settings import scenarios
from experiments.values import CONF
from scenarios.history import History
from scenarios.order_of_battle import read_catalogue
from scenarios.scenario_files import load_history


@pytest.fixture(scope="module")
def told() -> list[History]:
    return [load_history(name, CONF) for name in scenarios()]


def test_titles_questions_and_limits_have_french(told: list[History]) -> None:
    texts = {text for h in told for text in (h.title, h.question, h.cannot_tell) if text}
    assert sorted(texts - set(catalogue("fr"))) == []


def test_every_event_and_rule_is_retold(told: list[History]) -> None:
    labels = read_catalogue(CONF / "order_of_battle").labels
    said = {item.sentence(labels) for h in told for item in (*h.events, *h.rules)}
    assert len(said) > 100
    with speaking("fr"):
        assert [sentence for sentence in sorted(said) if retold(sentence) == sentence] == []


def test_names_with_and_in_them_are_not_torn() -> None:
    english = "From 22 December 2022, the accord of Burkina Faso defence and security forces and JNIM is dropped."
    # An accord is told with "on"; the opening does not matter to the clause.
    with speaking("fr"):
        assert retold(english) == (
            "À partir du 22 décembre 2022, abandon de l'accord entre Forces de défense et de sécurité du Burkina Faso "
            "et JNIM."
        )


def test_numbers_days_and_places_are_turned() -> None:
    english = "On 1 August 2022, MINUSMA announces that 6.5 % of its troops leave Gao; it thins out by 6.5 % from 5 \
December 2022 to 6 March 2023."
    with speaking("fr"):
        assert retold(english) == (
            "Le 1er août 2022, MINUSMA : annonce du retrait de 6,5\xa0% de ses troupes de Gao ; "
            "allègement de 6,5\xa0% du 5 décembre 2022 au 6 mars 2023."
        )


def test_what_fits_no_template_stays_english() -> None:
    with speaking("fr"):
        assert retold("On 1 August 2022, the moon is bought.") == "On 1 August 2022, the moon is bought."
    assert retold("anything") == "anything"
