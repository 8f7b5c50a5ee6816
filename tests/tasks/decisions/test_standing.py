"""What became of recorded decisions, and which contradict each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.decisions.effective import effective_decisions
from tasks.decisions.standing import contradictions, standings
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
def test_decisions_of_one_moment_that_contradict_stop_and_are_both_named(rows) -> None:
    for order in (rows, rows[::-1]):
        (found,) = contradictions(DECISIONS.frame(order))
        assert found.severity == "stop"
        assert " a (" in found.message
        assert " b (" in found.message


@pytest.mark.parametrize("rows", AGREE)
def test_decisions_that_do_not_contradict_are_no_finding(rows) -> None:
    assert contradictions(DECISIONS.frame(rows)) == []
