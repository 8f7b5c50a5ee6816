"""A rubric that cannot be right is refused, naming key, what was found and what is expected."""

from __future__ import annotations

import copy
import tomllib

import pytest

from programme.problems import ProblemsError
from programme.rubric import Rubric
from programme.rules import HERE, validate_rules

SHIPPED = tomllib.loads((HERE / "rubric.toml").read_text("utf-8"))

CASES = [
    pytest.param(
        ("criteria", "impact", "weight"), 29.9, "sum to 100; they sum to 99.9", id="weights below 100"
    ),
    pytest.param(("criteria", "impact", "weight"), 31, "sum to 100", id="weights above 100"),
    pytest.param(
        ("criteria", "impact", "weight"), 30.00001, "four decimals", id="finer than what is published"
    ),
    pytest.param(("bonus", "previous_experience", "weight"), 11, "at most 10", id="bonus too large"),
    pytest.param(
        ("bonus", "previous_experience", "weight"),
        -1,
        "greater than or equal to 0",
        id="a bonus that takes away",
    ),
    pytest.param(("criteria", "impact", "wieght"), 30, "an unknown key", id="unknown key"),
    pytest.param(
        ("criteria", "impact", "scale"), ["a"], "a wording for each of 0 to 5", id="scale too short"
    ),
    pytest.param(
        ("evidence", "impact", "each_aspect"),
        0.5,
        "sum to 5 for each criterion; found impact 5.5",
        id="evidence beyond five",
    ),
    pytest.param(
        ("evidence", "engagement", "engagement_status", "none"),
        -1,
        "greater than or equal to 0",
        id="negative points",
    ),
    pytest.param(("reviews", "minimum"), 4, "at most per_application", id="a minimum nobody can meet"),
    pytest.param(("reviews", "disputed_spread"), float("nan"), "finite", id="not a number"),
]


@pytest.mark.parametrize(("key", "value", "message"), CASES)
def test_an_impossible_rubric_is_refused(key, value, message):
    data = copy.deepcopy(SHIPPED)
    table = data
    for part in key[:-1]:
        table = table[part]
    table[key[-1]] = value
    with pytest.raises(ProblemsError) as caught:
        validate_rules(data, Rubric, "programme/rubric.toml")
    assert message.lower() in str(caught.value).lower()
    assert key[0] in str(caught.value)


def test_the_shipped_rubric_is_read():
    assert validate_rules(SHIPPED, Rubric, "programme/rubric.toml").weights == {
        "mandate": 25.0,
        "impact": 30.0,
        "added_value": 25.0,
        "engagement": 20.0,
        "previous_experience": 10.0,
    }
