"""The names of a round that are looked up, and in which register.

Belongs here: a consortium is linked to the cohort by its own name and to the GCoM member by member (FAQ 3.2).
Must stay out: the linking itself (`registers.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.names.repair import repair

NO_NAME = "(no name)"
SCHEMA = pl.Schema(
    {
        "application_id": pl.String(),
        "register": pl.String(),
        "member_name": pl.String(),
        "name": pl.String(),
        "country_iso3": pl.String(),
        "population": pl.Int64(),
    }
)


def usable_submissions(submissions: pl.DataFrame) -> pl.DataFrame:
    """One row per submission id: where the form tool gave an id twice, the later row counts."""
    return (
        submissions.sort("row", maintain_order=True)
        .unique("submission_id", keep="last", maintain_order=True)
        .sort("submission_id")
    )


def register_queries(submissions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """One row per application, register and name that is looked up, with the columns of `SCHEMA`.

    `submissions`: with `is_group`. `member_name` is the repaired `name`, `NO_NAME` where nothing is left of
    it.
    """
    own = submissions.select(
        pl.col("submission_id").alias("application_id"),
        "country_iso3",
        "population",
        "members",
        "is_group",
        name=pl.col("city_name"),
    )
    member = pl.col("members").struct
    members = (
        own.filter("is_group")
        .explode("members")
        .select(
            "application_id", "country_iso3", name=member.field("name"), population=member.field("population")
        )
    )
    every = pl.concat(
        [
            _named(own, "cohort"),
            _named(own.filter(~pl.col("is_group")), "gcom"),
            _named(members, "gcom"),
        ]
    )
    cleaned = repair(pl.col("name"), rules.max_name_length)
    every = every.with_columns(member_name=pl.when(cleaned == "").then(pl.lit(NO_NAME)).otherwise(cleaned))
    return every.unique(
        ["application_id", "register", "member_name"], keep="first", maintain_order=True
    ).select(SCHEMA.names())


def is_group() -> pl.Expr:
    """Whether a submission is a consortium that names members.

    A consortium that names none is looked up by its own name in both registers.
    """
    return (pl.col("applicant_type") == "consortium") & (pl.col("members").list.len().fill_null(0) > 0)


def _named(frame: pl.DataFrame, register: str) -> pl.DataFrame:
    return frame.select("application_id", "country_iso3", "name", "population", register=pl.lit(register))
