"""The words of the figures in one place: what codes of the run folder are called for people."""

from __future__ import annotations

from experiments.language import tr
from sim import outcomes

COALITIONS = {
    "jnim": "JNIM",
    "issp": "ISSP",
    "csp": "Ex-rebels (CSP)",
    "platform": "Pro-unity groups (Platform)",
    "dan_na_ambassagou": "Dan Na Ambassagou",
    "dozo": "Dozo hunters",
    "koglweogo": "Koglweogo",
    "mali": "Mali's forces",
    "niger": "Niger's forces",
    "burkina": "Burkina Faso's forces",
    "france": "France and Takuba",
    "un": "MINUSMA",
    "us": "United States",
    "russia": "Russian partners",
    "benin": "Benin's forces",
    "togo": "Togo's forces",
    "ghana": "Ghana's forces",
    "cote_divoire": "Côte d'Ivoire's forces",
    "ecowas": "ECOWAS force",
}

COUNTRIES = {
    "MLI": "Mali",
    "NER": "Niger",
    "BFA": "Burkina Faso",
    "BEN": "Benin",
    "TGO": "Togo",
    "GHA": "Ghana",
    "CIV": "Côte d'Ivoire",
    "DZA": "Algeria",
    "LBY": "Libya",
    "TCD": "Chad",
    "NGA": "Nigeria",
    "MRT": "Mauritania",
    "SEN": "Senegal",
    "GIN": "Guinea",
    "SLE": "Sierra Leone",
    "LBR": "Liberia",
    "CMR": "Cameroon",
}

VIOLENCE = {"1": "State-based", "2": "Non-state", "3": "One-sided"}
"""UCDP type_of_violence."""


ZONES = {
    "attack": "an attack zone",
    "support": "a support zone",
    "contested": "contested ground",
    "control": "control",
}

SECTIONS = {
    "terrain": "Who holds what",
    "change": "What the change does",
    "violence": "Violence",
    "threat": "Threat",
    "drivers": "What drives the answer",
    "actors": "Actors",
    "scenarios": "Scenarios compared",
}
"""Headings of the parts of a briefing, in its order."""


def coalition(key: str) -> str:
    """The name of a coalition for people."""
    return tr(COALITIONS.get(key, plain(key)))


def country(key: str) -> str:
    """The name of a country by its ISO 3166 code."""
    return tr(COUNTRIES.get(key, key))


def violence(key: object) -> str:
    """The name of a UCDP type of violence."""
    return tr(VIOLENCE.get(str(key), plain(str(key))))


def threat(key: str) -> tuple[str, str]:
    """Title and unit of a threat measure, as `sim.outcomes` has them."""
    try:
        told = outcomes.threat(key)
    except KeyError:
        return plain(key), tr("a week")
    return tr(told.label), tr(told.unit)


def zone(key: str) -> str:
    """A zone class with its article, to stand inside a sentence."""
    return tr(ZONES[key])


def section(key: str) -> str:
    """The heading of a part of a briefing."""
    return tr(SECTIONS[key])


def region(key: str) -> str:
    """The name of a first-order unit, without its country.

    >>> region("MLI/Gao")
    'Gao'
    """
    return key.partition("/")[2] or key


def history(key: str) -> str:
    """The name of a history for people."""
    return tr(plain(key))


def inside(key: str) -> str:
    """The name of a history as it stands inside a sentence.

    >>> inside("no_truce"), inside("french_stay"), inside("minusma_stays")
    ('no truce', 'French stay', 'MINUSMA stays')
    """
    name = history(key)
    first = key.split("_", maxsplit=1)[0]
    return name if first in _CAPITALS or first in _PROPER else name[:1].lower() + name[1:]


def plain(key: str) -> str:
    """A code as words, names of groups in capitals.

    >>> plain("french_stay"), plain("issp_jnim_truce")
    ('French stay', 'ISSP JNIM truce')
    """
    words = [word.upper() if word in _CAPITALS else _named(word) for word in key.split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


def _named(word: str) -> str:
    return word.capitalize() if word in _PROPER | {"al", "qaeda"} else word


_CAPITALS = {"issp", "jnim", "minusma", "un", "us", "csp", "vdp", "ecowas", "aes"}
_PROPER = {"french", "niger", "serval", "wagner"}
