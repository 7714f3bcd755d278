"""Series of a run: attacks by actor, and deaths by country and type of violence, as fans of four-week totals."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import fans, style, words
from experiments.figures.panels import Panel, Shape, Texts, columns, narrow, panel_page
from experiments.figures.reading import NotARunError, Run
from experiments.figures.style import Plate
from experiments.language import tr

MOST_ACTORS, MOST_COUNTRIES = 6, 3

LEAST = 1.0
"""Events or deaths in the whole run, on average, below which a panel is left out."""


@style.styled
def violence_by_actor(run: Run, width: float = style.SLIDE) -> Plate:
    """Attacks in four weeks that each of the most active coalitions begins, in all histories.

    Fans show the median and the middle 50 and 90 % of replicates. A coalition with fewer than
    one attack in the whole run on average is left out.

    Raises:
        NotARunError: if there are no attacks.
    """
    table = run.table("attacks_in_4_weeks")
    names = active(run, table, ["coalition"])[:MOST_ACTORS]
    unit = tr("attacks in four weeks")
    fans_of = [
        (words.coalition(name), unit, style.actor(name).ink, split(run, table, coalition=name)) for (name,) in names
    ]
    title = tr("Attacks by actor: {versus}", versus=run.versus)
    return _fan_page(run, (title, tr("Attacks that each side begins against an armed opponent.")), fans_of, width)


@style.styled
def violence_by_country(run: Run, width: float = style.SLIDE) -> Plate:
    """Deaths in four weeks by country (across) and UCDP type of violence (down), as fans.

    The three countries with most deaths are shown.

    Raises:
        NotARunError: if there are no deaths.
    """
    table = run.table("violence_in_4_weeks")
    countries = [name for (name,) in active(run, table, ["country"])[:MOST_COUNTRIES]]
    alive = [key for key in active(run, table, ["violence", "country"]) if key[1] in countries]
    unit = tr("deaths in four weeks")
    fans_of = []
    for kind, iso3 in sorted(alive, key=lambda key: (key[0], countries.index(key[1]))):
        name = tr("{country}: {violence}", country=words.country(iso3), violence=words.violence(kind))
        fans_of.append((name, unit, style.SLATE, split(run, table, country=iso3, violence=kind)))
    title = tr("Deaths by country and type of violence: {versus}", versus=run.versus)
    note = tr("Soldiers, fighters and civilians, by UCDP type of violence.")
    return _fan_page(run, (title, note), fans_of, width)


Fan = tuple[str, str, str, list[pd.DataFrame]]
"""Title, unit, colour, and one frame for each history."""


def _fan_page(run: Run, texts: tuple[str, str], fans_of: list[Fan], width: float) -> Plate:
    if not fans_of:
        raise NotARunError(f"run folder {run.folder} has nothing to draw: no replicate has any of these events")
    events = fans.marks(run)
    panels = [
        Panel(title, unit_of(unit, frames), partial(_draw, frames, colour, events))
        for title, unit, colour, frames in fans_of
    ]
    colour = fans_of[0][2] if len({colour for _, _, colour, _ in fans_of}) == 1 else style.SLATE
    key = fans.key_for(run, colour, events, width, mean=any(fans.rare(frames) for *_, frames in fans_of))
    caption = run.caption(tr("Totals of four weeks, drawn at their end; vertical scales differ."))
    return panel_page(
        Texts(*texts, caption),
        panels,
        Shape(columns(width, 3, len(panels)), tall=1.0 if narrow(width) else 1.42),
        width,
        key,
    )


def unit_of(unit: str, frames: list[pd.DataFrame]) -> str:
    """The unit of a panel; it says so where the line is the mean."""
    return tr("{unit}, mean", unit=unit) if fans.rare(frames) else unit


def _draw(frames: list[pd.DataFrame], colour: str, events: list[fans.Mark], axes: Axes) -> None:
    fans.draw_fan(axes, frames, colour, middle="mean" if fans.rare(frames) else "q50")
    fans.dress(axes)
    fans.draw_marks(axes, events)


def active(run: Run, table: pd.DataFrame, keys: list[str]) -> list[tuple[str, ...]]:
    """Keys of series with at least `LEAST` in the whole run on average in any history, the largest first."""
    totals = table.groupby(["history", *keys], observed=True)["mean"].sum().groupby(keys, observed=True).max()
    largest = totals[totals >= LEAST].sort_values(ascending=False, kind="stable")
    return [key if isinstance(key, tuple) else (str(key),) for key in largest.index]


def split(run: Run, table: pd.DataFrame, **keys: object) -> list[pd.DataFrame]:
    """One frame of four-week totals for each history, of the rows with these keys."""
    for column, value in keys.items():
        table = table[table[column] == value]
    return [fans.dated(table[table["history"] == history], total=True) for history in run.histories]
