"""Scorecard: ``python -m experiments.scorecard [replicates=200] [run=FOLDER] [expectations=FOLDER]``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.command_line import answered
from experiments.settings import Settings
from experiments.values import nearest

if TYPE_CHECKING:
    from experiments.facts.card import Card

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scorecard.md"
FIGURES = ROOT / "docs" / "figures"
SHORT = 1
"""Exit code where fewer facts or signs hold than `need` asks for."""

USAGE = """Hold a run against known facts, expected signs, and what was reported of territorial control.

usage: python -m experiments.scorecard [KEY=VALUE ...] [--markdown]

  run=FOLDER           a run folder; its settings are used
  expectations=FOLDER  folder of a table that experiments.expectations wrote (the output folder); run computes it first;
                       none leaves expected signs out
  tables=64            replicates whose events are looked at one by one
  need=FACTS,SIGNS     exit code 1 if fewer are in band or hold, such as need=20,18
  figures=true         whether to draw
  language=en          en or fr: language of tables, page, figures and line; the CSV files stay English
  KEY=VALUE            as for experiments.run, such as replicates=200, seed=1, parameters.A.B=0.5, output=runs
  --markdown           also write docs/scorecard.md and its figures

Stored replicates are used. Tables, page and figures are written into RUN FOLDER/scorecard."""

OF_A_RUN = ("scenario", "start", "weeks", "dates")
"""Settings of the run that do not go for the pairs of expected signs."""

KEYS = {"run": "", "expectations": "", "tables": "64", "need": "", "figures": "true", "language": "en"}


@dataclass(frozen=True)
class Request:
    """The command line, read.

    Attributes:
        settings: of the run.
        expectations: `run`, `none`, or a folder; empty for the output folder if it has a table.
        tables: replicates whose events are looked at.
        need: facts and signs that have to hold; None for no demand.
        figures: whether to draw.
        language: of tables, page, figures and line.
        words: settings as they were given, for the runs of expected signs.
    """

    settings: Settings
    expectations: str
    tables: int
    need: tuple[int, int] | None
    figures: bool
    language: str
    words: tuple[str, ...]


def main(words: Sequence[str]) -> int:
    """Simulate what is missing, print and write; returns the exit code."""
    return answered(words, USAGE, _command, KEYS)


def _command(words: Sequence[str]) -> int:
    from experiments.language import speaking

    request = read(words)
    card = scored(request)
    folder = request.settings.folder / "scorecard"
    with speaking(request.language):
        told(card, request, [(folder / "scorecard.md", folder)] + ([(PAGE, FIGURES)] if "--markdown" in words else []))
    for name in ("facts", "signs", "control"):
        getattr(card, name).to_csv(folder / f"{name}.csv", index=False)
    reached = (card.facts_in_band, card.signs_that_hold)
    return SHORT if any(got < asked for got, asked in zip(reached, request.need or (0, 0), strict=True)) else 0


def told(card: Card, request: Request, pages: Sequence[tuple[Path, Path]]) -> None:
    """Print the scorecard, and write its line and pages in the language in use.

    Args:
        card: what the run reaches.
        request: the command line.
        pages: files of pages, and the folders of their figures; the first page lies in the run folder.
    """
    from experiments.facts.page import page, tables

    print("\n\n".join(table.text() for table in tables(card, 60)))
    text = page(card, request.settings)
    for target, pictures in pages:
        written(card, request, text, target, pictures)
    folder = pages[0][1]
    (folder / "line.txt").write_text(card.line() + "\n", encoding="utf-8")
    print(f"\nfolder: {folder}\n{card.line()}")


def read(words: Sequence[str]) -> Request:
    """The command line.

    Raises:
        ValueError: something is unknown or out of range; one line.
    """
    from experiments.composing import composed
    from experiments.language import language_of

    given = [word.partition("=") for word in words if word != "--markdown"]
    own = KEYS | {key: said for key, _, said in given if key in KEYS}
    rest = tuple(f"{key}={said}" for key, _, said in given if key not in KEYS)
    if not own["tables"].isdigit() or int(own["tables"]) < 1:
        raise ValueError(f"tables is '{own['tables']}', expected a whole number from 1 on")
    if own["figures"] not in ("true", "false"):
        raise ValueError(f"figures is '{own['figures']}', expected true or false{nearest(own['figures'], ('true',))}")
    language = language_of(own["language"])
    if language != "en" and "--markdown" in words:
        raise ValueError(
            f"language is '{language}', but --markdown writes docs/scorecard.md, which is English; leave one out"
        )
    words_of = (*settings_of(Path(own["run"])), *rest) if own["run"] else rest
    settings = composed(["scenario=historical", "scenario.counterfactual=null", *words_of])
    need, draw = _need(own["need"]), own["figures"] == "true"
    return Request(settings, own["expectations"], int(own["tables"]), need, draw, language, words_of)


def settings_of(folder: Path) -> tuple[str, ...]:
    """The settings of a run folder, as words of the command line.

    Raises:
        ValueError: it is no run folder, or was made with something that words cannot say; one line.
    """
    import yaml

    path = folder / "config.yaml"
    if not path.is_file():
        raise ValueError(f"run is '{folder}', expected a run folder with a config.yaml")
    told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if told.get("table"):
        raise ValueError(f"{folder} has draws of parameters; give its settings instead, such as parameters=posterior")
    plain = ("scenario", "replicates", "seed", "draws", "start", "weeks")
    words = [f"{key}={told[key]}" for key in plain if told.get(key) is not None]
    words += [f"mechanism/{mechanism}={option}" for mechanism, option in told["mechanisms"].items()]
    words += [f"parameters.{p}.{name}={x}" for p, values in told["parameters"].items() for name, x in values.items()]
    dates = [f"dates=[{','.join(str(day) for day in told['dates'])}]"] if told.get("dates") else []
    return (*words, *dates, f"output={folder.parent}")


def scored(request: Request) -> Card:
    """The scorecard of a run; what its folder lacks is simulated."""
    from experiments.expected import read_expectations
    from experiments.facts.card import Card, facts_frame, signs_frame
    from experiments.facts.control import control, read_reports
    from experiments.facts.reading import read_facts
    from experiments.facts.simulating import recorded
    from experiments.lock import locked

    signs = signs_frame(read_expectations(), signs_of(request))
    with locked(request.settings.folder):
        records = recorded(request.settings, request.tables)
        return Card(facts_frame(read_facts(), records), signs, control(records, read_reports()))


def signs_of(request: Request) -> Any:
    """The table of expected signs: computed now, read from a folder, or empty.

    Raises:
        ValueError: a folder was given and has none; one line.
    """
    import pandas as pd

    from experiments.facts.card import read_signs

    asked, output = request.expectations, request.settings.output
    if asked == "run":
        from experiments.expectations import computed
        from experiments.expected import read_expectations

        return computed(read_expectations(), [w for w in request.words if w.partition("=")[0] not in OF_A_RUN])[0]
    if asked not in ("", "none"):
        return read_signs(Path(asked))
    return read_signs(output) if not asked and (output / "expectations.csv").is_file() else pd.DataFrame()


def written(card: Card, request: Request, text: str, page: Path, pictures: Path) -> None:
    """Write the page and its figures."""
    page.parent.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    links: Mapping[str, Path] = {name: pictures / f"{name}.png" for name in ("scorecard", "control_reports")}
    for name, path in links.items():
        text = text.replace(f"({name}.png)", f"({path.relative_to(page.parent).as_posix()})")
    page.write_text(text, encoding="utf-8")
    if request.figures:
        draw(card, request.settings, links)


def draw(card: Card, settings: Settings, paths: Mapping[str, Path]) -> None:
    """Write the figures: intervals against bands with expected signs, and the map of reported control."""
    from experiments.figures.control_reports import control_plate
    from experiments.figures.scorecard import scorecard_plate
    from experiments.figures.style import save

    save(scorecard_plate(card.facts, card.signs, card.line(), settings), paths["scorecard"], 150)
    save(control_plate(card.control, settings), paths["control_reports"], 150)


def _need(said: str) -> tuple[int, int] | None:
    if not said:
        return None
    facts, _, signs = said.partition(",")
    if not (facts.isdigit() and signs.isdigit()):
        raise ValueError(f"need is '{said}', expected two whole numbers such as 20,18")
    return int(facts), int(signs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
