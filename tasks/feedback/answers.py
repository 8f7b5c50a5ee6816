"""Whose answer each row of the feedback is, and which answers count.

Belongs here: finding the member, and several answers of one city. Must stay out: what the answers say
(`learned.py`).
"""

from __future__ import annotations

import polars as pl

from tasks.crosscheck.names.folding import fold_name
from warehouse.dictionary.feedback import FEEDBACK_ANSWERS, SCORES

SAID = (*SCORES, "would_do_again")
ANSWER = ("twinning_id", "application_id", "session")


def answers_of(feedback: pl.DataFrame, members: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """Dictionary FEEDBACK_ANSWERS: each row with the one member of its twinning that its city means.

    A city is meant by its id, its application's id or its name; `members` and `applications` are tables of a
    version.
    """
    names = applications.select("application_id", "city_name")
    known = members.select("twinning_id", "application_id", "city_id").join(
        names, on="application_id", how="left"
    )
    ways = [known.select("twinning_id", "application_id", key=_folded(name)) for name in MEANT_BY]
    meant = pl.concat(ways).drop_nulls().unique()
    found = (
        feedback.select("row", "twinning_id", key=_folded("city"))
        .join(meant, on=["twinning_id", "key"], how="inner")
        .group_by("row")
        .agg(pl.col("application_id").unique())
        .filter(pl.col("application_id").list.len() == 1)
        .select("row", pl.col("application_id").list.first())
    )
    return FEEDBACK_ANSWERS.conform(feedback.join(found, on="row", how="left"))


MEANT_BY = ("application_id", "city_id", "city_name")
"""What a city may be called by."""


def _folded(name: str) -> pl.Expr:
    folded = fold_name(pl.col(name))
    return pl.when(folded == "").then(None).otherwise(folded)


def that_count(answers: pl.DataFrame, sessions: int) -> pl.DataFrame:
    """The answers of members that say something of a session that took place, one a city and session.

    Of several that differ nobody can tell which is meant, so none counts.
    """
    usable = answers.filter(
        pl.col("application_id").is_not_null()
        & pl.col("session").is_between(1, sessions)
        & pl.any_horizontal(pl.col(name).is_not_null() for name in SAID)
    )
    distinct = usable.select(*ANSWER, *SAID).unique()
    return distinct.filter(pl.len().over(ANSWER) == 1).sort(ANSWER)
