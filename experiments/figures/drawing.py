"""A picture that can be drawn of a run, as the catalogue lists it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from experiments.figures.style import Plate

SECTIONS = ("terrain", "change", "violence", "threat", "drivers", "actors", "scenarios")
"""Parts of a briefing, in order."""


@dataclass(frozen=True)
class Drawing:
    """One picture that can be drawn of a run.

    Attributes:
        name: of its files, without ending.
        section: one of `SECTIONS`.
        draw: returns the picture for a width in inches.
        alt: what the picture shows, for those who cannot see it.
        main: whether it belongs on the slides, not only in the appendix.
    """

    name: str
    section: str
    draw: Callable[[float], Plate]
    alt: str
    main: bool = False
