"""Page: the scorecard as tables of text and as ``scorecard.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from experiments.facts.card import INSIDE, MISSING, Card, shown
from experiments.facts.control import PASS
from experiments.language import tr
from experiments.manifest import ROOT, commit_of, versions
from experiments.settings import Settings
from experiments.summary import NOTE, Table, number

STATUS = {INSIDE: "yes", MISSING: "not covered"}


def stamp(settings: Settings) -> str:
    """What made the numbers, in a line."""
    commit, dirty = commit_of(ROOT)
    made = tr(
        "Config {hash}, seed {seed}, {count} replicates, commit {commit}.",
        hash=settings.hash[:8],
        seed=settings.seed,
        count=settings.replicates,
        commit=(commit or "unknown")[:8] + ("+" if dirty else ""),
    )
    deciding = ", ".join(f"{name} {version}" for name, version in versions().items() if name in ("numpy", "numba"))
    return f"{made} {deciding}."


def tables(card: Card, most: int = 1000) -> list[Table]:
    """Facts, expected signs and reported control; words are cut after `most` letters."""
    facts = tuple(_fact(row) for row in card.facts.to_dict("records"))
    signs = tuple(_sign(row) for row in card.signs.to_dict("records"))
    control = tuple(_statement(row) for row in card.control.to_dict("records"))
    facts, signs, control = (
        tuple(tuple(cell[:most] for cell in row) for row in rows) for rows in (facts, signs, control)
    )
    between = tr("90 % of replicates")
    return [
        Table(
            tr("Facts"),
            (tr("fact"), tr("observed"), tr("band"), tr("median"), between, tr("in band")),
            facts,
        ),
        Table(
            tr("Expected signs"),
            (tr("expectation"), tr("sign"), tr("median difference"), tr("90 % of pairs"), tr("agree"), tr("holds")),
            signs,
        ),
        Table(
            tr("Reported control"),
            (tr("statement"), tr("when"), tr("where"), tr("sure"), tr("holds in"), tr("passes")),
            control,
        ),
    ]


def page(card: Card, settings: Settings) -> str:
    """``scorecard.md``, with links to its figures."""
    facts, signs, control = (table.markdown().replace("###", "##", 1) for table in tables(card))
    parts = [_head(card, settings), "![Intervals against bands](scorecard.png)", facts, _whys(card), signs, control]
    parts += ["![Where statements hold](control_reports.png)", _failures(card.control), _READING]
    return "\n\n".join(parts) + "\n"


def _head(card: Card, settings: Settings) -> str:
    return f"""# Scorecard

`{settings.scenario}` against what is known, what sources expect, and what was reported of territorial control.
Written by `python -m experiments.scorecard`. {stamp(settings)} {NOTE}

**{card.line()}.**

A fact is in band where the median over replicates lies in it; a fact of several parts needs all of them. An
expected sign holds if at least 80 % of {_pairs(card)} agree ([expected signs](expectations.md)). A statement passes if
it holds in at least {PASS:.0%} of replicates. Lists with sources: `conf/evidence/facts.yaml`, `expectations.yaml`,
`control_reports.yaml`. None of them is fed to the model, but whoever sets parameters can see them."""


def _pairs(card: Card) -> str:
    counts = card.signs["replicates"].unique()
    return " or ".join(f"{int(n):,}" for n in sorted(counts) if n) + " pairs" if counts.any() else "pairs"


_READING = """## How to read it

- A ratio of two rates of events has a half added to both counts, so that a replicate with nothing in the earlier
  span has a ratio too (Haldane 1956; Anscombe 1956). It draws ratios of few events toward 1. Stocks get nothing added.
- A month is the first count of stocks, every fourth week, after which nothing is left, or from which there is a
  majority. *Never* says that it does not happen by the end of 2023, *before* that there was nothing to lose since July
  2021.
- Coincidence is the ratio of sums over the ensemble, with an interval from replicates drawn with replacement; it
  compares the timing of attacks in cells where both groups attack (`experiments/facts/coincidence.py`).
- Attacks around Bamako in 2021 are those of July to December: the run begins in July 2021.
- Reported numbers are counts of one author's database; the model counts every armed event, with or without deaths.
- A column counts each week that it spends on a neighbour's soil; sources count operations. Only the ratio is compared.
- Bands with a reason are ours, set where the source gives an order of magnitude or another year. They were set
  with the start values of the order of battle in view, so these facts show that inputs are sane, and no skill.
- A zone is that of the half-degree cell around a town: a cell has no inside, and a district capital no wall.
  Where an actor is rooted and little disturbed, its zone is a support zone even beside a rival; so "holds" is read
  as support zone or more.
- Statements on control overlap, and some follow from the start of the run; their count is no measure of skill."""


def _fact(row: Mapping[Any, Any]) -> tuple[str, ...]:
    low, high, unit = row["5 %"], row["95 %"], row["unit"]
    band = f"{_plain(row['band low'], unit)} to {_plain(row['band high'], unit)}"
    between = "-" if row["status"] == MISSING else f"{shown(low, unit)} to {shown(high, unit)}"
    inside = STATUS.get(row["status"], "no")
    return (row["text"], row["observed"], band, shown(row["median"], unit), between, inside)


def _sign(row: Mapping[Any, Any]) -> tuple[str, ...]:
    if row["missing"]:
        return (row["text"], row["sign"], "-", "-", "-", "not computed")
    between = f"{number(row['5 %'])} to {number(row['95 %'])}"
    agree = f"{100 * row['agree with all']:.0f} %"
    return (row["text"], row["sign"], number(row["median"]), between, agree, "yes" if row["holds"] else "no")


def _statement(row: Mapping[Any, Any]) -> tuple[str, ...]:
    share = "-" if pd.isna(row["share"]) else f"{100 * row['share']:.0f} %"
    passes = {"passes": "yes", "fails": "no"}.get(row["status"], "not covered")
    return (row["text"], row["when"], row["place"], row["sure"], share, passes)


def _plain(value: float, unit: str) -> str:
    return shown(value, unit) if unit else f"{value:,.10g}"


def _whys(card: Card) -> str:
    """Bands that are ours, and sources."""
    rows = card.facts[card.facts["why"] != ""].to_dict("records")
    lines = [f"- {row['text']}: {row['why']}." for row in rows]
    sources = sorted({s.strip() for text in card.facts["source"] for s in text.replace(";", ",").split(",")})
    return "\n".join(["Bands that are ours, and why:", "", *lines, "", f"Sources: {', '.join(sources)}."])


def _failures(control: pd.DataFrame) -> str:
    return "\n".join(["Statements that fail, by the number that was measured:", "", *_failed(control)])


def _failed(control: pd.DataFrame) -> Iterator[str]:
    rows = control[control["status"] == "fails"].to_dict("records")
    for row in rows:
        band = f"{row['band low']:g} to {row['band high']:g}"
        measured = f"{number(row['median'])} ({number(row['5 %'])} to {number(row['95 %'])})"
        yield f"- {row['text']} ({row['place']}, {row['source']}): {row['zone']}; wanted {band}, measured {measured}."
    if not rows:
        yield "- none."
