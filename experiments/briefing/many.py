"""Many runs in one briefing: each scenario's paired differences from its own counterfactual, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from experiments.briefing import content, findings, sentences, tables
from experiments.briefing.document import SIGNED, TEXT, Block, Code, Column, Document, Grid, Section, Words
from experiments.briefing.findings import CLEAR, FEW, Finding
from experiments.briefing.pictures import Picture, draw_picture
from experiments.briefing.reproducing import command
from experiments.briefing.wording import semicolons, signed
from experiments.figures import scenarios
from experiments.figures.drawing import Drawing
from experiments.figures.reading import NotARunError, Run
from experiments.language import spoken, tr

type Found = dict[str, list[Finding]]
"""Findings by the title of a scenario."""


def briefing(runs: Sequence[Run], figures: Path, working: Path) -> Document:
    """One briefing of several runs.

    Raises:
        NotARunError: a run has no counterfactual; one line.
    """
    for run in runs:
        if not run.paired:
            raise NotARunError(f"run folder {run.folder} has one history; a comparison needs counterfactuals")
    found = {name: findings.findings(run) for name, run in zip(_names(runs), runs, strict=True)}
    pictures = _drawn(runs, figures, working)
    sections = (
        Section("bottom-line", tr("Bottom line"), tuple(_bottom_line(found))),
        Section("pictures-scenarios", tr("Scenarios side by side"), (*pictures, _table(found))),
        Section("question", tr("The questions"), tuple(_questions(found, runs))),
        Section("appendix", tr("Appendix: all outcomes, and how to make this again"), tuple(_appendix(found, runs))),
    )
    return Document(
        title=tr("{count} scenarios compared", count=len(runs)),
        subtitle=tr("Each compared with its own counterfactual"),
        question=tr("What changes under each scenario?"),
        sections=sections,
        stamp="; ".join(_stamp(run) for run in runs),
        language=spoken(),
    )


def _stamp(run: Run) -> str:
    """What made one of several runs; its full stamp is in its own briefing."""
    about = {"name": run.named(run.histories[0]), "hash": str(run.manifest["config_hash"])[:8]}
    return tr("{name}: config {hash}, seed {seed}, {counted}", **about, seed=run.manifest["seed"], counted=run.counted)


def _names(runs: Sequence[Run]) -> list[str]:
    """Titles of the runs; seeds or folders tell equal ones apart."""
    titles = [content.titled(str(run.manifest.get("title") or run.folder.name)) for run in runs]
    return [t if titles.count(t) == 1 else f"{t} ({run.folder.name})" for t, run in zip(titles, runs, strict=True)]


def _drawn(runs: Sequence[Run], figures: Path, working: Path) -> list[Picture]:
    for folder in (figures, working):
        folder.mkdir(parents=True, exist_ok=True)
    heat = tr("Heat map of standardised changes: outcomes down, scenarios across.")
    series = tr("Civilians killed over time in each scenario and its counterfactual.")
    drawings = (
        Drawing("scenarios", "scenarios", lambda width: scenarios.compare(runs, width=width), heat, main=True),
        Drawing("civilians", "scenarios", lambda width: scenarios.multiples(runs, width=width), series, main=True),
    )
    return [picture for drawing in drawings for picture in _if_any(drawing, figures, working)]


def _if_any(drawing: Drawing, figures: Path, working: Path) -> Iterator[Picture]:
    """The picture, or none where the runs have nothing that it could show."""
    try:
        yield draw_picture(drawing, figures, working)
    except NotARunError:
        return


def _bottom_line(found: Found) -> list[Block]:
    lines: list[Block] = []
    for name, own in found.items():
        lines.append(Words(tr("{scenario}: {told}.", scenario=name, told=_clearest(own)), "lead"))
    counts = semicolons([f"{name} {sum(f.verdict == CLEAR for f in own)}" for name, own in found.items()])
    lines.append(Words(tr("Outcomes that change clearly: {counts}.", counts=counts)))
    note = "Windows and counterfactuals differ from scenario to scenario; compare directions before sizes."
    return [*lines, Words(tr(note), "note"), Words(tables.bands_told(), "note")]


def _clearest(own: Sequence[Finding]) -> str:
    """The clearest changes of a scenario, or why there are none."""
    if own and own[0].verdict == FEW:
        return tr("too few pairs ({pairs}) to say how likely a difference is", pairs=own[0].pairs)
    return semicolons([sentences.change(f) for f in findings.strongest(own)[:2]]) or tr("no outcome changes clearly")


def _table(found: Found) -> Grid:
    """Scenario by outcome: mean paired difference; the sheets hold the intervals."""
    columns = (Column(tr("outcome")), *(Column(name, TEXT) for name in found))
    labels = dict.fromkeys((f.outcome, f.label) for own in found.values() for f in own)
    by = {name: {f.outcome: f for f in own} for name, own in found.items()}
    rows = tuple((tr(label), *(_said(by[name].get(outcome)) for name in found)) for outcome, label in labels)
    return Grid("scenarios", tr("Mean difference from the counterfactual, and its direction"), columns, rows)


def _said(finding: Finding | None) -> str:
    return "-" if finding is None else f"{signed(finding.difference)} ({tables.direction(finding)})"


def _questions(found: Found, runs: Sequence[Run]) -> list[Block]:
    columns = (Column(tr("scenario")), Column(tr("question")), Column(tr("window")))
    rows = tuple(
        (name, tr(str(run.manifest.get("question") or "-")), tr(own[0].window) if own else "-")
        for (name, own), run in zip(found.items(), runs, strict=True)
    )
    return [Grid("questions", tr("What each scenario asks"), columns, rows)]


def _appendix(found: Found, runs: Sequence[Run]) -> list[Block]:
    columns = (Column(tr("scenario")), *tables.finding_columns())
    rows: tuple[tuple[Any, ...], ...] = tuple(
        (name, *tables.finding_row(f)) for name, own in found.items() for f in own
    )
    grid = Grid("differences", tr("All headline outcomes of all scenarios"), columns, rows, folded=True)
    commands = [Code(command(run.folder)) for run in runs]
    return [grid, Words(tr("These commands make the runs again:")), *commands, _standard(found)]


def _standard(found: Found) -> Grid:
    columns = (Column(tr("outcome")), *(Column(name, SIGNED) for name in found))
    labels = dict.fromkeys((f.outcome, f.label) for own in found.values() for f in own)
    by = {name: {f.outcome: f.standardised for f in own} for name, own in found.items()}
    rows = tuple((tr(label), *(by[name].get(outcome) for name in found)) for outcome, label in labels)
    heading = tr("Standardised change: mean difference in standard deviations of the counterfactual")
    return Grid("standardised", heading, columns, rows, folded=True)
