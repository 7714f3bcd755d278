"""Writes a made-up run folder that a briefing can be made of, with numbers that one can check in the head."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

from experiments import comparison
from experiments.outcomes import OUTCOMES
from tests.synthetic_run import HISTORIES, write_run

CHANGE, WHOLE = "first 52 weeks after the change", "whole run"
HISTORY = """issp_jnim_truce: ISSP and JNIM hold a truce in Ménaka and Gao
2022-08-22  On 22 August 2022, Wagner Group in Mali deploys 100 troops to Gao over 4 weeks.
2023-04-15  From 15 April 2023, a truce between JNIM and Islamic State Sahel Province in Gao holds hostility at or \
below 0.15 and breaks with a chance of 1 % a week.

no_truce: ISSP and JNIM keep fighting
2022-08-22  On 22 August 2022, Wagner Group in Mali deploys 100 troops to Gao over 4 weeks.
"""


def write_briefed(folder: Path, *, paired: bool = True, pairs: int = 100, zero: bool = False) -> Path:
    """A run in which deaths in Niger rise by 200 in 97 of 100 pairs, and those in Mali by 1 in half of them."""
    write_run(folder, paired=paired)
    values = _values(HISTORIES[: 1 + paired], pairs, zero)
    values.to_parquet(folder / "tables" / "outcomes.parquet", index=False)
    if paired:
        comparison.differences(values, HISTORIES).to_parquet(folder / "tables" / "differences.parquet", index=False)
    for name, table in _places(HISTORIES[: 1 + paired]).items():
        table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    about |= {
        "title": "ISSP and JNIM hold a truce in Ménaka and Gao",
        "question": "What changes if ISSP and JNIM stop most of their fighting in Ménaka and Gao from April 2023?",
        "cannot_tell": "",
        "replicates": pairs,
        "data": {"conf/scenario/no_truce.yaml": "5d2a"},
    }
    (folder / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    history = HISTORY if paired else HISTORY.partition("\n\n")[0]
    (folder / "history.txt").write_text(history, encoding="utf-8")
    (folder / "config.yaml").write_text("scenario: issp_jnim_truce\nreplicates: 100\nseed: 1\n", encoding="utf-8")
    return folder


def _values(histories: tuple[str, ...], pairs: int, zero: bool) -> pd.DataFrame:
    frames = []
    for outcome in (o for o in OUTCOMES if o.headline):
        base = np.zeros(pairs) if zero else 1000.0 + 10.0 * (np.arange(pairs) % 7)
        base = (np.arange(pairs) % 2).astype(float) if outcome.unit == "probability" and not zero else base
        for history in histories:
            value = base + (0.0 if zero or history == "no_truce" else _change(outcome.name, pairs))
            for window in (CHANGE, WHOLE):
                told = {"outcome": outcome.name, "window": window, "history": history}
                frames.append(pd.DataFrame(told | {"replicate": np.arange(pairs), "value": value}))
    joined = pd.concat(frames, ignore_index=True)
    return joined.astype(dict.fromkeys(("outcome", "window", "history"), "category"))


def _change(name: str, pairs: int) -> np.ndarray:
    at = np.arange(pairs) % 100
    if name == "deaths_ner":
        return np.where(at < 97, 200.0, -50.0)
    if name == "deaths_mli":
        return np.where(at < 50, 1.0, -1.0)
    return np.zeros(pairs)


def _places(histories: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    where = {"date": pd.Timestamp("2023-12-25"), "region": "MLI/Gao", "coalition": "issp"}
    spread = {"mean": 12_345.0, "q05": 10_000.0, "q95": 15_000.0}
    control = [{"history": h, "measure": "people"} | where | spread for h in histories]
    zones = [{"history": h, "zone": "support", "cells": 3.0, "people": 900.0} | where for h in histories]
    return {"control_by_region": pd.DataFrame(control), "zones": pd.DataFrame(zones)}


def page_text(pack: Path) -> str:
    """The words of a page, without its marks, styles and scripts."""
    page = (pack / "briefing.html").read_text(encoding="utf-8")
    bare = re.sub(r"<style>.*?</style>|<script>.*?</script>|data:[^\"]*", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "\n", bare))
