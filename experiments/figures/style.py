"""One style sheet: colours and hatches that stay with an actor, type sizes, and the stamped page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures.lettering import FONT, HINTING, broken
from experiments.language import tr

SLIDE = 10.0
"""Width of a slide in inches, the default of every figure."""

PAGE = 6.7
"""Width of the text on an A4 page in inches."""

COLUMN = 3.35
"""Width of half a page in inches."""

EDGE = 0.12
"""Inches left free around a page."""

WIDE = 8.0
"""Figures at least this wide put their legend beside the data, narrower ones below."""

SMALL, NORMAL, LARGE = 8.0, 9.0, 13.0
"""Type sizes in points. Nothing is set smaller than `SMALL`, at any width."""

INK, FAINT, RULE = "#222222", "#595959", "#B5B2AB"
"""Colours of words, of words of less weight, and of rules."""

GROUND, NEIGHBOUR = "#FFFFFF", "#F3F1EC"
"""Colours of ground that nobody holds, and of countries outside the region."""

SLATE = "#37474F"
"""Colour of series that belong to no actor."""

DISCLAIMER = "Model output, not a forecast."

_SHEET: dict[str, Any] = {
    "font.family": FONT,
    "font.size": NORMAL,
    "text.hinting": HINTING,
    "axes.titlesize": NORMAL,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": SMALL,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E4DF",
    "grid.linewidth": 0.6,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "hatch.linewidth": 0.9,
    "svg.hashsalt": "figures",
    "pdf.fonttype": 42,
}


class Actor(NamedTuple):
    """How a family of coalitions is drawn, everywhere."""

    english: str
    colour: str
    hatch: str  # direction of its lines: tells actors apart in greyscale

    @property
    def label(self) -> str:
        """Its name in the language in use."""
        return tr(self.english)

    @property
    def tint(self) -> str:
        """The colour half-way to white, for support zones and wide bands."""
        return blend(self.colour, 0.45)

    @property
    def ink(self) -> str:
        """The colour dark enough for a line or a word on white."""
        return self.colour if lightness(self.colour) < 60 else blend(self.colour, 0.52, "#000000")


# Lightness (CIE L*) climbs in steps from 11 to 87, so greyscale print keeps the order; a test
# measures the distances, also under simulated deuteranopia and protanopia.
ACTORS: dict[str, Actor] = {
    "issp": Actor("ISSP", "#2A0F40", "\\\\\\"),
    "csp": Actor("Ex-rebels (CSP)", "#14509B", "..."),
    "jnim": Actor("JNIM", "#CC4420", "///"),
    "foreign": Actor("Foreign forces", "#85897F", "||"),
    "platform": Actor("Pro-unity groups", "#62B6E4", "---"),
    "militia": Actor("Community militias", "#F4C534", "xx"),
    "other": Actor("Other armed groups", "#5B45E0", "++"),
    "state": Actor("State forces", "#DDDAD2", ""),
}

_FAMILY = {
    "issp": "issp",
    "jnim": "jnim",
    "csp": "csp",
    "platform": "platform",
    **dict.fromkeys(("dan_na_ambassagou", "dozo", "koglweogo", "vdp"), "militia"),
    **dict.fromkeys(("mali", "niger", "burkina", "benin", "togo", "ghana", "cote_divoire", "ecowas"), "state"),
    **dict.fromkeys(("france", "un", "us", "russia"), "foreign"),
}


def family(coalition: str) -> str:
    """The family of a coalition, a key of `ACTORS`; one that was added as data is "other"."""
    return _FAMILY.get(coalition, "other")


def actor(coalition: str) -> Actor:
    """How a coalition is drawn."""
    return ACTORS[family(coalition)]


def blend(colour: str, strength: float, with_colour: str = "#FFFFFF") -> str:
    """`colour` at `strength` in [0, 1], the rest `with_colour`."""
    mixed = strength * np.array(to_rgb(colour)) + (1 - strength) * np.array(to_rgb(with_colour))
    return to_hex((mixed[0], mixed[1], mixed[2]))


def hexadecimal(colour: NDArray[np.float64]) -> str:
    """A colour of three or four numbers in [0, 1] as hexadecimal text."""
    return to_hex((colour[0], colour[1], colour[2]))


def lightness(colour: str) -> float:
    """CIE L* of a colour, 0 black to 100 white (IEC 61966-2-1 for sRGB, CIE 1976 for L*)."""
    encoded = np.array(to_rgb(colour))
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27


class Plate(Figure):
    """A figure that knows its headline and caption, so that the file can carry them too."""

    headline: str = ""
    caption: str = ""

    def area(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes placed in inches from the lower left corner of the page."""
        wide, high = self.get_size_inches()
        return self.add_axes((left / wide, bottom / high, width / wide, height / high))


def inches(axes: Axes) -> tuple[float, float]:
    """Width and height of axes that `Plate.area` placed."""
    box = axes.get_position()
    page = axes.get_figure(root=True)
    assert page is not None, "the axes lie on a page"
    wide, high = page.get_size_inches()
    return float(box.width * wide), float(box.height * high)


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Draw under the style sheet, and leave the caller's settings as they were."""

    @functools.wraps(draw)
    def under_the_sheet(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(_SHEET):  # type: ignore[arg-type]
            return draw(*args, **kwargs)

    return under_the_sheet


class Margins(NamedTuple):
    """What headline and caption leave of a page, in inches from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


def head_height(headline: str, note: str, width: float) -> float:
    """Inches that headline and note take at the top of a page `width` wide."""
    return 0.16 + 0.22 * len(wrapped(headline, width, LARGE)) + 0.15 * len(wrapped(note, width, NORMAL))


def foot_height(caption: str, width: float) -> float:
    """Inches that the caption takes at the bottom of a page `width` wide."""
    return 0.16 + 0.135 * len(wrapped(caption, width, SMALL))


def page(size: tuple[float, float], headline: str, note: str, caption: str) -> tuple[Plate, Margins]:
    """An empty page of `size` inches with headline, a note below it, and the caption at its foot."""
    width, height = size
    plate = Plate(figsize=size, facecolor="white")
    FigureCanvasAgg(plate)
    plate.headline, plate.caption = headline, caption
    head, foot = head_height(headline, note, width), foot_height(caption, width)
    title = wrapped(headline, width, LARGE)
    _write(plate, height - 0.10, title, LARGE, weight="bold")
    _write(plate, height - 0.12 - 0.22 * len(title), wrapped(note, width, NORMAL), NORMAL, color=FAINT)
    _write(plate, foot - 0.06, wrapped(caption, width, SMALL), SMALL, color=FAINT)
    return plate, Margins(0.12, foot, width - 0.12, height - head)


QUICK = {"compress_level": 3}
"""How hard a PNG is pressed: files a little larger than at the usual 6, written in three quarters of the time."""


def save(plate: Figure, path: Path, dpi: int = 300) -> Path:
    """Write a figure as PNG, SVG or PDF, by the ending of `path`, with title, caption and maker in its metadata.

    The same figure gives the same bytes: no time of writing is kept.
    """
    form = path.suffix.lstrip(".")
    about = _about(form, getattr(plate, "headline", ""), getattr(plate, "caption", ""))
    with mpl.rc_context(_SHEET):  # type: ignore[arg-type]
        pressed: Any = {"pil_kwargs": QUICK} if form == "png" else {}
        plate.savefig(path, format=form, dpi=dpi, metadata=about, **pressed)
    return path


def pixels(plate: Figure, dpi: int) -> NDArray[np.uint8]:
    """A figure as an array (row, column, red green blue)."""
    before = plate.dpi
    with mpl.rc_context(_SHEET):  # type: ignore[arg-type]
        plate.set_dpi(dpi)
        canvas = FigureCanvasAgg(plate)
        canvas.draw()  # type: ignore[no-untyped-call]
    plate.set_dpi(before)
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]


def _about(form: str, title: str, text: str) -> dict[str, str | None]:
    # Each format has its own names; None keeps Matplotlib from writing the time.
    maker = f"Sahel conflict simulator; Matplotlib {mpl.__version__}"
    if form == "svg":
        return {"Title": title, "Description": text, "Creator": maker, "Date": None}
    if form == "pdf":
        return {"Title": title, "Subject": text, "Creator": maker, "CreationDate": None}
    return {"Title": title, "Description": text, "Software": maker}


def _write(plate: Figure, top: float, lines: list[str], points: float, **kind: Any) -> None:
    wide, high = plate.get_size_inches()
    text = "\n".join(lines)
    plate.text(EDGE / wide, top / high, text, size=points, va="top", linespacing=1.18, parse_math=False, **kind)


def wrapped(text: str, width: float, points: float) -> list[str]:
    """`text` in lines that fit on a page `width` inches wide; text of the size `LARGE` is bold."""
    return broken(text, width - 2 * EDGE, points, bold=points == LARGE)
