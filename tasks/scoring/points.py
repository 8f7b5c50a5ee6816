"""From judgements to points: which source counts, the points of each criterion, totals and ranks.

Belongs here: the arithmetic, all of it in whole ten-thousandths (`fixed_point.py`). Must stay out: where the
judgements come from (`form_evidence.py`, `reviews/`, `severity/`).
"""

from __future__ import annotations

import polars as pl

from programme.rubric import Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.scoring.fixed_point import DECIMALS, UNIT, apportion, common_denominator, from_units, to_units
from warehouse.dictionary.judging import CALIBRATED, RANKING_COMPARED
from warehouse.dictionary.published import RANKING, SCORES

FULL_SCALE = SCALE_MAXIMUM * UNIT


def judgements(
    applications: pl.Series, form_evidence: pl.DataFrame, counted: pl.DataFrame, rubric: Rubric
) -> pl.DataFrame:
    """One row per application and criterion: the judgement that counts, as a fraction `sum_units` / `n`.

    `counted` are the reviews that count (`SelectedReviews.counted`; `units` 0-50,000 each). Evaluators'
    scores count from the rubric's minimum on, and then as their mean, so that a missing review is not a zero;
    below it the form's evidence counts (`n` = 1). Adds `order` (the rubric's), `weight`, `source`,
    `n_reviews`, `spread` and `correction_units` (none yet).
    """
    form = form_evidence.group_by("application_id", "criterion").agg(
        to_units(pl.col("points").sum()).alias("form_units")
    )
    reviewed = counted.group_by("application_id", "criterion").agg(
        pl.col("units").sum().alias("review_units"),
        pl.len().cast(pl.Int64).alias("n_reviews"),
        pl.when(pl.len() > 1).then(from_units(pl.col("units").max() - pl.col("units").min())).alias("spread"),
    )
    by_evaluators = pl.col("n_reviews") >= rubric.reviews.minimum
    return (
        applications.rename("application_id")
        .to_frame()
        .join(criteria(rubric), how="cross")
        .join(form, on=("application_id", "criterion"), how="left", maintain_order="left")
        .join(reviewed, on=("application_id", "criterion"), how="left", maintain_order="left")
        .with_columns(pl.col("n_reviews").fill_null(0))
        .with_columns(
            pl.when(by_evaluators).then(pl.lit("evaluators")).otherwise(pl.lit("form")).alias("source"),
            pl.when(by_evaluators)
            .then("review_units")
            .otherwise(pl.col("form_units").fill_null(0))
            .clip(0)
            .alias("sum_units"),
            pl.when(by_evaluators).then("n_reviews").otherwise(1).alias("n"),
            pl.lit(0, dtype=pl.Int64).alias("correction_units"),
        )
    )


def criteria(rubric: Rubric) -> pl.DataFrame:
    """The criteria in the rubric's order, with their weights in points and in ten-thousandths."""
    weights = rubric.weights
    return pl.DataFrame({"criterion": list(weights), "weight": list(weights.values())}).with_columns(
        to_units(pl.col("weight")).alias("weight_units"), pl.int_range(pl.len()).alias("order")
    )


def apply_corrections(judged: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Take each application's correction from its evaluators' mean, within the scale.

    `judged` is as `judgements` returns it, `corrections` as `calibration.calibrate` does
    (`correction_units`). What the form's evidence gave stays. Fills `correction_units`.
    """
    joined = judged.drop("correction_units").join(
        corrections, on=("application_id", "criterion"), how="left", maintain_order="left"
    )
    correction = (
        pl.when(pl.col("source") == "evaluators").then(pl.col("correction_units").fill_null(0)).otherwise(0)
    )
    return joined.with_columns(correction.alias("correction_units")).with_columns(
        (pl.col("sum_units") - pl.col("n") * pl.col("correction_units"))
        .clip(0, pl.col("n") * FULL_SCALE)
        .alias("sum_units")
    )


def to_points(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds `units`: the points of each criterion in ten-thousandths.

    points = weight x judgement / 5 (programme/rubric.toml). They sum to the application's total, which is
    rounded once. `judged` is as `judgements` returns it.
    """
    denominator = common_denominator(judged["n"].unique())
    fraction = (
        pl.col("weight_units").cast(pl.Int128)
        * pl.col("sum_units")
        * (denominator // pl.col("n").cast(pl.Int128))
    )
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
        pointed.with_columns(
            from_units(pl.col("units")).alias("points"), pl.col("weight").alias("max_points")
        ),
    )


def ranking(pointed: pl.DataFrame, selectable: pl.Series, rubric: Rubric) -> pl.DataFrame:
    """Table RANKING over the applications that can be selected; equal totals share the better rank."""
    too_few = (pl.col("n_reviews") < rubric.reviews.minimum).any()
    apart = (pl.col("spread") > rubric.reviews.disputed_spread).any().fill_null(value=False)
    mine = pointed.filter(pl.col("application_id").is_in(selectable.implode()))
    flags = mine.group_by("application_id").agg(too_few.alias("provisional"), apart.alias("disputed"))
    return RANKING.conform(totals(mine).join(flags, on="application_id"))


def totals(pointed: pl.DataFrame) -> pl.DataFrame:
    """One row per application: `total` points and `rank` among these applications."""
    summed = pointed.group_by("application_id").agg(pl.col("units").sum())
    return summed.select(
        "application_id",
        from_units(pl.col("units")).alias("total"),
        pl.col("units").rank("min", descending=True).cast(pl.Int64).alias("rank"),
    )


def points_compared(raw: pl.DataFrame, corrected: pl.DataFrame) -> pl.DataFrame:
    """Table CALIBRATED, from the points without and with the correction."""
    judgement = (pl.col("sum_units") / pl.col("n") / UNIT).round(DECIMALS)
    before = raw.select(
        "application_id",
        "criterion",
        judgement.alias("raw_judgement"),
        from_units(pl.col("units")).alias("raw_points"),
    )
    after = corrected.select(
        "application_id",
        "criterion",
        "source",
        from_units(pl.col("correction_units")).alias("correction"),
        from_units(pl.col("units")).alias("corrected_points"),
    )
    return CALIBRATED.conform(before.join(after, on=("application_id", "criterion")))


def ranking_compared(raw: pl.DataFrame, corrected: pl.DataFrame, selectable: pl.Series) -> pl.DataFrame:
    """Table RANKING_COMPARED over the applications that can be selected."""
    can_be_selected = pl.col("application_id").is_in(selectable.implode())
    before, after = (totals(pointed.filter(can_be_selected)) for pointed in (raw, corrected))
    return RANKING_COMPARED.conform(
        before.rename({"total": "raw_total", "rank": "raw_rank"}).join(
            after.rename({"total": "corrected_total", "rank": "corrected_rank"}), on="application_id"
        )
    )
