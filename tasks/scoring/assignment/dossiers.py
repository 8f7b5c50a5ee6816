"""The applications as they are handed out for evaluation.

Belongs here: one row per application with what assigning it and writing its line of a workbook need. Must
stay out: deciding who gets it, and anything about a person but the address that reveals an employer (which
never leaves `conflicts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

HANDED_OUT = ("eligible", "tentative", "needs_review")
"""Who is evaluated: also those a person must still look at, so that a late clearing up does not leave them
without reviews.
"""


def dossiers(
    submissions: pl.DataFrame, cities: pl.DataFrame, eligibility: pl.DataFrame, labels: Mapping[str, str]
) -> pl.DataFrame:
    """One row per application to be evaluated, in order of id.

    Columns: `application_id`, `status`, `city_id`, `city_name` (as the registers know it), `country_iso3`,
    `names` (every name of the city and of a consortium's members), `contact_email`, `topic_1..3` (ids),
    `topics` (their wordings in one text). `labels` is topic id to wording.
    """
    members = (
        pl.col("members")
        .list.eval(pl.element().struct.field("name"))
        .fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )
    forms = submissions.unique("submission_id", keep="last", maintain_order=True).select(
        pl.col("submission_id").alias("application_id"), pl.col("city_name").alias("typed"), members.alias("members"), "contact_email",
        "topic_1", "topic_2", "topic_3",
    )  # fmt: skip
    known = cities.select("application_id", "city_name", "country_iso3")
    wording = [pl.col(f"topic_{n}").replace(dict(labels)) for n in (1, 2, 3)]
    return (
        eligibility.filter(pl.col("status").is_in(HANDED_OUT)).select("application_id", "status", "city_id")
        .join(known, on="application_id", how="left").join(forms, on="application_id", how="left")
        .with_columns(
            pl.coalesce("city_name", "typed").alias("city_name"),
            pl.concat_list("typed", "city_name", "members").list.drop_nulls().alias("names"),
            pl.concat_str(wording, separator="; ", ignore_nulls=True).alias("topics"),
        )
        .drop("typed", "members").sort("application_id")
    )  # fmt: skip


def declared(evaluations: pl.DataFrame) -> pl.DataFrame:
    """The conflicts evaluators declared with their scores, as rows like those of table CONFLICTS (kind
    `declared`).
    """
    rows = evaluations.filter(pl.col("conflict").fill_null(value=False))
    return rows.select(
        pl.col("submission_id").alias("application_id"),
        "evaluator_id",
        pl.lit("declared").alias("kind"),
        pl.lit(value=False).alias("dismissed"),
    ).unique()
