"""Properties of what is in force over random records."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.vocabulary import DECISION_KINDS
from tasks.decisions.effective import effective_decisions
from tests.examples import examples
from tests.tasks.decisions.making import START, ledger

NAMES = st.sampled_from(["S1", "S2", "S3", "d0", "d1", "d2", "d3"])


@st.composite
def ledgers(draw):
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(DECISION_KINDS),
                NAMES,
                NAMES,
                st.sampled_from(["-", "cooling", "ports"]),
                st.integers(0, 3),
            ),
            max_size=9,
        )
    )
    return ledger(
        *(
            f"d{n} {kind} {subject} {object_} {value} {day}"
            for n, (kind, subject, object_, value, day) in enumerate(rows)
        )
    )


@settings(max_examples=examples(40))
@given(ledgers(), st.lists(st.integers(0, 900), min_size=9, max_size=9))
def test_claimed_moments_and_ids_change_nothing_and_what_stands_stands(decisions, days):
    found = effective_decisions(decisions)
    claimed = [START + timedelta(days=day) for day in days[: decisions.height]]
    other = decisions.with_columns(decided_at=pl.Series(claimed, dtype=decisions.schema["decided_at"]))
    assert found["decision_id"].equals(effective_decisions(other)["decision_id"])
    assert found.equals(effective_decisions(found))
    assert "undo" not in found["kind"].to_list()
    assert set(found["decision_id"]) <= set(decisions["decision_id"])
    recorded = decisions["decision_id"].to_list()
    assert found["decision_id"].to_list() == [one for one in recorded if one in set(found["decision_id"])]
