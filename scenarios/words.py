"""Words: how events, rules and error lines say lists, dates, sizes and near misses in plain English."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType

type When = date | int
"""A day, or inside a rule the number of weeks after it fires."""

type Labels = Mapping[str, str]
"""Names for people, by id; an id without a label is shown with its underscores as spaces."""

NO_LABELS: Labels = MappingProxyType({})
"""Every organisation is called by its id."""


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    >>> listed(["Gao", "Gossi", "Ménaka"])
    'Gao, Gossi and Ménaka'
    """
    *rest, end = list(words) or ["nothing"]
    return f"{', '.join(rest)} {last} {end}" if rest else end


def on(when: When) -> str:
    """A moment in a sentence.

    >>> on(date(2022, 2, 17)), on(0), on(1)
    ('on 17 February 2022', 'at once', '1 week later')
    """
    if isinstance(when, date):
        return f"on {day(when)}"
    return "at once" if when == 0 else f"{weeks(when)} later"


def since(when: When) -> str:
    """A beginning in a sentence.

    >>> since(date(2022, 2, 17)), since(0)
    ('from 17 February 2022', 'at once')
    """
    return f"from {day(when)}" if isinstance(when, date) else on(when)


def day(when: When) -> str:
    """A day without a preposition, such as 17 February 2022, or a number of weeks after a rule fires."""
    return f"{when.day} {when:%B %Y}" if isinstance(when, date) else f"{weeks(when)} after"


def weeks(number: int) -> str:
    """A number of weeks with its unit."""
    return f"{number} week" if number == 1 else f"{number} weeks"


def percent(share: float) -> str:
    """A share in per cent without a false precision.

    >>> percent(0.25), percent(0.005)
    ('25 %', '0.5 %')
    """
    return f"{100 * share:.3g} %"


def name(identifier: str, labels: Labels) -> str:
    """What people call an organisation or a coalition."""
    return labels.get(identifier, identifier.replace("_", " "))


def regions_of(regions: tuple[str, ...]) -> str:
    """Regions in a sentence, without the code of the country.

    >>> regions_of(("MLI/Gao", "MLI/Ménaka")), regions_of(("all",))
    ('in Gao and Ménaka', 'everywhere')
    """
    if regions == ("all",):
        return "everywhere"
    return "in " + listed(region.partition("/")[2] or region for region in regions)


def unknown(what: str, came: object, known: Collection[str]) -> str:
    """A line on a name that is not known: what came, what was expected, the nearest valid name.

    >>> unknown("region", "MLI/Goa", ["MLI/Gao", "MLI/Kidal"])
    "region 'MLI/Goa' is not known; nearest: 'MLI/Gao'"
    """
    line = f"{what} {str(came)!r} is not known"
    near = difflib.get_close_matches(str(came), known, n=1, cutoff=0.5)
    if near:
        return f"{line}; nearest: {near[0]!r}"
    few = sorted(known)
    shown = ", ".join(few[:8]) + (", ..." if len(few) > 8 else "")
    return f"{line}; expected one of: {shown or 'none is defined'}"
