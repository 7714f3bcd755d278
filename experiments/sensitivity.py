"""Sensitivity: what drives the answer, from runs that change one assumption at a time and share all chance.

The answer is the paired difference of scenario and counterfactual (without a counterfactual: the
outcome itself). It is asked for again with each number of `LEVERS` low and high and with each mechanism
switched off, in the same replicates:

    change = (scenario - counterfactual)[changed] - (scenario - counterfactual)[as it is]

Low and high are half and twice the standard value within its range; a number whose range crosses zero
moves by a quarter of the range. One at a time says nothing of interactions (Saltelli et al. 2008,
*Global Sensitivity Analysis*, chapter 2).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml

from experiments import comparison
from experiments.command_line import answered
from experiments.mechanisms import Experiment, selected, stored
from experiments.outcomes import OUTCOMES
from experiments.parameters import Row, listed
from experiments.settings import Settings
from experiments.tables import write_table
from experiments.values import digest, nearest
from scenarios.build import Arm, build
from scenarios.mechanisms import Option, joined

REPLICATES = 12
BASE = "as it is"
LOW, HIGH = "low", "high"
USAGE = f"""Show what drives the answer of a scenario: assumptions changed one at a time, in the same replicates.

usage: python -m experiments.sensitivity [scenario=NAME | run=FOLDER] [only=NAME,NAME] [KEY=VALUE ...]

  scenario=NAME   whose answer is asked for (french_withdrawal)
  run=FOLDER      the scenario, seed and settings of a finished run; its tables get the result
  only=NAME,NAME  only these: parameters such as encounters.rate, mechanisms such as pressure
  KEY=VALUE       as for experiments.run, such as replicates={REPLICATES} (the default), workers=2, output=runs

Stored replicates are used; an interrupted command goes on where it was."""

LEVERS: Mapping[str, str] = {
    "encounters.rate": "How often armed sides meet",
    "base_assaults.rate": "Readiness to assault bases",
    "civilians.rate": "Violence against civilians",
    "recruitment.rate": "Recruitment by armed groups",
    "recruitment.grievance": "Recruits out of grievance",
    "mobilisation.rate": "Recruitment by militias",
    "relations.drift": "Pace of relations among jihadists",
    "relations.overlap": "Rivalry of jihadists over ground",
    "relations.draw": "Effort that jihadists' war ties down",
    "pressure.strike_rate": "Air strikes",
    "pressure.ground": "Pressure by troops on the ground",
    "governance.build": "Growth of armed groups' rule",
    "economy.gold": "Gold income",
    "attitudes.compliance": "Support that follows control",
    "control.consent": "Weight of consent in control",
    "state_forces.patrol": "Patrols by armies",
    "displacement.most": "Flight of people",
    "backfire.harm": "Backfire of harm done by forces",
}
"""Parameters that are changed, and what they are called in figures."""

OFF: Mapping[str, str] = {
    "backfire": "Harm and fear move nobody",
    "borderlands": "No probes across borders",
    "capability": "Skills stay as they were",
    "coalitions": "Coalitions neither share nor break",
    "coordination": "Jihadists and ex-rebels each alone",
    "deterrence": "Peacekeepers deter nobody",
    "displacement": "Nobody flees or returns",
    "governance": "Governance stays as it was",
    "grievance": "Grievance brings no recruits",
    "mobilisation": "No militia forms",
    "negotiation": "Nobody talks",
    "pressure": "Nobody hunts from the air",
    "protection": "Nobody looks for a protector",
    "rebels": "Peace accords are frozen",
    "restraint": "No restraint at capitals",
    "rivalry": "Jihadists' stances never drift",
    "states": "Governments neither gain nor fall",
    "violence": "Nobody attacks civilians",
    "war_economy": "No income but taxes",
}
"""What a mechanism that is switched off is called in figures."""

FOLDED = 2.0
"""Low and high are the standard value over and times this."""


class Change(NamedTuple):
    """One assumption that is changed."""

    name: str  # process.parameter, or the mechanism
    label: str  # for people
    setting: str  # low, high, or the option
    value: str
    unit: str
    source: str
    parameters: dict[str, dict[str, float | str]]


@dataclass(frozen=True)
class Sensitivity(Experiment):
    """Changes of one assumption each, as arms beside the histories as they are.

    Attributes:
        changes: what each group of arms changes; a group has one arm for each history.
        histories: the scenario, and its counterfactual if it has one.
        week: of the run in which what is studied changes, if it does.
    """

    changes: tuple[Change, ...] = ()
    histories: tuple[str, ...] = ()
    week: int | None = None

    @property
    def folder(self) -> Path:
        """Where its replicates are stored."""
        mark = digest([self.settings.results, [arm.name for arm in self.setup.arms]])
        return self.settings.output / f"sensitivity-{self.settings.scenario}-{mark[:8]}"


def main(words: Sequence[str]) -> int:
    """Run, print and write; returns the exit code."""
    return answered(words, USAGE, _command, ("run", "only"))


def _command(words: Sequence[str]) -> int:
    from experiments.composing import composed

    only = [name for word in words if word.startswith("only=") for name in word[5:].split(",")]
    run = next((Path(word[4:]) for word in words if word.startswith("run=")), None)
    rest = [word for word in words if not word.startswith(("only=", "run="))]
    settings = composed([*(words_of(run) if run else []), f"replicates={REPLICATES}", *rest])
    ready = experiment(settings, changes(only))
    frame = effects(ready)
    written(ready, frame, run)
    return 0


def words_of(run: Path) -> list[str]:
    """The settings of a finished run as overrides of the command line.

    Raises:
        ValueError: the folder is not that of a run; one line.
    """
    path = run / "config.yaml"
    if not path.is_file():
        raise ValueError(f"{run} has no config.yaml, expected the folder of a finished run")
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    words = [f"scenario={config['scenario']}", f"seed={config['seed']}", f"draws={config['draws']}"]
    words += [f"{key}={config[key]}" for key in ("start", "weeks") if config.get(key)]
    words += [f"mechanism/{name}={option}" for name, option in (config.get("mechanisms") or {}).items()]
    for process, values in (config.get("parameters") or {}).items():
        words += [f"parameters.{process}.{name}={value}" for name, value in values.items()]
    if config.get("events"):
        words.append(f"+events=[{','.join(config['events'])}]")
    return words


def changes(only: Sequence[str] = ()) -> tuple[Change, ...]:
    """Every lever low and high, and every mechanism off; those named in `only`, if any are.

    Raises:
        ValueError: a name is none of them; one line.
    """
    rows = {f"{row.process}.{row.name}": row for row in listed()}
    off = {option.mechanism: option for option in selected((), others=False)}
    for name in only:
        if name not in rows and name not in off:
            near = nearest(name, (*LEVERS, *off, *rows))
            raise ValueError(f"unknown '{name}', expected a parameter such as encounters.rate or a mechanism{near}")
    levers = [name for name in only if name in rows] if only else list(LEVERS)
    found = [change for name in levers for change in _moved(name, rows[name])]
    return (*found, *(_switched(option) for name, option in off.items() if not only or name in only))


def ends(row: Row) -> tuple[float, float]:
    """The low and the high value of a parameter: half and twice, within its range; a quarter where it crosses zero.

    Raises:
        ValueError: the parameter names a form; one line.
    """
    if isinstance(row.value, str):
        raise ValueError(f"{row.process}.{row.name} is a form, expected a number; its mechanism can be named instead")
    quarter = (row.high - row.low) / 4
    low, high = (row.value - quarter, row.value + quarter)
    if row.low >= 0 and row.value > 0:
        low, high = row.value / FOLDED, row.value * FOLDED
    return max(row.low, low), min(row.high, high)


def _moved(name: str, row: Row) -> Iterator[Change]:
    label = LEVERS.get(name, name)
    for setting, value in zip((LOW, HIGH), ends(row), strict=True):
        parameters: dict[str, dict[str, float | str]] = {row.process: {row.name: value}}
        yield Change(name, label, setting, f"{value:g}", row.unit, row.source, parameters)


def _switched(option: Option) -> Change:
    parameters = {process: dict(values) for process, values in option.parameters.items()}
    label = OFF.get(option.mechanism, option.title)
    return Change(option.mechanism, label, option.name, option.title, "", ", ".join(option.source), parameters)


def experiment(settings: Settings, chosen: tuple[Change, ...]) -> Sensitivity:
    """The arms: the histories as they are, then again under each change."""
    from experiments.building import case_of, change

    case = case_of(settings)
    week = change(build(replace(case, arms=())))
    arms = [Arm(f"{BASE}: {history}", history) for history in case.histories]
    for one in chosen:
        asked = joined(case.parameters, one.parameters)
        arms += [Arm(f"{_mark(one)}: {history}", history, asked) for history in case.histories]
    setup = build(replace(case, arms=tuple(arms)))
    return Sensitivity(settings, (), setup, chosen, case.histories, week)


def _mark(change: Change) -> str:
    return f"{change.name}={change.setting}"


def effects(ready: Sensitivity) -> pd.DataFrame:
    """One row for each change, outcome and window: the answer as it is, the answer then, and the change of it."""
    values = comparison.outcomes(stored(ready), ready.settings.replicates, ready.week)
    asked = values.pivot_table(
        index=["outcome", "window", "replicate"], columns="history", values="value", observed=True
    )
    base = _answer(asked, BASE, ready.histories)
    frames = [_shift(change, base, _answer(asked, _mark(change), ready.histories)) for change in ready.changes]
    joined_frames = pd.concat(frames, ignore_index=True)
    about = pd.DataFrame([{"outcome": o.name, "label": o.label, "outcome_unit": o.unit} for o in OUTCOMES])
    return joined_frames.merge(about, on="outcome", how="left")


def _answer(asked: pd.DataFrame, mark: str, histories: tuple[str, ...]) -> pd.Series[float]:
    first, *others = (asked[f"{mark}: {history}"] for history in histories[:2])
    return first - others[0] if others else first


def _shift(change: Change, base: pd.Series[float], then: pd.Series[float]) -> pd.DataFrame:
    keys = ["outcome", "window"]
    shift = (then - base).groupby(keys, observed=True)
    count = int(shift.size().max())
    frame = pd.DataFrame(
        {
            "base": base.groupby(keys, observed=True).mean(),
            "base_error": base.groupby(keys, observed=True).std(ddof=1) / np.sqrt(count) if count > 1 else np.nan,
            "answer": then.groupby(keys, observed=True).mean(),
            "change": shift.mean(),
            "standard_error": shift.std(ddof=1) / np.sqrt(count) if count > 1 else np.nan,
            "n": count,
        }
    ).reset_index()
    about: dict[str, Any] = {key: getattr(change, key) for key in ("name", "setting", "value", "unit", "source")}
    for at, (key, value) in enumerate({"name": about.pop("name"), "what": change.label, **about}.items()):
        frame.insert(at, key, value)
    return frame.astype({"outcome": str, "window": str})


def written(ready: Sensitivity, frame: pd.DataFrame, run: Path | None) -> None:
    """Write table, text and figure into the folder, and the table into a run's, and say where."""
    from experiments.figures.style import save
    from experiments.figures.tornado import page_of, stamp_of, tornado

    folder = ready.folder
    write_table(frame, folder / "sensitivity.parquet")
    frame.to_csv(folder / "sensitivity.csv", index=False)
    stamp = stamp_of(ready.settings)
    (folder / "sensitivity.md").write_text(page_of(frame, ready.settings.scenario, stamp), encoding="utf-8")
    save(tornado(frame, ready.settings.scenario, stamp), folder / "sensitivity.png", 200)
    if run is not None:
        write_table(frame, run / "tables" / "sensitivity.parquet")
        print(f"written to {run / 'tables' / 'sensitivity.parquet'}")
    print(f"folder: {folder}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
