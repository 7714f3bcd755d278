"""Compiling ahead: a world and a state of nothing are enough, and nobody compiles what another has claimed."""

import pytest

from scenarios import ahead
from scenarios.week import WEEK
from sim.axes import check_axes
from sim.state import State
from sim.world import World


def test_blank_arrays_are_what_the_annotations_promise():
    sizes = {"lane": 0, "cell+1": 1, "organisation+1": 1}
    check_axes(ahead.blank(State), check_axes(ahead.blank(World), sizes))


def test_every_process_of_the_week_is_compiled():
    names = [name for name, _ in ahead.calls()]
    assert set(names) == {process.name for process in WEEK} | {"draws", "tally", "stocks", "chain", "ties"}


def test_what_is_claimed_is_left_to_others(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(ahead, "calls", lambda: iter((name, lambda n=name: done.append(n)) for name in "abc"))
    (tmp_path / "b").touch()
    ahead.compile_unclaimed(tmp_path)
    assert done == ["a", "c"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_a_warm_cache_is_left_alone(monkeypatch):
    monkeypatch.setattr(ahead, "is_cold", lambda: False)
    monkeypatch.setattr(ahead, "compile_unclaimed", lambda claims: pytest.fail("compiled"))
    ahead.compile_ahead(2)
