"""French of the lists of evidence: every entry has both languages, and the scorecard is French throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from experiments import scorecard
from experiments.briefing import evidence
from experiments.evidence_texts import NUMBER, observed, text_of
from experiments.expected import read_expectations
from experiments.facts import card, page
from experiments.facts.control import read_reports
from experiments.facts.reading import read_facts
from experiments.language import catalogue, plain, share, speaking

ENGLISH = re.compile(r"\b(the|of|and|with|from|over|under|which|people|deaths|band|holds?|to)\b", re.IGNORECASE)


def texts_of_facts() -> Iterator[str]:
    for fact in read_facts():
        yield from (fact.group, fact.text)
        for part in fact.parts:
            yield from (part.text, part.label, part.why)
            yield from () if NUMBER.fullmatch(str(part.observed)) else (str(part.observed),)


def texts_of_expectations() -> Iterator[str]:
    for expectation in read_expectations():
        yield expectation.text
        yield from (m.told() for m in expectation.measures if m.told() not in "+-")


def texts_of_reports() -> Iterator[str]:
    for report in read_reports():
        yield from (report.told[name] for name in ("text", "when", "place", "zone", "sure"))


@pytest.mark.parametrize("texts", [texts_of_facts, texts_of_expectations, texts_of_reports])
def test_each_entry_has_both_languages(texts) -> None:
    told = {text for text in texts() if text}
    assert len(told) > 15
    assert sorted(told - set(catalogue("fr"))) == []


def test_no_french_is_left_of_entries_that_are_gone() -> None:
    from babel.messages import pofile

    from experiments.language import FOLDER

    with (FOLDER / "evidence" / "fr.po").open("rb") as stream:
        kept = {str(entry.id) for entry in pofile.read_po(stream, locale="fr") if entry.id}
    assert sorted(kept - {*texts_of_facts(), *texts_of_expectations(), *texts_of_reports()}) == []


def test_numbers_within_texts_are_the_same_in_both_languages() -> None:
    told = {*texts_of_facts(), *texts_of_expectations(), *texts_of_reports()}
    for text in told - {""}:
        french = re.sub(r"(?<=\d)[ \u202f](?=\d{3})", "", catalogue("fr")[text]).replace(",", ".")
        english = re.sub(r"(?<=\d),(?=\d{3})", "", text)
        assert set(re.findall(r"\d+(?:\.\d+)?", french)) == set(re.findall(r"\d+(?:\.\d+)?", english)), text


def test_words_of_tables_and_page_have_french() -> None:
    heads = {*page.FACT_HEADS, *page.SIGN_HEADS, *page.CONTROL_HEADS}
    source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (page, card))
    asked = set(re.findall(r'\btr\(\s*"([^"]+)"', source)) | set(re.findall(r"\btr\('([^']+)'\)", source))
    assert len(asked) > 15
    assert sorted((heads | asked | {page.RULES, *page.READING, *page.STATUS.values()}) - set(catalogue("fr"))) == []


def test_parts_numbers_and_shares_are_turned() -> None:
    with speaking("fr"):
        assert text_of("Foreign troops: MINUSMA, June 2023") == "Troupes étrangères : MINUSMA, juin 2023"
        assert [observed(said) for said in ("1,400", "2.6", "hundreds")] == ["1\u202f400", "2,6", "des centaines"]
        assert (plain(0.25), share(0.8)) == ("0,25", "80\u00a0%")
        assert card.shown(float("inf"), "month") == "jamais"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("runs")
    words = ["replicates=2", "weeks=26", "draws=none", "tables=1", f"output={output}", "expectations=none"]
    assert scorecard.main([*words, "language=fr"]) == 0
    return next(output.glob("historical-*")) / "scorecard"


def test_a_french_scorecard_holds_no_english(folder: Path) -> None:
    text = (folder / "scorecard.md").read_text(encoding="utf-8")
    bare = re.sub(r"`[^`]*`|\([a-z_]+\.(png|md)\)|Sources :.*", "", text)
    assert [line for line in bare.splitlines() if ENGLISH.search(line)] == []
    line = (folder / "line.txt").read_text(encoding="utf-8").strip()
    assert re.match(r"faits \d+ sur 25 en fourchette, signes attendus 0 sur 20, contrôle \d+ sur 43", line)
    assert line in text
    assert (folder / "scorecard.png").stat().st_size > 10_000


def test_files_for_machines_stay_english_and_a_briefing_tells_them_in_its_language(folder: Path) -> None:
    facts = pd.read_csv(folder / "facts.csv")
    assert set(facts["text"]) == {
        fact.text if part.text == fact.text else f"{fact.text}: {part.text}"
        for fact in read_facts()
        for part in fact.parts
    }
    found = {}
    for language in ("en", "fr"):
        with speaking(language):
            (*_, grid) = evidence._scorecard(folder / "facts.csv")
            found[language] = grid.rows
    assert found["en"][0][0] == "ISSP-JNIM clashes a quarter, July 2022 to September 2023"
    assert found["fr"][0][0] == "Affrontements ISSP-JNIM par trimestre, juillet 2022 à septembre 2023"
    assert (found["en"][5][2], found["fr"][5][2]) == ("2022-10 to 2023-10", "2022-10 à 2023-10")
    assert [row for row in found["fr"] if ENGLISH.search(" ".join(row))] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["language=de"], "language is 'de', expected one of: en, fr"),
        (["langage=fr"], "unknown key 'langage', expected one of: run, expectations, "),
        (["langage=fr"], ", seed, "),
        (["langage=fr"], ", did you mean 'language'?"),
        (["language=fr", "--markdown"], "language is 'fr', but --markdown writes docs/scorecard.md, which is English"),
    ],
)
def test_a_mistake_with_the_language_gives_one_line(words: list[str], told: str, capsys, tmp_path: Path) -> None:
    assert scorecard.main([*words, f"output={tmp_path}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
