"""All pictures of a run folder: ``python -m experiments.figures.make <run folder>`` redraws them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tqdm import tqdm

from experiments.figures import animation, catalogue, style
from experiments.figures.reading import Run, open_run
from experiments.figures.style import Plate

USAGE = "usage: python -m experiments.figures.make <run folder>"


def make_figures(folder: Path, *, dpi: int = 200, quiet: bool = False) -> list[Path]:
    """Draw the pictures of the catalogue, and the control map in motion, into ``figures/`` below a run folder.

    Pictures that were there before are removed. Returns the files, in order of drawing.

    Raises:
        NotARunError: if the folder is absent or not a finished run.
    """
    run = open_run(folder)
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    for old in (*target.glob("*.png"), *target.glob("*.gif")):
        old.unlink()
    tasks = dict(_tasks(run))
    shown = tqdm(tasks.items(), desc="figures", unit="figure", disable=quiet or None)
    drawn = [style.save(draw(), target / f"{name}.png", dpi) for name, draw in shown]
    if len(run.dates) > 2:
        drawn.append(animation.animate(run, run.histories[0], target / f"control_{run.histories[0]}.gif"))
    return drawn


def main(arguments: list[str]) -> int:
    """Redraw the figures of the run folder named on the command line; 2 for a mistake in it."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(USAGE, file=sys.stdout if arguments in (["-h"], ["--help"]) else sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    try:
        drawn = make_figures(Path(arguments[0]))
    except ValueError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    print(f"{len(drawn)} figures in {drawn[0].parent}")
    return 0


def _tasks(run: Run) -> Iterator[tuple[str, Callable[[], Plate]]]:
    for drawing in catalogue.drawings(run):
        yield drawing.name, partial(drawing.draw, style.SLIDE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
