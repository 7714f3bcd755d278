"""What tests of twins share: worlds in which much happens, their weeks, and what differs between twin and kernel."""

import functools
from dataclasses import fields, replace

import numpy as np

from scenarios.week import WEEK
from sim.parameters import stack
from sim.state import Field, State, lanes
from sim.world import Kind, Names
from tests.twins.accord import accord
from tests.twins.armed_groups import armed_groups
from tests.twins.attitudes import attitudes
from tests.twins.backfire import backfire
from tests.twins.base_assaults import base_assaults
from tests.twins.borderlands import borderlands
from tests.twins.capability import capability
from tests.twins.civilians import civilians
from tests.twins.coalitions import coalitions
from tests.twins.control import control
from tests.twins.deterrence import deterrence
from tests.twins.displacement import displacement
from tests.twins.economy import economy
from tests.twins.encounters import encounters
from tests.twins.governance import governance
from tests.twins.mobilisation import mobilisation
from tests.twins.muster import muster
from tests.twins.negotiation import negotiation
from tests.twins.politics import politics
from tests.twins.pressure import pressure
from tests.twins.protection import protection
from tests.twins.recruitment import recruitment
from tests.twins.relations import relations
from tests.twins.scene import Scene
from tests.twins.state_forces import state_forces
from tests.twins.strategy import strategy
from tests.worlds import random_state, random_world, streams

TWINS = {
    twin.__name__: twin
    for twin in (
        strategy, relations, accord, coalitions, politics, negotiation, armed_groups, state_forces, muster,
        deterrence, pressure, encounters, base_assaults, civilians, governance, economy, backfire, protection,
        attitudes, borderlands, recruitment, mobilisation, capability, displacement, control,
    )
}  # fmt: skip
SEEDS = range(16)
WEEKS = (1124, 1125)
"""Compared after two weeks of running in; the first is one in which strategy and relations are reviewed."""

LIVELY = {
    "relations": {"drift": 0.5},
    "accord": {"heal": 0.2, "guarantors": 50.0, "hold": 0.4},
    "coalitions": {"split": 0.5, "leave": 0.5, "zeal": 5.0, "remnant": 100.0},
    "politics": {"base": 0.5, "steep": 8.0, "trap": 3.0, "grace": 0.0},
    "negotiation": {"base": 2.0},
    "armed_groups": {"gather": 1.0, "prey": 3.0},
    "pressure": {"strike_rate": 0.5, "leader_rate": 0.1},
    "encounters": {"rate": 1.0, "disaster": 5.0, "peace": 1.0},
    "base_assaults": {
        "caution": -1.0,
        "smallest": 10.0,
        "mass": 1000.0,
        "mass_pressure": 3.0,
        "bomb_use": 1.0,
        "reoccupy": 1.0,
        "hostile": 0.0,
        "burden": 0.0,
        "peace": 1.0,
    },
    "civilians": {"rate": 0.2},
    "displacement": {"back": 0.5, "fear": 1.0, "harm": 0.2, "fighting": 0.1},
    "recruitment": {"rate": 100.0, "leave": 0.05, "replace": 0.5},
    "mobilisation": {"rate": 400.0, "arms": 20.0, "harm_half": 0.05, "limit": 0.1},
    "economy": {"kidnap": 0.1},
}
"""Parameters under which all that is rare happens often."""

NAMES = Names(
    ("MLI", "TGO"), ("Bamako", "Lomé"), ("MLI/Gao", "MLI/Mopti", "TGO/Savanes"), ("A", "B", "C", "D"),
    tuple("abcdefghi"), tuple("ABCDEFGHI"), tuple("uvwxyzt"), tuple("klmnopqrst"),
)  # fmt: skip
DYADS = (("u", "v"), ("y", "u"), ("z", "w"))


def parameters(changes):
    return {p.name: p.parameters(**changes.get(p.name, {})) if p.parameters else None for p in WEEK}


def copied(state):
    return State(*(type(part)(*(a.copy() for a in part)) for part in state))


def arrays_of(state):
    """All arrays of a state by name."""
    return {f"{part}.{name}": a for part, arrays in state._asdict().items() for name, a in arrays._asdict().items()}


def world_of(seed):
    """A random world; in every other one the militia is an auxiliary of the army."""
    world = random_world(seed)
    if seed % 2:
        own = world.organisations
        army, militia = own.kind.tolist().index(Kind.ARMY), own.kind.tolist().index(Kind.MILITIA)
        own.host[militia], own.coalition[militia] = army, own.coalition[army]
    return world


def crowded(world, seed):
    """A random state in which armed groups are strong enough to storm bases, and some units are remnants."""
    state = random_state(world, seed)
    fighters, slot = state.units.fighters, np.arange(len(world.units.key))
    armed = world.units.base < 0
    fighters[:, armed & (slot % 3 == 2)] *= 4
    fighters[:, armed & (slot % 3 == 0)] //= 8
    state.organisations.treasury[1] /= 30  # pay falls short in one lane
    state.units.cell[:, slot[armed & (slot % 3 == 0)]] = state.units.cell[:, slot[armed & (slot % 3 == 1)]]
    return state


def resolve(process, world, state, given_parameters, chance):
    columns = stack([given_parameters] * lanes(state), process.columns) if process.parameters else None
    process.resolve(world, state, columns, chance)


@functools.cache
def weeks_of(seed):
    """(world, [(process, week, state before, state after)]) of the compared weeks of one random world.

    Kept for all tests: who changes a state copies it first.
    """
    world, chosen = world_of(seed), parameters(LIVELY)
    state, steps = crowded(world, seed), []
    for week in range(WEEKS[0] - 2, WEEKS[-1] + 1):
        state.events.count[:] = 0
        for process in WEEK:
            before = copied(state) if week in WEEKS else None
            resolve(process, world, state, chosen[process.name], streams(2, week, seed))
            if before is not None:
                steps.append((process.name, week, before, copied(state)))
    return world, steps


def unequal(scene, state, lane, tolerance=1e-6):
    """Names of what differs between a twin's scene and a lane of the kernel's state."""
    count = int(state.events.count[lane])
    rows = [dict(zip(Field, row.tolist(), strict=True)) for row in state.events.rows[lane, :count]]
    wrong = [] if rows == scene.events else ["events"]
    for part, mine in zip(state._replace(events=()), scene.state._replace(events=()), strict=True):
        for name, kernel, twin in zip(getattr(part, "_fields", ()), part, mine, strict=True):
            if not same(kernel[lane], twin, tolerance, SCALE.get(name, 0.4)):
                wrong.append(name)
    return wrong


def unlike(process, world, lane, before, after, parameters, chance):
    """Names of what a kernel made otherwise than its twin, whatever the parameters; empty if it can be the same.

    Where two places are worth almost the same, or a draw lies at its bound, single precision may decide otherwise than
    double. So a twin that decides otherwise looks again at states and parameters that differ from the given ones by no
    more than rounding; the kernel has to agree with one of them.
    """
    wrong = []
    for blur in (0.0, *np.geomspace(1e-7, 1e-5, 24)):
        rng = np.random.default_rng(int(blur * 1e12))
        scene = Scene(world, before, lane).given(blurred(parameters, blur, rng), chance, lane)
        for part in scene.state._replace(events=()):
            for real in (a for a in part if a.dtype.kind == "f"):
                real *= 1.0 + blur * rng.uniform(-1.0, 1.0, real.shape)
        TWINS[process](scene)
        found = unequal(scene, after, lane, 2e-5)
        if found == []:
            return []
        wrong = wrong or found
    return wrong


def blurred(parameters, blur, rng):
    """The parameters, each real number off by no more than `blur`, relatively, and within its range."""
    if not blur or parameters is None:
        return parameters
    changes = {}
    for told in (f for f in fields(parameters) if "forms" not in f.metadata):
        value = getattr(parameters, told.name) * (1.0 + blur * rng.uniform(-1.0, 1.0))
        changes[told.name] = min(max(value, told.metadata["low"]), told.metadata["high"])
    return replace(parameters, **changes)


SCALE = {"attitude": 4.0}
"""Size of what lies around zero and is reckoned in single precision."""


def same(kernel, twin, tolerance=1e-6, scale=0.4):
    if kernel.dtype.kind == "f":
        return np.allclose(kernel, twin, rtol=tolerance, atol=tolerance * scale / 4)
    return np.array_equal(kernel, twin)


def compared(name, seed):
    """Run the twin of a process on every step of a seed; returns the (before, after) that agreed."""
    world, steps = weeks_of(seed)
    agreed = []
    for _, week, before, after in (step for step in steps if step[0] == name):
        for lane in range(lanes(before)):
            scene = Scene(world, before, lane).given(parameters(LIVELY)[name], streams(2, week, seed), lane)
            TWINS[name](scene)
            wrong = unequal(scene, after, lane)
            assert wrong == [], f"{name}, seed {seed}, week {week}, lane {lane}: {wrong}"
        agreed.append((before, after))
    return agreed


def filled(counter, counted, name):
    array = np.zeros_like(getattr(counted, name)[0])
    for at, value in counter.items():
        array[at] = value
    return array
