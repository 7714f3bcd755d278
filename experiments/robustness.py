"""Robustness: ``python -m experiments.robustness [scenario=NAME,NAME] [replicates=24]``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from tqdm import tqdm

from experiments.command_line import answered
from experiments.expected import SHARE, Expectation, read_expectations
from experiments.settings import Settings
from experiments.values import CONF, nearest

if TYPE_CHECKING:
    from experiments.variants import Pair, Variant
    from experiments.verdicts import About

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "robustness.md"
FIGURE = ROOT / "docs" / "figures" / "robustness.png"
REPLICATES = 24
USAGE = f"""Ask which results of the what-ifs survive posterior draws of parameters and rival structures.

usage: python -m experiments.robustness [scenario=NAME,NAME] [only=MECHANISM,MECHANISM] [forms=rival] [KEY=VALUE ...]
       [--markdown]

  scenario=NAME,NAME   what-ifs; all that have a counterfactual if left out
  only=NAME,NAME       rival forms of these mechanisms alone; none for no rival forms
  forms=rival          without the form off, which takes a mechanism away; all if left out
  draws_from=posterior where posterior draws come from (parameters=...); none leaves them out
  KEY=VALUE            as for experiments.run, such as replicates={REPLICATES} (the default), workers=2, output=runs
  --markdown           also write docs/robustness.md and its figure

What was computed is used again; an interrupted command goes on where it was."""

KEYS = {"scenario": "", "only": "", "forms": "all", "draws_from": "posterior"}
FORMS = ("all", "rival")


@dataclass(frozen=True)
class Study:
    """What was asked for.

    Attributes:
        scenarios: what-ifs.
        only: mechanisms whose rival forms are run; None for no rival form.
        forms: "all", or "rival" for all but the form off.
        source: value of `parameters` for posterior draws; empty for none.
        words: other settings.
    """

    scenarios: tuple[str, ...]
    only: tuple[str, ...] | None
    forms: str
    source: str
    words: tuple[str, ...]

    def settings(self, scenario: str, *more: str) -> Settings:
        """Settings of one what-if."""
        from experiments.composing import composed

        return composed([f"replicates={REPLICATES}", *self.words, f"scenario={scenario}", *more])


def main(words: Sequence[str]) -> int:
    """Run, print and write; returns the exit code."""
    return answered(words, USAGE, _command, KEYS)


def _command(words: Sequence[str]) -> int:
    from experiments.verdicts import page, tables, verdicts

    begun = time.perf_counter()
    asked = read([word for word in words if word != "--markdown"])
    settings = asked.settings(asked.scenarios[0])
    frame, absent = computed(asked)
    found = verdicts(frame)
    folder = settings.output / "robustness"
    for name, table in (("variants", frame), ("robustness", found)):
        table.to_csv(folder / f"{name}.csv", index=False)
    print("\n\n".join(table.text() for table in tables(found, frame)))
    text = page(found, frame, settings, about(asked, absent), time.perf_counter() - begun)
    targets = [(folder / "robustness.md", folder / "robustness.png")]
    for target, picture in targets + ([(PAGE, FIGURE)] if "--markdown" in words else []):
        target.write_text(text.replace("FIGURE", picture.relative_to(target.parent).as_posix()), encoding="utf-8")
        draw(frame, settings, picture)
    survived = int(found["survives"].sum())
    print(f"\nfolder: {folder}\nsigns that survive every variant: {survived} of {len(found)}{absent and '; ' + absent}")
    return 0


def read(words: Sequence[str]) -> Study:
    """The command line.

    Raises:
        ValueError: a scenario or mechanism is unknown or has no counterfactual; one line.
    """
    from scenarios.mechanisms import mechanisms

    given = [word.partition("=") for word in words]
    own = KEYS | {key: said for key, _, said in given if key in KEYS}
    rest = tuple(f"{key}={said}" for key, _, said in given if key not in KEYS)
    known, listed = what_ifs(), mechanisms(CONF)
    chosen = tuple(filter(None, own["scenario"].split(","))) or known
    only = tuple(filter(None, own["only"].split(",")))
    for name in chosen:
        if name not in known:
            told = f"expected what-ifs with a counterfactual: {', '.join(known)}"
            raise ValueError(f"scenario '{name}' can't be compared, {told}{nearest(name, known)}")
    for name in only:
        if name not in listed and name != "none":
            raise ValueError(f"unknown mechanism '{name}', expected one of: {', '.join(listed)}{nearest(name, listed)}")
    if own["forms"] not in FORMS:
        told = f"expected one of: {', '.join(FORMS)}{nearest(own['forms'], FORMS)}"
        raise ValueError(f"forms is '{own['forms']}', {told}")
    some = None if only == ("none",) else only
    return Study(chosen, some, own["forms"], own["draws_from"].removeprefix("none"), rest)


def what_ifs() -> tuple[str, ...]:
    """Scenarios that ship with a counterfactual, without the one that shows how to write one."""
    import yaml

    told = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (CONF / "scenario").glob("*.yaml")}
    return tuple(n for n in sorted(told) if (told[n] or {}).get("counterfactual") and n != "build_your_own")


def computed(asked: Study) -> tuple[pd.DataFrame, str]:
    """One row for each scenario, number and variant; and why posterior draws are absent, if they are."""
    from experiments.study import compile_once
    from experiments.variants import Pair

    listed = read_expectations()
    compile_once(asked.settings(asked.scenarios[0]).workers)
    rows: list[dict[str, Any]] = []
    absent = ""
    with tqdm(total=len(asked.scenarios), unit=" what-ifs", file=sys.stderr) as bar:
        for scenario in asked.scenarios:
            mine = [e for e in listed if e.treatment == scenario]
            settings = asked.settings(scenario)
            variants, absent = of_scenario(asked, settings)
            rows += _of_pair(Pair(settings, mine), variants, mine, settings.output / "robustness" / "values")
            bar.update()
    return pd.DataFrame(rows), absent


def of_scenario(asked: Study, settings: Settings) -> tuple[list[Variant], str]:
    """The default, posterior draws where there are any, and rival forms; and why there are no draws."""
    from experiments.variants import DEFAULT, POSTERIOR, Variant, rivals

    found, absent = [Variant(DEFAULT, DEFAULT, settings)], ""
    if asked.source:
        try:
            drawn = asked.settings(settings.scenario, f"parameters={asked.source}")
            found.append(Variant(POSTERIOR, POSTERIOR, drawn))
        except ValueError as mistake:
            absent = f"posterior draws are left out: {mistake}"
    if asked.only is None:
        return found, absent
    return found + rivals(settings, asked.only, off=asked.forms == "all"), absent


def _of_pair(
    pair: Pair, variants: Sequence[Variant], expectations: Sequence[Expectation], folder: Path
) -> Iterator[dict[str, Any]]:
    """Rows of all variants of one scenario."""
    from experiments.comparison import paired
    from experiments.variants import described

    named = {e.id: e for e in expectations}
    for variant in tqdm(variants, unit=" variants", leave=False, delay=2, file=sys.stderr):
        values = dict(iter(pair.values(variant, folder).groupby("name", sort=False)))
        for asked in pair.asked:
            scenario, baseline = (values[asked.name][c].to_numpy() for c in ("scenario", "counterfactual"))
            name, _, number = asked.name.partition("/")
            agree = float(named[name].measures[int(number)].agrees(scenario, baseline).mean()) if number else None
            about = {"scenario": variant.settings.scenario, "name": asked.name, **described(asked, named)}
            told = {"variant": variant.name, "kind": variant.kind, "agree": agree}
            yield about | told | paired(scenario, baseline)


def about(asked: Study, absent: str) -> About:
    """What the page says of what was asked."""
    from experiments.verdicts import About

    own = {"only": ",".join(asked.only or ()) if asked.only is not None else "none", "forms": asked.forms}
    words = [f"{key}={said}" for key, said in own.items() if said != KEYS[key]]
    return About(" ".join([*words, "--markdown"]), absent, off=asked.only is not None and asked.forms == "all")


def draw(frame: pd.DataFrame, settings: Settings, path: Path) -> None:
    """Write the figure: what-ifs against variants, the share of clear signs that each variant keeps."""
    from experiments.figures.robustness import robustness_plate
    from experiments.figures.style import save
    from experiments.verdicts import kept

    path.parent.mkdir(parents=True, exist_ok=True)
    save(robustness_plate(kept(frame), SHARE, replace(settings, scenario="all")), path, 150)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
