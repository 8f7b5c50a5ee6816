"""Rows that come twice.

Belongs here: which of several rows with one id stands, and setting the others aside. Must stay out: one city
that sent several forms. Each form has an id of its own, and eligibility decides between them.
"""

from __future__ import annotations

import polars as pl

from warehouse.dictionary.working import SET_ASIDE

_IDENTITY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "submissions": (("submission_id",), ("submitted_at",)),
    "cohort": (("utm_id",), ("decided_on", "applied_on")),
    "gcom": (("gcom_id",), ("signed_on",)),
    "evaluations": (("evaluator_id", "submission_id", "criterion"), ("evaluated_at",)),
    "decisions": (("decision_id",), ()),
}
"""Table to the columns that make rows the same one, and those by which the latest stands.

Of rows that are equal in both, the last in the file stands; but where two scores of one evaluator differ and
no date tells which is later, neither gives way, and scoring counts neither. Of decisions the first stands:
the same decision again changes nothing, as when a file grows between two runs. A declared conflict of
interest never gives way: a later score does not take back what an evaluator said.
"""


def superseded_rows(table: str, typed: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Rows that give way to a later row of the same id (dictionary table SET_ASIDE).

    `typed`: rows of the dictionary table `table`; `keys`: how each is named to a person. The reason names the
    row that stands and says whether the two differ.
    """
    if table not in _IDENTITY or typed.is_empty():
        return SET_ASIDE.empty()
    same, latest = _IDENTITY[table]
    named = typed.with_columns(keys.alias("row_key"))
    if table == "evaluations":
        named = named.filter(~pl.col("conflict").fill_null(value=False))
    twice = named.filter(pl.struct(same).is_duplicated())
    if twice.is_empty():
        return SET_ASIDE.empty()
    content = [column for column in typed.columns if column != "row"]
    standing = pl.col("row").first() if table == "decisions" else pl.col("row").last()
    ordered = twice.sort([*latest, "row"], nulls_last=False, maintain_order=True).with_columns(
        standing.over(same).alias("stands"),
        pl.struct(content).n_unique().over(same).alias("n_versions"),
    )
    is_equal = pl.col("n_versions") == 1
    why = (
        pl.when(is_equal)
        .then(pl.lit("the same again in row "))
        .otherwise(pl.lit("a later version is in row "))
    )
    gives_way = pl.col("row") != pl.col("stands")
    if table == "evaluations":
        gives_way &= _is_older(*latest).over(same) | _says_the_same().over(same)
    superseded = ordered.filter(gives_way).select(
        pl.lit(table).alias("table"),
        "row",
        "row_key",
        pl.lit(same[0]).alias("column"),
        (why + pl.col("stands").cast(pl.String)).alias("reason"),
    )
    return SET_ASIDE.conform(superseded)


def _is_older(moment: str) -> pl.Expr:
    """Whether a row has an earlier date than the latest, where every row of the group has one."""
    return (pl.col(moment) < pl.col(moment).max()) & (pl.col(moment).null_count() == 0)


def _says_the_same() -> pl.Expr:
    return pl.col("score").eq_missing(pl.col("score").last())
