from __future__ import annotations

import pandas as pd

from experiments.comparison import paired
from experiments.summary import Table, difference_tables, notes, number, outcome_table, summary


def differences():
    about = {"outcome": "people_jnim", "label": "People under JNIM", "unit": "people", "window": "whole run"}
    values = pd.Series([1200.0, 800.0, 1100.0, 900.0]).to_numpy()
    return pd.DataFrame([about | paired(values, values - [300.0, 100.0, 200.0, -100.0])])


def test_a_row_tells_both_histories_the_difference_and_who_agrees():
    (table,) = difference_tables(differences(), ("french_stay", "x"))
    assert table.columns[:4] == ("", "French stay", "X", "difference")
    name, scenario, baseline, difference, between, agree, _ratio = table.rows[0]
    assert (name, scenario, baseline) == ("People under JNIM", "1,000", "875")
    assert (difference, between, agree) == ("+125", "-70.0 to +285", "75 %")


def test_outcomes_of_one_history():
    rows = {"outcome": "deaths", "window": "whole run", "history": "historical", "value": [10.0, 20.0, 30.0]}
    table = outcome_table(pd.DataFrame(rows), "historical")
    assert table.rows == (("Deaths, all violence", "20.0", "11.0 to 29.0"),)


def test_columns_are_aligned_and_markdown_is_a_table():
    table = Table("Heading", ("", "a"), (("row", "1,000"),))
    assert table.text().splitlines() == ["Heading", "         a", "----------", "row  1,000"]
    assert table.markdown().splitlines()[2:] == ["|  | a |", "| --- | ---: |", "| row | 1,000 |"]


def test_it_always_says_what_it_is_not():
    for markdown in (True, False):
        text = summary("Title", [], notes("Seed 1.", paired=False), markdown=markdown)
        assert "Model output, not a forecast. Seed 1." in text


def test_numbers_keep_three_digits():
    assert [number(x) for x in (0.0, 12345.0, -2.5, float("nan"))] == ["0", "12,300", "-2.50", "-"]
