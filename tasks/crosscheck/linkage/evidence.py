"""Evidence for and against one candidate, as named pieces with their points.

Belongs here: one function per piece, each worth what `programme/linking.toml` says. Must stay out: what the
sum of the points means (`decide.py`), and the evidence in words (`explain.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import is_coded
from tasks.crosscheck.gazetteer.geodesy import distance_km

DELTAS = (
    "both_delta",
    "place_delta",
    "population_delta",
    "region_delta",
    "position_delta",
    "level_delta",
    "aside_delta",
)
"""The columns with the points of each piece of evidence; the score is their sum with those of the name."""
MOST_DISSIMILAR = 0.5
"""Points lost by two names that have no letter in common."""
ALIAS_HANDICAP = 4.0
"""Points by which a place's main name counts more than its aliases: those include old and wrong names."""


def with_region(pairs: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `region_delta`: the state or province named against the row's.

    Only two divisions with known codes can differ: a province and a region may both be right.
    """
    listed = named.group_by("id").agg(named_regions=pl.col("region"))
    joined = pairs.join(listed, on="id", how="left", maintain_order="left")
    stated, own = pl.col("named_regions"), pl.col("regions")
    coded = (
        stated.list.eval(is_coded(pl.element())).list.any() & own.list.eval(is_coded(pl.element())).list.any()
    )
    shared = stated.list.set_intersection(own).list.len() > 0
    delta = (
        pl.when(shared)
        .then(rules.points.region_agrees)
        .when(coded)
        .then(rules.points.region_differs)
        .otherwise(0.0)
    )
    return joined.with_columns(region_delta=delta.fill_null(0.0).cast(pl.Float64))


def with_position(pairs: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `position_delta`: the query's position against the row's, where both are known."""
    km = distance_km(
        pl.col("query_latitude"), pl.col("query_longitude"), pl.col("latitude"), pl.col("longitude")
    )
    delta = (
        pl.when(km <= rules.limits.near_km)
        .then(rules.points.region_agrees)
        .when(km >= rules.limits.far_km)
        .then(rules.points.region_differs)
        .otherwise(0.0)
    )
    return pairs.with_columns(position_delta=delta.cast(pl.Float64))


def with_country(pairs: pl.DataFrame, foreign: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `hold_country`: the text names another country, and is not the row's own name."""
    joined = pairs.join(foreign.select("id", "named_iso3"), on="id", how="left", maintain_order="left")
    whole = pl.col("points") >= rules.points.folded - 0.5
    return joined.with_columns(hold_country=pl.col("named_iso3").is_not_null() & ~whole)


def with_aside(
    pairs: pl.DataFrame, asides: pl.DataFrame, named: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """Adds `aside_delta`: what stands beside the name is not known of the row ("Frankfurt (Oder)").

    Such a text tells places of one name apart. Where several places have the name, it may mean another of
    them.
    """
    fitting = named.filter(pl.col("place_points") >= rules.points.first - ALIAS_HANDICAP)
    several = (
        fitting.group_by("id")
        .agg(fitting=pl.col("place").n_unique())
        .filter(pl.col("fitting") > 1)
        .select("id", several=pl.lit(value=True))
    )
    joined = pairs.join(
        asides.select("id", aside=pl.lit(value=True)), on="id", how="left", maintain_order="left"
    )
    joined = joined.join(several, on="id", how="left", maintain_order="left")
    unlike = (pl.col("named_regions").list.len() > 0) & (pl.col("regions").list.len() > 0)
    said = pl.col("aside").fill_null(value=False) | unlike.fill_null(value=False)
    # The whole text is the row's own name, or what it says besides the name is true of the row.
    explained = (
        (pl.col("points") >= rules.points.folded - 0.5)
        | (pl.col("both_delta") > 0)
        | (pl.col("region_delta") > 0)
    )
    delta = (
        pl.when(said & ~explained & pl.col("several").fill_null(value=False))
        .then(rules.points.aside_unknown)
        .otherwise(0.0)
    )
    return joined.with_columns(aside_delta=delta.cast(pl.Float64))


def with_level(pairs: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `level_delta`: one of the two is a province or county by its words, the other is not.

    A province is not its capital. Where no place has the name, the query may merely leave the word out.
    """
    left_out = (
        pl.col("upper")
        & ~pl.col("upper_first")
        & ~pl.col("query_upper")
        & (pl.col("other_points").fill_null(0.0) < rules.points.part)
        & (pl.col("own_points").fill_null(0.0) < rules.points.part)
    )
    differs = (
        (pl.col("upper") != pl.col("query_upper")) & ~left_out & ~pl.col("tier").is_in(["exact", "folded"])
    )
    return pairs.with_columns(
        level_delta=pl.when(differs).then(rules.points.level_differs).otherwise(0.0).cast(pl.Float64)
    )


def with_likeness(pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds to `nearness` what chooses the most similar name among rows of one city.

    It orders candidates and never decides whether one is good enough.
    """
    unlike = cpdist(
        pairs["query_head"].to_list(),
        pairs["head"].to_list(),
        scorer=Indel.normalized_distance,
        dtype=np.float32,
    )
    less = MOST_DISSIMILAR * pl.Series(unlike, dtype=pl.Float64)
    return pairs.with_columns(nearness=pl.col("nearness") - less)
