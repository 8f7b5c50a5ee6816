"""What the forms must look like once read: table `submissions`.

Whatever an applicant may get wrong is a `warn` here, since eligibility answers it with a rule and a message
to the applicant; `stop` is kept for what would make the whole round wrong: too few or too many forms, an id
twice, countries misread.
"""

from __future__ import annotations

from datetime import UTC

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.row_conditions import Column

from expectations.limits import RoundLimits
from expectations.suites.common import (
    Expectations,
    countries_recognised,
    dates_possible,
    expected,
    population_plausible,
    row_count,
    suite,
    true,
)
from expectations.suites.dictionary import cells_as_described
from programme.vocabulary import ACTION_ASPECTS, STAKEHOLDERS, TOPIC_OTHER
from warehouse.dictionary.inputs import SUBMISSIONS

BY_WORD = "the applicant's own word is never changed; a rule of eligibility or a person answers it"


def submissions(limits: RoundLimits) -> ExpectationSuite:
    """The forms of the round."""
    return suite(
        "submissions",
        row_count("submissions", limits.counts.submissions),
        cells_as_described(SUBMISSIONS),
        _identity(),
        countries_recognised(limits, "forms"),
        population_plausible(limits),
        _applicant(),
        _time(limits),
        _topics(limits),
        _answers(),
    )


def _identity() -> Expectations:
    return [
        *expected(
            "submission_id_once",
            "stop",
            "an application is known by this id everywhere; twice, one form would answer for another",
            "submission_id",
            "this submission id is used by more than one form",
            gxe.ExpectColumnValuesToBeUnique(column="submission_id"),
        ),
        *expected(
            "country_recognised",
            "warn",
            BY_WORD,
            "country_iso3",
            "the country of the form was not recognised, so its city cannot be looked up",
            gxe.ExpectColumnValuesToNotBeNull(column="country_iso3"),
        ),
    ]


def _applicant() -> Expectations:
    consortium = Column("applicant_type") == "consortium"
    no_consortium = Column("applicant_type") != "consortium"
    return [
        *expected(
            "consortium_has_members",
            "warn",
            BY_WORD,
            "members",
            "the applicant is a consortium and names fewer than two municipalities",
            gxe.ExpectColumnValuesToBeBetween(column="n_members", min_value=2, row_condition=consortium),
        ),
        *expected(
            "members_only_of_consortium",
            "warn",
            BY_WORD,
            "members",
            "the applicant names municipalities and is not a consortium but: {applicant_type}",
            gxe.ExpectColumnValuesToBeInSet(column="n_members", value_set=[0], row_condition=no_consortium),
        ),
        *expected(
            "contact_reachable",
            "warn",
            "the letter about what is missing could not be sent",
            "contact_email",
            "there is no usable e-mail address of a contact",
            true("contact_email__usable"),
        ),
        *expected(
            "data_consent_given",
            "warn",
            "without consent the contact's data may not be kept; a person has to ask",
            "data_consent",
            "consent to the processing of personal data is not given",
            true("data_consent"),
        ),
    ]


def _time(limits: RoundLimits) -> Expectations:
    opens_at = limits.opens_at.astimezone(UTC)
    return [
        *expected(
            "submitted_at_readable",
            "warn",
            "rule on_time is then unclear, and a person reads the time stamp",
            "submitted_at",
            "the time stamp of the form could not be read",
            gxe.ExpectColumnValuesToNotBeNull(column="submitted_at"),
        ),
        *expected(
            "submitted_after_opening",
            "warn",
            "a form from before the call is a test or of another round",
            "submitted_at",
            "sent {submitted_at}, before the call opened",
            gxe.ExpectColumnValuesToBeBetween(column="submitted_at", min_value=opens_at),
        ),
        *dates_possible(limits, moments=["submitted_at"], days=["cohort_applied_on"]),
    ]


def _topics(limits: RoundLimits) -> Expectations:
    topics = [*limits.topics, TOPIC_OTHER]
    known = [
        each
        for column in ("topic_1", "topic_2", "topic_3")
        for each in expected(
            "topics_known",
            "stop",
            "the reading of the form maps every topic to an id; matching is by id",
            column,
            f"{column} is {{{column}}}, which is no topic of the programme",
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=topics),
        )
    ]
    return [
        *known,
        *expected(
            "topics_differ",
            "warn",
            BY_WORD,
            "topic_1",
            "the same topic is given as more than one priority",
            true("topics_differ"),
        ),
        *expected(
            "topics_rated_are_named",
            "warn",
            BY_WORD,
            None,
            "need or experience is given for a priority without a topic",
            true("topics_rated_are_named"),
        ),
    ]


def _answers() -> Expectations:
    no_plan = Column("plan_type") == "none"
    return [
        *expected(
            "aspects_known",
            "stop",
            "points are given by these ids",
            "action_aspects",
            f"an aspect of the action is none of {', '.join(ACTION_ASPECTS)}",
            true("action_aspects_known"),
        ),
        *expected(
            "stakeholders_known",
            "stop",
            "points are given by these ids",
            "stakeholders",
            f"a kind of stakeholder is none of {', '.join(STAKEHOLDERS)}",
            true("stakeholders_known"),
        ),
        *expected(
            "plan_agrees",
            "warn",
            BY_WORD,
            "plan_status",
            "the climate plan is adopted by one answer, and there is none by another",
            gxe.ExpectColumnValuesToNotBeInSet(
                column="plan_status", value_set=["adopted"], row_condition=no_plan
            ),
        ),
        *expected(
            "preferred_city_has_country",
            "warn",
            "a name without its country is not looked up",
            "preferred_country_1",
            "a preferred partner city and its country are not both given",
            true("preferences_complete"),
        ),
    ]
