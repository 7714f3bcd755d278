"""Work: a calibration from the command line to its folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibration import checks, records, reporting
from experiments.calibration.priors import QUESTION, Priors, priors_of, read_question
from experiments.calibration.request import Request
from experiments.calibration.rounds import Found, Setting, rounds, sizes_of
from experiments.calibration.simulations import EARLIER, Question, in_blocks
from experiments.calibration.targets import Targets
from experiments.composing import composed
from experiments.evidence.releases import Source, fetched
from experiments.lock import locked
from experiments.manifest import commit_of, fingerprint, hashes, versions, write_json
from experiments.parameter_file import write_table
from experiments.settings import INITIAL
from experiments.study import compile_once
from experiments.values import CONF, digest

ROOT = CONF.parent
DOWNLOADS = Path("runs") / "ged"
CHECKS_FROM = 10_000_000
"""Number from which on draws are counted that only check, so that their chance is their own."""

DECIDING = (
    "emulator", "facts", "priors", "records", "rounds", "sampling", "simulations", "stretching", "targets", "windows"
)  # fmt: skip
"""Files of this package on which simulations depend."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A calibration that is ready to run.

    Attributes:
        request: of the command line.
        question: what is simulated.
        observed: (1, target).
        asked: the file of parameters and targets.
        sources: event files.
    """

    request: Request
    question: Question
    observed: Targets
    asked: dict[str, Any]
    sources: tuple[Source, ...]

    @cached_property
    def mark(self) -> str:
        """What the simulations depend on, as the files are when it is first asked for."""
        own, here = self.request, Path(__file__).parent
        source = hashes(
            [*(here / f"{name}.py" for name in DECIDING), *(here.parent / "evidence").glob("*.py"), QUESTION, EARLIER]
        )
        known = "" if self.question.records is None else self.question.records.mark
        told = (own.windows, known, own.facts, own.synthetic, own.numbers["draws"], self.question.priors.names)
        return digest(
            [fingerprint(self.question.settings), source, list(map(str, told)), self.observed.values.tolist()]
        )

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        kind = "synthetic" if self.request.synthetic else "posterior"
        return self.question.settings.output / f"{kind}-{self.mark[:8]}"

    @property
    def priors(self) -> Priors:
        """Priors of the parameters."""
        return self.question.priors

    def setting(self, *, misses: bool) -> Setting:
        """What the posterior depends on beside simulations."""
        tolerances = {group: float(how["tolerance"]) for group, how in self.asked["targets"].items()}
        seed = self.question.settings.seed
        return Setting(self.priors.ends, tolerances, float(self.asked["together"]), seed, misses)

    def found(self, observed: Targets, name: str = "", *, misses: bool = True) -> Found:
        """The posterior after all rounds of simulations; those in the folder are not simulated again."""

        def simulate(z: Values, called: str, first: int) -> tuple[Values, Targets]:
            z = first_given(z, self.folder / "simulations" / f"{called.replace(' ', '-')}.npy")
            return z, in_blocks(self.question, z, self.folder / "simulations", called, first=first)

        sizes = sizes_of(self.request.numbers["draws"])
        start = self.priors.sample(sizes[0], self.question.settings.seed)
        return rounds(self.setting(misses=misses), observed, sizes, start, simulate, name)

    def checked(self, z: Values, name: str) -> Values:
        """Targets of draws that only check."""
        z = first_given(z, self.folder / "simulations" / f"{name}.npy")
        return in_blocks(self.question, z, self.folder / "simulations", name, first=CHECKS_FROM).values


def first_given(z: Values, file: Path) -> Values:
    """The parameters that were given first under the name of a file: a round that is resumed goes on with them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        partial = file.with_suffix(".partial.npy")
        np.save(partial, z)
        partial.replace(file)
    return np.asarray(np.load(file))


def prepared(request: Request) -> Calibration:
    """Read what is asked and what was observed.

    Raises:
        ValueError: something is unknown or missing; one line.
    """
    from experiments.first_comparison import GED

    asked = read_question()
    settings = composed(["scenario=historical", *request.rest])
    place = request.events or (GED if GED.is_dir() else fetched(request.ged, DOWNLOADS))
    parts, known, sources = records.recorded(place, request.windows[-1].until)
    spans = tuple(records.span_of(parts, window) for window in request.windows)
    offsets = {group: float(how["offset"]) for group, how in asked["targets"].items()}
    priors = priors_of({k: v for k, v in asked["parameters"].items() if not _set(settings.parameters, k)})
    begun = known if request.initial != INITIAL[0] else None
    question = Question(settings, priors, request.windows, spans, offsets, begun, request.facts)
    observed = records.observed(parts, spans, offsets, with_facts=request.facts)
    compile_once(settings.workers)
    return Calibration(request, question, observed, asked, sources)


def calibrated(request: Request) -> tuple[str, Path]:
    """Calibrate to what was recorded; returns the text of the result and its folder."""
    own = prepared(request)
    with locked(own.folder):
        found = own.found(own.observed)
        kept = found.draws(request.numbers["kept"])
        count = request.numbers["checks"]
        zeros = np.zeros((count, len(own.priors.each)))
        made = {"defaults": own.checked(zeros, "defaults"), "posterior": own.checked(found.draws(count), "posterior")}
        tables = {
            "predictive": checks.predictive(own.observed, made, found.used),
            "identifiability": checks.identifiability(found, own.priors),
            "correlations": checks.correlations(found, own.priors).rename_axis("parameter").reset_index(),
        }
        written(own, found, kept, tables)
        text = reporting.report(own.folder, tables, about(own, found))
        if request.ship:
            reporting.ship(own.folder, tables, about(own, found))
    return text, own.folder


def synthetic(request: Request) -> tuple[str, Path]:
    """Calibrate to data that the model made; returns the text of the result and its folder."""
    own = prepared(request)
    with locked(own.folder):
        truths = own.priors.sample(request.numbers["truths"], own.question.settings.seed + 1)
        data = in_blocks(own.question, truths, own.folder / "simulations", "truths", first=CHECKS_FROM)
        frames = []
        for number, truth in enumerate(truths):
            seen = Targets(data.names, data.values[number : number + 1])
            found = own.found(seen, f"truth {number + 1} ", misses=False)
            frames.append(checks.recovery(truth, found, own.priors).assign(truth_number=number + 1))
        table = pd.concat(frames, ignore_index=True)
        table.to_csv(own.folder / "recovery.csv", index=False)
        write_json(about(own, found), own.folder / "calibration.json")
    return reporting.recovered(table), own.folder


def written(own: Calibration, found: Found, kept: Values, tables: dict[str, pd.DataFrame]) -> None:
    """Write draws, simulations, tables and what made them."""
    folder, priors = own.folder, own.priors
    draws = pd.DataFrame(priors.values(kept), columns=list(priors.names))
    write_table(draws, folder / "posterior.csv")
    draws.insert(0, "weight", 1.0 / len(draws))
    draws.to_parquet(folder / "posterior.parquet", index=False)
    simulations = pd.DataFrame(priors.values(found.z), columns=list(priors.names)).assign(round=found.rounds)
    targets = pd.DataFrame(found.y, columns=[f"target {name}" for name in own.observed.names])
    pd.concat([simulations, targets], axis=1).to_parquet(folder / "simulations.parquet", index=False)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    write_json(about(own, found), folder / "calibration.json")


def about(own: Calibration, found: Found) -> dict[str, Any]:
    """What made a calibration, as plain values."""
    request, settings = own.request, own.question.settings
    commit, dirty = commit_of(ROOT)
    miss = np.exp(np.median(found.chain[:, len(own.priors.each) :], axis=0))
    return {
        "mark": own.mark,
        "config_hash": settings.hash,
        "fingerprint": fingerprint(settings),
        "commit": commit,
        "dirty": dirty,
        "seed": settings.seed,
        **request.numbers,
        "rounds": list(sizes_of(request.numbers["draws"])),
        "windows": {
            span.name: [str(window.start), str(window.until)]
            for window, span in zip(own.question.windows, own.question.spans, strict=True)
        },
        "initial": request.initial,
        "facts": request.facts,
        "miss_factors": [round(float(one), 3) for one in miss],
        "noise_stretched": round(found.stretched, 3),
        "events": [source._asdict() for source in own.sources],
        "versions": versions(),
    }


def _set(parameters: Any, name: str) -> bool:
    process, _, parameter = name.partition(".")
    return parameter in parameters.get(process, {})
