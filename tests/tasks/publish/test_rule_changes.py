"""Which values of the rules differ, with file and key."""

from __future__ import annotations

import pytest

from tasks.publish.rule_changes import RuleChange, rule_changes

OLD = """
words = 40 # why
[clauses]
mandate = "3.4"
open = true
[[rounds]]
id = "2025-07"
max_cities = 24
[[steps]]
points = [1, 2]
"""
CASES = [
    pytest.param("words = 40", "words = 60", ("words", "40", "60"), id="a number"),
    pytest.param('"3.4"', '"3.3"', ("clauses.mandate", "3.4", "3.3"), id="in a table"),
    pytest.param(
        "max_cities = 24", "max_cities = 30", ("rounds[2025-07].max_cities", "24", "30"), id="in a list"
    ),
    pytest.param("[1, 2]", "[1, 3]", ("steps[1].points", "1, 2", "1, 3"), id="by its place"),
    pytest.param("open = true", "open = false", ("clauses.open", "true", "false"), id="yes and no"),
    pytest.param("open = true", "", ("clauses.open", "true", None), id="taken away"),
]


@pytest.mark.parametrize(("old", "new", "change"), CASES)
def test_a_changed_value_is_named_with_its_key(old: str, new: str, change: tuple[str, str, str]) -> None:
    found = rule_changes({"a.toml": OLD}, {"a.toml": OLD.replace(old, new)})
    assert found == [RuleChange("a.toml", *change)]


def test_a_comment_is_no_rule_and_a_new_file_is_one() -> None:
    assert rule_changes({"a.toml": OLD}, {"a.toml": OLD.replace("# why", "# another why")}) == []
    assert rule_changes({}, {"b.toml": "x = 1"}) == [RuleChange("b.toml", "x", None, "1")]
