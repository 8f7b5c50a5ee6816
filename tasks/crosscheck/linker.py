"""Linking names to a register: keys first, near names only where no key decides, then the sum of the evidence.

Reads like the procedure; every step is a function of a neighbouring module. Must stay out: human decisions and consortia (`step.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck import evidence, fuzzy
from tasks.crosscheck.decide import decide
from tasks.crosscheck.index import RegisterIndex, build_index
from tasks.crosscheck.variants import keys, parse

__all__ = ["LINK_SCHEMA", "QUERY_SCHEMA", "RegisterIndex", "build_index", "link"]

QUERY_SCHEMA = pl.Schema(
    {
        "query_id": pl.String(),
        "name": pl.String(),
        "country_iso3": pl.String(),
        "population": pl.Int64(),
        "region": pl.String(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
    }
)

CANDIDATE = pl.Struct({"register_id": pl.String(), "name": pl.String(), "points": pl.Float64(), "evidence": pl.String()})
LINK_SCHEMA = pl.Schema(
    {
        "query_id": pl.String(),
        "outcome": pl.String(),
        "register_id": pl.String(),
        "confidence": pl.Float64(),
        "evidence": pl.String(),
        "candidates": pl.List(CANDIDATE),
    }
)
PAIR_COLUMNS = ("id", "row", "points", "tier")


def link(queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """Link each name to a row of the register, or say why not; never raises for a name.

    `queries`: one row per name: `query_id`, `name`, `country_iso3`, and optional `population`, `region`, `latitude`, `longitude`. Returns one row per query in the same order:
    `query_id`, `outcome` (`linked`, `review`, `none`), `register_id` (null unless linked), `confidence` (0-1), `evidence` (words),
    `candidates` (list, best first: `register_id`, `name`, `points`, `evidence`).
    """
    asked = _conform(queries).with_row_index("id")
    parsed = parse(asked.select("id", "name", "country_iso3"), rules)
    query_keys = keys(parsed, rules)
    named = evidence.places_of(query_keys, index)
    pairs = _by_key(query_keys, index)
    pairs = pl.concat([pairs, _by_likeness(query_keys, pairs, index, rules)])
    return decide(asked, parsed, _judged(pairs, asked, parsed, named, index, rules), rules)


def _conform(queries: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in QUERY_SCHEMA.items() if name not in queries.columns]
    return queries.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in QUERY_SCHEMA.items())


def _by_key(query_keys: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """Candidates that share a key with the query, each at its best; a match is worth what the weaker side is."""
    known = index.keys.rename({"id": "row", "points": "row_points", "tier": "row_tier"})
    joined = query_keys.join(known, on=["country_iso3", "key"], how="inner")
    weaker = pl.col("row_points") < pl.col("points")
    pairs = joined.select("id", "row", points=pl.min_horizontal("points", "row_points"), tier=pl.when(weaker).then("row_tier").otherwise("tier"))
    return pairs.sort(["id", "row", "points", "tier"], descending=[False, False, True, False]).unique(
        ["id", "row"], keep="first", maintain_order=True
    )


def _by_likeness(query_keys: pl.DataFrame, pairs: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """Candidates with a similar name, for the queries no key decided."""
    undecided = query_keys.join(pairs.filter(pl.col("points") >= rules.points.part), on="id", how="anti")
    texts = undecided.filter(pl.col("tier") == "stripped", pl.col("key").str.len_chars() >= rules.limits.fuzzy_min_length)
    texts = texts.unique("id", keep="last", maintain_order=True).sort("id")
    distinct = index.names.select("country_iso3", "key").unique(maintain_order=True)
    near = fuzzy.nearest(texts, distinct, rules.limits.fuzzy_similarity)
    rows = near.join(texts.select("id", "country_iso3"), on="id").join(
        index.names.select("country_iso3", "key", row="id"), on=["country_iso3", "key"]
    )
    points = rules.points.fuzzy - rules.points.fuzzy_penalty * (1 - pl.col("similarity"))
    best = rows.select("id", "row", points=points, tier=pl.lit("fuzzy"))
    return best.sort(["id", "row", "points"], descending=[False, False, True]).unique(["id", "row"], keep="first", maintain_order=True)


def _judged(
    pairs: pl.DataFrame, asked: pl.DataFrame, parsed: pl.DataFrame, named: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """Each candidate with its pieces of evidence and their sum `score`."""
    rows = index.rows.select(
        pl.col("id").alias("row"), "register_id", pl.col("name").alias("row_name"), "country_iso3", "region_key", "place", "place_population", "city",
        pl.col("population").alias("row_population"),
    )  # fmt: skip
    joined = pairs.join(rows, on="row", how="left", maintain_order="left")
    joined = joined.join(asked.select("id", pl.col("population").alias("query_population")), on="id", how="left", maintain_order="left")
    regions = evidence.regions_named(parsed, asked, index)
    joined = evidence.with_place(joined, named, rules)
    joined = evidence.with_population(joined, rules)
    joined = evidence.with_region(joined, regions, rules)
    joined = evidence.with_country(joined, evidence.foreign_countries(parsed, regions), rules)
    score = pl.sum_horizontal("points", "place_delta", "population_delta", "region_delta", "country_delta")
    return joined.with_columns(score=score, said=evidence.sentence(rules))
