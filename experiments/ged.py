"""GED: observed deaths of the central Sahel out of UCDP's event files, and the totals that ship with the project.

Sundberg & Melander 2013, J. Peace Research 50(4); Davies, Engstrom, Pettersson & Oberg 2024, J. Peace
Research 61(4): GED 24.1, CC BY 4.0. Read is any CSV that has the columns `NEEDED`, so the official file
of 49 columns and shorter ones. As UCDP does, an event of several months counts where it begins.
Left out are the Diffa region and JAS: the war around Lake Chad, which the model does not hold.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.event_sizes import tail_exponent
from experiments.values import CONF

ROOT = Path(__file__).resolve().parents[1]
TOTALS = CONF / "evidence" / "ged_totals.csv"
NEEDED = ("date_start", "side_a", "dyad_name", "type_of_violence", "adm_1", "country", "best")
COUNTRIES = {"Mali": "MLI", "Niger": "NER", "Burkina Faso": "BFA"}
SPAN = (date(2021, 7, 5), date(2022, 12, 31))
"""From the first week of `historical` to the end of what the model is fitted to; 2023 is left for tests."""

WHERE = (
    "no GED events at '{}': observed totals that ship are used; for events, download GEDEvent_v24_1.csv "
    "(UCDP GED 24.1, ucdp.uu.se/downloads) and give ged=<file or folder>"
)
KILLERS = ("JNIM", "IS", "Government of Mali", "Government of Burkina Faso", "Government of Niger")
RIVALS = "IS - JNIM"


def read_ged(place: Path) -> pd.DataFrame:
    """Events of the three countries inside `SPAN`.

    Args:
        place: a CSV file, or a folder with files whose names begin with GEDEvent or ged_events.

    Raises:
        ValueError: nothing is there, or a column is missing; one line.
    """
    files = [place] if place.is_file() else sorted({*place.glob("GEDEvent*.csv"), *place.glob("ged_events_[12]*.csv")})
    if not files:
        raise ValueError(WHERE.format(place))
    return _of_interest(pd.concat([_read(file) for file in files], ignore_index=True))


def observed_totals(events: pd.DataFrame) -> pd.DataFrame:
    """Totals in the columns of `TOTALS`: measure, half_year, name, violence, value; events have at least a death."""
    counted, fatal = (
        part.groupby(["half_year", "country", "violence"])["best"] for part in (events, events[events["best"] > 0])
    )
    civilians = events[(events["violence"] == "3") & events["side_a"].isin(KILLERS)].assign(name=lambda e: e["side_a"])
    rivals = events[events["dyad_name"] == RIVALS].assign(name=RIVALS)
    regions = events.dropna(subset="adm_1").assign(name=lambda e: e["country"] + "/" + e["adm_1"])
    parts = [
        counted.sum().reset_index(name="value").assign(measure="deaths").rename(columns={"country": "name"}),
        fatal.size().reset_index(name="value").assign(measure="events").rename(columns={"country": "name"}),
        _summed(civilians, "civilians"),
        _summed(rivals, "rivals"),
        _summed(regions, "region"),
        _sizes(events["best"].to_numpy()),
    ]
    joined = pd.concat(parts, ignore_index=True)[["measure", "half_year", "name", "violence", "value"]]
    return joined.fillna({"violence": "all", "half_year": "all"})


def shipped_totals() -> pd.DataFrame:
    """The totals that ship with the project, made by `observed_totals` from GED 24.1."""
    return pd.read_csv(TOTALS, dtype={"violence": str})


def half_year(day: date | pd.Timestamp) -> str:
    """The half-year of a day.

    >>> half_year(date(2022, 7, 4))
    '2022H2'
    """
    return f"{day.year}H{1 + (day.month > 6)}"


def _read(file: Path) -> pd.DataFrame:
    frame = pd.read_csv(file, low_memory=False)
    for column in NEEDED:
        if column not in frame:
            raise ValueError(f"{file.name} has no column '{column}', expected the columns of UCDP GED 24.1")
    return frame[list(NEEDED)]


def _of_interest(events: pd.DataFrame) -> pd.DataFrame:
    day = pd.to_datetime(events["date_start"].astype(str).str[:10], format="%Y-%m-%d")
    inside = (day >= pd.Timestamp(SPAN[0])) & (day <= pd.Timestamp(SPAN[1])) & events["country"].isin(list(COUNTRIES))
    elsewhere = (events["adm_1"] == "Diffa region") | events["dyad_name"].str.contains("JAS")
    kept = events[inside & ~elsewhere]
    return kept.assign(
        half_year=[half_year(d) for d in day[kept.index]],
        country=kept["country"].map(COUNTRIES),
        violence=kept["type_of_violence"].astype(str),
    ).reset_index(drop=True)


def _sizes(best: NDArray[np.int64]) -> pd.DataFrame:
    exponent, error = tail_exponent(best)
    values = {"mean": best[best > 0].mean(), "exponent": exponent, "exponent_error": error}
    return pd.DataFrame({"measure": "sizes", "name": list(values), "value": np.round(list(values.values()), 3)})


def _summed(events: pd.DataFrame, measure: str) -> pd.DataFrame:
    return events.groupby(["half_year", "name"])["best"].sum().reset_index(name="value").assign(measure=measure)
