"""From files to events: keys and values of a mapping are read by the fields of the event's kind."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from scenarios.events.bargains import Accord, LeaveNetwork, PrisonerExchange, Talks
from scenarios.events.base import Event, key_of, when
from scenarios.events.conduct import HaltPatrols, Offensive
from scenarios.events.forces import CloseBase, Deploy, HandOverBase
from scenarios.events.growth import Equip, LeaderLoss, Recognise, Reinforce
from scenarios.events.neighbours import Arm, EndPassage, GrantPassage, JointOperation
from scenarios.events.policies import GrantAccess, Invest, Repress
from scenarios.events.power import Coup, Threaten
from scenarios.events.stances import Cooperate, EndTruce, SetStance, SuspendCooperation, Truce
from scenarios.events.withdrawal import Leg, Withdraw
from scenarios.words import unknown

KINDS: Mapping[str, type[Event]] = {
    event.kind: event
    for event in (
        Withdraw, Deploy, CloseBase, HandOverBase, Reinforce, Equip, LeaderLoss, Recognise,
        Truce, EndTruce, SetStance, SuspendCooperation, Cooperate, HaltPatrols, Offensive, Coup, Threaten,
        PrisonerExchange, Talks, Accord, LeaveNetwork, Invest, Repress, GrantAccess, Arm, GrantPassage, EndPassage,
        JointOperation,
    )
}  # fmt: skip
"""Kinds of events by the word that files use."""


def read_event(came: Any, relative: bool = False) -> Event:
    """Read one event.

    Args:
        came: mapping with ``kind`` and the keys of that kind.
        relative: whether it belongs to a rule, so that its dates are weeks after the rule fires.

    Raises:
        ValueError: with one line that says what came and what was expected.
    """
    if not isinstance(came, Mapping):
        raise ValueError(f"{came!r} came, expected a mapping with kind and the keys of that kind")
    kind = str(came.get("kind"))
    if kind not in KINDS:
        raise ValueError(unknown("kind", kind, KINDS))
    event = read_fields(KINDS[kind], {key: value for key, value in came.items() if key != "kind"})
    _same_calendar(event, relative)
    return event


def read_fields[T](cls: type[T], came: Mapping[str, Any]) -> T:
    """An object of a dataclass whose fields were made with `entry`, from a mapping.

    Raises:
        ValueError: a key is misspelt or missing, or a value is of the wrong sort; one line.
    """
    fields = {key_of(f): f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in came:
        if key not in fields:
            raise ValueError(unknown("key", key, fields))
    for key, field in fields.items():
        if field.default is dataclasses.MISSING and key not in came:
            raise ValueError(f"key {key!r} is missing; got {', '.join(came) or 'no keys'}")
    return cls(**{fields[key].name: _value(fields[key], value) for key, value in came.items()})


def _value(field: dataclasses.Field[Any], came: Any) -> Any:
    try:
        return field.metadata["read"](came)
    except ValueError as error:
        raise ValueError(f"{key_of(field)} is {came!r}, {error}") from None


def _same_calendar(event: Event, relative: bool) -> None:
    """Dated events have dates, events of rules have numbers of weeks."""
    for field in dataclasses.fields(event):
        for moment in _moments(field, getattr(event, field.name)):
            if isinstance(moment, int) != relative:
                expected = "a number of weeks after the rule fires" if relative else "a date such as 2022-02-17"
                raise ValueError(f"{key_of(field)} is {moment}, expected {expected}")


def _moments(field: dataclasses.Field[Any], value: Any) -> list[Any]:
    """All dates or numbers of weeks in a field."""
    name = field.metadata["read"].__name__
    if name == "legs":
        return [w for leg in value for w in (*_period(leg), leg.exit) if w is not None]
    if name == "period":
        return list(value)
    return [value] if field.metadata["read"] is when and value is not None else []


def _period(leg: Leg) -> tuple[Any, ...]:
    return leg.drawdown or ()
