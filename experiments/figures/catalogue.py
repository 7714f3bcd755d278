"""The catalogue: every picture that a run folder allows, in the order of a briefing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from experiments.figures.reading import Run
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


def drawings(run: Run) -> Iterator[Drawing]:
    """Every picture of a run, in the order of `SECTIONS`.

    What a run cannot show (no counterfactual, an actor absent, nothing that happened) is left out.
    """
    found = [drawing for source in _sources() for drawing in source(run)]
    yield from sorted(found, key=lambda drawing: SECTIONS.index(drawing.section))


def _sources() -> tuple[Callable[[Run], Iterator[Drawing]], ...]:
    return ()
