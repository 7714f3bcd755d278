"""The briefing: files of the pack in both languages agree with the tables, and the page works in a browser."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from experiments.brief import main
from experiments.briefing import pictures
from experiments.briefing.wording import BANDS, shown, signed
from experiments.figures.catalogue import drawings
from experiments.figures.reading import Run
from experiments.language import number, speaking
from tests.briefed_run import page_text, write_briefed
from tests.browser import CHROMIUM, Browser


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


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pack_holds_every_form(packs: dict[str, Path], language: str) -> None:
    pack = packs[language]
    for ending in ("png", "svg", "pdf"):
        assert list((pack / "figures").glob(f"*.{ending}"))
    assert (pack / "briefing.pdf").read_bytes().startswith(b"%PDF")
    assert b"/Outlines" in (pack / "briefing.pdf").read_bytes()
    assert {"findings.csv", "stamp.csv"} <= {path.name for path in (pack / "tables").iterdir()}


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
