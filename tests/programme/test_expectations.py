from __future__ import annotations

import tomllib

import pytest

from programme.expectations import ExpectedCounts
from programme.problems import ProblemsError
from programme.rules import HERE, validate_rules
from warehouse.dictionary import INPUT_TABLES

BAD = [
    pytest.param(
        {"gcom": {"minimum": 5, "maximum": 4}}, "key gcom", "minimum <= maximum", id="bounds-crossed"
    ),
    pytest.param({"gcom": {"minimum": -1}}, "key gcom.minimum", "greater than or equal to 0", id="negative"),
    pytest.param(
        {"gcom": {"severity": "panic"}}, "key gcom.severity", "'stop' or 'warn'", id="unknown-severity"
    ),
    pytest.param({"gcom": {"why": ""}}, "key gcom.why", "at least 10 characters", id="no-reason"),
    pytest.param({"gcom": {"minimun": 3}}, "key gcom.minimun", "only the keys", id="typing-error"),
    pytest.param(
        {"recognised_countries": {"minimum": 1.5}},
        "key recognised_countries.minimum",
        "less than or equal to 1",
        id="share-above-one",
    ),
]


@pytest.mark.parametrize(("change", "where", "expected"), BAD)
def test_an_impossible_bound_is_refused(
    change: dict[str, dict[str, object]], where: str, expected: str
) -> None:
    data = tomllib.loads((HERE / "expectations.toml").read_text("utf-8"))
    for section, keys in change.items():
        data[section] |= keys
    with pytest.raises(ProblemsError) as caught:
        validate_rules(data, ExpectedCounts, "programme/expectations.toml")
    assert where in str(caught.value)
    assert expected in str(caught.value)


def test_every_source_has_a_count() -> None:
    assert set(INPUT_TABLES) <= set(ExpectedCounts.model_fields)
