"""Words of probability, signed numbers and shares, in the language in use.

The bands are those of the United States' Intelligence Community Directive 203 (2015). The yardstick
of the United Kingdom's Professional Head of Intelligence Assessment uses like words with gaps between them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from experiments.language import number, tr

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


class Band(NamedTuple):
    """A word of probability and the shares that it stands for."""

    word: str
    low: float
    high: float


BANDS = (
    Band("almost no chance", 0.0, 0.05),
    Band("very unlikely", 0.05, 0.20),
    Band("unlikely", 0.20, 0.45),
    Band("roughly even chance", 0.45, 0.55),
    Band("likely", 0.55, 0.80),
    Band("very likely", 0.80, 0.95),
    Band("almost certain", 0.95, 1.0),
)
"""Bands without gaps; a share on an edge belongs to the upper one."""


def likelihood(share: float) -> str:
    """The word for a share in [0, 1].

    >>> likelihood(0.97), likelihood(0.8), likelihood(0.5), likelihood(0.0)
    ('almost certain', 'very likely', 'roughly even chance', 'almost no chance')
    """
    return tr(next(band.word for band in reversed(BANDS) if share >= band.low))


def percent(share: float) -> str:
    r"""A share in whole per cent; what is not quite none or all says so.

    >>> percent(0.974), percent(0.0), percent(0.002), percent(0.998)
    ('97\xa0%', '0\xa0%', 'under 1\xa0%', 'over 99\xa0%')
    """
    if 0.0 < share < 0.005:
        return tr("under {share}", share=f"1{SPACE}%")
    if 0.995 <= share < 1.0:
        return tr("over {share}", share=f"99{SPACE}%")
    return f"{100 * share:.0f}{SPACE}%" if math.isfinite(share) else "-"


def signed(value: float) -> str:
    """A difference with its sign; zero has none.

    >>> signed(212.4), signed(-0.0312), signed(0.0)
    ('+212', '−0.0312', '0')
    """
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return sign + number(abs(value)) if math.isfinite(value) else "-"


def shown(value: float) -> str:
    """A number with a true minus sign."""
    return number(value).replace("-", MINUS) if math.isfinite(value) else "-"


def between(low: float, high: float) -> str:
    """An interval of differences.

    >>> between(-4.2, 11.0)
    '−4.20 to +11.0'
    """
    return tr("{low} to {high}", low=signed(low), high=signed(high))


def lowered(label: str) -> str:
    """A label inside a sentence: its first letter small unless it begins a name in capitals.

    >>> lowered("Deaths in Mali"), lowered("JNIM")
    ('deaths in Mali', 'JNIM')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] in (" ", "'") else label


def listed(parts: list[str], joint: str = ", ") -> str:
    """Parts of a sentence as a list with "and" before the last."""
    *rest, end = parts
    return tr("{rest} and {end}", rest=joint.join(rest), end=end) if rest else end


def semicolons(parts: list[str]) -> str:
    """Parts of a sentence that hold commas themselves."""
    return tr("; ").join(parts)
