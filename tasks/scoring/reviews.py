"""Which of the evaluators' scores count, and a finding for each row that does not.

Belongs here: what makes a row of `evaluations` usable. Must stay out: how scores become points (`points.py`), severity (`calibration.py`).
A finding names the row of the file and nothing of what was typed there: the cell may hold anything, also a person's name.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.rubric import SCALE_MAXIMUM
from tasks.scoring.exact import to_units
from warehouse.dictionary.published import CRITERIA, FINDINGS

OF_ONE_SCORE = ("submission_id", "evaluator_id", "criterion")


@dataclass(frozen=True)
class Reviews:
    """What evaluators said, sorted out.

    `counted`: one row per application, evaluator and criterion whose score counts (`application_id`, `evaluator_id`, `criterion`, `score` 0-5,
    `units` = score in ten-thousandths). `findings`: table FINDINGS, one row per row set aside.
    """

    counted: pl.DataFrame
    findings: pl.DataFrame


def sort_out(evaluations: pl.DataFrame, applications: pl.Series, sent: pl.Series, evaluators: pl.Series | None = None) -> Reviews:
    """Take from `evaluations` what counts for `applications`.

    `applications` are the ids being scored, `sent` the ids of all forms (a score for a form that takes no further part is told from one for a form
    nobody sent); `evaluators` the ids of the known evaluators, null where the round has no list (then everyone is known). An evaluator who declares
    a conflict in any row of an application is left out of that application altogether; that is as intended and no finding.
    """
    evaluations = evaluations.filter(~_conflicted())
    faults = evaluations.with_columns(_fault(applications, sent, evaluators).alias("fault"))
    usable = faults.filter(pl.col("fault").is_null())
    usable = usable.with_columns(_repetition().alias("fault"))
    findings = pl.concat([faults.filter(pl.col("fault").is_not_null()), usable.filter(pl.col("fault").is_not_null())])
    counted = usable.filter(pl.col("fault").is_null()).select(
        pl.col("submission_id").alias("application_id"), "evaluator_id", "criterion", "score", to_units(pl.col("score")).alias("units")
    )
    return Reviews(counted.sort("application_id", "evaluator_id", "criterion"), _as_findings(findings))


def _conflicted() -> pl.Expr:
    return pl.col("conflict").fill_null(value=False).any().over("submission_id", "evaluator_id")


_MESSAGES = {
    "known_criterion": ("criterion", f"the criterion is none of {', '.join(CRITERIA)}; the score does not count"),
    "score_in_scale": ("score", f"the score is not a number from 0 to {SCALE_MAXIMUM}; it does not count"),
    "known_application": ("submission_id", "nobody sent an application of this id; the score does not count"),
    "application_in_play": ("submission_id", "the application takes no further part; the score does not count"),
    "known_evaluator": ("evaluator_id", "the evaluator is not on the round's list; the score does not count"),
    "one_score_each": (
        "score",
        "the evaluator scored this criterion more than once, differently, and no date tells which is the last; none of them counts",
    ),
    "latest_score_counts": ("score", "the evaluator scored this criterion again later; the later score counts"),
    "same_score_once": ("score", "the evaluator gave the same score more than once; it counts once"),
}
"""Name of what was expected, to the column at fault and the rest of the message."""


def _fault(applications: pl.Series, sent: pl.Series, evaluators: pl.Series | None) -> pl.Expr:
    score = pl.col("score")
    in_scale = score.is_not_null() & score.is_finite() & score.is_between(0, SCALE_MAXIMUM)
    known_evaluator = pl.lit(value=True) if evaluators is None else pl.col("evaluator_id").is_in(evaluators.implode())
    return (
        pl.when(~pl.col("submission_id").is_in(sent.implode())).then(pl.lit("known_application"))
        .when(~pl.col("submission_id").is_in(applications.implode())).then(pl.lit("application_in_play"))
        .when(~known_evaluator).then(pl.lit("known_evaluator"))
        .when(~pl.col("criterion").is_in(CRITERIA)).then(pl.lit("known_criterion"))
        .when(~in_scale.fill_null(value=False)).then(pl.lit("score_in_scale"))
    )  # fmt: skip


def _repetition() -> pl.Expr:
    """Of several scores of one evaluator for one criterion the strictly latest counts; without one, equal scores count once and others not at all."""
    date, row = pl.col("evaluated_at"), pl.col("row")
    latest = (date == date.max().over(OF_ONE_SCORE)).fill_null(value=False) | date.is_null().any().over(OF_ONE_SCORE)
    differ = pl.col("score").filter(latest).n_unique().over(OF_ONE_SCORE) > 1
    first = row == row.filter(latest).min().over(OF_ONE_SCORE)
    return (
        pl.when(~latest).then(pl.lit("latest_score_counts"))
        .when(differ).then(pl.lit("one_score_each"))
        .when(~first).then(pl.lit("same_score_once"))
    )  # fmt: skip


def _as_findings(rows: pl.DataFrame) -> pl.DataFrame:
    columns = {name: column for name, (column, _) in _MESSAGES.items()}
    texts = {name: text for name, (_, text) in _MESSAGES.items()}
    fault = pl.col("fault").cast(pl.String)
    return FINDINGS.conform(
        rows.select(
            pl.lit("evaluations").alias("table"),
            fault.alias("expectation"),
            pl.lit("warn").alias("severity"),
            pl.format("row {}", "row").alias("row_key"),
            fault.replace_strict(columns, return_dtype=pl.String).alias("column"),
            pl.format("evaluations, row {}: {}", "row", fault.replace_strict(texts, return_dtype=pl.String)).alias("message"),
        )
    )
