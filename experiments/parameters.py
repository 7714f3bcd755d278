"""Parameters: every parameter of the week with unit, range, source and file.

``python -m experiments.parameters [process]`` prints them; ``--markdown`` writes ``docs/parameters.md`` and renews
the tables of parameters on the pages of ``docs/mechanisms``.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "parameters.md"
USAGE = """List the parameters of the model.

usage: python -m experiments.parameters [PROCESS] [--markdown]

  PROCESS     only the parameters of one process, such as encounters
  --markdown  write docs/parameters.md, and renew the tables in docs/mechanisms, instead of printing

Any of them can be set in a run: python -m experiments.run parameters.PROCESS.NAME=VALUE"""
HEADING = """# Parameters

Every number that a process of the week may be told, in the order of the week. Written by
`python -m experiments.parameters --markdown`; the values live beside the code that reads them. Set one with
`parameters.PROCESS.NAME=VALUE`; a value outside its range is refused. `draws=all` draws each of them
anew for every replicate. A source that begins with "judgement" is a guess of ours, to be calibrated."""

NAMED = re.compile(r"^\| `(\w+)\.(\w+)` \|")
"""How a row of a parameter begins on the page of a mechanism."""


class Row(NamedTuple):
    """One parameter."""

    process: str
    name: str
    value: float | str  # a number, or the name of a form
    unit: str
    low: float
    high: float
    source: str
    file: str  # below the project
    forms: tuple[str, ...] = ()  # names that a form may have


def listed(process: str | None = None) -> list[Row]:
    """All parameters of the week, or those of one process.

    Raises:
        ValueError: there is no process of that name with parameters; one line.
    """
    from experiments.values import nearest
    from scenarios.week import WEEK

    known = {p.name: p.parameters for p in WEEK if p.parameters is not None}
    if process is not None and process not in known:
        near = nearest(process, known)
        raise ValueError(f"unknown process '{process}', expected one of: {', '.join(known)}{near}")
    return [row for name, kind in known.items() if process in (None, name) for row in _rows(name, kind)]


def printed(rows: Sequence[Row]) -> str:
    """As text: one heading a process, one line a parameter, the source below it where it does not fit."""
    width, unit = (max(len(getattr(row, column)) for row in rows) for column in ("name", "unit"))
    lines: list[str] = []
    for process in dict.fromkeys(row.process for row in rows):
        mine = [row for row in rows if row.process == process]
        lines += ["", f"{process}  ({mine[0].file})"]
        for row in mine:
            start = f"  {row.name:{width}}  {_value(row):>8}  {row.unit:{unit}}  {_range(row):>14}  "
            lines.append(textwrap.fill(row.source, 160, initial_indent=start, subsequent_indent=" " * len(start)))
    return "\n".join(lines[1:])


def markdown(rows: Sequence[Row]) -> str:
    """As a page of documentation: one table a process."""
    parts = [HEADING]
    for process in dict.fromkeys(row.process for row in rows):
        mine = [row for row in rows if row.process == process]
        head = f"## {process}\n\n[{mine[0].file}](../{mine[0].file})\n\n| name | value | unit | range | source |"
        cells = (f"| `{r.name}` | {_value(r)} | {r.unit} | {_range(r)} | {r.source} |" for r in mine)
        parts.append("\n".join((head, "| --- | ---: | --- | --- | --- |", *cells)))
    return "\n\n".join(parts) + "\n"


def renewed(page: str, rows: Sequence[Row]) -> str:
    """The page of a mechanism with today's numbers, units and sources in its rows of parameters.

    Raises:
        ValueError: the page has a row for a parameter that does not exist; one line.
    """
    known = {(row.process, row.name): row for row in rows}
    return "\n".join(_renewed_line(line, known) for line in page.split("\n"))


def main(words: Sequence[str]) -> int:
    """Print or write; returns the exit code."""
    flags = [word for word in words if word.startswith("-")]
    names = [word for word in words if not word.startswith("-")]
    if any(flag in ("-h", "--help") for flag in flags):
        print(USAGE)
        return 0
    try:
        _check(flags, names)
        rows = listed(names[0] if names else None)
    except ValueError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    if flags:
        PAGE.write_text(markdown(rows), encoding="utf-8")
        for page in sorted((PAGE.parent / "mechanisms").glob("*.md")):
            page.write_text(renewed(page.read_text(encoding="utf-8"), rows), encoding="utf-8")
        print(f"{len(rows)} parameters written to {PAGE.relative_to(ROOT)}")
    else:
        print(printed(rows))
    return 0


def _check(flags: Sequence[str], names: Sequence[str]) -> None:
    wrong = [flag for flag in flags if flag != "--markdown"] + list(names[1:])
    if wrong:
        raise ValueError(f"cannot read '{wrong[0]}', expected: [PROCESS] [--markdown]")
    if flags and names:
        raise ValueError(f"--markdown writes the whole page, expected no process but got '{names[0]}'")


def _rows(process: str, kind: type) -> list[Row]:
    """Rows of one process; a class and its parameters share a file."""
    file = kind.__module__.replace(".", "/") + ".py"
    fields: list[tuple[str, Any, Any]] = [(f.name, f.default, f.metadata) for f in dataclasses.fields(kind)]
    return [
        Row(process, name, v, m["unit"], m["low"], m["high"], m["source"], file, m.get("forms", ()))
        for name, v, m in fields
    ]


def _renewed_line(line: str, known: Mapping[tuple[str, str], Row]) -> str:
    found = NAMED.match(line)
    if found is None:
        return line
    row = known.get((found[1], found[2]))
    if row is None:
        raise ValueError(f"docs/mechanisms has a row for {found[1]}.{found[2]}, which no process has")
    return f"| `{row.process}.{row.name}` | {_value(row)} | {_range(row)} | {row.unit} | {row.source} |"


def _range(row: Row) -> str:
    return ", ".join(row.forms) or f"{row.low:g} to {row.high:g}"


def _value(row: Row) -> str:
    return row.value if isinstance(row.value, str) else f"{row.value:g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
