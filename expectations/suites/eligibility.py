"""What eligibility must look like: tables `applications`, `eligibility_checks` and `eligibility`.

The status is computed a second time, from the published rows of evidence alone, so that a reader of a
snapshot can rely on one following from the other. All `stop`, except what waits for a person by design.
"""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.row_conditions import Column

from expectations.limits import RoundLimits
from expectations.suites.common import (
    Expectations,
    application_once,
    expected,
    filled_only_where,
    same,
    suite,
    true,
)
from expectations.suites.dictionary import cells_as_described
from programme.vocabulary import RULES, TOPIC_OTHER
from warehouse.dictionary.published import APPLICATIONS, ELIGIBILITY, ELIGIBILITY_CHECKS

OURS = "computed by us from the evidence: a fault of ours if it does not hold"


def applications(limits: RoundLimits) -> ExpectationSuite:
    """What became of each form."""
    return suite(
        "applications",
        cells_as_described(APPLICATIONS),
        application_once(OURS),
        expected(
            "accepted_is_judged",
            "stop",
            "an accepted form without a judgement would silently take no part",
            "state",
            "the form is {state}; exactly the accepted ones are judged",
            true("judged_if_accepted"),
        ),
        _superseded(),
        _accepted(),
        expected(
            "topics_known",
            "stop",
            "matching is by topic id",
            "topic_1",
            "a topic of {topic_1}, {topic_2}, {topic_3} is none of the programme",
            *(
                gxe.ExpectColumnValuesToBeInSet(column=f"topic_{n}", value_set=[*limits.topics, TOPIC_OTHER])
                for n in (1, 2, 3)
            ),
        ),
    )


def _superseded() -> Expectations:
    superseded, not_superseded = Column("state") == "superseded", Column("state") != "superseded"
    return [
        *expected(
            "superseded_names_other",
            "stop",
            OURS,
            "superseded_by",
            "the form is {state}, and the form in its place is {superseded_by}",
            *filled_only_where("superseded_by", superseded, not_superseded),
        ),
        *expected(
            "superseded_by_known",
            "stop",
            OURS,
            "superseded_by",
            "superseded by {superseded_by}, which is no other application of the round",
            true("superseded_by_known"),
        ),
    ]


def _accepted() -> Expectations:
    accepted = Column("state") == "accepted"
    return [
        *expected(
            "one_accepted_a_city",
            "warn",
            "departments of one city with different topics both stay until a person decides; "
            "at most one is twinned",
            "city_id",
            "more than one form of city {city_id} is accepted",
            gxe.ExpectColumnValuesToBeUnique(column="city_id", row_condition=accepted),
        ),
        *expected(
            "accepted_has_city",
            "stop",
            OURS,
            "city_id",
            "an accepted form without a city",
            gxe.ExpectColumnValuesToNotBeNull(column="city_id", row_condition=accepted),
        ),
    ]


def _changed_only_by_decision() -> Expectations:
    """What outranks a computed outcome: only a decision, and it is named."""
    return [
        *expected(
            "changed_only_by_decision",
            "stop",
            "only a recorded decision outranks the computed outcome",
            "outcome",
            "the outcome is {outcome}, the computed one {computed_outcome}, and no decision is named",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="outcome",
                column_B="computed_outcome",
                row_condition=Column("overridden_by").is_null(),
            ),
        ),
        *expected(
            "decision_named",
            "stop",
            OURS,
            "overridden_by",
            "what outranks the rule is not named as a decision",
            gxe.ExpectColumnValuesToMatchRegex(column="overridden_by", regex="^decision [0-9a-zA-Z]+$"),
        ),
    ]


def eligibility_checks(limits: RoundLimits) -> ExpectationSuite:
    """The evidence: what each rule says of each application."""
    del limits
    return suite(
        "eligibility_checks",
        cells_as_described(ELIGIBILITY_CHECKS),
        expected(
            "rule_once",
            "stop",
            OURS,
            "rule",
            "the rule was applied more than once",
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=list(ELIGIBILITY_CHECKS.key), ignore_row_if="never"
            ),
        ),
        expected(
            "every_rule_applied",
            "stop",
            "a rule that was not applied cannot have been met",
            "rule",
            f"{{rules_applied}} of the {len(RULES)} rules were applied to this application",
            gxe.ExpectColumnValuesToBeInSet(column="rules_applied", value_set=[len(RULES)]),
        ),
        _changed_only_by_decision(),
    )


def _scenario_and_city() -> Expectations:
    """The scenario and the city agree with the evidence."""
    return [
        *expected(
            "scenario_fits_cohort",
            "stop",
            "scenario 1 is a member, 2 and 3 wait for the cohort's decision (FAQ 3.2)",
            "scenario",
            "scenario {scenario}, and the rule cohort is {cohort_outcome}",
            true("scenario_fits_cohort"),
        ),
        *expected(
            "city_as_in_applications",
            "stop",
            OURS,
            "city_id",
            "the city is {city_id}; of the application it is {application_city_id}",
            same("city_id", "application_city_id"),
        ),
    ]


def eligibility(limits: RoundLimits) -> ExpectationSuite:
    """The status of each accepted application."""
    del limits
    eligible, not_eligible = Column("status") == "eligible", Column("status") != "eligible"
    return suite(
        "eligibility",
        cells_as_described(ELIGIBILITY),
        application_once(OURS),
        expected(
            "status_follows",
            "stop",
            "the worst outcome decides: not met, unclear, conditional, in this order",
            "status",
            "the status is {status}; the rules together say {expected_status}",
            same("status", "expected_status"),
        ),
        expected(
            "reasons_unless_eligible",
            "stop",
            "whoever is not eligible is told why",
            "reasons",
            "the status is {status}; reasons are given exactly where it is not eligible",
            gxe.ExpectColumnValuesToBeInSet(column="reasons", value_set=[""], row_condition=eligible),
            gxe.ExpectColumnValuesToNotBeInSet(column="reasons", value_set=[""], row_condition=not_eligible),
        ),
        _scenario_and_city(),
    )
