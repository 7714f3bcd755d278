"""The charts of a briefing: geometry that stays, at three widths in two languages, and numbers equal to the tables."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text
from synthetic_run import CONFIG_HASH, DATES, HISTORIES, write_run

from experiments.figures import charts, fans, forest, network, scenarios, series, style, threat, timeline, tornado
from experiments.figures.keys import Entry, key_of
from experiments.figures.labels import Label
from experiments.figures.reading import NotARunError, Run, open_run
from experiments.figures.style import Plate
from experiments.language import speaking

CHANGE = "first 26 weeks after the change"
WIDTHS = (style.SLIDE, style.PAGE, style.COLUMN)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = write_run(tmp_path_factory.mktemp("charts") / "truce")
    sensitivity().to_parquet(folder / "tables" / "sensitivity.parquet")
    return open_run(folder)


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(write_run(tmp_path_factory.mktemp("charts") / "single", paired=False))


def sensitivity() -> pd.DataFrame:
    """Three assumptions; recruitment moves deaths most, and nothing moves clashes."""
    shifts = {"recruitment.rate": (-30.0, 50.0), "civilians.rate": (-5.0, 10.0), "pressure": (20.0,)}
    rows = [
        {"name": name, "what": name, "setting": setting, "value": "1", "unit": "1", "source": "", "outcome": outcome,
         "window": CHANGE, "base": 40.0, "base_error": error, "answer": 40.0 + scale * shift, "change": scale * shift,
         "standard_error": 4.0, "n": 12, "label": outcome, "outcome_unit": "people"}
        for name, both in shifts.items()
        for setting, shift in zip(("low", "high") if len(both) > 1 else ("off",), both, strict=True)
        for outcome, scale, error in (("deaths", 1.0, 5.0), ("civilians", 0.5, 10.0), ("clashes_jnim_issp", 0.0, 1.0))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def boxes(plate: Plate) -> list[tuple[str, Label]]:
    """Every text that is seen, with the space that it takes in pixels."""
    plate.canvas.draw()
    renderer = plate.canvas.get_renderer()
    unseen = {id(text) for axes in plate.axes for text in _unseen(axes)}
    found = []
    for text in plate.findobj(Text):
        if text.get_visible() and text.get_text().strip() and id(text) not in unseen:
            box = text.get_window_extent(renderer)
            found.append((text.get_text(), Label((box.x0 + 1, box.y0 + 1, box.x1 - 1, box.y1 - 1))))
    return found


def _unseen(axes: Axes) -> Iterator[Text]:
    """Words of ticks beyond the view, or of axes that are off; Matplotlib keeps them."""
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        seen = {
            id(tick.label1) for tick in axis.get_major_ticks() if min(low, high) <= tick.get_loc() <= max(low, high)
        }
        yield from (t for t in axis.findobj(Text) if t is not axis.label and (id(t) not in seen or not axes.axison))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", WIDTHS)
def test_words_stay_on_the_page_and_off_each_other(run: Run, width: float, language: str) -> None:
    with speaking(language):
        drawn = {d.name: d.draw(width) for d in charts.drawings(run) if d.main}
        drawn["compare"] = scenarios.compare([run, run], width=width)
        drawn["multiples"] = scenarios.multiples([run, run], width=width)
    assert len(drawn) == 9
    wrong = []
    for name, plate in drawn.items():
        wide, high = plate.get_size_inches() * plate.dpi
        seen = boxes(plate)
        wrong += [
            (name, text)
            for text, b in seen
            if not (b.box[0] >= 0 and b.box[2] <= wide and b.box[1] >= 0 and b.box[3] <= high)
        ]
        wrong += [(name, a[0], b[0]) for a, b in itertools.combinations(seen, 2) if a[1].overlaps(b[1])]
        assert plate.get_size_inches()[0] == pytest.approx(width)
        assert min(text.get_fontsize() for text in plate.findobj(Text) if text.get_text().strip()) >= 8
        assert CONFIG_HASH[:8] in plate.caption
    assert wrong == []


def test_a_run_shows_what_it_has(run: Run, single: Run) -> None:
    both, alone = ([d.name for d in charts.drawings(r)] for r in (run, single))
    assert {"differences", "sensitivity", "relations_end", "control_timeline"} <= set(both)
    assert {"attacks_by_actor", "deaths_by_country", "threat", "control_timeline", "relations_start"} <= set(alone)
    assert not {name for name in alone if name.startswith(("differences", "sensitivity"))}
    assert len(set(both)) == len(both)


def test_rows_of_the_forest_plot_are_those_of_the_table(run: Run) -> None:
    rows = {row.outcome: row for row in forest.rows_of(run, CHANGE)}
    record = run.table("differences").query("outcome == 'deaths' and window == @CHANGE").iloc[0]
    values = run.table("outcomes").query("outcome == 'deaths' and window == @CHANGE and history == 'no_truce'")["value"]
    spread = float(np.std(values))
    assert rows["deaths"].interval == pytest.approx(tuple(record[["q05", "q50", "q95"]] / spread))
    assert rows["deaths"].cells[2] == forest.shown(float(record["mean_difference"]), sign=True)
    assert rows["deaths"].cells[4] == f"{100 * record['share_positive']:.0f} %"
    assert "coup_chance" not in rows  # there are none in any replicate
    plate = forest.forest(run, CHANGE)
    texts = {text.get_text() for text in plate.texts}
    assert set(itertools.chain.from_iterable(row.cells for row in rows.values())) <= texts


def test_a_forest_plot_needs_a_counterfactual_and_a_known_window(run: Run, single: Run) -> None:
    with pytest.raises(NotARunError, match="needs a counterfactual"):
        forest.forest(single, CHANGE)
    with pytest.raises(NotARunError, match="no differences for 'last week'; the run has: first 26 weeks"):
        forest.forest(run, "last week")


def test_the_stack_adds_up_coalitions_of_a_family_over_regions(run: Run) -> None:
    stacked = timeline.stack(run, "people", HISTORIES[0])
    assert stacked["jnim"].iloc[0] == pytest.approx(2.0e6 * 1.1 + 2.0e6)
    assert stacked["state"].iloc[-1] == pytest.approx(35.0e6 * 2.1)
    assert timeline.present(run) == ["issp", "jnim", "csp", "platform", "militia", "foreign"]
    told = timeline.ends(run, ("people", HISTORIES[0]), stacked)
    assert set(told) == {"issp", "jnim", "csp"}


def test_marks_of_one_day_share_a_line_and_near_ones_step_down(run: Run) -> None:
    day = pd.Timestamp("2022-06-06")
    marks = [fans.Mark(1, day, "a"), fans.Mark(2, day, "b"), fans.Mark(3, day + pd.Timedelta(weeks=1), "c")]
    plate = Plate(figsize=(4, 2))
    axes = plate.area(0.5, 0.5, 3, 1)
    axes.set_xlim(fans.day_number(pd.Timestamp("2022-01-03")), fans.day_number(pd.Timestamp("2022-12-26")))
    fans.draw_marks(axes, marks)
    assert [text.get_text() for text in axes.texts] == ["1, 2", "3"]
    first, second = (text.get_position()[1] for text in axes.texts)
    assert second < first - 0.1


def test_rare_events_are_drawn_by_their_mean(run: Run) -> None:
    frames = threat.frames_of(run, "bases_overrun")
    assert fans.rare(frames) == (max(float(f["q50"].max()) for f in frames) <= fans.RARE)
    none = dataclasses.replace(run)
    object.__setattr__(none, "table", lambda name: run.table(name).assign(mean=0.0, q95=0.0))
    assert threat.frames_of(none, "bases_overrun") == []
    assert threat.frames_of(run, "displaced")[0].index[0] == pd.Timestamp(DATES[0])


def test_runs_without_events_are_refused_in_one_line(run: Run) -> None:
    nothing = dataclasses.replace(run)
    empty = run.table("attacks_in_4_weeks").assign(mean=0.0)
    object.__setattr__(nothing, "table", lambda name: empty)
    with pytest.raises(NotARunError, match="no replicate has any of these events"):
        series.violence_by_actor(nothing)


def test_the_network_shows_the_stance_of_most_replicates(run: Run) -> None:
    day = pd.Timestamp(DATES[-1])
    ties = {(tie.a, tie.b): tie for tie in network.ties(run, day, HISTORIES[0])}
    assert ties["jnim", "issp"] == ("jnim", "issp", "truce", 0.65)
    assert ("mali", "burkina") not in ties  # peace of two states says nothing
    assert ("niger", "burkina") not in ties  # they never meet
    assert ties["jnim", "csp"].stance == "peace"
    assert [arrow[:2] for arrow in network.covers(run, day, HISTORIES[0])] == [("france", "niger"), ("burkina", "vdp")]
    texts = {text.get_text() for axes in network.network(run, day).axes for text in axes.texts}
    assert {"65 %", "JNIM", "France"} <= texts


def test_places_of_actors_keep_apart() -> None:
    for a, b in itertools.combinations([*network.PLACES.values(), *network.SPARE], 2):
        assert np.hypot(a[0] - b[0], a[1] - b[1]) > 0.05
    assert set(network.SHORT) <= set(network.PLACES)


def test_the_tornado_ranks_by_what_moves_the_answer(run: Run) -> None:
    frame = sensitivity()
    assert tornado.ranked(frame, ["deaths"]) == ["recruitment.rate", "pressure", "civilians.rate"]
    assert tornado.telling(frame, 2) == ["deaths", "civilians"]  # nothing moves clashes
    plate = tornado.tornado(frame, "issp_jnim_truce", "", outcomes=["deaths"])
    bars = [(p.get_x(), p.get_width()) for p in plate.axes[0].patches]
    assert bars[:2] == [(40.0, -30.0), (40.0, 50.0)]
    with pytest.raises(NotARunError, match="no assumption moves clashes_jnim_issp"):
        tornado.tornado(frame, "issp_jnim_truce", "", outcomes=["clashes_jnim_issp"])


def test_the_comparison_holds_each_runs_differences(run: Run, single: Run) -> None:
    frame = scenarios.changes([run, single, run])
    assert len(frame) == 2 * frame["outcome"].nunique()
    record = run.table("differences").query("outcome == 'deaths' and window == @CHANGE").iloc[0]
    found = frame[frame["outcome"] == "deaths"].iloc[0]
    assert found["mean_difference"] == record["mean_difference"]
    interval = forest.rows_of(run, CHANGE, ["deaths"])[0].interval
    assert found["standardised"] == pytest.approx(interval[1] * record["mean_difference"] / record["q50"])
    with pytest.raises(NotARunError, match="none of these has one"):
        scenarios.compare([single])


def test_a_key_breaks_words_that_are_too_long() -> None:
    key = key_of([[Entry("many words " * 12, {"color": "black"}), Entry("short", {"color": "black"})]], ["a line"], 2.0)
    assert all(left + entry.width <= 2.0 for entry, left, _ in key.places)
    assert key.places[1][2] >= 0.135 * key.places[0][0].label.count("\n")
