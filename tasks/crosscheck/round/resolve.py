"""From a city as somebody named it to a city id: applicants of the round first, then the registers.

Belongs here: one resolver for preferred partners and earlier cooperation, so that both work whatever the
spelling. Must stay out: what the result is used for (`mentions.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.linkage.linker import link


@dataclass(frozen=True)
class Resolver:
    """The indexes asked in turn, and which city id a register's row stands for (`register_id`, `city_id`)."""

    indexes: tuple[tuple[str, RegisterIndex], ...]
    city_ids: pl.DataFrame
    rules: LinkingRules


def resolver(
    cities: pl.DataFrame,
    typed: pl.DataFrame,
    cohort: pl.DataFrame,
    indexes: dict[str, RegisterIndex],
    gazetteer: Gazetteer,
    rules: LinkingRules,
) -> Resolver:
    """Prepare for one round. `cities`: table CITIES; `typed`: `application_id`, `name` as typed,
    `population`; `cohort`: its rows with `gcom_id`.
    """
    applicants = build_index(_applicants(cities, typed), gazetteer, rules)
    noted = (
        cohort.select("gcom_id", city_id="utm_id")
        .drop_nulls()
        .select(register_id="gcom_id", city_id="city_id")
    )
    mine = pl.concat(
        [
            cities.select(register_id=column, city_id="city_id").drop_nulls()
            for column in ("gcom_id", "cohort_id")
        ]
    )
    city_ids = pl.concat([mine, noted]).unique("register_id", keep="first", maintain_order=True)
    return Resolver((("applicants", applicants), *indexes.items()), city_ids, rules)


def resolve(names: pl.DataFrame, with_: Resolver) -> pl.DataFrame:
    """`names`: `query_id`, `name`, `country_iso3`. Returns, in order: `query_id`, `outcome`, `city_id` (null
    unless linked), `evidence`.
    """
    result = names.select(
        "query_id",
        outcome=pl.lit("none"),
        city_id=pl.lit(None, dtype=pl.String),
        evidence=pl.lit("no applicant and no register has this city"),
    )
    for where, index in with_.indexes:
        open_ = names.join(
            result.filter(pl.col("outcome") == "none"), on="query_id", how="semi", maintain_order="left"
        )
        found = link(open_.select("query_id", "name", "country_iso3"), index, with_.rules).filter(
            pl.col("outcome") != "none"
        )
        found = found.join(with_.city_ids, on="register_id", how="left", maintain_order="left")
        hits = found.select(
            "query_id",
            pl.col("outcome").alias("new_outcome"),
            new_id=pl.coalesce("city_id", "register_id"),
            new_evidence=pl.format("{}: {}", pl.lit(where), "evidence"),
        )
        result = result.join(hits, on="query_id", how="left", maintain_order="left").select(
            "query_id",
            outcome=pl.coalesce("new_outcome", "outcome"),
            city_id=pl.coalesce("new_id", "city_id"),
            evidence=pl.coalesce("new_evidence", "evidence"),
        )
    return result


def _applicants(cities: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """The applicants as a register: each city under its register's name and under the name it typed."""
    facts = cities.select(
        "application_id", "city_id", "city_name", "country_iso3", "latitude", "longitude"
    ).join(typed, on="application_id", how="left")
    both = pl.concat([facts.with_columns(name=pl.col(column)) for column in ("city_name", "typed")])
    rows = both.select(
        pl.col("city_id").alias("register_id"), "name", "country_iso3", "population", "latitude", "longitude"
    ).drop_nulls("name")
    return rows.unique(["register_id", "name"], keep="first", maintain_order=True).sort("register_id", "name")
