"""Rows that come twice.

Belongs here: which of several rows with one id stands, and setting the others aside. Must stay out: one city
that sent several forms (each has its own id; eligibility decides between them).
"""

from __future__ import annotations

import polars as pl

from warehouse.dictionary import WORKING_TABLES

SET_ASIDE = WORKING_TABLES["set_aside"]
_SAME: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "submissions": (("submission_id",), ("submitted_at",)),
    "cohort": (("utm_id",), ("decided_on", "applied_on")),
    "gcom": (("gcom_id",), ("signed_on",)),
    "evaluations": (("evaluator_id", "submission_id", "criterion"), ("evaluated_at",)),
    "decisions": (("decision_id",), ("decided_at",)),
}
"""Table to the columns that make rows the same one, and those by which the latest stands; of equals, the last
in the file.
"""


def repeated(name: str, typed: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Rows that give way to a later row of the same id (dictionary table SET_ASIDE); the reason names the row
    that stands and whether they differ.
    """
    if name not in _SAME or typed.is_empty():
        return SET_ASIDE.empty()
    same, latest = _SAME[name]
    twice = typed.with_columns(keys.alias("row_key")).filter(pl.struct(same).is_duplicated())
    if twice.is_empty():
        return SET_ASIDE.empty()
    content = [column for column in typed.columns if column != "row"]
    ordered = twice.sort([*latest, "row"], nulls_last=False, maintain_order=True).with_columns(
        pl.col("row").last().over(same).alias("stands"),
        pl.struct(content).n_unique().over(same).alias("versions"),
    )
    said = (
        pl.when(pl.col("versions") == 1)
        .then(pl.lit("the same again in row "))
        .otherwise(pl.lit("a later version is in row "))
    )
    return SET_ASIDE.conform(
        ordered.filter(pl.col("row") != pl.col("stands")).select(
            pl.lit(name).alias("table"),
            "row",
            "row_key",
            pl.lit(same[0]).alias("column"),
            (said + pl.col("stands").cast(pl.String)).alias("reason"),
        )
    )
