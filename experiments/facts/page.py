"""Page: the scorecard as tables of text and as ``scorecard.md``, in the language in use."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from experiments.evidence_texts import observed, text_of
from experiments.facts.card import INSIDE, MISSING, Card, shown
from experiments.facts.control import PASS
from experiments.language import number, plain, share, tr
from experiments.manifest import ROOT, commit_of, versions
from experiments.settings import Settings
from experiments.summary import NOTE, Table

STATUS = {INSIDE: "yes", MISSING: "not covered"}
WIDTH = 118
"""Letters in a line of the page."""

FACT_HEADS = ("fact", "observed", "band", "median", "90 % of replicates", "in band")
SIGN_HEADS = ("expectation", "sign", "median difference", "90 % of pairs", "agree", "holds")
CONTROL_HEADS = ("statement", "when", "where", "sure", "holds in", "passes")


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
    """Facts, expected signs and reported control; what is longer than `most` letters is cut."""
    found = (
        facts_table(card.facts),
        Table(
            tr("Expected signs"),
            tuple(tr(head) for head in SIGN_HEADS),
            tuple(_sign(row) for row in card.signs.to_dict("records")),
        ),
        Table(
            tr("Reported control"),
            tuple(tr(head) for head in CONTROL_HEADS),
            tuple(_statement(row) for row in card.control.to_dict("records")),
        ),
    )
    return [
        Table(table.heading, table.columns, tuple(tuple(_cut(cell, most) for cell in row) for row in table.rows))
        for table in found
    ]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"


def facts_table(facts: pd.DataFrame) -> Table:
    """The facts, a row for each part.

    Args:
        facts: rows of `experiments.facts.card.facts_frame`, as they are or read from ``facts.csv``.
    """
    rows = facts.astype({"observed": str}).assign(unit=facts["unit"].astype(object).fillna(""))
    return Table(tr("Facts"), tuple(tr(head) for head in FACT_HEADS), tuple(_fact(r) for r in rows.to_dict("records")))


def page(card: Card, settings: Settings) -> str:
    """``scorecard.md``, with links to its figures."""
    facts, signs, control = (table.markdown().replace("###", "##", 1) for table in tables(card))
    pictures = (f"![{tr('Intervals against bands')}](scorecard.png)",
                f"![{tr('Where statements hold')}](control_reports.png)")  # fmt: skip
    parts = [_head(card, settings), pictures[0], facts, _whys(card), signs, control]
    reading = "\n".join(_filled(f"- {tr(text, share=share(PASS))}", "  ") for text in READING)
    parts += [pictures[1], _failures(card.control), f"## {tr('How to read it')}", reading]
    return "\n\n".join(parts) + "\n"


def _head(card: Card, settings: Settings) -> str:
    lead = tr(
        "`{scenario}` against what is known, what sources expect, and what was reported of territorial control.",
        scenario=settings.scenario,
    )
    made = f"{tr('Written by `python -m experiments.scorecard`.')} {stamp(settings)} {tr(NOTE)}"
    rules = tr(RULES, pairs=_pairs(card), share=share(PASS))
    return "\n\n".join((f"# {tr('Scorecard')}", f"{lead}\n{made}", f"**{card.line()}.**", _filled(rules)))


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _pairs(card: Card) -> str:
    counts = [plain(int(n)) for n in sorted(card.signs["replicates"].unique()) if n]
    return tr("{counts} pairs", counts=f" {tr('or')} ".join(counts)) if counts else tr("pairs")


RULES = (
    "A fact is in band where the median over replicates lies in it; a fact of several parts needs all of them. An "
    "expected sign holds if at least 80 % of {pairs} agree ([expected signs](expectations.md)). A statement passes if "
    "it holds in at least {share} of replicates. Lists with sources: `conf/evidence/facts.yaml`, `expectations.yaml`, "
    "`control_reports.yaml`. None of them is fed to the model, but whoever sets parameters can see them."
)

_POINTS = """
- A ratio of two rates of events has a half added to both counts, so that a replicate with nothing in the earlier
  span has a ratio too (Haldane 1956; Anscombe 1956). It draws ratios of few events toward 1. Stocks get nothing
  added.
- A month is the first count of stocks, every fourth week, after which nothing is left, or from which there is a
  majority. *Never* says that it does not happen by the end of 2023, *before* that there was nothing to lose since
  July 2021.
- Coincidence is the ratio of sums over the ensemble, with an interval from replicates drawn with replacement; it
  compares the timing of attacks in cells where both groups attack (`experiments/facts/coincidence.py`).
- Attacks around Bamako in 2021 are those of July to December: the run begins in July 2021.
- Reported numbers are counts of one author's database; the model counts every armed event, with or without deaths.
- A column counts each week that it spends on a neighbour's soil; sources count operations. Only the ratio is
  compared.
- Bands with a reason are ours, set where the source gives an order of magnitude or another year. They were set with
  the start values of the order of battle in view, so these facts show that inputs are sane, and no skill.
- A zone is that of the half-degree cell around a town: a cell has no inside, and a district capital no wall. Where
  an actor is rooted and little disturbed, its zone is a support zone even beside a rival; so "holds" is read as
  support zone or more.
- Statements on control overlap, and some follow from the start of the run; their count is no measure of skill."""
READING = tuple(" ".join(point.split()) for point in _POINTS.split("\n- ")[1:])
"""How to read the scorecard, point by point."""


def _fact(row: Mapping[Any, Any]) -> tuple[str, ...]:
    low, high, unit = row["5 %"], row["95 %"], row["unit"]
    band = _between(_bound(row["band low"], unit), _bound(row["band high"], unit))
    between = "-" if row["status"] == MISSING else _between(shown(low, unit), shown(high, unit))
    inside = tr(STATUS.get(row["status"], "no"))
    return (text_of(row["text"]), observed(row["observed"]), band, shown(row["median"], unit), between, inside)


def _sign(row: Mapping[Any, Any]) -> tuple[str, ...]:
    told = (text_of(row["text"]), tr(row["sign"]))
    if row["missing"]:
        return (*told, "-", "-", "-", tr("not computed"))
    between = _between(number(row["5 %"]), number(row["95 %"]))
    agree = f"{100 * row['agree with all']:.0f} %"
    return (*told, number(row["median"]), between, agree, tr("yes" if row["holds"] else "no"))


def _statement(row: Mapping[Any, Any]) -> tuple[str, ...]:
    held = "-" if pd.isna(row["share"]) else f"{100 * row['share']:.0f} %"
    passes = tr({"passes": "yes", "fails": "no"}.get(row["status"], "not covered"))
    return (*(tr(row[name]) for name in ("text", "when", "place", "sure")), held, passes)


def _between(low: str, high: str) -> str:
    return tr("{low} to {high}", low=low, high=high)


def _bound(value: float, unit: str) -> str:
    return shown(value, unit) if unit else plain(value)


def _whys(card: Card) -> str:
    """Bands that are ours, and sources."""
    rows = card.facts[card.facts["why"] != ""].to_dict("records")
    lines = [tr("- {fact}: {why}.", fact=text_of(row["text"]), why=tr(row["why"])) for row in rows]
    sources = sorted({s.strip() for text in card.facts["source"] for s in text.replace(";", ",").split(",")})
    told = tr("Sources: {sources}.", sources=", ".join(sources))
    return "\n".join([tr("Bands that are ours, and why:"), "", *lines, "", told])


def _failures(control: pd.DataFrame) -> str:
    return "\n".join([tr("Statements that fail, by the number that was measured:"), "", *_failed(control)])


def _failed(control: pd.DataFrame) -> Iterator[str]:
    rows = control[control["status"] == "fails"].to_dict("records")
    for row in rows:
        between = _between(number(row["5 %"]), number(row["95 %"]))
        yield tr(
            "- {text} ({place}, {source}): {zone}; wanted {band}, measured {median} ({between}).",
            text=tr(row["text"]), place=tr(row["place"]), source=row["source"], zone=tr(row["zone"]),
            band=_between(plain(row["band low"]), plain(row["band high"])), median=number(row["median"]),
            between=between,
        )  # fmt: skip
    if not rows:
        yield tr("- none.")
