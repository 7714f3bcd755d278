"""Reporting: tables and pictures of a calibration, for the folder and for the page that ships."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.calibration.checks import PINNED
from experiments.summary import Table, number
from experiments.values import CONF, SHIPPED

DOCS = CONF.parent / "docs"
PAGE = DOCS / "calibration.md"
POSTERIOR = CONF / "posterior"
FIGURES = ("calibration_posterior", "calibration_predictive", "calibration_correlations")
BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A stretch of the page that is written anew."""


def report(folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> str:
    """Draw the figures into the folder; returns the text of the result."""
    draw(folder, tables, about)
    shown = (parameters(tables["identifiability"]), groups(tables["predictive"]))
    text = "\n\n".join((sentence(tables, about), *(table.text() for table in shown)))
    (folder / "summary.txt").write_text(text + "\n", encoding="utf-8")
    return text


def ship(folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> None:
    """Write the posterior that every run can use, the tables of the page, and its figures."""
    POSTERIOR.mkdir(exist_ok=True)
    shutil.copyfile(folder / "posterior.csv", POSTERIOR / f"{SHIPPED}.csv")
    shutil.copyfile(folder / "calibration.json", POSTERIOR / f"{SHIPPED}.json")
    for name in FIGURES:
        shutil.copyfile(folder / f"{name}.png", DOCS / "figures" / f"{name}.png")
    parts = {
        "result": sentence(tables, about),
        "parameters": _bare(parameters(tables["identifiability"])),
        "groups": _bare(groups(tables["predictive"])),
        "targets": _bare(targets(tables["predictive"])),
    }
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")


def renewed(page: str, parts: Mapping[str, str]) -> str:
    r"""A page with its stretches between ``<!-- begin NAME -->`` and ``<!-- end -->`` written anew.

    >>> renewed("a\n<!-- begin x -->\nold\n<!-- end -->\nb", {"x": "new"})
    'a\n<!-- begin x -->\n\nnew\n\n<!-- end -->\nb'
    """
    return BLOCK.sub(lambda found: f"{found[1]}\n{parts[found[2]]}\n\n{found[3]}", page)


def sentence(tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> str:
    """What came out, in words."""
    told, every = tables["identifiability"], tables["predictive"]
    used = every[every["used"]]
    loose = told[told["shrinkage"] < PINNED / 2]["parameter"]
    held = {name: int(used[f"{name}_holds"].sum()) for name in ("defaults", "posterior")}
    misses = " and ".join(f"{miss:.2f}" for miss in about["miss_factors"])
    commit = str(about["commit"])[:9] + (" with changes" if about["dirty"] else "")
    return (
        f"{about['draws']} simulations in {len(about['rounds'])} rounds and {2 * about['checks']} to check, seed "
        f"{about['seed']}, commit {commit}, calibration {about['mark'][:8]}; events of "
        f"{' and '.join(about['windows'])}, facts {'included' if about['facts'] else 'left out'}. Of {len(used)} "
        f"targets that the parameters move, the 90 % interval of a simulation holds {held['defaults']} with the "
        f"defaults and {held['posterior']} with the posterior; {len(every) - len(used)} more are moved by no parameter "
        f"and were left out. The data pin down {int((told['shrinkage'] >= PINNED).sum())} of {len(told)} parameters; "
        f"not pinned down: {', '.join(loose) if len(loose) else 'none'}. The model misses by {misses} times what was "
        f"expected{' (events, facts)' if len(about['miss_factors']) > 1 else ''}."
    )


def parameters(told: pd.DataFrame) -> Table:
    """Prior and posterior of each parameter."""
    columns = ("parameter", "default", "prior, 90 %", "posterior, 90 %", "median", "shrinkage", "verdict", "goes with")
    return Table("Parameters", columns, tuple(_parameter(row) for row in told.to_dict("records")))


def _parameter(row: Mapping[Any, Any]) -> tuple[str, ...]:
    between = [f"{number(row[f'{name}_q05'])} to {number(row[f'{name}_q95'])}" for name in ("prior", "posterior")]
    link = f"{row['with']} ({row['correlation']:+.2f})"
    middle = number(row["posterior_q50"])
    return (row["parameter"], number(row["default"]), *between, middle, f"{row['shrinkage']:.2f}", row["verdict"], link)


def groups(every: pd.DataFrame) -> Table:
    """How many targets of each group are held."""
    columns = (
        "group",
        "window",
        "targets",
        "looked at",
        "held, defaults",
        "held, posterior",
        "miss, defaults",
        "miss, posterior",
    )
    rows = tuple(_group(str(group), str(window), own) for (group, window), own in _sets(every))
    return Table("Targets by group (miss: mean distance of the median from what was observed)", columns, rows)


def _sets(every: pd.DataFrame) -> Iterable[tuple[Any, pd.DataFrame]]:
    """Targets of a group in a window, groups in the order in which they come first."""
    order = {group: at for at, group in enumerate(dict.fromkeys(every["group"]))}
    return every.sort_values("group", key=lambda names: names.map(order), kind="stable").groupby(
        ["group", "window"], sort=False
    )


def _group(name: str, window: str, own: pd.DataFrame) -> tuple[str, ...]:
    used = own[own["used"]]
    held = [str(int(used[f"{kind}_holds"].sum())) for kind in ("defaults", "posterior")]
    miss = [(used[f"{kind}_q50"] - used["observed"]).abs().mean() for kind in ("defaults", "posterior")]
    return (
        name,
        window or "all",
        str(len(own)),
        str(len(used)),
        *held,
        *(f"{one:.2f}" if one == one else "-" for one in miss),
    )


def targets(every: pd.DataFrame) -> Table:
    """Every target: observed, simulated with the defaults, simulated with the posterior."""
    columns = ("target", "observed", "defaults", "5 %", "95 %", "posterior", "5 %", "95 %", "held by posterior")
    return Table("Targets", columns, tuple(_target(row) for row in every.to_dict("records")))


def _target(row: Mapping[Any, Any]) -> tuple[str, ...]:
    parts = [f"{row[f'{kind}_{q}']:.2f}" for kind in ("defaults", "posterior") for q in ("q50", "q05", "q95")]
    held = ("yes" if row["posterior_holds"] else "no") if row["used"] else "left out"
    return (
        " ".join(filter(None, (row["group"], row["window"], row["target"]))),
        f"{row['observed']:.2f}",
        *parts,
        held,
    )


def recovered(table: pd.DataFrame) -> str:
    """What a synthetic truth shows, as text."""
    columns = ("parameter", "truths", "held by 90 %", "width over prior", "mean miss, prior sd")
    rows = tuple(_recovered(str(name), own) for name, own in table.groupby("parameter", sort=False))
    shown = Table("Known parameters found again", columns, rows).text()
    held, width = int(table["holds"].sum()), table["width"].mean()
    return f"{shown}\n\n{held} of {len(table)} hold ({held / len(table):.0%}), mean width {width:.2f} of the prior"


def _recovered(name: str, own: pd.DataFrame) -> tuple[str, ...]:
    miss = (own["q50"] - own["truth"]).abs().mean()
    return (name, str(len(own)), str(int(own["holds"].sum())), f"{own['width'].mean():.2f}", f"{miss:.2f}")


def draw(folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> None:
    """Write the figures."""
    from experiments.calibration import pictures
    from experiments.figures.style import save

    stamp = f"Calibration {about['mark'][:8]}, {about['draws']} simulations, seed {about['seed']}."
    plates = (
        pictures.posterior(tables["identifiability"], stamp),
        pictures.predictive(tables["predictive"], stamp),
        pictures.correlations(tables["correlations"].set_index("parameter"), stamp),
    )
    for name, plate in zip(FIGURES, plates, strict=True):
        save(plate, folder / f"{name}.png", 150)


def _bare(table: Table) -> str:
    """A table without its heading."""
    return table.markdown().partition("\n\n")[2]
