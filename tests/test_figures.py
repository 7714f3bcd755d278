"""The figures of a run folder, drawn from a made-up run."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image
from synthetic_run import CONFIG_HASH, DATES, HISTORIES, write_run

from experiments.figures import cells, fans, labels, make, maps, series, style, terrain, threat, zones
from experiments.figures.reading import NotARunError, Run, open_run

ROOT = Path(__file__).resolve().parents[1]
LAST = pd.Timestamp("2023-12-25")
SCENARIO, COUNTERFACTUAL = HISTORIES

# Linear RGB as people without the long- or middle-wave cone see it (Machado, Oliveira & Fernandes
# 2009, IEEE TVCG 15(6), severity 1.0).
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(write_run(tmp_path_factory.mktemp("run") / "truce"))


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(write_run(tmp_path_factory.mktemp("run") / "single", paired=False))


def _lab(colour: str, eye: np.ndarray) -> np.ndarray:
    encoded = np.array(to_rgb(colour))
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = SRGB_TO_XYZ @ np.clip(eye @ linear, 0, 1) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["normal", "deuteranopia", "protanopia"])
def test_actor_colours_stay_apart(eye: np.ndarray) -> None:
    seen = {name: _lab(actor.colour, eye) for name, actor in style.ACTORS.items()}
    distances = {(a, b): np.linalg.norm(seen[a] - seen[b]) for a, b in itertools.combinations(seen, 2)}
    assert min(distances.values()) > 25, min(distances, key=distances.__getitem__)


def test_actors_differ_in_greyscale_by_lightness_or_hatch() -> None:
    for a, b in itertools.combinations(style.ACTORS.values(), 2):
        assert a.hatch != b.hatch
    armed = sorted(
        style.lightness(style.ACTORS[name].colour) for name in ("issp", "csp", "jnim", "platform", "militia")
    )
    assert min(np.diff(armed)) > 9


def test_lightness_of_black_white_and_middle_grey() -> None:
    assert style.lightness("#000000") == pytest.approx(0)
    assert style.lightness("#FFFFFF") == pytest.approx(100, abs=0.01)
    assert style.lightness("#777777") == pytest.approx(50, abs=0.5)


def test_an_unknown_coalition_gets_the_look_of_other_groups() -> None:
    assert style.family("new_group") == "other"
    assert style.family("burkina") == "state"


def test_holder_is_the_coalition_of_the_strongest_zone(run: Run) -> None:
    grid = run.grid.isel(date=0, cell=slice(0, 1)).sel(history=SCENARIO).copy(deep=True)
    names, kinds = run.coalitions, [str(zone) for zone in grid["zone"].values]
    grid["zone_probability"][:] = 0.0
    grid["share_mean"][:] = 0.0
    grid["zone_probability"].loc[{"zone": "none"}] = 1.0
    for coalition, zone, chance in (("jnim", "support", 0.6), ("issp", "attack", 0.8), ("mali", "none", 1.0)):
        row = {"coalition": coalition}
        grid["zone_probability"].loc[row] = 0.0
        grid["zone_probability"].loc[row | {"zone": zone}] = chance
    shown = zones.picture(grid)
    assert kinds[0] == "none"
    assert (names[shown.holder[0]], shown.zone[0], names[shown.attacker[0]]) == ("jnim", "support", "issp")
    assert shown.chance[0] == pytest.approx(0.6)
    assert shown.rival[0] == zones.NOBODY


def test_support_and_control_of_a_state_count_together(run: Run) -> None:
    grid = run.grid.isel(date=0, cell=slice(0, 1)).sel(history=SCENARIO).copy(deep=True)
    grid["zone_probability"][:] = 0.0
    grid["zone_probability"].loc[{"zone": "none"}] = 1.0
    for zone, chance in (("none", 0.4), ("support", 0.3), ("control", 0.3)):
        grid["zone_probability"].loc[{"coalition": "mali", "zone": zone}] = chance
    shown = zones.picture(grid)
    assert run.coalitions[shown.holder[0]] == "mali"
    assert shown.zone[0] == "control"
    assert shown.chance[0] == pytest.approx(0.6)


def test_contested_ground_names_both_sides(run: Run) -> None:
    grid = run.grid.isel(date=0, cell=slice(0, 1)).sel(history=SCENARIO).copy(deep=True)
    grid["zone_probability"][:] = 0.0
    grid["zone_probability"].loc[{"zone": "none"}] = 1.0
    for coalition, share in (("jnim", 0.3), ("issp", 0.5)):
        grid["zone_probability"].loc[{"coalition": coalition}] = 0.0
        grid["zone_probability"].loc[{"coalition": coalition, "zone": "contested"}] = 1.0
        grid["share_mean"].loc[{"coalition": coalition}] = share
    shown = zones.picture(grid)
    assert [run.coalitions[shown.holder[0]], run.coalitions[shown.rival[0]]] == ["issp", "jnim"]


def test_an_interval_that_touches_zero_holds_it() -> None:
    held = maps.holds_zero(np.array([-1.0, 0.0, 0.1, -2.0]), np.array([1.0, 0.5, 0.2, -1.0]))
    assert held.tolist() == [True, True, False, False]


def test_difference_map_hatches_exactly_the_unsure_cells_by_their_sign(run: Run) -> None:
    plate = maps.difference_map(run, LAST, "issp")
    found = {p.get_hatch(): p.get_path() for p in plate.axes[0].patches if isinstance(p, PathPatch) and p.get_hatch()}
    mean, low, high = maps.changes(run.grid.sel(date=LAST, coalition="issp"))
    doubt = (low <= 0) & (high >= 0) & (np.maximum(-low, high) >= 0.5)
    counts = {
        maps.HATCHES["rise"]: int((doubt & (mean >= 0.5)).sum()),
        maps.HATCHES["fall"]: int((doubt & (mean <= -0.5)).sum()),
        maps.HATCHES["flat"]: int((doubt & (np.abs(mean) < 0.5)).sum()),
    }
    assert counts["////"] > 5
    assert {hatch: len(path.vertices) // 5 for hatch, path in found.items()} == {k: v for k, v in counts.items() if v}


def test_a_cell_is_a_square_of_half_a_degree_about_its_centre(run: Run) -> None:
    plate = terrain.control_of_terrain(run, LAST, SCENARIO)
    vertices = np.vstack([p.get_path().vertices[:3] for p in plate.axes[0].patches if p.get_hatch() == "///"])
    assert np.ptp(vertices[:3], axis=0) == pytest.approx([0.5, 0.5])
    assert cells.HALF == 0.25


@pytest.mark.parametrize("width", [style.SLIDE, style.PAGE])
def test_control_map_is_stamped_and_legible(run: Run, width: float) -> None:
    plate = terrain.control_of_terrain(run, LAST, COUNTERFACTUAL, width)
    texts = [text for text in plate.findobj(Text) if text.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 8
    assert plate.get_size_inches()[0] == pytest.approx(width)
    assert CONFIG_HASH[:12] in plate.caption
    assert style.DISCLAIMER in plate.caption
    assert {"Control", "State-held"} <= {text.get_text() for text in texts}


def test_labels_of_towns_do_not_overlap(run: Run) -> None:
    plate = maps.probability_map(run, LAST, "jnim", histories=[SCENARIO])
    axes = plate.axes[0]
    boxes = [labels.Label.of(axes, t) for t in axes.texts if t.get_text()]
    assert len(boxes) > 15
    assert not [pair for pair in itertools.combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_totals_of_four_weeks_stand_at_their_end() -> None:
    dates = pd.date_range("2022-01-03", periods=3, freq="28D")
    frame = pd.DataFrame({"date": dates, "mean": 1.0, **{band: [0.0, 4.0, 0.0] for band in fans.BANDS}})
    shown = fans.dated(frame, total=True)
    assert shown.loc[pd.Timestamp("2022-02-28"), "q50"] == 4.0
    assert fans.dated(frame, total=False).index[0] == dates[0]


def test_only_events_that_histories_do_not_share_are_marked(run: Run, single: Run) -> None:
    assert [mark.text for mark in fans.marks(run)] == ["ISSP and JNIM keep a truce in Ménaka and Gao."]
    assert len(fans.marks(single)) == 4


def test_without_events_the_day_on_which_histories_part_is_marked(run: Run) -> None:
    bare = dataclasses.replace(run, manifest={**run.manifest, "events": {}, "change": "2023-04-03"})
    assert [(mark.date, mark.number) for mark in fans.marks(bare)] == [(pd.Timestamp("2023-04-03"), 1)]


@pytest.mark.parametrize("draw", [series.violence_by_actor, series.violence_by_country, threat.threat_panel])
def test_series_are_stamped_and_legible(run: Run, draw: object) -> None:
    assert callable(draw)
    plate = draw(run, width=style.PAGE)
    assert CONFIG_HASH[:12] in plate.caption
    texts = [text for text in plate.findobj(Text) if text.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 8


def test_ordinal_indices_say_so_and_share_their_scale(run: Run) -> None:
    plate = threat.threat_panel(run)
    ordinal = [axes for axes in plate.axes if any("ordinal" in text.get_text() for text in axes.texts)]
    assert [axes.get_ylim() for axes in ordinal] == [(0, 100), (0, 100)]


def test_a_run_of_one_history_is_drawn_without_differences(single: Run) -> None:
    assert len(threat.threat_panel(single).axes) == 8
    with pytest.raises(NotARunError, match="needs a counterfactual"):
        maps.difference_map(single, LAST, "issp")


def test_an_unknown_coalition_or_date_is_refused(run: Run) -> None:
    with pytest.raises(NotARunError, match="no coalition 'isssp'"):
        maps.difference_map(run, LAST, "isssp")
    with pytest.raises(NotARunError, match="the run has maps for 2021-07-05"):
        terrain.control_of_terrain(run, pd.Timestamp("2030-01-07"), SCENARIO)


def test_make_figures_writes_every_picture(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", dates=DATES[-1:])
    drawn = make.make_figures(folder, dpi=50, quiet=True)
    assert {path.name for path in drawn} >= {"threat.png", "ranking.png", "difference_issp.png"}
    for path in drawn:
        with Image.open(path) as image:
            assert np.asarray(image.convert("L")).std() > 5
            assert CONFIG_HASH[:12] in image.info["Description"]
            assert image.info["Title"]
            assert image.info["Software"].startswith("Sahel conflict simulator")


def test_a_wrong_folder_gives_one_line(tmp_path: Path) -> None:
    (tmp_path / "truce").mkdir()
    command = [sys.executable, "-m", "experiments.figures.make", str(tmp_path / "truse")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [
        f"error: run folder {tmp_path / 'truse'} does not exist; did you mean {tmp_path / 'truce'}?"
    ]
    with pytest.raises(NotARunError, match=r"lacks manifest\.json, grid\.nc, tables"):
        open_run(tmp_path / "truce")
