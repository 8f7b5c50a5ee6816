"""Corrections are records with a guard: applied while the cell holds what they expect, refused afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from programme.programme import Programme
from programme.rounds import Round
from tasks.ingest.step import Inputs, SourceFile, read_all
from warehouse.sandbox import open_in_sandbox

ROW = {
    "submission_id": "S1",
    "submitted_at": "2025-08-01T10:00:00+02:00",
    "city_name": "Turku",
    "country": "Finland",
    "applicant_type": "city",
    "topic_1": "cooling",
    "population": "approx. 195,000",
    "plan_covers_whole_city": "Oui",
    "motivation": "Line one\nline two",
}
SAID = {"reason": "Called the city on 5 August", "decided_by": "Ann", "decided_at": "2025-08-05T10:00:00Z"}


@pytest.fixture
def mend(programme: Programme, round_: Round, as_csv: Callable[..., str]) -> Callable[..., Inputs]:
    def run(*lines: tuple[str, str, str], **change: str) -> Inputs:
        corrections = as_csv(
            [{"submission_id": "S1", "column": c, "expected": e, "value": v, **SAID} for c, e, v in lines]
        )
        files = {
            "submissions": as_csv([ROW | change]),
            "corrections": corrections,
            "cohort": "utm_id,name,country,status\n",
            "gcom": "gcom_id,name,country\n",
        }
        return read_all(
            [SourceFile(table, f"{table}.csv", text.encode()) for table, text in files.items()],
            programme,
            round_,
            open_binary=open_in_sandbox,
        )

    return run


APPLIED = [
    ("as written", "population", "approx. 195,000", "191 000", 191000),
    ("as understood", "population", "195000", "191000", 191000),
    ("a yes in other words", "plan_covers_whole_city", "yes", "no", False),
    ("from blank", "plan_type", "", "SECAP", "SECAP"),
    ("to blank", "population", "195000", "", None),
    ("a choice by its wording", "topic_1", "Cooling planning, measures & technologies", "Data", "data"),
    ("a text of two lines", "motivation", "Line one\nline two", "Better", "Better"),
]


@pytest.mark.parametrize(
    ("column", "expected", "value", "result"),
    [case[1:] for case in APPLIED],
    ids=[case[0] for case in APPLIED],
)
def test_applied(mend: Callable[..., Inputs], column: str, expected: str, value: str, result: object) -> None:
    inputs = mend((column, expected, value), plan_type="")
    assert inputs.submissions[column].to_list() == [result]
    changed = inputs.readings.filter(inputs.readings["rule"] == "correction")
    assert changed.select("row_key", "column", "before", "after").rows() == [
        ("S1", column, (ROW | {"plan_type": ""})[column] or None, value or None)
    ]
    assert "correction_applies" not in inputs.findings["expectation"]


REFUSED = [
    ("other value now", "population", "180000", "191000"),
    ("blank expected, filled now", "population", "", "191000"),
    ("no such column", "inhabitants", "", "1"),
    ("not the id", "submission_id", "S1", "S2"),
    ("value cannot be understood", "population", "195000", "many"),
    ("not the row number", "row", "2", "3"),
]


@pytest.mark.parametrize(
    ("column", "expected", "value"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_refused_with_a_finding(mend: Callable[..., Inputs], column: str, expected: str, value: str) -> None:
    inputs = mend((column, expected, value))
    assert inputs.submissions["population"].to_list() == [195000]
    found = inputs.findings.filter(inputs.findings["expectation"] == "correction_applies")
    assert found.select("table", "severity", "row_key", "column").rows() == [
        ("corrections", "warn", "S1", column)
    ]
    assert not any(text in found["message"][0] for text in ("195", "191", "Ann", "Called"))


def test_unknown_submission_is_refused(mend: Callable[..., Inputs]) -> None:
    inputs = mend(("population", "195000", "191000"), submission_id="S9")
    assert inputs.findings["expectation"].to_list() == ["correction_applies"]


def test_a_second_correction_builds_on_the_first(mend: Callable[..., Inputs]) -> None:
    inputs = mend(
        ("population", "195000", "191000"), ("population", "191000", "192000"), ("population", "195000", "1")
    )
    assert inputs.submissions["population"].to_list() == [192000]
    assert inputs.findings["expectation"].to_list() == ["correction_applies"]
    assert inputs.readings.filter(inputs.readings["rule"] == "correction").select(
        "before", "after"
    ).rows() == [("approx. 195,000", "192000")]


def test_a_row_set_aside_is_rescued(mend: Callable[..., Inputs]) -> None:
    inputs = mend(("city_name", "", "Turku"), city_name="")
    assert inputs.submissions["city_name"].to_list() == ["Turku"]
    assert inputs.set_aside.height == 0
