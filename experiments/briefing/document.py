"""The document that page, slides, PDF and sheets write: sections of blocks, in the language in use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from experiments.briefing.pictures import Frames, Picture
from experiments.briefing.wording import percent, shown, signed

TEXT, NUMBER, SIGNED, SHARE = "text", "number", "signed", "share"

SHOWN: dict[str, Callable[[Any], str]] = {TEXT: str, NUMBER: shown, SIGNED: signed, SHARE: percent}
"""How a value of each kind is shown to people."""


@dataclass(frozen=True)
class Words:
    """A paragraph; `kind` is plain, lead or note."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True)
class Points:
    """A list; what is `folded` under a heading opens on a click on the page and is left out of the slides."""

    items: tuple[str, ...]
    heading: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Code:
    """Text to be typed or compared to the letter."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table: heading and kind of its values."""

    heading: str
    kind: str = TEXT


@dataclass(frozen=True)
class Grid:
    """A table: typed values, so that sheets hold numbers and pages hold words.

    Attributes:
        name: of its file and sheet.
        heading: above it.
        columns: headings and kinds.
        rows: values; None is an empty cell.
        folded: whether it opens on a click on the page and is left out of the slides.
    """

    name: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    folded: bool = False

    def cells(self) -> list[list[str]]:
        """The rows as people read them."""
        kinds = [column.kind for column in self.columns]
        return [["" if v is None else SHOWN[kind](v) for v, kind in zip(row, kinds, strict=True)] for row in self.rows]


type Block = Words | Points | Code | Grid | Picture | Frames


@dataclass(frozen=True)
class Section:
    """A part of the document."""

    name: str  # anchor
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A briefing.

    Attributes:
        title: of the scenario.
        subtitle: what it is compared with.
        question: that it answers.
        sections: in order of reading.
        stamp: what made it, one line.
        language: of its words.
        sheets: tables that are written beside it and not shown.
        titles: slide title by name of a picture.
    """

    title: str
    subtitle: str
    question: str
    sections: tuple[Section, ...]
    stamp: str
    language: str
    sheets: tuple[Grid, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)

    def pictures(self) -> list[Picture]:
        """All pictures in order."""
        return [b for section in self.sections for b in section.blocks if isinstance(b, Picture)]

    def grids(self) -> list[Grid]:
        """All tables in order."""
        own = [b for section in self.sections for b in section.blocks if isinstance(b, Grid)]
        return [*own, *self.sheets]
