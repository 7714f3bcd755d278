"""The page: one HTML file without any other, that opens from a USB stick."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image

from experiments.briefing import document
from experiments.briefing.document import Document
from experiments.briefing.pictures import Picture
from experiments.language import tr

TYPES = {".svg": "image/svg+xml", ".webp": "image/webp", ".png": "image/png"}


def write_page(of: Document, path: Path) -> Path:
    """Write the page of a document."""
    text = environment().get_template("page.html.jinja").render(doc=of, kind=kind_of)
    path.write_text(text, encoding="utf-8")
    return path


def environment() -> Environment:
    """Templates with what they may ask for; a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("experiments.briefing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"tr": tr, "embedded": embedded, "size": size, "numeric": numeric}
    return made


def kind_of(block: Any) -> str:
    """The name of a block's class, by which the template chooses how to write it."""
    return type(block).__name__.lower()


def embedded(path: Path) -> str:
    """A picture as a data URI."""
    return f"data:{TYPES[path.suffix]};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def size(picture: Picture) -> tuple[int, int]:
    """Width and height of a picture in pixels of a screen, so that the page keeps its place while it loads."""
    with Image.open(picture.screen if picture.main else picture.narrow) as image:
        return image.width // 2, image.height // 2


def numeric(column: document.Column) -> bool:
    """Whether a column holds numbers, which stand flush right."""
    return column.kind != document.TEXT
