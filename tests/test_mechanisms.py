from __future__ import annotations

import re

import pytest

from scenarios.build import CONF
from scenarios.mechanisms import chosen_parameters, joined, load_option, mechanisms

FILES = {
    "governance/standard": "title: Governance grows\nsource: [Arjona 2016]\nparameters: {}",
    "governance/off": "title: Nobody governs\nparameters:\n  governance: {build: 0.0}",
    "war/off": "title: No raids\nparameters: {governance: {build: 0.05}}",
    "war/odd": "title: Odd\nparameters: {goverance: {build: 0.0}}",
    "war/wild": "title: Wild\nparameters: {governance: {build: -3}}",
    "war/near": "title: Near\nparameters: {governance: {buidl: 0.0}}",
    "war/word": "titel: Near",
}


@pytest.fixture
def conf(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "mechanism" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_options_are_found_and_read(conf):
    assert mechanisms(conf)["governance"] == ("off", "standard")
    option = load_option("governance", "off", conf)
    assert (option.title, option.parameters) == ("Nobody governs", {"governance": {"build": 0.0}})
    assert load_option("governance", "standard", conf).source == ("Arjona 2016",)


def test_a_choice_of_options_is_one_set_of_values(conf):
    assert chosen_parameters({"governance": "off"}, conf) == {"governance": {"build": 0.0}}
    assert chosen_parameters({"governance": "standard"}, conf) == {}


def test_the_last_word_is_the_last(conf):
    assert joined({"a": {"x": 1.0, "y": 2.0}}, {"a": {"x": 3.0}, "b": {"z": "off"}}) == {
        "a": {"x": 3.0, "y": 2.0},
        "b": {"z": "off"},
    }


def test_off_is_a_word(conf):
    (conf / "mechanism" / "war" / "note.yaml").write_text("title: A\nnote: off\n")
    assert load_option("war", "note", conf).note == "off"


@pytest.mark.parametrize(
    ("choice", "line"),
    [
        ({"govrnance": "off"}, "mechanism 'govrnance' is not known; nearest: 'governance'"),
        ({"governance": "of"}, "mechanism governance: option 'of' is not known; nearest: 'off'"),
        ({"war": "odd"}, "mechanism/war/odd.yaml: parameters: process 'goverance' is not known; nearest: 'governance'"),
        ({"war": "near"}, "mechanism/war/near.yaml: parameters.governance: parameter 'buidl' is not known"),
        ({"war": "wild"}, "mechanism/war/wild.yaml: parameters.governance: parameter governance.build is -3, expected"),
        ({"war": "word"}, "mechanism/war/word.yaml: key 'titel' is not known; nearest: 'title'"),
        ({"governance": "off", "war": "off"}, "governance=off and war=off give governance.build different values"),
    ],
)
def test_mistakes_give_one_line(conf, choice, line):
    with pytest.raises(ValueError, match=re.escape(line)) as refused:
        chosen_parameters(choice, conf)
    assert "\n" not in str(refused.value)


def test_every_option_that_ships_can_be_read():
    for mechanism, options in mechanisms(CONF).items():
        assert {"standard", "off"} <= set(options), mechanism
        for option in options:
            assert load_option(mechanism, option, CONF).title
