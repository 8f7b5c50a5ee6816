"""The glossary explains every fixed word of the programme, and no word that does not exist."""

from __future__ import annotations

import re

import pytest

from programme import desk, selection_vocabulary, vocabulary
from tests.docs.repository import read, section

PAGE = "docs/glossary.md"
HEADING = re.compile(r"^(### .* \(`([A-Z_]+)`\))$", re.MULTILINE)
LISTS: dict[str, tuple[str, ...]] = {
    name: value
    for words in (vocabulary, selection_vocabulary, desk)
    for name, value in vars(words).items()
    if name.isupper() and isinstance(value, tuple) and all(isinstance(word, str) for word in value)
}
HEADED = {name: heading for heading, name in HEADING.findall(read(PAGE))}
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)
TERMS = [
    row
    for row in re.findall(r"^\| ([^|`]+) \| ([^|]+) \| ([^|]+) \|$", read(PAGE), re.MULTILINE)
    if row[0] not in ("term", "word") and not row[0].startswith("-")
]
NEWCOMERS_MEET = (
    "cohort, GCoM, signatory, scenario, twinning, candidate, margin, regret, severity, provisional, "
    "disputed, effective decision, override, snapshot, version, content hash, seal, round, early scan, "
    "gate, conditional"
)


def test_every_list_of_the_vocabulary_is_explained() -> None:
    explained = [set(LISTS[name]) for name in HEADED if name in LISTS]
    missing = [name for name, words in LISTS.items() if not any(set(words) <= one for one in explained)]
    assert not missing, f"lists without a heading: {missing}"


@pytest.mark.parametrize("name", sorted(HEADED))
def test_the_words_of_a_list_are_those_of_the_vocabulary(name: str) -> None:
    rows = dict(ROW.findall(section(read(PAGE), HEADED[name])))
    assert tuple(rows) == LISTS[name]


def test_every_term_is_explained_once_and_says_where_it_is_decided() -> None:
    terms = [term for term, _, _ in TERMS]
    assert len(terms) > 50
    assert len(terms) == len(set(terms))
    assert not [term for term, _, where in TERMS if "FAQ" not in where and "`" not in where]


@pytest.mark.parametrize("term", NEWCOMERS_MEET.split(", "))
def test_the_terms_a_newcomer_meets_are_there(term: str) -> None:
    assert any(term in re.split(r", | \(", name) for name, _, _ in TERMS)
