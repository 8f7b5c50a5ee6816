"""What the forms must look like once read: table `submissions`.

Whatever an applicant may get wrong is a `warn` here, since eligibility answers it with a rule and a message
to the applicant; `stop` is kept for what would make the whole round wrong: too few or too many forms, an id
twice, countries misread.
"""

from __future__ import annotations

from datetime import UTC

import polars as pl

from expectations.derived import forms
from expectations.model import Limits, RowRule, Rule, ShareRule, Suite, Verdict
from expectations.suites.sources import count_of, dates_possible, population_rule
from expectations.vocabulary import described, dictionary_rule, if_known, rows, unique
from programme.vocabulary import ACTION_ASPECTS, STAKEHOLDERS, TOPIC_OTHER
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.inputs import SUBMISSIONS

BY_WORD = "the applicant's own word is never changed; a rule of eligibility or a person answers it"


def suites(limits: Limits) -> tuple[Suite, ...]:
    """Every column of every input as described, then the forms."""
    rules = (
        count_of("submissions", limits.counts.submissions),
        dictionary_rule(SUBMISSIONS),
        *_identity(limits),
        *_time(limits),
        *_answers(limits),
    )
    return described(INPUT_TABLES), Suite(
        "submissions", "submissions", ("submissions",), forms, ("submission_id",), rules
    )


def _identity(limits: Limits) -> tuple[Rule, ...]:
    countries = limits.counts.recognised_countries
    consortium = pl.col("applicant_type") == "consortium"
    n_members = pl.col("members").list.len().fill_null(0)
    return (
        rows("submission_id_once", "stop", "an application is known by this id everywhere; twice, one form would answer for another",
             "submission_id", unique("submission_id"), "this submission id is used by more than one form (row {row})"),
        rows("country_recognised", "warn", BY_WORD, "country_iso3", pl.col("country_iso3").is_not_null(),
             "the country of the form in row {row} was not recognised, so its city cannot be looked up"),
        ShareRule("countries_recognised", countries.severity, countries.why, "country_iso3", pl.col("country_iso3").is_not_null(), countries.minimum,
                  f"the country was recognised in {{observed}} of the forms; expected at least {countries.minimum:.0%}"),
        population_rule(limits),
        rows("consortium_has_members", "warn", BY_WORD, "members", ~consortium | (n_members >= 2),
             "the applicant is a consortium and names fewer than two municipalities"),
        rows("members_only_of_consortium", "warn", BY_WORD, "members", consortium | (n_members == 0),
             "the applicant names municipalities and is not a consortium but: {applicant_type}"),
        rows("contact_reachable", "warn", "the letter about what is missing could not be sent", "contact_email", pl.col("reachable"),
             "there is no usable e-mail address of a contact"),
        rows("data_consent_given", "warn", "without consent the contact's data may not be kept; a person has to ask", "data_consent",
             pl.col("data_consent").fill_null(value=False), "consent to the processing of personal data is not given"),
    )  # fmt: skip


def _time(limits: Limits) -> tuple[Rule, ...]:
    return (
        rows("submitted_at_readable", "warn", "rule on_time is then unclear, and a person reads the time stamp", "submitted_at",
             pl.col("submitted_at").is_not_null(), "the time stamp of the form in row {row} could not be read"),
        rows("submitted_after_opening", "warn", "a form from before the call is a test or of another round", "submitted_at",
             if_known(pl.col("submitted_at") >= limits.opens_at.astimezone(UTC), "submitted_at"), "sent {submitted_at}, before the call opened"),
        dates_possible(limits, "submitted_at", "cohort_applied_on"),
    )  # fmt: skip


def _answers(limits: Limits) -> tuple[Rule, ...]:
    topics = [*limits.topics, TOPIC_OTHER]
    adopted = pl.col("plan_status") == "adopted"
    no_plan = pl.col("plan_type") == "none"
    return (
        RowRule("topics_known", "stop", "the reading of the form maps every topic to an id; matching is by id", tuple(
            Verdict(name, if_known(pl.col(name).is_in(topics), name), f"{name} is {{{name}}}, which is no topic of the programme")
            for name in ("topic_1", "topic_2", "topic_3"))),
        rows("topics_differ", "warn", BY_WORD, "topic_1", pl.col("topics_differ"), "the same topic is given as more than one priority"),
        rows("topics_rated_are_named", "warn", BY_WORD, None, pl.col("topics_rated_are_named"),
             "need or experience is given for a priority without a topic"),
        rows("aspects_known", "stop", "points are given by these ids", "action_aspects", _subset("action_aspects", ACTION_ASPECTS),
             f"an aspect of the action is none of {', '.join(ACTION_ASPECTS)}"),
        rows("stakeholders_known", "stop", "points are given by these ids", "stakeholders", _subset("stakeholders", STAKEHOLDERS),
             f"a kind of stakeholder is none of {', '.join(STAKEHOLDERS)}"),
        rows("plan_agrees", "warn", BY_WORD, "plan_status", if_known(~(adopted & no_plan), "plan_status", "plan_type"),
             "the climate plan is adopted by one answer, and there is none by another"),
        rows("preferred_city_has_country", "warn", "a name without its country is not looked up", "preferred_country_1",
             pl.col("preferences_complete"), "a preferred partner city and its country are not both given"),
    )  # fmt: skip


def _subset(column: str, known: tuple[str, ...]) -> pl.Expr:
    """Every item of the list is one of these; a list not given has none that is not."""
    return if_known(
        pl.col(column).list.eval(pl.element().is_in(list(known)).fill_null(value=False)).list.all(), column
    )
