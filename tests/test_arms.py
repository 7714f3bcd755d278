"""Arms: one history under several parameters, side by side."""

import numpy as np
import pytest

from scenarios.build import Arm, Case, build

QUIET = {"civilians": {"rate": 0.0}}
SHORT = {"histories": ("baseline_empty",), "weeks": 6, "seed": 3, "map_dates": ()}


@pytest.fixture(scope="module")
def setup():
    arms = (Arm("as it is", "baseline_empty"), Arm("quiet", "baseline_empty", QUIET), Arm("again", "baseline_empty"))
    return build(Case(**SHORT, arms=arms))


def same(a, b):
    return all(np.array_equal(a[name], b[name]) for name in a)


def test_an_arm_is_the_run_with_its_parameters_to_the_bit(setup):
    arrays = setup.block(4, 2).arrays
    alone = build(Case(**SHORT)).block(4, 2).arrays
    quiet = build(Case(**SHORT, parameters=QUIET)).block(4, 2).arrays
    assert same({n: a[0] for n, a in arrays.items()}, {n: a[0] for n, a in alone.items()})
    assert same({n: a[1] for n, a in arrays.items()}, {n: a[0] for n, a in quiet.items()})
    assert same({n: a[2] for n, a in arrays.items()}, {n: a[0] for n, a in arrays.items()})
    assert arrays["civilians"][1].sum() < arrays["civilians"][0].sum()
    only = setup.only(1).block(4, 2).arrays
    assert same({n: a[0] for n, a in only.items()}, {n: a[1] for n, a in arrays.items()})


def test_arms_have_names_and_share_a_history(setup):
    assert setup.coordinates["history"] == ("as it is", "quiet", "again")
    assert [history.name for history in setup.histories] == ["baseline_empty"]
    assert [arm.name for arm in build(Case(**SHORT)).arms] == ["baseline_empty"]


def test_what_an_arm_sets_is_never_drawn():
    arms = (Arm("drawn", "baseline_empty"), Arm("set", "baseline_empty", {"civilians": {"rate": 0.01}}))
    _, columns = build(Case(**SHORT, draws="all", arms=arms)).lanes([0, 1, 2])
    rate = columns["civilians"].rate
    assert len(set(rate[:3].tolist())) == 3
    assert rate[3:].tolist() == [0.01] * 3
    assert columns["encounters"].rate[:3].tolist() == columns["encounters"].rate[3:].tolist()


@pytest.mark.parametrize(
    ("arms", "line"),
    [
        ((Arm("a", "baseline_empty"), Arm("a", "baseline_empty")), "two arms are called 'a'"),
        ((Arm("a", "baseline_empty", {"civilian": {}}),), "arm a: parameters: process 'civilian' is not known"),
        ((Arm("a", "baseline_emty"),), "scenario 'baseline_emty' is not known; nearest: 'baseline_empty'"),
    ],
)
def test_mistakes_give_one_line(arms, line):
    with pytest.raises(ValueError, match=line):
        build(Case(**SHORT, arms=arms))
