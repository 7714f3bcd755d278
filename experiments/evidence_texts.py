"""Texts of the lists of evidence in the language in use: facts, expected signs, statements on control.

The lists under ``conf/evidence`` are English, and so are the tables made from them; ``conf/language/evidence/fr.po``
holds the French.
"""

from __future__ import annotations

import re

from experiments.language import plain, tr

NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


def text_of(english: str) -> str:
    """A text of the lists; that of a part, such as "Foreign troops: MINUSMA, June 2023", by its two halves.

    >>> text_of("Foreign troops: MINUSMA, June 2023")
    'Foreign troops: MINUSMA, June 2023'
    """
    whole, colon, part = english.partition(": ")
    return tr("{whole}: {part}", whole=tr(whole), part=tr(part)) if colon else tr(english)


def observed(english: str) -> str:
    """What was observed: a number as the language writes it, or words.

    >>> observed("1,400"), observed("0.67"), observed("hundreds")
    ('1,400', '0.67', 'hundreds')
    """
    return plain(float(english.replace(",", ""))) if NUMBER.fullmatch(english) else tr(english)
