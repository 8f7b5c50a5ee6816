"""A version as plain facts, one value a line, so that two versions can be compared and every difference
explained.

Belongs here: which facts of the published tables are worth telling when they change, and what each rests on.
What only expresses an application's standing relative to others (rank, regret) is left out on purpose: it
moves for everyone whenever anything moves, and would bury what really changed. Must stay out: comparing and
explaining (`changes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

FACTS = pl.Schema(
    {
        "subject": pl.String(),  # application or twinning
        "what": pl.String(),
        "value": pl.String(),
        "root": pl.String(),  # the input it rests on; 'city', 'state', 'checks', 'scores' or 'selection' where it follows from other facts
        "decided": pl.String(),  # 'decision ID' where a person decided
        "evidence": pl.String(),
    }
)

_ROOT_OF_SOURCE = {"cohort": "cohort", "gcom": "gcom", "gazetteer": "program", "evaluators": "evaluations"}


def facts(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """All facts of one version (schema `FACTS`), unique by subject and what. `tables` are the published
    tables by name.
    """
    parts = [
        *_columns(tables["applications"], "application_id", ("state", "superseded_by"), "state"),
        *_columns(tables["applications"], "application_id", ("city_id",), "city"),
        *_columns(tables["applications"], "application_id", ("topic_1", "topic_2", "topic_3"), "submissions"),
        _links(tables["crosscheck"]),
        _rules(tables["eligibility_checks"]),
        *_columns(tables["eligibility"], "application_id", ("status", "scenario"), "checks"),
        _points(tables["scores"]),
        *_columns(tables["ranking"], "application_id", ("total", "provisional", "disputed"), "scores"),
        _twinnings(tables["twinnings"], tables["twinning_members"]),
        *_columns(tables["twinnings"], "twinning_id", ("state", "conditional"), "selection"),
        _places(tables["twinning_members"], tables["unplaced"]),
        _idle_decisions(tables["findings"]),
    ]
    return pl.concat(parts).filter(pl.col("value").is_not_null())


def _shape(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    return frame.select(
        *(columns.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in FACTS.items())
    )


def _columns(frame: pl.DataFrame, subject: str, names: tuple[str, ...], root: str) -> list[pl.DataFrame]:
    return [
        _shape(frame, subject=pl.col(subject), what=pl.lit(name), value=pl.col(name), root=pl.lit(root))
        for name in names
    ]


def _links(crosscheck: pl.DataFrame) -> pl.DataFrame:
    alone = pl.len().over("application_id", "register") == 1
    member = pl.when(alone).then(pl.lit("")).otherwise(" of " + pl.col("member_name"))
    return _shape(
        crosscheck,
        subject=pl.col("application_id"),
        what="link to " + pl.col("register") + member,
        value=pl.concat_str("outcome", "register_id", separator=" ", ignore_nulls=True),
        root=pl.col("register"),
        decided=pl.when(pl.col("decided_by") != "rules").then(pl.col("decided_by")),
    )


def _rules(checks: pl.DataFrame) -> pl.DataFrame:
    source = pl.col("source").str.split(" ").list.first()
    return _shape(
        checks,
        subject=pl.col("application_id"),
        what="rule " + pl.col("rule"),
        value=pl.col("outcome"),
        root=source.replace_strict(_ROOT_OF_SOURCE, default="submissions", return_dtype=pl.String()),
        decided=pl.col("overridden_by"),
        evidence=pl.col("evidence"),
    )


def _points(scores: pl.DataFrame) -> pl.DataFrame:
    return _shape(
        scores,
        subject=pl.col("application_id"),
        what="points for " + pl.col("criterion"),
        value=pl.concat_str(pl.col("points"), pl.lit(" by "), pl.col("source")),
        root=pl.col("source").replace_strict(
            _ROOT_OF_SOURCE, default="submissions", return_dtype=pl.String()
        ),
    )


def _twinnings(twinnings: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    together = (
        members.sort("application_id")
        .group_by("twinning_id")
        .agg(pl.col("application_id").str.join(" + ").alias("members"))
    )
    return _shape(
        twinnings.join(together, on="twinning_id", how="left"),
        subject=pl.col("twinning_id"),
        what=pl.lit("twinning"),
        value=pl.col("topic") + ": " + pl.col("members"),
        root=pl.lit("selection"),
    )


def _places(members: pl.DataFrame, unplaced: pl.DataFrame) -> pl.DataFrame:
    placed = _shape(
        members,
        subject=pl.col("application_id"),
        what=pl.lit("place"),
        value="in twinning " + pl.col("twinning_id"),
        root=pl.lit("selection"),
    )
    left = _shape(
        unplaced,
        subject=pl.col("application_id"),
        what=pl.lit("place"),
        value=pl.lit("unplaced"),
        root=pl.lit("selection"),
    )
    return pl.concat([placed, left])


def _idle_decisions(findings: pl.DataFrame) -> pl.DataFrame:
    """What was found about decisions: one that has no effect changes nothing else, and whoever made it must
    be told.
    """
    about = findings.filter((pl.col("table") == "decisions") & pl.col("row_key").is_not_null()).unique(
        ["row_key", "expectation"], keep="first", maintain_order=True
    )
    return _shape(
        about,
        subject=pl.col("row_key"),
        what="finding " + pl.col("expectation"),
        value=pl.col("message"),
        root=pl.lit("submissions"),
        decided="decision " + pl.col("row_key"),
    )
