"""The catalogue: every picture that a run folder allows, in the order of a briefing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from experiments.figures import charts, places
from experiments.figures.drawing import SECTIONS, Drawing
from experiments.figures.reading import Run

__all__ = ["SECTIONS", "Drawing", "drawings"]


def drawings(run: Run) -> Iterator[Drawing]:
    """Every picture of a run, in the order of `SECTIONS`.

    What a run cannot show (no counterfactual, an actor absent, nothing that happened) is left out.
    """
    found = [drawing for source in _sources() for drawing in source(run)]
    yield from sorted(found, key=lambda drawing: SECTIONS.index(drawing.section))


def _sources() -> tuple[Callable[[Run], Iterator[Drawing]], ...]:
    return places.drawings, charts.drawings
