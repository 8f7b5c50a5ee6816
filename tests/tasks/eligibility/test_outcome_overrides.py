"""Decisions about forms: over outcomes, and which of them have no effect."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.tasks.eligibility.making import (
    COHORT_ROW,
    World,
    checks_of,
    decision,
    status_of_all,
)

LATE = datetime(2025, 9, 5, tzinfo=UTC)


def test_a_decision_outranks_the_rule_and_is_shown_beside_it(judged):
    result = judged(World({"S1": {"mandate": "none"}}, decisions=(decision("rule", "S1", "mandate", "met"),)))
    row = checks_of(result, "S1")["mandate"]
    assert (row["outcome"], row["computed_outcome"], row["source"], row["overridden_by"]) == (
        "met",
        "not_met",
        "decision",
        "decision d1",
    )
    assert row["evidence"] == "decision d1: met; without it not_met (mandate: none)"
    assert "a person" not in json.dumps(result.checks.to_dicts(), default=str)
    assert "a reason" not in json.dumps(result.checks.to_dicts(), default=str)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("met", "eligible"),
        ("not_applicable", "eligible"),
        ("conditional", "tentative"),
        ("unclear", "needs_review"),
        ("not_met", "ineligible"),
    ],
)
def test_each_outcome_can_be_decided(value, status, judged):
    world = World(
        {"S1": {}},
        cohort=(COHORT_ROW | {"status": "member"},),
        decisions=(decision("rule", "S1", "participation", value),),
    )
    assert status_of_all(judged(world)) == {"S1": status}


def test_the_later_of_two_decisions_counts_whatever_their_order(judged):
    both = (decision("rule", "S1", "mandate", "not_met", n=2), decision("rule", "S1", "mandate", "met", n=1))
    for decisions in (both, both[::-1]):
        row = checks_of(judged(World({"S1": {}}, decisions=decisions)), "S1")["mandate"]
        assert (row["outcome"], row["overridden_by"]) == ("not_met", "decision d2")


def test_accept_late_is_the_outcome_met_of_on_time(judged):
    result = judged(World({"S1": {"submitted_at": LATE}}, decisions=(decision("accept_late", "S1"),)))
    row = checks_of(result, "S1")["on_time"]
    assert (row["outcome"], row["computed_outcome"], row["overridden_by"]) == (
        "met",
        "not_met",
        "decision d1",
    )
    assert status_of_all(result) == {"S1": "tentative"}


def test_a_decided_membership_has_no_scenario_of_the_form(judged):
    rejected = World(
        {"S1": {}},
        cohort=(COHORT_ROW | {"status": "rejected"},),
        decisions=(decision("rule", "S1", "cohort", "met"),),
    )
    assert judged(rejected).eligibility.select("scenario", "status").row(0) == (None, "eligible")
    denied = World(
        {"S1": {}},
        cohort=(COHORT_ROW | {"status": "member"},),
        decisions=(decision("rule", "S1", "cohort", "not_met"),),
    )
    assert judged(denied).eligibility.select("scenario", "status").row(0) == (None, "ineligible")


WITHOUT_EFFECT = [
    ("unknown form", decision("rule", "S9", "mandate", "met"), "S9"),
    ("accept_late of an unknown form", decision("accept_late", "S9"), "S9"),
    ("withdrawal of an unknown form", decision("withdraw", "S9"), "S9"),
    ("merge into an unknown form", decision("merge", "S9", "S1"), "S9"),
    ("merge of an unknown form", decision("merge", "S1", "S9"), "S9"),
    ("merge with itself", decision("merge", "S1", "S1"), "itself"),
    ("unknown rule", decision("rule", "S1", "beauty", "met"), "rule or an outcome"),
    ("unknown outcome", decision("rule", "S1", "mandate", "yes"), "rule or an outcome"),
]


@pytest.mark.parametrize(
    ("decided", "named"), [pytest.param(*each[1:], id=each[0]) for each in WITHOUT_EFFECT]
)
def test_a_decision_without_effect_is_a_finding_and_changes_nothing(decided, named, judged):
    result, without = judged(World({"S1": {}}, decisions=(decided,))), judged(World({"S1": {}}))
    assert result.findings["expectation"].to_list() == ["decision_has_effect"]
    assert named in result.findings["message"].item()
    for table in ("applications", "checks", "eligibility"):
        assert getattr(result, table).equals(getattr(without, table))


def test_kinds_of_other_steps_are_passed_over(judged):
    others = (
        decision("pin", "S1", "S2", n=1),
        decision("confirm", "T1", n=2),
        decision("link", "S9", "cohort", "U1", n=3),
        decision("undo", "d0", n=4),
    )
    assert judged(World({"S1": {}}, decisions=others)).findings.is_empty()
