"""What eligibility must look like: tables `applications`, `eligibility_checks` and `eligibility`.

The status is computed here a second time, from the published rows of evidence alone, so that a reader of a
snapshot can rely on one following from the other. All `stop`, except what waits for a person by design.
"""

from __future__ import annotations

import polars as pl

from expectations.derived import applications_with_standing, checks_with_standing, eligibility_with_checks
from expectations.model import Limits, Rule, Suite
from expectations.vocabulary import described, dictionary_rule, if_known, only_with, rows, unique
from programme.vocabulary import RULES
from warehouse.dictionary.published import APPLICATIONS, ELIGIBILITY, ELIGIBILITY_CHECKS

OURS = "computed by us from the evidence: a fault of ours if it does not hold"


def suites(limits: Limits) -> tuple[Suite, ...]:
    """Columns as described, applications, the evidence, the status."""
    judged = ("eligibility", "eligibility_checks")
    return (
        described(("applications", *judged)),
        Suite(
            "applications",
            "applications",
            ("applications", "eligibility"),
            applications_with_standing,
            ("application_id",),
            _applications(limits),
        ),
        Suite(
            "eligibility_checks",
            "eligibility_checks",
            judged,
            checks_with_standing,
            ("application_id", "rule"),
            _checks(),
        ),
        Suite(
            "eligibility",
            "eligibility",
            (*judged, "applications"),
            eligibility_with_checks,
            ("application_id",),
            _status(),
        ),
    )


def _applications(limits: Limits) -> tuple[Rule, ...]:
    accepted = pl.col("state") == "accepted"
    return (
        dictionary_rule(APPLICATIONS),
        rows("application_once", "stop", OURS, "application_id", unique("application_id"), "the application is there more than once"),
        rows("accepted_is_judged", "stop", "an accepted form without a judgement would silently take no part", "state",
             pl.col("judged") == accepted, "the form is {state}; exactly the accepted ones are judged"),
        rows("superseded_names_other", "stop", OURS, "superseded_by", only_with("superseded_by", pl.col("state") == "superseded"),
             "the form is {state}, and the form in its place is {superseded_by}"),
        rows("superseded_by_known", "stop", OURS, "superseded_by", pl.col("superseded_by_known"),
             "superseded by {superseded_by}, which is no other application of the round"),
        rows("one_accepted_a_city", "warn", "departments of one city with different topics both stay until a person decides; at most one is twinned",
             "city_id", ~accepted | pl.col("only_of_city"), "more than one form of city {city_id} is accepted"),
        rows("accepted_has_city", "stop", OURS, "city_id", ~accepted | pl.col("city_id").is_not_null(), "an accepted form without a city"),
        rows("topics_known", "stop", "matching is by topic id", "topic_1",
             pl.all_horizontal(if_known(pl.col(f"topic_{n}").is_in([*limits.topics, "other"]), f"topic_{n}") for n in (1, 2, 3)),
             "a topic of {topic_1}, {topic_2}, {topic_3} is none of the programme"),
    )  # fmt: skip


def _checks() -> tuple[Rule, ...]:
    changed = pl.col("outcome") != pl.col("computed_outcome")
    return (
        dictionary_rule(ELIGIBILITY_CHECKS),
        rows("rule_once", "stop", OURS, "rule", unique("application_id", "rule"), "the rule was applied more than once"),
        rows("every_rule_applied", "stop", "a rule that was not applied cannot have been met", "rule", pl.col("rules_applied") == len(RULES),
             f"{{rules_applied}} of the {len(RULES)} rules were applied to this application"),
        rows("changed_only_by_decision", "stop", "only a recorded decision outranks the computed outcome", "outcome",
             ~changed | pl.col("overridden_by").is_not_null(), "the outcome is {outcome}, the computed one {computed_outcome}, and no decision is named"),
        rows("decision_named", "stop", OURS, "overridden_by", if_known(pl.col("overridden_by").str.contains("^decision [0-9a-zA-Z]+$"), "overridden_by"),
             "what outranks the rule is not named as a decision"),
    )  # fmt: skip


def _status() -> tuple[Rule, ...]:
    eligible = pl.col("status") == "eligible"
    return (
        dictionary_rule(ELIGIBILITY),
        rows("application_once", "stop", OURS, "application_id", unique("application_id"), "the application is there more than once"),
        rows("status_follows", "stop", "the worst outcome decides: not met, unclear, conditional, in this order", "status",
             pl.col("status") == pl.col("expected_status"), "the status is {status}; the rules together say {expected_status}"),
        rows("reasons_unless_eligible", "stop", "whoever is not eligible is told why", "reasons", (pl.col("reasons") == "") == eligible,
             "the status is {status}; reasons are given exactly where it is not eligible"),
        rows("scenario_fits_cohort", "stop", "scenario 1 is a member, 2 and 3 wait for the cohort's decision (FAQ 3.2)", "scenario",
             pl.col("scenario").is_null() | pl.col("cohort_outcome").is_in(["met", "conditional"]),
             "scenario {scenario}, and the rule cohort is {cohort_outcome}"),
        rows("city_as_in_applications", "stop", OURS, "city_id", pl.col("city_id") == pl.col("application_city_id"),
             "the city is {city_id}; of the application it is {application_city_id}"),
    )  # fmt: skip
