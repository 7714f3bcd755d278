from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from experiments.events_table import COLUMNS, Sides, ged_table
from sim.state import EVENT_FIELDS, Field
from sim.world import Kind

ORGANISATIONS = ("katiba_macina", "issp", "fama", "barkhane", "dozo", "new_band")


class Row(NamedTuple):
    monday: date
    values: np.ndarray


@pytest.fixture
def sides():
    kinds = [Kind.JIHADIST, Kind.JIHADIST, Kind.ARMY, Kind.COUNTER_TERRORISM, Kind.MILITIA, Kind.REBEL]
    cells = SimpleNamespace(
        lat=np.array([13.25, 14.25]),
        lon=np.array([-4.75, 0.25]),
        gid=np.array([148671, 150121]),
        country=np.array([0, 1]),
        region=np.array([0, 1]),
    )
    organisations = SimpleNamespace(kind=np.array(kinds), country=np.array([-1, -1, 0, 0, 0, -1]))
    names = SimpleNamespace(
        organisations=ORGANISATIONS,
        labels=("", "", "", "", "", "New Band"),
        countries=("MLI", "NER"),
        regions=("MLI/Ségou", "NER/Tillabéri"),
    )
    return Sides(SimpleNamespace(cells=cells, organisations=organisations), names)


def event(side_a, side_b, violence, deaths=(1, 2, 0), cell=0):
    values = np.zeros(EVENT_FIELDS, np.int32)
    values[Field.CELL], values[Field.VIOLENCE] = cell, violence
    values[Field.SIDE_A] = ORGANISATIONS.index(side_a)
    values[Field.SIDE_B] = ORGANISATIONS.index(side_b) if side_b else -1
    values[[Field.DEATHS_A, Field.DEATHS_B, Field.CIVILIANS]] = deaths
    return Row(date(2022, 1, 3), values)


def test_the_columns_are_those_of_ged(sides):
    assert len(COLUMNS) == len(set(COLUMNS)) == 49
    assert list(ged_table([event("issp", None, 3)], sides).columns) == COLUMNS


def test_the_government_is_side_a_and_deaths_follow_their_side(sides):
    row = ged_table([event("katiba_macina", "fama", 1, (1, 2, 4))], sides).iloc[0]
    assert row["dyad_name"] == "Government of Mali - JNIM"
    assert (row["deaths_a"], row["deaths_b"], row["deaths_civilians"], row["best"]) == (2, 1, 4, 7)
    assert row["gwnoa"] == 432
    assert pd.isna(row["gwnob"])


def test_other_sides_stand_in_the_order_of_the_alphabet(sides):
    rows = [event("katiba_macina", "issp", 2), event("katiba_macina", "dozo", 2), event("new_band", "issp", 2)]
    table = ged_table(rows, sides)
    assert list(table["dyad_name"]) == ["IS - JNIM", "Dozos (Mali) - JNIM", "IS - New Band"]
    assert list(table["deaths_a"]) == [2, 2, 2]


def test_civilians_are_side_b(sides):
    row = ged_table([event("fama", None, 3, (0, 0, 9))], sides).iloc[0]
    assert row["dyad_name"] == "Government of Mali - Civilians"
    assert (row["deaths_civilians"], row["best"], row["type_of_violence"]) == (9, 9, 3)


def test_foreign_forces_count_with_the_government_of_the_place(sides):
    row = ged_table([event("barkhane", "issp", 1, cell=1)], sides).iloc[0]
    assert (row["side_a"], row["country"], row["country_id"]) == ("Government of Niger", "Niger", 436)


def test_where_and_when(sides):
    row = ged_table([event("issp", None, 3, (0, 0, 1))], sides).iloc[0]
    assert (row["adm_1"], row["priogrid_gid"], row["latitude"]) == ("Segou region", 148671, 13.25)
    assert (row["date_start"], row["date_end"], row["year"]) == ("2022-01-03", "2022-01-09", 2022)
    assert ged_table([event("issp", None, 3, (0, 0, 1), cell=1)], sides).iloc[0]["adm_1"] == "Tillabéri region"


def test_events_without_a_death_are_no_ged_events(sides):
    table = ged_table([event("issp", "fama", 1, (0, 0, 0)), event("issp", "fama", 1, (0, 1, 0))], sides)
    assert list(table["id"]) == [1]
