"""Made-up tables for the charts, with the shape of real ones; goes with `synthetic_run`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.comparison import differences
from experiments.outcomes import OUTCOMES
from sim.outcomes import FLOW, threat

WINDOWS = ("first 26 weeks after the change", "whole run")
REPLICATES = 40
BANDS = ["mean", "q05", "q25", "q50", "q75", "q95"]
HELD = {"jnim": 2.0, "issp": 0.5, "csp": 0.8, "platform": 0.3, "vdp": 1.0, "mali": 20.0, "niger": 15.0, "france": 0.2}
STANCES = ("peace", "coexistence", "truce", "rivalry", "war", "apart")
PAIRS = {
    ("jnim", "mali"): "war", ("jnim", "burkina"): "war", ("issp", "mali"): "war", ("issp", "niger"): "war",
    ("jnim", "csp"): "peace", ("csp", "mali"): "coexistence", ("mali", "burkina"): "peace", ("jnim", "vdp"): "war",
    ("jnim", "france"): "rivalry", ("issp", "platform"): "war", ("niger", "burkina"): "apart",
}  # fmt: skip


def chart_tables(
    histories: tuple[str, ...], made: dict[str, pd.DataFrame], dates: list[str]
) -> dict[str, pd.DataFrame]:
    """Tables of four weeks made from weekly ones, and all others that charts read."""
    values = outcomes(histories)
    tables = {f"{name}_in_4_weeks": _in_4_weeks(made[name]) for name in ("attacks", "violence", "threat")}
    counted = [name for name in made["threat"]["threat"].unique() if threat(name).kind == FLOW]
    four = tables["threat_in_4_weeks"]
    tables["threat_in_4_weeks"] = four[four["threat"].isin(counted)]
    tables |= {"outcomes": values, "control_by_region": _control(histories, made["attacks"]["date"].unique())}
    tables |= {"relations": _relations(histories, dates), "support": _support(histories, dates)}
    tables["ground"] = _ground(histories, made["attacks"]["date"].unique()[1::4])
    return tables | ({"differences": differences(values, histories)} if len(histories) > 1 else {})


def outcomes(histories: tuple[str, ...]) -> pd.DataFrame:
    """Every outcome has noise of its own; the scenario adds a tenth of the level, and nothing to coups."""
    frames = []
    for at, outcome in enumerate(OUTCOMES):
        noise = np.random.default_rng(at).normal(0.0, 1.0, (2, REPLICATES))
        level = 10.0 * (1 + at)
        for window in WINDOWS:
            for h, history in enumerate(histories):
                value = level * (1.1 if h == 0 and len(histories) > 1 else 1.0) + noise[0] + 0.3 * (h == 0) * noise[1]
                value = np.zeros(REPLICATES) if "coup" in outcome.name else value
                named = {"outcome": outcome.name, "window": window, "history": history}
                frames.append(pd.DataFrame(named | {"replicate": range(REPLICATES), "value": value}))
    return pd.concat(frames, ignore_index=True)


def _in_4_weeks(weekly: pd.DataFrame) -> pd.DataFrame:
    dates = sorted(weekly["date"].unique())[:-3:4]
    chosen = weekly[weekly["date"].isin(dates)].copy()
    chosen[BANDS] *= 4
    return chosen


def _banded(keys: dict[str, object], mean: np.ndarray | float) -> pd.DataFrame:
    frame = pd.DataFrame(keys | {"mean": mean})
    for name, factor in zip(BANDS[1:], (0.6, 0.9, 1.0, 1.1, 1.5), strict=True):
        frame[name] = factor * frame["mean"]
    return frame


def _control(histories: tuple[str, ...], weeks: np.ndarray) -> pd.DataFrame:
    regions, measures = {"MLI/Gao": 1.1, "MLI/Mopti": 1.0}, {"people": 1e6, "area": 2e4}
    frames = [
        _banded({"history": h, "date": weeks, "coalition": c, "region": r, "measure": m}, scale * held * more)
        for h in histories
        for c, held in HELD.items()
        for r, more in regions.items()
        for m, scale in measures.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _relations(histories: tuple[str, ...], dates: list[str]) -> pd.DataFrame:
    rows = []
    for h, history in enumerate(histories):
        pairs = PAIRS | {("jnim", "issp"): "truce" if h == 0 and len(histories) > 1 else "war"}
        for date in dates:
            for (a, b), most in pairs.items():
                share = 0.65 if (a, b) == ("jnim", "issp") else 1.0
                other = "rivalry" if most != "rivalry" else "war"
                for stance in STANCES:
                    mine = share if stance == most else (1 - share) * (stance == other)
                    keys = {"history": history, "date": pd.Timestamp(date), "a": a, "b": b, "stance": stance}
                    rows.append(keys | {"share": mine, "contact": mine})
    return pd.DataFrame(rows)


def _support(histories: tuple[str, ...], dates: list[str]) -> pd.DataFrame:
    keys = [(h, pd.Timestamp(d)) for h in histories for d in dates]
    given = (("france", "niger", 0.5), ("burkina", "vdp", 0.3), ("mali", "dan_na_ambassagou", 0.02))
    frames = [
        _banded({"history": [h], "date": [d], "giver": [a], "receiver": [b]}, value)
        for h, d in keys
        for a, b, value in given
    ]
    return pd.concat(frames, ignore_index=True)


def _ground(histories: tuple[str, ...], months: np.ndarray) -> pd.DataFrame:
    frames = [
        _banded({"history": h, "date": months, "coalition": c, "region": "MLI/Gao", "measure": "fighters"}, 1000 * held)
        for h in histories
        for c, held in HELD.items()
    ]
    return pd.concat(frames, ignore_index=True)
