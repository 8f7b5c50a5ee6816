"""Which of the evaluators' scores count, and a finding for each row that does not.

Belongs here: what makes a row of `evaluations` usable. Must stay out: how scores become points (`points.py`),
severity (`calibration.py`). A finding names the row of the file and nothing of what was typed there: the cell
may hold anything, also a person's name.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.rubric_evidence import SCALE_MAXIMUM
from programme.vocabulary import CRITERIA
from tasks.scoring.fixed_point import to_units
from warehouse.dictionary.published import FINDINGS

OF_ONE_SCORE = ("submission_id", "evaluator_id", "criterion")


@dataclass(frozen=True)
class Reviews:
    """What evaluators said, sorted out.

    `usable`: one row per application sent, evaluator and criterion whose score can be understood
    (`application_id`, `evaluator_id`, `criterion`, `score` 0-5, `units` = score in ten-thousandths).
    `counted`: those of the applications being scored. `findings`: table FINDINGS, one row for each row set
    aside and for each application whose scores count towards no ranking.
    """

    usable: pl.DataFrame
    counted: pl.DataFrame
    findings: pl.DataFrame


def sort_out(
    evaluations: pl.DataFrame, applications: pl.Series, sent: pl.Series, evaluators: pl.Series | None = None
) -> Reviews:
    """Take from `evaluations` what counts for `applications`.

    `applications` are the ids being scored, `sent` the ids of all forms: a score for a form that takes no
    further part says as much of its evaluator as any other, and stays usable for that. `evaluators` are the
    ids of the known evaluators, null where the round has no list (then everyone is known). An evaluator who
    declares a conflict in any row of an application is left out of that application altogether; that is as
    intended and no finding.
    """
    faults = evaluations.filter(~_conflicted()).with_columns(_fault(sent, evaluators).alias("fault"))
    sound = faults.filter(pl.col("fault").is_null()).with_columns(_repetition().alias("fault"))
    usable = sound.filter(pl.col("fault").is_null()).select(
        pl.col("submission_id").alias("application_id"),
        "evaluator_id",
        "criterion",
        "score",
        to_units(pl.col("score")).alias("units"),
    )
    usable = usable.sort("application_id", "evaluator_id", "criterion")
    in_play = pl.col("application_id").is_in(applications.implode())
    findings = [_row_findings(frame.filter(pl.col("fault").is_not_null())) for frame in (faults, sound)]
    return Reviews(
        usable,
        usable.filter(in_play),
        FINDINGS.conform(pl.concat([*findings, _nowhere(usable.filter(~in_play))])),
    )


def _conflicted() -> pl.Expr:
    return pl.col("conflict").fill_null(value=False).any().over("submission_id", "evaluator_id")


_MESSAGES = {
    "known_criterion": (
        "criterion",
        f"the criterion is none of {', '.join(CRITERIA)}; the score does not count",
    ),
    "score_in_scale": ("score", f"the score is not a number from 0 to {SCALE_MAXIMUM}; it does not count"),
    "known_application": ("submission_id", "nobody sent an application of this id; the score does not count"),
    "known_evaluator": ("evaluator_id", "the evaluator is not on the round's list; the score does not count"),
    "one_score_each": (
        "score",
        "the evaluator scored this criterion more than once, differently, and no date tells which is the last; none of them counts",
    ),
    "latest_score_counts": (
        "score",
        "the evaluator scored this criterion again later; the later score counts",
    ),
    "same_score_once": ("score", "the evaluator gave the same score more than once; it counts once"),
}
"""Name of what was expected, to the column at fault and the rest of the message."""


def _fault(sent: pl.Series, evaluators: pl.Series | None) -> pl.Expr:
    score = pl.col("score")
    in_scale = score.is_not_null() & score.is_finite() & score.is_between(0, SCALE_MAXIMUM)
    known_evaluator = (
        pl.lit(value=True) if evaluators is None else pl.col("evaluator_id").is_in(evaluators.implode())
    )
    return (
        pl.when(~pl.col("submission_id").is_in(sent.implode())).then(pl.lit("known_application"))
        .when(~known_evaluator).then(pl.lit("known_evaluator"))
        .when(~pl.col("criterion").is_in(CRITERIA)).then(pl.lit("known_criterion"))
        .when(~in_scale.fill_null(value=False)).then(pl.lit("score_in_scale"))
    )  # fmt: skip


def _repetition() -> pl.Expr:
    """Of several scores of one evaluator for one criterion the strictly latest counts; without one, equal
    scores count once and others not at all.
    """
    date, row = pl.col("evaluated_at"), pl.col("row")
    latest = (date == date.max().over(OF_ONE_SCORE)).fill_null(value=False) | date.is_null().any().over(
        OF_ONE_SCORE
    )
    differ = pl.col("score").filter(latest).n_unique().over(OF_ONE_SCORE) > 1
    first = row == row.filter(latest).min().over(OF_ONE_SCORE)
    return (
        pl.when(~latest).then(pl.lit("latest_score_counts"))
        .when(differ).then(pl.lit("one_score_each"))
        .when(~first).then(pl.lit("same_score_once"))
    )  # fmt: skip


def _row_findings(rows: pl.DataFrame) -> pl.DataFrame:
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
            pl.format(
                "evaluations, row {}: {}", "row", fault.replace_strict(texts, return_dtype=pl.String)
            ).alias("message"),
        )
    )


def _nowhere(usable: pl.DataFrame) -> pl.DataFrame:
    """Scores for applications that take no further part, one finding an application."""
    said = pl.format(
        "application {} takes no further part; its {} scores count towards no ranking", "application_id", "n"
    )
    return FINDINGS.conform(
        usable.group_by("application_id")
        .agg(pl.len().alias("n"))
        .select(
            pl.lit("evaluations").alias("table"),
            pl.lit("application_in_play").alias("expectation"),
            pl.lit("warn").alias("severity"),
            pl.format("application {}", "application_id").alias("row_key"),
            pl.lit("submission_id").alias("column"),
            said.alias("message"),
        )
    )
