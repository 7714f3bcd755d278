"""Request: what a calibration is asked on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.calibration.windows import Window


@dataclass(frozen=True)
class Request:
    """The command line, read.

    Attributes:
        numbers: draws, checks, kept, truths.
        windows: that are simulated and compared, by their last day.
        initial: where they start from: from_events recorded before, or order_of_battle alone.
        facts: whether facts are targets.
        synthetic: whether the model makes the data.
        events: where recorded events are; None where the user gave no place.
        ged: release to fetch where there are none.
        ship: whether to write what ships.
        rest: words for `experiments.run`.
    """

    numbers: dict[str, int]
    windows: tuple[Window, ...]
    initial: str
    facts: bool
    synthetic: bool
    events: Path | None
    ged: str
    ship: bool
    rest: tuple[str, ...]
