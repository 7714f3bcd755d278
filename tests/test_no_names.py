"""No source of the core or of the agents names an organisation, a place or a scenario: behaviour follows from data.

Names of the data are looked for in identifiers and in texts of the code. Docstrings and the sources of parameters
may cite who was where.
"""

from __future__ import annotations

import ast
import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
CONF = ROOT / "conf"
SOURCES = sorted(path for package in ("sim", "agents") for path in (ROOT / package).rglob("*.py"))

ORDINARY = {("to",), ("drones",)}
"""Words of the language that a place or a chapter is also called."""

OUTCOMES = {
    "sim/outcomes.py": {"bamako", "niamey", "ouagadougou", "benin", "togo", "ghana", "cote d ivoire", "northern"},
    "sim/tally.py": {"mli", "ner", "bfa"},
    "sim/record.py": {
        "jnim", "issp", "csp", "platform", "dozo", "mali", "niger", "burkina", "france", "un",
    },
    "sim/compilation.py": {"sahel"},
}  # fmt: skip
"""What is counted may be named: pairs of coalitions, capitals, the littoral. And the cache bears the project's name."""


def words(text: str) -> tuple[str, ...]:
    """Words of a name in small letters without accents: `nigerCoup`, `niger_coup` and "Niger: coup" are the same."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return tuple(re.findall("[a-z0-9]+", re.sub("([a-z0-9])([A-Z])", r"\1 \2", plain).lower()))


def column(file: str, *names: str) -> Iterator[str]:
    with (CONF / file).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield from (row[name] for name in names)


def names_of_the_data() -> set[tuple[str, ...]]:
    told = yaml.safe_load((CONF / "order_of_battle/organisations.yaml").read_text(encoding="utf-8"))
    found = {*told["organisations"], *told["coalitions"], *told["coalitions"].values()}
    found |= {organisation["label"] for organisation in told["organisations"].values()}
    found |= {region.split("/")[1] for region in column("region/cells.csv", "region")}
    found |= {*column("region/cells.csv", "iso3"), *column("region/towns.csv", "name")}
    found |= {*column("order_of_battle/bases.csv", "place")}
    found |= {path.stem for folder in ("scenario", "chapter") for path in (CONF / folder).glob("*.yaml")}
    return {words(name) for name in found} - {()} - ORDINARY


NAMES = names_of_the_data()
LONGEST = max(len(name) for name in NAMES)


def texts(tree: ast.AST) -> Iterator[str]:
    """Identifiers and texts of a source, without docstrings and sources of parameters."""
    told: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.add(node.value)
        if isinstance(node, ast.keyword) and node.arg == "source":
            told.update(ast.walk(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            yield node.value
        for field in ("id", "attr", "name", "arg", "asname", "module"):
            if isinstance(named := getattr(node, field, None), str):
                yield named


def named_in(source: str) -> set[str]:
    """Names of the data that a source says."""
    found = set()
    for said in map(words, texts(ast.parse(source))):
        for first in range(len(said)):
            found |= {part for n in range(1, LONGEST + 1) if (part := said[first : first + n]) in NAMES}
    return {" ".join(name) for name in found}


@pytest.mark.parametrize("path", SOURCES, ids=[path.relative_to(ROOT).as_posix() for path in SOURCES])
def test_a_source_names_nothing_of_the_data(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    assert named_in(path.read_text(encoding="utf-8")) == OUTCOMES.get(where, set())
    assert not named_in(path.stem + "_ = 0")


def test_no_process_or_agent_reads_what_is_counted() -> None:
    behaviour = [path for path in SOURCES if path.parent.name in ("processes", "agents")]
    assert len(behaviour) > 30
    for path in behaviour:
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        assert not imported & {"sim.outcomes", "sim.tally", "sim.record", "sim.stocks"}, path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("fama_troops = 1", {"fama"}),
        ("def niger_coup(): pass", {"niger coup", "niger"}),
        ("x.place == 'near Ménaka'", {"menaka"}),
        ("'''Docstring on Kidal.'''", set()),
        ("q(1.0, source='ICG on Mopti', unit='km')", set()),
        ("q(1.0, source='ICG', unit='Mopti')", {"mopti"}),
        ("toward = family = 1  # Gao", set()),
    ],
)
def test_what_counts_as_a_name(source: str, found: set[str]) -> None:
    assert named_in(source) == found
