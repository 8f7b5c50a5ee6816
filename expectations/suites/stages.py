"""Which suites each stage of the flow has, and the frame each looks at.

Belongs here: the list of suites in the order of the flow. Must stay out: any expectation.
"""

from __future__ import annotations

from expectations.computed_columns import inputs, results
from expectations.suites import (
    eligibility,
    feedback,
    forms,
    linked,
    optional_inputs,
    registers,
    scoring,
    twinnings,
)
from expectations.suites.dictionary import described
from expectations.table_suite import TableSuite
from warehouse.dictionary import RUN_INPUTS

_LINKED = ("crosscheck", "cities", "submissions", "cohort", "gcom")
_JUDGED = ("eligibility", "eligibility_checks")
_SELECTED = ("twinnings", "twinning_members", "unplaced", "eligibility")
_BY_APPLICATION = ("application_id",)

STAGES: dict[str, tuple[TableSuite, ...]] = {
    "inputs": (
        described(*RUN_INPUTS),
        TableSuite(
            "submissions",
            "submissions",
            ("submissions",),
            inputs.forms,
            ("submission_id",),
            forms.submissions,
        ),
        TableSuite(
            "cohort", "cohort", ("cohort", "gcom"), inputs.cohort_with_gcom, ("utm_id",), registers.cohort
        ),
        TableSuite("gcom", "gcom", ("gcom",), inputs.gcom, ("gcom_id",), registers.gcom),
        TableSuite(
            "evaluations",
            "evaluations",
            ("evaluations", "submissions"),
            inputs.evaluations_with_forms,
            ("submission_id", "criterion", "row"),  # never by whom: findings are published
            optional_inputs.evaluations,
            optional=True,
        ),
        TableSuite(
            "collaborations",
            "collaborations",
            ("collaborations",),
            inputs.collaborations,
            ("row",),
            optional_inputs.collaborations,
            optional=True,
        ),
        TableSuite(
            "decisions",
            "decisions",
            ("decisions", "submissions"),
            inputs.decisions_with_subjects,
            ("decision_id",),
            optional_inputs.decisions,
            optional=True,
        ),
        TableSuite(
            "corrections",
            "corrections",
            ("corrections", "submissions"),
            inputs.corrections_with_forms,
            ("submission_id", "column"),
            optional_inputs.corrections,
            optional=True,
        ),
        TableSuite(
            "evaluators",
            "evaluators",
            ("evaluators",),
            inputs.evaluators,
            ("evaluator_id",),
            optional_inputs.evaluators,
            optional=True,
        ),
    ),
    "linked": (
        described("crosscheck", "cities", "named_partners", "cooperations"),
        TableSuite(
            "crosscheck",
            "crosscheck",
            _LINKED,
            results.links_with_registers,
            ("application_id", "register", "member_name"),
            linked.crosscheck,
        ),
        TableSuite("cities", "cities", _LINKED, results.cities_with_links, _BY_APPLICATION, linked.cities),
        TableSuite(
            "named_partners",
            "named_partners",
            ("named_partners", "cities"),
            results.named_partners_with_cities,
            ("application_id", "choice"),
            linked.named_partners,
            optional=True,
        ),
    ),
    "eligibility": (
        described("applications", *_JUDGED),
        TableSuite(
            "applications",
            "applications",
            ("applications", "eligibility"),
            results.applications_with_judgements,
            _BY_APPLICATION,
            eligibility.applications,
        ),
        TableSuite(
            "eligibility_checks",
            "eligibility_checks",
            _JUDGED,
            results.checks_by_application,
            ("application_id", "rule"),
            eligibility.eligibility_checks,
        ),
        TableSuite(
            "eligibility",
            "eligibility",
            (*_JUDGED, "applications"),
            results.eligibility_with_checks,
            _BY_APPLICATION,
            eligibility.eligibility,
        ),
    ),
    "scores": (
        described("scores", "ranking"),
        TableSuite(
            "scores",
            "scores",
            ("scores", "eligibility"),
            results.scores_with_peers,
            ("application_id", "criterion"),
            scoring.scores,
        ),
        TableSuite(
            "ranking",
            "ranking",
            ("scores", "ranking", "eligibility"),
            results.ranking_with_scores,
            _BY_APPLICATION,
            scoring.ranking,
        ),
    ),
    "twinnings": (
        described("twinnings", "twinning_members", "unplaced"),
        TableSuite(
            "twinnings",
            "twinnings",
            _SELECTED,
            results.twinnings_with_members,
            ("twinning_id",),
            twinnings.twinnings,
        ),
        TableSuite(
            "twinning_members",
            "twinning_members",
            (*_SELECTED, "applications"),
            results.members_with_applications,
            ("twinning_id", "application_id"),
            twinnings.twinning_members,
        ),
        TableSuite(
            "cities_given_out",
            "twinning_members",
            _SELECTED,
            results.cities_given_out,
            ("city_id",),
            twinnings.cities_given_out,
        ),
        TableSuite(
            "unplaced",
            "unplaced",
            _SELECTED,
            results.unplaced_with_status,
            _BY_APPLICATION,
            twinnings.unplaced,
        ),
        TableSuite(
            "selectable",
            "eligibility",
            _SELECTED,
            results.selectable_with_place,
            _BY_APPLICATION,
            twinnings.selectable,
        ),
    ),
    "feedback": (
        TableSuite(
            "feedback",
            "feedback",
            ("feedback", "feedback_answers", "twinning_members"),
            inputs.feedback_with_members,
            ("row",),
            feedback.feedback,
            optional=True,
        ),
    ),
}
"""The suites of each stage, in the order of the flow."""
