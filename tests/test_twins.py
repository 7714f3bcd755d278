"""Every compiled process against its plain twin, on random worlds: whole numbers equal, real numbers to 1e-6.

Twins reckon in double precision throughout; the kernels keep their large tables in single precision.
"""

import dataclasses
import functools
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scenarios.week import WEEK
from sim.parameters import stack
from sim.state import EventKind, Field, Posture, State, Zone, lanes
from sim.world import Kind, Names
from tests.test_streams import VECTORS
from tests.twins.accord import accord
from tests.twins.armed_groups import armed_groups
from tests.twins.attitudes import attitudes
from tests.twins.backfire import backfire
from tests.twins.base_assaults import base_assaults
from tests.twins.borderlands import borderlands
from tests.twins.capability import capability
from tests.twins.chance import philox
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
    """(world, [(process, week, state before, state after)]) of the compared weeks of one random world."""
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


def unequal(scene, state, lane):
    """Names of what differs between a twin's scene and a lane of the kernel's state."""
    count = int(state.events.count[lane])
    rows = [dict(zip(Field, row.tolist(), strict=True)) for row in state.events.rows[lane, :count]]
    wrong = [] if rows == scene.events else ["events"]
    for part, mine in zip(state._replace(events=()), scene.state._replace(events=()), strict=True):
        for name, kernel, twin in zip(getattr(part, "_fields", ()), part, mine, strict=True):
            if not same(kernel[lane], twin):
                wrong.append(name)
    return wrong


def same(kernel, twin):
    if kernel.dtype.kind == "f":
        return np.allclose(kernel, twin, rtol=1e-6, atol=1e-7)
    return np.array_equal(kernel, twin)


def compared(name, seed):
    """Run the twin of a process on every step of a seed; returns the (before, after) that agreed."""
    world, steps = weeks_of(seed)
    agreed = []
    for _, week, before, after in (step for step in steps if step[0] == name):
        for lane in range(lanes(before)):
            scene = Scene(world, before, lane).given(parameters(LIVELY)[name], streams(2, week, seed), lane)
            TWINS[name](scene)
            assert unequal(scene, after, lane) == [], f"{name}, seed {seed}, week {week}, lane {lane}"
        agreed.append((before, after))
    return agreed


def signs(name, before, after):
    """What a process is there to do and did, counted: a twin that never sees an assault proves nothing."""
    began = zip(after.events.rows, before.events.count, after.events.count, strict=True)
    seen = Counter(EventKind(row[Field.KIND]).name for rows, first, last in began for row in rows[first:last])
    seen["overrun"] = int((after.ledger.overrun - before.ledger.overrun).sum())
    seen["retaken"] = int(((before.bases.open == -1) & (after.bases.open == 1)).sum())
    seen["confined"] = int((after.bases.confined > before.bases.confined).sum())
    for field in ("joined", "left", "leaders", "recruited", "returned", "fled", "came_home"):
        seen[field] = int((getattr(after.ledger, field) - getattr(before.ledger, field)).sum())
    seen["divided"] = int(((before.units.fighters == 0) & (after.units.fighters > 0)).sum())
    seen["enlisted"] = int((after.ledger.enlisted - before.ledger.enlisted).sum())
    seen["ransomed"] = int((after.organisations.treasury > before.organisations.treasury + 2.0).sum())
    seen["linked"] = int((after.organisations.links != before.organisations.links).sum())
    seen["learnt"] = int((after.organisations.skill > before.organisations.skill).sum())
    seen["forgot"] = int((after.organisations.skill < before.organisations.skill).sum())
    seen["merged"] = int(((before.units.fighters > 0) & (after.units.fighters == 0)).sum())
    seen["moved"] = int((before.units.cell != after.units.cell).sum())
    seen["protector"] = int((before.communities.protector != after.communities.protector).sum())
    seen["effort"] = int((before.organisations.effort != after.organisations.effort).sum())
    seen["hostility"] = int((before.relations.hostility != after.relations.hostility).sum())
    ties_before, ties_after = before.relations, after.relations
    seen["accord up"] = int((ties_before.accord < ties_after.accord).sum())
    seen["accord down"] = int((ties_before.accord > ties_after.accord).sum())
    seen["defected"] = int((after.ledger.defected - before.ledger.defected).sum())
    seen["split"] = int((ties_before.rest < ties_after.rest).sum())
    seen["shared"] = int((before.organisations.treasury != after.organisations.treasury).sum())
    seen["welcome"] = int((before.cells.welcome != after.cells.welcome).sum())
    seen["attitude"] = int((before.communities.attitude != after.communities.attitude).sum())
    seen["forgotten"] = int((before.communities.harm > after.communities.harm).sum())
    seen["refuge"] = int((before.communities.refuge != after.communities.refuge).sum())
    seen["built"] = int((before.cells.governance < after.cells.governance).sum())
    seen["withered"] = int((before.cells.governance > after.cells.governance).sum())
    if name == "control":
        seen.update(Zone(z).name for z in after.cells.zone.ravel())
    seen.update(f"to {Posture(p).name}" for p in after.units.posture[before.units.posture != after.units.posture])
    seen["coups"] = int((after.ledger.coups - before.ledger.coups).sum())
    for field in ("legitimacy", "talks"):
        seen[field] = int((getattr(before.organisations, field) != getattr(after.organisations, field)).sum())
    seen["access"] = int((before.policies.access != after.policies.access).sum())
    seen["deterred"] = int((after.cells.deterrence != before.cells.deterrence).sum())
    seen["faced"] = int((after.cells.enemies > 0).sum())
    return seen


EXPECTED = {
    "strategy": ("effort",),
    "relations": ("hostility",),
    "accord": ("accord up", "accord down", "hostility"),
    "coalitions": ("defected", "split", "shared", "effort", "merged"),
    "politics": ("coups", "legitimacy"),
    "negotiation": ("talks", "access", "hostility"),
    "armed_groups": ("moved", "to MASS", "to GOVERN", "to REST"),
    "state_forces": ("moved", "to PATROL", "to COLUMN", "to GARRISON", "to CONFINED"),
    "muster": ("faced",),
    "deterrence": ("deterred",),
    "pressure": ("STRIKE", "leaders"),
    "encounters": ("IED", "AMBUSH", "CLASH", "RAID", "confined"),
    "base_assaults": ("ASSAULT", "VEHICLE_BOMB", "overrun", "retaken", "confined", "moved"),
    "civilians": ("CIVILIANS",),
    "governance": ("built", "withered"),
    "backfire": ("attitude", "forgotten"),
    "protection": ("protector", "attitude"),
    "attitudes": ("welcome", "attitude"),
    "economy": ("ransomed", "linked"),
    "recruitment": ("joined", "left", "recruited", "returned", "divided", "merged", "enlisted"),
    "mobilisation": ("recruited", "divided", "enlisted"),
    "capability": ("learnt", "forgot"),
    "borderlands": ("attitude",),
    "displacement": ("fled", "came_home", "refuge"),
    "control": ("NONE", "ATTACK", "SUPPORT", "CONTESTED", "CONTROL"),
}


@pytest.mark.parametrize("name", TWINS)
def test_kernel_and_twin_agree_and_something_happened(name):
    seen = Counter()
    for seed in SEEDS:
        for before, after in compared(name, seed):
            seen += signs(name, before, after)
    assert [sign for sign in EXPECTED[name] if seen[sign] == 0] == []


def test_every_process_of_the_week_has_a_twin():
    assert list(TWINS) == [p.name for p in WEEK]


@st.composite
def any_parameters(draw):
    """Parameters of the whole week, each anywhere in its range."""
    changes = {}
    for process in (p for p in WEEK if p.parameters):
        fields = dataclasses.fields(process.parameters)
        changes[process.name] = {f.name: draw(values(f.metadata)) for f in fields}
    return changes


def values(told):
    """A form, or a number anywhere in its range."""
    return st.sampled_from(told["forms"]) if "forms" in told else st.floats(told["low"], told["high"])


@settings(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), st.integers(1120, 1123), any_parameters())
def test_three_weeks_of_twins_are_three_weeks_of_kernels_whatever_the_parameters(seed, start, changes):
    world, chosen = world_of(seed), parameters(changes)
    state = random_state(world, seed, lanes=1)
    scene = Scene(world, state, 0)
    for week in range(start, start + 3):
        state.events.count[:] = 0
        scene.events.clear()
        for process in WEEK:
            resolve(process, world, state, chosen[process.name], streams(1, week, seed))
            TWINS[process.name](scene.given(chosen[process.name], streams(1, week, seed), 0))
            assert unequal(scene, state, 0) == [], f"{process.name}, week {week}"
            scene = Scene(world, state, 0)  # else what single precision loses adds up


def filled(counter, counted, name):
    array = np.zeros_like(getattr(counted, name)[0])
    for at, value in counter.items():
        array[at] = value
    return array


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_the_plain_philox_matches_published_vectors(counter, key, expected):
    assert philox(counter, key) == expected
