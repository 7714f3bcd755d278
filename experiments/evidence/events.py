"""Events: recorded ones in the project's ids, whichever release they come from.

UCDP has one actor ``IS``. Here it is Islamic State Sahel Province, except around Lake Chad: what happens in the
region of Diffa, or has JAS for a side, belongs to the theatre "lake_chad", where ``IS`` is West Africa Province.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.evidence.areas import COUNTRIES, Areas

SAHEL, LAKE_CHAD = "sahel", "lake_chad"
ISSP, ISWAP = "ISSP", "ISWAP"
JNIM = frozenset({"JNIM", "AQIM", "MUJAO", "Ansar Dine", "Ansaroul Islam", "Katiba Macina"})
"""JNIM and the groups that became it (AFPC-2021)."""

CIVILIANS, STATE, ARMED = "civilians", "state", "armed"


def events_of(raw: pd.DataFrame, where: Areas) -> pd.DataFrame:
    """Events of the three countries.

    Args:
        raw: as `experiments.evidence.releases.read_release` gives it.
        where: the areas that are scored.

    Returns:
        One row per event: id, start, end, country (code), region (id; empty where UCDP gives none), gid, lat, lon,
        precision, violence, side_a, side_b (`IS` told apart), theatre, family, best, low, high.
    """
    country = raw["country"].map(where.names)
    kept, country = raw[country.isin(COUNTRIES)], country[country.isin(COUNTRIES)]
    regions = [where.region_of(*row) for row in zip(country, kept["adm_1"], kept["priogrid_gid"], strict=True)]
    table = pd.DataFrame(
        {
            "id": kept["id"],
            "start": kept["date_start"],
            "end": kept["date_end"],
            "country": country,
            "region": regions,
            "gid": kept["priogrid_gid"],
            "lat": kept["latitude"],
            "lon": kept["longitude"],
            "precision": kept["where_prec"],
            "violence": kept["type_of_violence"],
        }
    )
    theatre = np.where(_around_the_lake(kept, table["region"]), LAKE_CHAD, SAHEL)
    sides = {side: _told_apart(kept[side], theatre) for side in ("side_a", "side_b")}
    table = table.assign(**sides, theatre=theatre, best=kept["best"], low=kept["low"], high=kept["high"])
    families = [family(*row) for row in zip(table["side_a"], table["side_b"], table["violence"], strict=True)]
    return table.assign(family=families).reset_index(drop=True)


def family(side_a: str, side_b: str, violence: int) -> str:
    """Dyad family: the kinds of the two sides in the order of the alphabet, or who kills civilians.

    >>> family("Government of Mali", "JNIM", 1), family("ISSP", "JNIM", 2), family("ISSP", "Civilians", 3)
    ('jnim-state', 'issp-jnim', 'issp-civilians')
    """
    if violence == 3:
        return f"{kind(side_a)}-{CIVILIANS}"
    return "-".join(sorted((kind(side_a), kind(side_b))))


def kind(side: str) -> str:
    """Kind of a side: state, jnim, issp, iswap, or armed for all others."""
    if side.startswith("Government of"):
        return STATE
    if side in (ISSP, ISWAP):
        return side.lower()
    return "jnim" if side in JNIM else ARMED


def _around_the_lake(kept: pd.DataFrame, region: pd.Series[str]) -> pd.Series[bool]:
    return (region == "NER/Diffa") | (kept["side_a"] == "JAS") | (kept["side_b"] == "JAS")


def _told_apart(side: pd.Series[str], theatre: np.ndarray[tuple[int], np.dtype[np.str_]]) -> pd.Series[str]:
    named = {SAHEL: ISSP, LAKE_CHAD: ISWAP}
    told = [named[at] if own == "IS" else own for own, at in zip(side, theatre.tolist(), strict=True)]
    return pd.Series(told, side.index)
