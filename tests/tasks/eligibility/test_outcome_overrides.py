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


def test_the_last_recorded_of_two_decisions_counts_whatever_moments_they_claim(judged):
    both = (decision("rule", "S1", "mandate", "not_met", n=2), decision("rule", "S1", "mandate", "met", n=1))
    for decisions in (both, both[::-1]):
        row = checks_of(judged(World({"S1": {}}, decisions=decisions)), "S1")["mandate"]
        last = decisions[-1]
        expected = (last["value"], f"decision {last['decision_id']}")
        assert (row["outcome"], row["overridden_by"]) == expected


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


def test_every_finding_about_a_decision_is_whole(judged):
    decided = (
        decision("merge", "S9", "S8", n=1),
        decision("rule", "S1", "beauty", "met", n=2),
        decision("merge", "S1", "S2", n=3),
        decision("merge", "S2", "S1", n=4),
        decision("merge", "S1", "S1", n=5),
    )
    rows = judged(World({"S1": {}, "S2": {}}, decisions=decided)).findings.rows(named=True)
    told = {
        "table": "decisions",
        "expectation": "decision_has_effect",
        "severity": "warn",
        "column": "subject",
    }
    unknown = "names a submission that is not among the usable forms of this round (S9, S8)"
    assert [row for row in rows if row["table"] == "decisions"] == [
        {**told, "row_key": key, "message": f"The decision has no effect: it {why}."}
        for key, why in (
            ("d1", unknown),
            ("d2", "names a rule or an outcome that does not exist"),
            ("d3", "is about a form on which a later merge decided otherwise"),
            ("d5", "merges a form with itself"),
        )
    ]


MESSAGES = {
    "met": "The programme team has confirmed this point for your city.",
    "conditional": "The programme team has accepted this point on a condition that is still to be fulfilled.",
    "unclear": "The programme team is still examining this point.",
    "not_met": "The programme team has found that this point is not fulfilled.",
    "not_applicable": "The programme team has found that this point does not apply to your city.",
}


@pytest.mark.parametrize("outcome", list(MESSAGES))
def test_the_row_of_a_decided_rule_is_whole(outcome, judged, programme):
    result = judged(World({"S1": {}}, decisions=(decision("rule", "S1", "topic", outcome),)))
    assert checks_of(result, "S1")["topic"] == {
        "application_id": "S1",
        "rule": "topic",
        "outcome": outcome,
        "computed_outcome": "met",
        "evidence": f"decision d1: {outcome}; without it met (topics: cooling)",
        "source": "decision",
        "clause": programme.eligibility.clauses["topic"],
        "message": MESSAGES[outcome],
        "overridden_by": "decision d1",
        "final": False,
    }


def test_the_row_of_a_rule_nobody_decided_is_whole(judged, programme):
    assert checks_of(judged(World({"S1": {}})), "S1")["topic"] == {
        "application_id": "S1",
        "rule": "topic",
        "outcome": "met",
        "computed_outcome": "met",
        "evidence": "topics: cooling",
        "source": "form",
        "clause": programme.eligibility.clauses["topic"],
        "message": "You named at least one of the programme's topics.",
        "overridden_by": None,
        "final": False,
    }


def test_the_row_of_a_rule_of_a_late_form_is_whole(judged, programme):
    assert checks_of(judged(World({"S1": {"submitted_at": LATE}})), "S1")["topic"] == {
        "application_id": "S1",
        "rule": "topic",
        "outcome": "not_applicable",
        "computed_outcome": "not_applicable",
        "evidence": "not examined: the form arrived late",
        "source": "form",
        "clause": programme.eligibility.clauses["topic"],
        "message": "Not examined, because your form arrived late.",
        "overridden_by": None,
        "final": False,
    }


@pytest.mark.parametrize(
    ("decided", "final"), [(None, True), ("not_met", True), ("unclear", False), ("met", False)]
)
def test_a_rejection_is_final_until_a_person_decides_otherwise(judged, decided, final):
    decisions = (decision("rule", "S1", "cohort", decided),) if decided else ()
    rejected = ({**COHORT_ROW, "status": "rejected"},)
    row = checks_of(judged(World({"S1": {}}, decisions=decisions, cohort=rejected)), "S1")["cohort"]
    assert row["final"] is final
