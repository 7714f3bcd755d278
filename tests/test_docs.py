"""The documentation agrees with the code: links, pages of mechanisms, numbers, the list of the week, citations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments import outcomes, parameters
from scenarios.build import CONF
from scenarios.mechanisms import OFF, STANDARD, load_option, mechanisms
from scenarios.week import WEEK

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "conf/region/PROVENANCE.md", *sorted(DOCS.rglob("*.md"))]
MECHANISMS = mechanisms(CONF)
MONTHS = "January February March April May June July August September October November December"
NO_CITATION = (*MONTHS.split(), "Benin", "Damascus", "In", "Inata", "Kabul", "Niger")
"""Words before a year that name no author."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(text: str) -> list[str]:
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link]


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("| `")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(read(page)):
        assert (page.parent / link.split("#")[0]).exists(), f"{page.relative_to(ROOT)} links to {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_long_dashes(page: Path) -> None:
    assert "\N{EM DASH}" not in read(page)


def test_every_page_is_found_from_the_index() -> None:
    index = read(DOCS / "index.md") + read(DOCS / "mechanisms/index.md")
    assert not [page.name for page in PAGES if page.is_relative_to(DOCS) and page.name not in index + "index.md"]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_has_a_page_that_tells_its_options_and_its_file(mechanism: str) -> None:
    assert {STANDARD, OFF} <= set(MECHANISMS[mechanism])
    text = read(DOCS / "mechanisms" / f"{mechanism}.md")
    missing = [option for option in MECHANISMS[mechanism] if f"`{option}`" not in text]
    assert not missing, f"{mechanism}.md does not tell {missing}"
    row = next(r for r in read(DOCS / "mechanisms/index.md").split("\n") if f"]({mechanism}.md)" in r)
    file = links(row)[-1]
    assert file.endswith(".py")
    assert file in links(text)
    told = [option for option in MECHANISMS[mechanism] if option not in (STANDARD, OFF)]
    assert all(f"`{option}`" in row for option in told)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_numbers_on_the_pages_are_those_of_the_code(mechanism: str) -> None:
    text = read(DOCS / "mechanisms" / f"{mechanism}.md")
    assert "| parameter | default | range | unit | source |" in text
    assert rows(text)
    assert rows(text) == rows(parameters.renewed(text, parameters.listed())), RENEW


RENEW = "run: ./sahel python -m experiments.parameters --markdown"


def test_the_list_of_parameters_is_that_of_the_code() -> None:
    assert read(DOCS / "parameters.md") == parameters.markdown(parameters.listed()), RENEW


def test_the_page_of_outcomes_is_that_of_the_code() -> None:
    assert read(DOCS / "outcomes.md") == outcomes.page(), "run: ./sahel python -m experiments.outcomes"


def test_the_protocol_has_the_week_in_its_order() -> None:
    text = read(DOCS / "odd.md")
    told = re.findall(r"^\| \d+ \| `(\w+)`", text, flags=re.MULTILINE)
    assert told == ["timeline", *(process.name for process in WEEK)]
    assert not [m for m in MECHANISMS if f"](mechanisms/{m}.md)" not in text]


def test_every_scenario_and_chapter_is_on_its_page() -> None:
    text, historical = read(DOCS / "scenarios.md"), read(CONF / "scenario/historical.yaml")
    assert not [p.stem for p in (CONF / "scenario").glob("*.yaml") if f"`{p.stem}`" not in text]
    assert not [
        p.stem for p in (CONF / "chapter").glob("*.yaml") if f"`{p.stem}`" not in text and p.stem not in historical
    ]


def references() -> set[tuple[str, str]]:
    text = read(DOCS / "odd.md").split("## References")[1]
    lines = [line for line in text.split("\n") if line.startswith("- ")]
    return {
        (word, year) for line in lines for word in re.findall(r"[\wÖö]+", line) for year in re.findall(r"\d{4}", line)
    }


def cited(text: str) -> set[tuple[str, str]]:
    """First author and year of what looks like a citation."""
    flat = re.sub(r"\s+", " ", text)
    more = r"(?:,? (?:and |& )?[A-ZÖ][\w]+| et al\.| and others)*"
    found = re.findall(rf"\b([A-Z][a-zé]+){more},? \(?((?:19|20)\d\d)\b", flat)
    return {(name, year) for name, year in found if name not in NO_CITATION}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_what_is_cited_is_among_the_references(mechanism: str) -> None:
    known, keys = references(), {line.split(",")[0] for line in read(CONF / "order_of_battle/sources.csv").split("\n")}
    used = cited(read(DOCS / "mechanisms" / f"{mechanism}.md")) | cited(read(DOCS / "parameters.md"))
    for name in MECHANISMS[mechanism]:
        for source in load_option(mechanism, name, CONF).source:
            if source not in keys | {"judgement"}:
                used.add((source.split()[0].strip(","), source.split()[-1]))
    assert not used - known
