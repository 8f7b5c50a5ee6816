"""Every file, command, target, setting and name that prose mentions exists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import pytest

from tests.docs.mentions import bare_files, in_ticks, path_exists, problems, unknown_identifiers
from tests.docs.repository import Text, comments, docstrings, pages, strings

TELLS_WHAT_WAS_NOT_TAKEN = "docs/decisions.md"
COMMAND_LINE = re.compile(
    r"^(?: {4}|\S*/bin/)?((?:city2city|make|prefect|python -m|\. )\b.*?)(?:\s{2,}#.*)?$"
)
"""A line of a page, inside a fence or indented, that is a command."""


@cache
def prose() -> tuple[Text, ...]:
    """What a person reads: pages, comments, docstrings, and messages with something in back-ticks."""
    messages = (text for text in strings() if "`" in text.text and not text.file.startswith("tests/"))
    return tuple(dict.fromkeys((*pages(), *comments(), *docstrings(), *messages)))


def told(misses: Iterable[tuple[Text, str]]) -> str:
    """All misses at once, with how many there are in each package."""
    lines = sorted({f"{text.file}:{text.line}: {name}" for text, name in misses})
    counts = Counter("/".join(line.split(":")[0].split("/")[:2]) for line in lines)
    summary = ", ".join(f"{package} {n}" for package, n in sorted(counts.items()))
    return f"{len(lines)} names of nothing ({summary}):\n" + "\n".join(lines)


def test_what_stands_in_back_ticks_exists() -> None:
    misses = [
        (text, name) for text in prose() for span in in_ticks(text.text) for name in problems(text, span)
    ]
    assert not misses, told(misses)


def test_files_named_without_back_ticks_exist() -> None:
    misses = [
        (text, name) for text in prose() for name in bare_files(text.text) if not path_exists(text.file, name)
    ]
    assert not misses, told(misses)


def test_command_lines_of_the_pages_exist() -> None:
    fenced, misses = False, []
    for text in pages():
        if text.text.startswith("```"):
            fenced = not fenced
        found = COMMAND_LINE.match(text.text)
        if found and (fenced or text.text.startswith("    ")):
            misses += [(text, name) for name in problems(text, found[1])]
    assert not misses, told(misses)


def test_identifiers_in_back_ticks_are_names_of_the_code() -> None:
    misses = [
        (text, name)
        for text in prose()
        if text.file != TELLS_WHAT_WAS_NOT_TAKEN
        for span in in_ticks(text.text)
        for name in unknown_identifiers(span)
    ]
    assert not misses, told(misses)


@pytest.mark.parametrize(
    ("file", "span", "wrong"),
    [
        pytest.param("README.md", "make demo", [], id="target"),
        pytest.param("README.md", "make coffee", ["make coffee"], id="no-such-target"),
        pytest.param("README.md", "make PYTHON=python3.12", [], id="variable"),
        pytest.param("README.md", "city2city run 2026-01 --reason x", [], id="command"),
        pytest.param("README.md", "city2city fly 2026-01", ["city2city fly"], id="no-such-command"),
        pytest.param("README.md", "city2city run 2026-01 --fast", ["city2city run --fast"], id="option"),
        pytest.param("README.md", "decide ROUND bless T-1", ["city2city decide ROUND bless"], id="kind"),
        pytest.param("README.md", "CITY2CITY_DATA", [], id="setting"),
        pytest.param("README.md", "CITY2CITY_MOOD", ["CITY2CITY_MOOD"], id="no-such-setting"),
        pytest.param("README.md", "programme/rounds.toml", [], id="file"),
        pytest.param("README.md", "programme/moons.toml", ["programme/moons.toml"], id="no-such-file"),
        pytest.param("README.md", "programme/*.toml", [], id="pattern"),
        pytest.param("programme/rounds.py", "rounds.toml", [], id="beside-it"),
        pytest.param("tasks/ingest/__init__.py", "rounds.toml", [], id="rule-file"),
        pytest.param("tasks/ingest/__init__.py", "vocabulary.py", ["vocabulary.py"], id="elsewhere"),
        pytest.param("README.md", "data/snapshots/round=2026-01/latest.json", [], id="at-run-time"),
        pytest.param("README.md", "data/treasure/ROUND", ["data/treasure/ROUND"], id="never-written"),
        pytest.param("README.md", "warehouse.verify", [], id="module"),
        pytest.param("README.md", "warehouse.vault", ["warehouse.vault"], id="no-such-module"),
        pytest.param("README.md", "python -m samples.make", [], id="program"),
        pytest.param(
            "README.md",
            "python -m samples.bake",
            ["python -m samples.bake", "samples.bake"],
            id="no-such-program",
        ),
        pytest.param("README.md", "and/or", [], id="no-path"),
    ],
)
def test_the_test_tells_what_exists_from_what_does_not(file: str, span: str, wrong: list[str]) -> None:
    assert sorted(set(problems(Text(file, 1, span), span))) == wrong
