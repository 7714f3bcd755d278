"""Series of a run: weekly violence by actor, and deaths by country and type, as fans."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from experiments.figures import fans, style, words
from experiments.figures.fans import Mark
from experiments.figures.reading import Run
from experiments.figures.style import Plate

PANEL = 1.42
"""Height of a panel in inches, without its title and axis."""

GAPS = (0.52, 0.78)
"""Inches between panels across (for the scale) and down (for title and dates)."""

MOST_ACTORS = 6

_HOW_TO_READ = "Four-week running means of the weekly quantiles over replicates; vertical scales differ."


@style.styled
def violence_by_actor(run: Run, width: float = style.SLIDE) -> Plate:
    """Attacks a week that each of the most active coalitions begins, in all histories.

    Fans show the median and the middle 50 and 90 % of replicates. A coalition with fewer than
    one attack in the whole run on average is left out.
    """
    table = run.table("attacks")
    totals = table[table["history"] == run.histories[0]].groupby("coalition", observed=True)["mean"].sum()
    names = totals[totals >= 1.0].sort_values(ascending=False).index[:MOST_ACTORS]
    title = f"Attacks by actor: {run.versus}"
    note = "Attacks a week that each side begins against an armed opponent."
    panels = [(words.coalition(name), "", style.actor(name).ink, _split(run, table, coalition=name)) for name in names]
    return _fan_page(run, (title, note), panels, (3 if width >= style.WIDE else 2, width))


@style.styled
def violence_by_country(run: Run, width: float = style.SLIDE) -> Plate:
    """Deaths a week by country (across) and UCDP type of violence (down), as fans.

    The three countries with most deaths are shown.
    """
    table = run.table("violence")
    scenario = table[table["history"] == run.histories[0]]
    countries = scenario.groupby("country", observed=True)["mean"].sum().sort_values(ascending=False).index[:3]
    kinds = sorted(scenario["violence"].unique().tolist(), key=str)
    panels = [
        (words.country(iso3), words.violence(kind), style.SLATE, _split(run, table, country=iso3, violence=kind))
        for kind in kinds
        for iso3 in countries
    ]
    title = f"Deaths by country and type of violence: {run.versus}"
    note = "Deaths a week, soldiers, fighters and civilians, by UCDP type of violence."
    return _fan_page(run, (title, note), panels, (len(countries), width))


Panel = tuple[str, str, str, list[pd.DataFrame]]
"""Title, unit, colour, and one frame for each history."""


def _fan_page(run: Run, texts: tuple[str, str], panels: list[Panel], shape: tuple[int, float]) -> Plate:
    columns, width = shape
    rows, down = max(1, -(-len(panels) // columns)), PANEL + (GAPS[1] if any(panel[1] for panel in panels) else 0.64)
    events, caption = fans.marks(run), run.caption(_HOW_TO_READ)
    body = rows * down
    colour = panels[0][2] if len({panel[2] for panel in panels}) == 1 else style.SLATE
    key = fans.key_of(run, colour, events, width)
    frame = style.head_height(*texts, width) + style.foot_height(caption, width) + key.height
    plate, room = style.page((width, frame + body + 0.1), *texts, caption)
    fans.draw_key(plate, key, room.bottom)
    across = (room.right - room.left) / columns
    for index, panel in enumerate(panels):
        left = room.left + (index % columns) * across + GAPS[0] - 0.1
        bottom = room.top - (1 + index // columns) * down + 0.32
        _draw_panel(plate.area(left, bottom, across - GAPS[0], PANEL), panel, events)
    if not panels:
        plate.text(0.5, 0.5, "No replicate has any of these events.", ha="center", size=style.NORMAL)
    return plate


def _draw_panel(axes: Axes, panel: Panel, events: Sequence[Mark]) -> None:
    title, unit, colour, frames = panel
    fans.draw_fan(axes, frames, colour)
    fans.dress(axes, title, unit)
    fans.draw_marks(axes, events)


def _split(run: Run, table: pd.DataFrame, **keys: object) -> list[pd.DataFrame]:
    for column, value in keys.items():
        table = table[table[column] == value]
    return [table[table["history"] == history] for history in run.histories]
