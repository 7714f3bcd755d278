from __future__ import annotations

from datetime import date

import pytest

from experiments.settings import Settings, scenarios, settings_from
from experiments.values import canonical


def made(**given):
    return settings_from({"scenario": {"weeks": 130}} | given, "minusma_exit")


def test_values_are_read():
    given = {"event_tables": [2, 0, 2], "events": ["truce_menaka"], "parameters": {"encounters": {"rate": 1}}}
    read = made(start="2021-07-05", dates=["2021-08-02"], **given)
    assert read.start == date(2021, 7, 5)
    assert read.dates == (date(2021, 8, 2),)
    assert read.event_tables == (0, 2)
    assert read.events == ("truce_menaka",)
    assert read.parameters == {"encounters": {"rate": 1.0}}
    assert (read.replicates, read.seed, read.draws) == (200, 1, "strengths")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"replicate": 5}, "unknown key 'replicate', did you mean 'replicates'?"),
        ({"replicates": 0}, "replicates is 0, expected a whole number from 1 to 100000"),
        ({"replicates": 1.5}, "replicates is 1.5, expected a whole number"),
        ({"seed": 2**32}, "seed is 4294967296, expected a whole number from 0 to 4294967295"),
        ({"workers": True}, "workers is True, expected a whole number"),
        ({"start": "2021-13-01"}, "start is '2021-13-01', expected a date such as 2021-07-05"),
        ({"draws": "al"}, "draws is 'al', expected one of: strengths, none, all, did you mean 'all'?"),
        ({"event_tables": [0, 200]}, "event_tables has replicate 200, expected numbers from 0 to 199"),
        ({"event_tables": 0}, "event_tables is 0, expected a list such as [0,1]"),
        ({"figures": "yes"}, "figures is 'yes', expected true or false"),
        ({"parameters": {"a": 1}}, "parameters.a is 1, expected the name of a parameter, such as parameters.a.N=0.5"),
        ({"parameters": {"a": {"b": [1]}}}, "parameters.a.b is [1], expected a number or the name of a form"),
    ],
)
def test_mistakes_give_one_line(given, line):
    with pytest.raises(ValueError, match=r".") as caught:
        made(**given)
    assert str(caught.value) == line


def test_the_hash_is_of_what_numbers_depend_on():
    plain = made()
    other = made(replicates=7, workers=1, block=3, event_tables=[1], output="x", figures=False, explain=True)
    assert plain.hash == other.hash
    others = [made(seed=2), made(weeks=5), made(parameters={"a": {"b": 1}}), made(scenario={"weeks": 131})]
    others.append(made(events=["x"]))
    assert len({plain.hash, *(other.hash for other in others)}) == 6
    assert plain.folder.name == f"minusma_exit-{plain.hash[:8]}"


def test_no_order_of_keys_in_the_hash():
    assert canonical({"b": date(2021, 7, 5), "a": [1.0]}) == '{"a":[1.0],"b":"2021-07-05"}'
    one, two = ({"seed": 3, "weeks": 9}, {"weeks": 9, "seed": 3})
    assert made(**one).hash == made(**two).hash


def test_settings_cannot_change():
    with pytest.raises(AttributeError):
        made().seed = 3
    assert Settings("x", {}).seed == 1


def test_the_default_scenario_ships():
    assert "french_withdrawal" in scenarios()
