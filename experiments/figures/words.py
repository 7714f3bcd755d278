"""The words of the figures in one place: what codes of the run folder are called for people."""

from __future__ import annotations

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


def coalition(key: str) -> str:
    """The name of a coalition for people."""
    return COALITIONS.get(key, plain(key))


def country(key: str) -> str:
    """The English name of a country by its ISO 3166 code."""
    return COUNTRIES.get(key, key)


def violence(key: object) -> str:
    """The name of a UCDP type of violence."""
    return VIOLENCE.get(str(key), plain(str(key)))


def threat(key: str) -> tuple[str, str]:
    """Title and unit of a threat measure, as `sim.outcomes` has them."""
    try:
        told = outcomes.threat(key)
    except KeyError:
        return plain(key), "a week"
    return told.label, told.unit


def plain(key: str) -> str:
    """A code as words, names of groups in capitals.

    >>> plain("french_stay"), plain("issp_jnim_truce")
    ('French stay', 'ISSP JNIM truce')
    """
    words = [word.upper() if word in _CAPITALS else word for word in key.split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


_CAPITALS = {"issp", "jnim", "minusma", "un", "us", "csp", "vdp", "ecowas"}
