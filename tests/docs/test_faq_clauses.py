"""Every clause of the FAQ that code, rules or pages cite is summarised, and every summary is needed."""

from __future__ import annotations

import re

import pytest

from programme.programme import Programme
from tests.docs.repository import docstrings, files, read

PAGE = "docs/faq-clauses.md"
NUMBER = r"\d(?:\.\d+)*"
CITED = re.compile(
    rf"FAQ[,:]?\s*\(?(?:introduction|intro|{NUMBER})(?:\s*(?:,|and|to|-|–)\s*(?:introduction|{NUMBER}))*"
)
RANGE = re.compile(r"(\d)\.(\d+)\s*(?:to|-|–)\s*\1\.(\d+)")
SOURCES = tuple(name for name in files() if name.endswith((".py", ".toml", ".md")) and name != PAGE)


def clauses_in(text: str) -> set[str]:
    """The clauses that a text cites, ranges spelt out; the introduction is one of them."""
    found = set()
    for citation in CITED.findall(" ".join(text.split())):
        found.update(re.findall(NUMBER, citation))
        found.update({"introduction"} if "intro" in citation else ())
        for chapter, first, last in RANGE.findall(citation):
            found.update(f"{chapter}.{n}" for n in range(int(first), int(last) + 1))
    return found


def summarised() -> set[str]:
    """The clauses that have an entry on the page."""
    headings = re.findall(r"^### (\S+)", read(PAGE), re.MULTILINE)
    return {heading.lower() for heading in headings}


def cited(programme: Programme) -> dict[str, list[str]]:
    """Clause to the files that cite it."""
    places: dict[str, list[str]] = {}
    for name in SOURCES:
        for clause in clauses_in(read(name)):
            places.setdefault(clause, []).append(name)
    for text in programme.eligibility.clauses.values():
        for clause in re.findall(NUMBER, text):
            places.setdefault(clause, []).append("programme/eligibility.toml")
    return places


def test_every_cited_clause_is_summarised(programme: Programme) -> None:
    missing = {clause: names for clause, names in cited(programme).items() if clause not in summarised()}
    assert not missing, missing


def test_every_summary_is_of_a_cited_clause(programme: Programme) -> None:
    needless = summarised() - set(cited(programme))
    assert not needless, needless


def test_every_summary_says_where_it_is_applied() -> None:
    without = [entry.splitlines()[0] for entry in read(PAGE).split("\n### ")[1:] if "Applied" not in entry]
    assert not without, without


def test_docstrings_cite_clauses_by_number() -> None:
    assert any(clauses_in(text.text) for text in docstrings())


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("(FAQ 3.2)", {"3.2"}, id="one"),
        pytest.param("FAQ 3.2, 3.3.1: why", {"3.2", "3.3.1"}, id="list"),
        pytest.param("FAQ 3.1-3.4", {"3.1", "3.2", "3.3", "3.4"}, id="range"),
        pytest.param("FAQ 3.5 to 3.7", {"3.5", "3.6", "3.7"}, id="range-in-words"),
        pytest.param("FAQ introduction, 3.8", {"introduction", "3.8"}, id="introduction"),
        pytest.param("The FAQ (3.1) promises", {"3.1"}, id="brackets"),
        pytest.param("broken FAQ\n3.6", {"3.6"}, id="over-two-lines"),
        pytest.param("the FAQ's wording of 4 August", set(), id="none"),
    ],
)
def test_citations_are_understood(text: str, clauses: set[str]) -> None:
    assert clauses_in(text) == clauses
