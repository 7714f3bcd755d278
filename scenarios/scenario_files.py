"""Scenario files: from YAML to histories.

A scenario is based on another one (`based_on:`) or lists its chapters itself (`chapters:`), adds
chapters (`with:`), leaves some out (`without:`) and may have events and rules of its own. So it says
only what differs. A chapter is a named group of events; it may say which other chapters it needs
(`needs:`) and which it rules out (`contradicts:`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from scenarios.events import read_event
from scenarios.events.base import text, texts, when
from scenarios.history import History, Part
from scenarios.rules import read_rule
from scenarios.words import listed, unknown

OWN = ("title", "question", "counterfactual", "change", "cannot_tell")
INHERITED = ("start", "weeks", "sources", "map_dates")
SCENARIO_KEYS = (*OWN, *INHERITED, "based_on", "chapters", "with", "without", "events", "rules")
CHAPTER_KEYS = ("title", "note", "needs", "contradicts", "events", "rules")


@dataclass(frozen=True)
class Chapter:
    """A named group of events and rules."""

    name: str
    part: Part
    needs: tuple[str, ...]
    contradicts: tuple[str, ...]


def load_history(
    name: str,
    folder: Path,
    chapters: tuple[str, ...] | None = None,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
) -> History:
    """Read a scenario, what it is based on, and its chapters.

    Args:
        name: of a file ``scenario/<name>.yaml``.
        folder: that holds the folders ``scenario`` and ``chapter``.
        chapters: names of chapters to use in place of those of the file.
        added: names of chapters to add.
        removed: names of chapters to leave out if they are there, with all that need them.

    Raises:
        ValueError: a file, key, name of a chapter or value is wrong; one line.
    """
    files = list(_lineage(folder, name))
    names = _chapter_names(files) if chapters is None else chapters
    wanted = tuple(dict.fromkeys((*names, *added)))
    found = _left([_chapter(folder, chapter) for chapter in wanted], removed)
    _check_together(found, f"scenario/{name}.yaml")
    own = [_part(came, where) for where, came in files]
    history = History(name=name, parts=(*(c.part for c in found), *own), **_fields(files))
    gone = [chapter for chapter in names if chapter not in {c.name for c in found}]
    return replace(history, chapters=tuple(c.name for c in found), title=_titled(history.title, added, gone))


def _lineage(folder: Path, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Files from the oldest base to the scenario itself, each with its name for error lines."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    asked, base = [name], name
    while base:
        where, came = f"scenario/{base}.yaml", _mapping(folder, "scenario", base, SCENARIO_KEYS)
        found.append((where, came))
        if came.get("based_on") and came.get("chapters"):
            raise ValueError(f"{where}: chapters and based_on came, expected only one of them; add chapters by with")
        base = _read(where, "based_on", text, came["based_on"]) if came.get("based_on") else ""
        if base in asked:
            raise ValueError(f"{where}: based_on leads back to {base!r}, expected a scenario that is not based on it")
        asked.append(base)
    yield from reversed(found)


def _chapter_names(files: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str, ...]:
    names: list[str] = []
    for where, came in files:
        listed_here = {key: _names(where, key, came) for key in ("chapters", "with", "without")}
        names += listed_here["chapters"]
        for name in listed_here["with"]:
            if name in names:
                raise ValueError(f"{where}: with: chapter {name!r} is already there")
        names += listed_here["with"]
        for name in listed_here["without"]:
            if name not in names:
                raise ValueError(f"{where}: without: {unknown('chapter', name, names)}")
        names = [name for name in names if name not in listed_here["without"]]
    return tuple(names)


def _names(where: str, key: str, came: Mapping[str, Any]) -> tuple[str, ...]:
    names: tuple[str, ...] = _read(where, key, texts, came[key]) if came.get(key) else ()
    return names


def _chapter(folder: Path, name: str) -> Chapter:
    where, came = f"chapter/{name}.yaml", _mapping(folder, "chapter", name, CHAPTER_KEYS)
    return Chapter(name, _part(came, where), _names(where, "needs", came), _names(where, "contradicts", came))


def _left(chapters: Sequence[Chapter], removed: Collection[str]) -> list[Chapter]:
    """Chapters that are neither removed nor need one that is."""
    gone = set(removed)
    while more := {c.name for c in chapters if c.name not in gone and gone & set(c.needs)}:
        gone |= more
    return [chapter for chapter in chapters if chapter.name not in gone]


def _check_together(chapters: Sequence[Chapter], where: str) -> None:
    """Refuse chapters that need one that is not there, or that contradict each other."""
    names = [chapter.name for chapter in chapters]
    for chapter in chapters:
        for other in chapter.needs:
            if other not in names:
                raise ValueError(f"{where}: chapter {chapter.name!r} needs {other!r}, which is not there; add it")
        for other in chapter.contradicts:
            if other in names:
                raise ValueError(f"{where}: chapters {chapter.name!r} and {other!r} contradict each other; choose one")


def _titled(title: str, added: Sequence[str], gone: Sequence[str]) -> str:
    """The title, with what was added or left out beside the file."""
    more = f", with {_said(added)}" if added else ""
    return title + more + (f", without {_said(gone)}" if gone else "")


def _said(names: Sequence[str]) -> str:
    return listed(name.replace("_", " ") for name in names)


def _fields(files: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Fields of the history: its own, and those that it inherits where it does not give them."""
    fields: dict[str, Any] = {}
    for position, (where, came) in enumerate(files, 1):
        keys = (*OWN, *INHERITED) if position == len(files) else INHERITED
        given = [key for key in keys if came.get(key) is not None]
        fields |= {key: _read(where, key, READERS[key], came[key]) for key in given}
    return fields


def _read(where: str, key: str, read: Any, came: Any) -> Any:
    try:
        return read(came)
    except ValueError as error:
        raise ValueError(f"{where}: {key} is {came!r}, {error}") from None


def _day(came: Any) -> date:
    day = when(came)
    if not isinstance(day, date):
        raise ValueError("expected a date such as 2021-07-05")
    return day


def _days(came: Any) -> tuple[date, ...]:
    return tuple(_day(item) for item in texts(came))


def _weeks(came: Any) -> int:
    if isinstance(came, bool) or not isinstance(came, int) or not 1 <= came <= 520:
        raise ValueError("expected a whole number between 1 and 520")
    return came


READERS: Mapping[str, Any] = {
    "title": text, "question": text, "counterfactual": text, "change": _day, "cannot_tell": text,
    "start": _day, "weeks": _weeks, "sources": texts, "map_dates": _days,
}  # fmt: skip
"""How the value of each key is read."""


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads dates as text, so that an impossible date gives our line and not a trace."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(folder: Path, group: str, name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    path = folder / group / f"{name}.yaml"
    if not path.is_file():
        raise ValueError(unknown(group, name, [p.stem for p in sorted((folder / group).glob("*.yaml"))]))
    try:
        came = yaml.load(path.read_text(encoding="utf-8"), _PlainLoader) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{group}/{name}.yaml is no valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(came, dict):
        raise ValueError(f"{group}/{name}.yaml: expected keys and values")
    for key in came:
        if key not in keys:
            raise ValueError(f"{group}/{name}.yaml: {unknown('key', key, keys)}")
    return came


def _part(came: Mapping[str, Any], where: str) -> Part:
    found: dict[str, list[Any]] = {"events": [], "rules": []}
    places: list[str] = []
    for group, word, read in (("events", "event", read_event), ("rules", "rule", read_rule)):
        items = came.get(group) or []
        if not isinstance(items, list):
            raise ValueError(f"{where}: {group} is {items!r}, expected a list")
        for position, item in enumerate(items, 1):
            places.append(_place(where, f"{word} {position}", item))
            found[group].append(_at(places[-1], read, item))
    return Part(tuple(found["events"]), tuple(found["rules"]), tuple(places))


def _place(where: str, number: str, item: Any) -> str:
    word = (item.get("kind") or item.get("name")) if isinstance(item, Mapping) else None
    return f"{where}, {number}" + (f" ({word})" if word else "")


def _at(where: str, read: Any, came: Any) -> Any:
    try:
        return read(came)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
