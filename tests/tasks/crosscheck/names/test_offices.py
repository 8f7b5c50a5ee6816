"""An office of a city is told from a name by its words."""

from __future__ import annotations

import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.names.offices import offices

OFFICES = {
    "a unit and its topic": ("department of environment", True),
    "the topic first": ("climate change unit", True),
    "another language": ("assessorato all ambiente", True),
    "the mayor": ("mayor s office", True),
    "a topic alone": ("environment", False),
    "another word": ("department of yvelines", False),
    "a city": ("city of leeds", False),
    "nothing": ("", False),
}
WITHOUT = {
    "words of the city behind": ("climate office city of leeds", "city of leeds"),
    "a word of the city at the end": ("department of environment leeds municipality", "leeds municipality"),
    "no word of the city": ("department of environment leeds", "department of environment leeds"),
    "no unit": ("water city of leeds", "water city of leeds"),
    "an office alone": ("department of city planning", "department of city planning"),
    "a city alone": ("city of leeds", "city of leeds"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("folded", "office"), OFFICES.values(), ids=OFFICES.keys())
def test_what_is_an_office(folded: str, office: bool, rules: LinkingRules) -> None:
    assert offices(rules.words).is_office(folded) == office


@pytest.mark.parametrize(("folded", "rest"), WITHOUT.values(), ids=WITHOUT.keys())
def test_what_is_left_of_a_text(folded: str, rest: str, rules: LinkingRules) -> None:
    assert offices(rules.words).without_office(folded) == rest
