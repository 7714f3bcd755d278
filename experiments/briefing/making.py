"""Making: a briefing's folder, from run folders to files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from experiments.briefing import content, many
from experiments.briefing.document import Document
from experiments.briefing.evidence import HINDCAST, SCORECARD, Given, located
from experiments.briefing.page import write_page
from experiments.briefing.paper import write_paper
from experiments.briefing.pictures import Frame, Frames, drawn
from experiments.briefing.request import Request
from experiments.briefing.sheets import write_sheets
from experiments.briefing.slides import write_slides
from experiments.figures.reading import Run, open_run
from experiments.language import day, speaking, tr

FIGURES, TABLES = "figures", "tables"
PAGE, SLIDES, PAPER, BOOK = "briefing.html", "briefing.pptx", "briefing.pdf", "tables.xlsx"


def made(request: Request) -> Path:
    """Write the whole briefing and return its folder.

    Raises:
        ValueError: a folder is no finished run or holds no evidence where it was said to; one line.
    """
    with speaking(request.language):
        runs = [open_run(folder) for folder in request.runs]
        for name, path in ((SCORECARD, request.scorecard), (HINDCAST, request.hindcast)):
            located(request.runs[0], path, name)
        request.output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            document = _document(request, runs, Path(scratch))
            write(document, request.output)
            if request.gallery is not None:
                write_gallery(document, request.gallery)
    return request.output


def _document(request: Request, runs: list[Run], working: Path) -> Document:
    figures = request.output / FIGURES
    shutil.rmtree(figures, ignore_errors=True)
    if len(runs) > 1:
        return many.briefing(runs, figures, working)
    run = runs[0]
    pictures, frames = drawn(run, figures, working, request.workers)
    given = Given(request.scorecard, request.hindcast)
    return content.briefing(content.material(run, pictures, animated(run, frames), given))


def animated(run: Run, files: list[Path]) -> Frames | None:
    """The frames of the control map by date, then history; None where there is one date."""
    steps = [(date, history) for date in run.dates for history in run.histories]
    found = []
    for (date, history), path in zip(steps, files, strict=True):
        when, name = day(date.date()), run.named(history)
        alt = tr("Control of terrain on {day}: {history}.", day=when, history=name)
        found.append(Frame(when, name, path, alt))
    return Frames("control-map", tr("Control of terrain over time"), tuple(found)) if len(run.dates) > 1 else None


def write(of: Document, folder: Path) -> None:
    """Write page, slides, PDF and tables of a document."""
    shutil.rmtree(folder / TABLES, ignore_errors=True)
    write_page(of, folder / PAGE)
    write_slides(of, folder / SLIDES)
    write_paper(of, folder / PAPER)
    write_sheets(of, folder / TABLES, folder / BOOK)


GALLERY_WIDTH, GALLERY_BYTES = 900, 150_000
"""Pixels across, and bytes at most, of a picture of the gallery."""


def write_gallery(of: Document, folder: Path) -> list[Path]:
    """Write the first main picture of each section small enough for documentation."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    first = {p.section: p for p in reversed(of.pictures()) if p.main}
    for picture in reversed(first.values()):
        path = folder / f"{picture.name}.png"
        with Image.open(picture.screen) as image:
            high = round(image.height * GALLERY_WIDTH / image.width)
            small = image.convert("RGB").resize((GALLERY_WIDTH, high), Image.Resampling.LANCZOS)
        for colours in (128, 64, 32, 16):
            small.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
            if path.stat().st_size <= GALLERY_BYTES:
                break
        written.append(path)
    return written
