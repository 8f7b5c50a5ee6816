"""What the optional inputs must look like once read: tables `evaluations`, `evaluators`, `collaborations`,
`decisions` and `corrections`.

Each row is one person's word about one matter: what does not fit is left out by the step that uses it, so
almost everything here is a `warn`. Comments, addresses and ties of evaluators, corrected cells, and who
decided and why, are personal and never shown.
"""

from __future__ import annotations

import polars as pl

from expectations.derived import corrections_with_forms, decisions_with_subjects, evaluations_with_forms
from expectations.model import Limits, RowRule, Rule, Suite, Tables, Verdict
from expectations.suites.sources import count_of, dates_possible
from expectations.vocabulary import dictionary_rule, if_known, rows, unique
from programme.vocabulary import CRITERIA, OUTCOMES, RULES, TOPIC_OTHER
from warehouse.dictionary.inputs import (
    COLLABORATIONS,
    CORRECTIONS,
    DECISIONS,
    EVALUATIONS,
    EVALUATORS,
    SUBMISSIONS,
)

LEFT_OUT = "scoring leaves the row out; the evaluator should be asked"


def suites(limits: Limits) -> tuple[Suite, ...]:
    """The optional sources; each is left out where the round has none."""
    key = ("submission_id", "evaluator_id", "criterion")
    return (
        Suite(
            "evaluations",
            "evaluations",
            ("evaluations", "submissions"),
            evaluations_with_forms,
            key,
            _evaluations(limits),
            optional=True,
        ),
        Suite(
            "collaborations",
            "collaborations",
            ("collaborations",),
            _collaborations_frame,
            ("row",),
            _collaborations(limits),
            optional=True,
        ),
        Suite(
            "decisions",
            "decisions",
            ("decisions", "submissions"),
            decisions_with_subjects,
            ("decision_id",),
            _decisions(limits),
            optional=True,
        ),
        Suite(
            "corrections",
            "corrections",
            ("corrections", "submissions"),
            corrections_with_forms,
            ("submission_id", "column"),
            _corrections(limits),
            True,
        ),
        Suite(
            "evaluators",
            "evaluators",
            ("evaluators",),
            _evaluators_frame,
            ("evaluator_id",),
            _evaluators(limits),
            optional=True,
        ),
    )


def _collaborations_frame(tables: Tables) -> pl.DataFrame:
    return tables["collaborations"]


def _evaluators_frame(tables: Tables) -> pl.DataFrame:
    return tables["evaluators"]


def _evaluations(limits: Limits) -> tuple[Rule, ...]:
    return (
        count_of("evaluations", limits.counts.evaluations),
        dictionary_rule(EVALUATIONS),
        rows("form_known", "warn", LEFT_OUT, "submission_id", pl.col("form_known"), "there is no form of this submission id (row {row})"),
        rows("criterion_known", "warn", LEFT_OUT, "criterion", pl.col("criterion").is_in(list(CRITERIA)),
             f"the criterion in row {{row}} is none of {', '.join(CRITERIA)}"),
        rows("score_in_range", "warn", LEFT_OUT, "score", pl.col("score").is_between(0, 5), "the score is {score}; expected 0 to 5"),
        rows("scored_once", "warn", "two scores of one evaluator for the same thing cannot both be meant; a person should ask which", "score",
             unique("submission_id", "evaluator_id", "criterion"), "this evaluator scored this criterion of this form more than once (row {row})"),
        rows("evaluated_after_opening", "warn", "a score from before the call is of another round", "evaluated_at",
             if_known(pl.col("evaluated_at") >= limits.opens_at.date(), "evaluated_at"), "evaluated on {evaluated_at}, before the call opened"),
        dates_possible(limits, "evaluated_at"),
    )  # fmt: skip


def _collaborations(limits: Limits) -> tuple[Rule, ...]:
    topics = [*limits.topics, TOPIC_OTHER]
    return (
        count_of("collaborations", limits.counts.collaborations),
        dictionary_rule(COLLABORATIONS),
        RowRule("countries_recognised", "warn", "the city cannot be looked up, and the cooperation is not taken into account", tuple(
            Verdict(f"{name}_iso3", pl.col(f"{name}_iso3").is_not_null(), f"the country {{{name}}} was not recognised")
            for name in ("country_a", "country_b"))),
        rows("two_cities", "warn", "a city does not cooperate with itself; the row says nothing", "city_b",
             (pl.col("city_a") != pl.col("city_b")) | (pl.col("country_a") != pl.col("country_b")), "both cities are {city_a}, {country_a}"),
        rows("topic_known", "stop", "the reading maps every topic to an id; a funded pair is barred by topic id", "topic",
             if_known(pl.col("topic").is_in(topics), "topic"), "topic is {topic}, which is no topic of the programme"),
    )  # fmt: skip


def _decisions(limits: Limits) -> tuple[Rule, ...]:
    kind = pl.col("kind")
    links = kind.is_in(["link", "no_link"])
    why = "a decision that names nothing known changes nothing; who made it believes it counts"
    return (
        count_of("decisions", limits.counts.decisions),
        dictionary_rule(DECISIONS),
        rows("decision_once", "stop", "the ledger is append-only and the same decision counts once", "decision_id", unique("decision_id"),
             "this decision is in the ledger more than once"),
        rows("subject_known", "warn", why, "subject", pl.col("subject_known"), "the decision ({kind}) is about a form that is not in this round"),
        rows("register_named", "warn", why, "object", ~links | pl.col("object").is_in(["cohort", "gcom"]).fill_null(value=False),
             "the decision ({kind}) names no register; expected cohort or gcom"),
        rows("link_names_row", "warn", why, "value", (kind != "link") | pl.col("value").is_not_null(), "the decision links to no row of the register"),
        rows("rule_named", "warn", why, "object", (kind != "rule") | pl.col("object").is_in(list(RULES)).fill_null(value=False),
             f"the decision names no rule; expected one of {', '.join(RULES)}"),
        rows("outcome_named", "warn", why, "value", (kind != "rule") | pl.col("value").is_in(list(OUTCOMES)).fill_null(value=False),
             f"the decision names no outcome; expected one of {', '.join(OUTCOMES)}"),
        dates_possible(limits, "decided_at"),
    )  # fmt: skip


def _corrections(limits: Limits) -> tuple[Rule, ...]:
    why = "a correction that names nothing known changes nothing; who recorded it believes it counts"
    return (
        count_of("corrections", limits.counts.corrections),
        dictionary_rule(CORRECTIONS),
        rows("form_known", "warn", why, "submission_id", pl.col("form_known"), "there is no form of this submission id (row {row})"),
        rows("column_known", "warn", why, "column", pl.col("column").is_in(list(SUBMISSIONS.names)), "the form has no column of the name in row {row}"),
        rows("corrected_once", "warn", "of two corrections of one cell only one can be meant", "column", unique("submission_id", "column"),
             "this cell is corrected more than once (row {row})"),
        dates_possible(limits, "decided_at"),
    )  # fmt: skip


def _evaluators(limits: Limits) -> tuple[Rule, ...]:
    return (
        count_of("evaluators", limits.counts.evaluators),
        dictionary_rule(EVALUATORS),
        rows("evaluator_once", "warn", "of two rows of one evaluator nobody can tell which ties are declared", "evaluator_id", unique("evaluator_id"),
             "this evaluator is listed more than once (row {row})"),
        rows("country_recognised", "warn", "an evaluator must not judge their own country; this one's cannot be told", "country_iso3",
             pl.col("country").is_null() | pl.col("country_iso3").is_not_null(), "the country in row {row} was not recognised"),
    )  # fmt: skip
