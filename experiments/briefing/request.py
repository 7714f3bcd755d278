"""What somebody asks a briefing of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """The command line, read.

    Attributes:
        runs: run folders; one, or several to compare.
        language: of all words.
        output: folder of the briefing.
        scorecard: given by the user; None to look for it.
        hindcast: given by the user; None to look for it.
        workers: processes that draw.
        gallery: folder for small pictures; None for none.
    """

    runs: tuple[Path, ...]
    language: str
    output: Path
    scorecard: Path | None
    hindcast: Path | None
    workers: int
    gallery: Path | None
