"""What the form alone says of each criterion: small named reasons, each with points and the detail they rest
on.

Belongs here: one function for each criterion, which returns polars expressions over the submissions. Must
stay out: what evaluators say (`reviews/`), weights (`points.py`), and every number (`programme/rubric.toml`,
tables `evidence` and `texts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from programme.rubric import Rubric
from programme.rubric_evidence import N_ASPECTS, N_STAKEHOLDERS, best
from programme.vocabulary import ACTION_ASPECTS, STAKEHOLDERS
from tasks.scoring.fixed_point import from_units, to_units
from warehouse.dictionary.judging import FORM_EVIDENCE

TOPICS = ("topic_1", "topic_2", "topic_3")


@dataclass(frozen=True)
class EvidenceReason:
    """One reason for points: `points` (0 to `most`, on the evaluators' scale) and `detail` are expressions
    over the submissions.
    """

    criterion: str
    name: str
    most: float
    points: pl.Expr
    detail: pl.Expr


def reasons(rubric: Rubric) -> tuple[EvidenceReason, ...]:
    """Every reason the form can give, in the rubric's order."""
    return (
        *mandate(rubric),
        *impact(rubric),
        *added_value(rubric),
        *engagement(rubric),
        *previous_experience(rubric),
    )


def form_evidence(submissions: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """One row per application and reason: what the form says, on the evaluators' scale.

    `submissions` are canonical rows, one per `submission_id`. A question left blank gives no points and says
    so in `detail`; no free text is repeated, only its number of words.
    """
    lazy = submissions.lazy()
    parts = [
        lazy.select(
            pl.col("submission_id").alias("application_id"),
            pl.lit(reason.criterion).alias("criterion"),
            pl.lit(reason.name).alias("reason"),
            from_units(to_units(reason.points)).alias("points"),
            pl.lit(float(reason.most)).alias("max_points"),
            reason.detail.alias("detail"),
        )
        for reason in reasons(rubric)
    ]
    return FORM_EVIDENCE.conform(pl.concat(parts).collect())


def mandate(rubric: Rubric) -> tuple[EvidenceReason, ...]:
    """Jurisdiction over the action (with a plan for the gap, where there is one), and the strength of the
    mandate (FAQ 3.5, 3.3.1).
    """
    words, needed = n_words("jurisdiction_gap_plan"), rubric.texts.gap_plan_words
    held = pl.col("jurisdiction").fill_null("none")
    planned = (held != "full") & (words >= needed)
    values = rubric.evidence.mandate.jurisdiction
    gap = (
        pl.when(held == "full")
        .then(pl.lit(""))
        .otherwise(pl.format("; plan for the gap: {} words ({} needed)", words, pl.lit(needed)))
    )
    return (
        EvidenceReason(
            "mandate",
            "jurisdiction",
            best(values),
            by_choice(pl.when(planned).then(held + "_with_plan").otherwise(held), values.model_dump()),
            choice_in_words("jurisdiction") + gap,
        ),
        by_answer("mandate", "mandate", rubric.evidence.mandate.mandate.model_dump()),
    )


def impact(rubric: Rubric) -> tuple[EvidenceReason, ...]:
    """How far the action is, how many aspects were considered, and whether it is described at all (FAQ
    3.5).
    """
    values, words, needed = rubric.evidence.impact, n_words("action_summary"), rubric.texts.action_words
    return (
        by_answer("impact", "action_stage", values.action_stage.model_dump()),
        by_count("impact", "action_aspects", ACTION_ASPECTS, values.each_aspect, N_ASPECTS),
        EvidenceReason(
            "impact",
            "action_described",
            values.described,
            pl.when(words >= needed).then(values.described).otherwise(0.0),
            pl.format("action described in {} words ({} needed)", words, pl.lit(needed)),
        ),
    )


def added_value(rubric: Rubric) -> tuple[EvidenceReason, ...]:
    """Innovative solutions started, and alignment with other activities that does not merely repeat them (FAQ
    3.5).
    """
    values, words, needed = (
        rubric.evidence.added_value,
        n_words("aligned_activities"),
        rubric.texts.text_words,
    )
    described = words >= needed
    repeats = described & (shared_words("aligned_activities", "action_summary") >= rubric.texts.same_text)
    return (
        by_answer("added_value", "innovation_status", values.innovation_status.model_dump()),
        EvidenceReason(
            "added_value",
            "alignment",
            max(values.aligned, values.repeating),
            pl.when(repeats).then(values.repeating).when(described).then(values.aligned).otherwise(0.0),
            pl.format(
                "related activities told in {} words ({} needed){}",
                words,
                pl.lit(needed),
                pl.when(repeats).then(pl.lit("; the same words as the action")).otherwise(pl.lit("")),
            ),
        ),
    )


def engagement(rubric: Rubric) -> tuple[EvidenceReason, ...]:
    """How many kinds of stakeholders, and how concrete their engagement is (FAQ 3.5)."""
    values = rubric.evidence.engagement
    return (
        by_count("engagement", "stakeholders", STAKEHOLDERS, values.each_stakeholder, N_STAKEHOLDERS),
        by_answer("engagement", "engagement_status", values.engagement_status.model_dump()),
    )


def previous_experience(rubric: Rubric) -> tuple[EvidenceReason, ...]:
    """Practices and lessons to share, and a record of cooperation, worth more on another topic than the one
    proposed (FAQ 3.5).
    """
    values, needed = rubric.evidence.previous_experience, rubric.texts.text_words
    topics = pl.col("past_cooperation").list.eval(pl.element().struct.field("topic")).list.drop_nulls()
    proposed = pl.concat_list(pl.col(TOPICS)).list.drop_nulls()
    n_cooperations = pl.col("past_cooperation").list.len().fill_null(0)
    n_other = (
        topics.list.set_difference(proposed.list.set_difference(pl.lit(["other"]))).list.len().fill_null(0)
    )
    return (
        *(
            _by_length("previous_experience", column, getattr(values, column), needed)
            for column in ("good_practices", "lessons")
        ),
        EvidenceReason(
            "previous_experience",
            "cooperation",
            max(values.cooperation_other_topic, values.cooperation_same_topic),
            pl.when(n_other > 0)
            .then(values.cooperation_other_topic)
            .when(n_cooperations > 0)
            .then(values.cooperation_same_topic)
            .otherwise(0.0),
            pl.when(n_cooperations == 0)
            .then(pl.lit("no earlier cooperation named"))
            .when(n_other > 0)
            .then(pl.format("{} earlier cooperations, some on a topic not proposed here", n_cooperations))
            .otherwise(
                pl.format("{} earlier cooperations, none named on a topic not proposed here", n_cooperations)
            ),
        ),
    )


def by_answer(criterion: str, column: str, values: Mapping[str, float]) -> EvidenceReason:
    """Points by the choice made in `column`."""
    return EvidenceReason(
        criterion, column, max(values.values()), by_choice(pl.col(column), values), choice_in_words(column)
    )


def by_count(criterion: str, column: str, known: tuple[str, ...], each: float, of: int) -> EvidenceReason:
    """The same points for each known item ticked in the list `column`; a repeated or unknown item counts for
    nothing.
    """
    n = pl.col(column).list.set_intersection(pl.lit(list(known))).list.len().fill_null(0)
    label = column.replace("_", " ")
    return EvidenceReason(
        criterion, column, each * of, n * each, pl.format("{}: {} of {}", pl.lit(label), n, pl.lit(of))
    )


def _by_length(criterion: str, column: str, points: float, needed: int) -> EvidenceReason:
    words = n_words(column)
    label = column.replace("_", " ")
    return EvidenceReason(
        criterion,
        column,
        points,
        pl.when(words >= needed).then(points).otherwise(0.0),
        pl.format("{} told in {} words ({} needed)", pl.lit(label), words, pl.lit(needed)),
    )


def by_choice(choice: pl.Expr, values: Mapping[str, float]) -> pl.Expr:
    """The points of a choice; none for a blank or unknown one."""
    return choice.replace_strict(
        list(values), [float(v) for v in values.values()], default=0.0, return_dtype=pl.Float64
    )


def choice_in_words(column: str) -> pl.Expr:
    """The choice in words; it is one of the form's, never free text."""
    return pl.format(
        "{}: {}",
        pl.lit(column.replace("_", " ")),
        pl.col(column).str.replace_all("_", " ").fill_null("not said"),
    )


def n_words(column: str) -> pl.Expr:
    """Words of a free text, as anything between blanks; 0 where it is blank."""
    return pl.col(column).str.count_matches(r"\S+").fill_null(0)


def shared_words(one: str, other: str) -> pl.Expr:
    """Part of the distinct words of two texts that both have (Jaccard's index); 0 where either is blank."""
    a, b = (pl.col(name).fill_null("").str.to_lowercase().str.extract_all(r"\w+") for name in (one, other))
    union = a.list.set_union(b).list.len()
    return pl.when(union > 0).then(a.list.set_intersection(b).list.len() / union).otherwise(0.0)
