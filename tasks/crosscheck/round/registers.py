"""Linking a round's names to both registers, and what the cohort's own note of a GCoM id adds.

Belongs here: the CROSSCHECK table as the rules alone fill it, and the human decisions on top of it. Must stay
out: reading decisions (`link_overrides.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import link

RULES = "rules"
NOTED_CONFIDENCE = 0.99
"""A GCoM id noted in the cohort register was put there by the programme: nearly a decision."""


def by_rules(lookups: pl.DataFrame, indexes: dict[str, RegisterIndex], rules: LinkingRules) -> pl.DataFrame:
    """Each name looked up in its register: the columns of CROSSCHECK, `decided_by` being `rules`."""
    parts = []
    for register, index in indexes.items():
        asked = (
            lookups.filter(pl.col("register") == register)
            .with_row_index("n")
            .with_columns(query_id=pl.col("n").cast(pl.String))
        )
        found = link(asked.select("query_id", "name", "country_iso3", "population"), index, rules)
        linked = asked.select("query_id", "application_id", "register", "member_name").join(
            found, on="query_id", how="left", maintain_order="left"
        )
        parts.append(linked.drop("query_id", "candidates").with_columns(decided_by=pl.lit(RULES)))
    return pl.concat(parts)


def with_noted_ids(
    crosschecked: pl.DataFrame,
    cohort: pl.DataFrame,
    gcom: pl.DataFrame,
    groups: pl.Series,
    indexes: dict[str, RegisterIndex],
) -> pl.DataFrame:
    """The GCoM id the cohort register notes for a linked city is evidence for its GCoM link; where the names
    say another city, a person decides.

    `groups`: application ids of consortia, whose members the note does not concern.
    """
    known = (
        cohort.select(pl.col("utm_id").alias("register_id"), noted="gcom_id")
        .drop_nulls("noted")
        .unique("register_id", keep="first", maintain_order=True)
    )
    linked = crosschecked.filter(
        pl.col("register") == "cohort", ~pl.col("application_id").is_in(groups.implode())
    ).join(known, on="register_id", how="inner")
    noted = linked.select("application_id", "noted", pl.lit("gcom").alias("register")).join(
        gcom.select(noted="gcom_id").unique(), on="noted", how="semi"
    )
    known = (
        indexes["gcom"]
        .rows.select("register_id", "place", "bones")
        .unique("register_id", keep="first", maintain_order=True)
    )
    joined = crosschecked.join(noted, on=["application_id", "register"], how="left", maintain_order="left")
    joined = joined.join(known, on="register_id", how="left", maintain_order="left")
    joined = joined.join(
        known.rename({"register_id": "noted", "place": "noted_place", "bones": "noted_bones"}),
        on="noted",
        how="left",
        maintain_order="left",
    )
    return _weigh(joined).drop("noted", "place", "bones", "noted_place", "noted_bones")


def _weigh(joined: pl.DataFrame) -> pl.DataFrame:
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
    """Two rows of a dirty register may be one city: the same row, name or place of the gazetteer."""
    same = (
        (pl.col("register_id") == pl.col("noted"))
        | (pl.col("bones") == pl.col("noted_bones"))
        | (pl.col("place") == pl.col("noted_place"))
    )
    return same.fill_null(value=False)


def with_rulings(crosschecked: pl.DataFrame, link_overrides: pl.DataFrame) -> pl.DataFrame:
    """Human decisions outrank what the rules say; both are shown."""
    joined = crosschecked.join(
        link_overrides, on=["application_id", "register", "member_name"], how="left", maintain_order="left"
    )
    ruled = pl.col("decision_id").is_not_null()
    linked = pl.col("ruled_id").is_not_null()
    words = (
        pl.when(linked)
        .then(pl.format("a person linked it to {}", "ruled_id"))
        .otherwise(pl.lit("a person decided that no row is this city"))
    )
    return joined.with_columns(
        outcome=pl.when(ruled & linked)
        .then(pl.lit("linked"))
        .when(ruled)
        .then(pl.lit("none"))
        .otherwise("outcome"),
        register_id=pl.when(ruled).then("ruled_id").otherwise("register_id"),
        confidence=pl.when(ruled).then(1.0).otherwise("confidence"),
        evidence=pl.when(ruled)
        .then(
            pl.format("{} (decision {}); by the rules: {}, {}", words, "decision_id", "outcome", "evidence")
        )
        .otherwise("evidence"),
        decided_by=pl.when(ruled).then(pl.format("decision {}", "decision_id")).otherwise("decided_by"),
    ).drop("decision_id", "ruled_id")
