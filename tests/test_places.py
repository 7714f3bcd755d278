"""The pictures of place at three widths in two languages, and what they leave out."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image
from synthetic_run import CONFIG_HASH, DATES, HISTORIES, write_run
from test_figures import DEUTERANOPIA, PROTANOPIA, _lab

from experiments.figures import (
    animation,
    catalogue,
    changes,
    concentration,
    lettering,
    maps,
    places,
    sheets,
    style,
    terrain,
    words,
)
from experiments.figures.reading import NotARunError, Run, open_run
from experiments.language import catalogue as translations
from experiments.language import speaking

WIDTHS = (style.SLIDE, style.PAGE, style.COLUMN)
EYES = {"normal": np.eye(3), "deuteranopia": DEUTERANOPIA, "protanopia": PROTANOPIA}
SCENARIO = HISTORIES[0]
PICTURES = (
    "course_issp_jnim_truce", "control_no_truce", "difference_issp", "ranking", "chance_jnim_support", "concentration",
)  # fmt: skip


STAMP = {
    "en": (CONFIG_HASH[:12], "fedcba9876", "seed 1", "200 replicates", "events to 30 June 2023", "made 6 May 2024",
           "Model output, not a forecast."),
    "fr": (CONFIG_HASH[:12], "fedcba9876", "graine 1", "200 réplications", "jusqu'au 30 juin 2023",
           "fait le 6 mai 2024", "Résultat de modèle, et non prévision."),
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(write_run(tmp_path_factory.mktemp("run") / "truce"))


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(write_run(tmp_path_factory.mktemp("run") / "single", paired=False))


def told(run: Run, **more: object) -> Run:
    """The run with some entries of its manifest changed."""
    return dataclasses.replace(run, manifest={**run.manifest, **more})


def boxes(plate: style.Plate) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Words on a page and where they stand (left, bottom, right, top), in inches."""
    renderer = plate.canvas.get_renderer()
    for text in plate.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            yield text.get_text(), tuple(np.array([box.x0, box.y0, box.x1, box.y1]) / plate.dpi)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", PICTURES)
def test_words_stay_on_the_page_and_off_each_other_at_every_width(run: Run, name: str, language: str) -> None:
    with speaking(language):
        drawing = next(drawing for drawing in catalogue.drawings(run) if drawing.name == name)
        plates = [drawing.draw(width) for width in WIDTHS]
    for plate, width in zip(plates, WIDTHS, strict=True):
        wide, high = plate.get_size_inches()
        placed = list(boxes(plate))
        assert wide == pytest.approx(width)
        assert drawing.alt
        assert not [part for part in STAMP[language] if part not in plate.caption]
        assert min(text.get_fontsize() for text in plate.findobj(Text)) >= 8
        for text, (left, bottom, right, top) in placed:
            assert min(left, bottom, wide - right, high - top) >= 0, (text, width)
        for (one, a), (two, b) in itertools.combinations(placed, 2):
            over = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert min(over) < 0.02, (one, two, width)


def test_files_carry_the_stamp_and_are_the_same_each_time(run: Run, tmp_path: Path) -> None:
    for ending in ("png", "svg", "pdf"):
        paths = [style.save(changes.ranking(run, style.COLUMN), tmp_path / f"{n}.{ending}", 60) for n in "ab"]
        assert paths[0].read_bytes() == paths[1].read_bytes()
    with Image.open(tmp_path / "a.png") as image:
        assert image.info["Description"] == changes.ranking(run, style.COLUMN).caption
    assert CONFIG_HASH[:12] in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert b"/Subject" in (tmp_path / "a.pdf").read_bytes()


def test_a_run_without_counterfactual_has_no_pictures_of_change(single: Run) -> None:
    found = list(catalogue.drawings(single))
    names = {drawing.name for drawing in found}
    assert not [name for name in names if name.startswith(("difference", "ranking"))]
    assert {"course_issp_jnim_truce", "chance_jnim_support", "concentration"} <= names
    for drawing in found:
        if drawing.name in PICTURES:
            drawing.draw(style.COLUMN)
    with pytest.raises(NotARunError, match="needs a counterfactual"):
        changes.ranking(single)


def test_one_replicate_has_no_chances_and_an_absent_actor_no_map(run: Run) -> None:
    alone = told(run, replicates=1)
    assert not [drawing for drawing in catalogue.drawings(alone) if drawing.name.startswith("chance")]
    assert "1 replicate;" in alone.caption()
    assert terrain.moments_of(alone)[-1][1] == "End"
    absent = dataclasses.replace(run, grid=run.grid.drop_sel(coalition="issp"))
    names = [drawing.name for drawing in catalogue.drawings(absent)]
    assert not [name for name in names if name.startswith(("chance_issp", "difference_issp"))]


def test_where_nothing_changes_there_is_no_picture_of_change(run: Run, tmp_path: Path) -> None:
    calm = {name: 0 * run.grid[name] for name in ("share_difference_mean", "share_difference_quantile")}
    still = dataclasses.replace(run, grid=run.grid.assign(calm), folder=tmp_path)
    assert not [drawing for drawing in places.drawings(still) if drawing.section == "change"]
    with pytest.raises(NotARunError, match="no change of control"):
        changes.ranking(still)


def test_the_course_shows_start_change_and_end(run: Run) -> None:
    moments = [(str(day.date()), called) for day, called in terrain.moments_of(run)]
    assert moments == [("2021-07-05", "Start"), ("2022-12-26", "Half-way"), ("2023-12-25", "Likely end")]
    assert terrain.moments_of(told(run, change="2022-12-19"))[1][1] == "At the change"
    assert terrain.moments_of(told(run, start="2021-01-04"))[0][1] == "First map"


def test_a_run_with_one_map_shows_one(tmp_path: Path) -> None:
    one = open_run(write_run(tmp_path / "one", dates=DATES[-1:]))
    assert [called for _, called in terrain.moments_of(one)] == ["First map"]
    assert terrain.course_of_terrain(one, SCENARIO, style.COLUMN).headline.startswith("Control of terrain")


def test_a_map_is_cut_to_where_armed_groups_are_and_keeps_the_capitals(run: Run) -> None:
    west, east, south, north = sheets.focus(run.grid)
    whole = sheets.extent_of(run.grid)
    assert east < whole[1]
    assert north <= whole[3]
    for lon, lat in ((-8.0, 12.65), (-1.52, 12.37), (2.11, 13.51)):
        assert west < lon < east
        assert south < lat < north
    calm = run.grid.sel(coalition=["mali", "niger"])
    assert sheets.focus(calm) == sheets.extent_of(calm)


def test_ranking_takes_the_largest_changes_of_armed_groups(run: Run) -> None:
    rows = changes.regions_by_change(run)
    assert rows[["place", "actor", "mean"]].to_numpy().tolist() == [["Gao", "issp", 40.0], ["Mopti", "jnim", -12.0]]
    towns = changes.towns_by_change(run)
    assert towns["mean"].abs().is_monotonic_decreasing
    assert not set(towns["actor"]) & {"mali", "niger", "burkina", "france", "un"}
    best = towns.iloc[0]
    shares = 100 * run.grid["share_difference_mean"].sel(date=DATES[-1], coalition=best["actor"]).values
    assert np.isclose(shares, best["mean"]).any()


def test_an_animation_has_a_frame_for_each_date(run: Run, tmp_path: Path) -> None:
    path = animation.animate(run, SCENARIO, tmp_path / "control.gif", style.COLUMN)
    with Image.open(path) as image:
        assert image.n_frames == len(run.dates)
        assert image.info["loop"] == 0
        assert CONFIG_HASH[:12].encode() in image.info["comment"]
    assert len({tuple(frame.get_size_inches()) for _, frame in animation.frames(run, SCENARIO, style.COLUMN)}) == 1
    one = dataclasses.replace(run, grid=run.grid.isel(date=[0]))
    with pytest.raises(NotARunError, match="maps of one date"):
        animation.animate(one, SCENARIO, path)


@pytest.mark.parametrize("eye", EYES)
def test_ramps_keep_their_order_for_every_eye(eye: str) -> None:
    for actor in ("jnim", "issp", "csp"):
        ramp = maps.chance_ramp(style.ACTORS[actor].ink)
        seen = np.array([_lab(to_hex(ramp(i)), EYES[eye]) for i in range(ramp.N)])
        assert (np.diff(seen[:, 0]) < -4).all(), actor
    steps = [to_hex(maps.CLASSES(i)) for i in range(maps.CLASSES.N)]
    seen = np.array([_lab(step, EYES[eye]) for step in steps])
    half = len(steps) // 2
    assert (np.diff(seen[: half + 1, 0]) > 4).all()
    assert (np.diff(seen[half:, 0]) < -4).all()
    for distance in range(1, half + 1):
        assert np.linalg.norm(seen[half - distance] - seen[half + distance]) > 15


def test_types_of_concentration_differ_in_greyscale_by_lightness_or_hatch() -> None:
    looks = [(style.lightness(look["facecolor"]), look.get("hatch")) for look in concentration.LOOKS.values()]
    for one, two in itertools.combinations(looks, 2):
        assert abs(one[0] - two[0]) > 9 or one[1] != two[1]


def test_concentration_needs_a_year_of_events(run: Run) -> None:
    kinds, threshold, tables = concentration.found(run)
    assert (len(kinds), tables) == (2, 1)
    assert threshold > 0
    with pytest.raises(NotARunError, match="event_tables"):
        concentration.found(told(run, weeks=40))


def test_lines_are_no_wider_than_their_room() -> None:
    lines = lettering.broken("Ce que donne le modèle, c'est son cours, et à qui elle profite " * 3, 2.0, 8.0)
    assert len(lines) > 5
    assert max(lettering.width_of(line, 8.0) for line in lines) <= 2.0


def test_every_word_of_actors_zones_countries_and_sections_has_its_french() -> None:
    french = translations("fr")
    listed = [words.COALITIONS, words.COUNTRIES, words.ZONES, words.SECTIONS, words.VIOLENCE, concentration.NAMES]
    missing = [text for texts in listed for text in texts.values() if text not in french]
    assert not missing + [actor.english for actor in style.ACTORS.values() if actor.english not in french]


MODULES = ("legend", "sheets", "terrain", "maps", "changes", "concentration", "places", "reading")


def test_every_text_of_the_maps_has_its_french() -> None:
    french, folder = translations("fr"), Path(sheets.__file__).parent
    source = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in MODULES)
    asked = [json.loads(text) for text in re.findall(r'\btr\(\s*("(?:[^"\\]|\\.)*")', source)]
    assert len(asked) > 50
    assert not [text for text in asked if text not in french]
