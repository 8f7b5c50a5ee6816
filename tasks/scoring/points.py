"""From judgements to points: which source counts, the points of each criterion, totals and ranks.

Belongs here: the arithmetic, all of it in whole ten-thousandths (`exact.py`). Must stay out: where the judgements come from (`evidence.py`,
`reviews.py`, `calibration.py`).
"""

from __future__ import annotations

import polars as pl

from programme.rubric import SCALE_MAXIMUM, Rubric
from tasks.scoring.exact import UNIT, apportion, common_denominator, from_units, to_units
from warehouse.dictionary.published import RANKING, SCORES

FULL_SCALE = SCALE_MAXIMUM * UNIT


def judgements(applications: pl.Series, form_evidence: pl.DataFrame, counted: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """One row per application and criterion: the judgement that counts, as the exact fraction `sum_units` / `n`.

    `counted` are the reviews that count (`reviews.Reviews.counted`; `units` 0-50,000 each). Evaluators' scores count from the rubric's minimum on,
    and then as their mean, so that a missing review is not a zero; below it the form's evidence counts (`n` = 1). Adds `order` (the rubric's),
    `weight`, `source`, `n_reviews` and `spread`.
    """
    form = form_evidence.group_by("application_id", "criterion").agg(to_units(pl.col("points").sum()).alias("form_units"))
    said = counted.group_by("application_id", "criterion").agg(
        pl.col("units").sum().alias("review_units"),
        pl.len().cast(pl.Int64).alias("n_reviews"),
        pl.when(pl.len() > 1).then(from_units(pl.col("units").max() - pl.col("units").min())).alias("spread"),
    )
    by_evaluators = pl.col("n_reviews") >= rubric.reviews.minimum
    return (
        applications.rename("application_id").to_frame().join(criteria(rubric), how="cross")
        .join(form, on=("application_id", "criterion"), how="left", maintain_order="left")
        .join(said, on=("application_id", "criterion"), how="left", maintain_order="left")
        .with_columns(pl.col("n_reviews").fill_null(0))
        .with_columns(
            pl.when(by_evaluators).then(pl.lit("evaluators")).otherwise(pl.lit("form")).alias("source"),
            pl.when(by_evaluators).then("review_units").otherwise(pl.col("form_units").fill_null(0)).clip(0).alias("sum_units"),
            pl.when(by_evaluators).then("n_reviews").otherwise(1).alias("n"),
        )
    )  # fmt: skip


def criteria(rubric: Rubric) -> pl.DataFrame:
    """The criteria in the rubric's order, with their weights in points and in ten-thousandths."""
    weights = rubric.weights
    return pl.DataFrame({"criterion": list(weights), "weight": list(weights.values())}).with_columns(
        to_units(pl.col("weight")).alias("weight_units"), pl.int_range(pl.len()).alias("order")
    )


def to_points(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds `units`: the points of each criterion in ten-thousandths, summing to the application's exactly rounded total.

    points = weight x judgement / 5 (programme/rubric.toml). `judged` as `judgements` returns it.
    """
    denominator = common_denominator(judged["n"].unique())
    fraction = pl.col("weight_units").cast(pl.Int128) * pl.col("sum_units") * (denominator // pl.col("n").cast(pl.Int128))
    return apportion(
        judged.with_columns(fraction.alias("numerator")),
        by="application_id",
        numerator="numerator",
        denominator=denominator * FULL_SCALE,
        order="order",
    )


def scores(pointed: pl.DataFrame) -> pl.DataFrame:
    """Table SCORES."""
    return SCORES.conform(
        pointed.with_columns(from_units(pl.col("units")).alias("points"), pl.col("weight").alias("max_points")),
    )


def ranking(pointed: pl.DataFrame, selectable: pl.Series, rubric: Rubric) -> pl.DataFrame:
    """Table RANKING over the applications that can be selected; equal totals share the better rank."""
    few = (pl.col("n_reviews") < rubric.reviews.minimum).any()
    apart = (pl.col("spread") > rubric.reviews.disputed_spread).any().fill_null(value=False)
    totals = (
        pointed.filter(pl.col("application_id").is_in(selectable.implode()))
        .group_by("application_id")
        .agg(pl.col("units").sum().alias("total_units"), few.alias("provisional"), apart.alias("disputed"))
    )
    return RANKING.conform(
        totals.with_columns(
            from_units(pl.col("total_units")).alias("total"), pl.col("total_units").rank("min", descending=True).cast(pl.Int64).alias("rank")
        )
    )
