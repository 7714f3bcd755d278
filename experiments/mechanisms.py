"""Mechanisms: what each of them adds, from runs with and without it that share all chance.

``python -m experiments.mechanisms`` runs a scenario as it is, and once more for each mechanism with that mechanism
switched off (``others=true``: and with each rival form), side by side as arms of one experiment.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import comparison
from experiments.command_line import answered
from experiments.layout import Coordinates
from experiments.outcomes import OUTCOMES
from experiments.settings import Settings
from experiments.store import Store
from experiments.summary import NOTE, Table, number
from experiments.values import CONF, digest, nearest
from scenarios.build import Arm, Setup, build
from scenarios.mechanisms import OFF, STANDARD, Option, load_option, mechanisms

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "mechanism_effects.md"
FIGURE = ROOT / "docs" / "figures" / "mechanism_effects.png"
REPLICATES = 60
USAGE = f"""Show what each mechanism adds: outcomes with it and without it, paired.

usage: python -m experiments.mechanisms [scenario=NAME] [only=NAME,NAME] [others=true] [KEY=VALUE ...] [--markdown]

  scenario=NAME   whose history is run (historical)
  only=NAME,NAME  only these mechanisms, folders of conf/mechanism
  others=true     also the rival forms, each in place of the standard
  KEY=VALUE       as for experiments.run, such as replicates={REPLICATES} (the default), workers=2, output=runs
  --markdown      also write docs/mechanism_effects.md and its figure

Stored replicates are used; an interrupted command goes on where it was."""
INTRODUCTION = """# What each mechanism adds

`{scenario}` with each mechanism switched off{others}, minus the same history with all of them: paired differences over
the whole run, clear where 90 % of pairs leave out zero. {replicates} replicates, seed {seed}; with and without share
all chance. Written by `python -m experiments.mechanisms --markdown`. A mechanism that changes little here may matter
in another scenario. The transnational index is an ordinal index, not a probability. """
SHOWN = (
    "deaths", "civilians", "attacks_jnim", "attacks_issp", "people_jnim", "people_issp", "clashes_jnim_issp",
    "bases_overrun", "littoral_attacks", "displaced", "transnational_jnim", "transnational_issp",
)  # fmt: skip
"""Outcomes of the page and the figure; the table on disk holds all."""


@dataclass(frozen=True)
class Experiment:
    """Options of mechanisms as arms beside the standard.

    Attributes:
        settings: of the run.
        options: one arm each; the first arm is the standard.
        setup: computes blocks of all arms.
    """

    settings: Settings
    options: tuple[Option, ...]
    setup: Setup

    @property
    def folder(self) -> Path:
        """Where its replicates are stored."""
        mark = digest([self.settings.results, [arm.name for arm in self.setup.arms]])
        return self.settings.output / f"mechanisms-{self.settings.scenario}-{mark[:8]}"

    @property
    def fingerprint(self) -> str:
        """What the stored replicates depend on."""
        from experiments.manifest import fingerprint

        return digest([fingerprint(self.settings), [[arm.name, dict(arm.parameters)] for arm in self.setup.arms]])


def main(words: Sequence[str]) -> int:
    """Run, print and write; returns the exit code."""
    return answered(words, USAGE, _command, ("only", "others"))


def _command(words: Sequence[str]) -> int:
    from experiments.composing import composed

    mine = ("only=", "others=", "--markdown")
    only = [name for word in words if word.startswith("only=") for name in word[5:].split(",")]
    rest = [word for word in words if not word.startswith(mine)]
    others = "others=true" in words
    settings = composed(["scenario=historical", "scenario.counterfactual=null", f"replicates={REPLICATES}", *rest])
    ready = experiment(settings, selected(only, others=others))
    frame = effects(ready)
    settings.output.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(ready.folder / "effects.parquet", index=False)
    frame.to_csv(ready.folder / "effects.csv", index=False)
    print("\n\n".join(shown.text() for shown in tables(frame)))
    page, figure = _written(ready, frame, others=others), ready.folder / "effects.png"
    targets = [(ready.folder / "effects.md", figure)] + ([(PAGE, FIGURE)] if "--markdown" in words else [])
    for text, picture in targets:
        link = picture.relative_to(text.parent).as_posix()
        text.write_text(page.replace("FIGURE", link), encoding="utf-8")
        draw(frame, settings, picture)
    print(f"\nfolder: {ready.folder}")
    return 0


def selected(only: Sequence[str], *, others: bool, conf: Path = CONF) -> tuple[Option, ...]:
    """The options to compare with the standard: `off` of each mechanism, and rival forms if `others`.

    Raises:
        ValueError: a mechanism is unknown, or there is none; one line.
    """
    known = mechanisms(conf)
    for name in only:
        if name not in known:
            raise ValueError(f"unknown mechanism '{name}', expected one of: {', '.join(known)}{nearest(name, known)}")
    names = [(m, o) for m, options in known.items() for o in options if o == OFF or (others and o != STANDARD)]
    found = tuple(load_option(m, o, conf) for m, o in names if not only or m in only)
    if not found:
        raise ValueError("no option to compare with the standard, expected such as conf/mechanism/pressure/off.yaml")
    return found


def experiment(settings: Settings, options: tuple[Option, ...]) -> Experiment:
    """The arms of an experiment: the standard, then each option."""
    from experiments.building import case_of

    history = settings.scenario
    arms = [Arm(STANDARD, history)]
    arms += [Arm(f"{option.mechanism}={option.name}", history, option.parameters) for option in options]
    case = replace(case_of(settings), histories=(history,), arms=tuple(arms))
    return Experiment(settings, options, build(case))


def effects(ready: Experiment) -> pd.DataFrame:
    """Paired differences of each arm from the standard, one row for each option and outcome over the whole run."""
    store, replicates = stored(ready), ready.settings.replicates
    values = comparison.outcomes(store, replicates, None)
    frames = []
    for option, arm in zip(ready.options, ready.setup.arms[1:], strict=True):
        found = comparison.differences(values, (arm.name, STANDARD))
        found.insert(0, "option", option.name)
        found.insert(0, "mechanism", option.mechanism)
        frames.append(found.rename(columns={"baseline_mean": "standard_mean", "scenario_mean": "option_mean"}))
    return pd.concat(frames, ignore_index=True)


def stored(ready: Experiment) -> Store:
    """The store with all replicates; what is missing is simulated."""
    from experiments.building import coordinates
    from experiments.ensemble import complete
    from experiments.lock import locked

    settings, names = ready.settings, coordinates(ready.setup)
    with locked(ready.folder):
        store = Store(ready.folder, names, ready.fingerprint, settings.workers)
        complete(ready.setup, store, settings.replicates, settings.workers, _block(settings, names))
    return store


def _block(settings: Settings, names: Coordinates) -> int:
    """Replicates at once: as many lanes as a run of two histories has, so that memory stays what it is."""
    return max(1, 2 * settings.block // len(names.history))


def tables(frame: pd.DataFrame) -> list[Table]:
    """One table for each outcome that is shown: standard, option, median difference, 90 % of pairs."""
    columns = ("", "standard", "option", "median difference", "90 % of pairs", "clear")
    shown = [o for o in OUTCOMES if o.name in SHOWN and (frame["outcome"] == o.name).any()]
    return [Table(f"{o.label} ({o.unit})", columns, tuple(_line(row) for row in _rows(frame, o.name))) for o in shown]


def _rows(frame: pd.DataFrame, outcome: str) -> list[dict[Any, Any]]:
    return frame[frame["outcome"] == outcome].to_dict("records")


def _line(row: dict[Any, Any]) -> tuple[str, ...]:
    between = f"{number(row['q05'])} to {number(row['q95'])}"
    numbers = (number(row["standard_mean"]), number(row["option_mean"]), number(row["q50"]))
    return (f"{row['mechanism']}={row['option']}", *numbers, between, "yes" if row["q05"] > 0 or row["q95"] < 0 else "")


def _written(ready: Experiment, frame: pd.DataFrame, *, others: bool) -> str:
    settings = ready.settings
    head = INTRODUCTION.format(
        scenario=settings.scenario,
        others=" or swapped for a rival form" if others else "",
        replicates=settings.replicates,
        seed=settings.seed,
    )
    parts = [head + NOTE, "![Paired differences by mechanism and outcome](FIGURE)"]
    parts += ["## Options", "\n".join(_told(ready.options)), "## Numbers"]
    parts += [shown.markdown() for shown in tables(frame)]
    return "\n\n".join(parts) + "\n"


def _told(options: Sequence[Option]) -> Iterator[str]:
    for option in options:
        sources = f" ({', '.join(option.source)})" if option.source else ""
        yield f"- `mechanism/{option.mechanism}={option.name}`: {option.title}{sources}"


def draw(frame: pd.DataFrame, settings: Settings, path: Path) -> None:
    """Write the figure: one panel for each outcome, one dot and interval for each option."""
    from experiments.figures.mechanisms import effects_plate
    from experiments.figures.style import save

    path.parent.mkdir(parents=True, exist_ok=True)
    save(effects_plate(frame, SHOWN, settings), path, 150)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
