"""Paper: the content of the page as an A4 PDF of real text, with bookmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from PIL import Image as Raster
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from experiments.briefing.document import TEXT, Code, Document, Grid, Points, Section, Words
from experiments.briefing.pictures import Frames, Picture
from experiments.language import tr

LONGEST = 60
"""Rows of a table beyond which the PDF only says where it is."""

TALL, HALF = 185 * mm, 104 * mm
"""Height that a main picture may take, and another one, of which two fit on a page."""

EDGE = 20 * mm
WIDE = A4[0] - 2 * EDGE
FAINT = colors.HexColor("#595959")
RULE = colors.HexColor("#B5B2AB")

FONTS = {"Body": "DejaVuSans.ttf", "Body-Bold": "DejaVuSans-Bold.ttf", "Mono": "DejaVuSansMono.ttf"}
"""Fonts that come with Matplotlib and hold every sign of both languages."""


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, **({"fontName": "Body", "fontSize": size, "leading": size * 1.35} | more))


STYLES = {
    style.name: style
    for style in (
        _style("title", 20, fontName="Body-Bold", spaceAfter=4),
        _style("subtitle", 11.5, textColor=FAINT, spaceAfter=10),
        _style("h1", 14, fontName="Body-Bold", spaceBefore=14, spaceAfter=5, keepWithNext=1),
        _style("h2", 10.5, fontName="Body-Bold", spaceBefore=8, spaceAfter=3, keepWithNext=1),
        _style("plain", 9.5, spaceAfter=5),
        _style("lead", 10.5, spaceAfter=6),
        _style("note", 8, textColor=FAINT, spaceAfter=5),
        _style("item", 9, leftIndent=10, bulletIndent=1, spaceAfter=2),
        _style("cell", 7.5),
        _style("number", 7.5, alignment=2),
        _style("code", 7.5, fontName="Mono", backColor=colors.HexColor("#F6F5F2"), borderPadding=4, spaceAfter=9),
    )
}


def write_paper(of: Document, path: Path) -> Path:
    """Write the PDF of a document."""
    rl_config.useA85 = 0  # pictures as they are, not as text a quarter larger
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily("Body", normal="Body", bold="Body-Bold", italic="Body", boldItalic="Body-Bold")
    Paper(of, path).build([*_head(of), *(flow for section in of.sections for flow in _section(of, section))])
    return path


class Paper(BaseDocTemplate):  # type: ignore[misc]
    """A document that bookmarks its headings and carries the stamp at the foot of each page."""

    def __init__(self, of: Document, path: Path) -> None:
        about = {"title": of.title, "subject": of.question, "author": "Sahel conflict simulator", "keywords": of.stamp}
        super().__init__(str(path), pagesize=A4, lang=of.language, invariant=1, **about)
        self.of = of
        frame = Frame(EDGE, EDGE, WIDE, A4[1] - 2 * EDGE, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._foot))

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (the library's name)
        """Bookmark a heading."""
        level = {"h1": 0, "h2": 1}.get(getattr(getattr(flowable, "style", None), "name", ""))
        if level is not None:
            key = f"heading-{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level, closed=level == 0)

    def _foot(self, canvas: Any, _: Any) -> None:
        note = Paragraph(escape(f"{tr('Model output, not a forecast.')} {self.of.stamp}."), STYLES["note"])
        _, high = note.wrap(WIDE - 15 * mm, EDGE)
        note.drawOn(canvas, EDGE, 15 * mm - high)
        canvas.setFont("Body", 8)
        canvas.drawRightString(A4[0] - EDGE, 12 * mm, str(canvas.getPageNumber()))


def _head(of: Document) -> list[Flowable]:
    return [
        _text(tr("Model output, not a forecast."), "note"),
        _text(of.title, "title"),
        _text(of.subtitle, "subtitle"),
    ]


def _text(text: str, style: str) -> Paragraph:
    return Paragraph(escape(text), STYLES[style])


def _section(of: Document, section: Section) -> Iterator[Flowable]:
    first, *rest = [flow for block in section.blocks for flow in WRITERS[type(block)](of, block)] or [Spacer(1, 1)]
    kept = first._content if isinstance(first, KeepTogether) else [first]
    yield KeepTogether([_text(section.heading, "h1"), *kept])
    yield from rest


def _words(_: Document, block: Words) -> Iterator[Flowable]:
    yield _text(block.text, block.kind)


def _points(_: Document, block: Points) -> Iterator[Flowable]:
    if block.heading:
        yield _text(block.heading, "h2")
    for item in block.items:
        yield Paragraph(escape(item), STYLES["item"], bulletText="•")


def _code(_: Document, block: Code) -> Iterator[Flowable]:
    yield Spacer(1, 4)
    yield Paragraph(escape(block.text), STYLES["code"], bulletText=None)


def _grid(_: Document, block: Grid) -> Iterator[Flowable]:
    yield _text(block.heading, "h2")
    if len(block.rows) > LONGEST:
        yield _text(tr("{count} rows, in the sheets: {name}.", count=len(block.rows), name=block.name), "note")
        return
    kinds = ["cell" if column.kind == TEXT else "number" for column in block.columns]
    cells = block.cells()
    head = [_text(column.heading, kind) for column, kind in zip(block.columns, kinds, strict=True)]
    body = [[_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in cells]
    table = Table([head, *body], colWidths=_widths(block, cells), repeatRows=1)
    lines = [("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE), ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black)]
    pads = [("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5)]
    table.setStyle(TableStyle([*lines, *pads, ("VALIGN", (0, 0), (-1, -1), "TOP"), *_narrow()]))
    yield table
    yield Spacer(1, 6)


def _narrow() -> list[tuple[Any, ...]]:
    return [("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]


def _widths(block: Grid, cells: list[list[str]]) -> list[float]:
    """Points of each column, by its longest text."""
    longest = []
    for at, column in enumerate(block.columns):
        words = max((len(word) for word in column.heading.split()), default=0)
        longest.append(min(max([words + 1, 6, *(len(row[at]) for row in cells)]), 64))
    return [WIDE * length / sum(longest) for length in longest]


def _picture(of: Document, block: Picture) -> Iterator[Flowable]:
    title = of.titles.get(block.name, block.headline)
    note = f"{block.headline}. {block.caption}"
    yield KeepTogether(
        [
            _text(title, "h2"),
            _image(block.paper, WIDE, TALL if block.main or _tall(block.paper) else HALF),
            _text(note, "note"),
        ]
    )


def _tall(path: Path) -> bool:
    """Whether a picture is so high that half a page would make its words too small."""
    with Raster.open(path) as raster:
        return raster.height > 0.85 * raster.width


def _image(path: Path, wide: float, high: float) -> Image:
    with Raster.open(path) as raster:
        shape = raster.height / raster.width
    width = min(wide, high / shape)
    return Image(str(path), width, width * shape)


def _frames(_: Document, block: Frames) -> Iterator[Flowable]:
    """The first and the last day of an animated map, its histories side by side."""
    yield _text(block.heading, "h2")
    width = WIDE / max(len(block.histories), 1) - 4
    for shown in (block.days[0], block.days[-1]):
        images = [_image(frame.path, width, 110 * mm) for frame in block.of(shown)]
        yield Table([images], hAlign="LEFT", style=TableStyle(_narrow()))


WRITERS: dict[type, Callable[[Document, Any], Iterator[Flowable]]] = {
    Words: _words,
    Points: _points,
    Code: _code,
    Grid: _grid,
    Picture: _picture,
    Frames: _frames,
}
"""How each kind of block is written."""
