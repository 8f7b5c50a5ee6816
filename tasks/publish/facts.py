"""A version as plain facts, one value a row, so that two versions can be compared and every difference
explained.

Belongs here: which facts of the published tables are worth telling when they change, and what each rests on.
Rank and regret are left out: they are relative to all others, so they change for everyone whenever anything
changes, and would hide what really changed. Must stay out: comparing (`changes.py`) and explaining
(`causes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

FACTS = pl.Schema(
    {
        "subject": pl.String(),
        "what": pl.String(),
        "value": pl.String(),
        "rests_on": pl.String(),
        "decided": pl.String(),
        "evidence": pl.String(),
    }
)
"""Columns of the facts.

`subject` is an application or a twinning; `what` names the fact; `rests_on` is the input it rests
on, or `city`, `state`, `checks`, `scores` or `selection` where it follows from other facts; `decided` is
`decision ID` where a person decided it; `evidence` is in words.
"""

_INPUT_OF_SOURCE = {"cohort": "cohort", "gcom": "gcom", "gazetteer": "program", "evaluators": "evaluations"}
"""Source of a rule's evidence or of points to the input it stands for; any other source is the form."""


def facts(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """All facts of one version (schema `FACTS`), unique by subject and what.

    `tables` are the published tables by name, those of `changes` aside.
    """
    applications, twinnings = tables["applications"], tables["twinnings"]
    parts = [
        *_columns(applications, "application_id", ("state", "superseded_by"), "state"),
        *_columns(applications, "application_id", ("city_id",), "city"),
        *_columns(applications, "application_id", ("topic_1", "topic_2", "topic_3"), "submissions"),
        _links(tables["crosscheck"]),
        _rule_outcomes(tables["eligibility_checks"]),
        *_columns(tables["eligibility"], "application_id", ("status", "scenario"), "checks"),
        _points(tables["scores"]),
        *_columns(tables["ranking"], "application_id", ("total", "provisional", "disputed"), "scores"),
        _twinnings(twinnings, tables["twinning_members"]),
        *_columns(twinnings, "twinning_id", ("state", "conditional"), "selection"),
        _places(tables["twinning_members"], tables["unplaced"]),
    ]
    return pl.concat(parts).filter(pl.col("value").is_not_null())


def _as_facts(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """The columns of `FACTS`, by expressions over the frame; a column that is not given is null."""
    return frame.select(
        *(columns.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in FACTS.items())
    )


def _columns(frame: pl.DataFrame, subject: str, names: tuple[str, ...], rests_on: str) -> list[pl.DataFrame]:
    """One fact for each of the columns, called by its name."""
    return [
        _as_facts(
            frame,
            subject=pl.col(subject),
            what=pl.lit(name),
            value=pl.col(name),
            rests_on=pl.lit(rests_on),
        )
        for name in names
    ]


def _links(crosscheck: pl.DataFrame) -> pl.DataFrame:
    only = pl.len().over("application_id", "register") == 1
    member = pl.when(only).then(pl.lit("")).otherwise(" of " + pl.col("member_name"))
    return _as_facts(
        crosscheck,
        subject=pl.col("application_id"),
        what="link to " + pl.col("register") + member,
        value=pl.concat_str("outcome", "register_id", separator=" ", ignore_nulls=True),
        rests_on=pl.col("register"),
        decided=pl.when(pl.col("decided_by") != "rules").then(pl.col("decided_by")),
    )


def _rule_outcomes(checks: pl.DataFrame) -> pl.DataFrame:
    source = pl.col("source").str.split(" ").list.first()
    return _as_facts(
        checks,
        subject=pl.col("application_id"),
        what="rule " + pl.col("rule"),
        value=pl.col("outcome"),
        rests_on=_input_of(source),
        decided=pl.col("overridden_by"),
        evidence=pl.col("evidence"),
    )


def _points(scores: pl.DataFrame) -> pl.DataFrame:
    return _as_facts(
        scores,
        subject=pl.col("application_id"),
        what="points for " + pl.col("criterion"),
        value=pl.concat_str(pl.col("points"), pl.lit(" by "), pl.col("source")),
        rests_on=_input_of(pl.col("source")),
    )


def _input_of(source: pl.Expr) -> pl.Expr:
    return source.replace_strict(_INPUT_OF_SOURCE, default="submissions", return_dtype=pl.String())


def _twinnings(twinnings: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    names = pl.col("application_id").str.join(" + ").alias("members")
    grouped = members.sort("application_id").group_by("twinning_id").agg(names)
    return _as_facts(
        twinnings.join(grouped, on="twinning_id", how="left"),
        subject=pl.col("twinning_id"),
        what=pl.lit("twinning"),
        value=pl.col("topic") + ": " + pl.col("members"),
        rests_on=pl.lit("selection"),
    )


def _places(members: pl.DataFrame, unplaced: pl.DataFrame) -> pl.DataFrame:
    """Where each application that could be selected is: in a twinning, or unplaced."""
    values = ((members, "in twinning " + pl.col("twinning_id")), (unplaced, pl.lit("unplaced")))
    return pl.concat(
        _as_facts(
            frame,
            subject=pl.col("application_id"),
            what=pl.lit("place"),
            value=value,
            rests_on=pl.lit("selection"),
        )
        for frame, value in values
    )
