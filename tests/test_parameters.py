"""Every parameter of the week: what it says of itself, that it refuses what lies outside its range, that it matters."""

import dataclasses
import functools
import math
import re

import numpy as np
import pytest

from scenarios.week import WEEK
from sim.engine import run_week
from sim.parameters import Parameters, columns, quantity, stack
from sim.state import Posture, repeat, take
from sim.streams import Streams
from sim.world import Kind, Skill
from tests.worlds import random_state, random_world

FIELDS = [(p, f) for p in WEEK if p.parameters for f in dataclasses.fields(p.parameters)]
LABELS = [f"{p.name}.{f.name}" for p, f in FIELDS]
QUANTITIES = [(p, f) for p, f in FIELDS if "forms" not in f.metadata]
each_field = pytest.mark.parametrize(("process", "field"), FIELDS, ids=LABELS)
each_quantity = pytest.mark.parametrize(
    ("process", "field"), QUANTITIES, ids=[f"{p.name}.{f.name}" for p, f in QUANTITIES]
)
FORMS = [(p, f) for p, f in FIELDS if "forms" in f.metadata]
each_form = pytest.mark.parametrize(("process", "field"), FORMS, ids=[f"{p.name}.{f.name}" for p, f in FORMS])

WEEKS = range(1120, 1132)
SEEDS = range(1, 61)
LIVELY = {
    "encounters": {"rate": 0.8, "disaster": 8.0, "peace": 0.3},
    "base_assaults": {
        "caution": -0.5,
        "smallest": 12.0,
        "bomb_use": 0.6,
        "hostile": 0.5,
        "burden": 0.2,
        "peace": 0.3,
        "rate": 6.0,
        "mission": 0.5,
    },
    "deterrence": {"per_people": 2.0, "per_area": 20.0, "around": 0.5},
    "politics": {"base": 0.5, "steep": 3.0, "trap": 3.0, "trap_fade": 4.0, "grace": 3.0},
    "negotiation": {"base": 1.5, "threshold": 0.2},
    "pressure": {"strike_rate": 0.3, "leader_rate": 0.06},
    "civilians": {"rate": 0.1},
    "coalitions": {"split": 0.5, "remnant": 200.0},
    "economy": {"kidnap": 0.1},
    "mobilisation": {"rate": 300.0},
    "state_forces": {"fade": 20.0},
}
"""Where the defaults make something too rare for a dozen weeks in sixteen cells."""


@each_field
def test_a_parameter_says_what_it_is(process, field):
    told = field.metadata
    assert told["unit"].strip()
    assert len(told["source"]) > 5
    assert told["low"] < told["high"]
    assert field.default in told["forms"] if "forms" in told else told["low"] <= field.default <= told["high"]
    assert getattr(process.parameters(), field.name) == field.default
    assert field.name in process.columns._fields


@each_form
def test_an_unknown_form_is_refused_in_one_line(process, field):
    expected = f"{field.name} is sometimes, expected one of: {', '.join(field.metadata['forms'])}"
    with pytest.raises(ValueError, match=re.escape(expected)):
        process.parameters(**{field.name: "sometimes"})


@each_quantity
@pytest.mark.parametrize("wrong", ["below", "above", "nan"])
def test_a_value_out_of_range_is_refused_in_one_line(process, field, wrong):
    low, high = field.metadata["low"], field.metadata["high"]
    if "forms" in field.metadata:
        with pytest.raises(ValueError, match=f"expected one of: {', '.join(field.metadata['forms'])}"):
            process.parameters(**{field.name: wrong})
        return
    value = {"below": math.nextafter(low, -math.inf), "above": math.nextafter(high, math.inf), "nan": math.nan}[wrong]
    with pytest.raises(ValueError, match=re.escape(f"expected between {low} and {high}")) as refusal:
        process.parameters(**{field.name: value})
    line = str(refusal.value)
    assert "\n" not in line
    assert line.startswith(f"parameter {process.parameters.__name__.lower()}.{field.name} is {value}, ")
    assert field.metadata["unit"] in line


@each_quantity
def test_the_ends_of_a_range_are_admitted(process, field):
    for end in field.metadata.get("forms", (field.metadata["low"], field.metadata["high"])):
        assert getattr(process.parameters(**{field.name: end}), field.name) == end


def test_a_default_outside_its_own_range_is_refused():
    with pytest.raises(ValueError, match=r"default 2.0 lies outside \[0.0, 1.0\]"):
        quantity(2.0, unit="1", low=0.0, high=1.0, source="none")


def test_columns_hold_one_value_per_lane():
    process = next(p for p in WEEK if p.name == "encounters")
    both = stack([process.parameters(rate=0.5), process.parameters(rate=1.5)], process.columns)
    assert both.rate.tolist() == [0.5, 1.5]
    assert both._fields == tuple(f.name for f in dataclasses.fields(process.parameters))
    assert issubclass(process.parameters, Parameters)
    assert columns(process.parameters, __name__)._fields == both._fields


@each_field
def test_a_parameter_matters(process, field):
    label = f"{process.name}.{field.name}"
    assert any(label in changed_by(seed) for seed in SEEDS), "nudging it changed nothing in any world"


def test_the_same_parameters_change_nothing():
    assert all("nothing" not in changed_by(seed) for seed in SEEDS)


@functools.cache
def changed_by(seed):
    """Labels of the parameters whose nudge led to another state, in a world where a dozen weeks pass.

    Lanes share the start and all chance. The first has the parameters of all, the second too (it is
    called "nothing"), each of the others has one of them nudged.
    """
    world = random_world(seed)
    ally(world, seed)
    state = repeat(lively_start(world, seed), len(FIELDS) + 2)
    key = np.array([[seed, 0]] * (len(FIELDS) + 2), np.uint64)
    values = all_columns()
    for week in WEEKS:
        run_week(WEEK, world, state, values, Streams(key, week))
    labels = ["nothing", *LABELS]
    return {label for lane, label in enumerate(labels, start=1) if differs(state, lane)}


def ally(world, seed):
    """In every other world the militia serves the army."""
    own = world.organisations
    army, militia = own.kind.tolist().index(Kind.ARMY), own.kind.tolist().index(Kind.MILITIA)
    if seed % 2:
        own.host[militia], own.coalition[militia] = army, own.coalition[army]


def lively_start(world, seed):
    """One lane: armed groups that can storm bases and know of bombs.

    Aircraft press them in every other world; in some a junta rules, a sub-group is all but gone, the capital is near.
    """
    state = take(random_state(world, seed), 0)
    state.units.fighters[:, world.units.base < 0] *= 4
    state.organisations.skill[:, :, Skill.VEHICLE_BOMB] = 1.0
    state.bases.strike[:] *= 3.0 if seed % 2 else 0.3
    if seed % 4 == 1:
        state.organisations.junta[:, world.organisations.kind == Kind.ARMY] = 20
    if seed % 9 == 0:
        leave_a_remnant(world, state)
    if seed % 5 in (0, 2):
        surround_the_capital(world, state)
    return state


def surround_the_capital(world, state):
    """The army's first base, weakly held, is in its capital; jihadists and rebels at peace have gathered round it."""
    army = world.organisations.kind.tolist().index(Kind.ARMY)
    base = int(np.flatnonzero(world.bases.organisation == army)[0])
    here = world.bases.cell[base]
    world.cells.capital[here, 0] = 20.0
    state.units.fighters[:, world.units.base == base] = 60
    near = [c for c in world.cells.neighbour[here] if c >= 0]
    for o in (1, 2):
        slots = np.arange(world.units.first[o], world.units.first[o + 1])
        state.units.cell[:, slots] = np.resize(near, len(slots))
        state.units.fighters[:, slots], state.units.posture[:, slots] = 200, Posture.MASS
        state.relations.hostility[:, o, army] = state.relations.hostility[:, army, o] = 1.0
    for table in (state.relations.hostility, state.relations.rest):
        table[:, 1, 2] = table[:, 2, 1] = 0.0
    state.cells.pressure[:] = 0.0


def leave_a_remnant(world, state):
    """The first jihadists are one band, in a cell with rebels; in every third world both are of one coalition."""
    own, other = world.units.first[0], world.units.first[2]
    state.units.fighters[:, own : world.units.first[1]] = 0
    state.units.fighters[:, [own, other]] = 150
    state.units.cell[:, own] = state.units.cell[:, other]


def all_columns():
    """Columns of the week in which lane i + 2 has field i nudged."""
    week = {}
    for process in (p for p in WEEK if p.parameters):
        plain = process.parameters(**LIVELY.get(process.name, {}))
        nudged = [nudge(plain, f) if p is process else plain for p, f in FIELDS]
        week[process.name] = stack([plain, plain, *nudged], process.columns)
    return week


def nudge(plain, field):
    """The field a third of its range away, toward the side with more room; another form of a choice of forms."""
    if "forms" in field.metadata:
        return dataclasses.replace(plain, **{field.name: field.metadata["forms"][-1]})
    low, high, value = field.metadata["low"], field.metadata["high"], getattr(plain, field.name)
    step = (high - low) / 3
    return dataclasses.replace(plain, **{field.name: value + (step if high - value > value - low else -step)})


def differs(state, lane):
    return any(not np.array_equal(array[0], array[lane]) for part in state for array in part)
