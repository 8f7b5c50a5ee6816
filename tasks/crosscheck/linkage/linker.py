"""Linking names to a register: keys first, near names only where no key decides, then the sum of the
evidence.

Reads like the procedure; every step is a function of a neighbouring module. Must stay out: human decisions
and consortia (`step.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import region_key
from tasks.crosscheck.linkage import evidence
from tasks.crosscheck.linkage.candidates import by_key, by_likeness, places_named
from tasks.crosscheck.linkage.decide import decide
from tasks.crosscheck.linkage.fragments import by_fragment
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.names.variants import Parsed, keys, parse

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

AT_ONCE = 10_000
"""So many names are linked together: memory stays the same for any number."""
CANDIDATE = pl.Struct(
    {"register_id": pl.String(), "name": pl.String(), "points": pl.Float64(), "evidence": pl.String()}
)
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


def link(queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """Link each name to a row of the register, or say why not; never raises for a name.

    `queries`: one row per name: `query_id`, `name`, `country_iso3`, and optional `population`, `region`,
    `latitude`, `longitude`. Returns one row per query in the same order: `query_id`, `outcome` (`linked`,
    `review`, `none`), `register_id` (null unless linked), `confidence` (0-1), `evidence` (words),
    `candidates` (list, best first: `register_id`, `name`, `points`, `evidence`).
    """
    asked = _conform(queries)
    return (
        pl.concat([_link(batch, index, rules) for batch in asked.iter_slices(AT_ONCE)])
        if asked.height
        else pl.DataFrame(schema=LINK_SCHEMA)
    )


def _link(batch: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    asked = batch.with_row_index("id")
    parsed = parse(asked.select("id", "name", "country_iso3"), index.divisions, rules)
    query_keys = keys(parsed, rules)
    named = places_named(query_keys, index)
    pairs = by_key(query_keys, index, rules)
    known = [
        frame.filter(pl.col(points) >= rules.points.part - 1).select("id")
        for frame, points in ((pairs, "points"), (named, "place_points"))
    ]
    decided = pl.concat(known).unique()
    inside = by_fragment(parsed, decided, index, rules)
    near, near_places = by_likeness(parsed, decided, index, rules)
    every = pl.concat([pairs, inside, near], how="diagonal").sort(
        "points", descending=True, maintain_order=True
    )
    every = every.unique(["id", "row"], keep="first", maintain_order=True)
    judged = _judged(every, asked, parsed, pl.concat([named, near_places], how="diagonal"), index, rules)
    return decide(asked, parsed.names, judged, rules)


def _conform(queries: pl.DataFrame) -> pl.DataFrame:
    absent = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in QUERY_SCHEMA.items()
        if name not in queries.columns
    ]
    return queries.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in QUERY_SCHEMA.items()
    )


def _judged(
    pairs: pl.DataFrame,
    asked: pl.DataFrame,
    parsed: Parsed,
    named: pl.DataFrame,
    index: RegisterIndex,
    rules: LinkingRules,
) -> pl.DataFrame:
    """Each candidate with its pieces of evidence and their sum `score`."""
    rows = index.rows.select(
        pl.col("id").alias("row"), "register_id", pl.col("name").alias("row_name"), "regions", "place", "place_population", "place_km", "upper", "upper_first",
        "bones", "head", "latitude", "longitude",
        pl.col("population").alias("row_population"),
    )  # fmt: skip
    facts = asked.select("id", query_population="population").join(
        parsed.names.select(
            "id",
            query_upper="upper",
            query_head="head",
            query_worded=~pl.col("compound") & (pl.col("bare") != pl.col("head")),
        ),
        on="id",
    )
    named = named.sort("place_points", maintain_order=True).unique(
        ["id", "place"], keep="last", maintain_order=True
    )
    joined = pairs.join(rows, on="row", how="left", maintain_order="left").join(
        facts, on="id", how="left", maintain_order="left"
    )
    joined = evidence.with_place(joined, named, rules)
    joined = evidence.with_region(joined, _regions_named(asked, parsed, index, rules), rules)
    joined = evidence.with_population(joined, named, rules)
    joined = evidence.with_aside(joined, parsed.asides, named, rules)
    joined = evidence.with_country(joined, parsed.foreign, rules)
    joined = evidence.with_likeness(evidence.with_level(joined, rules))
    return joined.with_columns(
        score=pl.sum_horizontal("points", *evidence.DELTAS), said=evidence.sentence(rules)
    )


def _regions_named(
    asked: pl.DataFrame, parsed: Parsed, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """Divisions each query names, in its own column or beside the name: `id`, `region`."""
    given = asked.select("id", "country_iso3", region_key=region_key(pl.col("region"), rules)).join(
        index.divisions, on=["country_iso3", "region_key"]
    )
    return pl.concat([parsed.regions.select("id", "region"), given.select("id", "region")]).unique(
        maintain_order=True
    )
