"""What a briefing of one run says, in the language in use, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments.briefing import evidence, findings, histories, sentences, tables
from experiments.briefing.document import Block, Code, Document, Grid, Points, Section, Words
from experiments.briefing.evidence import Given
from experiments.briefing.findings import CLEAR, FEW, NONE, Finding
from experiments.briefing.histories import Line, Told
from experiments.briefing.pictures import Frames, Picture
from experiments.briefing.reproducing import command
from experiments.briefing.wording import between, lowered, semicolons
from experiments.figures import words
from experiments.figures.catalogue import SECTIONS
from experiments.figures.reading import Run
from experiments.language import spoken, tr


@dataclass(frozen=True)
class Material:
    """All that a briefing is made of.

    Attributes:
        run: the finished run.
        told: its histories as text; none in an old folder.
        found: its findings; none without a counterfactual.
        pictures: that were drawn.
        frames: of the animated map; None where there is one date.
        given: evidence that the user named.
    """

    run: Run
    told: tuple[Told, ...]
    found: tuple[Finding, ...]
    pictures: tuple[Picture, ...]
    frames: Frames | None
    given: Given


def material(run: Run, pictures: Sequence[Picture], frames: Frames | None, given: Given) -> Material:
    """Gather what a run folder holds."""
    found = tuple(findings.findings(run)) if run.paired else ()
    return Material(run, histories.histories(run.folder), found, tuple(pictures), frames, given)


def briefing(of: Material) -> Document:
    """The whole briefing of a run."""
    sections = (
        Section("bottom-line", tr("Bottom line"), tuple(_bottom_line(of))),
        Section("question", tr("The question and the two histories"), tuple(_question(of))),
        *_pictures(of),
        Section("drivers-of-answer", tr("What drives the answer"), tuple(_drivers(of))),
        Section("doubts", tr("What would change it"), tuple(_doubts(of))),
        Section("record", tr("How wrong the model has been"), evidence.record(of.run.folder, of.given)),
        Section("method", tr("Method, limits, responsible use"), tuple(_method(of))),
        Section("appendix", tr("Appendix: all outcomes, and how to make this again"), tuple(_appendix(of))),
    )
    return Document(
        title=titled(str(of.run.manifest.get("title") or of.run.named(of.run.histories[0]))),
        subtitle=_subtitle(of),
        question=tr(str(of.run.manifest.get("question") or "")),
        sections=sections,
        stamp=of.run.stamp,
        language=spoken(),
        sheets=(tables.bands(), *tables.further(of.run)),
        titles=sentences.slide_titles(of.pictures, of.found),
    )


def titled(title: str) -> str:
    """A title of a scenario; what was added to it or left out stays as it was named."""
    base, comma, more = title.partition(", with ")
    if tr(title) != title or not comma:
        return tr(title)
    return tr("{title}, with {more}", title=tr(base), more=more)


def _subtitle(of: Material) -> str:
    if not of.run.paired:
        return tr("One history, without a counterfactual")
    other = of.told[1].title if len(of.told) > 1 else of.run.named(of.run.histories[1])
    return tr("Compared with: {other}", other=titled(other))


def _bottom_line(of: Material) -> list[Block]:
    run = of.run
    if not run.paired:
        said = sentences.lone_bottom_line(tables.lone_means(run)[:4], run.named(run.histories[0]))
        return [Words(sentence, "lead") for sentence in said]
    lead: list[Block] = [Words(sentence, "lead") for sentence in sentences.bottom_line(of.found)]
    note = (
        "A share of pairs is the share of replicates in which both histories, drawn with the same chance, "
        "differ in that direction. It is no chance of the event in the world."
    )
    return [*lead, tables.main_table(of.found), Words(tr(note), "note"), Words(tables.bands_told(), "note")]


def _question(of: Material) -> list[Block]:
    blocks: list[Block] = [Words(tr(str(of.run.manifest.get("question") or "")), "lead")]
    if not of.told:
        return blocks
    if len(of.told) == 1:
        return [*blocks, *_one_history(of.told[0])]
    scenario, other = of.told[:2]
    for mine, theirs in ((scenario, other), (other, scenario)):
        own = mine.beside(theirs)
        heading = tr("Only in: {title}", title=titled(mine.title))
        blocks.append(Points(_lines(own) or (tr("Nothing that the other history does not have."),), heading))
    shared = [line for line in scenario.lines if line not in scenario.beside(other)]
    heading = tr("In both histories: {count} events and rules", count=len(shared))
    return [*blocks, *([Points(_lines(shared), heading, folded=True)] if shared else [])]


def _one_history(told: Told) -> list[Block]:
    heading = tr("Events and rules of the history: {count}", count=len(told.lines))
    return [Points(_lines(told.lines), heading, folded=True)] if told.lines else [Words(tr("Nothing is imposed."))]


def _lines(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(_line(line) for line in lines)


def _line(line: Line) -> str:
    more = " " + tr("(Before the start of the run.)") if line.before else ""
    return line.told() + more


def _pictures(of: Material) -> list[Section]:
    found = []
    for name in (section for section in SECTIONS if section != "drivers"):
        blocks: list[Block] = [of.frames] if name == "terrain" and of.frames else []
        blocks += [picture for picture in of.pictures if picture.section == name]
        if blocks:
            found.append(Section(f"pictures-{name}", words.section(name), tuple(blocks)))
    return found


def _drivers(of: Material) -> list[Block]:
    path = of.run.folder / "tables" / "sensitivity.parquet"
    table = pd.read_parquet(path) if path.is_file() else None
    pictures = [picture for picture in of.pictures if picture.section == "drivers"]
    blocks = list(evidence.drivers(table, of.found, str(of.run.folder)))
    return [
        *pictures,
        *blocks,
        Words(tr("What the scenario assumes, and so can't tell: {text}", text=_cannot_tell(of))),
    ]


def _cannot_tell(of: Material) -> str:
    return tr(str(of.run.manifest.get("cannot_tell") or "-"))


def _doubts(of: Material) -> list[Block]:
    if not of.run.paired:
        return [Words(tr("Without a counterfactual there is no answer that could change."))]
    unsure = [f for f in of.found if f.verdict not in (CLEAR, FEW) and f.unsure]
    dead = [f for f in of.found if f.scenario == 0 and f.baseline == 0]
    blocks: list[Block] = []
    if unsure:
        heading = tr("The middle 90 % of pairs hold both signs: another draw of chance may turn these around")
        blocks.append(Points(tuple(_spread(f) for f in unsure), heading))
    if dead:
        names = semicolons([lowered(tr(f.label)) for f in dead])
        blocks.append(Words(tr("Never happens in either history, so nothing can be said of: {names}.", names=names)))
    none = sum(f.verdict == NONE for f in of.found)
    blocks.append(Words(tr("No clear difference shows in {none} of {all} outcomes.", none=none, all=len(of.found))))
    return [
        *blocks,
        Words(
            tr(
                "Rules that rival schools dispute can be exchanged; an answer that keeps its sign under "
                "them is worth more."
            )
        ),
    ]


def _spread(finding: Finding) -> str:
    return f"{tr(finding.label)}: {between(finding.low, finding.high)}"


METHOD = (
    (
        "An agent-based simulation of organisations, armed groups, forces and communities in cells of half a degree, "
        "week by week. Each replicate runs both histories on the same draws of chance, and their difference is taken "
        "within the pair."
    ),
    (
        "An interval holds the model's own chance and the doubt about starting strengths (unless the run says "
        "otherwise), and no doubt about its rules."
    ),
)
LIMITS = (
    "The model is plausible, not proven: read directions and orders of magnitude, not decimals.",
    (
        "Zones of control are classes of a model, not findings on the ground. Nothing finer than a cell of about 55 km "
        "can be read out of it."
    ),
    "Threat indices are ordinal: they rank, and are never a probability.",
    "Data on conflict count what is reported; deaths in remote places are known least.",
)
USE = (
    "For comparing courses of action at the level of strategy, for teaching and for research.",
    "Not for tactical or operational use, not for targeting, not about persons, and no judgement on any community.",
    "No threshold on a number should trigger an action without people who know the place.",
    "Model output, not a forecast.",
)


def _method(of: Material) -> list[Block]:
    return [
        *(Words(tr(text)) for text in METHOD),
        Points(tuple(tr(text) for text in LIMITS), tr("Limits")),
        Points(tuple(tr(text) for text in USE), tr("Responsible use")),
        Words(of.run.stamp, "note"),
    ]


def _appendix(of: Material) -> list[Block]:
    blocks: list[Block] = list(tables.all_outcomes(of.run))
    return [
        *blocks,
        Words(tr("This command makes the run again, at the same commit and with the same versions:")),
        Code(command(of.run.folder)),
        Words(tr("And this one the briefing:")),
        Code(f"python -m experiments.brief run={of.run.folder}" + (" language=fr" if spoken() == "fr" else "")),
        *made_by(of.run),
    ]


def made_by(run: Run) -> list[Grid]:
    """What made a run: its stamp, versions and the hashes of its data."""
    about: dict[str, Any] = run.manifest
    keys = ("scenario", "config_hash", "fingerprint", "commit", "seed", "replicates", "start", "weeks", "change")
    rows = [(tr(key.replace("_", " ")), str(about.get(key))) for key in keys if about.get(key) is not None]
    versions = [(name, str(version)) for name, version in (about.get("versions") or {}).items()]
    hashes = [(name, str(digest)) for name, digest in (about.get("data") or {}).items()]
    return [tables.pairs("stamp", tr("Stamp"), rows), tables.pairs("versions", tr("Versions"), versions, folded=True),
            tables.pairs("data", tr("Hashes of the data (SHA-256)"), hashes, folded=True)]  # fmt: skip
