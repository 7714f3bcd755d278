"""Outcomes: what every number that a run records means, in one place that figures, tables and pages read.

A *measure* is an array that is recorded; a *component* is a column of the measure ``threat`` and belongs
to one of the six threat outcomes. The transnational index of a jihadist coalition is ordinal, between
0 and 100, and never a probability:

    index      = 100 * (sanctuary * capability * links * intent) ** (1/4)
    sanctuary  = 1 - exp(-(people / 1e6 + area / 1e5)) over its control and support zones,
                 each cell weighted by exp(-pressure)
    capability = mean of its skills, by fighters;  links, intent = means by fighters
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

REAL_SHARE = 0.2
"""Share of control from which a coalition holds or contests a town."""

CAPITAL_RADIUS = 200.0
"""km around a capital within which attacks count as pressing it."""

LARGE = 10
"""Deaths of the other side from which on an attack on an armed side is a large one."""

FLOW, STOCK = "flow", "stock"
"""What is counted in a span of time, and what there is at a moment."""

ORDINAL = "ordinal index, not a probability"
"""Goes with the transnational index and its components wherever they appear."""


class Measure(NamedTuple):
    """An array that is recorded of every run.

    Attributes:
        axes: after history and replicate; the first is the step of time (week, month, date or end).
        unit: of its numbers.
        kind: `FLOW` or `STOCK`; empty where columns differ.
        text: definition.
    """

    axes: tuple[str, ...]
    unit: str
    kind: str
    text: str


_ACTOR = ("week", "coalition", "region")
_GROUND = ("month", "coalition", "region")
_DYAD = ("week", "dyad", "region")

MEASURES: dict[str, Measure] = {
    "attacks": Measure(_ACTOR, "attacks", FLOW, "events that it begins against an armed side"),
    "large": Measure(
        _ACTOR, "attacks", FLOW, f"attacks that it begins and in which the armed other side loses {LARGE} or more"
    ),
    "fallen": Measure(_ACTOR, "people", FLOW, "its fighters and troops killed"),
    "civilians": Measure(_ACTOR, "people", FLOW, "civilians that it kills"),
    "people": Measure(_ACTOR, "people", STOCK, "sum over cells of its share of control times people"),
    "area": Measure(_ACTOR, "km2", STOCK, "sum over cells of its share of control times land"),
    "deaths": Measure(("week", "country", "violence"), "people", FLOW, "deaths of all sides and of civilians"),
    "clashes": Measure(_DYAD, "clashes", FLOW, "armed events between the two coalitions, whoever begins"),
    "begun": Measure(_DYAD, "attacks", FLOW, "armed events that the first of the two begins against the second"),
    "clash_deaths": Measure(_DYAD, "people", FLOW, "deaths in armed events between the two coalitions"),
    "threat": Measure(("week", "threat"), "see below", "", "components of the six threat outcomes"),
    "organisations": Measure(("week", "organisation", "trait"), "see below", "", "strength, mood and means"),
    "held_people": Measure(_GROUND, "people", STOCK, "people of cells where it has a control or support zone"),
    "held_area": Measure(_GROUND, "km2", STOCK, "land of cells where it has a control or support zone"),
    "towns": Measure(
        _GROUND, "towns", STOCK, f"towns held or contested: in cells where its share of control is above {REAL_SHARE:g}"
    ),
    "protected": Measure(_GROUND, "people", STOCK, "people of communities whose protector belongs to it"),
    "governed": Measure(
        _GROUND, "people", STOCK, "sum over cells of people times the best governance of its organisations"
    ),
    "followers": Measure(_GROUND, "people", STOCK, "sum over communities of people times allegiance to it"),
    "fighters": Measure(_GROUND, "people", STOCK, "its fighters and troops"),
    "displaced": Measure(
        ("month", "region", "refuge"), "people", STOCK, "people who fled from the region and live elsewhere"
    ),
    "enlisted": Measure(
        ("end", "organisation", "region", "group"), "people", FLOW, "recruits since the start, by where and of whom"
    ),
    "victims": Measure(
        ("end", "region", "group"), "people", FLOW, "civilians killed since the start, by where and of whom"
    ),
    "zone": Measure(("date", "coalition", "cell"), "class", STOCK, "zone class of the cell for the coalition"),
    "share": Measure(("date", "coalition", "cell"), "share", STOCK, "share of control, in [0, 1]"),
    "contact": Measure(
        ("date", "pair", "stance"), "share", STOCK,
        "of the two coalitions' contact (fighters of one times fighters of the other, by region) in each stance",
    ),
    "cover": Measure(("date", "pair"), "0 to 1", STOCK, "air cover and rescue that the first gives the second"),
    "covered": Measure(("date", "pair"), "0 to 1", STOCK, "air cover and rescue that the second gives the first"),
}  # fmt: skip
"""All recorded arrays, by name. `month` is every fourth week counted back from the last."""

REFUGES = ("inside", "abroad")
"""Whether displaced people live in their own country."""


class Threat(IntEnum):
    """Columns of the threat tally that do not depend on coalitions."""

    CAPITAL_ATTACKS_BAMAKO = 0
    CAPITAL_ATTACKS_NIAMEY = 1
    CAPITAL_ATTACKS_OUAGADOUGOU = 2
    COMPLEX_ATTACKS_CAPITALS = 3
    LITTORAL_ATTACKS = 4
    LITTORAL_SUPPORT_CELLS = 5
    BASES_OVERRUN = 6
    CIVILIANS_KILLED = 7
    LEADERS_LOST = 8
    CAPITALS_TAKEN = 9
    COUPS = 10
    LARGE_ATTACKS = 11
    DISPLACED = 12
    DISPLACED_ABROAD = 13


COMMON = len(Threat)
"""Number of threat columns that come before those of coalitions."""

COMPONENTS = ("transnational", "sanctuary", "capability", "links", "intent")
"""Threat columns of each jihadist coalition, after the common ones."""


class Trait(IntEnum):
    """Columns of the tally of organisations."""

    FIGHTERS = 0
    LEGITIMACY = 1
    TALKS = 2
    TREASURY = 3
    COHESION = 4
    COUPS = 5
    DEFECTED = 6
    JOINED = 7
    LEADERS = 8


TRAITS: dict[str, tuple[str, str, str]] = {
    "fighters": (STOCK, "people", "fighters or troops"),
    "legitimacy": (STOCK, "0 to 1", "legitimacy of a state's government; 1 for all others"),
    "talks": (STOCK, "0 to 1", "prospect of talks between an armed group and states"),
    "treasury": (STOCK, "thousand fighter-weeks of pay", "treasury"),
    "cohesion": (STOCK, "0 to 1", "cohesion"),
    "coups": (FLOW, "coups", "changes of government by force"),
    "defected": (FLOW, "people", "fighters who left it for a rival"),
    "joined": (FLOW, "people", "fighters and troops who joined: recruits, replacements, returned prisoners"),
    "leaders": (FLOW, "leaders", "leaders killed or captured"),
}
"""Kind, unit and definition of each trait, in the order of `Trait`."""

SIX: dict[str, str] = {
    "capital": "Capital threat",
    "transnational": "Transnational threat",
    "littoral": "Littoral threat",
    "regime": "Regime risk",
    "bases": "Bases overrun",
    "harm": "Civilian harm and displacement",
}
"""The six threat outcomes."""


class Component(NamedTuple):
    """A component of a threat outcome, or a number that is told beside them (`outcome` is empty).

    Attributes:
        outcome: one of `SIX`.
        label: short, for headings.
        unit: of one week.
        kind: `FLOW` or `STOCK`.
        text: definition.
    """

    outcome: str
    label: str
    unit: str
    kind: str
    text: str

    @property
    def ordinal(self) -> bool:
        """Whether it ranks and nothing more."""
        return self.outcome == "transnational"


_NEAR = f"attacks a week within {CAPITAL_RADIUS:g} km"


def _near(capital: str) -> Component:
    text = f"attacks that jihadists begin against an armed side within {CAPITAL_RADIUS:g} km of {capital}"
    return Component("capital", f"Attacks near {capital}", _NEAR, FLOW, text)


THREATS: dict[str, Component] = {
    "capital_attacks_bamako": _near("Bamako"),
    "capital_attacks_niamey": _near("Niamey"),
    "capital_attacks_ouagadougou": _near("Ouagadougou"),
    "complex_attacks_capitals": Component(
        "capital", "Complex attacks near capitals", _NEAR, FLOW, "those of them that storm a base or use a vehicle bomb"
    ),
    "littoral_attacks": Component(
        "littoral", "Attacks in the northern littoral", "attacks a week", FLOW,
        "attacks that jihadists begin against an armed side in Benin, Togo, Ghana and Côte d'Ivoire",
    ),
    "littoral_support_cells": Component(
        "littoral", "Support zones in the littoral", "cells of half a degree", STOCK,
        "cells of the littoral states where a jihadist coalition has a control or support zone",
    ),
    "bases_overrun": Component("bases", "Bases overrun", "bases a week", FLOW, "bases that fell to an assault"),
    "civilians_killed": Component("harm", "Civilians killed", "people a week", FLOW, "civilians killed by any side"),
    "leaders_lost": Component(
        "", "Leaders killed or captured", "leaders a week", FLOW, "leaders of armed groups killed or captured"
    ),
    "capitals_taken": Component(
        "capital", "Capitals taken", "capitals", FLOW, "weeks in which a capital is in the hands of an armed group"
    ),
    "coups": Component("regime", "Coups", "coups a week", FLOW, "changes of government by force"),
    "large_attacks": Component(
        "", "Large jihadist attacks", "attacks a week", FLOW,
        f"attacks that jihadists begin and in which the armed other side loses {LARGE} or more",
    ),
    "displaced": Component("harm", "Displaced people", "people", STOCK, "people who live away from their home"),
    "displaced_abroad": Component(
        "harm", "Displaced abroad", "people", STOCK, "displaced people who live in another country"
    ),
}  # fmt: skip
"""Components that do not depend on coalitions, in the order of `Threat`."""

_PARTS = {
    "transnational": ("index", "100 times the geometric mean of sanctuary, capability, links and intent"),
    "sanctuary": ("sanctuary", "people and land in control and support zones under little pressure, in [0, 1]"),
    "capability": ("capability", "mean of its skills, by fighters, in [0, 1]"),
    "links": ("links", "money and men from abroad, mean by fighters, in [0, 1]"),
    "intent": ("intent", "will to strike abroad, mean by fighters, in [0, 1]"),
}


def threat(name: str) -> Component:
    """The component of a threat column, of a coalition's too.

    >>> threat("coups").label, threat("transnational_jnim").label, threat("links_issp").unit
    ('Coups', 'Transnational threat, JNIM', 'ordinal, 0 to 1')
    """
    part, _, coalition = name.partition("_")
    if name in THREATS or part not in COMPONENTS:
        return THREATS[name]
    whole = part == COMPONENTS[0]
    label = f"{'Transnational threat' if whole else part.capitalize()}, {coalition.upper()}"
    return Component("transnational", label, ORDINAL if whole else "ordinal, 0 to 1", STOCK, _PARTS[part][1])
