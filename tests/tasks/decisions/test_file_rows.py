"""The rows of a decisions file: ids, and what is set aside."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from tasks.decisions.file_rows import decision_ids, invalid_rows, with_recorded_ids
from tasks.decisions.kinds import decision_id
from tests.tasks.decisions.making import ledger
from warehouse.dictionary.decision_ids import old_decision_id
from warehouse.dictionary.inputs import DECISIONS
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


def test_a_line_again_is_the_same_decision_until_it_was_undone_above():
    """Each line is a letter; `-a` takes back the first decision of line `a`, `-a1` the next of that line."""
    ids = {f"a{n or ''}": decision_id(*ROW.values(), n) for n in range(3)} | {
        "b": decision_id(*(ROW | {"subject": "S2"}).values())
    }
    cases = {
        "a a": "a a",
        "a -a a": "a . a1",
        "a a -a": "a a .",
        "-a a": ". a1",
        "a -b a": "a . a",
        "a -a a -a1 a": "a . a1 . a2",
        "a -a b a a": "a . b a1 a1",
    }
    for lines, expected in cases.items():
        rows = []
        for line in lines.split():
            if line.startswith("-"):
                undo = {"kind": "undo", "subject": ids[line[1:]], "object": None, "value": None}
                rows.append(ROW | undo)
            else:
                rows.append(ROW | ({"subject": "S2"} if line == "b" else {}))
        made = {name: pl.Series([row[name] for row in rows]) for name in ROW}
        found = decision_ids(made, len(rows)).to_list()
        names = {value: key for key, value in ids.items()}
        assert " ".join(names.get(one, ".") for one in found) == expected, lines


def test_a_line_that_an_older_program_recorded_keeps_its_id():
    old = old_decision_id(ROW)
    rows = DECISIONS.frame([{**ROW, "decision_id": decision_id(*ROW.values())}])
    assert with_recorded_ids(rows, {old})["decision_id"].to_list() == [old]
    for recorded in ({"x"}, set(), {old, rows["decision_id"][0]}):
        assert with_recorded_ids(rows, recorded).equals(rows)
    assert with_recorded_ids(rows.clear(), {old}).is_empty()


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
