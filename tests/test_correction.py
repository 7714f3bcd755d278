"""Correction of level and place: hand-checked ratios, nothing to correct, places unknown to the simulator, chance."""

import numpy as np
import pandas as pd
import pytest

from experiments.evidence.alone import steady
from experiments.evidence.areas import areas
from experiments.evidence.baselines import pooled
from experiments.evidence.correction import Correcting, bias_of, corrected, ground_of, level_of
from experiments.evidence.scoring import RIVALS, SIMULATOR, by_family, scored
from experiments.evidence.sizes import sizes_of

WHERE = areas()
GROUND = ground_of(WHERE)
SPAN = (1000, 12)
"""First month ahead, and how many."""

PLAIN = {"trend": 1.0, "borrowed": 0.0, "dressed": 0.0, "lasting": 0.0, "growing": 0.0, "monthly": 0.01}
PLAIN |= {"growth": 0.0, "spread": 0.0, "alike": 1.0}
"""Nothing is moved and no doubt added."""


def cell_of(region, at=0):
    return int(WHERE.gid[np.flatnonzero(WHERE.region == region)[at]])


def events(region, months, each=1, draws=1, deaths=4.0, at=0):
    rows = [(draw, month) for draw in range(draws) for month in months for _ in range(each)]
    table = pd.DataFrame(rows, columns=["draw", "month"])
    return table.assign(
        country=region[:3],
        region=region,
        gid=cell_of(region, at),
        violence=1,
        family="x",
        theatre="sahel",
        deaths=deaths,
    )


def known(*tables):
    return pd.concat(tables).drop(columns="draw")


def simulated(region, each=1, draws=20, at=0):
    return events(region, range(995, 1012), each, draws, at=at)


def ahead(future, how, recorded, seed=1):
    return corrected(future, recorded, WHERE, SPAN, how, seed)


def test_where_as_much_was_recorded_as_simulated_nothing_changes_but_for_chance():
    recorded, future = known(events("MLI/Gao", range(952, 1000), 30)), simulated("MLI/Gao", 30)
    found = ahead(future, Correcting(**PLAIN, clumps=1.0), recorded)
    assert set(found["gid"]) == {cell_of("MLI/Gao")}
    assert len(found) == pytest.approx(20 * 12 * 30, rel=0.03)
    assert found.columns.tolist() == future.columns.tolist()
    assert (found["deaths"] == 4).all()


@pytest.mark.parametrize("times", [0.5, 3.0])
def test_level_is_that_of_the_record(times):
    recorded, future = known(events("MLI/Gao", range(952, 1000), int(20 * times))), simulated("MLI/Gao", 20)
    found = ahead(future, Correcting(**PLAIN, clumps=1.0), recorded)
    assert len(found) == pytest.approx(20 * 12 * 20 * times, rel=0.05)


def test_the_ratio_by_hand():
    recorded = known(events("MLI/Gao", range(952, 1000), 6))
    future = simulated("MLI/Gao", 3)
    how = Correcting(**PLAIN, pull=2.0, clumps=2.0)
    bias = bias_of(future, recorded, WHERE, GROUND, SPAN, how)
    at = GROUND.names.index("MLI/Gao")
    assert bias.recorded[at] == pytest.approx(6.0)
    # The first month that was simulated may not be whole, so four are left before the origin.
    assert bias.simulated[at] == pytest.approx(3.0)
    country = (6 * bias.months + 1) / (3 * bias.months + 1)
    mean = (2 + 6 * bias.months / 2) / (2 / country + 3 * bias.months / 2)
    levels = [level_of(bias, GROUND, how, np.random.default_rng(seed)).own[at] for seed in range(4000)]
    assert np.mean(levels) == pytest.approx(mean, rel=0.02)
    assert np.var(levels) == pytest.approx(mean / (2 / country + 3 * bias.months / 2), rel=0.1)


def test_a_region_without_any_record_shrinks_to_its_country_and_not_to_nothing():
    future = pd.concat([simulated("MLI/Gao", 5), simulated("MLI/Kayes", 1)])
    recorded = known(events("MLI/Gao", range(952, 1000), 5))
    how = Correcting(pull=2.0, clumps=8.0)
    bias = bias_of(future, recorded, WHERE, GROUND, SPAN, how)
    levels = np.array([level_of(bias, GROUND, how, np.random.default_rng(s)).own for s in range(500)])
    gao, kayes, other = (GROUND.names.index(name) for name in ("MLI/Gao", "MLI/Kayes", "MLI/Sikasso"))
    assert 0 < levels[:, kayes].mean() < 0.6 * levels[:, gao].mean()
    assert levels[:, other].std() > levels[:, gao].std()


def test_sizes_are_those_of_the_record_and_ranks_those_of_the_simulation():
    big = pd.concat([simulated("MLI/Gao", 5).assign(deaths=20.0), simulated("MLI/Gao", 5).assign(deaths=80.0)])
    recorded = known(*(events("MLI/Gao", range(952, 1000), 5, deaths=deaths) for deaths in (2.0, 6.0)))
    found = ahead(big, Correcting(**PLAIN, clumps=1.0), recorded)
    assert found["deaths"].value_counts(normalize=True).to_dict() == pytest.approx({2.0: 0.5, 6.0: 0.5}, abs=0.03)
    kept = ahead(big, Correcting(**PLAIN, clumps=1.0, resized=0.0), recorded)
    assert set(kept["deaths"]) == {20.0, 80.0}
    twice = ahead(big.assign(deaths=2 * big["deaths"]), Correcting(**PLAIN, clumps=1.0), recorded)
    assert twice.equals(found)


def test_a_country_without_own_sizes_has_those_of_all():
    sizes = sizes_of(np.array([8.0, 2.0]), np.array([0, 0]), np.zeros(2), 2, 1.0)
    assert sizes.deaths.tolist() == [2.0, 8.0]
    assert sizes.reached.tolist() == [[0.5, 1.0], [0.5, 1.0]]
    assert sizes_of(np.array([8.0, 2.0]), np.array([0, 1]), np.zeros(2), 2, 1.0).reached.tolist() == [[0, 1], [1, 1]]


def test_war_spreads_to_the_country_that_had_less_of_it():
    future = pd.concat([simulated("MLI/Gao", 10), simulated("NER/Tahoua", 10)])
    recorded = known(events("MLI/Gao", range(952, 1000), 16), events("NER/Tahoua", range(952, 1000), 4))
    apart, nearer = (
        ahead(future, Correcting(**PLAIN | {"spread": spread}, clumps=1.0), recorded)["country"].value_counts()
        for spread in (0.0, 0.5)
    )
    assert apart["MLI"] / apart["NER"] == pytest.approx(4.0, rel=0.1)
    assert nearer["MLI"] / nearer["NER"] == pytest.approx((16.5 / 4.5) ** -0.5 * 4.0, rel=0.1)


def test_the_record_alone_is_steady_and_knows_nothing_later():
    recorded = known(events("MLI/Gao", range(952, 1000), 5), events("MLI/Gao", range(1000, 1012), 99))
    alone = steady(recorded, SPAN, 500, 1)
    assert set(alone["month"]) == set(range(994, 1012))
    counts = alone.groupby("month").size() / 500
    assert counts.mean() == pytest.approx(5.0, rel=0.03)
    assert counts.std() < 0.8
    assert alone["draw"].max() == 499
    assert len(ahead(alone, Correcting(), recorded)) > 0


def test_drift_is_taken_off():
    grown = pd.concat([simulated("MLI/Gao", 5), events("MLI/Gao", range(1000, 1012), 15, 20)])
    recorded = known(events("MLI/Gao", range(952, 1000), 5))
    kept, off = (
        len(ahead(grown, Correcting(**PLAIN | {"trend": trend}, clumps=1.0), recorded)) / (20 * 12)
        for trend in (1.0, 0.0)
    )
    assert kept == pytest.approx(20, rel=0.1)
    assert off == pytest.approx(5, rel=0.1)


def test_places_unknown_to_the_simulator_get_events_of_their_country():
    future = simulated("NER/Tillabéri", 10)
    recorded = known(*(events(region, range(952, 1000), 5) for region in ("NER/Tillabéri", "NER/Diffa")))
    found = ahead(future, Correcting(**PLAIN | {"borrowed": 1.0}, anywhere=0.0, near=0.05), recorded)
    share = (found["region"] == "NER/Diffa").mean()
    assert share == pytest.approx(0.5, abs=0.1)
    assert found["gid"].isin([cell_of("NER/Tillabéri"), cell_of("NER/Diffa")]).mean() > 0.99
    assert not found["region"].str.startswith("MLI").any()


def test_dressing_moves_events_within_their_region_to_where_they_were_recorded():
    future, recorded = simulated("MLI/Gao", 10), known(events("MLI/Gao", range(952, 1000), 10, at=7))
    found = ahead(future, Correcting(**PLAIN | {"dressed": 0.75}, anywhere=0.0, near=0.05), recorded)
    assert (found["gid"] == cell_of("MLI/Gao", 7)).mean() == pytest.approx(0.75, abs=0.03)
    assert set(found["region"]) == {"MLI/Gao"}


def test_later_events_are_not_known():
    future, recorded = simulated("MLI/Gao", 5), events("MLI/Gao", range(952, 1000), 5)
    later = events("MLI/Gao", range(1000, 1012), 500)
    assert ahead(future, Correcting(), known(recorded)).equals(ahead(future, Correcting(), known(recorded, later)))


def test_chance_is_that_of_seed_and_draw():
    future, recorded = simulated("MLI/Gao", 5), known(events("MLI/Gao", range(952, 1000), 5))
    once, again, other = (ahead(future, Correcting(), recorded, seed) for seed in (1, 1, 2))
    assert once.equals(again)
    assert not once.equals(other)


def test_without_months_before_the_origin_there_is_nothing_to_compare():
    with pytest.raises(ValueError, match="give spinup of 9 weeks or more"):
        ahead(events("MLI/Gao", range(999, 1012), 5), Correcting(), known(events("MLI/Gao", range(952, 1000), 5)))


def test_half_of_a_pool_is_the_first_forecast():
    own, others = np.full((100, 1, 1), 9.0), [np.arange(12.0).reshape(12, 1, 1), np.arange(36.0).reshape(36, 1, 1)]
    pool = pooled(own, others)
    assert len(pool) == 200
    assert (pool[:100] == 9).all()
    assert pool[100:150].mean() == pytest.approx(5.5, abs=0.5)
    assert pool[150:].mean() == pytest.approx(17.5, abs=0.5)


def test_families_are_told_by_country_and_together():
    seen, first = np.array([[10.0], [0.0]]), 100
    draws = {
        name: np.full((1, 2, 1), value) for name, value in {SIMULATOR: 8.0, RIVALS[0]: 6.0, RIVALS[1]: 0.0}.items()
    }
    found = by_family(scored(draws, seen, ("BFA", "MLI"), first).assign(violence="jnim-state")).set_index("unit")
    assert found.loc["BFA", "against"] == pytest.approx(2 / 4 - 1)
    assert found.loc["MLI", "against"] == np.inf  # the rival was exact
    assert found.loc["all", "against"] == pytest.approx((2 + 8) / (4 + 6) - 1)
    assert found["observed"].to_dict() == {"BFA": 10.0, "MLI": 0.0, "all": 5.0}
