"""The bottom line and the titles of slides: sentences made from findings, with words tied to bands of probability."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.briefing import findings
from experiments.briefing.findings import CLEAR, FEW, LEANING, NONE, ORDINAL, PROBABILITY, Finding
from experiments.briefing.pictures import Picture
from experiments.briefing.wording import between, likelihood, listed, lowered, percent, semicolons, shown, signed
from experiments.language import tr

TOLL = ("deaths", "civilians")
"""Outcomes that the second sentence always tells."""

MOST = 3
"""Changes that the first sentence names."""


def bottom_line(found: Sequence[Finding]) -> tuple[str, str, str]:
    """Three sentences: what changes most clearly, what it means for lives, how sure all this is."""
    return _most(found), _toll(found), _sureness(found)


def _most(found: Sequence[Finding]) -> str:
    if found and found[0].verdict == FEW:
        template = (
            "Only {pairs} pair(s) of replicates were run, too few to say how likely a difference is; run it "
            "again with replicates=200 or more."
        )
        return tr(template, pairs=found[0].pairs)
    clear, window = findings.strongest(found)[:MOST], tr(found[0].window) if found else ""
    if clear:
        return tr("{window}, these change most clearly: {changes}.", window=_start(window), changes=_changes(clear))
    leaning = findings.strongest(found, LEANING)[:MOST]
    if leaning:
        template = "{window}, no outcome changes clearly; these lean to one side: {changes}."
        return tr(template, window=_start(window), changes=_changes(leaning))
    return tr("{window}, no outcome shows a clear difference.", window=_start(window))


def _start(window: str) -> str:
    return tr("Over the {window}", window=window)


def _changes(some: Sequence[Finding]) -> str:
    return semicolons([change(finding) for finding in some])


def change(finding: Finding) -> str:
    """One change inside a sentence: what, which way, how likely, how large."""
    way = tr("up") if finding.difference > 0 else tr("down")
    about = {"what": lowered(tr(finding.label)), "way": way}
    if finding.unit == PROBABILITY:
        chances = {"scenario": percent(finding.scenario), "baseline": percent(finding.baseline)}
        return tr("{what}: {way}, {scenario} instead of {baseline}", **about, **chances)
    sure = {"likely": likelihood(finding.agree), "share": percent(finding.agree)}
    if finding.unit == ORDINAL:
        return tr("{what}: {way}, {likely} ({share} of pairs)", **about, **sure)
    return tr("{what}: {way}, {likely} ({share} of pairs; {sizes})", **about, **sure, sizes=sizes(finding))


def sizes(finding: Finding) -> str:
    """The two means, one beside the other."""
    unit = "\N{NO-BREAK SPACE}km²" if finding.unit == "km2" else ""
    values = {"scenario": shown(finding.scenario) + unit, "baseline": shown(finding.baseline) + unit}
    if values["scenario"] == values["baseline"]:
        return tr("{difference} on {baseline}", difference=signed(finding.difference), baseline=values["baseline"])
    return tr("{scenario} instead of {baseline}", **values)


def _toll(found: Sequence[Finding]) -> str:
    parts = [_lives(finding) for finding in findings.about(found, *TOLL)]
    if not parts:
        return tr("The run tells nothing of deaths.")
    return tr("The toll: {parts}.", parts=semicolons(parts))


def _lives(finding: Finding) -> str:
    if finding.verdict in (CLEAR, LEANING):
        return change(finding)
    about = {"what": lowered(tr(finding.label)), "sizes": sizes(finding)}
    spread = between(finding.low, finding.high)
    if finding.verdict == FEW:
        return tr("{what}: {sizes}", **about)
    template = "{what}: no clear difference ({sizes}; 90 % of pairs differ by {spread})"
    return tr(template, **about, spread=spread)


def _sureness(found: Sequence[Finding]) -> str:
    counts = {verdict: sum(f.verdict == verdict for f in found) for verdict in (CLEAR, LEANING, NONE)}
    if found and found[0].verdict == FEW:
        return tr("What is shown below are averages of these few pairs, not findings.")
    template = (
        "Of {all} headline outcomes {clear} change clearly, {leaning} lean to one side and {none} show no clear "
        "difference; these likelihoods are the model's own, under its assumptions, and hold no doubt about its "
        "rules."
    )
    return tr(template, all=len(found), **counts)


def lone_bottom_line(rows: Sequence[tuple[str, float]], history: str) -> tuple[str, str, str]:
    """Three sentences for a run without counterfactual: labels and means of outcomes over the whole run."""
    values = listed([f"{lowered(tr(label))} {shown(value)}" for label, value in rows])
    return (
        tr("This run holds one history, {history}, so it can't say what a decision changes.", history=history),
        tr("Over the whole run, on average: {values}.", values=values),
        tr(
            "These are levels of a model, which are known less well than differences; run a scenario with a "
            "counterfactual to compare."
        ),
    )


SUBJECTS = {
    "terrain": ("area_", "people_"),
    "change": ("area_", "people_"),
    "violence": ("deaths", "civilians", "attacks_"),
    "threat": ("capital_", "littoral_", "bases_", "large_", "transnational_", "complex_", "coup", "displaced"),
}
"""Beginnings of the names of outcomes that the pictures of a section bear on."""

NARROWER = {"attacks": ("attacks_",), "deaths": ("deaths", "civilians"), "people": ("people_",), "area": ("area_",)}
"""The same for pictures whose name holds a word."""

ACTORS = ("jnim", "issp", "csp")

OVERVIEWS = ("ranking", "differences")
"""Pictures of everything, which no single finding is the title of."""


def slide_titles(pictures: Sequence[Picture], found: Sequence[Finding]) -> dict[str, str]:
    """Titles that say a finding, by name of the main pictures; no finding is told twice."""
    titles: dict[str, str] = {}
    told: set[str] = set()
    for picture in (p for p in pictures if p.main and p.name.split("_")[0] not in OVERVIEWS):
        mine = [f for f in _bearing(picture, found) if f.outcome not in told]
        if mine and mine[0].verdict != FEW:
            told.add(mine[0].outcome)
            titles[picture.name] = headline(mine[0])
    return titles


def _bearing(picture: Picture, found: Sequence[Finding]) -> list[Finding]:
    """Findings that a picture bears on, the surest and strongest first; those of its actor, if it has one."""
    words = set(picture.name.split("_"))
    narrower = [stems for word, stems in NARROWER.items() if word in words]
    stems = narrower[0] if narrower else SUBJECTS.get(picture.section, ())
    actors = [actor for actor in ACTORS if actor in words and picture.section in ("terrain", "change")]
    mine = [f for f in found if stems and f.outcome.startswith(stems)]
    mine = [f for f in mine if f.outcome.split("_")[-1] in actors] if len(actors) == 1 else mine
    rest = [f for f in mine if f.verdict not in (CLEAR, LEANING)]
    return [*findings.strongest(mine), *findings.strongest(mine, LEANING), *rest]


def headline(finding: Finding) -> str:
    """A finding as a title."""
    label = tr(finding.label)
    if finding.verdict == NONE:
        return tr("{label}: no clear difference", label=label)
    said = change(finding)
    return said[:1].upper() + said[1:]
