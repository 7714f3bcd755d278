"""Expectations: whether the model gives the signs that the sources expect, from paired runs.

``python -m experiments.expectations`` runs every pair of scenario and counterfactual that
``conf/evidence/expectations.yaml`` names, or goes on with what is stored, and tells how many replicates agree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.command_line import answered
from experiments.expected import SHARE, Expectation, read_expectations, results
from experiments.summary import NOTE, Table, number
from experiments.values import nearest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "expectations.md"
REPLICATES = 300
USAGE = f"""Compute the signs that the sources expect of what-ifs, from paired runs.

usage: python -m experiments.expectations [only=ID,ID] [KEY=VALUE ...] [--markdown]

  only=ID,ID  only these expectations of conf/evidence/expectations.yaml
  KEY=VALUE   as for experiments.run, such as replicates={REPLICATES} (the default), workers=2, seed=1, output=runs
  --markdown  also write docs/expectations.md

Stored replicates are used; an interrupted command goes on where it was. Tables are written into the output folder."""
INTRODUCTION = """# Expected signs

What the sources expect of a what-if against its counterfactual, and what the model gives: written by
`python -m experiments.expectations --markdown`. {replicates} pairs of replicates, seed {seed}; each pair shares all
chance. A sign holds if at least {share:.0%} of pairs agree: {held} of {all} hold. The list is
`conf/evidence/expectations.yaml`; none of it is written into the code. Quantities are defined in
[outcomes](outcomes.md). The transnational index is an ordinal index, not a probability. """


def main(words: Sequence[str]) -> int:
    """Run, print and write; returns the exit code."""
    return answered(words, USAGE, _command, ("only",))


def _command(words: Sequence[str]) -> int:
    only = [name for word in words if word.startswith("only=") for name in word[5:].split(",")]
    rest = [word for word in words if not word.startswith("only=") and word != "--markdown"]
    chosen = selected(read_expectations(), only)
    frame, settings = computed(chosen, rest)
    print(table(frame).text())
    for row in frame[frame["missing"] != ""].to_dict("records"):
        print(f"{row['id']} is not computed: {row['missing']}", file=sys.stderr)
    page = written(frame, chosen, settings.replicates, settings.seed)
    settings.output.mkdir(parents=True, exist_ok=True)
    frame.to_csv(settings.output / "expectations.csv", index=False)
    frame.to_parquet(settings.output / "expectations.parquet", index=False)
    (settings.output / "expectations.md").write_text(page, encoding="utf-8")
    if "--markdown" in words:
        PAGE.write_text(page, encoding="utf-8")
    print(f"\n{_verdict(frame)}; tables: {settings.output / 'expectations.csv'}")
    return 0


def selected(expectations: Sequence[Expectation], only: Sequence[str]) -> list[Expectation]:
    """Those that are named; all of them if none is.

    Raises:
        ValueError: a name is unknown; one line.
    """
    known = [e.id for e in expectations]
    for name in only:
        if name not in known:
            raise ValueError(f"unknown expectation '{name}', expected one of: {', '.join(known)}{nearest(name, known)}")
    return [e for e in expectations if not only or e.id in only]


def computed(chosen: Sequence[Expectation], words: Sequence[str]) -> tuple[pd.DataFrame, Any]:
    """The rows of all expectations, pair by pair, and the settings of the last run."""
    from experiments.composing import composed

    rows: list[dict[str, Any]] = []
    pairs = list(dict.fromkeys((e.treatment, e.counterfactual) for e in chosen))
    settings = composed([f"replicates={REPLICATES}", *words, "scenario=historical"])
    for position, (treatment, counterfactual) in enumerate(pairs, 1):
        named = " against ".join(filter(None, (treatment, counterfactual)))
        print(f"[{position}/{len(pairs)}] {named}", file=sys.stderr, flush=True)
        mine = [e for e in chosen if (e.treatment, e.counterfactual) == (treatment, counterfactual)]
        own = [f"scenario={treatment}", f"scenario.counterfactual={counterfactual or 'null'}"]
        rows += _of_pair(mine, [f"replicates={REPLICATES}", *words, *own])
    order = [e.id for e in chosen]
    rows.sort(key=lambda row: order.index(str(row["id"])))
    return pd.DataFrame(rows), settings


def _of_pair(expectations: Sequence[Expectation], words: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows of the expectations of one pair; a pair that cannot be run is told as such and the others go on."""
    from experiments.composing import composed
    from experiments.study import simulated

    try:
        settings = composed(words)
        store, change = simulated(settings)
    except ValueError as mistake:
        yield from (_about(e) | {"missing": str(mistake)} for e in expectations)
        return
    for expectation in expectations:
        try:
            for row in results(expectation, store, settings.replicates, change):
                yield _about(expectation) | row | {"replicates": settings.replicates, "missing": ""}
        except ValueError as mistake:
            yield _about(expectation) | {"missing": str(mistake)}


def _about(expectation: Expectation) -> dict[str, Any]:
    told = ("id", "source", "treatment", "counterfactual", "text", "mechanism")
    return {name: getattr(expectation, name) or "" for name in told}


def table(frame: pd.DataFrame) -> Table:
    """The expectations as a table of text: one row for each measure."""
    columns = ("", "sign", "scenario", "counterfactual", "median difference", "90 % of pairs", "agree", "holds")
    return Table("Expected signs", columns, tuple(_text(row) for row in frame.to_dict("records")))


def written(frame: pd.DataFrame, chosen: Sequence[Expectation], replicates: int, seed: int) -> str:
    """The page: all rows, and for each expectation that fails what would have to change."""
    held = _held(frame)
    head = INTRODUCTION.format(replicates=replicates, seed=seed, share=SHARE, held=sum(held.values()), all=len(chosen))
    parts = [head + NOTE, table(frame).markdown().replace("###", "##", 1)]
    sources = "\n".join(f"| `{e.id}` | {e.text} | {_versus(e)} | {e.source} |" for e in chosen)
    parts += [
        "## What is compared",
        "| expectation | what is measured | runs | source |\n| --- | --- | --- | --- |\n" + sources,
    ]
    failing = [f"- `{e.id}`: {_why(frame, e)}" for e in chosen if not held[e.id]]
    parts += ["## What would have to change", "\n".join(failing) or "All of them hold."]
    return "\n\n".join(parts) + "\n"


def _held(frame: pd.DataFrame) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for row in frame.to_dict("records"):
        name = str(row["id"])
        found[name] = found.get(name, True) and not row["missing"] and bool(row["holds"])
    return found


def _why(frame: pd.DataFrame, expectation: Expectation) -> str:
    missing = str(frame.loc[frame["id"] == expectation.id, "missing"].iloc[0])
    return f"not computed: {missing}" if missing else expectation.mechanism


def _versus(expectation: Expectation) -> str:
    return " against ".join(f"`{name}`" for name in (expectation.treatment, expectation.counterfactual) if name)


def _verdict(frame: pd.DataFrame) -> str:
    held = _held(frame)
    return f"{sum(held.values())} of {len(held)} expectations hold"


def _text(row: Mapping[Any, Any]) -> tuple[str, ...]:
    if row["missing"]:
        return (str(row["id"]), "-", "-", "-", "-", "-", "-", "not computed")
    between = f"{number(row['5 %'])} to {number(row['95 %'])}"
    name = str(row["id"]) + (f" ({row['unit']})" if row["unit"] != "see below" else "")
    numbers = (number(row["scenario"]), number(row["counterfactual"]), number(row["median"]), between)
    return (name, str(row["sign"]), *numbers, f"{100 * row['agree with all']:.0f} %", "yes" if row["holds"] else "no")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
