"""Releases: UCDP's event files as they come, checked, with what tells which file it was.

Read are the official CSV of 49 columns (GED), the monthly candidate releases and any other CSV that has the
columns `NEEDED`, whatever further columns stand beside them. Sundberg & Melander 2013, J. Peace Research 50(4);
Davies, Engström, Pettersson & Öberg 2024, J. Peace Research 61(4); candidate events: Hegre, Croicu, Eck &
Högbladh 2020, Research & Politics.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pandas as pd

from experiments.values import nearest

NUMBERS = ("type_of_violence", "where_prec", "latitude", "longitude", "priogrid_gid", "best", "low", "high")
WORDS = ("date_start", "date_end", "side_a", "side_b", "dyad_name", "adm_1", "country")
NEEDED = ("id", *WORDS, *NUMBERS)
PATTERNS = ("GEDEvent*.csv", "ged_events_*.csv")
"""Names of the event files of a folder; a candidate sample beside them has to be named to be read."""

LICENCE = "CC BY 4.0, Uppsala Conflict Data Program"
PUBLISHER = "https://ucdp.uu.se/downloads/"
YEARLY, MONTHLY = "ged/ged{digits}-csv.zip", "candidateged/GEDEvent_v{underscored}.csv"
SECONDS = 60
VIOLENCE, PRECISION = (1, 3), (1, 7)
"""Codes of `type_of_violence` and of `where_prec` (7 is international waters or air)."""


class Source(NamedTuple):
    """What tells a file from another.

    Attributes:
        file: its name.
        sha256: of its bytes.
        rows: events in it.
        kept: events that no earlier file of the same reading had.
        version: as its column ``ucdp_version`` or its name says; "not told" otherwise.
        first: day of its first event.
        last: day on which its last event begins.
        licence: terms of the publisher.
    """

    file: str
    sha256: str
    rows: int
    kept: int
    version: str
    first: str
    last: str
    licence: str = LICENCE


def read_release(place: Path) -> tuple[pd.DataFrame, tuple[Source, ...]]:
    """Events of a file, or of all event files of a folder, in the columns `NEEDED`.

    An event that two files have counts once; yearly releases go before candidate ones.

    Raises:
        ValueError: nothing is there, or a file is no event file; one line.
    """
    parts: list[pd.DataFrame] = []
    sources: list[Source] = []
    seen = pd.Index([])
    for file in _files(place):
        frame, version = _read(file)
        fresh = frame[~frame["id"].isin(seen)]
        days = fresh["date_start"].dt.date if len(fresh) else frame["date_start"].dt.date
        checksum = hashlib.sha256(file.read_bytes()).hexdigest()
        sources.append(Source(file.name, checksum, len(frame), len(fresh), version, str(days.min()), str(days.max())))
        parts.append(fresh)
        seen = seen.append(pd.Index(fresh["id"]))
    return pd.concat(parts, ignore_index=True), tuple(sources)


def fetched(version: str, folder: Path) -> Path:
    """The file of a release in `folder`, downloaded from the publisher if it is not there yet.

    Args:
        version: such as "24.1" (yearly) or "24.0.10" (candidate, the tenth month).
        folder: is made where it is missing.

    Raises:
        ValueError: no such version, or no network; one line that says what to do by hand.
    """
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?", version):
        raise ValueError(f"ged version is '{version}', expected one such as 24.1 or, for candidate events, 24.0.10")
    file = folder / f"GEDEvent_v{version.replace('.', '_')}.csv"
    if not file.is_file():
        content = _download(PUBLISHER + _address(version), file)
        folder.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        partial.write_bytes(content)
        partial.replace(file)
    return file


def _address(version: str) -> str:
    """Where the publisher keeps a version.

    >>> _address("24.1"), _address("24.0.10")
    ('ged/ged241-csv.zip', 'candidateged/GEDEvent_v24_0_10.csv')
    """
    if version.count(".") == 1:
        return YEARLY.format(digits=version.replace(".", ""))
    return MONTHLY.format(underscored=version.replace(".", "_"))


def _download(address: str, file: Path) -> bytes:
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            content: bytes = answer.read()
        return _unpacked(content) if address.endswith(".zip") else content
    except (URLError, OSError, zipfile.BadZipFile) as trouble:
        why = getattr(trouble, "reason", trouble)
        raise ValueError(
            f"{address} could not be fetched ({why}); download it by hand and give its place with "
            f"events=FILE, or put it at {file}"
        ) from None


def _unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        if not names:
            raise zipfile.BadZipFile("no CSV in the archive")
        return archive.read(names[0])


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    found = {file for pattern in PATTERNS for file in place.glob(pattern)}
    if not found:
        raise ValueError(
            f"no UCDP events at '{place}', expected a CSV of GED or a folder with {' or '.join(PATTERNS)}; "
            f"download one from {PUBLISHER} and give events=FILE-OR-FOLDER"
        )
    return sorted(found, key=lambda file: (file.name.count("_") > 2 and file.name.startswith("GED"), file.name))


def _read(file: Path) -> tuple[pd.DataFrame, str]:
    try:
        frame = pd.read_csv(file, low_memory=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as trouble:
        said = str(trouble).splitlines()[0]
        raise ValueError(f"{file.name} is no CSV ({said}), expected the events of UCDP GED as CSV") from None
    for column in NEEDED:
        if column not in frame:
            near = nearest(column, frame.columns.astype(str))
            raise ValueError(f"{file.name} has no column '{column}', expected the columns of UCDP GED{near}")
    version = _version(file, frame)
    return _checked(file, frame[list(NEEDED)].copy()), version


def _version(file: Path, frame: pd.DataFrame) -> str:
    if "ucdp_version" in frame and len(frame):
        return ", ".join(sorted(frame["ucdp_version"].astype(str).unique()))
    named = re.search(r"v(\d+(?:_\d+)+)", file.stem)
    return named.group(1).replace("_", ".") if named else "not told"


def _checked(file: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Words as text, days as days, numbers as numbers; the first cell that is not is told."""
    for column in ("date_start", "date_end"):
        days = pd.to_datetime(frame[column].astype(str).str[:10], format="%Y-%m-%d", errors="coerce")
        _refuse(file, frame, column, days.isna(), "a day such as 2022-03-27")
        frame[column] = days
    _refuse(file, frame, "date_end", frame["date_end"] < frame["date_start"], "a day not before date_start")
    for column in NUMBERS:
        numbers = pd.to_numeric(frame[column], errors="coerce")
        _refuse(file, frame, column, numbers.isna(), "a number")
        frame[column] = numbers if column in ("latitude", "longitude") else numbers.astype("int64")
    _refuse(file, frame, "best", frame["best"] < 0, "deaths of 0 or more")
    for column, (low, high) in {"type_of_violence": VIOLENCE, "where_prec": PRECISION}.items():
        _refuse(file, frame, column, ~frame[column].between(low, high), f"a code from {low} to {high}")
    twice = frame["id"].duplicated()
    _refuse(file, frame, "id", twice, "every event once")
    words = ["side_a", "side_b", "dyad_name", "adm_1", "country"]
    frame[words] = frame[words].astype("object").where(frame[words].notna(), "").astype(str)
    return frame


def _refuse(file: Path, frame: pd.DataFrame, column: str, wrong: pd.Series[bool], expected: str) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise ValueError(
            f"{file.name}, row {row + 2}: {column} is {_said(frame[column].iloc[row])}, expected {expected}"
        )


def _said(cell: object) -> str:
    """A cell as an error line shows it: text in quotes, numbers and days bare."""
    return repr(cell) if isinstance(cell, str) else str(cell)
