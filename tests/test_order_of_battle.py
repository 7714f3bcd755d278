"""The order of battle: data are whole, numbers add up and say what sources say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from scenarios.apportionment import apportion, apportion_within, divided
from scenarios.events.base import Post
from scenarios.order_of_battle import OrderOfBattle, load_order_of_battle, read_catalogue
from scenarios.region import Region, load_region
from sim.axes import check_axes
from sim.state import Posture
from sim.world import Kind, Role

CONF = Path(__file__).parents[1] / "conf"
FOLDER = CONF / "order_of_battle"
START = date(2021, 7, 5)


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(CONF / "region")


@pytest.fixture(scope="module")
def oob(region: Region) -> OrderOfBattle:
    return load_order_of_battle(FOLDER, region, START)


def at(order: OrderOfBattle, organisation: str) -> int:
    return order.ids.index(organisation)


def of_coalition(order: OrderOfBattle, coalition: str) -> int:
    members = order.organisations.coalition == order.coalitions.index(coalition)
    return int(order.strength[members].sum())


def hostility(order: OrderOfBattle, region: Region, a: str, b: str, where: str) -> float:
    return float(order.start.hostility[at(order, a), at(order, b), region.region_index(where)])


def fighters_in(order: OrderOfBattle, region: Region, organisation: str, *regions: str) -> int:
    here = np.isin(region.cells.region[order.start.cell], [region.region_index(name) for name in regions])
    return int(order.start.fighters[here & (order.units.organisation == at(order, organisation))].sum())


# JNIM: 2,000 (2018) to 5,000 and more (2022); ISSP: core plus hired men; CMA: general knowledge. AFPC 2021,
# GITOC 2023. Barkhane about 5,100 with N'Djamena; MINUSMA 13,000 to 18,000 by who counts. AFPC 2021.
RANGES = {"jnim": (2000, 5800), "issp": (400, 1500), "csp": (1500, 6000), "france": (3800, 6000), "un": (13000, 18000)}


@pytest.mark.parametrize("coalition", RANGES)
def test_strength_of_coalition_lies_in_cited_range(oob: OrderOfBattle, coalition: str) -> None:
    low, high = RANGES[coalition]
    assert low <= of_coalition(oob, coalition) <= high


def test_arrays_keep_their_axes(oob: OrderOfBattle, region: Region) -> None:
    sizes = {"cell": region.people.size, "region": len(region.regions), "base": len(oob.base_names)}
    for part in (oob.organisations, oob.units, oob.bases, oob.start):
        check_axes(part, sizes)
    assert oob.prior.shape == (region.communities.cell.size, len(oob.ids))
    assert sizes["organisation"] == len(oob.ids) == 26
    assert sizes["unit"] <= 1400


def test_names_and_keys_are_unique(oob: OrderOfBattle) -> None:
    assert len(set(oob.base_names)) == len(oob.base_names)
    assert np.unique(oob.units.key).size == oob.units.key.size
    assert np.unique(oob.bases.key).size == oob.bases.key.size


def test_strengths_are_the_best_estimates(oob: OrderOfBattle) -> None:
    wanted = {"ansar_al_din": 600, "katiba_macina": 1600, "ansarul_islam": 1000, "aqim_sahara": 300, "issp": 1000,
              "cma": 3000, "minusma": 14500, "takuba": 600, "wagner": 0, "ecowas": 0}  # fmt: skip
    assert {name: int(oob.strength[at(oob, name)]) for name in wanted} == wanted


def test_strengths_lie_within_their_range(oob: OrderOfBattle) -> None:
    low, high = oob.start.strength_range.T
    assert (low <= 1).all()
    assert (high >= 1).all()
    assert oob.start.strength_range[at(oob, "issp")] == pytest.approx([400 / 1000, 1500 / 1000])


def test_start_is_in_bounds(oob: OrderOfBattle) -> None:
    shares = (oob.start.governance, oob.start.support, oob.start.skill, oob.start.discipline, oob.organisations.home)
    assert all(a.min() >= 0 and a.max() <= 1 for a in shares)
    assert oob.start.governance.sum(axis=1).max() <= 1 + 1e-12
    assert np.abs(oob.prior).max() <= 2
    assert oob.start.fighters.min() >= 0


def test_hostility_is_symmetric_and_absent_within_coalitions(oob: OrderOfBattle) -> None:
    war = oob.start.hostility
    assert np.array_equal(war, war.transpose(1, 0, 2))
    same = oob.organisations.coalition[:, None] == oob.organisations.coalition
    assert war[same].max() == 0


def test_bands_roam_and_troops_have_bases(oob: OrderOfBattle) -> None:
    bands = oob.organisations.kind[oob.units.organisation] <= Kind.MILITIA
    assert np.array_equal(oob.units.role == Role.FIGHTERS, bands)
    assert np.array_equal(oob.units.base < 0, bands)
    based = ~bands
    assert np.array_equal(oob.bases.organisation[oob.units.base[based]], oob.units.organisation[based])
    assert np.array_equal(oob.bases.cell[oob.units.base[based]], oob.start.cell[based])
    assert np.array_equal(oob.start.establishment, np.where(bands, 0, oob.start.fighters))


def test_troops_are_at_open_bases_only(oob: OrderOfBattle) -> None:
    based = oob.units.base >= 0
    troops = np.bincount(oob.units.base[based], oob.start.fighters[based], minlength=len(oob.base_names))
    assert troops[oob.start.open == 0].sum() == 0
    assert oob.start.strike[oob.start.open == 0].sum() == 0
    assert troops[oob.base_names.index("barkhane/Gao")] == 1750
    assert oob.start.open[oob.base_names.index("wagner/Bamako")] == 0


def test_large_garrisons_have_columns(oob: OrderOfBattle) -> None:
    gao = oob.units.base == oob.base_names.index("barkhane/Gao")
    column = gao & (oob.units.role == Role.MOBILE)
    assert oob.start.fighters[column].sum() == 875  # half of 1,750
    assert set(oob.start.posture[column]) == {Posture.COLUMN}
    inata = oob.units.base == oob.base_names.index("burkina_fds/Inata")
    assert set(oob.units.role[inata]) == {Role.GARRISON}


def test_slots_leave_room_to_grow(oob: OrderOfBattle) -> None:
    for name, growth in (("katiba_macina", 2.5), ("issp", 3.0), ("vdp", 2.0)):
        own = oob.units.organisation == at(oob, name)
        assert own.sum() >= growth * (oob.start.fighters[own] > 0).sum()


def test_armed_groups_stand_where_sources_put_them(oob: OrderOfBattle, region: Region) -> None:
    kidal, menaka, gao = "MLI/Kidal", "MLI/Ménaka", "MLI/Gao"
    assert fighters_in(oob, region, "katiba_macina", "MLI/Mopti", "MLI/Ségou") > 0.5 * 1600
    assert fighters_in(oob, region, "cma", kidal) > 0.5 * 3000
    assert fighters_in(oob, region, "issp", menaka, gao, "NER/Tillabéri") > 0.6 * 1000
    assert fighters_in(oob, region, "ansarul_islam", "BFA/Sahel", "BFA/Est", "BFA/Nord", "BFA/Centre-Nord") > 0.7 * 1000
    assert fighters_in(oob, region, "msa", menaka) > fighters_in(oob, region, "msa", gao) > 0


def test_governance_follows_the_map_of_2021(oob: OrderOfBattle, region: Region) -> None:
    def who(lat: float, lon: float) -> str:
        return oob.ids[int(oob.start.governance[region.cell_at(lat, lon)].argmax())]

    assert who(12.65, -8.0) == "fama"  # Bamako
    assert who(18.44, 1.41) == "cma"  # Kidal
    assert who(15.25, -4.75) == "katiba_macina"  # inner delta
    assert who(15.4, 2.4) == "issp"  # south of Ménaka
    assert who(12.37, -1.53) == "burkina_fds"  # Ouagadougou
    assert who(13.5, 2.1) == "niger_fds"  # Niamey


def test_attitudes_follow_history(oob: OrderOfBattle, region: Region) -> None:
    def prior(group: str, where: str, organisation: str) -> float:
        here = region.cells.region[region.communities.cell] == region.region_index(where)
        own = here & (region.communities.group == region.group_index(group))
        return float(oob.prior[own, at(oob, organisation)].mean())

    daoussak = ("Tuareg: Daoussak", "MLI/Ménaka")
    assert prior(*daoussak, "issp") == -2
    assert prior(*daoussak, "barkhane") > 0.5 > prior(*daoussak, "ansar_al_din")
    assert prior("Tuareg: Ifoghas", "MLI/Kidal", "cma") > prior("Tuareg: Ifoghas", "MLI/Kidal", "ansar_al_din") > 0
    assert prior("Fulani", "MLI/Mopti", "katiba_macina") > 0 > prior("Fulani", "MLI/Mopti", "fama")
    assert prior("Mossi", "BFA/Centre", "togo_army") == -2  # strangers


def test_reach_halves_with_range(oob: OrderOfBattle) -> None:
    niamey = oob.base_names.index("barkhane/Niamey")
    assert oob.bases.reach[niamey, oob.bases.cell[niamey]] == 1
    km = -np.log2(oob.bases.reach[niamey]) * 250
    assert km[oob.bases.cell[oob.base_names.index("barkhane/Gao")]] == pytest.approx(380, abs=60)


def test_walls_of_camps_beat_those_of_posts(oob: OrderOfBattle) -> None:
    walls = dict(zip(oob.base_names, oob.bases.walls, strict=True))
    assert walls["burkina_fds/Inata"] < walls["fama/Boni"] < walls["fama/Gao"] < walls["minusma/Gao"]


def test_stations_near_a_border_stay_in_their_country(oob: OrderOfBattle, region: Region) -> None:
    own = oob.organisations.country[oob.bases.organisation]
    armies = oob.organisations.kind[oob.bases.organisation] == Kind.ARMY
    assert np.array_equal(region.cells.country[oob.bases.cell][armies], own[armies])


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2021, 7, 5), 0.25), (date(2022, 9, 5), 1.0), (date(2023, 5, 1), 0.3)],
)
def test_stance_of_ansar_al_din_and_issp_in_gao(region: Region, day: date, expected: float) -> None:
    order = load_order_of_battle(FOLDER, region, day)
    assert hostility(order, region, "ansar_al_din", "issp", "MLI/Gao") == expected
    assert hostility(order, region, "issp", "katiba_macina", "MLI/Gao") == 1.0  # no part of the detente


def test_later_start_has_other_forces(region: Region) -> None:
    later = load_order_of_battle(FOLDER, region, date(2023, 1, 2))
    assert later.strength[at(later, "takuba")] == 0
    assert later.strength[at(later, "wagner")] > 700
    assert 13100 < later.strength[at(later, "minusma")] < 14000  # of 14,500 at the same camps in 2021
    assert later.strength[at(later, "issp")] == pytest.approx(1000 + 1000 * 185 / 548, abs=1)
    assert later.start.skill[at(later, "fama"), 2] == 0.5  # armed drones from December 2022
    assert later.start.support[at(later, "barkhane"), at(later, "fama")] == 0
    assert hostility(later, region, "cma", "fama", "MLI/Kidal") < 0.1


def test_posts_of_events_add_room_and_change_nothing_else(oob: OrderOfBattle, region: Region) -> None:
    posts = (
        Post("wagner", "Djado", 21.0, 12.3, 450, 1.0),
        Post("fama", "Kidal", None, None, 600, 0.0),
        Post("cma", "Kidal", None, None, 100, 0.0),
        Post("katiba_macina", "", None, None, 300, 0.0),
    )
    more = load_order_of_battle(FOLDER, region, START, posts)
    assert set(more.base_names) == {*oob.base_names, "wagner/Djado", "cma/Kidal"}
    assert np.array_equal(more.strength, oob.strength)
    assert more.start.open[more.base_names.index("wagner/Djado")] == 0
    before = dict(zip(oob.units.key.tolist(), oob.start.fighters.tolist(), strict=True))
    after = dict(zip(more.units.key.tolist(), more.start.fighters.tolist(), strict=True))
    assert before.items() <= after.items()
    assert all(after[key] == 0 for key in after.keys() - before.keys())
    assert np.array_equal(more.organisations.home, oob.organisations.home)
    macina = at(oob, "katiba_macina")
    assert np.diff(more.units.first)[macina] == np.diff(oob.units.first)[macina] + 10  # 300 / 30


def test_post_at_an_unknown_place_is_refused(region: Region) -> None:
    with pytest.raises(ValueError, match=r"place 'Kidaal' is not known; nearest: 'Kidal'; or give lat and lon"):
        load_order_of_battle(FOLDER, region, START, (Post("cma", "Kidaal", None, None, 100, 0.0),))


def test_catalogue_names_what_events_may_use(oob: OrderOfBattle) -> None:
    catalogue = read_catalogue(FOLDER)
    assert catalogue.organisations == set(oob.ids)
    assert catalogue.bases == set(oob.base_names)
    assert "Talataye" in catalogue.places


def test_apportion_shares_whole_numbers() -> None:
    assert apportion(5, np.array([1.0, 1.0])).tolist() == [3, 2]
    assert apportion(0, np.array([1.0, 1.0])).tolist() == [0, 0]
    assert apportion_within(3, np.array([0.2, 0.2, 0.6]), ["a", "a", "b"]).tolist() == [1, 0, 2]
    assert divided(7, 3) == [3, 2, 2]
