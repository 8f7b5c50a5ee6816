"""Which of the evaluators' scores count, and a finding for each row that does not.

Belongs here: what makes a row of `evaluations` usable. Must stay out: how scores become points (`points.py`)
and severity (`severity/`). A finding names the row of the file and nothing of what was typed there: the cell
may hold anything, also a person's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from programme.counts import counted
from programme.rubric_evidence import SCALE_MAXIMUM
from programme.vocabulary import CRITERIA
from tasks.scoring.fixed_point import to_units
from warehouse.dictionary.findings import Finding

ONE_SCORE = ("submission_id", "evaluator_id", "criterion")
"""What one score is for; several rows with the same values repeat each other."""

_FAULTS = {
    "known_criterion": (
        "criterion",
        f"the criterion is none of {', '.join(CRITERIA)}; the score does not count",
    ),
    "score_in_scale": ("score", f"the score is not a number from 0 to {SCALE_MAXIMUM}; it does not count"),
    "known_application": ("submission_id", "nobody sent an application of this id; the score does not count"),
    "known_evaluator": ("evaluator_id", "the evaluator is not on the round's list; the score does not count"),
    "conflict_known_application": (
        "submission_id",
        "a conflict of interest is declared about an application that nobody sent, so it keeps nobody away; "
        "ask the evaluator which application is meant, and correct its id",
    ),
    "conflict_known_evaluator": (
        "evaluator_id",
        "a conflict of interest is declared by somebody who is not on the round's list of evaluators, so it "
        "keeps nobody away; correct the evaluator's id, here or on the list",
    ),
    "one_score_each": (
        "score",
        "the evaluator scored this criterion more than once, differently, "
        "and no date tells which is the last; none of them counts",
    ),
    "latest_score_counts": (
        "score",
        "the evaluator scored this criterion again later; the later score counts",
    ),
    "same_score_once": ("score", "the evaluator gave the same score more than once; it counts once"),
}
"""Name of the expectation to the column at fault and the rest of the message."""


@dataclass(frozen=True)
class SelectedReviews:
    """What the evaluators' scores came to.

    `usable` has one row per application sent, evaluator and criterion whose score can be understood
    (`application_id`, `evaluator_id`, `criterion`, `score` 0-5, `units` = score in ten-thousandths).
    `counted` are those of the applications being scored. `findings` has one for each row that does not count,
    and one for each application whose scores count towards no ranking.
    """

    usable: pl.DataFrame
    counted: pl.DataFrame
    findings: tuple[Finding, ...]


def select_reviews(
    evaluations: pl.DataFrame,
    *,
    applications: pl.Series,
    sent: pl.Series,
    evaluators: pl.Series | None = None,
) -> SelectedReviews:
    """Select from `evaluations` (dictionary table) what counts for `applications`.

    `applications` are the ids being scored, `sent` the ids of all forms: a score for a form that takes no
    further part says as much of its evaluator as any other, and stays usable for that. `evaluators` are the
    ids of the known evaluators; None where the round has no list (then everyone is known). An evaluator who
    declares a conflict in any row of an application is left out of that application altogether; that is as
    intended and no finding, unless the application or the evaluator is unknown.
    """
    judged = evaluations.filter(~_in_conflict()).with_columns(_fault(sent, evaluators).alias("fault"))
    sound = judged.filter(pl.col("fault").is_null()).with_columns(_repetition().alias("fault"))
    usable = sound.filter(pl.col("fault").is_null()).select(
        pl.col("submission_id").alias("application_id"),
        "evaluator_id",
        "criterion",
        "score",
        to_units(pl.col("score")).alias("units"),
    )
    usable = usable.sort("application_id", "evaluator_id", "criterion")
    scored = pl.col("application_id").is_in(applications.implode())
    declared = evaluations.filter(pl.col("conflict").fill_null(value=False))
    findings = (
        *_row_findings(declared.with_columns(_unknown_party(sent, evaluators).alias("fault"))),
        *_row_findings(judged),
        *_row_findings(sound),
        *_not_ranked(usable.filter(~scored)),
    )
    return SelectedReviews(usable, usable.filter(scored), findings)


def _in_conflict() -> pl.Expr:
    return pl.col("conflict").fill_null(value=False).any().over("submission_id", "evaluator_id")


def _unknown_party(sent: pl.Series, evaluators: pl.Series | None) -> pl.Expr:
    """The name of what is wrong with a declared conflict: it keeps nobody away from an application."""
    known = pl.lit(value=True) if evaluators is None else pl.col("evaluator_id").is_in(evaluators.implode())
    return (
        pl.when(~pl.col("submission_id").is_in(sent.implode()))
        .then(pl.lit("conflict_known_application"))
        .when(~known)
        .then(pl.lit("conflict_known_evaluator"))
    )


def _fault(sent: pl.Series, evaluators: pl.Series | None) -> pl.Expr:
    """The name of what is wrong with a row by itself; null where nothing is."""
    score = pl.col("score")
    in_scale = score.is_not_null() & score.is_finite() & score.is_between(0, SCALE_MAXIMUM)
    known = pl.lit(value=True) if evaluators is None else pl.col("evaluator_id").is_in(evaluators.implode())
    return (
        pl.when(~pl.col("submission_id").is_in(sent.implode()))
        .then(pl.lit("known_application"))
        .when(~known)
        .then(pl.lit("known_evaluator"))
        .when(~pl.col("criterion").is_in(CRITERIA))
        .then(pl.lit("known_criterion"))
        .when(~in_scale.fill_null(value=False))
        .then(pl.lit("score_in_scale"))
    )


def _repetition() -> pl.Expr:
    """The name of what is wrong with a row beside others for the same score; null where nothing is.

    Of several scores of one evaluator for one criterion the strictly latest counts; where a date is missing
    or shared, equal scores count once and others not at all.
    """
    date, row = pl.col("evaluated_at"), pl.col("row")
    is_latest = (date == date.max().over(ONE_SCORE)).fill_null(value=False)
    latest = is_latest | date.is_null().any().over(ONE_SCORE)
    differ = pl.col("score").filter(latest).n_unique().over(ONE_SCORE) > 1
    first = row == row.filter(latest).min().over(ONE_SCORE)
    return (
        pl.when(~latest)
        .then(pl.lit("latest_score_counts"))
        .when(differ)
        .then(pl.lit("one_score_each"))
        .when(~first)
        .then(pl.lit("same_score_once"))
    )


def _row_findings(rows: pl.DataFrame) -> Iterator[Finding]:
    for number, fault in rows.filter(pl.col("fault").is_not_null()).select("row", "fault").iter_rows():
        column, text = _FAULTS[fault]
        message = f"evaluations, row {number}: {text}"
        yield Finding("evaluations", fault, message, row_key=f"row {number}", column=column)


def _not_ranked(usable: pl.DataFrame) -> Iterator[Finding]:
    """Scores for applications that take no further part, one finding an application."""
    for application, count in usable.group_by("application_id").len().sort("application_id").iter_rows():
        yield Finding(
            "evaluations",
            "application_in_play",
            f"application {application} takes no further part; its {counted(count, 'score')} "
            f"{'counts' if count == 1 else 'count'} towards no ranking",
            row_key=f"application {application}",
            column="submission_id",
        )
