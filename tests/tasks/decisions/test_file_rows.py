"""The rows of a decisions file: ids, and what is set aside."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from tasks.decisions.file_rows import decision_ids, invalid_rows
from tasks.decisions.kinds import decision_id
from tests.tasks.decisions.making import ledger
from warehouse.dictionary.working import SET_ASIDE

AT = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
ROW = {
    "kind": "link",
    "subject": "S1",
    "object": "cohort",
    "value": "U1",
    "reason": "why",
    "decided_by": "Ann",
    "decided_at": AT,
}


def columns(**changed: object) -> dict[str, pl.Series]:
    return {name: pl.Series([value]) for name, value in (ROW | changed).items()}


@pytest.mark.parametrize("name", ["kind", "subject", "reason", "decided_by", "decided_at"])
def test_a_row_that_lacks_what_every_decision_needs_has_no_id(name):
    assert decision_ids(columns(**{name: None}), 1).to_list() == [None]
    absent = columns()
    del absent[name]
    assert decision_ids(absent, 1).to_list() == [None]


@pytest.mark.parametrize("name", ["object", "value"])
def test_a_row_without_object_or_value_has_an_id(name):
    expected = decision_id(*(None if key == name else value for key, value in ROW.items()))
    absent = columns()
    del absent[name]
    assert decision_ids(columns(**{name: None}), 1).to_list() == [expected]
    assert decision_ids(absent, 1).to_list() == [expected]


def test_each_row_has_its_own_id():
    two = {name: pl.Series([value, value]) for name, value in ROW.items()} | {
        "subject": pl.Series(["S1", "S2"])
    }
    found = decision_ids(two, 2)
    assert found.dtype == pl.String
    assert found.to_list() == [decision_id(*(ROW | {"subject": name}).values()) for name in ("S1", "S2")]
    assert decision_ids({}, 0).dtype == pl.String


def test_a_row_that_is_no_decision_is_set_aside_with_its_first_mistake():
    rows = ledger("a withdraw S1 - -", "b rule - beauty fine", "c promote S1 - -", "d merge S1 S1 -")
    numbered = rows.with_row_index("row", 2)
    found = invalid_rows(numbered, pl.Series([f"row-{n}" for n in range(2, 2 + rows.height)]))
    assert found.schema == SET_ASIDE.schema
    assert found.select("table", "row", "row_key", "column").rows() == [
        ("decisions", 3, "row-3", "subject"),
        ("decisions", 4, "row-4", "kind"),
        ("decisions", 5, "row-5", "object"),
    ]
    reasons = found["reason"].to_list()
    assert reasons[0] == "subject is not what the decision is about"
    assert reasons[1].startswith("kind is not one of link, no_link, rule, ")
    assert reasons[2] == "object is not the other one"


def test_a_row_without_a_kind_is_set_aside():
    row = ledger("a withdraw S1 - -").with_columns(kind=pl.lit(None, pl.String)).with_row_index("row", 2)
    assert invalid_rows(row, pl.Series(["row-2"]))["column"].to_list() == ["kind"]
