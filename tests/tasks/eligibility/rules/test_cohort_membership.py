"""What an accepted membership of the cohort does to other rules (FAQ 3.2, scenario 1)."""

from __future__ import annotations

import pytest

from tasks.eligibility.rules.climate_plan import climate_plan
from tasks.eligibility.rules.gcom import gcom
from tasks.eligibility.rules.population import population
from tests.tasks.eligibility.making import case, linked_cohort, none

MEMBER = linked_cohort(status="member")
ON_THE_REGISTERS_WORD = [
    ("population below", population, {"population": 10_000}, "form 10,000"),
    (
        "no signatory",
        gcom,
        {"gcom": (none(),), "gcom_status": "not_signatory"},
        "no signatory found",
    ),
    ("no plan", climate_plan, {"plan_status": "none"}, "SECAP, none"),
]


@pytest.mark.parametrize(
    ("rule", "given", "against"), [pytest.param(*each[1:], id=each[0]) for each in ON_THE_REGISTERS_WORD]
)
def test_evidence_against_a_member_is_told_and_turns_nobody_away(rule, given, against, rule_settings):
    verdict = rule(case(cohort=MEMBER, **given), rule_settings)
    assert verdict.outcome == "met"
    assert verdict.source == "cohort register, version c0ffee00"
    assert against in verdict.contradiction


@pytest.mark.parametrize("rule", [population, gcom, climate_plan])
def test_nothing_against_a_member_is_no_contradiction(rule, rule_settings):
    assert rule(case(cohort=MEMBER), rule_settings).contradiction is None
