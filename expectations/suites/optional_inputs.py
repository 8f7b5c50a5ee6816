"""What the optional inputs must look like once read: tables `evaluations`, `collaborations`, `decisions`,
`corrections` and `evaluators`.

Each row is one person's word about one matter: what does not fit is left out by the step that uses it, so
almost everything here is a `warn`. Comments, addresses and ties of evaluators, corrected cells, and who
decided and why, are personal and never shown.
"""

from __future__ import annotations

from datetime import datetime, time

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.row_conditions import Column

from expectations.limits import RoundLimits
from expectations.suites.common import Expectations, dates_possible, expected, row_count, suite, true
from expectations.suites.dictionary import cells_as_described
from programme.vocabulary import CRITERIA, OUTCOMES, REGISTERS, RULES, TOPIC_OTHER
from warehouse.dictionary.inputs import (
    COLLABORATIONS,
    CORRECTIONS,
    DECISIONS,
    EVALUATIONS,
    EVALUATORS,
    SUBMISSIONS,
)

LEFT_OUT = "scoring leaves the row out; the evaluator should be asked"
NO_EFFECT = "a decision that names nothing known changes nothing; who made it believes it counts"
NO_CORRECTION = "a correction that names nothing known changes nothing; who recorded it believes it counts"


def _usable_scores() -> Expectations:
    """A score is on the scale, and there is one a criterion."""
    return [
        *expected(
            "score_in_range",
            "warn",
            LEFT_OUT,
            "score",
            "the score is {score}; expected 0 to 5",
            gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=5),
        ),
        *expected(
            "scored_once",
            "warn",
            "two scores of one evaluator for the same thing cannot both be meant; a person should ask which",
            "score",
            "this evaluator scored this criterion of this form more than once",
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["submission_id", "evaluator_id", "criterion"], ignore_row_if="never"
            ),
        ),
    ]


def evaluations(limits: RoundLimits) -> ExpectationSuite:
    """The scores that evaluators gave."""
    opened_on = datetime.combine(limits.opens_at.date(), time.min)
    return suite(
        "evaluations",
        row_count("evaluations", limits.counts.evaluations),
        cells_as_described(EVALUATIONS),
        expected(
            "form_known",
            "warn",
            LEFT_OUT,
            "submission_id",
            "there is no form of this submission id",
            true("form_known"),
        ),
        expected(
            "criterion_known",
            "warn",
            LEFT_OUT,
            "criterion",
            f"the criterion in row {{row}} is none of {', '.join(CRITERIA)}",
            gxe.ExpectColumnValuesToBeInSet(column="criterion", value_set=list(CRITERIA)),
        ),
        _usable_scores(),
        expected(
            "evaluated_after_opening",
            "warn",
            "a score from before the call is of another round",
            "evaluated_at",
            "evaluated on {evaluated_at}, before the call opened",
            gxe.ExpectColumnValuesToBeBetween(column="evaluated_at", min_value=opened_on),
        ),
        dates_possible(limits, days=["evaluated_at"]),
    )


def collaborations(limits: RoundLimits) -> ExpectationSuite:
    """The list of funded city-to-city programmes."""
    countries = [
        each
        for name in ("country_a", "country_b")
        for each in expected(
            "countries_recognised",
            "warn",
            "the city cannot be looked up, and the cooperation is not taken into account",
            f"{name}_iso3",
            f"the country {{{name}}} was not recognised",
            gxe.ExpectColumnValuesToNotBeNull(column=f"{name}_iso3"),
        )
    ]
    return suite(
        "collaborations",
        row_count("collaborations", limits.counts.collaborations),
        cells_as_described(COLLABORATIONS),
        countries,
        expected(
            "two_cities",
            "warn",
            "a city does not cooperate with itself; the row says nothing",
            "city_b",
            "both cities are {city_a}, {country_a}",
            true("two_cities"),
        ),
        expected(
            "topic_known",
            "stop",
            "the reading maps every topic to an id; a funded pair is barred by topic id",
            "topic",
            "topic is {topic}, which is no topic of the programme",
            gxe.ExpectColumnValuesToBeInSet(column="topic", value_set=[*limits.topics, TOPIC_OTHER]),
        ),
    )


def decisions(limits: RoundLimits) -> ExpectationSuite:
    """The decisions that people recorded.

    When they were made is judged where they are recorded: a moment to come is refused there, and a round may
    be decided on for as long as it is kept.
    """
    return suite(
        "decisions",
        row_count("decisions", limits.counts.decisions),
        cells_as_described(DECISIONS),
        expected(
            "decision_once",
            "stop",
            "the ledger is append-only and the same decision counts once",
            "decision_id",
            "this decision is in the ledger more than once",
            gxe.ExpectColumnValuesToBeUnique(column="decision_id"),
        ),
        expected(
            "subject_known",
            "warn",
            NO_EFFECT,
            "subject",
            "the decision ({kind}) is about a form that is not in this round",
            true("subject_known"),
        ),
        _about_links(),
        _about_rules(),
    )


def _about_links() -> Expectations:
    links = Column("kind").is_in(["link", "no_link"])
    return [
        *expected(
            "register_named",
            "warn",
            NO_EFFECT,
            "object",
            "the decision ({kind}) names no register; expected cohort or gcom",
            gxe.ExpectColumnValuesToNotBeNull(column="object", row_condition=links),
            gxe.ExpectColumnValuesToBeInSet(column="object", value_set=list(REGISTERS), row_condition=links),
        ),
        *expected(
            "link_names_row",
            "warn",
            NO_EFFECT,
            "value",
            "the decision links to no row of the register",
            gxe.ExpectColumnValuesToNotBeNull(column="value", row_condition=Column("kind") == "link"),
        ),
    ]


def _about_rules() -> Expectations:
    rule = Column("kind") == "rule"
    named = (
        ("rule_named", "object", "rule", list(RULES)),
        ("outcome_named", "value", "outcome", list(OUTCOMES)),
    )
    return [
        each
        for name, column, what, values in named
        for each in expected(
            name,
            "warn",
            NO_EFFECT,
            column,
            f"the decision names no {what}; expected one of {', '.join(values)}",
            gxe.ExpectColumnValuesToNotBeNull(column=column, row_condition=rule),
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values, row_condition=rule),
        )
    ]


def corrections(limits: RoundLimits) -> ExpectationSuite:
    """The cells of forms that people corrected."""
    return suite(
        "corrections",
        row_count("corrections", limits.counts.corrections),
        cells_as_described(CORRECTIONS),
        expected(
            "form_known",
            "warn",
            NO_CORRECTION,
            "submission_id",
            "there is no form of this submission id",
            true("form_known"),
        ),
        expected(
            "column_known",
            "warn",
            NO_CORRECTION,
            "column",
            "the form has no column of the name that is to be corrected",
            gxe.ExpectColumnValuesToBeInSet(column="column", value_set=list(SUBMISSIONS.names)),
        ),
        expected(
            "corrected_once",
            "warn",
            "of two corrections of one cell only one can be meant",
            "column",
            "this cell is corrected more than once",
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["submission_id", "column"], ignore_row_if="never"
            ),
        ),
        dates_possible(limits, moments=["decided_at"]),
    )


def evaluators(limits: RoundLimits) -> ExpectationSuite:
    """The evaluators, and where they come from."""
    return suite(
        "evaluators",
        row_count("evaluators", limits.counts.evaluators),
        cells_as_described(EVALUATORS),
        expected(
            "evaluator_once",
            "warn",
            "of two rows of one evaluator nobody can tell which ties are declared",
            "evaluator_id",
            "this evaluator is listed more than once",
            gxe.ExpectColumnValuesToBeUnique(column="evaluator_id"),
        ),
        expected(
            "country_recognised",
            "warn",
            "an evaluator must not judge their own country; this one's cannot be told",
            "country_iso3",
            "the country was not recognised",
            gxe.ExpectColumnValuesToNotBeNull(
                column="country_iso3", row_condition=Column("country").is_not_null()
            ),
        ),
    )
