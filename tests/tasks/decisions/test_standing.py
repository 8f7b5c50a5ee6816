"""What became of recorded decisions, and which contradict each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tasks.decisions.effective import effective_decisions
from tasks.decisions.standing import about_the_future, contradictions, not_decided_yet, standings
from warehouse.dictionary.inputs import DECISIONS


def row(name, kind, subject, object_=None, value=None, day=1):
    return {
        "decision_id": name,
        "kind": kind,
        "subject": subject,
        "object": object_,
        "value": value,
        "reason": "why",
        "decided_by": "Ann",
        "decided_at": datetime(2026, 1, day, tzinfo=UTC),
    }


def test_every_decision_is_in_force_undone_or_replaced() -> None:
    recorded = DECISIONS.frame(
        [
            row("d1", "rule", "S1", "mandate", "met"),
            row("d2", "rule", "S1", "mandate", "not_met", day=2),
            row("d3", "withdraw", "S2", day=3),
            row("d4", "undo", "d3", day=4),
            row("d5", "forbid", "A", "B", day=5),
            row("d6", "pin", "B", "A", day=6),
        ]
    )
    assert standings(recorded) == {
        "d1": "replaced by d2",
        "d2": "in force",
        "d3": "undone by d4",
        "d4": "in force",
        "d5": "replaced by d6",
        "d6": "in force",
    }
    assert set(effective_decisions(recorded)["decision_id"]) == {"d2", "d6"}


CONTRADICT = [
    pytest.param(
        [row("a", "rule", "S1", "mandate", "met"), row("b", "rule", "S1", "mandate", "not_met")],
        id="two outcomes of one rule",
    ),
    pytest.param([row("a", "confirm", "T1"), row("b", "release", "T1")], id="confirmed and released"),
    pytest.param([row("a", "pin", "A", "B"), row("b", "forbid", "B", "A")], id="together and apart"),
    pytest.param([row("a", "pin", "A", "B", "ports"), row("b", "pin", "A", "B", "data")], id="two topics"),
    pytest.param(
        [row("a", "link", "S1", "gcom", "G1"), row("b", "no_link", "S1", "gcom")], id="linked and not"
    ),
    pytest.param(
        [row("a", "link", "S1", "gcom", "G1"), row("b", "link", "S1", "gcom", "G2")], id="two links"
    ),
    pytest.param(
        [row("a", "accept_late", "S1"), row("b", "rule", "S1", "on_time", "not_met")], id="late and not"
    ),
]
AGREE = [
    pytest.param(
        [row("a", "rule", "S1", "mandate", "met"), row("b", "rule", "S1", "mandate", "not_met", day=2)],
        id="the later one counts",
    ),
    pytest.param(
        [
            row("a", "confirm", "T1"),
            row("b", "release", "T1"),
            row("c", "undo", "b", day=2),
        ],
        id="one was taken back",
    ),
    pytest.param(
        [row("a", "confirm", "T1"), row("b", "release", "T1"), row("c", "confirm", "T1", day=2)],
        id="decided again later",
    ),
    pytest.param(
        [row("a", "pin", "A", "B", "ports"), row("b", "forbid", "A", "B", "data")], id="two topics of a pair"
    ),
    pytest.param(
        [row("a", "rule", "S1", "mandate", "met"), row("b", "rule", "S2", "mandate", "not_met")],
        id="two applications",
    ),
    pytest.param(
        [row("a", "rule", "S1", "mandate", "met"), row("b", "rule", "S1", "mandate", "met")], id="said twice"
    ),
]


@pytest.mark.parametrize("rows", CONTRADICT)
def test_of_decisions_of_one_moment_the_last_recorded_counts_and_both_are_named(rows) -> None:
    for first, last in (rows, rows[::-1]):
        (found,) = contradictions(DECISIONS.frame([first, last]))
        assert (found.severity, found.row_key) == ("warn", last["decision_id"])
        assert f"Decision {last['decision_id']} (" in found.message
        assert f"the place of decision {first['decision_id']} (" in found.message
        assert "at the same moment" in found.message


@pytest.mark.parametrize("rows", CONTRADICT)
def test_a_decision_that_claims_to_be_older_than_the_one_it_replaces_says_so(rows) -> None:
    first, last = rows
    earlier = last | {"decided_at": first["decided_at"] - timedelta(days=1)}
    (found,) = contradictions(DECISIONS.frame([first, earlier]))
    assert found.expectation == "decided_in_order"
    assert "made earlier" in found.message
    assert contradictions(DECISIONS.frame([earlier, first])) == []


def test_a_moment_to_come_is_found() -> None:
    rows = DECISIONS.frame([row("a", "withdraw", "S1", day=1), row("b", "withdraw", "S2", day=3)])
    found = not_decided_yet(rows, datetime(2026, 1, 2, tzinfo=UTC))
    assert found["decision_id"].to_list() == ["b"]
    (told,) = about_the_future(found)
    assert "3 January 2026" in told.message
    assert "Correct decided_at." in told.message


@pytest.mark.parametrize("rows", AGREE)
def test_decisions_that_do_not_contradict_are_no_finding(rows) -> None:
    assert contradictions(DECISIONS.frame(rows)) == []
