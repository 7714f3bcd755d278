from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments import comparison, robustness
from experiments.composing import composed
from experiments.study import simulated
from experiments.variants import DEFAULT, POSTERIOR, RIVAL, Pair, Variant, rivals
from experiments.verdicts import judged, kept, verdicts


def rows(name, default, rival, posterior=None, **more):
    """Rows of one number; each argument is (share positive, share negative)."""
    given = {DEFAULT: default, POSTERIOR: posterior, RIVAL: rival}
    base = {"scenario": "s", "name": name, "label": name, "expected": "", "agree": np.nan} | more
    return [
        base
        | {"variant": kind if kind != RIVAL else "m=off", "kind": kind, "share_positive": p[0], "share_negative": p[1]}
        for kind, p in given.items()
        if p is not None
    ]


def test_signs_are_kept_blurred_or_turned():
    frame = pd.DataFrame(
        rows("kept", (0.9, 0.1), (0.8, 0.1), (1.0, 0.0))
        + rows("blurred", (0.1, 0.9), (0.3, 0.6), (0.0, 1.0))
        + rows("turned", (0.9, 0.1), (0.1, 0.85), (0.7, 0.3))
        + rows("unclear", (0.5, 0.5), (1.0, 0.0), (1.0, 0.0))
    )
    found = verdicts(frame).set_index("name")
    assert list(found.index) == ["kept", "blurred", "turned"]  # what is not clear by default is no result
    assert found["sign"].tolist() == ["+", "-", "+"]
    assert found["survives"].tolist() == [True, False, False]
    assert found["kept"].tolist() == [1, 0, 0]
    assert found.loc["blurred", "blurred"] == found.loc["turned", "turned"] == "m=off"
    assert found.loc["turned", "posterior"] == 0.7
    assert judged(frame).groupby("variant")["verdict"].apply(list)["posterior"] == ["keeps", "keeps", "blurs"]
    by = kept(frame).set_index("variant")
    assert by.loc["m=off", "keeps"] == by.loc["m=off", "turns"] == pytest.approx(1 / 3)
    assert by.loc["default", "n"] == 3


def test_an_expected_sign_is_judged_by_who_agrees_with_it():
    told = {"expected": "at least 0.75 of the counterfactual's"}
    (default, rival) = rows("e/0", (0.1, 0.9), (0.1, 0.9), **told)
    frame = pd.DataFrame([default | {"agree": 0.95}, rival | {"agree": 0.7}])
    assert judged(frame)["verdict"].tolist() == ["keeps", "blurs"]
    assert not len(verdicts(pd.DataFrame([default | {"agree": 0.7}, rival | {"agree": 1.0}])))


def test_every_rival_option_is_a_variant():
    settings = composed(["scenario=prisoner_exchange"])
    found = {v.name: v for v in rivals(settings)}
    assert {"pressure=off", "pressure=threshold", "war_economy=loot", "coordination=off"} <= set(found)
    assert not [name for name in found if name.endswith("=standard")]
    assert found["pressure=off"].settings.mechanisms == {"pressure": "off"}
    assert {v.name for v in rivals(settings, ["rivalry"])} == {"rivalry=off", "rivalry=overlap_only"}
    assert {v.name for v in rivals(settings, ["rivalry", "restraint"], off=False)} == {"rivalry=overlap_only"}


def test_numbers_are_those_of_a_run(tmp_path):
    settings = composed(["scenario=prisoner_exchange", "replicates=2", "weeks=79", "draws=none", f"output={tmp_path}"])
    pair = Pair(settings, [])
    default = Variant(DEFAULT, DEFAULT, settings)
    found = pair.values(default, tmp_path / "values").set_index("name")
    store, change = simulated(settings)
    assert change == pair.change == 27
    values = comparison.outcomes(store, 2, change)
    values = values[values["window"] == "first 52 weeks after the change"]
    for name in ("deaths", "people_jnim", "displaced", "transnational_jnim", "coup_chance"):
        mine = values[values["outcome"] == name].sort_values(["history", "replicate"])["value"].tolist()
        assert [*found.loc[name, "counterfactual"], *found.loc[name, "scenario"]] == pytest.approx(
            mine if values["history"].cat.categories[0] == "baseline" else mine[2:] + mine[:2]
        )
    off = next(v for v in rivals(settings, ["negotiation"]) if v.name == "negotiation=off")
    assert not pair.values(off, tmp_path / "values").set_index("name").equals(found)
    pair.setup = None  # what is stored is not computed again
    assert pair.values(default, tmp_path / "values").set_index("name").equals(found)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("scenario=historical", "scenario 'historical' can't be compared"),
        ("scenario=prisoner_exchang", "did you mean 'prisoner_exchange'?"),
        ("only=pressur", "did you mean 'pressure'?"),
        ("forms=rivals", "did you mean 'rival'?"),
    ],
)
def test_mistakes_end_with_one_line_and_code_2(word, told, capsys):
    assert robustness.main([word]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert told in line


def test_posterior_draws_that_do_not_exist_are_left_out_with_a_reason():
    asked = robustness.read(["scenario=prisoner_exchange", "only=none", "draws_from=nowhere.csv"])
    found, absent = robustness.of_scenario(asked, asked.settings("prisoner_exchange"))
    assert [v.name for v in found] == ["default"]
    assert absent.startswith("posterior draws are left out: ")
    assert "build_your_own" not in robustness.what_ifs()


@pytest.mark.parametrize(
    ("words", "told", "off"),
    [
        ([], "--markdown", True),
        (["forms=rival"], "forms=rival --markdown", False),
        (["only=pressure,rivalry"], "only=pressure,rivalry --markdown", True),
        (["only=none"], "only=none --markdown", False),
    ],
)
def test_the_page_names_the_command_that_makes_it(words, told, off):
    about = robustness.about(robustness.read(words), "")
    assert about == (told, "", off)
