"""Table: draws of parameters in a file, with a column ``process.parameter`` for each and, if need be, ``weight``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.parameter_table import ParameterTable

WEIGHT = "weight"
DIGITS = 6
"""Significant digits that are written: a file that is read and written again is the same."""


def read_table(path: Path) -> ParameterTable:
    """Draws of parameters from a CSV or Parquet file; without a column ``weight`` all weigh the same.

    Raises:
        ValueError: a column is no parameter, or a value is no number or out of range; one line.
    """
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    if not len(frame):
        raise ValueError(f"{path.name}: the table of parameters is empty, expected a row for each draw")
    weights = frame.pop(WEIGHT) if WEIGHT in frame else pd.Series(1.0, frame.index)
    names = [tuple(str(column).split(".")) for column in frame.columns]
    for column, name in zip(frame.columns, names, strict=True):
        if len(name) != 2:
            raise ValueError(f"{path.name} has a column '{column}', expected PROCESS.PARAMETER such as encounters.rate")
        if not pd.api.types.is_numeric_dtype(frame[column]) or frame[column].isna().any():
            raise ValueError(f"{path.name}: column '{column}' holds what is no number, expected one in every row")
    try:
        values = frame.to_numpy(np.float64)
        return ParameterTable(tuple((a, b) for a, b in names), values, np.asarray(weights, np.float64))
    except ValueError as mistake:
        raise ValueError(f"{path.name}: {mistake}") from None


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write draws, one row each, as CSV; whole or not at all."""
    partial = path.with_suffix(".partial")
    frame.to_csv(partial, index=False, float_format=f"%.{DIGITS}g", lineterminator="\n")
    partial.replace(path)
