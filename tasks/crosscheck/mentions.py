"""Cities that applicants and lists mention: preferred partners (part F) and earlier cooperation.

Belongs here: the tables PREFERENCES and COOPERATIONS. Must stay out: how a name is resolved (`resolve.py`) and what a mention is worth (matchmaking).
"""

from __future__ import annotations

import polars as pl

from tasks.crosscheck.resolve import Resolver, resolve
from tasks.ingest.countries import to_iso3_series
from warehouse.dictionary.published import FINDINGS
from warehouse.dictionary.working import COOPERATIONS, PREFERENCES


def preferences(submissions: pl.DataFrame, with_: Resolver) -> pl.DataFrame:
    """One row per preferred partner named (table PREFERENCES)."""
    named = pl.concat(
        [
            submissions.select(
                pl.col("submission_id").alias("application_id"),
                pl.lit(n, dtype=pl.Int64).alias("choice"),
                city_name=f"preferred_city_{n}",
                country=f"preferred_country_{n}",
            )
            for n in (1, 2)
        ]
    ).filter(pl.col("city_name").fill_null("").str.strip_chars() != "")
    asked = named.with_row_index("n").select(
        pl.col("n").cast(pl.String).alias("query_id"), "application_id", "choice", "city_name", country_iso3=to_iso3_series(named["country"])
    )
    found = resolve(asked.select("query_id", "country_iso3", name="city_name"), with_)
    return PREFERENCES.conform(asked.join(found, on="query_id", how="left"))


def cooperations(
    submissions: pl.DataFrame, cities: pl.DataFrame, collaborations: pl.DataFrame, with_: Resolver, topics: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Earlier cooperation as pairs of city ids (table COOPERATIONS), and the findings for what could not be resolved."""
    listed, lost_listed = _resolved(_from_list(collaborations), with_)
    forms, lost_forms = _resolved(_from_forms(submissions, cities), with_)
    both = pl.concat([listed.with_columns(source=pl.lit("collaborations")), forms.with_columns(source=pl.lit("form"))])
    known = pl.when(pl.col("topic").is_in(topics)).then("topic")
    pairs = both.with_columns(city_a=pl.min_horizontal("city_a", "city_b"), city_b=pl.max_horizontal("city_a", "city_b"), topic=known)
    pairs = pairs.filter(pl.col("city_a") != pl.col("city_b"))
    merged = pairs.group_by("city_a", "city_b", "programme", "topic", "source").agg(pl.col("funded").any())
    findings = [_finding("collaborations", lost_listed), _finding("submissions", lost_forms)]
    return COOPERATIONS.conform(_form_funding(merged)), FINDINGS.frame([finding for finding in findings if finding])


def _from_list(collaborations: pl.DataFrame) -> pl.DataFrame:
    return collaborations.select(
        "city_a",
        "country_a_iso3",
        "city_b",
        "country_b_iso3",
        "programme",
        "topic",
        known_a=pl.lit(None, dtype=pl.String),
        funded=pl.col("funded").fill_null(value=False),
    )


def _from_forms(submissions: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    """Part E: the applicant is one party, and known already."""
    entries = (
        submissions.select(pl.col("submission_id").alias("application_id"), "past_cooperation").explode("past_cooperation").unnest("past_cooperation")
    )
    entries = entries.filter(pl.col("city").fill_null("").str.strip_chars() != "").join(
        cities.select("application_id", known_a="city_id"), on="application_id", how="inner"
    )
    none = pl.lit(None, dtype=pl.String)
    return entries.select(
        city_a=none,
        country_a_iso3=none,
        city_b="city",
        country_b_iso3=to_iso3_series(entries["country"]),
        programme="programme",
        topic="topic",
        known_a="known_a",
        funded=pl.lit(value=False),
    )


def _resolved(pairs: pl.DataFrame, with_: Resolver) -> tuple[pl.DataFrame, int]:
    """Both parties as city ids; the number of pairs of which a party was not found."""
    numbered = pairs.with_row_index("n")
    sides = [
        numbered.select(pl.format("{}{}", pl.lit(side), "n").alias("query_id"), "n", name=f"city_{side}", country_iso3=f"country_{side}_iso3")
        for side in ("a", "b")
    ]
    found = resolve(pl.concat(sides).drop_nulls("name").select("query_id", "name", "country_iso3"), with_).filter(pl.col("outcome") == "linked")
    for side in ("a", "b"):
        mine = found.select(pl.col("query_id"), pl.col("city_id").alias(f"id_{side}"))
        numbered = (
            numbered.with_columns(query_id=pl.format("{}{}", pl.lit(side), "n"))
            .join(mine, on="query_id", how="left", maintain_order="left")
            .drop("query_id")
        )
    both = numbered.select(city_a=pl.coalesce("known_a", "id_a"), city_b=pl.col("id_b"), programme="programme", topic="topic", funded="funded")
    complete = both.drop_nulls(["city_a", "city_b"])
    return complete, both.height - complete.height


def _form_funding(merged: pl.DataFrame) -> pl.DataFrame:
    """An entry of a form counts as funded only where the list says so for the same pair, on the same topic or where either names none."""
    funded = merged.filter((pl.col("source") == "collaborations") & pl.col("funded")).select(
        "city_a", "city_b", list_topic="topic", listed=pl.lit(value=True)
    )
    forms = merged.filter(pl.col("source") == "form").join(funded, on=["city_a", "city_b"], how="left")
    same = pl.col("listed").fill_null(value=False) & (
        pl.col("list_topic").is_null() | pl.col("topic").is_null() | (pl.col("list_topic") == pl.col("topic"))
    )
    forms = forms.with_columns(funded=same).group_by("city_a", "city_b", "programme", "topic", "source").agg(pl.col("funded").any())
    return pl.concat([merged.filter(pl.col("source") != "form"), forms.select(merged.columns)])


def _finding(table: str, lost: int) -> dict[str, object] | None:
    if not lost:
        return None
    message = f"{lost} earlier cooperations name a city that is neither an applicant nor in a register, or not surely; they were left out"
    return {"table": table, "expectation": "cooperation_names_known_cities", "severity": "warn", "row_key": None, "column": None, "message": message}
