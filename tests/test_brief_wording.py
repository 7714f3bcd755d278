"""The briefing: words of probability, findings and the sentences of the bottom line."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from experiments.briefing import pictures, sentences
from experiments.briefing.findings import CLEAR, FEW, LEANING, NONE, Finding
from experiments.briefing.wording import BANDS, between, likelihood, shown, signed
from tests.briefed_run import CHANGE


def one(**more: object) -> Finding:
    """A finding in which deaths rise from 100 to 110 in 90 of 100 pairs."""
    plain = {
        "outcome": "deaths", "label": "Deaths, all violence", "unit": "people", "window": CHANGE, "scenario": 110.0,
        "baseline": 100.0, "difference": 10.0, "low": 2.0, "high": 19.0, "error": 1.0, "up": 0.9, "down": 0.1,
        "pairs": 100, "standardised": 1.0,
    }  # fmt: skip
    return Finding(**(plain | more))  # type: ignore[arg-type]


def test_bands_join_without_gaps_and_hold_every_share() -> None:
    assert (BANDS[0].low, BANDS[-1].high) == (0.0, 1.0)
    assert all(a.high == b.low for a, b in zip(BANDS, BANDS[1:], strict=False))
    assert [likelihood(s) for s in (0.0, 0.05, 0.2, 0.45, 0.55, 0.8, 0.95, 1.0)] == [
        "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely",
        "almost certain", "almost certain",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, CLEAR),
        ({"up": 0.7}, LEANING),
        ({"up": 0.7, "standardised": 0.05}, NONE),  # too small to matter
        ({"up": 0.5}, NONE),
        ({"error": 6.0}, NONE),  # 10 is less than 1.96 times 6
        ({"error": math.nan, "pairs": 1}, FEW),
        ({"pairs": 19}, FEW),
        ({"difference": 0.0}, NONE),
        ({"unit": "probability", "difference": 0.12, "error": 0.01, "up": 0.12}, CLEAR),
        ({"unit": "probability", "difference": 0.03, "error": 0.01, "up": 0.03}, LEANING),
    ],
)
def test_verdicts_by_hand(more: dict[str, object], verdict: str) -> None:
    assert one(**more).verdict == verdict


def test_the_bottom_line_names_what_changes_and_counts_the_rest() -> None:
    first, toll, sure = sentences.bottom_line([one(), one(outcome="civilians", label="Civilians killed", up=0.5)])
    assert "deaths, all violence: up, very likely (90\xa0% of pairs; 110 instead of 100)" in first
    assert "civilians killed: no clear difference (110 instead of 100; 90 % of pairs differ by +2.00 to +19.0)" in toll
    assert "Of 2 headline outcomes 1 change clearly, 0 lean to one side and 1 show no clear difference" in sure


def test_ordinal_outcomes_are_told_without_sizes() -> None:
    said = sentences.change(one(unit="ordinal index 0-100", label="Transnational threat, JNIM (ordinal)"))
    assert "110" not in said
    assert "up, very likely" in said


def test_too_few_pairs_give_no_likelihood() -> None:
    first, toll, _ = sentences.bottom_line([one(pairs=1, error=math.nan)])
    assert "too few" in first
    assert "likely (" not in first + toll


def test_no_finding_is_the_title_of_two_slides() -> None:
    made = [pictures.Picture(f"p{i}", "violence", True, "headline", "", "", Path(), Path()) for i in range(3)]
    titles = sentences.slide_titles(made, [one(), one(outcome="deaths_ner", label="Deaths in Niger")])
    assert len(titles) == 2
    assert len(set(titles.values())) == 2


def test_intervals_have_true_minus_signs() -> None:
    assert between(-1.0, 2.0) == "−1.00 to +2.00"
    assert shown(-3.0) == "−3.00"
    assert signed(np.nan) == "-"
