"""The resolver: from a city as somebody named it to a city id.

Belongs here: looking a name up among the applicants of the round first, then in the registers. Must stay out:
what the result is used for (`mentions.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from programme.vocabulary import Register
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.linkage.linker import link_names


@dataclass(frozen=True)
class CityResolver:
    """What names are looked up in.

    `indexes`: title and index, in the order in which they are searched. `city_ids`: the city id that a row of
    a register stands for (`register_id`, `city_id`); a row that is not listed stands for its own id.
    """

    indexes: tuple[tuple[str, RegisterIndex], ...]
    city_ids: pl.DataFrame
    rules: LinkingRules


def make_resolver(
    cities: pl.DataFrame,
    typed: pl.DataFrame,
    cohort: pl.DataFrame,
    indexes: dict[Register, RegisterIndex],
    gazetteer: Gazetteer,
    rules: LinkingRules,
) -> CityResolver:
    """The resolver of one round.

    `cities`: table CITIES; `typed`: `application_id`, `typed` (the name as typed), `population`; `cohort`:
    the input table, with `gcom_id`.
    """
    applicants = build_index(_applicants(cities, typed), gazetteer, rules)
    noted = (
        cohort.select("gcom_id", city_id="utm_id")
        .drop_nulls()
        .select(register_id="gcom_id", city_id="city_id")
    )
    linked = pl.concat(
        [
            cities.select(register_id=column, city_id="city_id").drop_nulls()
            for column in ("gcom_id", "cohort_id")
        ]
    )
    city_ids = pl.concat([linked, noted]).unique("register_id", keep="first", maintain_order=True)
    return CityResolver((("applicants", applicants), *indexes.items()), city_ids, rules)


def resolve_cities(names: pl.DataFrame, resolver: CityResolver) -> pl.DataFrame:
    """The city id of each name.

    `names`: `query_id`, `name`, `country_iso3`. Returns, in their order: `query_id`, `outcome` (`linked`,
    `review`, `none`), `city_id` (null unless linked), `evidence`. A name is looked up in the next index only
    while the answer is `none`.
    """
    result = names.select(
        "query_id",
        outcome=pl.lit("none"),
        city_id=pl.lit(None, dtype=pl.String),
        evidence=pl.lit("no applicant and no register has this city"),
    )
    for title, index in resolver.indexes:
        unresolved = result.filter(pl.col("outcome") == "none")
        queries = names.join(unresolved, on="query_id", how="semi", maintain_order="left")
        links = link_names(queries.select("query_id", "name", "country_iso3"), index, resolver.rules).filter(
            pl.col("outcome") != "none"
        )
        links = links.join(resolver.city_ids, on="register_id", how="left", maintain_order="left")
        answers = links.select(
            "query_id",
            pl.col("outcome").alias("new_outcome"),
            new_id=pl.coalesce("city_id", "register_id"),
            new_evidence=pl.format("{}: {}", pl.lit(title), "evidence"),
        )
        result = result.join(answers, on="query_id", how="left", maintain_order="left").select(
            "query_id",
            outcome=pl.coalesce("new_outcome", "outcome"),
            city_id=pl.coalesce("new_id", "city_id"),
            evidence=pl.coalesce("new_evidence", "evidence"),
        )
    return result


def _applicants(cities: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """The applicants as a register: each city under its official name and under the name that was typed."""
    facts = cities.select(
        "application_id", "city_id", "city_name", "country_iso3", "latitude", "longitude"
    ).join(typed, on="application_id", how="left")
    both = pl.concat([facts.with_columns(name=pl.col(column)) for column in ("city_name", "typed")])
    rows = both.select(
        pl.col("city_id").alias("register_id"), "name", "country_iso3", "population", "latitude", "longitude"
    ).drop_nulls("name")
    return rows.unique(["register_id", "name"], keep="first", maintain_order=True).sort("register_id", "name")
