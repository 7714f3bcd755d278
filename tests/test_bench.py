from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from experiments import bench, bench_measures, bench_pairs
from experiments.bench_measures import Row, setup_of
from experiments.small_box import boxed
from scenarios.week import WEEK
from sim.engine import run_week
from sim.state import repeat


def test_options_are_read_from_words():
    assert bench.options([]) == bench.Options(128, 104, 100)
    assert bench.options(["quick", "weeks=9"]) == bench.Options(8, 9, 8)
    assert bench.options(["full", "pairs=0"]) == bench.Options(1000, 104, 0)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("replicate=3", "did you mean 'replicates'?"),
        ("weeks=x", "cannot read 'weeks=x'"),
        ("pairs=99999", "0 to 10000"),
    ],
)
def test_a_mistake_is_told_in_one_line(word, told, capsys):
    assert bench.main([word]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


def test_a_table_shows_targets_only_where_there_are_any():
    with_target = bench.table("Speed", [Row("a", "1 s"), Row("b", "2 s", "at most 1 s", False)])
    assert with_target.columns == ("", "measured", "target", "met")
    assert with_target.rows == (("a", "1 s", "-", "-"), ("b", "2 s", "at most 1 s", "no"))
    assert bench.table("Week", [Row("a", "1 s")]).rows == (("a", "1 s"),)


def test_sections_cover_all_that_is_measured():
    headings = [heading.split(",")[0].split(":")[0] for heading, _ in bench.sections(bench.Options())]
    assert headings == [
        "Speed", "Start", "Memory of a whole run with its tables", "Processes of the week",
        "Object model and plain Python", "Identity to the bit", *["Common random numbers"] * 3,
    ]  # fmt: skip
    assert len(list(bench.sections(bench.Options(pairs=0)))) == 6


@pytest.mark.parametrize("replicates", [2, 8, 128, 1000, 100_000])
def test_memory_is_compared_between_runs_of_full_blocks_on_two_workers(replicates):
    smaller, larger = bench.sizes(replicates)
    assert larger == 4 * smaller
    assert smaller >= 2 * bench_measures.BLOCK
    assert larger <= 1000


def test_speed_has_both_workers_and_their_ratio():
    rows = bench_measures.throughput(2, 2)
    assert [row.name for row in rows] == [
        "1000 replicates, 1 worker", "1000 replicates, 2 workers", "replicates a minute, 1 worker",
        "replicates a minute, 2 workers", "two workers over one",
    ]  # fmt: skip
    assert [row.target for row in rows if row.target] == ["at most 60 s", "at least 1.8"]


def test_processes_are_those_of_the_week_and_recording():
    rows = bench_measures.processes(2, lanes=1)
    assert {row.name for row in rows} == {"timeline", *(p.name for p in WEEK), "recording", "a lane-week"}
    shares = [float(row.measured.split()[2]) for row in rows]
    assert sum(shares[:-1]) == pytest.approx(100.0, abs=1.0)


def test_results_do_not_depend_on_how_they_are_computed():
    rows = bench_measures.identity(3, replicates=2, parting=("wagner_deployment", "no_wagner"))
    found = {row.name: row.met for row in rows}
    assert len(found) == 5
    assert all(found.values()), found


def test_the_ratio_of_variances_is_infinitely_good_for_a_constant_difference_and_one_for_none_in_common():
    rng = np.random.default_rng(1)
    values = rng.normal(size=4000)
    noisy = values + rng.normal(size=4000)
    assert np.isnan(bench_pairs.ratio(values, values))
    assert bench_pairs.ratio(noisy, values) == pytest.approx(3.0, rel=0.1)  # (2 + 1) / 1
    assert bench_pairs.ratio(rng.normal(size=4000), values) == pytest.approx(1.0, rel=0.1)


def test_a_box_is_a_world_of_its_own():
    setup = setup_of("historical", weeks=2)
    small, state = boxed(setup.world, setup.start)
    assert len(small.cells.gid) == 30  # 2.5 by 3 degrees
    assert small.cells.neighbour.max() == 29
    count = len(small.communities.key)
    assert 0 < small.communities.havens.max() < count
    assert 0 < state.communities.refuge.max() < count
    assert (state.communities.refuge[state.communities.displaced > 0] >= 0).all()
    assert (small.units.organisation[small.units.first[1] :] > 0).all()
    inside = np.isin(setup.world.communities.cell, np.flatnonzero(np.isin(setup.world.cells.gid, small.cells.gid)))
    assert state.communities.people.sum() == setup.start.communities.people[:, inside].sum()
    _, columns = setup.lanes([0])
    now = repeat(state, 1)
    run_week(WEEK, small, now, columns, setup._streams([0], 0))
    assert now.units.cell.max() < 30
    with pytest.raises(ValueError, match="expected a box in the region"):
        boxed(setup.world, setup.start, (50, 60, 0, 10))


def test_a_probe_prints_one_line_of_json():
    code = "import experiments.bench_probes as b; b.PROBES['x'] = lambda n: {'n': n}; b.main(['x', '3'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(bench_measures.ROOT)},
    )  # fmt: skip
    assert json.loads(done.stdout) == {"n": 3}


def test_a_probe_that_fails_says_why():
    with pytest.raises(RuntimeError, match=r"KeyError: 'nothing'"):
        bench_measures.probe("nothing")
