"""Mentions: the cities that applicants name as preferred partners (part F) and that cooperated before.

Belongs here: the tables NAMED_PARTNERS and COOPERATIONS. Must stay out: how a name is resolved
(`resolver.py`), and what a mention is worth (step `matchmaking`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tasks.crosscheck.round.resolver import CityResolver, resolve_cities
from tasks.ingest.cells.countries import to_iso3_series
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.working import COOPERATIONS, NAMED_PARTNERS


@dataclass(frozen=True)
class Mentions:
    """The tables NAMED_PARTNERS and COOPERATIONS, and FINDINGS about cities that were not recognised."""

    preferences: pl.DataFrame
    cooperations: pl.DataFrame
    findings: pl.DataFrame


def mentions(
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    collaborations: pl.DataFrame,
    resolver: CityResolver,
    topics: tuple[str, ...],
) -> Mentions:
    """All mentions of a round, resolved together, so that each name of a country is looked up once."""
    preferred = _preferred(submissions)
    listed, forms = _from_list(collaborations), _from_forms(submissions, cities)
    pairs = pl.concat(
        [listed.with_columns(source=pl.lit("collaborations")), forms.with_columns(source=pl.lit("form"))]
    )
    named = pl.concat(
        [
            preferred.select("name", "country_iso3"),
            *(pairs.select(name=f"city_{s}", country_iso3=f"country_{s}_iso3") for s in ("a", "b")),
        ]
    )
    distinct = named.drop_nulls("name").unique(maintain_order=True).with_row_index("n")
    queries = distinct.select(pl.col("n").cast(pl.String).alias("query_id"), "name", "country_iso3")
    found = queries.join(resolve_cities(queries, resolver), on="query_id", how="left").drop("query_id")
    pairs_of_ids, findings = _as_ids(pairs, found, topics)
    preferences = preferred.join(found, on=["name", "country_iso3"], how="left", nulls_equal=True).rename(
        {"name": "city_name"}
    )
    cooperations = COOPERATIONS.conform(_with_form_funding(pairs_of_ids))
    return Mentions(NAMED_PARTNERS.conform(preferences), cooperations, findings_frame(findings))


def _preferred(submissions: pl.DataFrame) -> pl.DataFrame:
    """Part F: `application_id`, `choice`, `name`, `country_iso3`."""
    chosen = [
        submissions.select(
            application_id="submission_id",
            choice=pl.lit(n, dtype=pl.Int64),
            name=f"preferred_city_{n}",
            country=f"preferred_country_{n}",
        )
        for n in (1, 2)
    ]
    named = pl.concat(chosen).filter(pl.col("name").fill_null("").str.strip_chars() != "")
    return named.with_columns(country_iso3=to_iso3_series(named["country"])).drop("country")


def _from_list(collaborations: pl.DataFrame) -> pl.DataFrame:
    """The list of collaborations, with the columns of `_from_forms`."""
    none, funded = pl.lit(None, dtype=pl.String), pl.col("funded").fill_null(value=False)
    return collaborations.select(
        "city_a",
        "country_a_iso3",
        "city_b",
        "country_b_iso3",
        "programme",
        "topic",
        known_a=none,
        funded=funded,
    )


def _from_forms(submissions: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    """Part E: pairs of cities; the first is the applicant, whose city id (`known_a`) is known already."""
    entries = (
        submissions.select("past_cooperation", application_id="submission_id")
        .explode("past_cooperation")
        .unnest("past_cooperation")
    )
    entries = entries.filter(pl.col("city").fill_null("").str.strip_chars() != "")
    entries = entries.join(
        cities.select("application_id", known_a="city_id"), on="application_id", how="inner"
    )
    none, countries = pl.lit(None, dtype=pl.String), to_iso3_series(entries["country"])
    return entries.select(
        city_a=none,
        country_a_iso3=none,
        city_b="city",
        country_b_iso3=countries,
        programme="programme",
        topic="topic",
        known_a="known_a",
        funded=pl.lit(value=False),
    )


def _as_ids(
    pairs: pl.DataFrame, found: pl.DataFrame, topics: tuple[str, ...]
) -> tuple[pl.DataFrame, list[Finding]]:
    """The pairs as city ids, the smaller id first, and a finding for each source that lost pairs."""
    sure = found.filter(pl.col("outcome") == "linked")
    for side in ("a", "b"):
        ids = sure.select(
            pl.col("name").alias(f"city_{side}"),
            pl.col("country_iso3").alias(f"country_{side}_iso3"),
            pl.col("city_id").alias(f"id_{side}"),
        )
        pairs = pairs.join(
            ids, on=[f"city_{side}", f"country_{side}_iso3"], how="left", maintain_order="left"
        )
    both = pairs.with_columns(id_a=pl.coalesce("known_a", "id_a"))
    complete = both.drop_nulls(["id_a", "id_b"]).filter(pl.col("id_a") != pl.col("id_b"))
    ordered = complete.with_columns(
        city_a=pl.min_horizontal("id_a", "id_b"), city_b=pl.max_horizontal("id_a", "id_b")
    )
    known = ordered.with_columns(topic=pl.when(pl.col("topic").is_in(topics)).then("topic"))
    merged = known.group_by("city_a", "city_b", "programme", "topic", "source").agg(pl.col("funded").any())
    lost = (
        both.filter(pl.col("id_a").is_null() | pl.col("id_b").is_null())["source"]
        .value_counts()
        .sort("source")
    )
    return merged, [_finding(source, count) for source, count in lost.iter_rows()]


def _with_form_funding(merged: pl.DataFrame) -> pl.DataFrame:
    """The cooperations, with `funded` of those from forms taken from the list.

    The entry of a form is funded only if the list says so of the same pair, on the same topic or with no
    topic in one of the two.
    """
    funded = merged.filter((pl.col("source") == "collaborations") & pl.col("funded")).select(
        "city_a", "city_b", list_topic="topic", listed=pl.lit(value=True)
    )
    forms = merged.filter(pl.col("source") == "form").join(funded, on=["city_a", "city_b"], how="left")
    same = pl.col("listed").fill_null(value=False) & (
        pl.col("list_topic").is_null() | pl.col("topic").is_null() | (pl.col("list_topic") == pl.col("topic"))
    )
    forms = (
        forms.with_columns(funded=same)
        .group_by("city_a", "city_b", "programme", "topic", "source")
        .agg(pl.col("funded").any())
    )
    return pl.concat([merged.filter(pl.col("source") != "form"), forms.select(merged.columns)])


def _finding(source: str, lost: int) -> Finding:
    table = "submissions" if source == "form" else source
    message = (
        f"{lost} earlier cooperations name a city that is neither an applicant nor in a register, "
        "or not surely; they were left out"
    )
    return Finding.about_table(table, "cooperation_names_known_cities", message)
