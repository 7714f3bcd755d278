"""Pictures: each figure of the catalogue drawn once for each width and written in all forms, in parallel processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from tqdm import tqdm

from experiments.figures import style, terrain
from experiments.figures.catalogue import Drawing, drawings
from experiments.figures.reading import Run, open_run
from experiments.figures.style import Plate
from experiments.language import speaking, spoken, tr

ENDINGS = ("png", "svg", "pdf")

FINE, COARSE = 300, 200
"""Dots per inch of the PNG files, and of the pictures inside the PDF."""

SCREEN = 1920
"""Pixels across of pictures on slides and of those on the page that are too large as SVG."""

SMALL_SVG = 300_000
"""Bytes up to which the page holds a figure as SVG."""

FRAME = 1100
"""Pixels across of a frame of the animated map."""


@dataclass(frozen=True)
class Picture:
    """A figure that was drawn.

    Attributes:
        name: of its files, without ending.
        section: part of the briefing, one of `catalogue.SECTIONS`.
        main: whether it belongs on the slides.
        headline: what it shows.
        caption: how to read it, without the stamp.
        alt: what can be seen on it.
        folder: that holds its PNG, SVG and PDF.
        working: folder that holds its smaller forms for page, slides and PDF.
    """

    name: str
    section: str
    main: bool
    headline: str
    caption: str
    alt: str
    folder: Path
    working: Path

    @property
    def svg(self) -> Path:
        """As vectors."""
        return self.folder / f"{self.name}.svg"

    @property
    def screen(self) -> Path:
        """PNG for slides; only of main pictures."""
        return self.working / f"{self.name}.png"

    @property
    def narrow(self) -> Path:
        """WebP, drawn at the width of a column of text."""
        return self.working / f"{self.name}-page.webp"

    @property
    def wide(self) -> Path:
        """For wide screens: of main pictures as SVG if that is small, else as WebP."""
        if not self.main:
            return self.narrow
        return self.svg if self.svg.stat().st_size <= SMALL_SVG else self.working / f"{self.name}.webp"

    @property
    def paper(self) -> Path:
        """JPEG for the PDF, which holds it as it is; drawn at the width of its text."""
        return self.working / f"{self.name}-page.jpg"


@dataclass(frozen=True)
class Frame:
    """One step of an animated map."""

    day: str  # in words
    history: str  # for people
    path: Path
    alt: str


@dataclass(frozen=True)
class Frames:
    """Maps of control in order of time, each history one row of frames."""

    name: str
    heading: str
    frames: tuple[Frame, ...]

    @property
    def days(self) -> tuple[str, ...]:
        """Days of the frames, in order."""
        return tuple(dict.fromkeys(frame.day for frame in self.frames))

    @property
    def histories(self) -> tuple[str, ...]:
        """Names of the histories, in order."""
        return tuple(dict.fromkeys(frame.history for frame in self.frames))

    def of(self, day: str) -> tuple[Frame, ...]:
        """Frames of a day."""
        return tuple(frame for frame in self.frames if frame.day == day)


@dataclass(frozen=True)
class Studio:
    """Where figures are drawn from and to.

    Attributes:
        run: folder of the run.
        figures: folder for PNG, SVG and PDF.
        working: folder for smaller forms.
        language: of the words.
    """

    run: Path
    figures: Path
    working: Path
    language: str


def drawn(run: Run, figures: Path, working: Path, workers: int) -> tuple[list[Picture], list[Path]]:
    """Draw all pictures of a run and the frames of its animated map.

    Returns the pictures in the order of the catalogue, and the frames' files by date, then history.
    """
    for folder in (figures, working):
        folder.mkdir(parents=True, exist_ok=True)
    studio = Studio(run.folder, figures, working, spoken())
    names = [drawing.name for drawing in drawings(run)]
    steps = [(d, h) for d in range(len(run.dates)) for h in range(len(run.histories))]
    tasks: list[tuple[Callable[..., Any], Any]] = [(_picture, name) for name in names]
    tasks += [(_frame, step) for step in steps]
    done = dict(_done(studio, tasks, workers))
    return [done[name] for name in names], [done[step] for step in steps]


def _done(studio: Studio, tasks: list[tuple[Callable[..., Any], Any]], workers: int) -> Iterator[tuple[Any, Any]]:
    """Results of tasks by their argument, as they come; one worker is this process itself."""
    bar = tqdm(total=len(tasks), desc=tr("pictures"), unit="", disable=None)
    if workers == 1:
        _begin(studio)
        for work, argument in tasks:
            bar.update()
            yield argument, work(argument)
        bar.close()
        return
    context = multiprocessing.get_context("spawn")
    with bar, ProcessPoolExecutor(min(workers, len(tasks)), context, _begin, (studio,)) as pool:
        running = {pool.submit(work, argument): argument for work, argument in tasks}
        for ready in as_completed(running):
            bar.update()
            yield running[ready], ready.result()


_DESK: dict[str, Any] = {}
"""What a drawing process keeps between tasks: the studio, the run, its actors and its drawings by name."""


def _begin(studio: Studio) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with speaking(studio.language):
        run = open_run(studio.run)
        _DESK.update(studio=studio, run=run, families=terrain.families_of(run))
        _DESK.update(drawings={drawing.name: drawing for drawing in drawings(run)})


def _picture(name: str) -> Picture:
    studio: Studio = _DESK["studio"]
    drawing: Drawing = _DESK["drawings"][name]
    with speaking(studio.language):
        return draw_picture(drawing, studio.figures, studio.working)


def draw_picture(drawing: Drawing, figures: Path, working: Path) -> Picture:
    """Draw one figure at the width of a slide and at that of a page, and write every form of it."""
    wide = drawing.draw(style.SLIDE)
    picture = Picture(
        drawing.name, drawing.section, drawing.main, wide.headline, reading(wide.caption), drawing.alt, figures, working
    )
    for ending in ENDINGS:
        style.save(wide, figures / f"{drawing.name}.{ending}", FINE)
    if drawing.main:
        _write_screen(wide, picture)
    narrow = Image.fromarray(style.pixels(drawing.draw(style.PAGE), COARSE))
    narrow.save(picture.narrow, quality=80, method=2)
    narrow.save(picture.paper, quality=88, subsampling=0, dpi=(COARSE, COARSE))
    return picture


def _write_screen(wide: Plate, picture: Picture) -> None:
    """The picture as slides hold it, and as the page does where its SVG is too large."""
    image = Image.fromarray(style.pixels(wide, round(SCREEN / style.SLIDE)))
    image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(picture.screen)
    if picture.svg.stat().st_size > SMALL_SVG:
        image.save(picture.working / f"{picture.name}.webp", quality=80, method=2)


def reading(caption: str) -> str:
    """The notes of a caption, without the disclaimer and the stamp that follow."""
    return caption.partition(tr(style.DISCLAIMER))[0].partition(style.DISCLAIMER)[0].strip()


def _frame(step: tuple[int, int]) -> Path:
    studio, run = _DESK["studio"], _DESK["run"]
    date, history = run.dates[step[0]], run.histories[step[1]]
    path: Path = studio.working / f"frame-{date.date()}-{history}.webp"
    with speaking(studio.language):
        plate = terrain.frame_of_terrain(run, date, history, _DESK["families"])
    Image.fromarray(style.pixels(plate, round(FRAME / style.PAGE))).save(path, quality=75, method=2)
    return path
