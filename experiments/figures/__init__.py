"""Pictures of a run folder. Each function returns a Matplotlib figure; nothing touches pyplot's state."""

from __future__ import annotations

from pathlib import Path


def draw_all(folder: Path) -> list[Path]:
    """Draw all pictures of a finished run folder; see `experiments.figures.make.make_figures`."""
    # Imported late: who only steps a model need not wait for Matplotlib.
    from experiments.figures.make import make_figures

    return make_figures(folder)
