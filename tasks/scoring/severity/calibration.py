"""How severe each evaluator is, and by how much that changes the judgements of what they read.

An application read by severe evaluators scores lower than the same application read by lenient ones. The
additive model of `mixed_model.py` separates the two, because evaluators share applications. The corrected
judgement of an application in a criterion is

    mean of its scores  -  ( mean effect of its own evaluators  -  mean effect over all scores of that
    criterion )

so only the difference between panels is taken away: the average over all applications stays what it was, and
where everybody has read everything the correction is exactly 0. Effects are compared within a connected
group of evaluators (those linked by shared applications).

Belongs here: from the scores that count to corrections, severities and noise. Must stay out: the numerical
model; points (`points.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from programme.rubric import Rubric
from tasks.scoring.fixed_point import DECIMALS, to_units
from tasks.scoring.severity.mixed_model import Bools, Fit, Floats, Ints, fit
from warehouse.dictionary.judging import SEVERITIES


@dataclass(frozen=True)
class Noise:
    """How uncertain the reviews are, in steps of the scale.

    `review_variance`: of what one evaluator thinks of one application beyond severity, shared by all
    criteria; `score_variance`: of one score beyond that; `effects`: covariance of the evaluators' predicted
    effects, in the order of `evaluators`.
    """

    review_variance: float
    score_variance: float
    evaluators: tuple[str, ...]
    effects: Floats


@dataclass(frozen=True)
class Calibration:
    """`severities`: table SEVERITIES. `corrections`: application_id, criterion, `correction_units` (to be
    subtracted from the mean score).
    """

    severities: pl.DataFrame
    corrections: pl.DataFrame
    noise: Noise


def calibrate(usable: pl.DataFrame, rubric: Rubric) -> Calibration:
    """Estimate severities from the scores of `SelectedReviews.usable`.

    All applications sent count for that, also those that take no further part: what is known of an evaluator
    does not change with what is decided of an application, and so a decision about one application moves no
    other's points. An evaluator with fewer common applications than the rubric asks is not corrected: their
    effect is shown and counts as 0.
    """
    reviews = _review_means(usable)
    evaluators = reviews["evaluator_id"].unique().sort()
    codes = _codes(reviews, evaluators)
    model = fit(reviews["y"].to_numpy(), reviews["weight"].to_numpy(), *codes)
    n_common, group = _shared(*codes, len(evaluators))
    enough = n_common >= rubric.calibration.minimum_common
    effects = pl.DataFrame(
        {"evaluator_id": evaluators, "effect": np.where(enough, model.effect, 0.0), "group": group}
    )
    noise = _noise(usable, model, tuple(evaluators), len(rubric.by_id))
    return Calibration(
        _severities(reviews, evaluators, model, n_common, enough), _corrections(usable, effects), noise
    )


def _review_means(counted: pl.DataFrame) -> pl.DataFrame:
    """One row per application and evaluator: `y`, the mean of the scores less each criterion's mean, and
    `weight`, the part of criteria covered.
    """
    centred = counted.with_columns(
        (pl.col("score") - pl.col("score").mean().over("criterion")).alias("centred")
    )
    means = centred.group_by("application_id", "evaluator_id").agg(
        pl.col("centred").sort_by("criterion").mean().alias("y"), pl.len().alias("n")
    )
    return means.with_columns((pl.col("n") / pl.col("n").max()).alias("weight")).sort(
        "application_id", "evaluator_id"
    )


def _codes(reviews: pl.DataFrame, evaluators: pl.Series) -> tuple[Ints, Ints]:
    application = (reviews["application_id"].rank("dense").cast(pl.Int64) - 1).to_numpy()
    return application, evaluators.search_sorted(reviews["evaluator_id"]).cast(pl.Int64).to_numpy()


def _shared(application: Ints, evaluator: Ints, n_evaluators: int) -> tuple[Ints, Ints]:
    """For each evaluator the number of applications somebody else read too, and the group they are connected
    to (its lowest code).
    """
    read = np.zeros((int(application.max(initial=-1)) + 1, n_evaluators))
    read[application, evaluator] = 1.0
    n_common = (read * (read.sum(axis=1, keepdims=True) > 1)).sum(axis=0).astype(np.int64)
    linked = np.eye(n_evaluators) + read.T @ read > 0
    for _ in range(n_evaluators.bit_length()):
        linked = linked.astype(np.float64) @ linked.astype(np.float64) > 0
    return n_common, linked.argmax(axis=1).astype(np.int64) if n_evaluators else np.zeros(0, np.int64)


def _corrections(counted: pl.DataFrame, effects: pl.DataFrame) -> pl.DataFrame:
    with_effect = counted.join(effects, on="evaluator_id", maintain_order="left")
    usual = pl.col("effect").sort_by("application_id", "evaluator_id").mean().over("group", "criterion")
    return (
        with_effect.with_columns((pl.col("effect") - usual).alias("relative"))
        .group_by("application_id", "criterion")
        .agg(to_units(pl.col("relative").sort_by("evaluator_id").mean()).alias("correction_units"))
    )


def _severities(
    reviews: pl.DataFrame, evaluators: pl.Series, model: Fit, n_common: Ints, enough: Bools
) -> pl.DataFrame:
    n_read = reviews.group_by("evaluator_id").len("n_applications")
    frame = pl.DataFrame(
        {
            "evaluator_id": evaluators,
            "n_common": n_common,
            "severity": -model.effect + 0.0,
            "standard_error": model.standard_error,
            "corrected": enough,
        }
    )
    rounded = (pl.col("severity", "standard_error").round(DECIMALS) + 0.0).fill_nan(0.0)
    return SEVERITIES.conform(frame.join(n_read, on="evaluator_id", how="left").with_columns(rounded))


def _noise(counted: pl.DataFrame, model: Fit, evaluators: tuple[str, ...], n_criteria: int) -> Noise:
    """Split the noise of a review: what all its criteria share, and what each score adds (method of moments).

    Within an application whose reviews cover every criterion, the scores less the means of their review and
    of their criterion vary by the score's noise alone, on (reviews - 1)(criteria - 1) degrees of freedom.
    """
    n_scores = pl.len().over("application_id", "evaluator_id")
    complete = counted.filter(n_scores == n_criteria).filter(pl.len().over("application_id") > n_criteria)
    score = pl.col("score")
    twice_centred = (
        score
        - score.mean().over("application_id", "evaluator_id")
        - score.mean().over("application_id", "criterion")
        + score.mean().over("application_id")
    )
    squares = (
        complete.sort("application_id", "evaluator_id", "criterion").select((twice_centred**2).sum()).item()
        or 0.0
    )
    n_reviews, n_applications = complete.height // n_criteria, complete["application_id"].n_unique()
    freedom = (n_reviews - n_applications) * (n_criteria - 1)
    score_variance = squares / freedom if freedom > 0 else model.var_review * n_criteria
    return Noise(
        max(0.0, model.var_review - score_variance / n_criteria), score_variance, evaluators, model.covariance
    )
