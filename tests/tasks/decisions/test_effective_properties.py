"""Properties of what is in force over random records."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from programme.vocabulary import DECISION_KINDS
from tasks.decisions.effective import effective_decisions
from tests.tasks.decisions.making import ledger

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


@settings(max_examples=100, deadline=None)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing_and_what_stands_stands(decisions, random):
    order = list(range(decisions.height))
    random.shuffle(order)
    found = effective_decisions(decisions)
    assert found.equals(effective_decisions(decisions[order]))
    assert found.equals(effective_decisions(found))
    assert "undo" not in found["kind"].to_list()
    assert set(found["decision_id"]) <= set(decisions["decision_id"])
    assert found["decided_at"].is_sorted()
