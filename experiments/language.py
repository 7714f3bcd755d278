"""The language of everything that is read: words, numbers and dates in English or French.

English stands in the code and is the key; `conf/language/fr.po` holds the French, in the format of
gettext, `conf/language/scenarios/fr.po` that of the scenarios' titles, questions and names, and
`conf/language/evidence/fr.po` that of known facts, expected signs and statements on control. Choose it
for a stretch of code with ``with speaking("fr"): ...``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path

from babel import dates, numbers
from babel.messages import pofile

from experiments.values import nearest

LANGUAGES = ("en", "fr")
FOLDER = Path(__file__).resolve().parents[1] / "conf" / "language"

_SPOKEN: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Words, numbers and dates are in `language` inside the block.

    Raises:
        ValueError: if the language is none of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}, expected one of {', '.join(LANGUAGES)}")
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def language_of(said: str) -> str:
    """The language that somebody asked for.

    Raises:
        ValueError: it is none of `LANGUAGES`; one line.
    """
    if said not in LANGUAGES:
        raise ValueError(f"language is '{said}', expected one of: {', '.join(LANGUAGES)}{nearest(said, LANGUAGES)}")
    return said


def spoken() -> str:
    """The language in use, one of `LANGUAGES`."""
    return _SPOKEN.get()


def tr(english: str, /, **values: object) -> str:
    """`english` in the language in use, with `{names}` filled from `values`.

    A text without translation stays English; a test lists such texts.

    >>> tr("{count} replicates", count=200)
    '200 replicates'
    """
    text = english if spoken() == "en" else catalogue(spoken()).get(english, english)
    return text.format(**values) if values else text


def number(value: float, digits: int = 3) -> str:
    """A number with `digits` significant digits and grouped thousands; "-" where there is none.

    >>> number(1234567.8), number(42.31), number(0.0312), number(-0.0)
    ('1,230,000', '42.3', '0.0312', '0')
    """
    if not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    return numbers.format_decimal(round(value, decimals), format=pattern, locale=spoken())


def plain(value: float) -> str:
    """A number with up to ten digits after the point and grouped thousands.

    >>> plain(1500.0), plain(0.67), plain(-0.5)
    ('1,500', '0.67', '-0.5')
    """
    return str(numbers.format_decimal(value, format="#,##0.##########", locale=spoken()))


def share(value: float) -> str:
    """A share in whole per cent.

    >>> share(0.8), share(1.0)
    ('80%', '100%')
    """
    return str(numbers.format_percent(value, locale=spoken()))


def day(value: date, form: str = "d MMMM y") -> str:
    """A day in words, such as 24 December 2024.

    >>> day(date(2024, 12, 24))
    '24 December 2024'
    """
    words = dates.format_date(value, form, locale=spoken())
    return f"1er{words[1:]}" if spoken() == "fr" and words.startswith("1 ") else words


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """English text to translated text, of the messages that are translated."""
    found: dict[str, str] = {}
    for folder in (FOLDER / "scenarios", FOLDER / "evidence", FOLDER):
        path = folder / f"{language}.po"
        with path.open("rb") as stream:
            entries = pofile.read_po(stream, locale=language)
        found |= {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
    return found
