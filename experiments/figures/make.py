"""All first pictures of a run folder: ``python -m experiments.figures.make <run folder>`` redraws them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tqdm import tqdm

from experiments.figures import maps, series, style, threat
from experiments.figures.reading import Run, open_run
from experiments.figures.style import Plate

CHANGED = ("jnim", "issp", "csp")
"""Coalitions whose change in control is mapped."""

USAGE = "usage: python -m experiments.figures.make <run folder>"


def make_figures(folder: Path, *, dpi: int = 200, quiet: bool = False) -> list[Path]:
    """Draw all first pictures of a finished run into ``figures/`` below its folder.

    Control of terrain at every date of the run in every history; difference maps and chances of
    a support zone or control at the last date; attacks by actor; deaths by country and type; the
    threat panels. Returns the PNG files, in order of drawing.

    Raises:
        NotARunError: if the folder is absent or not a finished run.
    """
    run = open_run(folder)
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    tasks = dict(_tasks(run))
    shown = tqdm(tasks.items(), desc="figures", unit="figure", disable=quiet or None)
    return [style.save(draw(), target / f"{name}.png", dpi) for name, draw in shown]


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
    last = run.dates[-1]
    for date in run.dates:
        for history in run.histories:
            yield f"control_{date.date()}_{history}", partial(maps.control_of_terrain, run, date, history)
    for coalition in (name for name in CHANGED if name in run.coalitions):
        if run.paired:
            yield f"difference_{last.date()}_{coalition}", partial(maps.difference_map, run, last, coalition)
        if coalition in ("jnim", "issp"):
            where = (run, last, run.histories[0], coalition)
            yield f"chance_{last.date()}_{coalition}", partial(maps.probability_map, *where)
    yield "attacks_by_actor", partial(series.violence_by_actor, run)
    yield "deaths_by_country", partial(series.violence_by_country, run)
    yield "threat", partial(threat.threat_panel, run)
    yield "threat_components", partial(threat.threat_panel, run, threat.COMPONENTS)
    yield "threat_places", partial(threat.threat_panel, run, threat.PLACES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
