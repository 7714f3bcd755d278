"""Verdicts: which signs of the what-ifs every variant keeps.

A result is a number whose paired difference has a clear sign under default parameters and structure: at least 80 % of
pairs agree; or an expected sign that holds. A variant keeps it if at least 80 % of its pairs have the same sign,
turns it if at least 80 % have the other one, and else blurs it. A result survives if every variant keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.expected import SHARE
from experiments.facts.page import stamp
from experiments.settings import Settings
from experiments.summary import NOTE, Table, number
from experiments.variants import AFTER, DEFAULT, POSTERIOR

KEEPS, BLURS, TURNS = "keeps", "blurs", "turns"


def judged(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of clear results with `sign`, `share` (of pairs with the sign of the default) and `verdict`."""
    plain = frame["agree"].isna()
    default = frame[frame["kind"] == DEFAULT].set_index(["scenario", "name"])
    sign = np.where(default["share_positive"] >= default["share_negative"], "+", "-")
    signs = pd.Series(np.where(default["agree"].isna(), sign, default["expected"]), default.index, name="sign")
    found = frame.join(signs, on=["scenario", "name"])
    same = np.where(found["sign"] == "-", found["share_negative"], found["share_positive"])
    other = np.where(found["sign"] == "-", found["share_positive"], found["share_negative"])
    found["share"] = np.where(plain, same, found["agree"])
    turned = np.where(found["sign"].isin(["+", "-"]), other, 1 - found["share"]) >= SHARE
    found["verdict"] = np.select([found["share"] >= SHARE, turned], [KEEPS, TURNS], BLURS)
    clear = found[(found["kind"] == DEFAULT) & (found["verdict"] == KEEPS)].set_index(["scenario", "name"]).index
    return found[pd.MultiIndex.from_frame(found[["scenario", "name"]]).isin(clear)].reset_index(drop=True)


def verdicts(frame: pd.DataFrame) -> pd.DataFrame:
    """One row for each clear result: sign, share under default and posterior, how many rivals keep it, which not."""
    rows = [_result(key, part) for key, part in judged(frame).groupby(["scenario", "name"], sort=False)]
    columns = ["scenario", "name", "label", "expected", "sign", "default", "posterior", "rivals", "kept", "blurred"]
    return pd.DataFrame(rows, columns=[*columns, "turned", "survives"])


def kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Share of the clear results of each scenario that each variant keeps and turns, and their number `n`."""
    found = judged(frame)
    parts = found.groupby(["scenario", "variant"], sort=False)["verdict"]
    counts = parts.agg(keeps=lambda v: float((v == KEEPS).mean()), turns=lambda v: float((v == TURNS).mean()), n="size")
    return counts.reset_index()


def tables(found: pd.DataFrame, frame: pd.DataFrame) -> list[Table]:
    """Results by what-if, and what each variant does to them."""
    columns = ("", "sign", "default", "posterior", "rivals that keep it", "survives", "blurred or turned by")
    rows = tuple(_row(row) for row in found.to_dict("records"))
    each = judged(frame).groupby("variant", sort=False)["verdict"].value_counts().unstack(fill_value=0)
    shown = tuple(
        (str(variant), *(str(int(row.get(verdict, 0))) for verdict in (KEEPS, BLURS, TURNS)), str(int(row.sum())))
        for variant, row in each.iterrows()
    )
    return [
        Table("Results of the what-ifs", columns, rows),
        Table("What each variant does", ("", "keeps", "blurs", "turns", "of"), shown),
    ]


class About(NamedTuple):
    """What was asked for.

    Attributes:
        words: of the command line, those that say which variants.
        absent: why posterior draws are absent; empty if they are not.
        off: whether mechanisms were taken away, too.
    """

    words: str
    absent: str
    off: bool


def page(found: pd.DataFrame, frame: pd.DataFrame, settings: Settings, about: About, seconds: float) -> str:
    """``docs/robustness.md``; FIGURE stands for the path of the figure."""
    survived, pairs = int(found["survives"].sum()), settings.replicates
    expected = found[found["expected"] != ""]
    absent, about_off = about.absent, "the form `off`, which takes a mechanism away, was left out."
    if about.off:
        about_off = "`off` may take away the very cause of a result, and then\nought to blur it."
    head = f"""# Robustness

Which results of the what-ifs survive posterior draws of parameters and rival structures: written by
`python -m experiments.robustness {about.words}`. {frame["scenario"].nunique()} what-ifs,
{frame["variant"].nunique()} variants, {pairs} pairs each, outcomes of {AFTER} weeks after the change (expected signs in
their own windows). {stamp(settings)} {NOTE}

**{survived} of {len(found)} results survive every variant; of {len(expected)} expected signs that hold by default,
{int(expected["survives"].sum())}.**{" " * bool(absent)}{absent[:1].upper() + absent[1:] + "." * bool(absent)}

A result is a number whose sign at least 80 % of pairs share under the default. A variant keeps it if at least 80 % of
its pairs have that sign, turns it if 80 % have the other, and else blurs it. Rival structures are the options of each
mechanism, one at a time ([mechanisms](mechanism_effects.md)); {about_off}
With {pairs} pairs a share of 80 % is uncertain by some {100 * (0.16 / pairs) ** 0.5:.0f} points
(one standard error), so some results fail by chance, the more so the more variants there are.
Computed in {seconds / 60:.0f} minutes on {settings.workers} workers, less what was stored before."""
    results, each = tables(found, frame)
    parts = [head, "![Share of results that each variant keeps](FIGURE)"]
    return "\n\n".join((*parts, *(t.markdown().replace("###", "##", 1) for t in (results, each)))) + "\n"


def _result(key: Any, part: pd.DataFrame) -> dict[str, Any]:
    first, by = part.iloc[0], dict(zip(part["variant"], part["share"], strict=True))
    others = part[~part["kind"].isin([DEFAULT, POSTERIOR])]
    named = {v: ", ".join(others.loc[others["verdict"] == v, "variant"]) for v in (BLURS, TURNS)}
    return {
        "scenario": key[0],
        "name": key[1],
        "label": first["label"],
        "expected": first["expected"],
        "sign": first["sign"],
        "default": by[DEFAULT],
        "posterior": by.get(POSTERIOR, np.nan),
        "rivals": len(others),
        "kept": int((others["verdict"] == KEEPS).sum()),
        "blurred": named[BLURS],
        "turned": named[TURNS],
        "survives": bool((part["verdict"] == KEEPS).all()),
    }


def _row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    label = f"{row['scenario']}: {row['label']}" + (" (expected)" if row["expected"] else "")
    turned = f" turned by {row['turned']}" if row["turned"] else ""
    spoiled = ", ".join(row["blurred"].split(", ")[:4]) + (" ..." if row["blurred"].count(",") > 3 else "")
    shares = [f"{100 * row[c]:.0f} %" if np.isfinite(row[c]) else number(np.nan) for c in ("default", "posterior")]
    rivals = f"{row['kept']} of {row['rivals']}"
    return (label, row["sign"], *shares, rivals, "yes" if row["survives"] else "no", spoiled + turned or "-")
