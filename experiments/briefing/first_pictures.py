"""Today's figures as drawings of a briefing, for as long as the catalogue has none of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from experiments.figures import maps, series, threat
from experiments.figures.catalogue import Drawing
from experiments.figures.reading import Run
from experiments.figures.style import Plate
from experiments.language import day, tr

CHANGED = ("jnim", "issp", "csp")
"""Coalitions whose change in control is mapped."""


def first_drawings(run: Run) -> Iterator[Drawing]:
    """Maps of control, difference and chance, series of violence, and the threat panels."""
    yield from _maps(run)
    yield Drawing(
        "deaths_by_country",
        "violence",
        lambda width: series.violence_by_country(run, width),
        tr("Deaths a week by country and type of violence in each history, as bands over replicates."),
        main=True,
    )
    yield Drawing(
        "attacks_by_actor",
        "violence",
        lambda width: series.violence_by_actor(run, width),
        tr("Attacks a week by actor in each history, as bands over replicates."),
    )
    yield from _threats(run)


def _maps(run: Run) -> Iterator[Drawing]:
    last = run.dates[-1]
    for history in run.histories:
        yield Drawing(
            f"control_{last.date()}_{history}",
            "terrain",
            partial(maps.control_of_terrain, run, last, history),
            tr("Map of the most probable zone of each cell on {day}.", day=day(last.date())),
            main=history == run.histories[0],
        )
    for coalition in (name for name in CHANGED if name in run.coalitions):
        named = {"name": maps.words.coalition(coalition), "day": day(last.date())}
        if run.paired:
            yield Drawing(
                f"difference_{last.date()}_{coalition}",
                "change",
                partial(maps.difference_map, run, last, coalition),
                tr("Map of the mean change in the share of control of {name} on {day}.", **named),
                main=True,
            )
        if coalition in ("jnim", "issp"):
            yield Drawing(
                f"chance_{last.date()}_{coalition}",
                "terrain",
                partial(_chance, run, coalition),
                tr("Map of the chance of a support zone or control of {name} on {day}.", **named),
            )


def _chance(run: Run, coalition: str, width: float) -> Plate:
    return maps.probability_map(run, run.dates[-1], run.histories[0], coalition, width=width)


def _threats(run: Run) -> Iterator[Drawing]:
    panels = {"threat": threat.HEADLINE, "threat_components": threat.COMPONENTS, "threat_places": threat.PLACES}
    for name, measures in panels.items():
        yield Drawing(
            name,
            "threat",
            lambda width, measures=measures: threat.threat_panel(run, measures, width),  # type: ignore[misc]
            tr("Threat measures over time in each history, with their paired differences."),
            main=name == "threat",
        )
