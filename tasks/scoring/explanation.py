"""Why an application has its points, and what would have raised them, criterion by criterion.

Belongs here: putting what was computed into words that could be sent to a city that was not selected. Must
stay out: computing anything again, and anything about a single evaluator.
"""

from __future__ import annotations

import polars as pl

from programme.rubric import Rubric
from programme.rubric_evidence import SCALE_MAXIMUM
from tasks.scoring.fixed_point import DECIMALS, UNIT, from_units
from warehouse.dictionary.judging import EXPLANATIONS

CLOSE_TO_A_STEP = 0.25
"""A judgement at most this far below a step of the scale (0-5) counts as that step in the advice: nobody can
do anything about a quarter of a step, which may come from the correction alone.
"""


def explain(pointed: pl.DataFrame, form_evidence: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """Why each application has its points in each criterion (table EXPLANATIONS).

    `pointed` is as `points.to_points` returns it (with `correction_units`), `form_evidence` the table of that
    name.
    """
    total = pl.col("units").sum().over("application_id")
    by_evaluators = pl.col("source") == "evaluators"
    explained = pointed.join(
        _from_form(form_evidence, rubric), on=("application_id", "criterion"), how="left"
    ).with_columns((pl.col("sum_units") / pl.col("n") / UNIT).alias("judgement"))
    return EXPLANATIONS.conform(
        explained.with_columns(
            from_units(pl.col("units")).alias("points"),
            pl.when(total > 0)
            .then(pl.col("units") / total)
            .otherwise(0.0)
            .round(DECIMALS)
            .alias("contribution"),
            pl.when(by_evaluators).then(_by_evaluators()).otherwise(_by_form(rubric)).alias("basis"),
            pl.when(pl.col("judgement") >= SCALE_MAXIMUM - CLOSE_TO_A_STEP)
            .then(pl.lit("Nothing: the criterion has all its points, or all but a fraction of one."))
            .when(by_evaluators)
            .then(_next_step(rubric))
            .otherwise(
                pl.col("form_advice").fill_null("Answers to this part of the form would have raised it.")
            )
            .alias("raise_by"),
        )
    )


def _from_form(form_evidence: pl.DataFrame, rubric: Rubric) -> pl.DataFrame:
    """Per application and criterion all details in one text, and the advice on the reason that lost most
    points.

    Of reasons that lost equally many, the first by name counts.
    """
    lost = pl.col("max_points") - pl.col("points")
    advice = pl.col("reason").replace_strict(rubric.advice.model_dump(), default="")
    return (
        form_evidence.with_columns(lost.alias("lost"), advice.alias("advice"))
        .sort("lost", "reason", descending=[True, False])
        .group_by("application_id", "criterion", maintain_order=True)
        .agg(
            pl.col("detail").sort_by("reason").str.join("; ").alias("details"),
            pl.col("advice").first().alias("form_advice"),
        )
    )


def _by_evaluators() -> pl.Expr:
    mean = _two(pl.col("review_units") / pl.col("n_reviews") / UNIT)
    text = pl.format("the mean of {} evaluators' scores, {} of {}", "n_reviews", mean, pl.lit(SCALE_MAXIMUM))
    strict = pl.col("correction_units") < 0
    corrected = pl.format(
        "{}; counted as {}, because the evaluators who read it score {} than the others",
        text,
        _two(pl.col("judgement")),
        pl.when(strict).then(pl.lit("more strictly")).otherwise(pl.lit("more mildly")),
    )
    return pl.when(mean != _two(pl.col("judgement"))).then(corrected).otherwise(text)


def _by_form(rubric: Rubric) -> pl.Expr:
    needed, most = pl.lit(rubric.reviews.minimum), pl.lit(SCALE_MAXIMUM)
    too_few = pl.format(
        "{} of at least {} reviews, so the form counts, {} of {}: ",
        "n_reviews",
        needed,
        _two(pl.col("judgement")),
        most,
    )
    return too_few + pl.col("details").fill_null("nothing said")


def _two(value: pl.Expr) -> pl.Expr:
    return value.round(2).cast(pl.String)


def _next_step(rubric: Rubric) -> pl.Expr:
    """The rubric's own wording of the next full step, and what it would have given.

    A judgement just below a step stands on that step for anyone who reads it: it is told the step after.
    """
    step = ((pl.col("judgement") + CLOSE_TO_A_STEP).floor().cast(pl.Int64) + 1).clip(
        upper_bound=SCALE_MAXIMUM
    )
    gain = (pl.col("weight") * (step - pl.col("judgement")) / SCALE_MAXIMUM).round(1)
    wording = pl.lit("")
    for criterion, about in rubric.by_id.items():
        here = step.replace_strict(dict(enumerate(about.scale)), default="", return_dtype=pl.String)
        wording = pl.when(pl.col("criterion") == criterion).then(here).otherwise(wording)
    return pl.format(
        "For {} of {} the rubric asks: {} That would have given {} points more.",
        step,
        pl.lit(SCALE_MAXIMUM),
        wording.str.strip_chars_end(".") + ".",
        gain,
    )
