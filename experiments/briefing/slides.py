"""Slides: a 16:9 deck of native text and native tables that can be edited, with pictures that carry alt text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from experiments.briefing.document import TEXT, Code, Document, Grid, Points, Section, Words
from experiments.briefing.pictures import Picture
from experiments.language import tr

WIDTH, HEIGHT, EDGE, TOP = 13.333, 7.5, 0.55, 1.3
"""Inches: the slide, its margins, and where its body begins."""

INK, FAINT, RULE = RGBColor(0x22, 0x22, 0x22), RGBColor(0x59, 0x59, 0x59), RGBColor(0x14, 0x50, 0x9B)

BODY = 5.35
"""Inches of height between title and foot."""

LINES = 18.5
"""Lines of text that a slide holds at 18 points, of about `LETTERS` letters."""

LETTERS = 105

PROPERTY = 255
"""Letters of a property of the file, at most."""

ROWS = 12
"""Rows of a table that a slide holds."""


def write_slides(of: Document, path: Path) -> Path:
    """Write the deck of a document."""
    deck = Deck(of)
    deck.cover()
    for section in of.sections:
        deck.section(section)
    deck.save(path)
    return path


class Deck:
    """A deck that grows by a slide at a time."""

    def __init__(self, of: Document) -> None:
        self.of = of
        self.show = Presentation()
        self.show.slide_width, self.show.slide_height = Inches(WIDTH), Inches(HEIGHT)
        about = self.show.core_properties
        about.title, about.subject, about.comments = of.title[:PROPERTY], of.question[:PROPERTY], of.stamp[:PROPERTY]
        about.author, about.language = "Sahel conflict simulator", of.language

    def save(self, path: Path) -> None:
        """Write the file."""
        self.show.save(str(path))

    def cover(self) -> None:
        """Title, what it is compared with, the question, the disclaimer and the stamp."""
        slide = self.slide(self.of.title, size=38, top=2.0)
        lines = [(self.of.subtitle, 22), (self.of.question, 20), (tr("Model output, not a forecast."), 20)]
        self.text(slide, [(text, size, False) for text, size in lines if text], top=3.5, height=2.6)

    def section(self, section: Section) -> None:
        """The slides of one section: its texts, its tables, then its main pictures."""
        said = [line for block in section.blocks for line in _said(block)]
        for number, lines in enumerate(_pages(said)):
            slide = self.slide(_numbered(section.heading, number))
            self.text(slide, lines)
        for grid in (b for b in section.blocks if isinstance(b, Grid) and not b.folded):
            self.tables(grid)
        for picture in (b for b in section.blocks if isinstance(b, Picture) and b.main):
            self.picture(picture)

    def slide(self, title: str, size: int = 28, top: float = 0.35) -> Any:
        """A new slide with its title and the foot that says what made it."""
        slide = self.show.slides.add_slide(self.show.slide_layouts[5])
        head = slide.shapes.title
        head.left, head.top, head.width, head.height = _box(EDGE, top, WIDTH - 2 * EDGE, 0.9 if top < 1 else 1.4)
        head.text_frame.word_wrap = True
        head.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _write(head.text_frame.paragraphs[0], title, size if len(title) < 75 else size - 6, bold=True)
        foot = slide.shapes.add_textbox(*_box(EDGE, HEIGHT - 0.62, WIDTH - 2 * EDGE, 0.5))
        foot.name = "stamp"
        foot.text_frame.word_wrap = True
        note = f"{tr('Model output, not a forecast.')} {self.of.stamp}."
        _write(foot.text_frame.paragraphs[0], note, 9, colour=FAINT)
        return slide

    def text(self, slide: Any, lines: Sequence[tuple[str, int, bool]], top: float = TOP, height: float = BODY) -> None:
        """Paragraphs of (text, points, bulleted)."""
        box = slide.shapes.add_textbox(*_box(EDGE, top, WIDTH - 2 * EDGE, height))
        frame = box.text_frame
        frame.word_wrap = True
        for number, (text, size, bulleted) in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(8 if size > 16 else 4)
            _write(paragraph, f"•  {text}" if bulleted else text, size)

    def tables(self, grid: Grid) -> None:
        """A native table, over several slides if it is long."""
        cells = grid.cells()
        for number, start in enumerate(range(0, max(len(cells), 1), ROWS)):
            slide = self.slide(_numbered(grid.heading, number))
            self._table(slide, grid, cells[start : start + ROWS])

    def _table(self, slide: Any, grid: Grid, cells: Sequence[Sequence[str]]) -> None:
        wide, count = WIDTH - 2 * EDGE, len(grid.columns)
        shape = slide.shapes.add_table(len(cells) + 1, count, *_box(EDGE, TOP, wide, 0.36 * (len(cells) + 1)))
        shape.name = grid.name
        table = shape.table
        for at, share in enumerate(_shares(grid, cells)):
            table.columns[at].width = Inches(wide * share)
        for at, column in enumerate(grid.columns):
            right = column.kind != TEXT
            _cell(table.cell(0, at), column.heading, right=right, bold=True, colour=RGBColor(255, 255, 255))
            for row, line in enumerate(cells, 1):
                _cell(table.cell(row, at), line[at], right=right)

    def picture(self, picture: Picture) -> None:
        """A main picture under a title that says the finding; its caption stands in the notes."""
        slide = self.slide(self.of.titles.get(picture.name, picture.headline), size=26)
        left, top, width, height = _fitted(picture.screen)
        shape = slide.shapes.add_picture(str(picture.screen), *_box(left, top, width, height))
        shape.name = picture.name
        shape._element.nvPicPr.cNvPr.set("descr", picture.alt)
        notes = f"{picture.headline}\n{picture.caption}\n{tr('Model output, not a forecast.')} {self.of.stamp}."
        slide.notes_slide.notes_text_frame.text = notes


def _said(block: Any) -> Iterator[tuple[str, int, bool]]:
    """The lines of a block as text, points, bulleted; none for what is folded or no text."""
    if isinstance(block, Words):
        yield block.text, {"lead": 20, "plain": 18, "note": 14}[block.kind], False
    elif isinstance(block, Code):
        yield block.text, 14, False
    elif isinstance(block, Points) and not block.folded:
        if block.heading:
            yield block.heading, 20, False
        yield from ((item, 16, True) for item in block.items)


def _pages(lines: Sequence[tuple[str, int, bool]]) -> Iterator[list[tuple[str, int, bool]]]:
    """Lines in portions that fit on a slide."""
    page: list[tuple[str, int, bool]] = []
    used = 0.0
    for line in lines:
        text, size, _ = line
        high = (1 + len(text) * size / (18 * LETTERS) // 1) * size / 18 + 0.4
        if page and used + high > LINES:
            yield page
            page, used = [], 0.0
        page.append(line)
        used += high
    if page:
        yield page


def _numbered(title: str, number: int) -> str:
    return title if number == 0 else tr("{title} (continued)", title=title)


def _box(left: float, top: float, width: float, height: float) -> tuple[Inches, Inches, Inches, Inches]:
    return Inches(left), Inches(top), Inches(width), Inches(height)


def _fitted(path: Path) -> tuple[float, float, float, float]:
    """Left, top, width and height in inches of a picture as large as the body of a slide allows."""
    with Image.open(path) as image:
        shape = image.height / image.width
    width = min(WIDTH - 2 * EDGE, (BODY + 0.15) / shape)
    return (WIDTH - width) / 2, TOP - 0.05, width, width * shape


def _shares(grid: Grid, cells: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the width by the longest text of each column; numbers and words of headings are never broken."""
    wide = []
    for at, column in enumerate(grid.columns):
        word = max((len(word) for word in column.heading.split()), default=1) * 1.15
        longest = max((len(line[at]) for line in cells), default=1) * (1.0 if column.kind == TEXT else 1.2)
        wide.append(max(word, min(longest, 42 if column.kind == TEXT else 99)) + 2)
    return [length / sum(wide) for length in wide]


def _cell(cell: Any, text: str, *, right: bool, bold: bool = False, colour: RGBColor = INK) -> None:
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.025)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    _write(paragraph, text, 12, bold=bold, colour=colour)


def _write(paragraph: Any, text: str, size: int, *, bold: bool = False, colour: RGBColor = INK) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = colour
    if paragraph.alignment is None:
        paragraph.alignment = PP_ALIGN.LEFT
