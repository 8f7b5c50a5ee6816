"""The applications as evaluators get them: one row each, with what assigning it and listing it need.

Belongs here: which applications are evaluated, and the columns of a row. Must stay out: deciding who
evaluates what (`assign.py`), and anything about a person but the address that reveals an employer (only
`reviews/conflicts.py` reads it).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from programme.vocabulary import SELECTABLE, Status

EVALUATED: tuple[Status, ...] = (*SELECTABLE, "needs_review")
"""Statuses of applications that are evaluated. Those that a person must still look at are among them, so that
one that is settled late has its reviews.
"""


def evaluated_applications(
    submissions: pl.DataFrame, cities: pl.DataFrame, eligibility: pl.DataFrame, labels: Mapping[str, str]
) -> pl.DataFrame:
    """One row per application to be evaluated, in order of id.

    Columns: `application_id`, `status`, `city_id`, `city_name` (as the registers know it), `country_iso3`,
    `names` (every name of the city and of a consortium's members), `contact_email`, `topic_1..3` (ids),
    `topics` (their wordings in one text). The frames are tables of the dictionary; `labels` is topic id to
    wording.
    """
    no_names = pl.lit([], dtype=pl.List(pl.String))
    members = pl.col("members").list.eval(pl.element().struct.field("name")).fill_null(no_names)
    forms = submissions.unique("submission_id", keep="last", maintain_order=True).select(
        pl.col("submission_id").alias("application_id"),
        pl.col("city_name").alias("typed"),
        members.alias("members"),
        "contact_email",
        "topic_1",
        "topic_2",
        "topic_3",
    )
    known = cities.select("application_id", "city_name", "country_iso3")
    wording = [pl.col(f"topic_{n}").replace(dict(labels)) for n in (1, 2, 3)]
    return (
        eligibility.filter(pl.col("status").is_in(EVALUATED))
        .select("application_id", "status", "city_id")
        .join(known, on="application_id", how="left")
        .join(forms, on="application_id", how="left")
        .with_columns(
            pl.coalesce("city_name", "typed").alias("city_name"),
            pl.concat_list("typed", "city_name", "members").list.drop_nulls().alias("names"),
            pl.concat_str(wording, separator="; ", ignore_nulls=True).alias("topics"),
        )
        .drop("typed", "members")
        .sort("application_id")
    )
