"""Comparing: frames of observed and simulated numbers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from experiments.event_sizes import SMALLEST, tail_exponent
from experiments.events_table import Sides
from experiments.facts.records import Records, Values, deaths
from experiments.ged import COUNTRIES, RIVALS, SPAN, half_year

NEAR = 3.0
"""A simulated mean is near what was observed if it is within this factor of it."""

VIOLENCE = {"all": "all", "1": "state-based", "2": "non-state", "3": "one-sided"}
CORE = tuple(f"{code}/*" for code in COUNTRIES.values())
KILLERS: Mapping[str, tuple[str, ...]] = {
    "JNIM": ("jnim",),
    "IS": ("issp",),
    "Government of Mali": ("mali",),
    "Government of Burkina Faso": ("burkina",),
    "Government of Niger": ("niger",),
}
"""Coalitions that UCDP's perpetrators stand for; partners and home guards count with the government."""


def against_ged(records: Records, totals: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Frames for deaths, IS-JNIM deaths, civilians, events and regions, over the half-years that the run holds."""
    spans = half_years(records)
    seen = totals[totals["half_year"].isin([*spans, "all"])]
    return {
        "deaths": pd.DataFrame(_deaths(records, seen, spans)),
        "rivals": pd.DataFrame(_rivals(records, seen, spans)),
        "civilians": pd.DataFrame(_civilians(records, seen, spans)),
        "events": pd.DataFrame(_events(records, seen, spans)),
        "regions": pd.DataFrame(_regions(records, seen, spans)),
    }


def half_years(records: Records) -> dict[str, NDArray[np.bool_]]:
    """The weeks of each half-year of the comparison that the run holds whole."""
    mondays = records.store.coordinates.week
    named = np.array([half_year(day) if SPAN[0] <= day <= SPAN[1] else "" for day in mondays])
    return {str(name): named == name for name in np.unique(named) if name and (named == name).sum() >= 25}


def line(name: str, seen: float, values: Values) -> dict[str, Any]:
    """One row: observed, simulated mean and 5-95 %, their ratio, and whether it is near."""
    mean, ratio = float(values.mean()), float(values.mean() / seen) if seen else np.nan
    low, high = np.quantile(values, [0.05, 0.95])
    near = bool(1 / NEAR <= ratio <= NEAR) if seen else None
    return {"what": name, "observed": seen, "simulated": mean, "5 %": low, "95 %": high, "ratio": ratio, "near": near}


def _deaths(records: Records, seen: pd.DataFrame, spans: Mapping[str, NDArray[np.bool_]]) -> Iterable[dict[str, Any]]:
    found = seen[seen["measure"] == "deaths"]
    for code in COUNTRIES.values():
        for kind, label in VIOLENCE.items():
            where = {"country": (code,)} | ({} if kind == "all" else {"violence": (kind,)})
            weekly = records.weekly("deaths", where)
            mine = found[(found["name"] == code) & found["violence"].isin([kind] if kind != "all" else list(VIOLENCE))]
            for span, weeks in spans.items():
                observed = float(mine.loc[mine["half_year"] == span, "value"].sum())
                yield line(f"{code} {span} {label}", observed, weekly[:, weeks].sum(axis=1))


def _rivals(records: Records, seen: pd.DataFrame, spans: Mapping[str, NDArray[np.bool_]]) -> Iterable[dict[str, Any]]:
    weekly = records.weekly("clash_deaths", {"dyad": ("jnim-issp",), "region": CORE})
    for span, weeks in spans.items():
        yield line(f"{RIVALS} {span}", _sum(seen, "rivals", RIVALS, span), weekly[:, weeks].sum(axis=1))


def _civilians(
    records: Records, seen: pd.DataFrame, spans: Mapping[str, NDArray[np.bool_]]
) -> Iterable[dict[str, Any]]:
    for killer, coalitions in KILLERS.items():
        weekly = records.weekly("civilians", {"coalition": coalitions, "region": CORE})
        for span, weeks in spans.items():
            yield line(f"{killer} {span}", _sum(seen, "civilians", killer, span), weekly[:, weeks].sum(axis=1))


def _events(records: Records, seen: pd.DataFrame, spans: Mapping[str, NDArray[np.bool_]]) -> Iterable[dict[str, Any]]:
    """Events a week, deaths in a deadly event, and the tail of deaths, in the sample of event tables."""
    weeks = sum(int(inside.sum()) for inside in spans.values())
    sizes = [_sizes(records, rows, set(spans)) for rows in records.sample]
    if not weeks:
        return
    counted = seen[(seen["measure"] == "events") & (seen["half_year"] != "all")]["value"].sum()
    yield line("deadly events a week", counted / weeks, np.array([len(s) / weeks for s in sizes]))
    known = seen[seen["measure"] == "sizes"].set_index("name")["value"]
    yield line("deaths in a deadly event", known["mean"], np.array([s.mean() for s in sizes if len(s)]))
    exponents = np.array([tail_exponent(s)[0] for s in sizes])
    yield line(f"exponent of the tail from {SMALLEST} deaths", known["exponent"], exponents[~np.isnan(exponents)])


def _sizes(records: Records, rows: Sequence[Any], spans: set[str]) -> NDArray[np.int64]:
    """Deaths of the deadly events of one replicate in the three countries and the half-years."""
    world, names = records.setup.world, records.setup.names
    core = [names.countries.index(code) for code in COUNTRIES.values()]
    kept = [r for r in rows if half_year(r.monday) in spans and world.cells.country[r.values[0]] in core]
    found = deaths(kept) if kept else np.empty(0, np.int64)
    return np.asarray(found[found > 0])


def _regions(records: Records, seen: pd.DataFrame, spans: Mapping[str, NDArray[np.bool_]]) -> Iterable[dict[str, Any]]:
    """Deaths by UCDP's regions, the largest first, and their rank correlation over all regions."""
    inside = np.any(list(spans.values()), axis=0) if spans else np.zeros(0, np.bool_)
    values = _by_region(records, inside) if inside.any() else {}
    found = seen[seen["measure"] == "region"].groupby("name")["value"].sum()
    lines = [line(name, float(found.get(name, 0.0)), deadly) for name, deadly in values.items()]
    yield from sorted(lines, key=lambda row: (-row["observed"], -row["simulated"]))[:20]
    if lines:
        observed = [row["observed"] for row in lines]
        rank = [spearmanr(observed, each)[0] for each in np.array(list(values.values())).T]
        mean = float(spearmanr(observed, [row["simulated"] for row in lines])[0])
        spread = dict(zip(("5 %", "95 %"), np.quantile(rank, [0.05, 0.95]), strict=True))
        name = f"rank correlation over {len(lines)} regions"
        yield {"what": name, "observed": None, "simulated": mean, **spread, "ratio": None, "near": None}


def _by_region(records: Records, inside: NDArray[np.bool_]) -> dict[str, Values]:
    """Deaths in each of UCDP's first-order regions, by replicate; Diffa is left out."""
    names, sides = records.setup.names, Sides(records.setup.world, records.setup.names)
    values: dict[str, Values] = {}
    for region in names.regions:
        code = region.partition("/")[0]
        if code in COUNTRIES.values() and region != "NER/Diffa":
            weekly = sum(records.weekly(array, {"region": (region,)}) for array in ("fallen", "civilians"))
            label = f"{code}/{sides.region(region)}"
            values[label] = values.get(label, 0.0) + weekly[:, inside].sum(axis=1)  # type: ignore[index]
    return values


def _sum(seen: pd.DataFrame, measure: str, name: str, span: str) -> float:
    chosen = (seen["measure"] == measure) & (seen["name"] == name) & (seen["half_year"] == span)
    return float(seen.loc[chosen, "value"].sum())
