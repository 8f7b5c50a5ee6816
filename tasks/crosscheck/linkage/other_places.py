"""Evidence from places: the name is that of the row's place, or rather that of another place of the country.

Belongs here: places of the gazetteer for and against a row. Must stay out: their inhabitants
(`inhabitants.py`), and all other evidence (`evidence.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules


def with_place(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `place_delta`: the name is that of the row's place, or fits another place of the country better.

    `named`: the places that a query's name fits: `id`, `place`, `place_points` (how well it fits).
    """
    same = named.select("id", "place", own_points="place_points", own_whole="by_whole", own_main="main_whole")
    joined = pairs.join(same, on=["id", "place"], how="left", maintain_order="left")
    joined = joined.join(
        _best_other(pairs, named, rules), on=["id", "row"], how="left", maintain_order="left"
    )
    own, other = pl.col("own_points").fill_null(0.0), pl.col("other_points").fill_null(0.0)
    delta = (
        pl.when(
            ((other > pl.max_horizontal(own, "points") + 1) | _only_in_part(rules))
            & (pl.col("region_delta") <= 0)
        )
        .then(rules.points.other_place)
        .when(pl.col("tier").is_in(["fuzzy", "lost"]) & (other > pl.col("points") - 1))
        .then(rules.points.other_near)
        .when(own > 0)
        .then(rules.points.same_place)
        .otherwise(0.0)
    )
    return joined.with_columns(place_delta=delta.cast(pl.Float64))


def _only_in_part(rules: LinkingRules) -> pl.Expr:
    """Whether the whole text is the name of another place, and only a part of it that of the row.

    "District of Columbia" is Washington, not Columbia.
    """
    own = pl.col("own_whole").fill_null(value=False) | (pl.col("points") >= rules.points.folded - 1)
    return pl.col("other_whole").fill_null(value=False) & ~own & ~pl.col("query_upper")


def _best_other(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """How well a query's name fits the best place that is not the row's: `id`, `row`, `other_points`.

    Two kinds of places do not count. A smaller place of the row's own name, where that name is only similar
    to the query's, says no more against the row than it would if the names were equal. A village says nothing
    against an alias of a city many times its size: nobody who types the city's name means the village.
    """
    candidates = pairs.select(
        "id",
        "row",
        "tier",
        "points",
        "place_population",
        by_alias=pl.col("by_alias").fill_null(value=False),
        own=pl.col("place").fill_null(-1),
        own_similar_name="similar_name",
    )
    others = candidates.join(named, on="id", how="inner").filter(pl.col("place") != pl.col("own"))
    namesake = (
        (pl.col("similar_name") == pl.col("own_similar_name"))
        & (pl.col("place_size") <= pl.col("place_population"))
        & ~pl.col("by_alias")
    )
    others = others.filter(~namesake.fill_null(value=False))
    village = _is_village(rules)
    dwarfed = village & (pl.col("tier").is_in(["alias", "shared"]) | _one_error(rules))
    return (
        others.filter(~dwarfed.fill_null(value=False))
        .group_by("id", "row")
        .agg(
            other_points=pl.col("place_points").max(),
            other_whole=(
                (pl.col("main_whole") & ~village.fill_null(value=False))
                | (pl.col("by_whole") & (pl.col("place_size") >= pl.col("place_population")))
            ).any(),
        )
    )


def _is_village(rules: LinkingRules) -> pl.Expr:
    """Whether another place is so small that nobody who types the name of the row's place means it."""
    return pl.col("place_population") > rules.limits.village_factor * pl.col("place_size").clip(1)


def _one_error(rules: LinkingRules) -> pl.Expr:
    """Whether the row's own name differs by a single typing error, and the other place's is no nearer."""
    return (
        (pl.col("tier") == "fuzzy")
        & ~pl.col("by_alias")
        & (pl.col("points") >= rules.limits.fuzzy_sure_points)
        & (pl.col("place_points") <= pl.col("points"))
    )


def with_near_names(pairs: pl.DataFrame, near: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `hold_near`: the row is found by an alias alone, which may be another place's name misspelled.

    `near`: places whose main name differs from a query's by a typing error: `id`, `other`, `other_size`. A
    village does not count, nor does any where the text is the main name of the row's own place, is as near
    the row's own name, is in another script, or where the inhabitants speak for the row.
    """
    known = pairs.filter(
        pl.col("tier") == "alias",
        pl.col("population_delta") <= 0,
        ~pl.col("own_main").fill_null(value=False),
    )
    errors = cpdist(
        known["query_head"].to_list(), known["head"].to_list(), scorer=OSA.distance, dtype=np.uint8
    )
    known = known.filter(
        pl.Series(errors > 1, dtype=pl.Boolean) & pl.col("query_head").str.contains("^[ -~]+$")
    )
    others = known.select("id", "row", "place", "place_population").join(near, on="id")
    large = pl.col("other_size") * rules.limits.village_factor >= pl.col("place_population").fill_null(0)
    held = others.filter(large & (pl.col("other") != pl.col("place")).fill_null(value=True))
    marked = held.select("id", "row", hold_near=pl.lit(value=True)).unique()
    return pairs.join(marked, on=["id", "row"], how="left", maintain_order="left").with_columns(
        pl.col("hold_near").fill_null(value=False)
    )
