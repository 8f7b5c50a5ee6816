"""The table CROSSCHECK: each name of a round with its row of the register.

Belongs here: linking by the rules, then what the cohort register notes of GCoM ids, then human decisions on
top. Must stay out: reading decisions (`link_overrides.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl

from programme.linking import LinkingRules
from programme.vocabulary import Register
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.round.members import one_row_a_member

ID_COLUMNS: dict[Register, str] = {"cohort": "utm_id", "gcom": "gcom_id"}
RULES = "rules"
NOTED_CONFIDENCE = 0.99
"""Confidence of a GCoM id that the cohort register notes. The programme put it there: nearly a decision."""
KEYS = ("application_id", "register", "member_name")
Link = Callable[[pl.DataFrame, pl.DataFrame, RegisterIndex, LinkingRules], pl.DataFrame]
"""Links names (as `link_names`) to the rows of a register, of which it is also given the index."""


def register_rows(frame: pl.DataFrame, register: Register) -> pl.DataFrame:
    """The rows of the input table `cohort` or `gcom` with `register_id`, as `build_index` needs them."""
    return frame.rename({ID_COLUMNS[register]: "register_id"}).sort("register_id", "row")


def link_by_rules(
    queries: pl.DataFrame,
    indexes: dict[Register, RegisterIndex],
    rules: LinkingRules,
    overrides: pl.DataFrame,
    link: Callable[[Register, pl.DataFrame], pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """Each name looked up in its register, by the rules alone: the columns of CROSSCHECK.

    `queries`: see `register_queries`. `decided_by` is `rules` in every row. In a consortium, a row that one
    member is linked to, by the rules or by a person (`overrides`, see `LinkOverrides`), is none for another
    member. `link` links names to a register, where others than this process do it.
    """
    parts = []
    for register, index in indexes.items():
        numbered = (
            queries.filter(pl.col("register") == register)
            .with_row_index("n")
            .with_columns(query_id=pl.col("n").cast(pl.String))
        )
        asked = numbered.select("query_id", "name", "country_iso3", "population")
        links = link_names(asked, index, rules) if link is None else link(register, asked)
        linked = numbered.select("query_id", *KEYS).join(
            links, on="query_id", how="left", maintain_order="left"
        )
        linked = linked.with_columns(decided_by=pl.lit(RULES))
        again = partial(_link_again, asked, rules)
        decided = overrides.filter(pl.col("register") == register)
        parts.append(one_row_a_member(linked, decided, index, again).drop("query_id", "candidates"))
    return pl.concat(parts)


def _link_again(
    asked: pl.DataFrame, rules: LinkingRules, link: dict[str, object], index: RegisterIndex
) -> dict[str, object]:
    """What one name is linked to in another index."""
    query = asked.filter(pl.col("query_id") == link["query_id"])
    return link_names(query, index, rules).row(0, named=True)


def apply_noted_ids(
    links: pl.DataFrame,
    cohort: pl.DataFrame,
    gcom: pl.DataFrame,
    consortia: pl.Series,
    gcom_index: RegisterIndex,
) -> pl.DataFrame:
    """The links, with the GCoM id that the cohort register notes for a linked city as evidence.

    Where the names lead to another city than the note, a person decides. `consortia`: the application ids of
    consortia, whose members the note does not concern.
    """
    own = links.filter(pl.col("register") == "cohort", ~pl.col("application_id").is_in(consortia.implode()))
    noted = own.join(_notes(cohort, gcom), on="register_id", how="inner").select(
        "application_id", "noted", pl.lit("gcom").alias("register")
    )
    rows = gcom_index.rows.select("register_id", "place", "skeleton").unique(
        "register_id", keep="first", maintain_order=True
    )
    noted_rows = rows.select(noted="register_id", noted_place="place", noted_skeleton="skeleton")
    joined = links.join(noted, on=["application_id", "register"], how="left", maintain_order="left")
    joined = joined.join(rows, on="register_id", how="left", maintain_order="left")
    joined = joined.join(noted_rows, on="noted", how="left", maintain_order="left")
    return _weigh(joined).drop("noted", "place", "skeleton", "noted_place", "noted_skeleton")


def _notes(cohort: pl.DataFrame, gcom: pl.DataFrame) -> pl.DataFrame:
    """The cohort's notes of GCoM ids that exist: `register_id` (of the cohort), `noted`."""
    notes = (
        cohort.select(pl.col("utm_id").alias("register_id"), noted="gcom_id")
        .drop_nulls("noted")
        .unique("register_id", keep="first", maintain_order=True)
    )
    return notes.join(gcom.select(noted="gcom_id").unique(), on="noted", how="semi")


def _weigh(joined: pl.DataFrame) -> pl.DataFrame:
    """The links with the note taken over where the names agree, and for a person where they do not."""
    has_note = pl.col("noted").is_not_null()
    conflict = has_note & (pl.col("outcome") == "linked") & ~_same_city()
    clash = pl.format(
        "the cohort register names {}, the names say {}; by the names: {}", "noted", "register_id", "evidence"
    )
    agreed = pl.format(
        "the cohort register names {} as this city's row; by the names: {}", "noted", "evidence"
    )
    return joined.with_columns(
        outcome=pl.when(conflict)
        .then(pl.lit("review"))
        .when(has_note)
        .then(pl.lit("linked"))
        .otherwise("outcome"),
        register_id=pl.when(conflict).then(None).when(has_note).then("noted").otherwise("register_id"),
        confidence=pl.when(has_note & ~conflict).then(NOTED_CONFIDENCE).otherwise("confidence"),
        evidence=pl.when(conflict).then(clash).when(has_note).then(agreed).otherwise("evidence"),
    )


def _same_city() -> pl.Expr:
    """Whether the row linked and the row noted are one city: the same row, name or place of the gazetteer."""
    same = (
        (pl.col("register_id") == pl.col("noted"))
        | (pl.col("skeleton") == pl.col("noted_skeleton"))
        | (pl.col("place") == pl.col("noted_place"))
    )
    return same.fill_null(value=False)


def apply_overrides(links: pl.DataFrame, overrides: pl.DataFrame) -> pl.DataFrame:
    """The links, with human decisions in place of what the rules say; the evidence shows both.

    `overrides`: see `LinkOverrides`.
    """
    joined = links.join(overrides, on=list(KEYS), how="left", maintain_order="left")
    decided = pl.col("decision_id").is_not_null()
    linked = pl.col("chosen_id").is_not_null()
    words = (
        pl.when(linked)
        .then(pl.format("a person linked it to {}", "chosen_id"))
        .otherwise(pl.lit("a person decided that no row is this city"))
    )
    evidence = pl.format(
        "{} (decision {}); by the rules: {}, {}", words, "decision_id", "outcome", "evidence"
    )
    outcome = pl.when(linked).then(pl.lit("linked")).otherwise(pl.lit("none"))
    return joined.with_columns(
        outcome=pl.when(decided).then(outcome).otherwise("outcome"),
        register_id=pl.when(decided).then("chosen_id").otherwise("register_id"),
        confidence=pl.when(decided).then(1.0).otherwise("confidence"),
        evidence=pl.when(decided).then(evidence).otherwise("evidence"),
        decided_by=pl.when(decided).then(pl.format("decision {}", "decision_id")).otherwise("decided_by"),
    ).drop("decision_id", "chosen_id")
