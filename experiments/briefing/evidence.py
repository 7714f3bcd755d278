"""What a briefing may say of the model itself: scorecard, hindcast and sensitivities, as far as somebody made them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from experiments.briefing.document import SHARE, SIGNED, TEXT, Block, Column, Grid, Words
from experiments.briefing.findings import Finding, about, strongest
from experiments.briefing.wording import percent, shown
from experiments.facts.page import facts_table
from experiments.language import day, tr

SCORECARD, HINDCAST = "scorecard/facts.csv", "hindcast.json"
"""Files by which the evidence is known; beside `SCORECARD` lie ``signs.csv`` and ``control.csv``."""

TOLD = ("text", "observed", "unit", "band low", "band high", "median", "5 %", "95 %", "status")
"""Columns of ``facts.csv`` of which the table of facts is made."""

IN_BAND, PASSES = "in band", "passes"

MOVERS = 6
"""Assumptions shown for each outcome."""


class Given(NamedTuple):
    """Folders or files of evidence that the user named; None is the newest beside the run."""

    scorecard: Path | None = None
    hindcast: Path | None = None


def record(run_folder: Path, given: Given) -> tuple[Block, ...]:
    """How wrong the model has been; one clear sentence where there is no scorecard or no hindcast."""
    return (*_scorecard(located(run_folder, given.scorecard, SCORECARD)), *_hindcast(run_folder, given.hindcast))


def located(run_folder: Path, given: Path | None, name: str) -> Path | None:
    """The file of a name under what was given, or the newest in the run folder and the folders beside it.

    Raises:
        ValueError: what was given holds no such file; one line.
    """
    if given is None:
        beside = run_folder.resolve().parent
        found = [*run_folder.glob(name), *beside.glob(f"*/{name}"), *beside.glob(f"*/*/{name}")]
        return max(found, key=lambda path: path.stat().st_mtime, default=None)
    last = Path(name).name
    found = [given] if given.name == last else [given / last, *given.glob(f"**/{name}")]
    there = [path for path in found if path.is_file()]
    if not there:
        module = Path(name).parts[0].removesuffix(".json")
        raise ValueError(f"{given} holds no {last}; give the folder that `python -m experiments.{module}` wrote")
    return max(there, key=lambda path: path.stat().st_mtime)


def _scorecard(path: Path | None) -> tuple[Block, ...]:
    if path is None:
        return (_absent("No scorecard of recorded facts was found; make one with: {command}", "scorecard"),)
    facts = pd.read_csv(path)
    if not {"id", "status"} <= set(facts):
        return (Words(tr("The scorecard {file} tells no verdicts.", file=path.name)),)
    held = facts.groupby("id")["status"].apply(lambda status: bool((status == IN_BAND).all()))
    template = "Scorecard: {inside} of {count} recorded facts lie inside their band."
    said = [tr(template, inside=int(held.sum()), count=len(held)), *_beside(path.parent)]
    tables = (_facts(facts),) if set(TOLD) <= set(facts) else ()
    return (Words(" ".join(said)), *tables)


def _beside(folder: Path) -> Iterator[str]:
    """What the scorecard says of expected signs and of territorial control."""
    if (folder / "signs.csv").is_file():
        held = pd.read_csv(folder / "signs.csv").groupby("id")["holds"].all()
        yield tr("{held} of {count} expected signs hold.", held=int(held.sum()), count=len(held))
    if (folder / "control.csv").is_file():
        status = pd.read_csv(folder / "control.csv")["status"]
        template = "{held} of {count} reports of who held what agree with the model."
        yield tr(template, held=int((status == PASSES).sum()), count=len(status))


def _facts(facts: pd.DataFrame) -> Grid:
    table = facts_table(facts)
    return Grid("scorecard", tr("Scorecard"), tuple(Column(head) for head in table.columns), table.rows, folded=True)


def _hindcast(run_folder: Path, given: Path | None) -> tuple[Block, ...]:
    path = located(run_folder, given, HINDCAST)
    scores = None if path is None else path.parent / "summary.csv"
    if path is None or scores is None:
        return (_absent("No hindcast was found; make one with: {command}", "hindcast"),)
    about = json.loads(path.read_text(encoding="utf-8"))
    origin = day(pd.Timestamp(about["origin"]).date()) if "origin" in about else "-"
    if not scores.is_file():
        return (Words(tr("A hindcast from {origin} has no scores yet.", origin=origin)),)
    return tuple(_scores(pd.read_csv(scores), origin))


def _scores(table: pd.DataFrame, origin: str) -> list[Block]:
    mine = table[table["model"] == "simulator"] if "model" in table else table
    mine = mine[mine["violence"].astype(str) == "all"] if "violence" in mine else mine
    if mine.empty or "against" not in mine:
        return [Words(tr("A hindcast from {origin} has no scores yet.", origin=origin))]
    template = (
        "Hindcast from {origin}: error of the forecasts beside the better of two simple baselines, and share of "
        "outcomes inside the central 90 % interval."
    )
    rows = tuple((tr(str(r["level"])), float(r["against"]), float(r["covered"])) for r in mine.to_dict("records"))
    said = [_against(level, error, covered) for level, error, covered in rows]
    columns = (Column(tr("by")), Column(tr("error beside baseline"), SHARE), Column(tr("inside 90 %"), SHARE))
    return [
        Words(tr(template, origin=origin)),
        Words(" ".join(said)),
        Grid("hindcast", tr("Hindcast"), columns, rows, folded=True),
    ]


def _against(level: str, error: float, covered: float) -> str:
    word = tr("worse") if error > 0 else tr("better")
    template = "By {level} it is {size} {word}, and {covered} of outcomes lie inside."
    return tr(template, level=level, size=percent(abs(error)), word=word, covered=percent(covered))


def drivers(table: pd.DataFrame | None, found: Sequence[Finding], run: str) -> tuple[Block, ...]:
    """What drives the answer: the assumptions that move it most, or the command that computes them.

    Args:
        table: made by ``python -m experiments.sensitivity``; None where it was not run.
        found: findings of the run; the strongest and the deaths are looked at.
        run: name of the run folder, for the command.
    """
    if table is None or not {"what", "value", "outcome", "window", "base", "answer", "change"} <= set(table):
        template = "How the answer moves with the assumptions was not computed for this run. To compute it: {command}"
        return (Words(tr(template, command=f"python -m experiments.sensitivity run={run}")),)
    asked = [f for f in (*strongest(found)[:1], *about(found, "deaths")) if (table["outcome"] == f.outcome).any()]
    rows = [row for finding in dict.fromkeys(asked) for row in _movers(table, finding)]
    lead = tr("One thing was changed at a time; shown is how far the difference between the histories moves.")
    return (Words(lead), Grid("sensitivity", tr("What drives the answer"), driver_columns(), tuple(rows)))


def driver_columns() -> tuple[Column, ...]:
    """Columns of the table of sensitivities."""
    texts = (("outcome", TEXT), ("what was changed", TEXT), ("changed to", TEXT))
    heads = (*texts, ("difference", SIGNED), ("difference then", SIGNED))
    return tuple(Column(tr(head), kind) for head, kind in heads)


def _movers(table: pd.DataFrame, finding: Finding) -> list[tuple[Any, ...]]:
    own = table[(table["outcome"] == finding.outcome) & (table["window"] == finding.window)]
    own = own.reindex(own["change"].abs().sort_values(ascending=False).index).head(MOVERS)
    label = tr(finding.label)
    return [
        (label, tr(str(row["what"])), _set_to(row), float(row["base"]), float(row["answer"]))
        for row in own.to_dict("records")
    ]


def _set_to(row: Any) -> str:
    """A number in the language in use, or the name of an option."""
    try:
        return shown(float(row["value"]))
    except ValueError:
        return tr(str(row["setting"]))


def _absent(template: str, module: str) -> Words:
    return Words(tr(template, command=f"python -m experiments.{module}"))
