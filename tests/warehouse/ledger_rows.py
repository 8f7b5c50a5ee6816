"""Rows that tests of the ledger record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from warehouse.dictionary.decision_ids import decision_id
from warehouse.dictionary.inputs import SUBMISSIONS

ROUND = "2026-01"
NOW = datetime(2026, 1, 9, 5, 0, 0, 123456, tzinfo=UTC)
SOURCE = "a" * 64


def submissions_of(n: int, **cells: object) -> pl.DataFrame:
    """A frame of `n` submissions."""
    usual = {
        "city_name": "\u0141\u00f3d\u017a",
        "country": "Poland",
        "applicant_type": "city",
        "submitted_at": NOW,
        "contact_name": "Jan Kowalski",
    }
    rows: list[dict[str, Any]] = [
        {"row": number + 2, "submission_id": f"S{number}", **usual, **cells} for number in range(n)
    ]
    return SUBMISSIONS.frame(rows)


def decision_of(key: str, **cells: object) -> dict[str, Any]:
    """One row of the table `decisions`, with the id of its content; `key` is in its reason unless given."""
    usual = {
        "kind": "rule",
        "subject": "S1",
        "object": "gcom",
        "value": "met",
        "reason": f"seen {key}",
        "decided_by": "ana",
        "decided_at": NOW,
    }
    row: dict[str, Any] = {**usual, **cells}
    return {"decision_id": decision_id(row), **row}
