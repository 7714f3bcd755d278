"""Sheets: every table of a briefing as CSV, and all of them in one XLSX with a sheet that says what made it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from experiments.briefing.document import NUMBER, SHARE, SIGNED, Document, Grid
from experiments.language import tr

FORMATS = {NUMBER: "#,##0.###", SIGNED: "+#,##0.###;-#,##0.###;0", SHARE: "0 %"}
"""Number formats of a spreadsheet by kind of column."""

NAME = 31
"""Letters of the name of a sheet, at most."""

WIDEST = 60


def write_sheets(of: Document, folder: Path, workbook: Path) -> list[Path]:
    """Write all tables of a document as CSV into a folder and as sheets of a workbook."""
    folder.mkdir(parents=True, exist_ok=True)
    grids = of.grids()
    written = [write_csv(grid, folder / f"{plain_name(grid.name)}.csv") for grid in grids]
    _write_workbook(of, grids, workbook)
    return [*written, workbook]


def write_csv(grid: Grid, path: Path) -> Path:
    """One table: a header, then full values with decimal points; empty cells are blank."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in grid.columns])
        writer.writerows(["" if value is None else value for value in row] for row in grid.rows)
    return path


def plain_name(name: str) -> str:
    """A name as files can have it.

    >>> plain_name("outcomes first 26 weeks")
    'outcomes_first_26_weeks'
    """
    return re.sub(r"[^\w-]+", "_", name).strip("_")


def _write_workbook(of: Document, grids: Sequence[Grid], path: Path) -> None:
    book = Workbook(write_only=True)
    _about(book, of, grids)
    taken = {tr("About")}
    for grid in grids:
        name = _sheet_name(grid.name, taken)
        _sheet(book, grid, name)
    book.properties.title, book.properties.description = of.title, of.stamp
    book.properties.creator = "Sahel conflict simulator"
    book.save(path)


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that is short, allowed and not yet used; `taken` grows by it."""
    base = re.sub(r"[\[\]:*?/\\]", " ", name)[:NAME].strip()
    number = 1
    chosen = base
    while chosen.lower() in {t.lower() for t in taken}:
        number += 1
        chosen = f"{base[: NAME - 3]} {number}"
    taken.add(chosen)
    return chosen


def _about(book: Workbook, of: Document, grids: Sequence[Grid]) -> None:
    sheet = book.create_sheet(tr("About"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 100
    lines = [
        (tr("title"), of.title), (tr("compared with"), of.subtitle), (tr("question"), of.question),
        (tr("stamp"), of.stamp), (tr("note"), tr("Model output, not a forecast.")),
    ]  # fmt: skip
    lines += [(plain_name(grid.name), grid.heading) for grid in grids]
    for line in lines:
        sheet.append(line)


def _sheet(book: Workbook, grid: Grid, name: str) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for at, column in enumerate(grid.columns, 1):
        longest = max((len(str(row[at - 1])) for row in grid.rows[:200] if isinstance(row[at - 1], str)), default=0)
        sheet.column_dimensions[get_column_letter(at)].width = min(max(len(column.heading), longest, 10) + 2, WIDEST)
    sheet.append([_cell(sheet, column.heading, bold=True) for column in grid.columns])
    formats = [FORMATS.get(column.kind) for column in grid.columns]
    for row in grid.rows:
        sheet.append([_cell(sheet, value, form=form) for value, form in zip(row, formats, strict=True)])


def _cell(sheet: object, value: object, *, bold: bool = False, form: str | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    if bold:
        cell.font = Font(bold=True)
    if form and isinstance(value, int | float):
        cell.number_format = form
    return cell
