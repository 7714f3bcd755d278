"""Notebook: one replicate of a history as a Mesa model, to step and to take apart.

>>> from scenarios.notebook import open_model  # doctest: +SKIP
>>> model = open_model("historical", seed=1)  # doctest: +SKIP
>>> model.step()  # doctest: +SKIP
>>> model.agents_by_type[ArmedGroup].select(lambda unit: unit.strength > 40)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.view import ArmedGroup, Community, InternationalForce, StateForce
from scenarios.build import Case, Setup, build
from sim.engine import Process, replaced
from sim.model import ConflictModel, Lane, Views
from sim.world import Kind, World

__all__ = ["ArmedGroup", "Community", "InternationalForce", "StateForce", "model_of", "open_model"]


def agent_class(world: World, unit: int) -> type[ArmedGroup] | type[StateForce]:
    """The class of a unit's agent, by the kind of its organisation."""
    kind = world.organisations.kind[world.units.organisation[unit]]
    if kind <= Kind.MILITIA:
        return ArmedGroup
    return StateForce if kind == Kind.ARMY else InternationalForce


VIEWS = Views(unit=agent_class, community=Community)


def open_model(
    history: str, *, seed: int = 1, replicate: int = 0, rules: Sequence[Process] = (), **case: Any
) -> ConflictModel:
    """One replicate of a history as a model.

    Args:
        history: name of a scenario.
        seed: of chance.
        replicate: which of the futures that the seed has.
        rules: processes that take the place of those of the same name.
        case: other fields of `scenarios.build.Case`, such as `draws` or `parameters`.

    Raises:
        ValueError: an unknown scenario, process or parameter, in one line.
    """
    return model_of(build(Case(histories=(history,), seed=seed, **case)), replicate=replicate, rules=rules)


def model_of(setup: Setup, *, history: int = 0, replicate: int = 0, rules: Sequence[Process] = ()) -> ConflictModel:
    """One replicate of one history of a setup as a model; the same numbers as its lane, to the bit."""
    alone = setup.only(history)
    state, columns = alone.lanes([replicate])
    week = alone.week
    for rule in rules:
        week = replaced(week, rule)
    lane = Lane(setup.world, setup.names, state, week, columns, setup.first_week, replicate)
    return ConflictModel(lane, VIEWS, rng=setup.case.seed)
