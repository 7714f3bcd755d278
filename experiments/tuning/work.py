"""Work: tuning from the command line to its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from experiments.calibration.simulations import kept_blocks
from experiments.calibration.targets import Targets
from experiments.composing import composed
from experiments.expected import LIST
from experiments.facts.page import stamp
from experiments.facts.reading import FACTS
from experiments.lock import locked
from experiments.manifest import ROOT, commit_of, fingerprint, hashes, versions, write_json
from experiments.scorecard import OF_A_RUN
from experiments.settings import Settings
from experiments.study import compile_once
from experiments.summary import Table
from experiments.tuning import emulators, reporting, suggesting
from experiments.tuning.design import Tuning, Values, design, read_tuning, steps
from experiments.tuning.recording import FACT, Question, observed_levels, parts_of, recorded
from experiments.values import CONF, digest
from scenarios.mechanisms import check_parameters, chosen_parameters

DECIDING = ("tuning/recording.py", "calibration/facts.py", "expected.py", "comparing.py", "facts/*.py")
"""Files of `experiments` on which recorded numbers depend."""


@dataclass(frozen=True)
class Request:
    """The command line, read.

    Attributes:
        draws: how many.
        factor: of a step.
        share: of the parameters that are moved in a draw.
        pairs: whether expected signs are looked at.
        rest: words for `experiments.run`.
    """

    draws: int
    factor: float
    share: float
    pairs: bool
    rest: tuple[str, ...]


@dataclass(frozen=True)
class Tuned:
    """A tuning that is ready to run.

    Attributes:
        request: of the command line.
        tuning: what is varied and looked at.
        question: what is simulated.
        z: the design, (draw, parameter).
    """

    request: Request
    tuning: Tuning
    question: Question
    z: Values

    @property
    def mark(self) -> str:
        """What the draws depend on; not on how many there are."""
        here = Path(__file__).parents[1]
        source = hashes([path for pattern in DECIDING for path in here.glob(pattern)] + [FACTS, LIST])
        settings = [fingerprint(own) for own in (self.question.settings, *self.question.pairs)]
        told = [self.request.share, list(self.question.parts), [asdict(prior) for prior in self.question.priors.each]]
        return digest([settings, source, told])

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.question.settings.output / f"tuning-{self.mark[:8]}"

    def simulated(self) -> Targets:
        """What is recorded of all draws; those in the folder are not simulated again."""

        def block(own: Values, at: int) -> Targets:
            return recorded(self.question, own, at)

        return kept_blocks(block, self.z, self.folder / "simulations", "draws", self.question.settings.workers)


def prepared(request: Request) -> Tuned:
    """Read what is asked.

    Raises:
        ValueError: something is unknown or does not go together; one line.
    """
    tuning = read_tuning()
    settings = checked(composed(["scenario=historical", *request.rest]), request)
    settings = replace(settings, replicates=request.draws)
    pairs = tuple(_pair(request, *pair) for pair in tuning.pairs) if request.pairs else ()
    given = {f"{p}.{name}": x for p, values in settings.parameters.items() for name, x in values.items()}
    fixed = {f"{p}.{n}" for p, names in chosen_parameters(settings.mechanisms, CONF).items() for n in names}
    priors = steps(tuning, request.factor, given, fixed)
    z = design(priors.ends, request.draws, request.share, settings.seed)
    return Tuned(request, tuning, Question(settings, pairs, priors, parts_of(tuning)), z)


def checked(settings: Settings, request: Request) -> Settings:
    """The settings, if facts can be taken of them and single values varied.

    Raises:
        ValueError: otherwise; one line.
    """
    if settings.scenario != "historical":
        raise ValueError(f"scenario is '{settings.scenario}', expected historical: facts are told of it")
    if settings.table is not None:
        raise ValueError(
            "parameters is a table of draws, expected single values such as parameters.encounters.kill=0.1"
        )
    check_parameters(settings.parameters, "parameters")
    if any(word.startswith("replicates=") for word in request.rest):
        raise ValueError("replicates is set, but each draw is one replicate; expected draws=NUMBER")
    return settings


def tuned(request: Request) -> tuple[str, Path]:
    """Simulate, fit, suggest and write; returns the text of the result and its folder."""
    own = prepared(request)
    compile_once(own.question.settings.workers)
    with locked(own.folder):
        made = own.simulated()
        with threadpool_limits(1):  # matrices are small: more threads would only wait for each other
            text = _found(own, made)
    return text, own.folder


def _found(own: Tuned, made: Targets) -> str:
    """Fit and suggest; writes what comes out and returns its text."""
    every = emulators.numbers(made, own.question.parts, observed_levels(), own.tuning)
    found = emulators.lines(own.z, every, own.tuning.clear)
    priors = own.question.priors
    effects = emulators.effects(every, found, priors.names)
    z = suggesting.suggested(suggesting.goals(every, found, own.tuning), priors.ends, own.tuning)
    changes = suggesting.changes(priors, z)
    predictions = suggesting.predictions(every, found, z)
    return _told(own, made, effects, changes, predictions)


def about(own: Tuned) -> dict[str, Any]:
    """What made it, as plain values."""
    commit, dirty = commit_of(ROOT)
    settings = own.question.settings
    return {
        "mark": own.mark, "config_hash": settings.hash, "fingerprint": fingerprint(settings), "commit": commit,
        "dirty": dirty, "seed": settings.seed, "draws": own.request.draws, "factor": own.request.factor,
        "share": own.request.share, "pairs": [pair.scenario for pair in own.question.pairs],
        "parameters_varied": len(own.question.priors.each), "versions": versions(),
    }  # fmt: skip


def _told(own: Tuned, made: Targets, effects: pd.DataFrame, changes: pd.DataFrame, predictions: pd.DataFrame) -> str:
    """The text of the result; writes it and all tables."""
    parts, names = own.question.parts, made.names
    defaults = made.values[~own.z.any(axis=1)]
    values = {name: defaults[:, names.index(f"{FACT} {name}")] for name in parts}
    tables = [reporting.fact_table(values, parts, effects), reporting.other_table(effects)]
    outcome = [reporting.change_table(changes), reporting.prediction_table(predictions)]
    words = reporting.words_of(changes, own.request.rest)
    line = stamp(own.question.settings)
    _write(own, made, effects)
    (own.folder / "effects.md").write_text(reporting.pages([*tables, *outcome], line), encoding="utf-8")
    write_json(about(own), own.folder / "tuning.json")
    reporting.write_yaml(reporting.suggestion(changes, predictions, words, about(own)), own.folder / "suggestion.yaml")
    shown = [table.text() for table in _cut([*tables, *outcome])]
    head = reporting.few(len(own.z), own.z.shape[1])
    return "\n\n".join((*head, *shown, reporting.NO_TEST, reporting.commands(changes, words), line))


def _write(own: Tuned, made: Targets, effects: pd.DataFrame) -> None:
    """Write the effects, and draws with parameters, numbers, and on which side of both ends each fact lies."""
    effects.to_csv(own.folder / "effects.csv", index=False)
    columns = dict(zip(made.names, made.values.T, strict=True))
    for name, part in own.question.parts.items():
        numbers = columns[f"{FACT} {name}"]
        columns[f"low {name}"] = np.where(np.isnan(numbers), np.nan, numbers >= part.band[0])
        columns[f"high {name}"] = np.where(np.isnan(numbers), np.nan, numbers <= part.band[1])
    values = pd.DataFrame(own.question.priors.values(own.z), columns=list(own.question.priors.names))
    pd.concat([values, pd.DataFrame(columns)], axis=1).to_parquet(own.folder / "draws.parquet", index=False)


def _cut(tables: Sequence[Table], most: int = 110) -> list[Table]:
    """Tables whose cells fit a terminal."""
    return [replace(t, rows=tuple(tuple(cell[:most] for cell in row) for row in t.rows)) for t in tables]


def _pair(request: Request, scenario: str, counterfactual: str) -> Settings:
    """Settings of a pair: those of the command line that are not of the run of `historical` alone."""
    words = [word for word in request.rest if word.partition("=")[0] not in OF_A_RUN]
    return composed([*words, f"scenario={scenario}", f"scenario.counterfactual={counterfactual}"])
