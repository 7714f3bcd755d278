"""The control map in motion: a frame for each date of the maps, and an animated GIF of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from PIL import Image

from experiments.figures import style, terrain
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate

DPI = 110
"""Points per inch of a frame: readable on a screen and small in a file."""

COLOURS = 128
"""Colours of a GIF; the maps have fewer, the rest are shades at the edges of letters."""

PAUSE, REST = 900, 2600
"""Milliseconds that a frame, and the last one, stands."""


def frames(run: Run, history: str, width: float = style.PAGE) -> Iterator[tuple[pd.Timestamp, Plate]]:
    """Control of terrain at each date of the maps, in order of time; all frames have the same size."""
    families = terrain.families_of(run)
    for date in run.dates:
        yield date, terrain.frame_of_terrain(run, date, history, families, width)


def animate(run: Run, history: str, path: Path, width: float = style.PAGE) -> Path:
    """Write the control map of a history as an animated GIF that repeats; returns its path.

    Raises:
        NotARunError: if the run has maps of one date only.
    """
    if len(run.dates) < 2:
        raise NotARunError(f"run folder {run.folder} has maps of one date; an animation needs two or more")
    pictures = [image_of(plate) for _, plate in frames(run, history, width)]
    paletted = _with_one_palette(pictures)
    pauses = [PAUSE] * (len(paletted) - 1) + [REST]
    about = run.caption().encode("ascii", "replace")
    first, *rest = paletted
    first.save(path, save_all=True, append_images=rest, duration=pauses, loop=0, optimize=True, comment=about)
    return path


def image_of(plate: Plate, dpi: int = DPI) -> Image.Image:
    """A picture as pixels."""
    return Image.fromarray(style.pixels(plate, dpi))


def _with_one_palette(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    # One palette for all frames, taken from the last, keeps colours still and the file small.
    palette = pictures[-1].quantize(COLOURS, Image.Quantize.MEDIANCUT)
    return [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
