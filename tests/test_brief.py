"""The briefing: words of probability, findings, the pack of files, bad input, and the page in a browser."""

from __future__ import annotations

import csv
import html
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from experiments.brief import main, requested
from experiments.briefing import evidence, pictures, sentences
from experiments.briefing.findings import CLEAR, FEW, LEANING, NONE, Finding, findings, window_of
from experiments.briefing.histories import histories
from experiments.briefing.reproducing import command
from experiments.briefing.wording import BANDS, between, likelihood, shown, signed
from experiments.figures import places
from experiments.figures.catalogue import drawings
from experiments.figures.reading import Run, open_run
from experiments.language import number, speaking
from tests.briefed_run import CHANGE, write_briefed
from tests.browser import CHROMIUM, Browser


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_briefed(tmp_path_factory.mktemp("briefed") / "run")


def few(run: Run) -> list[object]:
    return [d for d in drawings(run) if d.name in ("difference_issp", "ranking")][:1]


@pytest.fixture(scope="module")
def packs(folder: Path) -> dict[str, Path]:
    """The whole pack with one picture, in both languages, drawn in this process."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "drawings", few)
        for language in ("en", "fr"):
            output = folder.parent / language
            assert main([f"run={folder}", f"language={language}", f"output={output}", "workers=1"]) == 0
            found[language] = output
    return found


def test_findings_are_those_of_the_table(folder: Path) -> None:
    run = open_run(folder)
    found = {f.outcome: f for f in findings(run)}
    assert window_of(run.table("differences")) == CHANGE
    niger, mali = found["deaths_ner"], found["deaths_mli"]
    assert (niger.agree, niger.verdict) == (0.97, CLEAR)
    assert niger.difference == pytest.approx(0.97 * 200 - 0.03 * 50)
    assert mali.verdict == NONE


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pack_holds_every_form(packs: dict[str, Path], language: str) -> None:
    pack = packs[language]
    for ending in ("png", "svg", "pdf"):
        assert list((pack / "figures").glob(f"*.{ending}"))
    assert (pack / "briefing.pdf").read_bytes().startswith(b"%PDF")
    assert b"/Outlines" in (pack / "briefing.pdf").read_bytes()
    assert {"findings.csv", "stamp.csv"} <= {path.name for path in (pack / "tables").iterdir()}


def page_text(pack: Path) -> str:
    page = (pack / "briefing.html").read_text(encoding="utf-8")
    bare = re.sub(r"<style>.*?</style>|<script>.*?</script>|data:[^\"]*", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "\n", bare))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_number_of_the_bottom_line_is_one_of_the_tables(
    packs: dict[str, Path], folder: Path, language: str
) -> None:
    page = (packs[language] / "briefing.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="bottom-line".*?</section>', page, re.DOTALL)
    assert section
    text = html.unescape(re.sub(r"<[^>]+>", "\n", section[0]))
    table = pd.read_parquet(folder / "tables" / "differences.parquet")
    columns = ("scenario_mean", "baseline_mean", "mean_difference", "q05", "q95")
    with speaking(language):
        known = {number(abs(v)) for column in columns for v in table[column]}
        shares = {f"{100 * v:.0f}" for column in ("share_positive", "share_negative") for v in table[column]}
        counts = {str(n) for n in range(len(table) + 1)}
        edges = {f"{100 * band.low:.0f}" for band in BANDS} | {"100", "90", "203", "52"}
    told = re.findall(r"\d[\d,.\u202f]*\d|\d", text)
    assert len(told) > 30
    assert [n for n in told if n not in known | shares | counts | edges] == []


def test_page_and_sheets_tell_the_same(packs: dict[str, Path]) -> None:
    page = (packs["en"] / "briefing.html").read_text(encoding="utf-8")
    table = re.search(r'<table data-name="findings">.*?</table>', page, re.DOTALL)
    assert table
    body = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)]
    with (packs["en"] / "tables" / "findings.csv").open(encoding="utf-8") as stream:
        head, *rows = csv.reader(stream)
    assert html.unescape("|".join(body[0])) == "|".join(head)
    for cells, row in zip(body[1:], rows, strict=True):
        told = [html.unescape(cell) for cell in cells]
        assert told[1:3] == [shown(float(v)) for v in row[1:3]]
        assert told[3:6] == [signed(float(v)) for v in row[3:6]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_links_and_ids_of_the_page_are_valid(packs: dict[str, Path], language: str) -> None:
    page = (packs[language] / "briefing.html").read_text(encoding="utf-8")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r'(?:for|aria-labelledby)="([^"]+)"', page)) <= set(ids)
    assert not re.findall(r'(?:src|href|srcset)="(?!data:|#)', page)
    assert all(re.findall(r'<img [^>]*alt="([^"]*)"', page))
    assert f'<html lang="{language}">' in page


def test_slides_are_native_and_pictures_have_words(packs: dict[str, Path]) -> None:
    deck = Presentation(str(packs["en"] / "briefing.pptx"))
    shapes = [(slide, shape) for slide in deck.slides for shape in slide.shapes]
    assert any(shape.has_table for _, shape in shapes)
    shown_pictures = [(slide, shape) for slide, shape in shapes if shape.shape_type == 13]
    assert shown_pictures
    for slide, picture in shown_pictures:
        assert picture._element.nvPicPr.cNvPr.get("descr")
        assert "not a forecast" in slide.notes_slide.notes_text_frame.text
    assert all(slide.shapes.title.text_frame.text for slide in deck.slides)
    for _, shape in shapes:
        assert shape.left >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height


def test_sheets_are_typed_and_frozen(packs: dict[str, Path]) -> None:
    book = load_workbook(packs["en"] / "tables.xlsx")
    assert book.sheetnames[0] == "About"
    sheet = book["findings"]
    assert sheet.freeze_panes == "A2"
    assert all(isinstance(cell.value, int | float) for cell in sheet["B"][1:])


ENGLISH = re.compile(r"\b(the|of|and|with|from|deaths|over|under|which|people)\b", re.IGNORECASE)


def test_the_french_page_holds_no_english_sentence(packs: dict[str, Path]) -> None:
    lines = {re.sub(r"python -m .*|conf/.*", "", line) for line in page_text(packs["fr"]).splitlines()}
    assert [line for line in lines if ENGLISH.search(line)] == []


def test_only_what_differs_is_told_of_a_history(folder: Path) -> None:
    scenario, other = histories(folder)
    assert [line.text[:20] for line in scenario.beside(other)] == ["From 15 April 2023, "]
    assert other.beside(scenario) == ()


def test_a_command_makes_the_run_again(folder: Path, tmp_path: Path) -> None:
    assert command(folder) == "python -m experiments.run scenario=issp_jnim_truce replicates=100 seed=1"
    (tmp_path / "config.yaml").write_text(
        "scenario: minusma_exit\nreplicates: 8\nseed: 3\ndraws: none\nweeks: 20\nstart: null\n"
        "dates: ['2023-10-02']\nevents: [truce_menaka]\nmechanisms: {rebels: off}\n"
        "parameters: {encounters: {rate: 0.5}}\ncase: {counterfactual: null}\n"
    )
    assert command(tmp_path) == (
        "python -m experiments.run scenario=minusma_exit replicates=8 seed=3 draws=none weeks=20 'dates=[2023-10-02]' "
        "'events=[truce_menaka]' mechanism/rebels=False parameters.encounters.rate=0.5 scenario.counterfactual=null"
    )


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["run=nowhere"], "does not exist"),
        ([], "expected either run=FOLDER"),
        (["run=a", "runs=[a,b]"], "expected either"),
        (["runs=[a]"], "at least two"),
        (["run=a", "language=de"], "expected one of: en, fr"),
        (["run=a", "langage=fr"], "did you mean 'language'"),
        (["run=a", "workers=0"], "from 1 to 64"),
    ],
)
def test_a_mistake_gives_one_line_and_code_2(words: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert part in said
    assert said.count("\n") == 1


def test_an_unfinished_run_and_missing_evidence_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"run={tmp_path}"]) == 2
    assert "not a finished run" in capsys.readouterr().err
    assert main([f"run={folder}", f"scorecard={tmp_path}", f"output={tmp_path / 'b'}"]) == 2
    assert "holds no facts.csv" in capsys.readouterr().err


def test_output_goes_into_the_run_folder_unless_said() -> None:
    assert requested(["run=runs/a"]).output == Path("runs/a/briefing")
    assert requested(["run=runs/a", "output=b"]).output == Path("b")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ({"paired": False}, "This run holds one history"),
        ({"pairs": 1}, "too few to say how likely"),
        ({"zero": True}, "Never happens in either history"),
    ],
)
def test_poor_runs_give_a_page_that_says_so(
    kind: dict[str, bool], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_briefed(tmp_path / "run", **kind)  # type: ignore[arg-type]
    monkeypatch.setattr(pictures, "drawings", lambda _: [])
    monkeypatch.setattr(pictures, "_frame", lambda step: _blank(tmp_path / f"{step}.webp"))
    assert main([f"run={folder}", "workers=1"]) == 0
    assert says in page_text(folder / "briefing")


def _blank(path: Path) -> Path:
    from PIL import Image

    Image.new("RGB", (4, 3), "white").save(path)
    return path


def test_several_runs_are_compared(folder: Path, tmp_path: Path) -> None:
    few_pairs = write_briefed(tmp_path / "few", pairs=8)
    output = tmp_path / "many"
    assert main([f"runs=[{folder},{few_pairs}]", f"output={output}"]) == 0
    said = page_text(output)
    assert "too few pairs (8)" in said
    assert "deaths in Niger: up, almost certain (97\xa0% of pairs" in said
    with (output / "tables" / "standardised.csv").open(encoding="utf-8") as stream:
        rows = {row[0]: row[1:] for row in csv.reader(stream)}
    deviation = float(np.std(1000.0 + 10.0 * (np.arange(100) % 7), ddof=1))
    assert float(rows["Deaths in Niger"][0]) == pytest.approx(192.5 / deviation)


def test_an_actor_that_is_absent_has_no_picture(folder: Path) -> None:
    run = open_run(folder)
    without = Run(run.folder, run.manifest, run.grid.sel(coalition=[c for c in run.coalitions if c != "csp"]))
    assert not any("csp" in d.name for d in places.drawings(without))


def test_evidence_that_is_there_is_told(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    absent = evidence.record(run, evidence.Given())
    assert [b.text.split(" was")[0] for b in absent] == ["No scorecard of recorded facts", "No hindcast"]  # type: ignore[union-attr]
    (run / "scorecard").mkdir()
    # A fact of two parts lies in its band if both do.
    facts = pd.DataFrame({"id": ["a", "b", "c", "c"], "status": ["in band", "outside", "in band", "not covered"]})
    facts.to_csv(run / "scorecard" / "facts.csv")
    pd.DataFrame({"id": ["x", "y"], "holds": [True, False]}).to_csv(run / "scorecard" / "signs.csv")
    past = tmp_path / "hindcast-2021"
    past.mkdir()
    (past / "hindcast.json").write_text('{"origin": "2021-12-31"}')
    scores = {"level": ["country"], "violence": ["all"], "model": ["simulator"], "against": [-0.12], "covered": [0.78]}
    pd.DataFrame(scores).to_csv(past / "summary.csv", index=False)
    said = " ".join(b.text for b in evidence.record(run, evidence.Given()) if hasattr(b, "text"))
    assert "1 of 3 recorded facts" in said
    assert "1 of 2 expected signs hold" in said
    assert "12\xa0% better, and 78\xa0% of outcomes lie inside" in said


def test_intervals_have_true_minus_signs() -> None:
    assert between(-1.0, 2.0) == "−1.00 to +2.00"
    assert shown(-3.0) == "−3.00"
    assert signed(np.nan) == "-"


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to open the page in")
@pytest.mark.parametrize(("language", "width"), [("en", 1600), ("fr", 400)])
def test_the_page_opens_without_complaint_or_request_and_by_keyboard(
    packs: dict[str, Path], language: str, width: int, tmp_path: Path
) -> None:
    focus = "document.activeElement"
    with Browser(packs[language] / "briefing.html", tmp_path, width) as page:
        page.press("Tab")
        assert page.value(f"{focus}.className") == "skip"
        page.press("Enter")
        assert page.value("location.hash") == "#bottom-line"
        reached = [page.press("Tab") or page.value(f"{focus}.type || {focus}.tagName") for _ in range(12)]
        assert "SUMMARY" in reached
        while page.value(f"{focus}.type") != "range":
            page.press("Tab")
        page.press("ArrowRight")
        shown_frames = "[...document.querySelectorAll('.frame')].map((f) => (f.hidden ? 0 : 1)).join('')"
        assert page.value(shown_frames) == "010"
        assert page.value("document.querySelector('output').textContent") in ("26 December 2022", "26 décembre 2022")
        assert page.value("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.complaints == []
        assert page.requests == []
