"""The charts that a run allows, for the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd

from experiments.figures import forest, network, series, threat, timeline, tornado
from experiments.figures.drawing import Drawing
from experiments.figures.reading import NotARunError, Run
from experiments.language import day, tr


def drawings(run: Run) -> Iterator[Drawing]:
    """Differences, timelines, fans, threats, sensitivities and relations, as far as the run has them."""
    sources = (_differences, _violence, _threats, _drivers, _actors)
    for source in sources:
        yield from source(run)


def _differences(run: Run) -> Iterator[Drawing]:
    if not run.paired:
        return
    chief = threat.window_of(run)
    for window in (window for window in forest.windows_of(run) if _has(partial(forest.rows_of, run, window))):
        alt = tr("Dots with 90 % intervals: paired differences of the headline outcomes, {window}.", window=tr(window))
        name = window.replace(" ", "_")
        if window == chief and _has(partial(forest.rows_of, run, window, forest.CHIEF)):
            yield Drawing("differences", "change", partial(forest.forest, run, window, forest.CHIEF), alt, main=True)
        yield Drawing(f"differences_{name}", "change", partial(forest.forest, run, window, forest.HEADLINE), alt)


def _violence(run: Run) -> Iterator[Drawing]:
    if series.active(run, run.table("attacks_in_4_weeks"), ["coalition"]):
        alt = tr("Fan charts of attacks in four weeks by the most active sides: {versus}.", versus=run.versus)
        yield Drawing("attacks_by_actor", "violence", partial(series.violence_by_actor, run), alt, main=True)
    if series.active(run, run.table("violence_in_4_weeks"), ["country"]):
        alt = tr("Fan charts of deaths in four weeks by country and type of violence: {versus}.", versus=run.versus)
        yield Drawing("deaths_by_country", "violence", partial(series.violence_by_country, run), alt, main=True)


def _threats(run: Run) -> Iterator[Drawing]:
    listed = {"threat": threat.HEADLINE, "threat_components": threat.COMPONENTS, "threat_places": threat.PLACES}
    for name, measures in listed.items():
        if any(threat.frames_of(run, measure) for measure in measures):
            alt = tr("{title} over time: {versus}.", title=threat.title_of(measures), versus=run.versus)
            yield Drawing(name, "threat", partial(threat.threat_panel, run, measures), alt, main=name == "threat")


def _drivers(run: Run) -> Iterator[Drawing]:
    path = run.folder / "tables" / "sensitivity.parquet"
    if not path.is_file():
        return
    frame = pd.read_parquet(path)
    part = frame[frame["window"] == tornado.window_of(frame)]
    if tornado.ranked(part, tornado.telling(part, 1)):
        alt = tr("Bars: how the effect of the scenario shifts when one assumption is changed.")
        caption = tr("{pairs} pairs of replicates for each change.", pairs=int(frame["n"].max()))
        draw = partial(tornado.tornado, frame, run.histories[0], run.caption(caption))
        yield Drawing("sensitivity", "drivers", draw, alt, main=True)


def _actors(run: Run) -> Iterator[Drawing]:
    if timeline.present(run):
        alt = tr("Stacked areas: people and land under each actor by week: {versus}.", versus=run.versus)
        yield Drawing("control_timeline", "actors", partial(timeline.control_timeline, run), alt, main=True)
    relations = run.table("relations")
    dates = pd.DatetimeIndex(relations["date"].unique())
    for at, date in ((0, dates.min()), (1, dates.max())) if len(dates) else ():
        if any(network.ties(run, date, history) for history in run.histories):
            alt = tr("Network of who fights, spares and covers whom on {day}.", day=day(date))
            name = f"relations_{'end' if at else 'start'}"
            yield Drawing(name, "actors", partial(network.network, run, date), alt, main=bool(at))


def _has(rows: partial[list[forest.Row]]) -> bool:
    try:
        return bool(rows())
    except NotARunError:
        return False
