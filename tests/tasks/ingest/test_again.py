"""What was understood, written down canonically and read again, is the same and needs no understanding."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.programme import Programme
from tasks.ingest.step import ReadTable
from tests.examples import examples

WRITTEN = {
    "submission_id": ["S1", "s-2"],
    "submitted_at": [
        "2025-08-03 10:15",
        "26/08/2025 10:15",
        "2025-08-03T10:15:00-05:00",
        "3 August 2025, 10:15",
    ],
    "city_name": ["Turku", "  São   Paulo", "新北市"],
    "country": ["FI", "Suomi", "Dem. Rep. Congo"],
    "applicant_type": ["City", "county", "NGO"],
    "population": ["", "250.000", "2.7 million", "approx. 59000", "n/a"],
    "members": ["", "A | 20.000 | adopted\nB | | none", "C|7"],
    "cohort_status": ["Yes, member", "No", ""],
    "cohort_applied_on": ["", "2025-05-01", "26.05.2025"],
    "plan_type": ["Other", "secap", ""],
    "plan_covers_whole_city": ["Oui", "0", "perhaps", ""],
    "topic_1": ["Clean hydrogen", "digital twins", "Urban farming"],
    "topic_1_need": ["4/5", "3", "", "9"],
    "action_aspects": ["Technical; social", "financial", "aliens", ""],
    "stakeholders": ["Civil society, Research", ""],
    "motivation": ["We\r\nwant", "=1+1", ""],
    "past_cooperation": ["Gent | Belgium | URBACT | Data management; Lyon | France | | Cheese", ""],
    "preferred_city_1": ["Malmö", "-"],
}
"""Cells as people write them, a few for each column."""


def canonical(value: Any) -> str:
    """A value as the contract writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        lines = [
            " | ".join(str(part) if part is not None else "" for part in item.values())
            if isinstance(item, dict)
            else item
            for item in value
        ]
        return ("\n" if any(isinstance(item, dict) for item in value) else "; ").join(lines)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@settings(max_examples=examples(5))
@given(
    st.lists(
        st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in WRITTEN.items()}),
        min_size=1,
        max_size=6,
    )
)
def test_read_again_is_the_same(
    read: Callable[..., ReadTable],
    as_csv: Callable[..., str],
    programme: Programme,
    rows: list[dict[str, str]],
) -> None:
    first = read(
        as_csv(
            [row | {"submission_id": f"{row['submission_id']}{number}"} for number, row in enumerate(rows)]
        )
    )
    if not first.frame.height:
        pytest.fail("every row here has what is required")
    columns = [name for name in programme.form.submissions if name in WRITTEN]
    written = [{name: canonical(row[name]) for name in columns} for row in first.frame.iter_rows(named=True)]
    again = read(json.dumps(written), "submissions", "submissions.json")
    assert again.frame.drop("row").equals(first.frame.drop("row"))
    left = again.readings.filter(again.readings["column"] != "country")
    assert left.select("column", "rule").rows() == []
