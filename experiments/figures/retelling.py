"""Sentences of events and rules in another language, by templates with holes.

The scenarios tell their events in English, clause by clause (`scenarios.events`). A template such
as ``{who} deploys {n} troops to {place} over {weeks}`` names the parts of a clause; its translation
says them in another order or gender. What each hole holds is told by its name and turned by itself:
days and numbers by the rules of the language, organisations by their translated names. A sentence
that no template fits stays English; a test lists such sentences of the scenarios that ship.
"""

from __future__ import annotations

import functools
import re
from datetime import date

from babel.dates import get_month_names
from babel.messages import pofile

from experiments.figures import words
from experiments.language import FOLDER, day, spoken, tr
from experiments.values import CONF
from scenarios.order_of_battle import read_catalogue

_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_NUMBER = r"\d+(?:\.\d+)?(?:e-?\d+)?"
_WEEKS = r"\d+ weeks?"
_MOMENT = f"{_DAY}|{_WEEKS} after"
_WHERE = r"everywhere|away from the capital|(?:in|at) .+?"
_KINDS = {
    "day": _MOMENT, "until": _MOMENT, "first": _MOMENT, "last": _MOMENT,
    "n": _NUMBER, "m": _NUMBER, "share": rf"{_NUMBER} %", "part": rf"{_NUMBER} %", "rest": rf"{_NUMBER} %",
    "weeks": _WEEKS, "where": _WHERE,
}  # fmt: skip
"""What a hole may hold, by its name; names of organisations and free words aside."""

_PARTIES = ("who", "whom", "a", "b", "all")
_OPENING = re.compile(rf"(?:(From|On) ({_DAY})|({_WEEKS}) later|(At once))(?:, | )", re.IGNORECASE)
_RULE = re.compile(r"When (?P<conditions>.+?) for the first time: (?P<events>.+)")


def retold(sentence: str) -> str:
    """A sentence of an event or a rule in the language in use; unchanged where no template fits."""
    if spoken() == "en":
        return sentence
    told = _rule(sentence) if sentence.startswith("When ") else _event(sentence)
    return sentence if told is None else told


def _event(sentence: str) -> str | None:
    opening = _OPENING.match(sentence)
    if opening is None:
        return None
    clauses = [_clause(clause) for clause in sentence[opening.end() :].rstrip(".").split("; ")]
    if any(clause is None for clause in clauses):
        return None
    return _opened(opening) + " ; ".join(clause for clause in clauses if clause) + "."


def _rule(sentence: str) -> str | None:
    found = _RULE.fullmatch(sentence)
    if found is None:
        return None
    conditions = re.split(r"(?:, | and )(?=the (?:number|share)|it is )", found["conditions"])
    said = [_clause(condition) for condition in conditions]
    events = [_event(event) for event in re.split(r"(?<=\.) (?=[A-Z\d])", found["events"])]
    if None in said or None in events:
        return None
    *rest, end = [clause for clause in said if clause]
    both = tr("{rest} and {end}", rest=", ".join(rest), end=end) if rest else end or ""
    return tr("As soon as {conditions}: {events}", conditions=both, events=" ".join(e for e in events if e))


def _opened(opening: re.Match[str]) -> str:
    word, when, later, _ = opening.groups()
    if word:
        template = "From {day}, " if word.lower() == "from" else "On {day}, "
        return tr(template, day=_day(when))
    return tr("{weeks} later, ", weeks=_weeks(later)) if later else tr("At once, ")


def _clause(clause: str) -> str | None:
    """One clause by the first template that fits it."""
    for pattern, template in templates(spoken()):
        found = pattern.fullmatch(clause)
        if found:
            return template.format(**{name: _hole(name, value) for name, value in found.groupdict().items()})
    return None


def _hole(name: str, value: str) -> str:
    kind = name.rstrip("0123456789")
    if kind in _PARTIES:
        return _several(re.findall(parties(), value) or [value])
    if kind in ("n", "m", "share", "part", "rest"):
        return _number(value)
    if kind == "places":
        return _several(re.split(", | and ", value))
    if kind == "countries":
        return _several([words.COUNTRIES.get(code, code) for code in re.split(", | and ", value)])
    turn = {"day": _day, "until": _day, "first": _day, "last": _day, "weeks": _weeks, "where": _where}
    return turn[kind](value) if kind in turn else tr(value)


def _number(value: str) -> str:
    if spoken() != "fr":
        return value
    return value.replace(".", ",").replace(" %", "\N{NO-BREAK SPACE}%")


def _day(value: str) -> str:
    if value.endswith(" after"):
        return tr("{weeks} after", weeks=_weeks(value.removesuffix(" after")))
    return day(_date(value))


def _date(value: str) -> date:
    number, month, year = value.split(" ")
    return date(int(year), _MONTHS[month], int(number))


_MONTHS = {name: number for number, name in get_month_names("wide", locale="en").items()}


def _weeks(value: str) -> str:
    number = value.split(" ", maxsplit=1)[0]
    return tr("{count} week", count=number) if number == "1" else tr("{count} weeks", count=number)


def _where(value: str) -> str:
    if value in ("everywhere", "away from the capital"):
        return tr(value)
    word, _, listed = value.partition(" ")
    places = re.split(", | and ", listed)
    inside = "in the region {places}" if len(places) == 1 else "in the regions {places}"
    return tr(inside if word == "in" else "at {places}", places=_several(places))


def _several(english: list[str]) -> str:
    *rest, end = [tr(part) for part in english]
    return tr("{rest} and {end}", rest=", ".join(rest), end=end) if rest else end


@functools.cache
def parties() -> str:
    """A pattern of all names of organisations and coalitions, the longest first."""
    names = set(read_catalogue(CONF / "order_of_battle").labels.values())
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


@functools.cache
def templates(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of English clauses with the translated templates, those with more words first."""
    with (FOLDER / "histories" / f"{language}.po").open("rb") as stream:
        entries = [(str(e.id), str(e.string)) for e in pofile.read_po(stream, locale=language) if e.id and e.string]
    entries.sort(key=lambda entry: -len(re.sub(r"\{\w+\}", "", entry[0])))
    return tuple((re.compile(_pattern(english)), other) for english, other in entries)


def _pattern(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    texts = (re.escape(text) for text in parts[::2])
    holes = (f"(?P<{name}>{_holds(name.rstrip('0123456789'))})" for name in parts[1::2])
    return "".join(text + hole for text, hole in zip(texts, [*holes, ""], strict=True))


def _holds(kind: str) -> str:
    if kind in _PARTIES:
        one = f"(?:{parties()})"
        return rf"{one}(?:, {one})*(?: and {one})?" if kind == "all" else one
    return _KINDS.get(kind, ".+?")
