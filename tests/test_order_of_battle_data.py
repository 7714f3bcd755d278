"""The order of battle: mistakes in its files are refused in one line, and a new organisation is data."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from scenarios.order_of_battle import OrderOfBattle, load_order_of_battle
from scenarios.region import Region, load_region

CONF = Path(__file__).parents[1] / "conf"
FOLDER = CONF / "order_of_battle"
START = date(2021, 7, 5)


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(CONF / "region")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "order_of_battle"))


def at(order: OrderOfBattle, organisation: str) -> int:
    return order.ids.index(organisation)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


BASE = ",16.27167,-0.04472,camp,1750,1400"  # barkhane/Gao
MISTAKES = [
    ("bases.csv", "barkhane,Gao", "barkane,Gao", "organisation 'barkane' is not known; nearest: 'barkhane'"),
    ("bases.csv", "MLI/Gao" + BASE, "MLI/Goa" + BASE, "region 'MLI/Goa' is not known; nearest: 'MLI/Gao'"),
    ("bases.csv", BASE, BASE.replace("1750", "-5"), "troops is -5, expected between 0 and 50000"),
    ("bases.csv", BASE, BASE.replace("1400", "1800"), "low 1800, troops 1750, high 2500: expected low <= troops"),
    ("bases.csv", BASE, BASE.replace("camp", "kamp"), "role 'kamp' is not known; nearest: 'camp'"),
    ("bases.csv", BASE, BASE.replace("16.27", "12.27"), r"lies outside MLI/Gao, \d+ km from its nearest cell"),
    ("bases.csv", "place,country", "place,land", "the header is .*, expected organisation,place,country"),
    ("relations.csv", "issp,all,tacit", "issp,all,tacid", "row 2: stance 'tacid' is not known; nearest: 'tacit'"),
    ("relations.csv", "2019-06-30", "2014-06-30", r"to is 2014-06-30, expected no earlier than from \(2015-05-01\)"),
    ("relations.csv", "2015-05-01", "2015-05", "from is '2015-05', expected a date such as"),
    ("relations.csv", "jnim,issp", "issp,issp", "a and b are both 'issp', expected two parties"),
    ("attitudes.csv", "Tuareg: Ifoghas", "Tuareg: Ifogas", "'Tuareg: Ifogas' is not known; nearest: 'Tuareg: Ifoghas'"),
    ("attitudes.csv", "MLI,fama,0.6", "MLI,fama,2.6", r"row 2: prior is 2\.6, expected between -2 and 2"),
    ("control.csv", "MLI,,,,,fama,0.9", "MLI,,,,,fama,much", "row 2: town is 'much', expected a number"),
    ("control.csv", "13.9,17,-10,-5", "23.9,27,-10,-5", "MLI/Koulikoro has no cell with its centre in the box"),
    ("supports.csv", "fama,0.7,0.4", "fama,0.7,0.8", r"row 2: low 0\.8, value 0\.7"),
    ("strengths.csv", "issp,2021-07-05", "isp,2021-07-05", "organisation 'isp' is not known; nearest: 'issp'"),
    ("strengths.csv", "takuba,", "wagner,", "no row of takuba, which has bases"),
    ("organisations.yaml", "kind: jihadist", "kind: jihadi", "kind 'jihadi' is not known; nearest: 'jihadist'"),
    ("organisations.yaml", "unit_size:", "unit_sise:", "key 'unit_sise' is not known; nearest: 'unit_size'"),
    ("organisations.yaml", "host: fama", "host: famo", "host 'famo' is not known; nearest: 'fama'"),
]


@pytest.mark.parametrize(("file", "old", "new", "line"), MISTAKES)
def test_mistakes_in_data_are_refused_in_one_line(
    folder: Path, region: Region, file: str, old: str, new: str, line: str
) -> None:
    replace(folder / file, old, new)
    with pytest.raises(ValueError, match=line) as caught:
        load_order_of_battle(folder, region, START)
    assert str(caught.value).startswith(file)
    assert "\n" not in str(caught.value)


def test_a_new_organisation_is_data(folder: Path, region: Region) -> None:
    path = folder / "organisations.yaml"
    text = path.read_text(encoding="utf-8")
    block = re.search(r"  dozo:\n(?:    .*\n)+", text)
    assert block
    path.write_text(text + block.group().replace("  dozo:", "  ganda_koy:"), encoding="utf-8")
    with (folder / "strengths.csv").open("a", encoding="utf-8") as file:
        file.write("ganda_koy,2021-07-05,100,400,800,judgement,C,\n")
    order = load_order_of_battle(folder, region, START)
    assert order.strength[at(order, "ganda_koy")] == 400


def test_every_source_is_listed() -> None:
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["key"] for row in csv.DictReader(file)}
    cited = set(re.findall(r"source: ([^,}]+)", (FOLDER / "organisations.yaml").read_text(encoding="utf-8")))
    for path in FOLDER.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cited |= {row["source"] for row in csv.DictReader(file) if "source" in row}
    assert len(cited) > 50
    assert {key for entry in cited for key in entry.split(";")} <= known
