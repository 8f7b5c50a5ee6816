"""The step as a whole: decisions over outcomes, the order of statuses, what is published."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.vocabulary import OUTCOMES, RULES, STATUS_OF_OUTCOME, status_of, worst_outcome
from tests.tasks.eligibility.making import (
    COHORT_ROW,
    SENT,
    World,
    checks_of,
    status_of_all,
)
from warehouse.dictionary.published import APPLICATIONS

LATE = datetime(2025, 9, 5, tzinfo=UTC)
STATUS_CASES = [
    ("all met", ["met"] * 10, "eligible"),
    ("not applicable harms nobody", ["met", "not_applicable"], "eligible"),
    ("one conditional", ["met", "conditional"], "tentative"),
    ("one unclear", ["conditional", "unclear", "met"], "needs_review"),
    ("one not met", ["unclear", "not_met", "conditional"], "ineligible"),
    ("nothing", [], "eligible"),
]


@pytest.mark.parametrize(
    ("outcomes", "status"), [pytest.param(*each[1:], id=each[0]) for each in STATUS_CASES]
)
def test_the_worst_outcome_makes_the_status(outcomes, status):
    assert all(
        status_of(list(order)) == status for order in itertools.islice(itertools.permutations(outcomes), 6)
    )


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1))
def test_worst_is_one_of_them_and_none_is_worse(outcomes):
    found = worst_outcome(outcomes)
    assert found in outcomes
    worst_first = list(STATUS_OF_OUTCOME)
    assert all(worst_first.index(found) <= worst_first.index(one) for one in outcomes)


def test_an_accepted_form_has_a_row_for_every_rule_with_its_clause(judged, programme):
    checks = checks_of(judged(World({"S1": {}})), "S1")
    assert tuple(sorted(checks)) == tuple(sorted(RULES))
    assert {rule: row["clause"] for rule, row in checks.items()} == programme.eligibility.clauses
    assert all(row["evidence"] and row["message"] and row["source"] for row in checks.values())


SCENARIOS = [
    ("member", {"status": "member"}, 1, "eligible"),
    ("applied before", {"applied_on": date(2025, 7, 1)}, 2, "tentative"),
    ("applied in parallel", {"applied_on": date(2025, 8, 1)}, 3, "tentative"),
    ("applied too late", {"applied_on": date(2025, 9, 5)}, None, "ineligible"),
    ("rejected", {"status": "rejected"}, None, "ineligible"),
]


@pytest.mark.parametrize(
    ("row", "scenario", "status"), [pytest.param(*each[1:], id=each[0]) for each in SCENARIOS]
)
def test_scenarios(row, scenario, status, judged):
    result = judged(World({"S1": {}}, cohort=(COHORT_ROW | row,)))
    assert result.eligibility.select("scenario", "status").row(0) == (scenario, status)


def test_reasons_are_the_messages_of_what_is_open_in_the_order_of_the_rules(judged):
    result = judged(World({"S1": {"mandate": "in_progress", "motivation": None}}))
    checks = checks_of(result, "S1")
    assert result.eligibility["reasons"].item() == " ".join(
        str(checks[rule]["message"]) for rule in ("cohort", "mandate", "motivation")
    )
    clean = judged(World({"S1": {}}, cohort=(COHORT_ROW | {"status": "member"},)))
    assert clean.eligibility["reasons"].item() == ""


def test_a_late_form_has_its_reason_and_nothing_else_is_examined(judged):
    result = judged(World({"S1": {"submitted_at": LATE, "motivation": None}}))
    outcomes = {rule: row["outcome"] for rule, row in checks_of(result, "S1").items()}
    assert outcomes == dict.fromkeys(RULES, "not_applicable") | {"on_time": "not_met"}
    assert result.eligibility.is_empty()


def test_a_contradiction_becomes_a_finding_for_the_team(judged):
    result = judged(World({"S1": {"plan_status": "none"}}, cohort=(COHORT_ROW | {"status": "member"},)))
    assert status_of_all(result) == {"S1": "eligible"}
    assert sorted(result.findings.select("row_key", "severity").rows()) == [
        ("S1 climate_plan", "warn"),
        ("S1 cohort", "warn"),
    ]


def test_nothing_personal_leaves_the_step(judged):
    personal = {
        "contact_email": "kim@secret.example",
        "organisation": "Secret office",
        "motivation": "secret " * 12,
        "mandate_url": "https://secret.example/l",
    }
    result = judged(
        World(
            {
                "S1": personal,
                "S2": personal | {"submitted_at": LATE},
                "S3": personal | {"cohort_status": "member"},
            }
        )
    )
    for frame in (result.applications, result.checks, result.eligibility, result.findings):
        assert "secret" not in frame.write_csv().casefold()


def test_an_empty_round_gives_empty_tables(judged):
    result = judged(World({}))
    assert result.applications.schema == APPLICATIONS.schema
    assert (
        result.applications.height,
        result.checks.height,
        result.eligibility.height,
        result.findings.height,
    ) == (0, 0, 0, 0)


def test_a_form_nobody_linked_is_judged_by_what_it_says(judged):
    inputs = World({"S1": {"gcom_status": "will_sign"}}).inputs()
    result = judged(replace(inputs, crosscheck=inputs.crosscheck.clear()))
    outcomes = {rule: row["outcome"] for rule, row in checks_of(result, "S1").items()}
    assert (outcomes["cohort"], outcomes["gcom"]) == ("unclear", "conditional")


def test_the_finding_of_a_contradiction_is_whole(judged):
    result = judged(World({"S1": {"plan_status": "none"}}, cohort=(COHORT_ROW | {"status": "member"},)))
    found = {row["row_key"]: row for row in result.findings.rows(named=True)}
    assert found["S1 climate_plan"] == {
        "table": "eligibility_checks",
        "expectation": "registers_and_form_agree",
        "severity": "warn",
        "row_key": "S1 climate_plan",
        "column": "outcome",
        "message": "The register's word counts for rule climate_plan, but other evidence speaks against it: "
        "SECAP, none, whole city: yes, document: given.",
    }


def test_the_rows_of_an_application_are_whole(judged):
    cities = {
        "region": "Sub-Saharan Africa",
        "latitude": -1.5,
        "longitude": 36.75,
        "timezone": "Africa/Nairobi",
        "city_name": "Nairobi",
    }
    inputs = World({"S1": {"topic_2": "ports", "topic_3": "data"}}, {"S1": "U1"}).inputs()
    inputs = replace(inputs, cities=inputs.cities.with_columns(**{k: pl.lit(v) for k, v in cities.items()}))
    result = judged(inputs)
    assert result.applications.row(0, named=True) == {
        "application_id": "S1",
        "city_id": "U1",
        "country_iso3": "KEN",
        "population": 200_000,
        "applicant_type": "city",
        "submitted_at": SENT,
        "state": "accepted",
        "superseded_by": None,
        "carried_from": None,
        "topic_1": "cooling",
        "topic_2": "ports",
        "topic_3": "data",
        **cities,
    }
    assert result.eligibility.row(0, named=True) == {
        "application_id": "S1",
        "city_id": "U1",
        "scenario": 2,
        "status": "tentative",
        "reasons": "The UTM City Cohort has not decided on your city yet; your city can take part only if it "
        "is accepted.",
    }
