"""A number with its noun."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from programme.counts import counted, listed

CASES = [
    pytest.param(1, "decision", "1 decision", id="one"),
    pytest.param(0, "decision", "0 decisions", id="none"),
    pytest.param(2, "open point", "2 open points", id="with what stands before it"),
    pytest.param(1, "more person", "1 more person", id="one person"),
    pytest.param(3, "more person", "3 more people", id="people"),
    pytest.param(1200, "city", "1,200 cities", id="cities, and thousands"),
]


@pytest.mark.parametrize(("count", "one", "words"), CASES)
def test_a_number_has_its_noun(count: int, one: str, words: str) -> None:
    assert counted(count, one) == words


def test_another_plural_can_be_named() -> None:
    assert counted(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param(["a"], "a", id="one"),
        pytest.param(["a", "b"], "a and b", id="two"),
        pytest.param(iter("abc"), "a, b and c", id="three"),
    ],
)
def test_several_things_are_named_in_one_sentence(parts: Iterable[str], words: str) -> None:
    assert listed(parts) == words
