"""Every compiled process against its plain twin, on random worlds: whole numbers equal, real numbers to 1e-6.

Twins reckon in double precision throughout; the kernels keep their large tables in single precision. Where parameters
are whatever the fuzzer thinks of, or nobody is left, real numbers agree to 2e-5, and decisions as `unlike` tells.
"""

import dataclasses
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scenarios.week import WEEK
from sim.state import EventKind, Field, Posture, Zone
from tests.test_streams import VECTORS
from tests.twins.chance import philox
from tests.twins.comparing import (
    LIVELY,
    SEEDS,
    TWINS,
    compared,
    copied,
    parameters,
    resolve,
    unlike,
    world_of,
)
from tests.worlds import random_state, streams


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
    for week in range(start, start + 3):
        state.events.count[:] = 0
        for process in WEEK:
            before, given_parameters, chance = copied(state), chosen[process.name], streams(1, week, seed)
            resolve(process, world, state, given_parameters, chance)
            wrong = unlike(process.name, world, 0, before, state, given_parameters, chance)
            assert wrong == [], f"{process.name}, week {week}"


@pytest.mark.parametrize("gone", ["people", "fighters", "both"])
@pytest.mark.parametrize("name", TWINS)
def test_kernel_and_twin_agree_where_nobody_is_left(name, gone):
    world, processes = world_of(7), {p.name: p for p in WEEK}
    for week in range(1120, 1124):
        before = random_state(world, week, lanes=3)
        if gone != "fighters":
            before.communities.people[1] = 0
        if gone != "people":
            before.units.fighters[1] = 0
        resolve(processes["muster"], world, before, None, streams(3, week))
        after, told, chance = copied(before), parameters(LIVELY)[name], streams(3, week)
        resolve(processes[name], world, after, told, chance)
        for lane in range(3):  # a lane knows nothing of the one before it
            assert unlike(name, world, lane, before, after, told, chance) == []


def saved(scene):
    """A made-up process: a treasury grows by a share, and where that takes it past 100 a unit counts a week."""
    scene.state.organisations.treasury[0] *= 1 + scene.p.consent
    scene.state.units.weeks[0] += int(scene.state.organisations.treasury[0] > 100)


@pytest.mark.parametrize(
    ("grows_to", "kernel_has", "wrong"),
    [
        (100.1, 100.1, []),
        (99.99999, 99.99999, []),  # the kernel rounded it up past the bound
        (99.9, 99.9, ["weeks"]),  # rounding does not take it there
        (100.1, 100.2, ["treasury"]),
        (99.99999, 100.1, ["weeks", "treasury"]),
    ],
)
def test_a_kernel_may_part_from_its_twin_where_rounding_decides_and_nowhere_else(
    monkeypatch, grows_to, kernel_has, wrong
):
    monkeypatch.setitem(TWINS, "saved", saved)
    world, told = world_of(1), parameters({})["governance"]
    before = random_state(world, 1, lanes=1)
    before.organisations.treasury[0, 0] = grows_to / (1 + told.consent)
    after = copied(before)
    after.organisations.treasury[0, 0] = kernel_has
    after.units.weeks[0, 0] += 1
    assert unlike("saved", world, 0, before, after, told, streams(1)) == wrong


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_the_plain_philox_matches_published_vectors(counter, key, expected):
    assert philox(counter, key) == expected
